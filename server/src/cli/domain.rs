//! `posthouse domain`: names that mail is sent from, and what DNS has to say for them.

use clap::{Args, Subcommand};
use posthouse::model::domain::{DmarcRule, Domain as Row, Receives, Switch, TlsPolicy};
use posthouse::ops::domains::DomainChange;

use serde_json::json;

use super::ask::confirm;
use super::desk::Desk;
use super::out::Progress;
use super::shape;
use super::table::{Table, fields, moment, or_dash};
use super::verify::{shaped, verify};
use super::words::{nothing_to_change, one_of};
use super::zone::zone_file;
use crate::refusal::Refusal;

/// Domains: names that mail is sent from, with their keys and DNS records
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  posthouse domain create acme.test --mail-from bounces
  posthouse domain records acme.test    lines to paste into the zone
  posthouse domain verify acme.test     ask DNS for each of them, now
  posthouse domain set acme.test --tracking on --unsubscribe on")]
pub struct Domain {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the domains
    List,
    /// Make a domain, with DKIM keys of its own
    #[command(visible_alias = "add")]
    Create {
        /// The host name
        host: String,
        /// A name for people
        #[arg(long)]
        name: Option<String>,
        /// A return path of its own, at this label below the host, such as bounces
        #[arg(long, value_name = "LABEL")]
        mail_from: Option<String>,
    },
    /// Show a domain
    Show {
        /// Its host or id
        domain: String,
    },
    /// Print the records to publish as lines of a zone file, and what the last look found
    Records {
        /// Its host or id
        domain: String,
    },
    /// Ask DNS for each record, now; exits with 0 when mail may be sent, 1 when a record
    /// that is needed to send is absent or another, 3 when DNS could not tell
    Verify {
        /// Its host or id
        domain: String,
    },
    /// Change a domain
    Set(Box<Set>),
    /// Remove a domain and revoke its keys; its mail keeps its history
    Remove {
        /// Its host or id
        domain: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Debug, Args)]
struct Set {
    /// Its host or id
    domain: String,
    /// Whether its mail may leave without TLS to the recipients' own servers
    #[arg(long, value_parser = one_of(TlsPolicy::ALL, TlsPolicy::as_str))]
    tls: Option<TlsPolicy>,
    /// Whether opens and clicks of its mail are told: html gets an image, and its links
    /// lead through this server (server.public_url)
    #[arg(long, value_parser = one_of(Switch::ALL, Switch::as_str))]
    tracking: Option<Switch>,
    /// Whether its mail offers to unsubscribe by one click, where the sender offers no way
    #[arg(long, value_parser = one_of(Switch::ALL, Switch::as_str))]
    unsubscribe: Option<Switch>,
    /// Which addresses it takes mail for: any (a mailbox is made when mail comes), known
    /// (those that somebody asked for, and the catch-all) or nothing
    #[arg(long, value_parser = one_of(Receives::ALL, Receives::as_str))]
    receives: Option<Receives>,
    /// What it makes of mail that fails DMARC: enforce (what the sender's domain asks for),
    /// flag (it is kept, and says so) or ignore
    #[arg(long, value_parser = one_of(DmarcRule::ALL, DmarcRule::as_str))]
    dmarc: Option<DmarcRule>,
    /// The address at it that gets the mail of addresses that nobody made
    #[arg(long, value_name = "ADDRESS|none")]
    catch_all: Option<String>,
}

impl Domain {
    /// Runs it.
    ///
    /// # Errors
    /// As the engine says.
    pub async fn run(self, desk: &Desk) -> Result<(), Refusal> {
        match self.command {
            Command::List => list(desk).await,
            Command::Create {
                host,
                name,
                mail_from,
            } => create(desk, &host, name.as_deref(), mail_from.as_deref()).await,
            Command::Show { domain } => show(desk, &domain).await,
            Command::Records { domain } => records(desk, &domain).await,
            Command::Verify { domain } => verify(desk, &domain).await,
            Command::Set(set) => set.run(desk).await,
            Command::Remove { domain, yes } => {
                let asked = if yes { Asked::Before } else { Asked::NotYet };
                remove(desk, &domain, asked).await
            }
        }
    }
}

async fn list(desk: &Desk) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let domains = desk.domains(&caller).await?;
    let shapes: Vec<_> = domains.iter().map(shape::Domain::of).collect();
    let mut table = Table::new(["ID", "HOST", "STATE", "TLS", "NAME", "MADE"]);
    for domain in &domains {
        table.row([
            domain.id.to_string(),
            domain.host.clone(),
            verified(domain).to_owned(),
            domain.tls.to_string(),
            or_dash(domain.name.as_deref()),
            moment(domain.created_at),
        ]);
    }
    let none = "There are no domains. Make one: posthouse domain create HOST";
    Ok(desk.out.answer(&shapes, |to| table.write(to, none))?)
}

