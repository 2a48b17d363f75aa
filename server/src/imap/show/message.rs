//! What FETCH shows of a message.

use std::cell::OnceCell;

use imap_codec::imap_types::fetch::{MessageDataItemName, Section};
use posthouse::mime::envelope::envelope as read_envelope;
use posthouse::mime::outline::{Outline, Wanted};
use posthouse::mime::section::{NotDecoded, Piece, decoded, message_section, section};
use posthouse::mime::structure::{Structure, structure as read_structure};
use posthouse::mime::tree::Part;
use posthouse::model::folder::Item;

use super::envelope::envelope;
use super::structure::{Extent, named_structure};
use super::{Reads, binary, date, flags, literal, number};

/// One thing that is wanted of each message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::imap) enum Want {
    Flags,
    Uid,
    InternalDate,
    Size,
    ModSeq,
    Envelope,
    Structure(Extent),
    /// A piece of it.
    Piece {
        /// Its name as it is told, such as `BODY[1.MIME]`.
        label: String,
        path: Vec<u32>,
        piece: Piece,
        range: Option<Range>,
        peek: Peek,
    },
    /// A part without its transfer encoding.
    Binary {
        label: String,
        path: Vec<u32>,
        range: Option<Range>,
        peek: Peek,
    },
    BinarySize {
        label: String,
        path: Vec<u32>,
    },
}

/// Bytes from the first, so many at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::imap) struct Range {
    from: usize,
    bytes: usize,
}

/// Whether to look marks a message as seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::imap) enum Peek {
    Peeks,
    Sees,
}

impl Want {
    /// What a client named.
    pub(in crate::imap) fn of(name: &MessageDataItemName<'_>) -> Self {
        let whole = |label: &str, piece, peek| Self::Piece {
            label: label.to_owned(),
            path: Vec::new(),
            piece,
            range: None,
            peek,
        };
        match name {
            MessageDataItemName::Flags => Self::Flags,
            MessageDataItemName::Uid => Self::Uid,
            MessageDataItemName::InternalDate => Self::InternalDate,
            MessageDataItemName::Rfc822Size => Self::Size,
            MessageDataItemName::ModSeq => Self::ModSeq,
            MessageDataItemName::Envelope => Self::Envelope,
            MessageDataItemName::Body => Self::Structure(Extent::Basic),
            MessageDataItemName::BodyStructure => Self::Structure(Extent::Full),
            MessageDataItemName::Rfc822 => whole("RFC822", Piece::Whole, Peek::Sees),
            MessageDataItemName::Rfc822Header => whole("RFC822.HEADER", Piece::Header, Peek::Peeks),
            MessageDataItemName::Rfc822Text => whole("RFC822.TEXT", Piece::Text, Peek::Sees),
            MessageDataItemName::BodyExt {
                section,
                partial,
                peek,
            } => {
                let (path, piece, name) = named(section.as_ref());
                Self::Piece {
                    label: format!("BODY[{name}]{}", origin(*partial)),
                    path,
                    piece,
                    range: range(*partial),
                    peek: peeks(*peek),
                }
            }
            MessageDataItemName::Binary {
                section,
                partial,
                peek,
            } => {
                let path: Vec<u32> = section.iter().map(|number| number.get()).collect();
                Self::Binary {
                    label: format!("BINARY[{}]{}", dotted(&path), origin(*partial)),
                    path,
                    range: range(*partial),
                    peek: peeks(*peek),
                }
            }
            MessageDataItemName::BinarySize { section } => {
                let path: Vec<u32> = section.iter().map(|number| number.get()).collect();
                Self::BinarySize {
                    label: format!("BINARY.SIZE[{}]", dotted(&path)),
                    path,
                }
            }
        }
    }

    /// What of the message has to be read for it.
    pub(in crate::imap) fn reads(&self) -> Reads {
        match self {
            Self::Flags | Self::Uid | Self::InternalDate | Self::Size | Self::ModSeq => {
                Reads::Nothing
            }
            Self::Envelope => Reads::Outline(Wanted::LISTED),
            Self::Structure(_) => Reads::Outline(Wanted::STRUCTURE),
            Self::Piece { path, piece, .. } => match piece {
                _ if !path.is_empty() => Reads::Bytes,
                Piece::Fields(names) => Reads::Outline(Wanted::of_fields(names)),
                Piece::Header | Piece::OtherFields(_) => Reads::Outline(Wanted::HEAD),
                Piece::Whole | Piece::Text | Piece::Mime => Reads::Bytes,
            },
            Self::Binary { .. } | Self::BinarySize { .. } => Reads::Bytes,
        }
    }

