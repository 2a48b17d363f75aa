//! `posthouse email`: what was submitted to be sent, and what became of it.

use std::collections::BTreeMap;

use clap::{Args, Subcommand};
use posthouse::clock::Timestamp;
use posthouse::ids::{DeliveryId, EmailId};
use posthouse::limits::WHY_DNS;
use posthouse::model::delivery::{Delivery, State};
use posthouse::model::event::Event;
use posthouse::model::fate::Fate;
use posthouse::model::key::Caller;
use posthouse::ops::emails::{Decision, EmailRef, EmailStanding};
use posthouse::ops::why::Questions;
use posthouse::store::EmailFilter;
use serde_json::json;

use super::desk::Desk;
use super::shape::{self, relay_of};
use super::table::{Table, fields, moment, moment_or_dash, or_dash, start_of};
use super::why::tell;
use super::words::one_of;
use crate::refusal::{Exit, Refusal};

/// Emails: what was submitted to be sent, and what became of it
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  posthouse email list --state bounced
  posthouse email why 42               the whole story, recipient by recipient
  posthouse email release 42           let held mail go
  posthouse email list --scheduled
  posthouse email raw 42 > mail.eml")]
pub struct Email {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List emails, newest first
    List(List),
    /// Show an email and where each recipient stands
    Show {
        /// The email's id, UUID or Message-ID
        #[arg(value_name = "ID", value_parser = email_ref)]
        email: EmailRef,
    },
    /// Print the MIME of an email, as composed
    Raw {
        /// The email's id, UUID or Message-ID
        #[arg(value_name = "ID", value_parser = email_ref)]
        email: EmailRef,
    },
    /// Tell the whole story of an email: what came of it and why, what to do, what DNS said
    /// then and says now, events, tries and conversations
    Why {
        /// The email's id, UUID or Message-ID
        #[arg(value_name = "ID", value_parser = email_ref)]
        email: EmailRef,
        /// Do not ask DNS what it says now
        #[arg(long)]
        no_dns: bool,
    },
    /// Take a scheduled email back: none of it is sent
    Cancel {
        /// The email's id, UUID or Message-ID
        #[arg(value_name = "ID", value_parser = email_ref)]
        email: EmailRef,
    },
    /// Let held mail go
    Release(Held),
    /// Never send held mail
    Burn(Held),
}

#[derive(Debug, Args)]
struct List {
    /// Only emails with a recipient in this state
    #[arg(long, value_parser = one_of(State::ALL, State::as_str))]
    state: Option<State>,
    /// Only emails whose time has not come
    #[arg(long)]
    scheduled: bool,
    /// Only one domain's, by host or id
    #[arg(long, value_name = "DOMAIN")]
    domain: Option<String>,
    /// How many
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
    /// Only emails older than this one
    #[arg(long, value_name = "ID")]
    before: Option<i64>,
}

#[derive(Debug, Args)]
struct Held {
    /// The email's id, UUID or Message-ID
    #[arg(value_name = "ID", value_parser = email_ref)]
    email: EmailRef,
    /// Only this recipient, by the id of its delivery [default: all that are held]
    #[arg(long, value_name = "ID")]
    delivery: Option<i64>,
}

/// A number is an id; with an @ it is a Message-ID.
fn email_ref(text: &str) -> Result<EmailRef, String> {
    if let Ok(id) = text.parse() {
        return Ok(EmailRef::Id(EmailId(id)));
    }
    if text.contains('@') {
        return Ok(EmailRef::MessageId(text.to_owned()));
    }
    let uuid = text.parse();
    uuid.map_or_else(
        |_| Err(String::from("expected an id, a UUID or a Message-ID")),
        |uuid| Ok(EmailRef::Uuid(uuid)),
    )
}

