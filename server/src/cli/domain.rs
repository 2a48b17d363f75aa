//! `posthouse domain`: names that mail is sent from, and what DNS has to say for them.

use std::io::{self, Write};

use clap::{Args, Subcommand};
use posthouse::model::domain::{Domain as Row, Need, Record, RecordKind, TlsPolicy, Verdict};
use posthouse::ops::domains::DomainChange;
use posthouse::ops::records::Verification;

use super::desk::Desk;
use super::out::Progress;
use super::shape;
use super::table::{Table, fields, moment, or_dash};
use super::words::one_of;
use super::zone::line;
use crate::refusal::{Exit, Refusal};

/// Domains: names that mail is sent from, with their keys and DNS records
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  posthouse domain create acme.test
  posthouse domain records acme.test    lines to paste into the zone
  posthouse domain verify acme.test     ask DNS for each of them, now")]
pub struct Domain {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the domains
    List,
    /// Make a domain, with DKIM keys of its own
    Create {
        /// The host name
        host: String,
        /// A name for people
        #[arg(long)]
        name: Option<String>,
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
    /// Ask DNS for each record, now; exits with 0 when mail may be sent, 1 when the DKIM
    /// record is absent or another, 3 when DNS could not tell
    Verify {
        /// Its host or id
        domain: String,
    },
    /// Change a domain
    Set {
        /// Its host or id
        domain: String,
        /// Whether its mail may leave without TLS to the recipients' own servers
        #[arg(long, value_parser = one_of(TlsPolicy::ALL, TlsPolicy::as_str))]
        tls: TlsPolicy,
    },
}

impl Domain {
    /// Runs it.
    ///
    /// # Errors
    /// As the engine says.
    pub async fn run(self, desk: &Desk) -> Result<(), Refusal> {
        match self.command {
            Command::List => list(desk).await,
            Command::Create { host, name } => create(desk, &host, name.as_deref()).await,
            Command::Show { domain } => show(desk, &domain).await,
            Command::Records { domain } => records(desk, &domain).await,
            Command::Verify { domain } => verify(desk, &domain).await,
            Command::Set { domain, tls } => set(desk, &domain, tls).await,
        }
    }
}

async fn list(desk: &Desk) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let domains = desk.domains(&caller).await?;
    let shapes: Vec<_> = domains.iter().map(shape::Domain::of).collect();
    let mut table = Table::new(["ID", "HOST", "DKIM", "TLS", "NAME", "MADE"]);
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

const fn verified(domain: &Row) -> &'static str {
    if domain.dkim_verified {
        "verified"
    } else {
        "not verified"
    }
}

async fn create(desk: &Desk, host: &str, name: Option<&str>) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let progress = Progress::start("Making the domain's keys …");
    let made = desk.engine.create_domain(&caller, host, name).await;
    drop(progress);
    let domain = made?;
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

async fn set(desk: &Desk, named: &str, tls: TlsPolicy) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let domain = desk.domain(&caller, named).await?;
    let change = DomainChange {
        tls: Some(tls),
        ..DomainChange::default()
    };
    let domain = desk.engine.set_domain(&caller, domain.id, change).await?;
    tell(desk, &domain)
}

