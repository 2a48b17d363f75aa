//! The bodies of webhook calls.
//!
//! An email has one status on this wire, but each recipient a fate of its own. So the event
//! of one recipient of several names that recipient alone: `to` is their address, and `cc`
//! and `bcc` are null. Whatever concerns the whole email, and everything about an email
//! with one recipient, shows the fields as they were submitted.

use std::collections::HashSet;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use posthouse::model::address::parse_list;
use posthouse::model::email::Fields;
use posthouse::model::event::EventKind;
use posthouse::model::notice::{Afterwards, Form, Notice, Patience, Retried, Secrecy, Signing};

use super::wire::{Hook, Payload};

/// Waits before the second, third, … call.
const GAPS: [Duration; 10] = [
    Duration::from_secs(10),
    Duration::from_secs(30),
    Duration::from_secs(60),
    Duration::from_secs(120),
    Duration::from_secs(300),
    Duration::from_secs(600),
    Duration::from_secs(1_800),
    Duration::from_secs(3_600),
    Duration::from_secs(7_200),
    Duration::from_secs(14_400),
];

/// The form of MailPace's webhooks.
pub struct Hooks;

impl Form for Hooks {
    fn name(&self) -> &'static str {
        "mailpace"
    }

    fn body(&self, notice: &Notice, _: Option<&str>) -> Option<Vec<u8>> {
        let (event, status) = word(notice.event.kind)?;
        let hook = Hook {
            event,
            payload: payload(notice, status)?,
        };
        let body = serde_json::to_vec(&hook)
            .expect("text, numbers and lists of text can always be written as JSON");
        Some(body)
    }

    fn headers(&self, body: &[u8], signing: &Signing<'_>) -> Vec<(String, String)> {
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut headers = vec![
            field("Content-Type", "application/json"),
            field("User-Agent", "mailpace_webhooks/1.0"),
        ];
        // Over the exact bytes of the body and nothing else (section 6 of the contract).
        if let Some(sign) = signing.domain {
            headers.push(field("X-MailPace-Signature", &STANDARD.encode(sign(body))));
        }
        headers
    }

    fn patience(&self) -> Patience {
        Patience {
            gaps: &GAPS,
            retried: Retried::Passing,
            afterwards: Afterwards::SwitchOff,
        }
    }

    fn secrecy(&self) -> Secrecy {
        Secrecy::None
    }
}

/// The contract's words for an event; None for those it does not know.
fn word(kind: EventKind) -> Option<(&'static str, &'static str)> {
    match kind {
        EventKind::Queued => Some(("email.queued", "queued")),
        EventKind::Delivered => Some(("email.delivered", "delivered")),
        EventKind::Deferred => Some(("email.deferred", "deferred")),
        // What is not sent because it bounced before has bounced, to the sender.
        EventKind::Bounced | EventKind::Suppressed => Some(("email.bounced", "bounced")),
        EventKind::Spam => Some(("email.spam", "spam")),
        EventKind::Held
        | EventKind::Released
        | EventKind::Burned
        | EventKind::Canceled
        | EventKind::Complained
        | EventKind::Opened
        | EventKind::Clicked
        | EventKind::Unsubscribed
        | EventKind::Received
        | EventKind::Unknown => None,
    }
}

/// None for mail of no domain of ours: this wire has no word for it.
fn payload<'a>(notice: &'a Notice, status: &'static str) -> Option<Payload<'a>> {
    let Notice {
        event,
        event_uuid: _,
        recipient,
        email,
        deliveries: _,
        html,
        text,
        now: _,
    } = notice;
    let fields = &email.fields;
    let (to, cc, bcc) = match recipient {
        Some(address) if recipients(fields) > 1 => (Some(address.as_str()), None, None),
        Some(_) | None => (
            Some(fields.to.as_str()),
            fields.cc.as_deref(),
            fields.bcc.as_deref(),
        ),
    };
    Some(Payload {
        status,
        id: email.id.0,
        domain_id: email.domain?.0,
        created_at: email.created_at.rfc3339_millis(),
        updated_at: event.at.rfc3339_millis(),
        from: &fields.from,
        to: to.filter(|to| !to.is_empty()),
        htmlbody: html.as_deref(),
        textbody: text.as_deref(),
        cc,
        bcc,
        subject: fields.subject.as_deref(),
        replyto: fields.reply_to.as_deref(),
        message_id: &email.message_id,
        list_unsubscribe: fields.list_unsubscribe.as_deref(),
        tags: fields.tags.as_deref(),
    })
}

/// How many people an email goes to.
fn recipients(fields: &Fields) -> usize {
    let lists = [Some(&fields.to), fields.cc.as_ref(), fields.bcc.as_ref()];
    let addresses: HashSet<String> = lists
        .into_iter()
        .flatten()
        .filter_map(|list| parse_list(list).ok())
        .flatten()
        .map(|mailbox| mailbox.address.key())
        .collect();
    addresses.len()
}

#[cfg(test)]
mod tests;
