//! A message as this wire shows it.

use std::collections::BTreeMap;

use posthouse::clock::Timestamp;
use posthouse::mime::page;
use posthouse::model::content::{Content, Field, Named};
use posthouse::model::mailbox::Message;
use posthouse::model::received::Received;
use posthouse::ops::mail::Shown;

use super::super::wire::mail::{Mail, Person, WholeMail};

/// A message in a list. `content` is apart because it may not have been kept with the message;
/// `token` is what it is known by.
pub(in super::super) fn mail(message: &Message, content: &Content, token: &str) -> Mail {
    let Content {
        from,
        to,
        cc,
        bcc,
        reply_to: _,
        subject,
        message_id: _,
        in_reply_to: _,
        date_ms: _,
        links,
        attachments,
    } = content;
    let trace = message.trace.as_ref();
    let domain = message
        .address
        .rsplit_once('@')
        .map_or("", |(_, host)| host);
    Mail {
        id: token.to_owned(),
        from: people(from),
        to: people(to),
        cc: people(cc),
        bcc: people(bcc),
        subject: subject.clone().unwrap_or_default(),
        saved_by: message.starred_by.clone(),
        inbox: message.address.clone(),
        original_inbox: message
            .original
            .clone()
            .unwrap_or_else(|| message.address.clone()),
        domain: domain.to_owned(),
        received: message.received_at.rfc3339_millis(),
        size: message.size_bytes,
        attachments: attachments.clone(),
        ip: trace.map_or_else(String::new, |trace| trace.remote.clone()),
        via: trace.map_or_else(String::new, |trace| trace.local.clone()),
        folder: message.folder.as_str(),
        labels: message.labels.clone(),
        read: message.seen,
        rtls: trace.is_some_and(|trace| trace.tls.is_some()),
        links: links.clone(),
        spam: 0,
    }
}

/// A message as the engine shows it.
pub(in super::super) fn shown(shown: &Shown) -> Mail {
    let Shown {
        message,
        content,
        token,
    } = shown;
    mail(message, content, token)
}

/// Messages as lists show them.
pub(in super::super) fn list(list: &[Shown]) -> Vec<Mail> {
    list.iter().map(shown).collect()
}

fn people(list: &[Named]) -> Vec<Person> {
    list.iter()
        .map(|Named { address, name }| Person {
            address: address.clone(),
            name: name.clone(),
        })
        .collect()
}

/// Mail that came in, whole.
pub(in super::super) fn whole(received: &Received) -> WholeMail {
    let Received {
        event: _,
        event_uuid: _,
        message,
        token,
        alias,
        raw,
        content,
        fields,
        text: _,
        html,
        files: _,
        now: _,
    } = received;
    let mail = mail(message, content, token);
    let html = html.clone().unwrap_or_default();
    WholeMail {
        text: page::text(raw),
        body: html.clone(),
        html,
        raw: String::from_utf8_lossy(raw).into_owned(),
        headers: grouped(fields),
        message_id: content.message_id.clone(),
        priority: priority(fields),
        date: content.date_ms.map(|ms| Timestamp(ms).rfc3339_millis()),
        received_date: message.received_at.rfc3339_millis(),
        encrypted_inbox: alias.clone(),
        mail,
    }
}

/// Header fields by their names in lower case.
pub(in super::super) fn grouped(fields: &[Field]) -> BTreeMap<String, Vec<String>> {
    let mut headers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for Field { name, value } in fields {
        let values = headers.entry(name.to_ascii_lowercase()).or_default();
        values.push(value.clone());
    }
    headers
}

/// What its sender thinks of it, by whichever of the customary fields comes first.
fn priority(fields: &[Field]) -> &'static str {
    let customary = ["x-priority", "x-msmail-priority", "importance", "priority"];
    let said = fields
        .iter()
        .find(|field| customary.contains(&field.name.to_ascii_lowercase().as_str()));
    let said = said.map(|field| field.value.trim().to_ascii_lowercase());
    match said.as_deref() {
        Some(word) if word.starts_with(['1', '2']) || word == "high" || word == "urgent" => "high",
        Some(word) if word.starts_with(['4', '5']) || word == "low" || word == "non-urgent" => {
            "low"
        }
        Some(_) | None => "normal",
    }
}
