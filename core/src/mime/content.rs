//! What is kept of a message beside its bytes when it arrives: who, what, when, which links
//! and which files. On the way of every mail that comes in, so nothing is read twice.

use md5::{Digest, Md5};

use super::body::Body;
use super::entity::Entity;
use super::people::{date_ms, message_id, named};
use super::urls::Urls;
use super::walk::Leaf;
pub use crate::model::content::{Content, Named};

/// Reads any bytes. Of a message past [`MIME_PARTS`](crate::limits::MIME_PARTS) or
/// [`MIME_DEPTH`](crate::limits::MIME_DEPTH), what stands before that.
#[must_use]
pub fn content(raw: &[u8]) -> Content {
    let head = Entity::of(raw);
    let body = Body::of(raw);
    let mut urls = Urls::default();
    if let Some(text) = &body.text {
        urls.of_text(&text.text());
    }
    if let Some(html) = &body.html {
        urls.of_html(&html.text());
    }
    Content {
        from: named(&head, "From"),
        to: named(&head, "To"),
        cc: named(&head, "Cc"),
        bcc: named(&head, "Bcc"),
        reply_to: named(&head, "Reply-To"),
        subject: head.text_of("Subject"),
        message_id: message_id(&head, "Message-ID"),
        in_reply_to: message_id(&head, "In-Reply-To"),
        date_ms: date_ms(&head),
        links: urls.found,
        attachments: body.attachments.iter().map(checksum).collect(),
    }
}

/// What an attachment is known by: the MD5 of its decoded bytes, in lower-case hex. It is a
/// name that a wire asks for, nothing that is relied on.
pub(super) fn checksum(leaf: &Leaf<'_>) -> String {
    hex(&Md5::digest(leaf.entity.decoded()))
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