    /// Whether it marks the message as seen.
    pub(in crate::imap) fn sees(&self) -> bool {
        matches!(
            self,
            Self::Piece {
                peek: Peek::Sees,
                ..
            } | Self::Binary {
                peek: Peek::Sees,
                ..
            }
        )
    }
}

fn peeks(peek: bool) -> Peek {
    if peek { Peek::Peeks } else { Peek::Sees }
}

fn range(partial: Option<(u32, std::num::NonZeroU32)>) -> Option<Range> {
    let size = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    partial.map(|(from, bytes)| Range {
        from: size(from),
        bytes: size(bytes.get()),
    })
}

/// RFC 9051 section 7.5.2: only where it begins is told.
fn origin(partial: Option<(u32, std::num::NonZeroU32)>) -> String {
    partial.map_or_else(String::new, |(from, _)| format!("<{from}>"))
}

fn dotted(path: &[u32]) -> String {
    let numbers: Vec<String> = path.iter().map(u32::to_string).collect();
    numbers.join(".")
}

/// Path, piece and name of a section.
fn named(section: Option<&Section<'_>>) -> (Vec<u32>, Piece, String) {
    let Some(section) = section else {
        return (Vec::new(), Piece::Whole, String::new());
    };
    let bytes = |names: &[imap_codec::imap_types::core::AString<'_>]| -> Vec<Vec<u8>> {
        names.iter().map(|name| name.as_ref().to_vec()).collect()
    };
    let (part, piece, name) = match section {
        Section::Part(part) => (Some(part), Piece::Whole, String::new()),
        Section::Header(part) => (part.as_ref(), Piece::Header, "HEADER".to_owned()),
        Section::Text(part) => (part.as_ref(), Piece::Text, "TEXT".to_owned()),
        Section::Mime(part) => (Some(part), Piece::Mime, "MIME".to_owned()),
        Section::HeaderFields(part, names) => {
            let names = bytes(names.as_ref());
            let name = format!("HEADER.FIELDS ({})", listed(&names));
            (part.as_ref(), Piece::Fields(names), name)
        }
        Section::HeaderFieldsNot(part, names) => {
            let names = bytes(names.as_ref());
            let name = format!("HEADER.FIELDS.NOT ({})", listed(&names));
            (part.as_ref(), Piece::OtherFields(names), name)
        }
    };
    let path: Vec<u32> = part.map_or_else(Vec::new, |part| {
        part.0.as_ref().iter().map(|number| number.get()).collect()
    });
    let dot = if path.is_empty() || name.is_empty() {
        ""
    } else {
        "."
    };
    let name = format!("{}{dot}{name}", dotted(&path));
    (path, piece, name)
}

/// Names of fields as they came, in quotes where they need them.
fn listed(names: &[Vec<u8>]) -> String {
    let shown = |name: &Vec<u8>| {
        let text = String::from_utf8_lossy(name).into_owned();
        match super::is_keyword(&text) {
            true => text,
            false => {
                let mut out = Vec::new();
                let clean: String = text
                    .chars()
                    .filter(|one| matches!(one, ' '..='~'))
                    .collect();
                super::string(&mut out, clean.as_bytes());
                String::from_utf8_lossy(&out).into_owned()
            }
        }
    };
    names.iter().map(shown).collect::<Vec<_>>().join(" ")
}

/// A part cannot be decoded: FETCH is refused (RFC 3516 section 4.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::imap) struct UnknownEncoding;

/// What was read of a message.
#[derive(Clone, Copy, Default)]
pub(in crate::imap) struct Known<'a> {
    /// All of it; its header, where nothing is wanted that reads more.
    bytes: Option<&'a [u8]>,
    structure: Option<&'a Structure>,
}

impl<'a> Known<'a> {
    pub(in crate::imap) fn whole(raw: &'a [u8]) -> Self {
        Self {
            bytes: Some(raw),
            structure: None,
        }
    }

