//! The story of an email.

use posthouse::ops::why as w;
use serde::Serialize;

use super::mail::{Attempt, Delivery, Email, Event};
use super::{Key, Record};

#[derive(Debug, Serialize)]
pub struct Story {
    pub email: Email,
    /// The host of the sender's domain; null where a provider gave the mail its sender.
    pub domain: Option<String>,
    pub key: Key,
    /// The sending domain's records as DNS has them now; null when it was not asked.
    pub records: Option<Vec<Record>>,
    pub records_not_asked: Option<&'static str>,
    pub recipients: Vec<Recipient>,
}

impl Story {
    pub fn of(from: &w::Story) -> Self {
        let (records, records_not_asked) = now(&from.records, |records| {
            records.iter().map(Record::of).collect()
        });
        Self {
            email: Email::of(&from.email),
            domain: from.host.clone(),
            key: Key::of(&from.key, None),
            records,
            records_not_asked,
            recipients: from.recipients.iter().map(Recipient::of).collect(),
        }
    }
}

/// What DNS said, or why it was not asked.
fn now<T, S>(from: &w::Now<T>, shape: impl Fn(&T) -> S) -> (Option<S>, Option<&'static str>) {
    match from {
        w::Now::Said(said) => (Some(shape(said)), None),
        w::Now::NotAsked(why) => (None, Some(why.as_str())),
    }
}

#[derive(Debug, Serialize)]
pub struct Recipient {
    pub delivery: Delivery,
    pub route: String,
    pub standing: String,
    pub refusal: Option<Refusal>,
    pub next_step: Option<String>,
    /// What DNS says now; null when it was not asked. What it said then is with each try.
    pub dns: Option<Domain>,
    pub dns_not_asked: Option<&'static str>,
    pub events: Vec<Event>,
    pub attempts: Vec<Attempt>,
    pub message_id: Option<i64>,
}

impl Recipient {
    fn of(from: &w::RecipientStory) -> Self {
        let (dns, dns_not_asked) = now(&from.dns, Domain::of);
        Self {
            delivery: Delivery::of(&from.delivery, &from.events),
            route: from.route.clone(),
            standing: from.standing.clone(),
            refusal: from.refusal.as_ref().map(Refusal::of),
            next_step: from.next_step.clone(),
            dns,
            dns_not_asked,
            events: from.events.iter().map(Event::of).collect(),
            attempts: from.attempts.iter().map(Attempt::of).collect(),
            message_id: from.message.map(|id| id.0),
        }
    }
}

#[derive(Debug, Serialize)]
pub struct Refusal {
    pub attempt: u32,
    /// The host that said it; null when it was this machine.
    pub by: Option<String>,
    pub stage: Option<&'static str>,
    pub line: String,
    pub force: &'static str,
    pub meaning: Option<String>,
    pub next_step: Option<String>,
    pub code: Option<Code>,
    pub known: Option<Known>,
}

impl Refusal {
    fn of(from: &w::Refusal) -> Self {
        Self {
            attempt: from.attempt,
            by: from.by.clone(),
            stage: from.stage.map(|stage| stage.as_str()),
            line: from.line.clone(),
            force: from.force.as_str(),
            meaning: from.meaning().map(str::to_owned),
            next_step: from.next_step.clone(),
            code: from.code.as_ref().map(Code::of),
            known: from.known.map(Known::of),
        }
    }
}

/// An enhanced code, explained.
#[derive(Debug, Serialize)]
pub struct Code {
    pub code: String,
    pub meaning: String,
    pub source: &'static str,
}

impl Code {
    fn of(from: &w::Explained) -> Self {
        Self {
            code: from.code.clone(),
            meaning: from.meaning.clone(),
            source: from.source,
        }
    }
}

/// A provider's refusal that is known.
#[derive(Debug, Serialize)]
pub struct Known {
    pub who: &'static str,
    pub meaning: &'static str,
    pub sources: &'static [String],
}

impl Known {
    fn of(from: &'static w::Known) -> Self {
        Self {
            who: &from.who,
            meaning: &from.meaning,
            sources: &from.sources,
        }
    }
}

/// A recipient's domain, as DNS has it now.
#[derive(Debug, Serialize)]
pub struct Domain {
    pub domain: String,
    pub takes: &'static str,
    pub authentic: bool,
    pub hosts: Vec<Host>,
    pub lines: Vec<String>,
}

impl Domain {
    fn of(from: &w::DomainNow) -> Self {
        Self {
            domain: from.domain.clone(),
            takes: from.takes.as_str(),
            authentic: from.authentic,
            hosts: from.hosts.iter().map(Host::of).collect(),
            lines: from.lines.clone(),
        }
    }
}

#[derive(Debug, Serialize)]
pub struct Host {
    pub preference: Option<u16>,
    pub host: String,
    pub addresses: Vec<String>,
    pub error: Option<String>,
}

impl Host {
    fn of(from: &w::HostNow) -> Self {
        let addresses = from.addresses.as_deref().unwrap_or_default();
        Self {
            preference: from.preference,
            host: from.host.clone(),
            addresses: super::texts(addresses),
            error: from.addresses.as_ref().err().map(ToString::to_string),
        }
    }
}
