//! Whether a message says something: texts decoded, letters in any case.

use super::charset::decode_text;
use super::entity::{Entity, one_line, parsable, unstructured};
use super::walk::{Leaf, leaves};
use super::{grams, people};

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needle(String);

impl Needle {
    /// Looks for this text, in any case of its letters.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.to_lowercase())
    }

    /// What an index has of every message that holds the needle, as a query of FTS5; None
    /// where no index can tell.
    #[must_use]
    pub fn query(&self) -> Option<String> {
        grams::few(&self.0)
    }

    fn is_in(&self, text: &str) -> bool {
        if self.0.is_ascii() && text.is_ascii() {
            return within(text.as_bytes(), self.0.as_bytes());
        }
        text.to_lowercase().contains(&self.0)
    }
}

/// Whether ASCII text holds a lower-case ASCII needle.
fn within(text: &[u8], needle: &[u8]) -> bool {
    let Some(first) = needle.first() else {
        return true;
    };
    let starts = memchr::memchr2_iter(*first, first.to_ascii_uppercase(), text);
    let mut starts = starts.filter_map(|at| text.get(at..at + needle.len()));
    starts.any(|part| part.eq_ignore_ascii_case(needle))
}

/// Whether a field of this name holds the needle; an empty needle is in each.
#[must_use]
pub fn in_field(raw: &[u8], name: &[u8], needle: &Needle) -> bool {
    let head = Entity::of(raw);
    let mut named = head
        .lines()
        .filter(|line| line.name.eq_ignore_ascii_case(name));
    named.any(|line| {
        needle.0.is_empty()
            || unstructured(line.value).is_some_and(|text| needle.is_in(&text))
            || needle.is_in(&one_line(&String::from_utf8_lossy(&parsable(line.value))))
    })
}

/// Whether the header holds the needle.
#[must_use]
pub fn in_header(raw: &[u8], needle: &Needle) -> bool {
    let head = Entity::of(raw);
    needle.is_in(&decode_text(head.head, None))
        || head
            .lines()
            .any(|line| unstructured(line.value).is_some_and(|text| needle.is_in(&text)))
}

/// Whether a text in the body holds the needle. Of a message past the bounds of MIME, what is
/// within them is looked at.
#[must_use]
pub fn in_body(raw: &[u8], needle: &Needle) -> bool {
    let mut found = false;
    body_texts(raw, |leaf, charset| {
        found = found || needle.is_in(&decode_text(&leaf.entity.decoded(), charset));
    });
    found
}

/// Tells each text that a needle is looked for in, wherever that is.
pub(super) fn texts(raw: &[u8], mut tell: impl FnMut(&str)) {
    let head = Entity::of(raw);
    tell(&decode_text(head.head, None));
    for line in head.lines() {
        if let Some(text) = unstructured(line.value) {
            tell(&text);
        }
        tell(&one_line(&String::from_utf8_lossy(&parsable(line.value))));
    }
    body_texts(raw, |leaf, charset| {
        tell(&decode_text(&leaf.entity.decoded(), charset));
    });
}

/// The leaves of the body that are texts, and how they are written.
fn body_texts(raw: &[u8], mut take: impl FnMut(&Leaf<'_>, Option<&str>)) {
    let _ = leaves(raw, |leaf| {
        let text = leaf.kind.starts_with("text/");
        // A message within says what it says as it stands.
        if text || leaf.kind.starts_with("message/") {
            let charset = leaf.content_type.as_ref();
            let charset = charset.and_then(|kind| kind.attribute("charset"));
            take(&leaf, charset.filter(|_| text));
        }
    });
}

/// The day that the `Date` field names by the clock of whoever wrote it, counted from
/// 1970-01-01.
#[must_use]
pub fn sent_day(raw: &[u8]) -> Option<i64> {
    people::sent_day(&Entity::of(raw))
}
