//! `posthouse email`: what was submitted to be sent, and what became of it.

use std::collections::BTreeMap;

use clap::{Args, Subcommand};
use posthouse::ids::{DeliveryId, EmailId};
use posthouse::limits::WHY_DNS;
use posthouse::model::delivery::{Delivery, State};
use posthouse::ops::emails::{Decision, EmailRef, EmailStanding};
use posthouse::ops::why::Questions;
use posthouse::store::EmailFilter;
use serde_json::json;

use super::desk::Desk;
use super::shape;
use super::table::{Table, fields, moment, moment_or_dash, or_dash, start_of};
use super::why::tell;
use super::words::one_of;
use crate::refusal::Refusal;

/// Emails: what was submitted to be sent, and what became of it
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  posthouse email list --state bounced
  posthouse email why 42               the whole story, recipient by recipient
  posthouse email release 42           let held mail go
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
        /// The email's id
        id: i64,
    },
    /// Print the MIME of an email, as composed
    Raw {
        /// The email's id
        id: i64,
    },
    /// Tell the whole story of an email: what came of it and why, what to do, what DNS said
    /// then and says now, events, tries and conversations
    Why {
        /// The email's id
        id: i64,
        /// Do not ask DNS what it says now
        #[arg(long)]
        no_dns: bool,
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
    /// The email's id
    id: i64,
    /// Only this recipient, by the id of its delivery [default: all that are held]
    #[arg(long, value_name = "ID")]
    delivery: Option<i64>,
}

impl Email {
    /// Runs it.
    ///
    /// # Errors
    /// As the engine says.
    pub async fn run(self, desk: &Desk) -> Result<(), Refusal> {
        match self.command {
            Command::List(list) => list.run(desk).await,
            Command::Show { id } => show(desk, EmailId(id)).await,
            Command::Raw { id } => raw(desk, EmailId(id)).await,
            Command::Why { id, no_dns } => {
                let questions = match no_dns {
                    true => Questions::Skip,
                    false => Questions::Ask { within: WHY_DNS },
                };
                why(desk, EmailId(id), questions).await
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
        };
        let emails = desk.engine.emails(&caller, filter, self.limit).await?;
        let shapes: Vec<_> = emails.iter().map(shape::Standing::of).collect();
        let mut table = Table::new(["ID", "ACCEPTED", "FROM", "TO", "SUBJECT", "STATE"]);
        for one in &emails {
            let fields = &one.email.fields;
            table.row([
                one.email.id.to_string(),
                moment(one.email.created_at),
                start_of(&fields.from),
                start_of(&fields.to),
                start_of(&or_dash(fields.subject.as_deref())),
                states(&one.deliveries),
            ]);
        }
        let none = match self.state {
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

async fn show(desk: &Desk, id: EmailId) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let EmailStanding { email, deliveries } = desk.engine.email(&caller, EmailRef::Id(id)).await?;
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
    for one in &deliveries {
        table.row([
            one.id.to_string(),
            one.address.clone(),
            one.field.to_string(),
            one.state.to_string(),
            one.route
                .map_or_else(|| String::from("-"), |route| route.to_string()),
            one.attempts.to_string(),
            moment_or_dash(one.next_at),
            start_of(&or_dash(one.last_answer.as_deref())),
        ]);
    }
    let submitted = email.fields.clone();
    let mut lines = vec![
        ("Email", email.id.to_string()),
        ("Accepted", moment(email.created_at)),
        ("From", submitted.from),
        ("To", submitted.to),
    ];
    let optional = [
        ("Cc", submitted.cc),
        ("Bcc", submitted.bcc),
        ("Reply-To", submitted.reply_to),
        ("Subject", submitted.subject),
        ("Tags", submitted.tags.map(|tags| tags.join(", "))),
    ];
    for (name, value) in optional {
        lines.extend(value.map(|value| (name, value)));
    }
    lines.push(("Message-ID", format!("<{}>", email.message_id)));
    lines.push(("Key", email.key.to_string()));
    let shape = shape::Standing::of(&EmailStanding { email, deliveries });
    Ok(desk.out.answer(&shape, |to| {
        fields(to, &lines)?;
        writeln!(to)?;
        table.write(to, "It has no recipients.")?;
        writeln!(to, "\nThe whole story: posthouse email why {id}")
    })?)
}

async fn raw(desk: &Desk, id: EmailId) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let raw = desk.engine.email_raw(&caller, id).await?;
    let shape = json!({"id": id.0, "raw": String::from_utf8_lossy(&raw)});
    Ok(desk.out.bytes(&shape, &raw)?)
}

async fn why(desk: &Desk, id: EmailId, questions: Questions) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let story = desk.engine.why(&caller, id, questions).await?;
    Ok(desk
        .out
        .answer(&shape::Story::of(&story), |to| tell(to, &story))?)
}

impl Held {
    async fn decide(self, desk: &Desk, decision: Decision) -> Result<(), Refusal> {
        let caller = desk.caller().await?;
        let id = EmailId(self.id);
        let only = self.delivery.map(DeliveryId);
        let count = desk
            .engine
            .decide(&caller, id, only, decision)
            .await
            .map_err(|error| match error {
                posthouse::Error::Conflict(_) => Refusal::new(
                    crate::refusal::Exit::Refused,
                    format!("nothing of email {id} is held"),
                )
                .hint(format!(
                    "`posthouse email show {id}` shows where it stands."
                )),
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
