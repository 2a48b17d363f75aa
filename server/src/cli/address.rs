//! `posthouse address`: addresses that keep mail here.

use clap::{ArgGroup, Args, Subcommand};
use posthouse::error::{Conflict, Denied, Error, Field};
use posthouse::model::domain::Switch;
use posthouse::ops::mail::addresses::AddressView;
use posthouse::ops::mail::reserving::{AddressChange, Letting};
use serde_json::json;

use super::desk::Desk;
use super::shape;
use super::table::{Table, moment, or_dash, start_of};
use super::words::one_of;
use crate::refusal::{Exit, Refusal};

/// Addresses: those that keep mail for the organization, and where it goes besides
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  posthouse address list
  posthouse address reserve support@acme.test signup@acme.test
  posthouse address set support@acme.test --forward kim@acme.test
  posthouse message list --address support@acme.test
  posthouse address release signup@acme.test --remove-mail

Mail for any address of a domain that receives is kept, asked for or not; an address is asked
for to give it routing of its own, or to have it at a public host.")]
pub struct Address {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the addresses that were asked for
    List,
    /// Show one address: whose it is, and where its mail goes
    Show {
        /// The address
        address: String,
    },
    /// Ask for addresses: all of them, or none when one is another's
    Reserve {
        /// The addresses
        #[arg(required = true)]
        addresses: Vec<String>,
    },
    /// Change what an address does with its mail
    Set(Set),
    /// Let an address go, with its routing
    Release {
        /// The address
        address: String,
        /// Remove its mail, starred or not; it is kept otherwise
        #[arg(long)]
        remove_mail: bool,
    },
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("what").required(true).multiple(true))]
struct Set {
    /// The address
    address: String,
    /// What it is for, in words
    #[arg(long, group = "what")]
    info: Option<String>,
    /// The address here that its mail goes to as well
    #[arg(long, value_name = "ADDRESS", group = "what")]
    forward: Option<String>,
    /// Its mail goes nowhere else
    #[arg(long, group = "what", conflicts_with = "forward")]
    no_forward: bool,
    /// Whether web sockets are told of its mail
    #[arg(long, group = "what", value_parser = one_of(Switch::ALL, Switch::as_str))]
    socket: Option<Switch>,
}

impl Address {
    /// Runs it.
    ///
    /// # Errors
    /// As the engine says.
    pub async fn run(self, desk: &Desk) -> Result<(), Refusal> {
        let caller = desk.caller().await?;
        let engine = &desk.engine;
        match self.command {
            Command::List => {
                let none = "No address was asked for. posthouse address reserve ADDRESS does.";
                list(desk, &engine.addresses(&caller).await?, none)
            }
            Command::Show { address } => {
                let shown = engine.address(&caller, &address).await;
                show(desk, &shown.map_err(refused)?)
            }
            Command::Reserve { addresses } => {
                let reserved = engine.reserve_addresses(&caller, &addresses).await;
                list(desk, &reserved.map_err(refused)?, "")
            }
            Command::Set(set) => {
                let (address, change) = set.change();
                let changed = engine.route_address(&caller, &address, change).await;
                show(desk, &changed.map_err(refused)?)
            }
            Command::Release {
                address,
                remove_mail,
            } => {
                let (mail, words) = match remove_mail {
                    true => (Letting::Remove, "its mail is removed"),
                    false => (Letting::Keep, "its mail is kept"),
                };
                let gone = engine.release_address(&caller, &address, mail).await;
                let gone = gone.map_err(refused)?;
                let shape = json!({"address": gone, "mail_removed": remove_mail});
                Ok(desk
                    .out
                    .answer(&shape, |to| writeln!(to, "{gone} is let go; {words}."))?)
            }
        }
    }
}

/// What to do about it, where that is known.
fn refused(error: Error) -> Refusal {
    let hint = match &error {
        Error::Denied(Denied::Owner) => {
            return Refusal::new(Exit::Refused, "the address is another organization's");
        }
        Error::Conflict(Conflict::State) => {
            let words = "the address was not asked for, or it is a person's mailbox";
            return Refusal::new(Exit::Refused, words)
                .hint("`posthouse address list` tells those that can be let go.");
        }
        Error::Invalid(problems) if problems.iter().any(|one| one.field == Field::Host) => {
            "An address can be had at a domain of yours, see `posthouse domain list`, or at one \
             of [receiving] public_hosts."
        }
        _ => return error.into(),
    };
    Refusal::from(error).hint(hint)
}

impl Set {
    fn change(self) -> (String, AddressChange) {
        let change = AddressChange {
            info: self.info,
            forward: match self.no_forward {
                true => Some(None),
                false => self.forward.map(Some),
            },
            socket: self.socket,
            hooks: Vec::new(),
        };
        (self.address, change)
    }
}

fn list(desk: &Desk, all: &[AddressView], none: &str) -> Result<(), Refusal> {
    let shapes: Vec<_> = all.iter().map(shape::Address::of).collect();
    let mut table = Table::new(["ADDRESS", "FORWARD", "WEBHOOKS", "SINCE", "INFO"]);
    for one in all {
        let forms: Vec<_> = one.hooks.iter().map(|hook| hook.form.as_str()).collect();
        let forms = (!forms.is_empty()).then(|| forms.join(", "));
        table.row([
            one.address.clone(),
            or_dash(one.forward.as_deref()),
            or_dash(forms.as_deref()),
            one.times
                .map_or_else(|| String::from("-"), |(since, _)| moment(since)),
            start_of(&one.info),
        ]);
    }
    Ok(desk.out.answer(&shapes, |to| table.write(to, none))?)
}

fn show(desk: &Desk, one: &AddressView) -> Result<(), Refusal> {
    let shape = shape::Address::of(one);
    Ok(desk.out.answer(&shape, |to| {
        let state = match (&one.owner, one.implicit) {
            (None, _) => String::from("nobody's; its mail is for anybody to read"),
            (Some(owner), true) => format!("{owner}'s, as all of its domain"),
            (Some(owner), false) => format!("{owner}'s, asked for"),
        };
        writeln!(to, "{}: {state}", one.address)?;
        if !one.info.is_empty() {
            writeln!(to, "  info      {}", one.info)?;
        }
        writeln!(to, "  forward   {}", or_dash(one.forward.as_deref()))?;
        writeln!(to, "  sockets   {}", one.socket)?;
        for hook in &one.hooks {
            writeln!(to, "  webhook   {} ({})", hook.url, hook.form)?;
        }
        writeln!(to, "  alias     {}", one.alias)
    })?)
}
