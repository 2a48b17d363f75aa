//! The parts of a message as a tree, with the messages within it.
//!
//! Walked within bounds on parts and depth; what is past them is a leaf.

use mail_parser::ContentType;

use super::entity::Entity;
use super::walk::{boundary, essence, is_multipart, sections};
use crate::limits::{MIME_DEPTH, MIME_PARTS};

/// A message, or a part of one. No copy of its bytes.
#[derive(Debug)]
pub struct Part<'a> {
    pub(super) raw: &'a [u8],
    pub(super) entity: Entity<'a>,
    /// Lower-case `type/subtype`.
    pub(super) kind: String,
    pub(super) content: Content<'a>,
}

/// What a part holds.
#[derive(Debug)]
pub(super) enum Content<'a> {
    /// No parts.
    Leaf,
    /// A message of its own (RFC 2046 5.2.1).
    Message(Box<Part<'a>>),
    /// At least one part.
    Parts(Vec<Part<'a>>),
}

/// Where in the tree a part stands.
#[derive(Clone, Copy)]
struct Place {
    depth: usize,
    /// The parts of a `multipart/digest` are messages unless they say otherwise (RFC 2046
    /// 5.1.5).
    digest: bool,
}

impl<'a> Part<'a> {
    /// The tree of a message.
    #[must_use]
    pub fn of(raw: &'a [u8]) -> Self {
        let place = Place {
            depth: 0,
            digest: false,
        };
        read(raw, place, &mut MIME_PARTS.clone())
    }
}

/// Reads a part; `left` is how many may still be.
fn read<'a>(raw: &'a [u8], place: Place, left: &mut usize) -> Part<'a> {
    *left = left.saturating_sub(1);
    let entity = Entity::of(raw);
    let content_type = entity.typed("Content-Type", "text/plain");
    let kind = match &content_type {
        Some(kind) => essence(kind),
        None if place.digest => "message/rfc822".to_owned(),
        None => "text/plain".to_owned(),
    };
    let deeper = place.depth < MIME_DEPTH;
    let content = match &content_type {
        _ if !deeper || *left == 0 => Content::Leaf,
        Some(multipart) if is_multipart(multipart) => parts(entity, multipart, place, left),
        Some(_) | None if kind == "message/rfc822" || kind == "message/global" => {
            let inner = Place {
                depth: place.depth + 1,
                digest: false,
            };
            Content::Message(Box::new(read(entity.body, inner, left)))
        }
        Some(_) | None => Content::Leaf,
    };
    // A multipart whose parts cannot be found is what it looks like.
    let lost = matches!(content, Content::Leaf)
        && (kind.starts_with("multipart/") || kind == "message/rfc822");
    Part {
        raw,
        entity,
        kind: if lost { "text/plain".to_owned() } else { kind },
        content,
    }
}

fn parts<'a>(
    entity: Entity<'a>,
    kind: &ContentType<'_>,
    place: Place,
    left: &mut usize,
) -> Content<'a> {
    let Some(boundary) = boundary(kind) else {
        return Content::Leaf;
    };
    let within = Place {
        depth: place.depth + 1,
        digest: kind.subtype() == Some("digest"),
    };
    let mut parts = Vec::new();
    for raw in sections(entity.body, boundary, *left) {
        if *left == 0 {
            break;
        }
        parts.push(read(raw, within, left));
    }
    match parts.is_empty() {
        true => Content::Leaf,
        false => Content::Parts(parts),
    }
}