fn tell(desk: &Desk, domain: &Row) -> Result<(), Refusal> {
    let advanced = if domain.advanced_verified {
        "found"
    } else {
        "not found"
    };
    Ok(desk.out.answer(&shape::Domain::of(domain), |to| {
        fields(
            to,
            &[
                ("Domain", domain.host.clone()),
                ("Id", domain.id.to_string()),
                ("Name", or_dash(domain.name.as_deref())),
                ("DKIM", verified(domain).to_owned()),
                ("Selector", domain.selector.clone()),
                ("Return path and DMARC", advanced.to_owned()),
                ("TLS when sending directly", domain.tls.to_string()),
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
    Ok(desk.out.answer(&shaped(&found), |to| {
        zone(to, &found, &desk.engine.settings().host)
    })?)
}

fn shaped(found: &Verification) -> shape::Records {
    shape::Records {
        domain: shape::Domain::of(&found.domain),
        records: found.records.iter().map(shape::Record::of).collect(),
    }
}

/// Lines of a zone file; what is not a record is a comment.
fn zone(to: &mut dyn Write, found: &Verification, host: &str) -> io::Result<()> {
    writeln!(to, "; Records for {}", found.domain.host)?;
    if host == "localhost" {
        writeln!(
            to,
            "; Some lead to localhost: set server.host to this server's own name first (posthouse config)."
        )?;
    }
    for record in &found.records {
        let look = record.checked.as_ref().map_or_else(
            || String::from("not looked yet"),
            |checked| format!("{} at {}", found_words(checked.verdict), moment(checked.at)),
        );
        writeln!(
            to,
            "\n; {}, {}: {look}",
            title(record.kind),
            needed(record.need)
        )?;
        writeln!(to, "{}", line(record))?;
    }
    writeln!(
        to,
        "\n; Then: posthouse domain verify {}",
        found.domain.host
    )
}

const fn title(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::Dkim => "DKIM key",
        RecordKind::DkimEd25519 => "DKIM key (Ed25519)",
        RecordKind::ReturnPath => "Return path",
        RecordKind::Dmarc => "DMARC policy",
        RecordKind::Spf => "SPF policy",
        RecordKind::Mx => "MX",
        RecordKind::MailFromMx => "Return path MX",
        RecordKind::MailFromSpf => "Return path SPF policy",
    }
}

const fn needed(need: Need) -> &'static str {
    match need {
        Need::Required => "needed to send",
        Need::Recommended => "recommended",
        Need::Receiving => "only to receive mail",
    }
}

const fn found_words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Match => "found",
        Verdict::Mismatch => "another record found",
        Verdict::Absent => "not found",
        Verdict::Unsure => "DNS could not tell",
    }
}

async fn verify(desk: &Desk, named: &str) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let domain = desk.domain(&caller, named).await?;
    let progress = Progress::start("Asking DNS …");
    let looked = desk.engine.verify_domain(&caller, domain.id).await;
    drop(progress);
    let found = looked?;
    let dkim = found
        .records
        .iter()
        .find(|record| record.kind == RecordKind::Dkim)
        .and_then(|record| record.checked.as_ref())
        .map_or(Verdict::Unsure, |checked| checked.verdict);
    desk.out.answer(&shaped(&found), |to| {
        for record in &found.records {
            verdict(to, record)?;
        }
        writeln!(to, "{}", outcome(dkim, &found.domain.host))
    })?;
    match dkim {
        Verdict::Match => Ok(()),
        Verdict::Absent | Verdict::Mismatch => Err(Refusal::said(Exit::Refused)),
        Verdict::Unsure => Err(Refusal::said(Exit::Busy)),
    }
}

fn verdict(to: &mut dyn Write, record: &Record) -> io::Result<()> {
    let Some(checked) = &record.checked else {
        return Ok(());
    };
    writeln!(
        to,
        "{}, {}: {}",
        title(record.kind),
        needed(record.need),
        found_words(checked.verdict)
    )?;
    let place = format!("{} {}", record.name, record.record_type);
    match checked.verdict {
        Verdict::Match => writeln!(to, "  {place}\n")?,
        Verdict::Mismatch | Verdict::Absent => {
            writeln!(to, "  {place}\n  expected  {}", record.expected)?;
            for found in &checked.found {
                writeln!(to, "  found     {found}")?;
            }
            writeln!(to)?;
        }
        Verdict::Unsure => {
            writeln!(to, "  {place}")?;
            for why in &checked.found {
                writeln!(to, "  because   {why}")?;
            }
            writeln!(to)?;
        }
    }
    Ok(())
}

fn outcome(dkim: Verdict, host: &str) -> String {
    match dkim {
        Verdict::Match => format!("{host} is verified: keys of any mode can send from it."),
        Verdict::Absent => format!(
            "{host} is not verified: its DKIM record is not there. `posthouse domain records {host}` prints it; \
             a new record can take some minutes to be seen."
        ),
        Verdict::Mismatch => format!(
            "{host} is not verified: there is another DKIM record in its place. \
             `posthouse domain records {host}` prints the one to publish."
        ),
        Verdict::Unsure => format!(
            "DNS could not tell; what was known of {host} stays. Try again later, or look at the setting dns.servers."
        ),
    }
}
