//! `posthouse relay`: SMTP providers that take our mail.

use std::io::{self, IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use posthouse::model::address::Mailbox;
use posthouse::model::relay::{
    Relay as Row, RelayLimits, RelaySecurity, RelaySender, RelayStanding,
};
use posthouse::ops::relays::{NewRelay, RelayChange, RelayUse};
use serde_json::json;

use super::conversation::test;
use super::desk::Desk;
use super::shape;
use super::table::{Table, or_dash};
use super::words::{nothing_to_change, one_of};
use crate::refusal::{Exit, Refusal};

/// The variable that holds a relay's password.
const PASSWORD_VARIABLE: &str = "POSTHOUSE_RELAY_PASSWORD";

/// Relays: SMTP providers that live mail leaves by
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  posthouse relay add provider --host smtp.example.com --port 587 --user me --password-file secret.txt
  posthouse relay add sink --host 127.0.0.1 --port 1025 --security plain
  posthouse relay test provider            connect and log in, send nothing, print the conversation
  posthouse relay set provider --hourly 500 --daily off
  posthouse relay order provider spare     the second takes what the first has no room for

A relay is named by its name or its id.")]
pub struct Relay {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the relays in the order in which they are tried, with what they took
    List,
    /// Add a relay; the first becomes the default
    Add(Add),
    /// Change a relay's limits and default sender
    Set(Set),
    /// Have relays tried in this order; those that are not named come after
    Order {
        /// Their names or ids
        #[arg(required = true)]
        relays: Vec<String>,
    },
    /// Make a relay the default: it is tried before all others
    Default {
        /// Its name or id
        relay: String,
    },
    /// Remove a relay; mail that waits for it goes another way
    Remove {
        /// Its name or id
        relay: String,
    },
    /// Connect to a relay, secure the connection and log in; print the conversation
    Test {
        /// Its name or id
        relay: String,
    },
}

/// A password is never an argument: others on the machine could read it there.
#[derive(Debug, Args)]
struct Add {
    /// A name for it
    name: String,
    /// Its host name or address
    #[arg(long)]
    host: String,
    /// Its port
    #[arg(long)]
    port: u16,
    /// How it is spoken to; plain is for this machine and tests
    #[arg(long, default_value = "starttls", value_parser = one_of(RelaySecurity::ALL, RelaySecurity::as_str))]
    security: RelaySecurity,
    /// The login's user; its password comes from --password-file, from the variable
    /// POSTHOUSE_RELAY_PASSWORD, or from standard input
    #[arg(long)]
    user: Option<String>,
    /// A file with the password on its first line; - is standard input
    #[arg(long, value_name = "FILE", requires = "user")]
    password_file: Option<PathBuf>,
    /// How many recipients it takes in an hour of the clock in UTC [default: no limit]
    #[arg(long, value_name = "N")]
    hourly: Option<u32>,
    /// How many recipients it takes in a day in UTC [default: no limit]
    #[arg(long, value_name = "N")]
    daily: Option<u32>,
    /// The sender of mail that names none, such as "Shop <hello@shop.example>"
    #[arg(long, value_parser = sender)]
    sender: Option<RelaySender>,
}

#[derive(Debug, Args)]
struct Set {
    /// Its name or id
    relay: String,
    /// How many recipients it takes in an hour of the clock in UTC
    #[arg(long, value_name = "N|off", value_parser = most)]
    hourly: Option<Most>,
    /// How many recipients it takes in a day in UTC
    #[arg(long, value_name = "N|off", value_parser = most)]
    daily: Option<Most>,
    /// The sender of mail that names none, or none
    #[arg(long, value_name = "SENDER|none", value_parser = sender_or_none)]
    sender: Option<SenderOrNone>,
}

/// A limit, or none.
#[derive(Clone, Copy, Debug)]
struct Most(Option<u32>);

/// A sender, or none.
#[derive(Clone, Debug)]
struct SenderOrNone(Option<RelaySender>);

fn most(text: &str) -> Result<Most, String> {
    if text == "off" {
        return Ok(Most(None));
    }
    let limit = text.parse().ok().filter(|limit| *limit > 0);
    limit.map_or_else(
        || Err(String::from("expected a number from 1 on, or off")),
        |limit| Ok(Most(Some(limit))),
    )
}

fn sender(text: &str) -> Result<RelaySender, String> {
    match Mailbox::parse(text) {
        Ok(mailbox) => Ok(RelaySender {
            email: mailbox.address.as_str().to_owned(),
            name: mailbox.name,
        }),
        Err(error) => Err(format!("it {error}; expected \"Name <name@host>\"")),
    }
}

fn sender_or_none(text: &str) -> Result<SenderOrNone, String> {
    if text == "none" {
        return Ok(SenderOrNone(None));
    }
    sender(text).map(|sender| SenderOrNone(Some(sender)))
}

impl Relay {
    /// Runs it.
    ///
    /// # Errors
    /// As the engine says; `Exit::Refused` when a relay that was tested does not work.
    pub async fn run(self, desk: &Desk) -> Result<(), Refusal> {
        match self.command {
            Command::List => list(desk).await,
            Command::Add(add) => add.run(desk).await,
            Command::Set(set) => set.run(desk).await,
            Command::Order { relays } => order(desk, &relays).await,
            Command::Default { relay } => default(desk, &relay).await,
            Command::Remove { relay } => remove(desk, &relay).await,
            Command::Test { relay } => test(desk, &relay).await,
        }
    }
}

async fn list(desk: &Desk) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let relays = desk.engine.relays(&caller).await?;
    let shapes: Vec<_> = relays.iter().map(shape::RelayUse::of).collect();
    let mut table = Table::new([
        "ORDER",
        "ID",
        "NAME",
        "HOST",
        "SECURITY",
        "USER",
        "THIS HOUR",
        "TODAY",
        "SENDER",
    ]);
    for (place, used) in (1..).zip(&relays) {
        let RelayUse {
            relay,
            this_hour,
            today,
        } = used;
        table.row([
            match relay.standing {
                RelayStanding::Default => format!("{place} (default)"),
                RelayStanding::Spare => format!("{place}"),
            },
            relay.id.to_string(),
            relay.name.clone(),
            place_of(relay),
            relay.security.to_string(),
            or_dash(relay.user.as_deref()),
            taken(*this_hour, relay.limits.hourly),
            taken(*today, relay.limits.daily),
            or_dash(relay.sender.as_ref().map(shown).as_deref()),
        ]);
    }
    let none =
        "There are no relays. Add one: posthouse relay add NAME --host HOST --port 587 --user USER";
    Ok(desk.out.answer(&shapes, |to| table.write(to, none))?)
}

