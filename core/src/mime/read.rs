//! Reads a message: hostile bytes in, a summary out.

use mail_parser::ContentType;

use super::body::Body;
use super::entity::{Encoding, Entity};
use super::people;
use super::walk::Leaf;
use crate::model::address::quote_phrase;
use crate::model::content::Named;

/// What a message says. Texts of header fields are decoded, on one line, as
/// they were written: they were not checked. Absent fields are `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// `Name <address>`, with commas between several. So are `to` and `cc`.
    pub from: Option<String>,
    pub to: Option<String>,
    pub cc: Option<String>,
    pub subject: Option<String>,
    /// Milliseconds since the epoch.
    pub date_ms: Option<i64>,
    /// Without angle brackets.
    pub message_id: Option<String>,
    /// The first part to be shown that is plain text, lines ended by `\n`.
    pub text: Option<String>,
    /// As `text`, for HTML. Never made from the text.
    pub html: Option<String>,
    /// Every other leaf, in order.
    pub attachments: Vec<AttachmentSummary>,
}

/// What is known of an attachment without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachmentSummary {
    pub name: Option<String>,
    /// Lower-case `type/subtype`, without parameters.
    pub content_type: String,
    /// Decoded.
    pub size_bytes: u64,
    /// Without angle brackets.
    pub content_id: Option<String>,
    /// Meant to be shown within the text.
    pub inline: bool,
}

/// Reads any bytes. A message past [`MIME_PARTS`](crate::limits::MIME_PARTS) or
/// [`MIME_DEPTH`](crate::limits::MIME_DEPTH) gives its header fields only.
#[must_use]
pub fn summary(raw: &[u8]) -> Summary {
    let head = Entity::of(raw);
    let people = |name: &str| joined(&people::named(&head, name));
    let mut summary = Summary {
        from: people("From"),
        to: people("To"),
        cc: people("Cc"),
        subject: head.text_of("Subject"),
        date_ms: people::date_ms(&head),
        message_id: people::message_id(&head, "Message-ID"),
        ..Summary::default()
    };
    let body = Body::of(raw);
    if body.whole.is_ok() {
        summary.text = body.text.as_ref().map(shown_text);
        summary.html = body.html.as_ref().map(shown_text);
        summary.attachments = body.attachments.iter().map(attachment).collect();
    }
    summary
}

fn attachment(leaf: &Leaf<'_>) -> AttachmentSummary {
    let disposition = leaf.disposition.as_ref();
    AttachmentSummary {
        name: leaf.file_name(),
        content_type: leaf.kind.clone(),
        size_bytes: leaf.entity.decoded().len() as u64,
        content_id: leaf.content_id(),
        inline: disposition.is_some_and(ContentType::is_inline),
    }
}

fn joined(people: &[Named]) -> Option<String> {
    let texts: Vec<_> = people
        .iter()
        .map(|one| match (one.name.as_str(), one.address.as_str()) {
            ("", text) | (text, "") => text.to_owned(),
            (name, address) => format!("{} <{address}>", quote_phrase(name)),
        })
        .collect();
    (!texts.is_empty()).then(|| texts.join(", "))
}

/// A body of its own ends in the line end that ends the message, which is none
/// of the text; base64 hides that one.
pub(super) fn shown_text(leaf: &Leaf<'_>) -> String {
    let mut text = with_lf(leaf.text());
    if leaf.depth == 0 && leaf.entity.encoding() != Encoding::Base64 && text.ends_with('\n') {
        text.pop();
    }
    text
}

/// With `\n` for every line end.
fn with_lf(text: String) -> String {
    if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n")
    } else {
        text
    }
}
