//! What commands print as JSON: the engine's values, field for field, times in RFC 3339.

mod address;
mod keep;
mod key;
mod mail;
mod organization;
mod template;
mod why;

pub use address::Address;
pub use keep::{Keep, Mailbox, Person};
pub use key::{Key, KeyKind, KeyListed};
pub use mail::{Bounce, Message, Standing, relay_of};
pub use organization::{Organization, OrganizationCounts, Usage, User};
pub use template::{Template, TemplateWithVariables};
pub use why::Story;

use posthouse::clock::Timestamp;
use posthouse::model::client::SrvRecord;
use posthouse::model::domain as dom;
use posthouse::model::relay as r;
use posthouse::model::suppression as s;
use posthouse::model::webhook as w;
use posthouse::ops::relays::RelayUse as RelayTook;
use serde::Serialize;

fn time(at: Timestamp) -> String {
    at.rfc3339_millis()
}

fn time_or_none(at: Option<Timestamp>) -> Option<String> {
    at.map(time)
}

fn texts<T: std::fmt::Display>(all: &[T]) -> Vec<String> {
    all.iter().map(ToString::to_string).collect()
}

#[derive(Debug, Serialize)]
pub struct Domain {
    pub id: i64,
    pub uuid: String,
    pub host: String,
    pub name: Option<String>,
    pub selector: String,
    pub verified: bool,
    pub dkim_verified: bool,
    pub advanced_verified: bool,
    pub mail_from: Option<String>,
    pub mail_from_verified: bool,
    pub tls: &'static str,
    pub tracking: &'static str,
    pub unsubscribe: &'static str,
    pub receives: &'static str,
    pub dmarc: &'static str,
    /// The mailbox's id.
    pub catch_all: Option<i64>,
    pub created_at: String,
    pub modified_at: String,
}

impl Domain {
    pub fn of(from: &dom::Domain) -> Self {
        Self {
            id: from.id.0,
            uuid: from.uuid.to_string(),
            host: from.host.clone(),
            name: from.name.clone(),
            selector: from.selector.clone(),
            verified: from.is_verified(),
            dkim_verified: from.dkim_verified,
            advanced_verified: from.advanced_verified,
            mail_from: from.mail_from.clone(),
            mail_from_verified: from.mail_from_verified,
            tls: from.tls.as_str(),
            tracking: from.tracking.as_str(),
            unsubscribe: from.unsubscribe.as_str(),
            receives: from.receives.as_str(),
            dmarc: from.dmarc.as_str(),
            catch_all: from.catch_all.map(|id| id.0),
            created_at: time(from.created_at),
            modified_at: time(from.modified_at),
        }
    }
}

#[derive(Debug, Serialize)]
pub struct Record {
    pub kind: &'static str,
    pub record_type: &'static str,
    pub name: String,
    pub expected: String,
    pub need: &'static str,
    pub verdict: Option<&'static str>,
    pub found: Option<Vec<String>>,
    pub checked_at: Option<String>,
}

impl Record {
    pub fn of(from: &dom::Record) -> Self {
        let checked = from.checked.as_ref();
        Self {
            kind: from.kind.as_str(),
            record_type: from.record_type,
            name: from.name.clone(),
            expected: from.expected.clone(),
            need: from.need.as_str(),
            verdict: checked.map(|checked| checked.verdict.as_str()),
            found: checked.map(|checked| checked.found.clone()),
            checked_at: checked.map(|checked| time(checked.at)),
        }
    }
}

#[derive(Debug, Serialize)]
pub struct Records {
    pub domain: Domain,
    pub records: Vec<Record>,
}

/// All that a domain is to publish.
#[derive(Debug, Serialize)]
pub struct Published {
    #[serde(flatten)]
    pub found: Records,
    /// SRV records for people's mail programs.
    pub services: Vec<Srv>,
}

#[derive(Debug, Serialize)]
pub struct Srv {
    pub name: String,
    pub r#type: &'static str,
    pub value: String,
}

impl Srv {
    pub fn all(records: &[SrvRecord]) -> Vec<Self> {
        let one = |record: &SrvRecord| Self {
            name: record.name.clone(),
            r#type: "SRV",
            value: record.value(),
        };
        records.iter().map(one).collect()
    }
}

