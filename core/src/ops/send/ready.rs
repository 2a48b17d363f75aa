//! An email made ready for its one write: composed and compressed, outside the writer.

use std::sync::Arc;

use uuid::Uuid;

use super::copies::{Copies, copies};
use super::judge::Judged;
use crate::clock::Timestamp;
use crate::engine::Links;
use crate::error::{Error, Field, Reason, Result, TooLarge, internal};
use crate::ids::{KeyId, MailboxId, OrganizationId};
use crate::limits::MESSAGE_BYTES;
use crate::mime::compose::{ComposeError, Draft, OneClick, compose};
use crate::mime::posted::{people, ready};
use crate::model::delivery::Recipient;
use crate::model::email::{Automatic, MessageIdTerms, Posted};
use crate::model::key::Mode;
use crate::model::message_id::message_id;
use crate::store::{NewEmail, PackedBody};

/// An email ready for its one write.
pub(super) struct Ready {
    pub(super) email: NewEmail,
    /// The recipients, and whether each is left out.
    pub(super) recipients: Vec<(Recipient, bool)>,
    /// The sender's address.
    pub(super) from: String,
    pub(super) mode: Mode,
    pub(super) body: PackedBody,
    pub(super) copies: Copies,
    pub(super) idempotency: Option<String>,
    /// The mailbox that a copy lies in.
    pub(super) copy_to: Option<MailboxId>,
}

/// What an email is made with, beside what was submitted.
pub(super) struct Making {
    pub(super) organization: OrganizationId,
    pub(super) key: KeyId,
    pub(super) mode: Mode,
    pub(super) uuid: Uuid,
    /// What the host of its Message-ID is.
    pub(super) host: String,
    /// What links of ours are made of.
    pub(super) links: Arc<Links>,
    /// Makes the MIME boundaries.
    pub(super) seed: u64,
    pub(super) now: Timestamp,
}

/// `room_bytes` is what the call's copies may still take.
pub(super) fn make_ready(judged: Judged, making: Making, room_bytes: &mut usize) -> Result<Ready> {
    let Judged {
        parsed,
        from,
        domain,
        skipped,
    } = judged;
    let mut fields = parsed.fields;
    if fields.from.is_empty() {
        fields.from = from.to_string();
    }
    let message_id = id_of(parsed.posted.as_ref(), parsed.terms.message_id, &making);
    let sender = from.address.as_str().to_owned();
    let draft = Draft {
        from,
        to: parsed.to,
        cc: parsed.cc,
        reply_to: parsed.reply_to,
        subject: fields.subject.clone(),
        html: parsed.content.html,
        text: parsed.content.text,
        in_reply_to: parsed.in_reply_to,
        references: parsed.references,
        list_unsubscribe: fields.list_unsubscribe.clone(),
        one_click: OneClick::Unsaid,
        attachments: parsed.attachments,
        message_id: message_id.clone(),
        date_ms: making.now.0,
    };
    let raw = match &parsed.posted {
        Some(posted) => ready(&posted.raw, &message_id, making.now.0),
        None => compose(&draft, making.seed),
    };
    let raw = raw.map_err(|error| unfit(&error))?;
    if raw.len() > MESSAGE_BYTES {
        return Err(Error::TooLarge(TooLarge::Message));
    }
    let body = PackedBody::pack(&raw)?;
    let copies = match &domain {
        // What a person's own program wrote is sent as it is.
        Some(_) if parsed.posted.is_some() => Copies::default(),
        Some(domain) => copies(draft, raw.len(), &skipped, domain, &making, room_bytes)?,
        None => Copies::default(),
    };
    Ok(Ready {
        email: NewEmail {
            uuid: making.uuid,
            organization: making.organization,
            domain: domain.map(|domain| domain.id),
            key: making.key,
            message_id,
            fields,
            metadata: parsed.metadata,
            send_at: parsed.send_at,
            automatic: Automatic::No,
        },
        recipients: parsed.recipients.into_iter().zip(skipped).collect(),
        from: sender,
        mode: making.mode,
        body,
        copies,
        idempotency: parsed.idempotency,
        copy_to: parsed.posted.and_then(|posted| posted.copy_to),
    })
}

/// The Message-ID: the one that its sender's program wrote, else ours.
fn id_of(posted: Option<&Posted>, terms: MessageIdTerms, making: &Making) -> String {
    let own = posted.and_then(|posted| people(&posted.raw));
    own.and_then(|people| people.message_id)
        .unwrap_or_else(|| message_id(terms, making.uuid, &making.host, making.now))
}

/// What the composer could not write, as a problem of the field it came in.
pub(super) fn unfit(error: &ComposeError) -> Error {
    let field = match error.field {
        "from" => Field::From,
        "to" => Field::To,
        "cc" => Field::Cc,
        "reply_to" => Field::ReplyTo,
        "subject" => Field::Subject,
        "in_reply_to" => Field::InReplyTo,
        "references" => Field::References,
        "list_unsubscribe" => Field::ListUnsubscribe,
        "attachment.name" => Field::AttachmentName,
        "attachment.content_type" => Field::AttachmentType,
        "attachment.content_id" => Field::AttachmentId,
        other => {
            return internal(format!(
                "the composer does not take {other}: {}",
                error.reason
            ));
        }
    };
    field.error(Reason::Malformed)
}
