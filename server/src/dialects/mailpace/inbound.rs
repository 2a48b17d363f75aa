//! Mail that came to a domain, posted to the one endpoint that its owner named (section 7 of
//! the contract).

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use posthouse::model::address::quote_phrase;
use posthouse::model::content::{Attachment, Content, Field, Named};
use posthouse::model::event::EventKind;
use posthouse::model::notice::{
    Afterwards, DomainTerms, Form, Notice, Patience, Retried, Secrecy, Signing,
};
use posthouse::model::received::Received;
use posthouse::model::webhook::WebhookState;

use super::hooks::Hooks;
use super::wire;

/// Waits before the second to the fifth call.
const GAPS: [Duration; 4] = [
    Duration::from_secs(60),
    Duration::from_secs(300),
    Duration::from_secs(1_800),
    Duration::from_secs(7_200),
];

/// The form of MailPace's inbound endpoints.
pub struct Inbound;

impl Form for Inbound {
    fn name(&self) -> &'static str {
        "mailpace-inbound"
    }

    fn body(&self, _: &Notice, _: Option<&str>) -> Option<Vec<u8>> {
        None
    }

    fn received(&self, received: &Received, _: Option<&str>) -> Option<Vec<u8>> {
        let body = serde_json::to_vec(&inbound(received))
            .expect("text, numbers and lists of text can always be written as JSON");
        Some(body)
    }

    fn kinds(&self) -> &'static [EventKind] {
        &[EventKind::Received]
    }

    fn state(&self, state: WebhookState, attempts: u32) -> &'static str {
        match (state, attempts) {
            (WebhookState::Pending, 0) => "queued",
            (WebhookState::Pending, _) => "retrying",
            (WebhookState::Delivered, _) => "success",
            (WebhookState::Failed, _) => "failed",
        }
    }

    /// As a webhook's are.
    fn headers(&self, body: &[u8], signing: &Signing<'_>) -> Vec<(String, String)> {
        Hooks.headers(body, signing)
    }

    fn patience(&self) -> Patience {
        Patience {
            gaps: &GAPS,
            retried: Retried::Everything,
            afterwards: Afterwards::TellSender,
        }
    }

    fn secrecy(&self) -> Secrecy {
        Secrecy::None
    }

    fn domain(&self) -> DomainTerms {
        DomainTerms::Verified
    }
}

fn inbound(received: &Received) -> wire::Inbound {
    let Received {
        event: _,
        event_uuid,
        message,
        token: _,
        alias: _,
        raw,
        content,
        fields,
        text,
        html,
        files,
        now: _,
    } = received;
    let Content {
        from,
        to,
        cc,
        bcc,
        reply_to,
        subject,
        message_id,
        in_reply_to,
        date_ms: _,
        links: _,
        attachments: _,
    } = content;
    let made = || {
        let host = message.address.rsplit('@').next().unwrap_or_default();
        format!("{event_uuid}@{host}")
    };
    wire::Inbound {
        from: written(from).unwrap_or_default(),
        headers: lines(fields),
        message_id: format!("<{}>", message_id.clone().unwrap_or_else(made)),
        raw: String::from_utf8_lossy(raw).into_owned(),
        to: written(to),
        cc: written(cc),
        bcc: written(bcc),
        subject: subject.clone(),
        in_reply_to: in_reply_to.as_ref().map(|id| format!("<{id}>")),
        reply_to: written(reply_to),
        html: html.clone(),
        text: text.clone(),
        attachments: files.iter().map(file).collect(),
    }
}

fn lines(fields: &[Field]) -> Vec<String> {
    let line = |field: &Field| format!("{}: {}", field.name, field.value);
    fields.iter().map(line).collect()
}

/// `Name <addr>`, with commas between several; None where there is nobody.
fn written(people: &[Named]) -> Option<String> {
    let each = people.iter().map(|Named { address, name }| {
        if name.is_empty() {
            address.clone()
        } else {
            format!("{} <{address}>", quote_phrase(name))
        }
    });
    (!people.is_empty()).then(|| each.collect::<Vec<_>>().join(", "))
}

fn file((about, bytes): &(Attachment, Vec<u8>)) -> wire::InboundFile {
    let Attachment {
        checksum,
        disposition,
        content_id,
        content_type,
        file_name,
        size_bytes,
        transfer_encoding: _,
        headers,
        related,
    } = about;
    wire::InboundFile {
        content: STANDARD.encode(bytes),
        r#type: "attachment",
        content_type: content_type.clone(),
        content_disposition: disposition
            .clone()
            .unwrap_or_else(|| String::from("attachment")),
        headers: lines(headers),
        checksum: checksum.clone(),
        size: *size_bytes,
        filename: file_name.clone(),
        content_id: content_id.as_ref().map(|id| format!("<{id}>")),
        cid: content_id.clone(),
        related: related.then_some(true),
    }
}

#[cfg(test)]
mod tests;
