//! Between the wire and the engine; no I/O, no clock.

mod submission;

use posthouse::Error;
use posthouse::clock::Timestamp;
use posthouse::error::{Field, Reason};
use posthouse::ids::{DeliveryId, Entropy};
use posthouse::model::address::Mailbox;
use posthouse::model::bounce::{Bounce, BounceKind};
use posthouse::model::delivery::{RecipientField, Route};
use posthouse::model::email::Accepted;
use posthouse::model::event::{Event, EventKind};
use posthouse::model::fate::Fate;
use posthouse::model::key::Scope;
use posthouse::ops::bounces::Report;
use posthouse::ops::emails::{EmailRef, EmailStanding};
use posthouse::ops::scoped_keys::Token;

use super::wire::{self, Batch, BatchMessage, BounceRequest, Bounces, Message, Sent, Status};
use crate::http::credential::base62;
use crate::http::json::{Given, Text};

pub(super) use submission::{Sender, TERMS, submission, to};

/// The shape of keys whose mail may leave, as far as their mode lets it.
pub const LIVE_SHAPE: &str = "mailpass-live";
/// The shape of keys whose mail is stored and marked as sent. Their mode is capture.
pub const TEST_SHAPE: &str = "mailpass-test";
/// Both: they share a list, and names in it.
pub const SHAPES: &[&str] = &[LIVE_SHAPE, TEST_SHAPE];

const LIVE_START: &str = "mp_live_";
const TEST_START: &str = "mp_test_";
const RANDOM_CHARACTERS: usize = 40;
/// What tells keys apart: the start, and a little of what is random.
const SHOWN_CHARACTERS: usize = 12;

/// A new key of [`LIVE_SHAPE`].
pub fn live_token(entropy: &dyn Entropy) -> Token {
    token(LIVE_START, entropy)
}

/// A new key of [`TEST_SHAPE`].
pub fn test_token(entropy: &dyn Entropy) -> Token {
    token(TEST_START, entropy)
}

fn token(start: &str, entropy: &dyn Entropy) -> Token {
    let whole = base62(start, RANDOM_CHARACTERS, entropy);
    Token {
        prefix: whole[..SHOWN_CHARACTERS].to_owned(),
        whole,
    }
}

/// What a key with this permission may do; None for a word that is none of the contract's.
/// What some words are for is not here, so that nothing stands behind them.
#[must_use]
pub fn scopes(permission: &str) -> Option<&'static [Scope]> {
    match permission {
        "mail" => Some(&[Scope::Send, Scope::Read]),
        "subscribers" => Some(&[Scope::Suppressions]),
        "otp" | "campaigns" | "webhooks" => Some(&[]),
        "*" => Some(&[Scope::All]),
        _ => None,
    }
}

/// The shape that a key has by its first characters.
pub(super) fn shape(token: &str) -> Option<&'static str> {
    match token {
        token if token.starts_with(LIVE_START) => Some(LIVE_SHAPE),
        token if token.starts_with(TEST_START) => Some(TEST_SHAPE),
        _ => None,
    }
}

fn in_brackets(message_id: &str) -> String {
    format!("<{message_id}>")
}

/// The address that an email is for; `to` comes before the copies.
fn addressee(accepted: &Accepted) -> (Option<i64>, String) {
    accepted
        .deliveries
        .first()
        .map(|(id, address)| (Some(id.0), address.clone()))
        .unwrap_or_default()
}

/// The answer to an email that was taken or is in the queue.
pub(super) fn sent(accepted: &Accepted, status: &'static str) -> Sent {
    Sent {
        message_id: in_brackets(&accepted.message_id),
        status,
        to: addressee(accepted).1,
        from: accepted.from.clone(),
    }
}

/// Who one message of a batch is said to be for, and what it came to: accepted, or refused in
/// these words.
type CameTo = (Option<String>, Result<Accepted, String>);

/// The answer to a batch.
pub(super) fn batch(all: Vec<CameTo>) -> Batch {
    let queued = all.iter().filter(|(_, came_to)| came_to.is_ok()).count();
    Batch {
        total: all.len(),
        queued,
        failed: all.len() - queued,
        messages: all.into_iter().map(batch_message).collect(),
    }
}

fn batch_message((to, came_to): CameTo) -> BatchMessage {
    match came_to {
        Ok(accepted) => {
            let (queue_id, to) = addressee(&accepted);
            BatchMessage {
                to: Some(to),
                status: "queued",
                queue_id,
                message_id: Some(in_brackets(&accepted.message_id)),
                error: None,
            }
        }
        Err(words) => BatchMessage {
            to,
            status: "failed",
            queue_id: None,
            message_id: None,
            error: Some(words),
        },
    }
}

/// What a path names a message by: a queue id, or a Message-ID in whatever form.
pub(super) fn email_ref(segment: &str) -> EmailRef {
    let digits = !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit());
    match segment.parse() {
        Ok(id) if digits => EmailRef::Delivery(DeliveryId(id)),
        Ok(_) | Err(_) => EmailRef::MessageId(segment.to_owned()),
    }
}

/// The answer to what became of a message.
pub(super) fn status(standing: &EmailStanding, events: &[Event], now: Timestamp) -> Status {
    let EmailStanding { email, deliveries } = standing;
    let to = deliveries
        .iter()
        .find(|delivery| delivery.field == RecipientField::To)
        .or(deliveries.first());
    let from = &email.fields.from;
    Status {
        message: Message {
            message_id: in_brackets(&email.message_id),
            from_email: Mailbox::parse(from).map_or_else(
                |_| from.clone(),
                |mailbox| mailbox.address.as_str().to_owned(),
            ),
            to_email: to.map(|delivery| delivery.address.clone()),
            subject: email.fields.subject.clone(),
            status: status_word(standing.fate(now)),
            error_message: standing.trouble(now),
            sent_at: standing.sent_at().map(quirk_zoneless),
            created_at: quirk_zoneless(email.created_at),
        },
        events: events.iter().filter_map(event).collect(),
    }
}