impl Email {
    /// Runs it.
    ///
    /// # Errors
    /// As the engine says.
    pub async fn run(self, desk: &Desk) -> Result<(), Refusal> {
        match self.command {
            Command::List(list) => list.run(desk).await,
            Command::Show { email } => show(desk, email).await,
            Command::Raw { email } => raw(desk, email).await,
            Command::Cancel { email } => cancel(desk, email).await,
            Command::Why { email, no_dns } => {
                let questions = match no_dns {
                    true => Questions::Skip,
                    false => Questions::Ask { within: WHY_DNS },
                };
                why(desk, email, questions).await
            }
            Command::Release(held) => held.decide(desk, Decision::Release).await,
            Command::Burn(held) => held.decide(desk, Decision::Burn).await,
        }
    }
}

impl List {
    async fn run(self, desk: &Desk) -> Result<(), Refusal> {
        let caller = desk.caller().await?;
        let filter = EmailFilter {
            state: self.state,
            domain: desk.domain_id(&caller, self.domain.as_deref()).await?,
            before: self.before.map(EmailId),
            modes: None,
            waits_after: self.scheduled.then(|| desk.engine.now()),
        };
        let emails = desk.engine.emails(&caller, filter, self.limit).await?;
        let now = desk.engine.now();
        let shapes: Vec<_> = emails
            .iter()
            .map(|one| shape::Standing::of(one, &[], now))
            .collect();
        let time = if self.scheduled {
            "SEND AT"
        } else {
            "ACCEPTED"
        };
        let mut table = Table::new(["ID", time, "FROM", "TO", "SUBJECT", "STATE"]);
        for one in &emails {
            let fields = &one.email.fields;
            let at = one.email.send_at.filter(|_| self.scheduled);
            table.row([
                one.email.id.to_string(),
                moment(at.unwrap_or(one.email.created_at)),
                start_of(&fields.from),
                start_of(&fields.to),
                start_of(&or_dash(fields.subject.as_deref())),
                states(&one.deliveries),
            ]);
        }
        let none = match self.state {
            None if self.scheduled => String::from("No email waits for its time."),
            None => String::from("There are no emails."),
            Some(state) => format!("There are no emails with a recipient that is {state}."),
        };
        Ok(desk.out.answer(&shapes, |to| table.write(to, &none))?)
    }
}

/// One state, or how many recipients are in which.
fn states(deliveries: &[Delivery]) -> String {
    let mut counts = BTreeMap::new();
    for delivery in deliveries {
        *counts.entry(delivery.state).or_insert(0_usize) += 1;
    }
    if let (1, Some(state)) = (counts.len(), counts.keys().next()) {
        return state.to_string();
    }
    let parts: Vec<String> = counts
        .iter()
        .map(|(state, count)| format!("{count} {state}"))
        .collect();
    parts.join(", ")
}

async fn show(desk: &Desk, which: EmailRef) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let (standing, events) = desk.engine.email_events(&caller, which).await?;
    let now = desk.engine.now();
    let mut table = Table::new([
        "DELIVERY",
        "RECIPIENT",
        "FIELD",
        "STATE",
        "ROUTE",
        "TRIES",
        "NEXT TRY",
        "LAST ANSWER",
    ]);
    for one in &standing.deliveries {
        table.row([
            one.id.to_string(),
            one.address.clone(),
            one.field.to_string(),
            one.state.to_string(),
            way(one, &events),
            one.attempts.to_string(),
            moment_or_dash(one.next_at),
            start_of(&or_dash(one.last_answer.as_deref())),
        ]);
    }
    let lines = lines(&standing, now);
    let id = standing.email.id;
    let shape = shape::Standing::of(&standing, &events, now);
    Ok(desk.out.answer(&shape, |to| {
        fields(to, &lines)?;
        writeln!(to)?;
        table.write(to, "It has no recipients.")?;
        writeln!(to, "\nThe whole story: posthouse email why {id}")?;
        if standing.fate(now) == Fate::Scheduled {
            writeln!(to, "Take it back: posthouse email cancel {id}")?;
        }
        Ok(())
    })?)
}

/// The route of a recipient's copy, with the relay that took it.
fn way(delivery: &Delivery, events: &[Event]) -> String {
    let Some(route) = delivery.route else {
        return String::from("-");
    };
    match relay_of(delivery.id, events) {
        Some(relay) => format!("{route} ({relay})"),
        None => route.to_string(),
    }
}

