//! `posthouse relay`: SMTP providers that take our mail.

use std::io::{self, IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use posthouse::ids::RelayId;
use posthouse::model::relay::{Relay as Row, RelayLimits, RelaySecurity, RelayStanding};
use posthouse::ops::relays::{NewRelay, RelayUse};
use posthouse::outside::tls::{TlsFacts, Verdict};
use serde_json::json;

use super::desk::Desk;
use super::out::Progress;
use super::shape;
use super::table::{Table, or_dash};
use super::words::one_of;
use crate::refusal::{Exit, Refusal};

/// The variable that holds a relay's password.
const PASSWORD_VARIABLE: &str = "POSTHOUSE_RELAY_PASSWORD";

/// Relays: SMTP providers that live mail leaves by
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  posthouse relay add provider --host smtp.example.com --port 587 --user me --password-file secret.txt
  posthouse relay add sink --host 127.0.0.1 --port 1025 --security plain
  posthouse relay test 1              connect and log in, send nothing, print the conversation")]
pub struct Relay {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the relays, the default one first
    List,
    /// Add a relay; the first becomes the default
    Add(Add),
    /// Make a relay the default
    Default {
        /// The relay's id
        id: i64,
    },
    /// Remove a relay; mail that waits for it goes another way
    Remove {
        /// The relay's id
        id: i64,
    },
    /// Connect to a relay, secure the connection and log in; print the conversation
    Test {
        /// The relay's id
        id: i64,
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
}

impl Relay {
    /// Runs it.
    ///
    /// # Errors
    /// As the engine says.
    pub async fn run(self, desk: &Desk) -> Result<(), Refusal> {
        match self.command {
            Command::List => list(desk).await,
            Command::Add(add) => add.run(desk).await,
            Command::Default { id } => default(desk, RelayId(id)).await,
            Command::Remove { id } => remove(desk, RelayId(id)).await,
            Command::Test { id } => test(desk, RelayId(id)).await,
        }
    }
}

async fn list(desk: &Desk) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let relays = desk.engine.relays(&caller).await?;
    let shapes: Vec<_> = relays
        .iter()
        .map(|used| shape::Relay::of(&used.relay))
        .collect();
    let mut table = Table::new(["ID", "NAME", "HOST", "SECURITY", "USER", "STANDING"]);
    for RelayUse { relay, .. } in &relays {
        table.row([
            relay.id.to_string(),
            relay.name.clone(),
            place(relay),
            relay.security.to_string(),
            or_dash(relay.user.as_deref()),
            relay.standing.to_string(),
        ]);
    }
    let none =
        "There are no relays. Add one: posthouse relay add NAME --host HOST --port 587 --user USER";
    Ok(desk.out.answer(&shapes, |to| table.write(to, none))?)
}

fn place(relay: &Row) -> String {
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
            limits: RelayLimits::default(),
            sender: None,
        };
        let relay = desk.engine.create_relay(&caller, new).await?;
        tell(desk, &relay, "Added")
    }
}

fn tell(desk: &Desk, relay: &Row, did: &str) -> Result<(), Refusal> {
    Ok(desk.out.answer(&shape::Relay::of(relay), |to| {
        writeln!(
            to,
            "{did} relay {} ({}, {}).",
            relay.id,
            relay.name,
            place(relay)
        )?;
        match relay.standing {
            RelayStanding::Default => writeln!(
                to,
                "Mail of live keys leaves by it. Try it: posthouse relay test {}",
                relay.id
            ),
            RelayStanding::Spare => writeln!(
                to,
                "Another one is the default; change that with: posthouse relay default {}",
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

async fn default(desk: &Desk, id: RelayId) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let relay = desk.engine.set_default_relay(&caller, id).await?;
    tell(desk, &relay, "Chose")
}

async fn remove(desk: &Desk, id: RelayId) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    desk.engine.remove_relay(&caller, id).await?;
    let shape = json!({"id": id.0, "removed": true});
    Ok(desk
        .out
        .answer(&shape, |to| writeln!(to, "Relay {id} is removed."))?)
}

async fn test(desk: &Desk, id: RelayId) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let progress = Progress::start("Connecting …");
    let tested = desk.engine.test_relay(&caller, id).await;
    drop(progress);
    let test = tested?;
    let tls = test.tls.as_ref().map(tls_words);
    let shape = json!({
        "id": id.0,
        "ok": test.fault.is_none(),
        "fault": test.fault,
        "tls": tls,
        "transcript": test.transcript,
    });
    desk.out.answer(&shape, |to| {
        for line in &test.transcript {
            writeln!(to, "{line}")?;
        }
        writeln!(to, "\nTLS: {}", tls.as_deref().unwrap_or("none"))?;
        match &test.fault {
            None => writeln!(to, "Relay {id} works."),
            Some(fault) => writeln!(to, "Relay {id} does not work: {fault}"),
        }
    })?;
    match test.fault {
        None => Ok(()),
        Some(_) => Err(Refusal::said(Exit::Refused)),
    }
}

fn tls_words(tls: &TlsFacts) -> String {
    let certificate = match &tls.certificate {
        Verdict::Valid => String::from("valid"),
        Verdict::Invalid(why) => format!("not valid ({why})"),
    };
    format!("{}, {}, certificate {certificate}", tls.version, tls.cipher)
}