/// Times of messages have no zone; they are UTC (section 1 of the contract).
fn quirk_zoneless(at: Timestamp) -> String {
    at.rfc3339_seconds().trim_end_matches('Z').to_owned()
}

const fn status_word(fate: Fate) -> &'static str {
    match fate {
        Fate::Queued | Fate::Scheduled => "queued",
        Fate::Sent => "sent",
        Fate::Delivered => "delivered",
        Fate::Bounced => "bounced",
        Fate::Complained => "complained",
        Fate::Refused | Fate::Failed | Fate::Canceled => "failed",
    }
}

/// An event, if the contract has it.
fn event(event: &Event) -> Option<wire::Event> {
    Some(wire::Event {
        event_type: event_word(event)?,
        ip_address: event.facts.ip.clone(),
        user_agent: event.facts.user_agent.clone(),
        created_at: quirk_zoneless(event.at),
    })
}

fn event_word(event: &Event) -> Option<&'static str> {
    match event.kind {
        // What only a relay has, or what is kept here, is not known to be delivered.
        EventKind::Delivered => match event.facts.route {
            Some(Route::Direct | Route::Local | Route::Simulated) => Some("delivered"),
            Some(Route::Relay | Route::Capture) | None => None,
        },
        EventKind::Opened => Some("open"),
        EventKind::Clicked => Some("click"),
        EventKind::Bounced => Some("bounce"),
        EventKind::Complained => Some("complaint"),
        EventKind::Unsubscribed => Some("unsubscribe"),
        EventKind::Queued
        | EventKind::Deferred
        | EventKind::Spam
        | EventKind::Held
        | EventKind::Released
        | EventKind::Burned
        | EventKind::Suppressed
        | EventKind::Canceled
        | EventKind::Received
        | EventKind::Unknown => None,
    }
}

const BOUNCES: u32 = 20;
const BOUNCES_MOST: u32 = 100;

/// How many bounces to skip, and to show: what cannot be read falls back, what is out of
/// range is clamped.
pub(super) fn page(query: &[(String, String)]) -> (u32, u32) {
    let number = |name: &str| {
        let (_, text) = query.iter().rev().find(|(key, _)| key == name)?;
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        // The last reason not to fit is its size.
        digits.then(|| text.parse().unwrap_or(u32::MAX))
    };
    let rows = number("limit").map_or(BOUNCES, |rows| rows.clamp(1, BOUNCES_MOST));
    (number("offset").unwrap_or(0), rows)
}

/// The answer to the list of bounces.
pub(super) fn bounces(found: Vec<Bounce>, total: u64, (offset, limit): (u32, u32)) -> Bounces {
    Bounces {
        bounces: found.into_iter().map(bounce).collect(),
        total,
        limit,
        offset,
    }
}

fn bounce(bounce: Bounce) -> wire::Bounce {
    let Bounce {
        id,
        organization: _,
        address,
        kind,
        subtype,
        diagnostic: _,
        source,
        email: _,
        created_at,
    } = bounce;
    wire::Bounce {
        id: id.0,
        email: address,
        bounce_type: kind.as_str(),
        bounce_subtype: subtype,
        source: source.as_str(),
        campaign_name: None,
        subscriber_name: None,
        created_at: created_at.rfc3339_seconds(),
    }
}

/// What is wrong with a report, in a form that its field is told in.
#[derive(Debug)]
pub(super) enum Unreported {
    /// As the engine says.
    Engine(Error),
    /// Text for a field that only this wire has.
    Field(&'static str, &'static str),
}

/// A bounce that a caller reports.
///
/// # Errors
/// The first field that is wrong; the address itself is the engine's to judge.
pub(super) fn report(request: BounceRequest<'_>) -> Result<Report, Unreported> {
    let BounceRequest {
        email,
        bounce_type,
        bounce_subtype,
        diagnostic_code,
    } = request;
    let wrong = |reason| Err(Unreported::Engine(Field::Address.error(reason)));
    let address = match email {
        Given::Value(text) if !text.is_empty() => text.into_owned(),
        Given::Absent | Given::Null | Given::Value(_) => return wrong(Reason::Absent),
        Given::Wrong => return wrong(Reason::Malformed),
    };
    let kind = match bounce_type {
        Given::Value(text) if !text.is_empty() => BounceKind::parse(&text),
        Given::Wrong => None,
        Given::Absent | Given::Null | Given::Value(_) => {
            let text = "The bounce_type field is required.";
            return Err(Unreported::Field("bounce_type", text));
        }
    };
    let kind = kind.ok_or(Unreported::Field(
        "bounce_type",
        "The bounce_type field must be hard, soft or complaint.",
    ))?;
    Ok(Report {
        address,
        kind,
        subtype: free_text(
            bounce_subtype,
            "bounce_subtype",
            "The bounce_subtype field must be a string.",
        )?,
        diagnostic: free_text(
            diagnostic_code,
            "diagnostic_code",
            "The diagnostic_code field must be a string.",
        )?,
    })
}

fn free_text(
    given: Text<'_>,
    key: &'static str,
    text: &'static str,
) -> Result<Option<String>, Unreported> {
    match given {
        Given::Absent | Given::Null => Ok(None),
        Given::Value(text) => Ok(Some(text.into_owned()).filter(|text| !text.is_empty())),
        Given::Wrong => Err(Unreported::Field(key, text)),
    }
}

#[cfg(test)]
mod tests;