fn lines(standing: &EmailStanding, now: Timestamp) -> Vec<(&'static str, String)> {
    let email = &standing.email;
    let submitted = email.fields.clone();
    let mut lines = vec![
        ("Email", email.id.to_string()),
        ("UUID", email.uuid.to_string()),
        ("Accepted", moment(email.created_at)),
    ];
    let at = [("Send at", email.send_at), ("Sent", standing.sent_at())];
    for (name, at) in at {
        lines.extend(at.map(|at| (name, moment(at))));
    }
    lines.push(("Fate", standing.fate(now).to_string()));
    let optional = [
        ("Trouble", standing.trouble(now)),
        ("From", Some(submitted.from)),
        ("To", Some(submitted.to)),
        ("Cc", submitted.cc),
        ("Bcc", submitted.bcc),
        ("Reply-To", submitted.reply_to),
        ("Subject", submitted.subject),
        ("Tags", submitted.tags.map(|tags| tags.join(", "))),
        ("Metadata", email.metadata.clone()),
    ];
    for (name, value) in optional {
        lines.extend(value.map(|value| (name, value)));
    }
    lines.push(("Message-ID", format!("<{}>", email.message_id)));
    lines.push(("Key", email.key.to_string()));
    lines
}

/// The id of an email, however it was named.
async fn id_of(desk: &Desk, caller: &Caller, which: EmailRef) -> Result<EmailId, Refusal> {
    match which {
        EmailRef::Id(id) => Ok(id),
        which => Ok(desk.engine.email(caller, which).await?.email.id),
    }
}

async fn raw(desk: &Desk, which: EmailRef) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let id = id_of(desk, &caller, which).await?;
    let raw = desk.engine.email_raw(&caller, id).await?;
    let shape = json!({"id": id.0, "raw": String::from_utf8_lossy(&raw)});
    Ok(desk.out.bytes(&shape, &raw)?)
}

async fn why(desk: &Desk, which: EmailRef, questions: Questions) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let id = id_of(desk, &caller, which).await?;
    let story = desk.engine.why(&caller, id, questions).await?;
    Ok(desk
        .out
        .answer(&shape::Story::of(&story), |to| tell(to, &story))?)
}

async fn cancel(desk: &Desk, which: EmailRef) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let email = desk.engine.email(&caller, which).await?.email;
    let id = email.id;
    let done = desk.engine.cancel_email(&caller, email.uuid).await;
    done.map_err(|error| match error {
        posthouse::Error::Conflict(_) => Refusal::new(
            Exit::Refused,
            format!("email {id} does not wait for its time any more"),
        )
        .hint(format!(
            "`posthouse email show {id}` shows where it stands."
        )),
        error => error.into(),
    })?;
    let shape = json!({"id": id.0, "canceled": true});
    Ok(desk
        .out
        .answer(&shape, |to| writeln!(to, "Email {id} is not sent."))?)
}

impl Held {
    async fn decide(self, desk: &Desk, decision: Decision) -> Result<(), Refusal> {
        let caller = desk.caller().await?;
        let id = id_of(desk, &caller, self.email).await?;
        let only = self.delivery.map(DeliveryId);
        let count = desk
            .engine
            .decide(&caller, id, only, decision)
            .await
            .map_err(|error| match error {
                posthouse::Error::Conflict(_) => {
                    Refusal::new(Exit::Refused, format!("nothing of email {id} is held")).hint(
                        format!("`posthouse email show {id}` shows where it stands."),
                    )
                }
                error => error.into(),
            })?;
        let did = match decision {
            Decision::Release => "released",
            Decision::Burn => "burned",
        };
        let shape = json!({"id": id.0, "decision": did, "deliveries": count});
        Ok(desk.out.answer(&shape, |to| {
            writeln!(to, "Email {id}: {count} held {} {did}.", plural(count))
        })?)
    }
}

const fn plural(count: usize) -> &'static str {
    if count == 1 { "delivery" } else { "deliveries" }
}
