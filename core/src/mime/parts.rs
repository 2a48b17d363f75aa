//! The attachments of a message: what is known of them, and their bytes.

use mail_parser::ContentType;

use super::body::Body;
use super::content::checksum;
use super::walk::Leaf;
pub use crate::model::content::Attachment;

/// The attachments in order. Of a message past [`MIME_PARTS`](crate::limits::MIME_PARTS) or
/// [`MIME_DEPTH`](crate::limits::MIME_DEPTH), those before that.
#[must_use]
pub fn attachments(raw: &[u8]) -> Vec<Attachment> {
    Body::of(raw).attachments.iter().map(described).collect()
}

/// As [`attachments`], each with its decoded bytes.
#[must_use]
pub fn files(raw: &[u8]) -> Vec<(Attachment, Vec<u8>)> {
    let with_bytes = |leaf: &Leaf<'_>| (described(leaf), leaf.entity.decoded().into_owned());
    Body::of(raw).attachments.iter().map(with_bytes).collect()
}

/// The first attachment, and its decoded bytes, that has this as its MD5, else as its content
/// id (with or without angle brackets), else as its file name.
#[must_use]
pub fn attachment(raw: &[u8], identifier: &str) -> Option<(Attachment, Vec<u8>)> {
    let body = Body::of(raw);
    let leaves = &body.attachments;
    let id = identifier
        .strip_prefix('<')
        .and_then(|id| id.strip_suffix('>'))
        .unwrap_or(identifier);
    let found = by_checksum(leaves, identifier)
        .or_else(|| {
            leaves
                .iter()
                .find(|leaf| leaf.content_id().as_deref() == Some(id))
        })
        .or_else(|| {
            leaves
                .iter()
                .find(|leaf| leaf.file_name().as_deref() == Some(identifier))
        })?;
    Some((described(found), found.entity.decoded().into_owned()))
}

/// Nothing is hashed for what cannot be a hash.
fn by_checksum<'l, 'a>(leaves: &'l [Leaf<'a>], identifier: &str) -> Option<&'l Leaf<'a>> {
    let hex = identifier.len() == 32 && identifier.bytes().all(|b| b.is_ascii_hexdigit());
    let wanted = hex.then(|| identifier.to_ascii_lowercase())?;
    leaves.iter().find(|leaf| checksum(leaf) == wanted)
}

fn described(leaf: &Leaf<'_>) -> Attachment {
    let lower = |text: &str| text.trim().to_ascii_lowercase();
    let disposition = leaf.disposition.as_ref();
    let encoding = leaf.entity.text_of("Content-Transfer-Encoding");
    Attachment {
        checksum: checksum(leaf),
        disposition: disposition.map(ContentType::ctype).map(lower),
        content_id: leaf.content_id().filter(|id| !id.is_empty()),
        content_type: leaf.kind.clone(),
        file_name: leaf.file_name(),
        size_bytes: leaf.entity.decoded().len() as u64,
        transfer_encoding: encoding.as_deref().map(lower),
        headers: leaf.entity.fields(),
        related: leaf.related,
    }
}
