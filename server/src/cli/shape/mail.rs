//! Emails, their recipients and tries; messages kept here.

use posthouse::clock::Timestamp;
use posthouse::ids::DeliveryId;
use posthouse::model::bounce as b;
use posthouse::model::delivery as d;
use posthouse::model::email as e;
use posthouse::model::event as ev;
use posthouse::model::mailbox as mb;
use posthouse::ops::emails::EmailStanding;
use serde::Serialize;
use serde_json::Value;

use super::{time, time_or_none};

#[derive(Debug, Serialize)]
pub struct Delivery {
    pub id: i64,
    pub address: String,
    pub field: &'static str,
    pub state: &'static str,
    pub held_because: Option<&'static str>,
    pub bounced_by: Option<&'static str>,
    pub route: Option<&'static str>,
    /// The name of the relay that it was last handed to.
    pub relay: Option<String>,
    pub attempts: u32,
    pub next_at: Option<String>,
    pub last_answer: Option<String>,
    pub sent_at: Option<String>,
    pub updated_at: String,
}

impl Delivery {
    pub fn of(from: &d::Delivery, events: &[ev::Event]) -> Self {
        Self {
            id: from.id.0,
            address: from.address.clone(),
            field: from.field.as_str(),
            state: from.state.as_str(),
            held_because: from.held_because.map(d::HeldBecause::as_str),
            bounced_by: from.bounced_by.map(d::BouncedBy::as_str),
            route: from.route.map(d::Route::as_str),
            relay: relay_of(from.id, events).map(str::to_owned),
            attempts: from.attempts,
            next_at: time_or_none(from.next_at),
            last_answer: from.last_answer.clone(),
            sent_at: time_or_none(from.sent_at),
            updated_at: time(from.updated_at),
        }
    }
}

/// The name of the relay that a delivery was last handed to, as its events tell.
pub fn relay_of(delivery: DeliveryId, events: &[ev::Event]) -> Option<&str> {
    events
        .iter()
        .rev()
        .filter(|event| event.delivery == Some(delivery))
        .find_map(|event| event.facts.relay.as_deref())
}

#[derive(Debug, Serialize)]
pub struct Email {
    pub id: i64,
    pub uuid: String,
    pub domain_id: Option<i64>,
    pub key_id: i64,
    pub message_id: String,
    pub from: String,
    pub to: String,
    pub cc: Option<String>,
    pub bcc: Option<String>,
    pub reply_to: Option<String>,
    pub subject: Option<String>,
    pub tags: Option<Vec<String>>,
    /// What the sender keeps with it.
    pub metadata: Option<Value>,
    pub send_at: Option<String>,
    pub created_at: String,
}

impl Email {
    pub fn of(from: &e::Email) -> Self {
        let fields = from.fields.clone();
        Self {
            id: from.id.0,
            uuid: from.uuid.to_string(),
            domain_id: from.domain.map(|id| id.0),
            key_id: from.key.0,
            message_id: from.message_id.clone(),
            from: fields.from,
            to: fields.to,
            cc: fields.cc,
            bcc: fields.bcc,
            reply_to: fields.reply_to,
            subject: fields.subject,
            tags: fields.tags,
            metadata: from
                .metadata
                .as_deref()
                .and_then(|text| serde_json::from_str(text).ok()),
            send_at: time_or_none(from.send_at),
            created_at: time(from.created_at),
        }
    }
}

#[derive(Debug, Serialize)]
pub struct Standing {
    #[serde(flatten)]
    pub email: Email,
    pub fate: &'static str,
    pub sent_at: Option<String>,
    /// What was said last, where it did not arrive.
    pub trouble: Option<String>,
    pub deliveries: Vec<Delivery>,
}

impl Standing {
    /// Relays are named where there are events that tell of them.
    pub fn of(from: &EmailStanding, events: &[ev::Event], now: Timestamp) -> Self {
        Self {
            email: Email::of(&from.email),
            fate: from.fate(now).as_str(),
            sent_at: time_or_none(from.sent_at()),
            trouble: from.trouble(now),
            deliveries: from
                .deliveries
                .iter()
                .map(|one| Delivery::of(one, events))
                .collect(),
        }
    }
}