#[derive(Debug, Serialize)]
pub struct Relay {
    pub id: i64,
    pub name: String,
    pub host: String,
    pub port: u16,
    pub security: &'static str,
    pub user: Option<String>,
    pub standing: &'static str,
    /// From 0, the default's.
    pub position: i64,
    pub hourly: Option<u32>,
    pub daily: Option<u32>,
    pub sender: Option<RelaySender>,
    pub created_at: String,
}

#[derive(Debug, Serialize)]
pub struct RelaySender {
    pub email: String,
    pub name: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct RelayUse {
    #[serde(flatten)]
    pub relay: Relay,
    /// Counted where there is a limit.
    pub this_hour: u32,
    pub today: u32,
}

impl RelayUse {
    pub fn of(from: &RelayTook) -> Self {
        Self {
            relay: Relay::of(&from.relay),
            this_hour: from.this_hour,
            today: from.today,
        }
    }
}

impl Relay {
    pub fn of(from: &r::Relay) -> Self {
        Self {
            id: from.id.0,
            name: from.name.clone(),
            host: from.host.clone(),
            port: from.port,
            security: from.security.as_str(),
            user: from.user.clone(),
            standing: from.standing.as_str(),
            position: from.position,
            hourly: from.limits.hourly,
            daily: from.limits.daily,
            sender: from.sender.as_ref().map(|sender| RelaySender {
                email: sender.email.clone(),
                name: sender.name.clone(),
            }),
            created_at: time(from.created_at),
        }
    }
}

#[derive(Debug, Serialize)]
pub struct Webhook {
    pub id: i64,
    pub uuid: String,
    pub domain_id: Option<i64>,
    pub form: String,
    pub url: String,
    pub events: Vec<String>,
    /// The end of its secret, where its form has one.
    pub secret_hint: Option<String>,
    /// Only just after it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    pub activity: &'static str,
    pub stopped_because: Option<String>,
    pub cursor: i64,
    pub created_at: String,
    pub modified_at: String,
}

impl Webhook {
    pub fn of(from: &w::Webhook, secret: Option<String>) -> Self {
        Self {
            id: from.id.0,
            uuid: from.uuid.to_string(),
            domain_id: from.domain.map(|id| id.0),
            form: from.form.clone(),
            url: from.url_shown.clone(),
            events: texts(&from.kinds),
            secret_hint: from.secret_hint.clone(),
            secret,
            activity: from.activity.as_str(),
            stopped_because: from.stopped_because.clone(),
            cursor: from.cursor.0,
            created_at: time(from.created_at),
            modified_at: time(from.modified_at),
        }
    }
}

#[derive(Debug, Serialize)]
pub struct WebhookDelivery {
    pub id: i64,
    pub event_id: i64,
    pub kind: &'static str,
    /// How the delivery that it tells of left.
    pub route: Option<&'static str>,
    /// In its form's words.
    pub state: &'static str,
    pub attempts: u32,
    pub next_at: Option<String>,
    pub last_status: Option<u16>,
    pub last_error: Option<String>,
    pub created_at: String,
    pub updated_at: String,
}

impl WebhookDelivery {
    pub fn of(from: &w::WebhookDelivery, state: &'static str) -> Self {
        Self {
            id: from.id.0,
            event_id: from.event.0,
            kind: from.kind.as_str(),
            route: from.route.map(|route| route.as_str()),
            state,
            attempts: from.attempts,
            next_at: time_or_none(from.next_at),
            last_status: from.last_status,
            last_error: from.last_error.clone(),
            created_at: time(from.created_at),
            updated_at: time(from.updated_at),
        }
    }
}

#[derive(Debug, Serialize)]
pub struct Suppression {
    pub id: i64,
    pub domain_id: Option<i64>,
    pub address: String,
    pub reason: &'static str,
    pub detail: Option<String>,
    pub email_id: Option<i64>,
    pub created_at: String,
}

impl Suppression {
    pub fn of(from: &s::Suppression) -> Self {
        Self {
            id: from.id.0,
            domain_id: from.domain.map(|id| id.0),
            address: from.address.clone(),
            reason: from.reason.as_str(),
            detail: from.detail.clone(),
            email_id: from.email.map(|id| id.0),
            created_at: time(from.created_at),
        }
    }
}
