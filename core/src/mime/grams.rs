//! What an index knows of a text: its grams, each three letters or digits on end.
//!
//! A text that holds a needle has all grams of the needle. The reverse is not so: whatever has
//! them is looked into.

use std::collections::HashSet;

use super::find::texts;
use crate::limits::INDEX_TEXT_BYTES;

/// The grams of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grams {
    /// One word each, blanks between, in no order.
    pub words: String,
    /// Whether these are all, or a text was left out, since [`INDEX_TEXT_BYTES`] are read.
    pub extent: Extent,
}

/// How much of a message was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    Whole,
    Part,
}

/// The grams of what a message says, as `find` looks for it.
#[must_use]
pub fn grams_of(raw: &[u8]) -> Grams {
    let mut found = HashSet::new();
    let mut room = INDEX_TEXT_BYTES;
    let mut extent = Extent::Whole;
    texts(raw, |text| match room.checked_sub(text.len()) {
        Some(left) => {
            room = left;
            found.extend(grams(&text.to_lowercase()));
        }
        None => extent = Extent::Part,
    });
    Grams {
        words: words(found),
        extent,
    }
}

/// The words of a few grams of a needle in lower case, so that all of them have to be there;
/// None where it has none.
pub(super) fn few(needle: &str) -> Option<String> {
    /// More of them hardly rule out more.
    const ENOUGH: usize = 24;
    let some: HashSet<u64> = grams(needle).take(ENOUGH).collect();
    (!some.is_empty()).then(|| words(some))
}

/// Each three characters on end that are letters or digits, as one number.
fn grams(lower: &str) -> impl Iterator<Item = u64> {
    /// No character needs more bits.
    const BITS: u32 = 21;
    let mut last = (0, 0_u64);
    lower.chars().filter_map(move |next| {
        last = match next.is_alphanumeric() {
            true => (last.0 + 1, last.1 << BITS | u64::from(next)),
            false => (0, 0),
        };
        last.1 &= (1 << (3 * BITS)) - 1;
        (last.0 >= 3).then_some(last.1)
    })
}

fn words(grams: HashSet<u64>) -> String {
    let mut out = String::with_capacity(grams.len() * 14);
    for gram in grams {
        out += &format!("{gram:x} ");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let mut all: Vec<String> = grams(text)
            .map(|gram| {
                let letter = |at: u32| u32::try_from(gram >> at & 0x1f_ffff).unwrap();
                [42, 21, 0].map(|at| char::from_u32(letter(at)).unwrap())
            })
            .map(String::from_iter)
            .collect();
        all.dedup();
        all
    }

    #[test]
    fn grams_are_three_letters_on_end() {
        assert_eq!(found("hello"), ["hel", "ell", "llo"]);
        assert_eq!(found("ab cd e-f-g"), Vec::<String>::new());
        assert_eq!(
            found("a1b größe 日本語"),
            ["a1b", "grö", "röß", "öße", "日本語"]
        );
        assert_eq!(found(""), Vec::<String>::new());
    }

    #[test]
    fn a_needle_without_three_letters_has_none() {
        for needle in ["", "ab", "- -", "a b c", "x@y.z"] {
            assert_eq!(few(needle), None, "{needle}");
        }
        assert!(few("abc").is_some());
    }

    #[test]
    fn more_text_than_is_indexed_is_told() {
        let of = |body: &str| grams_of(format!("Subject: s\r\n\r\n{body}").as_bytes());
        assert_eq!(of("short").extent, Extent::Whole);
        let long = of(&"long ".repeat(INDEX_TEXT_BYTES / 5));
        assert_eq!(long.extent, Extent::Part);
    }
}
