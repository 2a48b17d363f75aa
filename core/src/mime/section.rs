//! Pieces of a message by the numbers of its parts (RFC 3501 section 6.4.5).

use std::borrow::Cow;

use super::entity::Entity;
use super::tree::{Content, Part};

/// What is wanted of a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Of the message everything, of a part its body.
    Whole,
    /// The header of the message, or of the message that the part is.
    Header,
    /// Those of its fields that have one of these names, in any case of letters.
    Fields(Vec<Vec<u8>>),
    /// Those that have none of them.
    OtherFields(Vec<Vec<u8>>),
    /// What follows the header.
    Text,
    /// The header of the part itself.
    Mime,
}

/// Why a part has no decoded bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotDecoded {
    /// There is no such part.
    Missing,
    /// Its transfer encoding is none that is known.
    Encoding,
}

/// The header of a message with the line that ends it: all that comes before the body.
#[must_use]
pub fn head_of(raw: &[u8]) -> &[u8] {
    &raw[..raw.len() - Entity::of(raw).body.len()]
}

/// A part as its number finds it.
#[derive(Clone, Copy)]
enum Found<'t, 'a> {
    /// The message itself, or one within it.
    Message(&'t Part<'a>),
    /// A part of it; the only one of a message that has no parts.
    Part(&'t Part<'a>),
}

fn find<'t, 'a>(root: &'t Part<'a>, path: &[u32]) -> Option<Found<'t, 'a>> {
    let mut found = Found::Message(root);
    for number in path {
        let index = usize::try_from(*number).ok()?.checked_sub(1)?;
        let from = match found {
            Found::Part(Part {
                content: Content::Message(inner),
                ..
            }) => Found::Message(inner),
            other => other,
        };
        found = match from {
            Found::Message(part) | Found::Part(part) => match (&part.content, from) {
                (Content::Parts(parts), _) => Found::Part(parts.get(index)?),
                (Content::Leaf | Content::Message(_), Found::Message(part)) if index == 0 => {
                    Found::Part(part)
                }
                (Content::Leaf | Content::Message(_), _) => return None,
            },
        };
    }
    Some(found)
}

/// The bytes of a piece; None where there is no such part, or the part has no such piece.
#[must_use]
pub fn section<'a>(root: &Part<'a>, path: &[u32], piece: &Piece) -> Option<Cow<'a, [u8]>> {
    match (find(root, path)?, piece) {
        (Found::Message(part), piece) => of_message(part.raw, &part.entity, piece),
        (Found::Part(part), Piece::Whole) => Some(part.entity.body.into()),
        (Found::Part(part), Piece::Mime) => Some(part.entity.head.into()),
        (Found::Part(part), piece) => match &part.content {
            Content::Message(inner) => of_message(inner.raw, &inner.entity, piece),
            Content::Leaf | Content::Parts(_) => None,
        },
    }
}

/// The bytes of a piece of the message itself, for which none of its parts is looked at; of
/// its header alone where the piece is of that. None where a message has no such piece.
#[must_use]
pub fn message_section<'a>(raw: &'a [u8], piece: &Piece) -> Option<Cow<'a, [u8]>> {
    of_message(raw, &Entity::of(raw), piece)
}

fn of_message<'a>(raw: &'a [u8], entity: &Entity<'a>, piece: &Piece) -> Option<Cow<'a, [u8]>> {
    match piece {
        Piece::Whole => Some(raw.into()),
        Piece::Header => Some(entity.head.into()),
        Piece::Text => Some(entity.body.into()),
        Piece::Fields(names) => Some(fields(entity, |name| is_among(name, names)).into()),
        Piece::OtherFields(names) => Some(fields(entity, |name| !is_among(name, names)).into()),
        Piece::Mime => None,
    }
}

fn is_among(name: &[u8], names: &[Vec<u8>]) -> bool {
    names.iter().any(|one| one.eq_ignore_ascii_case(name))
}

/// The fields as they stand, and the empty line that ends them, where there is one (RFC 9051
/// section 6.4.5).
pub(super) fn fields(entity: &Entity<'_>, wanted: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    let mut found = Vec::new();
    for line in entity.lines().filter(|line| wanted(line.name)) {
        found.extend_from_slice(line.raw);
        if !line.raw.ends_with(b"\n") {
            found.extend_from_slice(b"\r\n");
        }
    }
    if entity.has_empty_line() {
        found.extend_from_slice(b"\r\n");
    }
    found
}

/// A part without its transfer encoding (RFC 3516); the whole message for an empty path.
///
/// # Errors
/// When there is no such part, or its encoding is not known.
pub fn decoded<'a>(root: &Part<'a>, path: &[u32]) -> Result<Cow<'a, [u8]>, NotDecoded> {
    match find(root, path) {
        None => Err(NotDecoded::Missing),
        Some(Found::Message(part)) => Ok(part.raw.into()),
        Some(Found::Part(part)) => {
            let known = ["7bit", "8bit", "binary", "base64", "quoted-printable"];
            let said = part.entity.text_of("Content-Transfer-Encoding");
            let said = said.as_deref().map(str::trim);
            match said.is_none_or(|said| known.iter().any(|one| one.eq_ignore_ascii_case(said))) {
                true => Ok(part.entity.decoded()),
                false => Err(NotDecoded::Encoding),
            }
        }
    }
}
