//! `posthouse mailbox`: what addresses keep.

use clap::{Args, Subcommand};
use posthouse::model::keep::{Keep, KeepChange};
use posthouse::model::mailbox::Mailbox as Row;

use super::desk::Desk;
use super::shape;
use super::table::{fields, size};
use super::words::{Most, most};
use crate::refusal::Refusal;

/// Mailboxes: how long and how much the addresses keep that have mail here
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  posthouse mailbox show kim@acme.test
  posthouse mailbox set kim@acme.test --keep-days 7 --keep-messages 1000
  posthouse mailbox set kim@acme.test --keep-days none    as all mailboxes of the organization

For all mailboxes of an organization: posthouse org set --keep-days 30")]
pub struct Mailbox {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show what a mailbox holds and keeps
    Show {
        /// Its address
        address: String,
    },
    /// Change what a mailbox keeps; what is past that goes within minutes
    Set(Set),
}

#[derive(Debug, Args)]
struct Set {
    /// Its address
    address: String,
    #[command(flatten)]
    bounds: Bounds,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
struct Bounds {
    /// For how many days it keeps mail; what is starred stays
    #[arg(long, value_name = "N|none", value_parser = most)]
    keep_days: Option<Most>,
    /// How many messages it keeps, the newest
    #[arg(long, value_name = "N|none", value_parser = most)]
    keep_messages: Option<Most>,
    /// How many bytes of messages it keeps, the newest
    #[arg(long, value_name = "N|none", value_parser = most)]
    keep_bytes: Option<Most>,
}

impl Mailbox {
    /// Runs it.
    ///
    /// # Errors
    /// As the engine says.
    pub async fn run(self, desk: &Desk) -> Result<(), Refusal> {
        let caller = desk.caller().await?;
        let (mailbox, keep) = match self.command {
            Command::Show { address } => desk.engine.mailbox_keep(&caller, &address).await?,
            Command::Set(Set { address, bounds }) => {
                let change = change(bounds.keep_days, bounds.keep_messages, bounds.keep_bytes);
                let engine = &desk.engine;
                engine.set_mailbox_keep(&caller, &address, change).await?
            }
        };
        let shape = shape::Mailbox::of(&mailbox, keep);
        Ok(desk
            .out
            .answer(&shape, |to| fields(to, &lines(&mailbox, keep)))?)
    }
}

fn lines(of: &Row, keep: Keep) -> [(&'static str, String); 5] {
    [
        ("Mailbox", of.address.clone()),
        ("Id", of.id.to_string()),
        ("Kind", of.kind.to_string()),
        (
            "Holds",
            format!("{} messages, {}", of.messages, size(of.bytes)),
        ),
        ("Keeps", sentence_of(keep)),
    ]
}

/// What was said on a command line of what is kept.
pub fn change(days: Option<Most>, messages: Option<Most>, bytes: Option<Most>) -> KeepChange {
    KeepChange {
        days: days.map(|most| most.0),
        messages: messages.map(|most| most.0),
        bytes: bytes.map(|most| most.0),
    }
}

/// What is kept, in words.
pub fn sentence_of(keep: Keep) -> String {
    let bounds = [
        keep.days.map(|days| format!("{days} days")),
        keep.messages.map(|messages| format!("{messages} messages")),
        keep.bytes.map(|bytes| size(bytes.get())),
    ];
    let bounds: Vec<String> = bounds.into_iter().flatten().collect();
    if bounds.is_empty() {
        return String::from("everything");
    }
    bounds.join(", ")
}
