//! `posthouse message`: mail that is kept here.

use std::io::{self, Write};

use clap::{Args, Subcommand};
use posthouse::ids::MessageId;
use posthouse::mime::read::Summary;
use posthouse::model::mailbox::Message as Row;
use serde_json::json;

use super::desk::Desk;
use super::shape;
use super::table::{Table, fields, moment, or_dash, size, start_of};
use crate::refusal::Refusal;

/// Messages: mail that is kept here, captured or received
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  posthouse message list --address kim@acme.test
  posthouse message show 7
  posthouse message raw 7 > mail.eml")]
pub struct Message {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List messages, newest first
    List {
        /// Only one mailbox
        #[arg(long)]
        address: Option<String>,
        /// How many
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
        limit: u32,
        /// Only messages older than this one
        #[arg(long, value_name = "ID")]
        before: Option<i64>,
    },
    /// Show a message: headers, text, attachments
    Show {
        /// The message's id
        id: i64,
    },
    /// Print a message as it came
    Raw {
        /// The message's id
        id: i64,
    },
}

impl Message {
    /// Runs it.
    ///
    /// # Errors
    /// As the engine says.
    pub async fn run(self, desk: &Desk) -> Result<(), Refusal> {
        match self.command {
            Command::List {
                address,
                limit,
                before,
            } => list(desk, address.as_deref(), before.map(MessageId), limit).await,
            Command::Show { id } => show(desk, MessageId(id)).await,
            Command::Raw { id } => raw(desk, MessageId(id)).await,
        }
    }
}

async fn list(
    desk: &Desk,
    address: Option<&str>,
    before: Option<MessageId>,
    limit: u32,
) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let messages = desk
        .engine
        .messages(&caller, address, before, limit)
        .await?;
    let shapes: Vec<_> = messages.iter().map(shape::Message::of).collect();
    let mut table = Table::new(["ID", "RECEIVED", "MAILBOX", "FROM", "SUBJECT", "SIZE"]);
    for one in &messages {
        table.row([
            one.id.to_string(),
            moment(one.received_at),
            one.address.clone(),
            start_of(&one.from),
            start_of(&or_dash(one.subject.as_deref())),
            size(one.size_bytes),
        ]);
    }
    let none = match address {
        None => String::from("There are no messages."),
        Some(address) => format!("There are no messages for {address}."),
    };
    Ok(desk.out.answer(&shapes, |to| table.write(to, &none))?)
}

async fn show(desk: &Desk, id: MessageId) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let (message, summary) = desk.engine.message(&caller, id).await?;
    let attachments: Vec<_> = summary
        .attachments
        .iter()
        .map(|one| {
            json!({
                "name": one.name,
                "content_type": one.content_type,
                "size_bytes": one.size_bytes,
                "content_id": one.content_id,
                "inline": one.inline,
            })
        })
        .collect();
    let shape = json!({
        "message": shape::Message::of(&message),
        "from": summary.from,
        "to": summary.to,
        "cc": summary.cc,
        "subject": summary.subject,
        "message_id": summary.message_id,
        "text": summary.text,
        "html": summary.html,
        "attachments": attachments,
    });
    Ok(desk.out.answer(&shape, |to| tell(to, &message, &summary))?)
}

fn tell(to: &mut dyn Write, message: &Row, summary: &Summary) -> io::Result<()> {
    let mut lines = vec![
        ("Message", message.id.to_string()),
        ("Mailbox", message.address.clone()),
        ("Received", moment(message.received_at)),
    ];
    let optional = [
        ("From", &summary.from),
        ("To", &summary.to),
        ("Cc", &summary.cc),
        ("Subject", &summary.subject),
    ];
    for (name, value) in optional {
        lines.extend(value.clone().map(|value| (name, value)));
    }
    if let Some(email) = message.email {
        lines.push(("Captured from", format!("email {email}")));
    }
    fields(to, &lines)?;
    match (&summary.text, &summary.html) {
        (Some(text), _) => writeln!(to, "\n{}", text.trim_end())?,
        (None, Some(html)) => writeln!(to, "\n(only HTML)\n\n{}", html.trim_end())?,
        (None, None) => writeln!(to, "\n(no text)")?,
    }
    if summary.attachments.is_empty() {
        return Ok(());
    }
    writeln!(to)?;
    let mut table = Table::new(["ATTACHMENT", "TYPE", "SIZE"]);
    for one in &summary.attachments {
        table.row([
            or_dash(one.name.as_deref()),
            one.content_type.clone(),
            size(one.size_bytes),
        ]);
    }
    table.write(to, "")
}

async fn raw(desk: &Desk, id: MessageId) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let (_, raw) = desk.engine.message_raw(&caller, id).await?;
    let shape = json!({"id": id.0, "raw": String::from_utf8_lossy(&raw)});
    Ok(desk.out.bytes(&shape, &raw)?)
}