    pub(in crate::imap) fn of(outline: &'a Outline) -> Self {
        Self {
            bytes: outline.head.as_deref(),
            structure: outline.structure.as_ref(),
        }
    }
}

/// Adds what is wanted of a message as one FETCH response; what is not known is left out.
///
/// # Errors
/// When a part cannot be decoded; nothing is added then.
pub(in crate::imap) fn message(
    out: &mut Vec<u8>,
    sequence: u32,
    item: &Item,
    wants: &[Want],
    known: Known<'_>,
) -> Result<(), UnknownEncoding> {
    let start = out.len();
    number(out, "* ", sequence, " FETCH (");
    let inside = out.len();
    let tree = OnceCell::new();
    for want in wants {
        if out.len() > inside {
            out.push(b' ');
        }
        let shown = match (want, known.structure, known.bytes) {
            (Want::Structure(extent), Some(known), _) => {
                named_structure(out, known, *extent);
                Ok(())
            }
            (want, _, Some(raw)) if want.reads() > Reads::Nothing => {
                from_bytes(out, want, raw, &tree)
            }
            (want, _, _) => {
                from_item(out, want, item);
                Ok(())
            }
        };
        if let Err(unknown) = shown {
            out.truncate(start);
            return Err(unknown);
        }
    }
    out.extend_from_slice(b")\r\n");
    Ok(())
}

fn from_item(out: &mut Vec<u8>, want: &Want, item: &Item) {
    match want {
        Want::Flags => {
            out.extend_from_slice(b"FLAGS ");
            flags(out, &item.flags);
        }
        Want::Uid => number(out, "UID ", item.uid, ""),
        Want::InternalDate => {
            out.extend_from_slice(b"INTERNALDATE ");
            date(out, item.received_at);
        }
        Want::Size => {
            number(out, "RFC822.SIZE ", item.size_bytes, "");
        }
        Want::ModSeq => number(out, "MODSEQ (", item.modseq, ")"),
        Want::Envelope
        | Want::Structure(_)
        | Want::Piece { .. }
        | Want::Binary { .. }
        | Want::BinarySize { .. } => {}
    }
}

fn from_bytes<'a>(
    out: &mut Vec<u8>,
    want: &Want,
    raw: &'a [u8],
    tree: &OnceCell<Part<'a>>,
) -> Result<(), UnknownEncoding> {
    let tree = || tree.get_or_init(|| Part::of(raw));
    match want {
        Want::Envelope => {
            out.extend_from_slice(b"ENVELOPE ");
            envelope(out, &read_envelope(raw));
        }
        Want::Structure(extent) => {
            named_structure(out, &read_structure(tree()), *extent);
        }
        Want::Piece {
            label,
            path,
            piece,
            range,
            ..
        } => {
            out.extend_from_slice(label.as_bytes());
            out.push(b' ');
            let found = match path.is_empty() {
                true => message_section(raw, piece),
                false => section(tree(), path, piece),
            };
            match found {
                Some(bytes) => literal(out, within(&bytes, *range)),
                None => out.extend_from_slice(b"NIL"),
            }
        }
        Want::Binary {
            label, path, range, ..
        } => {
            out.extend_from_slice(label.as_bytes());
            out.push(b' ');
            match decoded(tree(), path) {
                Ok(bytes) => binary(out, within(&bytes, *range)),
                Err(NotDecoded::Missing) => out.extend_from_slice(b"NIL"),
                Err(NotDecoded::Encoding) => return Err(UnknownEncoding),
            }
        }
        Want::BinarySize { label, path } => {
            out.extend_from_slice(label.as_bytes());
            let bytes = match decoded(tree(), path) {
                Ok(bytes) => bytes.len(),
                Err(NotDecoded::Missing) => 0,
                Err(NotDecoded::Encoding) => return Err(UnknownEncoding),
            };
            number(out, " ", bytes, "");
        }
        Want::Flags | Want::Uid | Want::InternalDate | Want::Size | Want::ModSeq => {}
    }
    Ok(())
}

fn within(bytes: &[u8], range: Option<Range>) -> &[u8] {
    let Some(Range { from, bytes: most }) = range else {
        return bytes;
    };
    let from = from.min(bytes.len());
    &bytes[from..from.saturating_add(most).min(bytes.len())]
}

#[cfg(test)]
mod tests;
