//! Messages and what happened to them.

use posthouse::clock::Timestamp;
use posthouse::ids::numbered_uuid;
use posthouse::model::address::{Mailbox, parse_list};
use posthouse::model::delivery::Delivery;
use posthouse::model::email::{Email, Fields};
use posthouse::model::event::{Event, EventKind, Facts};
use posthouse::model::fate::Fate;
use posthouse::model::key::Caller;
use posthouse::model::organization::EnumStyle;
use posthouse::ops::emails::{EmailContent, EmailStanding};

use super::super::wire::answer::{self, Enumerated};
use super::happening::happening;

/// What became of an email: the word, and its number where one is wanted.
pub(in super::super) const fn status_of(fate: Fate) -> (&'static str, u8) {
    match fate {
        Fate::Queued => ("Queued", 0),
        Fate::Scheduled => ("Scheduled", 1),
        Fate::Sent => ("Sent", 2),
        Fate::Delivered => ("Delivered", 3),
        Fate::Refused | Fate::Bounced => ("Bounced", 4),
        Fate::Complained => ("Complained", 5),
        Fate::Failed => ("Failed", 6),
        Fate::Canceled => ("Canceled", 7),
    }
}

fn status(fate: Fate, style: EnumStyle) -> Enumerated {
    let (word, number) = status_of(fate);
    match style {
        EnumStyle::Words => Enumerated::Word(word),
        EnumStyle::Numbers => Enumerated::Number(number),
    }
}

pub(in super::super) fn message(
    standing: EmailStanding,
    now: Timestamp,
    style: EnumStyle,
) -> answer::Message {
    let (fate, sent_at) = (standing.fate(now), standing.sent_at());
    let error_message = standing.trouble(now);
    let EmailStanding {
        email,
        deliveries: _,
    } = standing;
    let Email {
        uuid,
        message_id,
        fields,
        created_at,
        ..
    } = email;
    let Fields {
        from,
        to,
        cc,
        bcc,
        reply_to,
        subject,
        list_unsubscribe: _,
        tags,
    } = fields;
    let (from_email, from_name) = sender(from);
    let created_at = created_at.rfc3339_seconds();
    answer::Message {
        id: uuid.to_string(),
        from_email,
        from_name,
        to_email: addresses(to),
        cc,
        bcc,
        reply_to,
        subject,
        status: status(fate, style),
        provider_message_id: sent_at.map(|_| message_id),
        error_message,
        tags: tags.map(|tags| tags.join(",")),
        queued_at: created_at.clone(),
        sent_at: sent_at.map(Timestamp::rfc3339_seconds),
        created_at,
    }
}

fn sender(from: String) -> (String, Option<String>) {
    match Mailbox::parse(&from) {
        Ok(mailbox) => (mailbox.address.as_str().to_owned(), mailbox.name),
        Err(_) => (from, None),
    }
}

/// The addresses of a list, without their names.
fn addresses(list: String) -> String {
    let Ok(mailboxes) = parse_list(&list) else {
        return list;
    };
    let addresses: Vec<&str> = mailboxes.iter().map(|one| one.address.as_str()).collect();
    addresses.join(", ")
}

pub(in super::super) fn content(
    content: EmailContent,
    now: Timestamp,
    style: EnumStyle,
) -> answer::MessageContent {
    let EmailContent {
        standing,
        html,
        text,
    } = content;
    answer::MessageContent {
        message: message(standing, now, style),
        html_body: html.map(without_last_line_end),
        text_body: text.map(without_last_line_end),
    }
}

/// Every part of a mail ends with a line's end, whether or not its text did.
fn without_last_line_end(mut text: String) -> String {
    if text.ends_with('\n') {
        text.pop();
    }
    text
}

/// An event as the contract shows it; None for those that it has no word for.
pub(in super::super) fn event(
    event: Event,
    deliveries: &[Delivery],
    caller: &Caller,
) -> Option<answer::Event> {
    let Event {
        id,
        organization: _,
        domain: _,
        email: _,
        delivery,
        kind,
        detail,
        facts,
        at,
    } = event;
    let Facts {
        route,
        relay: _,
        url,
        user_agent,
        ip,
        message: _,
    } = facts;
    let recipient = deliveries
        .iter()
        .find(|one| Some(one.id) == delivery)
        .map(|one| one.address.clone());
    let metadata = answer::Metadata {
        recipient,
        smtp_response: detail.filter(|_| said_by_a_peer(kind)),
        url,
        user_agent,
        ip,
    };
    Some(answer::Event {
        id: numbered_uuid(caller.organization_uuid(), id.0).to_string(),
        kind: happening(kind, route)?.number(),
        occurred_at: at.rfc3339_seconds(),
        metadata: Some(metadata).filter(says_something),
    })
}

const fn said_by_a_peer(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::Delivered | EventKind::Bounced | EventKind::Deferred
    )
}

fn says_something(metadata: &answer::Metadata) -> bool {
    let answer::Metadata {
        recipient,
        smtp_response,
        url,
        user_agent,
        ip,
    } = metadata;
    [recipient, smtp_response, url, user_agent, ip]
        .into_iter()
        .any(Option::is_some)
}
