//! The bodies of webhook calls.
//!
//! An email has one status on this wire, but each recipient a fate of its own. So the event
//! of one recipient of several names that recipient alone: `to` is their address, and `cc`
//! and `bcc` are null. Whatever concerns the whole email, and everything about an email
//! with one recipient, shows the fields as they were submitted.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use posthouse::model::address::parse_list;
use posthouse::model::email::Fields;
use posthouse::model::event::EventKind;
use posthouse::model::notice::{Form, Notice, Rendered};

use super::wire::{Hook, Payload};

/// The form of MailPace's webhooks.
pub struct Hooks;

impl Form for Hooks {
    fn name(&self) -> &'static str {
        "mailpace"
    }

    fn render(&self, notice: &Notice, sign: &dyn Fn(&[u8]) -> [u8; 64]) -> Option<Rendered> {
        let (event, status) = word(notice.kind)?;
        let hook = Hook {
            event,
            payload: payload(notice, status),
        };
        let body = serde_json::to_vec(&hook)
            .expect("text, numbers and lists of text can always be written as JSON");
        // Over the exact bytes of the body and nothing else (section 6 of the contract).
        let signature = STANDARD.encode(sign(&body));
        Some(Rendered {
            headers: vec![
                (
                    String::from("Content-Type"),
                    String::from("application/json"),
                ),
                (
                    String::from("User-Agent"),
                    String::from("mailpace_webhooks/1.0"),
                ),
                (String::from("X-MailPace-Signature"), signature),
            ],
            body,
        })
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
        EventKind::Held | EventKind::Released | EventKind::Burned | EventKind::Unknown => None,
    }
}

fn payload<'a>(notice: &'a Notice, status: &'static str) -> Payload<'a> {
    let Notice {
        event: _,
        kind: _,
        at,
        recipient,
        email,
        domain,
        message_id,
        fields,
        html,
        text,
        created_at,
    } = notice;
    let (to, cc, bcc) = match recipient {
        Some(address) if recipients(fields) > 1 => (Some(address.as_str()), None, None),
        Some(_) | None => (
            Some(fields.to.as_str()),
            fields.cc.as_deref(),
            fields.bcc.as_deref(),
        ),
    };
    Payload {
        status,
        id: email.0,
        domain_id: domain.0,
        created_at: created_at.rfc3339_millis(),
        updated_at: at.rfc3339_millis(),
        from: &fields.from,
        to: to.filter(|to| !to.is_empty()),
        htmlbody: html.as_deref(),
        textbody: text.as_deref(),
        cc,
        bcc,
        subject: fields.subject.as_deref(),
        replyto: fields.reply_to.as_deref(),
        message_id,
        list_unsubscribe: fields.list_unsubscribe.as_deref(),
        tags: fields.tags.as_deref(),
    }
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
