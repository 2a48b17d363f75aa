//! The leaves of a message: its parts that hold no others.
//!
//! A part that is a message of its own is a leaf too: whoever wants to know what is in it
//! reads it as a message. Walked within bounds on parts and depth, without recursion.

use mail_parser::ContentType;
use memchr::memmem;

use super::entity::Entity;
use crate::limits::{MIME_DEPTH, MIME_PARTS};

/// A part without parts.
#[derive(Debug)]
pub(super) struct Leaf<'a> {
    pub(super) entity: Entity<'a>,
    /// Lower-case `type/subtype`.
    pub(super) kind: String,
    /// What `Content-Type` says in full.
    pub(super) content_type: Option<ContentType<'static>>,
    pub(super) disposition: Option<ContentType<'static>>,
    /// Whether a `multipart/related` is around it (RFC 2387).
    pub(super) related: bool,
    /// How many multiparts are around it.
    pub(super) depth: usize,
}

/// There are more parts or levels than are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OutOfBounds;

/// A part that is still to be looked at.
struct Pending<'a> {
    raw: &'a [u8],
    depth: usize,
    related: bool,
    /// The parts of a `multipart/digest` are messages unless they say otherwise (RFC 2046
    /// 5.1.5).
    digest: bool,
}

/// Calls `take` with each leaf, in order, of those within the bounds.
pub(super) fn leaves<'a>(raw: &'a [u8], mut take: impl FnMut(Leaf<'a>)) -> Result<(), OutOfBounds> {
    let mut parts = 0;
    let mut stack = vec![Pending {
        raw,
        depth: 0,
        related: false,
        digest: false,
    }];
    while let Some(part) = stack.pop() {
        parts += 1;
        if parts > MIME_PARTS || part.depth > MIME_DEPTH {
            return Err(OutOfBounds);
        }
        let entity = Entity::of(part.raw);
        let content_type = entity.typed("Content-Type", "text/plain");
        let sections = content_type
            .as_ref()
            .and_then(boundary)
            // One past the bound is enough to know that it is passed.
            .map(|boundary| sections(entity.body, boundary, MIME_PARTS + 1 - parts))
            .filter(|sections| !sections.is_empty());
        let Some(sections) = sections else {
            let multipart = content_type.as_ref().is_some_and(is_multipart);
            if !multipart || !entity.body.trim_ascii().is_empty() {
                take(leaf(entity, content_type, &part));
            }
            continue;
        };
        let subtype = content_type.as_ref().and_then(ContentType::subtype);
        let related = part.related || subtype == Some("related");
        // The last is taken from the stack first.
        stack.extend(sections.into_iter().rev().map(|raw| Pending {
            raw,
            depth: part.depth + 1,
            related,
            digest: subtype == Some("digest"),
        }));
    }
    Ok(())
}

fn leaf<'a>(
    entity: Entity<'a>,
    content_type: Option<ContentType<'static>>,
    part: &Pending<'_>,
) -> Leaf<'a> {
    let kind = match &content_type {
        // A multipart whose parts cannot be found is what it looks like.
        Some(kind) if is_multipart(kind) => "text/plain".to_owned(),
        Some(kind) => essence(kind),
        None if part.digest => "message/rfc822".to_owned(),
        None => "text/plain".to_owned(),
    };
    Leaf {
        kind,
        content_type,
        disposition: entity.typed("Content-Disposition", "attachment"),
        related: part.related,
        depth: part.depth,
        entity,
    }
}

/// `type/subtype` in lower case and visible ASCII. A text without subtype is plain.
pub(super) fn essence(kind: &ContentType<'_>) -> String {
    let subtype = match kind.subtype() {
        None if kind.ctype() == "text" => "plain",
        subtype => subtype.unwrap_or_default(),
    };
    let token = |b: u8| b.is_ascii_graphic() && !br#"()<>@,;:\"/[]?="#.contains(&b);
    let fine = |text: &str| !text.is_empty() && text.bytes().all(token);
    if fine(kind.ctype()) && fine(subtype) {
        format!("{}/{subtype}", kind.ctype()).to_ascii_lowercase()
    } else {
        "application/octet-stream".to_owned()
    }
}

pub(super) fn boundary<'a>(kind: &'a ContentType<'_>) -> Option<&'a [u8]> {
    let boundary = kind.attribute("boundary")?.trim_ascii_end().as_bytes();
    (is_multipart(kind) && !boundary.is_empty()).then_some(boundary)
}

pub(super) fn is_multipart(kind: &ContentType<'_>) -> bool {
    kind.ctype() == "multipart"
}

/// The parts of a multipart body, at most `most` (RFC 2046 5.1.1). One without a closing line
/// ends with the text; what stands before the first and after the last is no part.
pub(super) fn sections<'a>(body: &'a [u8], boundary: &[u8], most: usize) -> Vec<&'a [u8]> {
    let delimiter = [b"--", boundary].concat();
    let mut found = Vec::new();
    let mut start = None;
    for at in memmem::find_iter(body, &delimiter) {
        if at > 0 && body[at - 1] != b'\n' {
            continue;
        }
        let behind = &body[at + delimiter.len()..];
        let line = behind.split_inclusive(|b| *b == b'\n').next();
        let line = line.unwrap_or_default();
        let closes = match line.trim_ascii_end() {
            b"" => false,
            b"--" => true,
            // A longer line that merely begins alike.
            _ => continue,
        };
        if let Some(start) = start {
            found.push(without_line_end(&body[start..at.max(start)]));
        }
        start = Some(at + delimiter.len() + line.len());
        if closes || found.len() == most {
            start = None;
            break;
        }
    }
    if let Some(start) = start {
        found.push(&body[start..]);
    }
    found
}

/// The line end before a delimiter is the delimiter's.
fn without_line_end(text: &[u8]) -> &[u8] {
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    text.strip_suffix(b"\r").unwrap_or(text)
}