/// Whether its mail may leave.
const fn verified(domain: &Row) -> &'static str {
    if domain.is_verified() {
        "verified"
    } else {
        "not verified"
    }
}

async fn create(
    desk: &Desk,
    host: &str,
    name: Option<&str>,
    mail_from: Option<&str>,
) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let progress = Progress::start("Making the domain's keys …");
    let made = desk
        .engine
        .create_sending_domain(&caller, host, name, mail_from)
        .await;
    drop(progress);
    let domain = made?.domain;
    let shape = shape::Domain::of(&domain);
    Ok(desk.out.answer(&shape, |to| {
        writeln!(
            to,
            "Made domain {0} with id {1}.\n\n  posthouse domain records {0}        what to publish in DNS\n  \
             posthouse domain verify {0}         look whether it is there\n  \
             posthouse key create --domain {0}   a token to send with",
            domain.host, domain.id
        )
    })?)
}

async fn show(desk: &Desk, named: &str) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let domain = desk.domain(&caller, named).await?;
    tell(desk, &domain)
}

impl Set {
    async fn run(self, desk: &Desk) -> Result<(), Refusal> {
        let change = DomainChange {
            tls: self.tls,
            tracking: self.tracking,
            unsubscribe: self.unsubscribe,
            receives: self.receives,
            dmarc: self.dmarc,
            catch_all: self
                .catch_all
                .map(|address| (address != "none").then_some(address)),
            ..DomainChange::default()
        };
        if change == DomainChange::default() {
            return Err(nothing_to_change("domain set"));
        }
        let caller = desk.caller().await?;
        let domain = desk.domain(&caller, &self.domain).await?;
        let domain = desk.engine.set_domain(&caller, domain.id, change).await?;
        tell(desk, &domain)
    }
}

fn tell(desk: &Desk, domain: &Row) -> Result<(), Refusal> {
    let begin = desk.engine.public_url().as_str();
    let look = |found| if found { "found" } else { "not found" };
    let mail_from = domain.mail_from.as_ref().map_or_else(
        || String::from("-"),
        |host| format!("{host}, {}", look(domain.mail_from_verified)),
    );
    Ok(desk.out.answer(&shape::Domain::of(domain), |to| {
        fields(
            to,
            &[
                ("Domain", domain.host.clone()),
                ("Id", domain.id.to_string()),
                ("Name", or_dash(domain.name.as_deref())),
                ("State", verified(domain).to_owned()),
                ("DKIM", look(domain.dkim_verified).to_owned()),
                ("Selector", domain.selector.clone()),
                (
                    "Return path and DMARC",
                    look(domain.advanced_verified).to_owned(),
                ),
                ("Own return path", mail_from),
                ("TLS when sending directly", domain.tls.to_string()),
                ("Opens and clicks", domain.tracking.to_string()),
                ("One-click unsubscribe", domain.unsubscribe.to_string()),
                ("Links begin with", begin.to_owned()),
                ("Takes mail for", domain.receives.to_string()),
                ("Mail that fails DMARC", domain.dmarc.to_string()),
                (
                    "Catch-all mailbox",
                    domain
                        .catch_all
                        .map_or_else(|| String::from("none"), |id| id.to_string()),
                ),
                ("Made", moment(domain.created_at)),
                ("Changed", moment(domain.modified_at)),
            ],
        )
    })?)
}

async fn records(desk: &Desk, named: &str) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let domain = desk.domain(&caller, named).await?;
    let found = desk.engine.domain_records(&caller, domain.id).await?;
    let places = &desk.engine.settings().places;
    let shape = shape::Published {
        found: shaped(&found),
        services: shape::Srv::all(&places.records(&found.domain.host)),
    };
    Ok(desk.out.answer(&shape, |to| {
        to.write_all(zone_file(&found, desk.engine.settings()).as_bytes())
    })?)
}

/// Whether a person said yes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Before,
    NotYet,
}

async fn remove(desk: &Desk, named: &str, asked: Asked) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let domain = desk.domain(&caller, named).await?;
    let keys = desk
        .engine
        .keys(&caller, Some(domain.id), None)
        .await?
        .len();
    if asked == Asked::NotYet {
        confirm(&format!(
            "Remove {} and revoke its keys ({keys})?",
            domain.host
        ))?;
    }
    desk.engine.remove_domain(&caller, domain.uuid).await?;
    let shape =
        json!({"id": domain.id.0, "host": domain.host, "removed": true, "keys_revoked": keys});
    Ok(desk.out.answer(&shape, |to| {
        writeln!(
            to,
            "{} is removed, and {keys} of its keys revoked.",
            domain.host
        )
    })?)
}