/// What was taken is counted where there is a limit.
fn taken(count: u32, limit: Option<u32>) -> String {
    limit.map_or_else(
        || String::from("no limit"),
        |limit| format!("{count} of {limit}"),
    )
}

fn shown(sender: &RelaySender) -> String {
    match &sender.name {
        Some(name) => format!("{name} <{}>", sender.email),
        None => sender.email.clone(),
    }
}

fn place_of(relay: &Row) -> String {
    if relay.host.contains(':') {
        return format!("[{}]:{}", relay.host, relay.port);
    }
    format!("{}:{}", relay.host, relay.port)
}

impl Add {
    async fn run(self, desk: &Desk) -> Result<(), Refusal> {
        let caller = desk.caller().await?;
        let login = match self.user {
            None => None,
            Some(user) => Some((user, password(self.password_file.as_deref())?)),
        };
        let new = NewRelay {
            name: self.name,
            host: self.host,
            port: self.port,
            security: self.security,
            login,
            limits: RelayLimits {
                hourly: self.hourly,
                daily: self.daily,
            },
            sender: self.sender,
        };
        let relay = desk.engine.create_relay(&caller, new).await?;
        tell(desk, &relay, "Added")
    }
}

impl Set {
    async fn run(self, desk: &Desk) -> Result<(), Refusal> {
        let change = RelayChange {
            hourly: self.hourly.map(|most| most.0),
            daily: self.daily.map(|most| most.0),
            sender: self.sender.map(|sender| sender.0),
        };
        if change.hourly.is_none() && change.daily.is_none() && change.sender.is_none() {
            return Err(nothing_to_change("relay set"));
        }
        let caller = desk.caller().await?;
        let id = desk.relay(&caller, &self.relay).await?;
        let relay = desk.engine.set_relay(&caller, id, change).await?;
        tell(desk, &relay, "Changed")
    }
}

