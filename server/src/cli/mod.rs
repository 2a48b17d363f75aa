//! The command line: one engine behind each command, one file a family.

mod address;
mod ask;
mod backup;
mod bounce;
mod compact;
mod console_open;
mod conversation;
pub(crate) mod curl;
mod desk;
mod domain;
mod doors;
mod draft;
mod email;
mod first;
mod harmless;
pub mod house;
mod issue;
mod key;
mod log;
mod mailbox;
mod message;
mod org;
mod out;
mod preview;
mod quote;
mod reading;
mod ready;
mod relay;
mod replay;
mod serve;
mod shape;
mod sheet;
mod signals;
mod source;
mod suppression;
mod switches;
mod table;
mod template;
mod user;
mod verify;
mod webhook;
mod why;
mod words;
mod wrap;
pub(crate) mod zone;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Args, Parser, Subcommand};

pub(crate) use self::first::{DOMAIN as FIRST_DOMAIN, NAME as FIRST_KEYS};

use self::desk::Desk;
use self::out::{Out, Style};
use crate::config::default_file;
use crate::refusal::{Exit, Refusal};

/// An email API on your own machine: one engine, one database, nothing leaves until you say so.
#[derive(Debug, Parser)]
#[command(
    name = "posthouse",
    version,
    max_term_width = 100,
    disable_help_subcommand = true,
    after_help = "\
Begin:
  posthouse serve                  start; the first start makes everything and prints how to send
  posthouse message list           what was captured
  posthouse email why ID           what became of an email, and what to do about it

Exit codes: 0 done, 1 refused or failed, 2 wrong usage or settings, 3 busy, 4 no such thing"
)]
struct Cli {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Clone, Debug, Args)]
struct Place {
    /// The data folder: database, master key, development CA
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "POSTHOUSE_DATA",
        default_value = "posthouse-data",
        help_heading = "For every command"
    )]
    data: PathBuf,
    /// The configuration file [default: posthouse.toml in the data folder, if there is one]
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "POSTHOUSE_CONFIG",
        help_heading = "For every command"
    )]
    config: Option<PathBuf>,
    /// Answer with one JSON value on standard output, and errors as JSON on standard error
    #[arg(long, global = true, help_heading = "For every command")]
    json: bool,
    /// The organization to act in [default: the first]
    #[arg(
        long,
        global = true,
        value_name = "NAME",
        help_heading = "For every command"
    )]
    org: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(Box<serve::Serve>),
    Org(org::Org),
    Domain(domain::Domain),
    Address(address::Address),
    Key(key::Key),
    Relay(relay::Relay),
    Email(email::Email),
    Message(message::Message),
    Mailbox(mailbox::Mailbox),
    Bounce(bounce::Bounce),
    Template(template::Template),
    Webhook(webhook::Webhook),
    Suppression(suppression::Suppression),
    User(user::User),
    Backup(backup::Backup),
    Check(backup::Check),
    Compact(compact::Compact),
    /// Print the configuration file with every setting, its comment and its default
    Config,
}

impl Command {
    fn run(self, place: &Place, out: Out) -> Result<(), Refusal> {
        match self {
            Self::Serve(serve) => serve.run(place, out),
            Self::Config => {
                let file = default_file();
                Ok(out.bytes(&serde_json::json!({"file": file}), file.as_bytes())?)
            }
            command => {
                log::quiet();
                runtime()?.block_on(async {
                    let desk = Desk::open(place, out).await?;
                    let ended = command.at(&desk).await;
                    desk.engine.close().await;
                    ended
                })
            }
        }
    }

    async fn at(self, desk: &Desk) -> Result<(), Refusal> {
        match self {
            Self::Org(org) => org.run(desk).await,
            Self::Domain(domain) => domain.run(desk).await,
            Self::Address(address) => address.run(desk).await,
            Self::Key(key) => key.run(desk).await,
            Self::Relay(relay) => relay.run(desk).await,
            Self::Email(email) => email.run(desk).await,
            Self::Bounce(bounce) => bounce.run(desk).await,
            Self::Message(message) => message.run(desk).await,
            Self::Mailbox(mailbox) => mailbox.run(desk).await,
            Self::Template(template) => template.run(desk).await,
            Self::Webhook(webhook) => webhook.run(desk).await,
            Self::Suppression(suppression) => suppression.run(desk).await,
            Self::User(user) => user.run(desk).await,
            Self::Backup(backup) => backup.run(desk).await,
            Self::Check(check) => check.run(desk).await,
            Self::Compact(compact) => compact.run(desk).await,
            // They need no database, and were run without one.
            Self::Serve(_) | Self::Config => Ok(()),
        }
    }
}

/// A command has one thing to do.
fn runtime() -> Result<tokio::runtime::Runtime, Refusal> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Refusal::new(Exit::Busy, format!("no thread can be started: {error}")))
}

/// Runs the command that the process was given.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let style = if cli.place.json {
        Style::Json
    } else {
        Style::Text
    };
    let out = Out::new(style);
    match cli.command.run(&cli.place, out) {
        Ok(()) => Exit::Done.into(),
        Err(refusal) => {
            out.refuse(&refusal);
            refusal.exit.into()
        }
    }
}

/// Help and version go to standard output; a wrong command line is told in the style that
/// it asks for.
fn usage(error: &clap::Error) -> ExitCode {
    let wants_json = std::env::args_os().any(|word| word == "--json");
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // Whoever closed the pipe has read enough.
            let _ = error.print();
            Exit::Done.into()
        }
        _ if wants_json => {
            let words = error.render().to_string();
            let words = words.strip_prefix("error: ").unwrap_or(&words);
            let (first, rest) = words.split_once('\n').unwrap_or((words, ""));
            let refusal = Refusal::new(Exit::Usage, first).hint(rest.trim());
            Out::new(Style::Json).refuse(&refusal);
            Exit::Usage.into()
        }
        _ => {
            let _ = error.print();
            Exit::Usage.into()
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_fits_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_has_its_help() {
        fn look(command: &clap::Command) {
            let name = command.get_name();
            assert!(command.get_about().is_some(), "{name} says nothing");
            for argument in command.get_arguments() {
                let id = argument.get_id();
                assert!(argument.get_help().is_some(), "{name} {id} says nothing");
            }
            command.get_subcommands().for_each(look);
        }
        Cli::command().get_subcommands().for_each(look);
    }

    #[test]
    fn each_group_of_settings_is_a_flag_of_serve() {
        let words = [
            "posthouse",
            "serve",
            "--json",
            "--http",
            "127.0.0.1:0",
            "--sending-direct-port",
            "2525",
        ];
        let cli = Cli::try_parse_from(words).unwrap();
        assert!(cli.place.json);
        assert!(matches!(cli.command, Command::Serve(_)));
        for wrong in [
            vec!["posthouse"],
            vec!["posthouse", "org", "set"],
            vec!["posthouse", "webhook", "replay", "1"],
            vec!["posthouse", "key", "rate", "1", "0"],
            vec![
                "posthouse",
                "relay",
                "add",
                "x",
                "--host",
                "h",
                "--port",
                "1",
                "--password",
                "p",
            ],
        ] {
            assert!(Cli::try_parse_from(&wrong).is_err(), "{wrong:?}");
        }
    }
}
