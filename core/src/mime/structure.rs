//! The structure of a message as IMAP shows it (RFC 3501 section 7.4.2): its fields as they
//! are written.

use memchr::memchr_iter;
use serde::{Deserialize, Serialize};

use super::entity::Entity;
use super::envelope::{Envelope, of as envelope_of, unfolded};
use super::tree::{Content, Part};
use super::typed::{Typed, typed};
use crate::error::{Result, internal};

/// Names and values, in order.
pub type Parameters = Vec<(Vec<u8>, Vec<u8>)>;

/// A message, or a part of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Structure {
    /// Upper-case type and subtype, such as `TEXT` and `PLAIN`.
    pub kind: (String, String),
    pub parameters: Parameters,
    pub id: Option<Vec<u8>>,
    pub description: Option<Vec<u8>>,
    /// Upper-case; `7BIT` where nothing is said.
    pub encoding: Vec<u8>,
    /// As it is written, not decoded.
    pub size_bytes: usize,
    /// Line ends in the body.
    pub lines: usize,
    pub md5: Option<Vec<u8>>,
    pub disposition: Option<(Vec<u8>, Parameters)>,
    pub languages: Vec<Vec<u8>>,
    pub location: Option<Vec<u8>>,
    pub within: Within,
}

/// What a part holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Within {
    Nothing,
    Message(Box<(Envelope, Structure)>),
    /// At least one.
    Parts(Vec<Structure>),
}

/// How structures are packed now: the first byte of each. To be raised with every change of
/// [`Structure`] or of what is in it.
const FORM: u8 = 1;

impl Structure {
    /// As bytes to be kept.
    ///
    /// # Errors
    /// `Internal`.
    pub fn pack(&self) -> Result<Vec<u8>> {
        postcard::to_stdvec(&(FORM, self)).map_err(internal)
    }

    /// From such bytes; None where they were packed by another release.
    #[must_use]
    pub fn unpack(packed: &[u8]) -> Option<Self> {
        let (form, structure) = postcard::take_from_bytes::<u8>(packed).ok()?;
        let read = || postcard::from_bytes(structure).ok();
        (form == FORM).then(read).flatten()
    }
}

/// The structure of a tree.
#[must_use]
pub fn structure(part: &Part<'_>) -> Structure {
    let entity = &part.entity;
    let text = |name: &str| entity.value(name).map(unfolded);
    let field = |name: &str| entity.value(name).map(typed);
    let Typed { value, parameters } = field("Content-Type").unwrap_or_default();
    let (kind, subtype) = part.kind.split_once('/').unwrap_or(("text", "plain"));
    // Of a type that is not what the field says, the parameters say nothing either.
    let said = value.eq_ignore_ascii_case(part.kind.as_bytes());
    let parameters = match (said, kind) {
        (true, _) => parameters,
        (false, "text") => vec![(b"CHARSET".to_vec(), b"us-ascii".to_vec())],
        (false, _) => Vec::new(),
    };
    let within = match &part.content {
        Content::Leaf => Within::Nothing,
        Content::Parts(parts) => Within::Parts(parts.iter().map(structure).collect()),
        Content::Message(inner) => {
            Within::Message(Box::new((envelope_of(&inner.entity), structure(inner))))
        }
    };
    let encoding = text("Content-Transfer-Encoding").filter(|said| !said.is_empty());
    Structure {
        kind: (kind.to_ascii_uppercase(), subtype.to_ascii_uppercase()),
        parameters,
        id: text("Content-ID"),
        description: text("Content-Description"),
        encoding: encoding.map_or_else(|| b"7BIT".to_vec(), |said| said.to_ascii_uppercase()),
        size_bytes: entity.body.len(),
        lines: memchr_iter(b'\n', entity.body).count(),
        md5: text("Content-MD5"),
        disposition: disposition(entity),
        languages: languages(entity),
        location: text("Content-Location"),
        within,
    }
}

fn disposition(entity: &Entity<'_>) -> Option<(Vec<u8>, Parameters)> {
    let said = typed(entity.value("Content-Disposition")?);
    (!said.value.is_empty()).then(|| (said.value.to_ascii_uppercase(), said.parameters))
}

/// RFC 3282.
fn languages(entity: &Entity<'_>) -> Vec<Vec<u8>> {
    let Some(value) = entity.value("Content-Language") else {
        return Vec::new();
    };
    let value = typed(value).value;
    let all = value.split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
    all.filter(|one| !one.is_empty())
        .map(<[u8]>::to_vec)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packed_structure_is_the_same_again() {
        let raw = b"Content-Type: multipart/mixed; boundary=b\r\nContent-Language: de, en\r\n\r\n\
            --b\r\nContent-Disposition: inline; filename=x\r\nContent-ID: <1>\r\n\r\none\r\n\
            --b\r\nContent-Type: message/rfc822\r\n\r\nFrom: A: b@c, d@e;\r\nDate: now\r\n\r\ntwo\r\n--b--\r\n";
        let read = structure(&Part::of(raw));
        assert!(matches!(&read.within, Within::Parts(parts) if parts.len() == 2));
        let mut packed = read.pack().unwrap();
        assert_eq!(Structure::unpack(&packed), Some(read));
        assert_eq!(Structure::unpack(&packed[..packed.len() - 1]), None);
        packed[0] += 1;
        assert_eq!(Structure::unpack(&packed), None);
        assert_eq!(Structure::unpack(b""), None);
    }
}
