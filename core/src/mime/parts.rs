//! The attachments of a message: what is known of them, and their bytes.

use mail_parser::ContentType;

use super::body::Body;
use super::content::checksum;
use super::headers::Field;
use super::walk::Leaf;

/// A part of a message that is not the text or the html it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The MD5 of the decoded bytes, in lower-case hex.
    pub checksum: String,
    /// `attachment`, `inline` or what else was said, in lower case.
    pub disposition: Option<String>,
    /// Without angle brackets.
    pub content_id: Option<String>,
    /// Lower-case `type/subtype`, without parameters.
    pub content_type: String,
    /// Decoded, on one line; not safe as a path.
    pub file_name: Option<String>,
    /// Decoded.
    pub size_bytes: u64,
    /// In lower case.
    pub transfer_encoding: Option<String>,
    /// The part's own fields.
    pub headers: Vec<Field>,
    /// Whether it belongs to a page (RFC 2387) and is called by it.
    pub related: bool,
}

/// The attachments in order. Of a message past [`MIME_PARTS`](crate::limits::MIME_PARTS) or
/// [`MIME_DEPTH`](crate::limits::MIME_DEPTH), those before that.
#[must_use]
pub fn attachments(raw: &[u8]) -> Vec<Attachment> {
    Body::of(raw).attachments.iter().map(described).collect()
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