async fn order(desk: &Desk, named: &[String]) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let mut order = Vec::new();
    for name in named {
        order.push(desk.relay(&caller, name).await?);
    }
    desk.engine.order_relays(&caller, order).await?;
    list(desk).await
}

fn tell(desk: &Desk, relay: &Row, did: &str) -> Result<(), Refusal> {
    Ok(desk.out.answer(&shape::Relay::of(relay), |to| {
        writeln!(
            to,
            "{did} relay {} ({}, {}).",
            relay.id,
            relay.name,
            place_of(relay)
        )?;
        let limits = [(relay.limits.hourly, "an hour"), (relay.limits.daily, "a day")];
        for (limit, span) in limits {
            if let Some(limit) = limit {
                writeln!(to, "It takes {limit} recipients {span}.")?;
            }
        }
        if let Some(sender) = &relay.sender {
            writeln!(to, "Mail that names no sender is from {}.", shown(sender))?;
        }
        match relay.standing {
            RelayStanding::Default => writeln!(
                to,
                "Mail of live keys leaves by it. Try it: posthouse relay test {}",
                relay.id
            ),
            RelayStanding::Spare => writeln!(
                to,
                "It takes what the relays before it have no room for; another order: posthouse relay order {} …",
                relay.id
            ),
        }
    })?)
}

/// The password, from the first of: the file, the variable, standard input.
fn password(file: Option<&Path>) -> Result<String, Refusal> {
    let unreadable = |place: &str, error: &io::Error| {
        Refusal::new(
            Exit::Usage,
            format!("the password cannot be read from {place}: {error}"),
        )
    };
    let text = match (file, std::env::var(PASSWORD_VARIABLE)) {
        (Some(path), _) if path != Path::new("-") => std::fs::read_to_string(path)
            .map_err(|error| unreadable(&path.display().to_string(), &error))?,
        (None, Ok(password)) => password,
        (None, Err(_)) if io::stdin().is_terminal() => {
            return Err(Refusal::new(
                Exit::Usage,
                "the relay has a user, and no password was given",
            )
            .hint(format!(
                "Use --password-file FILE, the variable {PASSWORD_VARIABLE}, or standard input."
            )));
        }
        (Some(_) | None, _) => {
            let mut text = String::new();
            io::stdin()
                .read_to_string(&mut text)
                .map_err(|error| unreadable("standard input", &error))?;
            text
        }
    };
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

async fn default(desk: &Desk, named: &str) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let id = desk.relay(&caller, named).await?;
    let relay = desk.engine.set_default_relay(&caller, id).await?;
    tell(desk, &relay, "Chose")
}

async fn remove(desk: &Desk, named: &str) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let id = desk.relay(&caller, named).await?;
    desk.engine.remove_relay(&caller, id).await?;
    let shape = json!({"id": id.0, "removed": true});
    Ok(desk
        .out
        .answer(&shape, |to| writeln!(to, "Relay {named} is removed."))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_and_senders_are_numbers_and_mailboxes() {
        assert_eq!(most("500").unwrap().0, Some(500));
        assert_eq!(most("off").unwrap().0, None);
        assert!(most("0").is_err() && most("-1").is_err() && most("many").is_err());
        let shop = RelaySender {
            email: String::from("a@shop.test"),
            name: Some(String::from("The Shop")),
        };
        assert_eq!(sender("The Shop <a@Shop.test>"), Ok(shop.clone()));
        assert_eq!(shown(&shop), "The Shop <a@shop.test>");
        assert_eq!(sender("a@shop.test").unwrap().name, None);
        assert!(sender("none").is_err() && sender_or_none("none").unwrap().0.is_none());
    }
}
