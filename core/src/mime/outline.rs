//! What lists show of a message: read once, kept beside it.

use super::entity::Entity;
use super::section::{fields, head_of};
use super::structure::{Structure, structure};
use super::tree::Part;

/// The fields that lists show and searches name: those of an envelope, and what mail clients
/// ask for beside it to show threads, attachments and urgency. In lower case.
const LISTED: [&str; 15] = [
    "bcc",
    "cc",
    "content-type",
    "date",
    "from",
    "in-reply-to",
    "list-id",
    "message-id",
    "priority",
    "references",
    "reply-to",
    "sender",
    "subject",
    "to",
    "x-priority",
];

/// What is wanted of an outline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wanted {
    pub head: Head,
    pub structure: bool,
}

/// How much of a header, the more the later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Head {
    Nothing,
    /// The fields that are listed.
    Listed,
    /// All of it.
    Whole,
}

/// A message's outline: what was wanted of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    pub structure: Option<Structure>,
    /// As much of the header as was wanted, with the line that ends it.
    pub head: Option<Vec<u8>>,
}

impl Wanted {
    pub const STRUCTURE: Self = Self {
        head: Head::Nothing,
        structure: true,
    };
    pub const LISTED: Self = Self {
        head: Head::Listed,
        structure: false,
    };
    pub const HEAD: Self = Self {
        head: Head::Whole,
        structure: false,
    };

    /// The one and the other.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            head: self.head.max(other.head),
            structure: self.structure || other.structure,
        }
    }

    /// What has these fields.
    #[must_use]
    pub fn of_fields(names: &[Vec<u8>]) -> Self {
        match names.iter().all(|name| is_listed(name)) {
            true => Self::LISTED,
            false => Self::HEAD,
        }
    }
}

fn is_listed(name: &[u8]) -> bool {
    let mut listed = LISTED.iter();
    listed.any(|one| one.as_bytes().eq_ignore_ascii_case(name))
}

/// The listed fields of a message as they stand, and the line that ends its header.
#[must_use]
pub fn listed(raw: &[u8]) -> Vec<u8> {
    fields(&Entity::of(raw), is_listed)
}

/// The outline of a message.
#[must_use]
pub fn outline(raw: &[u8], wanted: Wanted) -> Outline {
    Outline {
        structure: wanted.structure.then(|| structure(&Part::of(raw))),
        head: match wanted.head {
            Head::Nothing => None,
            Head::Listed => Some(listed(raw)),
            Head::Whole => Some(head_of(raw).to_vec()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mime::envelope::envelope;
    use crate::mime::section::{Piece, message_section};

    #[test]
    fn what_is_listed_says_the_same_as_the_message() {
        let names = |names: &[&str]| names.iter().map(|name| name.as_bytes().to_vec()).collect();
        let asked: Vec<Vec<u8>> = names(&["FROM", "to", "Subject", "date", "message-id"]);
        assert_eq!(Wanted::of_fields(&asked), Wanted::LISTED);
        assert_eq!(Wanted::of_fields(&names(&["To", "X-Spam"])), Wanted::HEAD);
        for raw in [
            "From: a@b\r\nX-Spam: no\r\nSubject: one\r\n two\r\nsubject : 3\r\n\r\nTo: body\r\n",
            "Subject: no empty line\r\nTo: c",
            "X-Nothing: listed\r\n\r\nbody",
            "\r\nbody",
            "no header at all",
            "",
        ] {
            let kept = listed(raw.as_bytes());
            assert_eq!(envelope(&kept), envelope(raw.as_bytes()), "{raw:?}");
            let piece = Piece::Fields(asked.clone());
            let of = |raw| message_section(raw, &piece).map(|found| found.into_owned());
            assert_eq!(of(&kept), of(raw.as_bytes()), "{raw:?}");
        }
    }
}