#[derive(Debug, Serialize)]
pub struct Event {
    pub id: i64,
    pub kind: &'static str,
    pub detail: Option<String>,
    pub route: Option<&'static str>,
    /// The relay's name, where it was one.
    pub relay: Option<String>,
    /// The link that was followed.
    pub url: Option<String>,
    /// What opened it or followed a link, and from where.
    pub user_agent: Option<String>,
    pub ip: Option<String>,
    pub at: String,
}

impl Event {
    pub fn of(from: &ev::Event) -> Self {
        Self {
            id: from.id.0,
            kind: from.kind.as_str(),
            detail: from.detail.clone(),
            route: from.facts.route.map(d::Route::as_str),
            relay: from.facts.relay.clone(),
            url: from.facts.url.clone(),
            user_agent: from.facts.user_agent.clone(),
            ip: from.facts.ip.clone(),
            at: time(from.at),
        }
    }
}

fn lines(text: Option<&str>) -> Vec<String> {
    let lines = text.unwrap_or_default().lines();
    lines.map(str::to_owned).collect()
}

#[derive(Debug, Serialize)]
pub struct Attempt {
    pub id: i64,
    pub number: u32,
    pub state: &'static str,
    pub outcome: Option<&'static str>,
    pub route: &'static str,
    pub relay_id: Option<i64>,
    /// What DNS said on the way, an answer each.
    pub dns: Vec<String>,
    pub peer: Option<String>,
    pub tls: Option<String>,
    pub stage: Option<&'static str>,
    pub reply: Option<String>,
    pub transcript: Option<String>,
    pub planned_at: String,
    pub connected_at: Option<String>,
    pub data_sent_at: Option<String>,
    pub settled_at: Option<String>,
}

impl Attempt {
    pub fn of(from: &d::Attempt) -> Self {
        Self {
            id: from.id.0,
            number: from.number,
            state: from.state.as_str(),
            outcome: from.outcome.map(d::Outcome::as_str),
            route: from.route.as_str(),
            relay_id: from.relay.map(|id| id.0),
            dns: lines(from.dns.as_deref()),
            peer: from.peer.clone(),
            tls: from.tls.clone(),
            stage: from.stage.map(d::Stage::as_str),
            reply: from.reply.as_ref().map(d::Answer::line),
            transcript: from.transcript.clone(),
            planned_at: time(from.planned_at),
            connected_at: time_or_none(from.connected_at),
            data_sent_at: time_or_none(from.data_sent_at),
            settled_at: time_or_none(from.settled_at),
        }
    }
}

#[derive(Debug, Serialize)]
pub struct Message {
    pub id: i64,
    pub address: String,
    pub folder: &'static str,
    pub email_id: Option<i64>,
    pub from: String,
    pub subject: Option<String>,
    pub size_bytes: u64,
    pub received_at: String,
}

impl Message {
    pub fn of(from: &mb::Message) -> Self {
        Self {
            id: from.id.0,
            address: from.address.clone(),
            folder: from.folder.as_str(),
            email_id: from.email.map(|id| id.0),
            from: from.from.clone(),
            subject: from.subject.clone(),
            size_bytes: from.size_bytes,
            received_at: time(from.received_at),
        }
    }
}

#[derive(Debug, Serialize)]
pub struct Bounce {
    pub id: i64,
    pub address: String,
    pub kind: &'static str,
    pub subtype: Option<String>,
    pub diagnostic: Option<String>,
    pub source: &'static str,
    pub email_id: Option<i64>,
    pub created_at: String,
}

impl Bounce {
    pub fn of(from: &b::Bounce) -> Self {
        Self {
            id: from.id.0,
            address: from.address.clone(),
            kind: from.kind.as_str(),
            subtype: from.subtype.clone(),
            diagnostic: from.diagnostic.clone(),
            source: from.source.as_str(),
            email_id: from.email.map(|id| id.0),
            created_at: time(from.created_at),
        }
    }
}
