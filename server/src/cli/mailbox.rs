//! `posthouse mailbox`: what addresses keep.

mod carry;
mod files;
mod people;
mod settings;

use clap::{ArgGroup, Args, Subcommand};
use posthouse::model::domain::Switch;
use posthouse::model::folder::FolderStanding;
use posthouse::model::keep::{Keep, KeepChange};
use posthouse::model::mailbox::{Mailbox as Row, MailboxKind};
use posthouse::ops::mailboxes::MailboxChange;

use super::desk::Desk;
use super::shape;
use super::table::{Table, fields, moment, size};
use super::words::{Most, Room, most, one_of, room};
use crate::refusal::Refusal;

/// Mailboxes: people's, with password and folders; and how much any address keeps
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  posthouse mailbox create kim@acme.test --name \"Kim Doe\" --quota 1GB
  posthouse mailbox password kim@acme.test                a new one, shown once
  posthouse mailbox settings kim@acme.test                for its person's mail program
  posthouse mailbox suspend kim@acme.test                 takes mail, opens for nobody
  posthouse mailbox set support@acme.test --keep-days 7   any address that has mail
  posthouse mailbox export kim@acme.test ./kim            a Maildir for each folder
  posthouse mailbox import kim@acme.test old.mbox --folder Old
  posthouse mailbox remove kim@acme.test                  restore brings it back for 30 days

For all mailboxes of an organization: posthouse org set --keep-days 30")]
pub struct Mailbox {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List people's mailboxes
    List {
        /// Only those at this domain
        #[arg(long, value_name = "HOST")]
        domain: Option<String>,
    },
    /// Make a person's mailbox, with a password that is shown once
    Create(people::Create),
    /// Show what a mailbox holds and keeps
    Show {
        /// Its address
        address: String,
    },
    /// Change a mailbox; what is past what it keeps goes within minutes
    Set(Set),
    /// Give a person's mailbox a new password, shown once
    Password(people::Password),
    /// Show what its person's mail program has to know
    Settings(settings::Settings),
    /// Let nobody open a mailbox; it still takes mail
    Suspend {
        /// Its address
        address: String,
    },
    /// Let its person open a suspended mailbox again
    Resume {
        /// Its address
        address: String,
    },
    /// Give a mailbox another address; the old one takes nothing more for it
    Rename {
        /// Its address
        address: String,
        /// The new one
        to: String,
    },
    /// Write a mailbox to files: Maildirs or mailbox files, in a tree as its folders are
    Export(carry::Export),
    /// Put mail from Maildirs or mailbox files into a mailbox
    Import(carry::Import),
    /// Remove a mailbox: no more mail, no more opening, and all of it goes after 30 days
    Remove {
        /// Its address
        address: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Bring a mailbox back that was removed
    Restore {
        /// Its address
        address: String,
    },
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("what").required(true).multiple(true))]
struct Set {
    /// Its address
    address: String,
    /// What its person is called
    #[arg(long, group = "what")]
    name: Option<String>,
    /// What a person's mailbox may hold, such as 500MB or 2GB
    #[arg(long, value_name = "SIZE|none", value_parser = room, group = "what")]
    quota: Option<Room>,
    /// Whether what its person sends is kept in Sent; most mail programs keep it themselves
    #[arg(long, value_parser = one_of(Switch::ALL, Switch::as_str), group = "what")]
    keep_sent: Option<Switch>,
    /// For how many days it keeps mail; what is starred stays
    #[arg(long, value_name = "N|none", value_parser = most, group = "what")]
    keep_days: Option<Most>,
    /// How many messages it keeps, the newest
    #[arg(long, value_name = "N|none", value_parser = most, group = "what")]
    keep_messages: Option<Most>,
    /// How many bytes of messages it keeps, the newest
    #[arg(long, value_name = "N|none", value_parser = most, group = "what")]
    keep_bytes: Option<Most>,
}

impl Mailbox {
    /// Runs it.
    ///
    /// # Errors
    /// As the engine says.
    pub async fn run(self, desk: &Desk) -> Result<(), Refusal> {
        match self.command {
            Command::List { domain } => people::list(desk, domain.as_deref()).await,
            Command::Create(create) => create.run(desk).await,
            Command::Show { address } => show(desk, &address).await,
            Command::Set(set) => set.run(desk).await,
            Command::Password(password) => password.run(desk).await,
            Command::Settings(settings) => settings.run(desk).await,
            Command::Suspend { address } => people::suspend(desk, &address).await,
            Command::Resume { address } => people::resume(desk, &address).await,
            Command::Rename { address, to } => people::rename(desk, &address, &to).await,
            Command::Export(export) => export.run(desk).await,
            Command::Import(import) => import.run(desk).await,
            Command::Remove { address, yes } => people::remove(desk, &address, yes).await,
            Command::Restore { address } => people::restore(desk, &address).await,
        }
    }
}

impl Set {
    async fn run(self, desk: &Desk) -> Result<(), Refusal> {
        let caller = desk.caller().await?;
        if self.name.is_some() || self.quota.is_some() || self.keep_sent.is_some() {
            let change = MailboxChange {
                name: self.name,
                quota_bytes: self.quota.map(|room| room.0),
                keep_sent: self.keep_sent,
                ..MailboxChange::default()
            };
            desk.engine
                .change_mailbox(&caller, &self.address, change)
                .await?;
        }
        let change = change(self.keep_days, self.keep_messages, self.keep_bytes);
        desk.engine
            .set_mailbox_keep(&caller, &self.address, change)
            .await?;
        show(desk, &self.address).await
    }
}

async fn show(desk: &Desk, address: &str) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let (mailbox, keep) = desk.engine.mailbox_keep(&caller, address).await?;
    let folders = match mailbox.kind {
        MailboxKind::Full => desk.engine.mailbox(&caller, address).await?.1,
        MailboxKind::Public | MailboxKind::Implicit | MailboxKind::Reserved => Vec::new(),
    };
    let shape = shape::Mailbox::of(&mailbox, keep, &folders);
    Ok(desk.out.answer(&shape, |to| {
        fields(to, &lines(&mailbox, keep))?;
        if folders.is_empty() {
            return Ok(());
        }
        writeln!(to)?;
        folder_table(&folders).write(to, "")
    })?)
}

fn folder_table(folders: &[FolderStanding]) -> Table<4> {
    let mut table = Table::new(["FOLDER", "MESSAGES", "UNREAD", "SIZE"]);
    for folder in folders {
        table.row([
            folder.name.clone(),
            folder.messages.to_string(),
            folder.unread.to_string(),
            size(folder.bytes),
        ]);
    }
    table
}

fn lines(of: &Row, keep: Keep) -> Vec<(&'static str, String)> {
    let mut lines = vec![
        ("Mailbox", of.address.clone()),
        ("Id", of.id.to_string()),
        ("Kind", of.kind.to_string()),
    ];
    if of.kind == MailboxKind::Full {
        lines.push(("Name", of.name.clone()));
        lines.push(("State", people::state(of)));
    }
    let may_hold = of
        .quota_bytes
        .map_or_else(String::new, |quota| format!(" of {}", size(quota)));
    lines.push((
        "Holds",
        format!("{} messages, {}{may_hold}", of.messages, size(of.bytes)),
    ));
    lines.push(("Keeps", sentence_of(keep)));
    lines
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
