//! `posthouse mailbox`: people's mailboxes made, opened, shut and removed.

use std::io::BufRead as _;

use clap::Args;
use posthouse::Posthouse;
use posthouse::ids::random;
use posthouse::model::domain::Switch;
use posthouse::model::mailbox::Mailbox as Row;
use posthouse::ops::mailboxes::{MailboxChange, NewMailbox};
use serde_json::json;

use super::super::ask::confirm;
use super::super::desk::Desk;
use super::super::shape;
use super::super::words::{Room, room};
use super::{Table, moment, show, size};
use crate::refusal::{Exit, Refusal};

/// What a password is made of: no two letters that look the same.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

#[derive(Debug, Args)]
pub struct Create {
    /// Its address, at a domain of the organization's
    address: String,
    /// What its person is called
    #[arg(long, default_value = "")]
    name: String,
    /// What it may hold, such as 500MB or 2GB
    #[arg(long, value_name = "SIZE|none", value_parser = room, default_value = "none")]
    quota: Room,
    #[command(flatten)]
    secret: Secret,
}

#[derive(Debug, Args)]
#[group(multiple = false)]
struct Secret {
    /// Read the password from standard input, a line
    #[arg(long)]
    password_stdin: bool,
    /// Make no password; nobody can open it until there is one
    #[arg(long)]
    no_password: bool,
}

#[derive(Debug, Args)]
pub struct Password {
    /// Its address
    address: String,
    /// Read it from standard input, a line
    #[arg(long)]
    password_stdin: bool,
}

/// A password, and whether its person still has to be told it.
enum Chosen {
    Read(String),
    Made(String),
    None,
}

impl Chosen {
    fn of(engine: &Posthouse, secret: &Secret) -> Result<Self, Refusal> {
        if secret.no_password {
            return Ok(Self::None);
        }
        if !secret.password_stdin {
            return Ok(Self::Made(fresh(random(engine.entropy()))));
        }
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line)?;
        let text = line.trim_end_matches(['\r', '\n']);
        if text.is_empty() {
            return Err(Refusal::new(
                Exit::Usage,
                "there is no password on standard input",
            ));
        }
        Ok(Self::Read(text.to_owned()))
    }

    fn text(&self) -> Option<String> {
        match self {
            Self::Read(text) | Self::Made(text) => Some(text.clone()),
            Self::None => None,
        }
    }

    /// What is shown once.
    fn shown(&self) -> Option<&str> {
        match self {
            Self::Made(text) => Some(text),
            Self::Read(_) | Self::None => None,
        }
    }
}

/// Four groups of five letters: 100 bits.
fn fresh(bytes: [u8; 20]) -> String {
    let mut text = String::with_capacity(23);
    for (at, byte) in bytes.into_iter().enumerate() {
        if at > 0 && at % 5 == 0 {
            text.push('-');
        }
        text.push(char::from(LETTERS[usize::from(byte % 32)]));
    }
    text
}

impl Create {
    pub async fn run(self, desk: &Desk) -> Result<(), Refusal> {
        let caller = desk.caller().await?;
        let chosen = Chosen::of(&desk.engine, &self.secret)?;
        let new = NewMailbox {
            address: self.address,
            name: self.name,
            quota_bytes: self.quota.0,
            password: chosen.text(),
        };
        let made = desk.engine.make_mailbox(&caller, new).await?;
        told(desk, &made, &chosen)
    }
}

impl Password {
    pub async fn run(self, desk: &Desk) -> Result<(), Refusal> {
        let caller = desk.caller().await?;
        let secret = Secret {
            password_stdin: self.password_stdin,
            no_password: false,
        };
        let chosen = Chosen::of(&desk.engine, &secret)?;
        let change = MailboxChange {
            password: chosen.text(),
            ..MailboxChange::default()
        };
        let engine = &desk.engine;
        let changed = engine
            .change_mailbox(&caller, &self.address, change)
            .await?;
        told(desk, &changed, &chosen)
    }
}

fn told(desk: &Desk, of: &Row, chosen: &Chosen) -> Result<(), Refusal> {
    let shape = json!({"id": of.id.0, "address": of.address, "password": chosen.shown()});
    Ok(desk.out.answer(&shape, |to| {
        writeln!(to, "Mailbox {}: {}", of.address, state(of))?;
        if let Some(password) = chosen.shown() {
            writeln!(to, "Password, shown only now: {password}")?;
        }
        Ok(())
    })?)
}

/// What becomes of a mailbox, in words.
pub fn state(of: &Row) -> String {
    if let Some(at) = of.removed_at {
        return format!("removed {}; it goes 30 days later", moment(at));
    }
    if let Some(at) = of.suspended_at {
        return format!("suspended {}", moment(at));
    }
    match of.password {
        Switch::On => String::from("open"),
        Switch::Off => String::from("has no password yet"),
    }
}

pub async fn list(desk: &Desk, domain: Option<&str>) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let all = desk.engine.mailboxes(&caller, domain).await?;
    let shapes: Vec<_> = all.iter().map(shape::Person::of).collect();
    let mut table = Table::new([
        "ADDRESS", "NAME", "MESSAGES", "UNREAD", "SIZE", "QUOTA", "STATE",
    ]);
    for one in &all {
        table.row([
            one.address.clone(),
            one.name.clone(),
            one.messages.to_string(),
            one.unread.to_string(),
            size(one.bytes),
            one.quota_bytes.map_or_else(|| String::from("-"), size),
            state(one),
        ]);
    }
    let none = "No person has a mailbox yet. posthouse mailbox create ADDRESS makes one.";
    Ok(desk.out.answer(&shapes, |to| table.write(to, none))?)
}

async fn open(desk: &Desk, address: &str, open: Switch) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let change = MailboxChange {
        open: Some(open),
        ..MailboxChange::default()
    };
    desk.engine.change_mailbox(&caller, address, change).await?;
    show(desk, address).await
}

pub async fn suspend(desk: &Desk, address: &str) -> Result<(), Refusal> {
    open(desk, address, Switch::Off).await
}

pub async fn resume(desk: &Desk, address: &str) -> Result<(), Refusal> {
    open(desk, address, Switch::On).await
}

pub async fn rename(desk: &Desk, address: &str, to: &str) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let engine = &desk.engine;
    let renamed = engine.rename_mailbox(&caller, address, to).await?;
    show(desk, &renamed.address).await
}

pub async fn remove(desk: &Desk, address: &str, yes: bool) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let (mailbox, _) = desk.engine.mailbox(&caller, address).await?;
    if !yes {
        confirm(&format!(
            "Remove {} with {} messages? It can be restored for 30 days.",
            mailbox.address, mailbox.messages
        ))?;
    }
    desk.engine.remove_mailbox(&caller, address).await?;
    show(desk, address).await
}

pub async fn restore(desk: &Desk, address: &str) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    desk.engine.restore_mailbox(&caller, address).await?;
    show(desk, address).await
}
