//! The differences that are known, each with its reason; one that is not there any more is no
//! longer to be listed.

use std::cell::Cell;
use std::collections::BTreeMap;

use serde_json::Value;

/// Whose answer a piece stands in, and in the other's not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    Posthouse,
    Dovecot,
}

/// A piece that only one of them says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// The conversation and the command.
    pub at: String,
    pub side: Side,
    pub piece: String,
}

/// A pattern, and whether it was of use.
struct Pattern {
    text: String,
    used: Cell<bool>,
}

/// What is listed under one reason.
struct Listed {
    why: String,
    at: Vec<Pattern>,
    posthouse: Vec<Pattern>,
    dovecot: Vec<Pattern>,
}

impl Listed {
    fn of(table: &Value) -> Self {
        let text = |name: &str| table[name].as_str().unwrap_or_default().to_owned();
        let patterns = |name: &str| {
            let texts = table[name].as_array().cloned().unwrap_or_default();
            let texts = texts.iter().map(|text| Pattern {
                text: text.as_str().expect("a pattern").to_owned(),
                used: Cell::new(false),
            });
            texts.collect::<Vec<_>>()
        };
        let listed = Self {
            why: text("why"),
            at: patterns("at"),
            posthouse: patterns("posthouse"),
            dovecot: patterns("dovecot"),
        };
        let words = listed.why.split_whitespace().count();
        assert!(words >= 5, "this is no reason: {}", listed.why);
        assert!(!listed.at.is_empty(), "nowhere: {}", listed.why);
        listed
    }

    fn explains(&self, difference: &Difference) -> bool {
        let pieces = match difference.side {
            Side::Posthouse => &self.posthouse,
            Side::Dovecot => &self.dovecot,
        };
        let fit = |patterns: &'_ [Pattern], text: &str| -> Vec<usize> {
            let each = patterns.iter().enumerate();
            let fitting = each.filter(|(_, one)| fits(&one.text, text));
            fitting.map(|(at, _)| at).collect()
        };
        let (at, piece) = (
            fit(&self.at, &difference.at),
            fit(pieces, &difference.piece),
        );
        if at.is_empty() || piece.is_empty() {
            return false;
        }
        at.iter().for_each(|one| self.at[*one].used.set(true));
        piece.iter().for_each(|one| pieces[*one].used.set(true));
        true
    }
}

/// Whether a text fits a pattern, in which `*` is anything.
fn fits(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut left) = text.strip_prefix(start) else {
        return false;
    };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        let Some(at) = left.find(part) else {
            return false;
        };
        left = &left[at + part.len()..];
    }
    left.ends_with(last)
}

/// Fails for what is not listed, and for what is listed and is not.
///
/// # Panics
/// So.
pub fn judge(list: &str, found: &[Difference]) {
    let list: toml::Table = list.parse().expect("TOML");
    let list = serde_json::to_value(list).expect("a table");
    let listed: Vec<Listed> = list["difference"]
        .as_array()
        .expect("differences")
        .iter()
        .map(Listed::of)
        .collect();
    let mut unknown: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for difference in found {
        let reasons = listed.iter().filter(|one| one.explains(difference));
        if reasons.count() == 0 {
            let Difference { at, side, piece } = difference;
            unknown
                .entry(at)
                .or_default()
                .push(format!("{side:?}: {piece}"));
        }
    }
    let mut stale = Vec::new();
    for one in &listed {
        let all = one.at.iter().chain(&one.posthouse).chain(&one.dovecot);
        let unused = all.filter(|pattern| !pattern.used.get());
        stale.extend(unused.map(|pattern| format!("{} ({})", pattern.text, one.why)));
    }
    assert!(
        unknown.is_empty() && stale.is_empty(),
        "not listed: {unknown:#?}\nlisted and not there: {stale:#?}"
    );
}

#[test]
fn a_pattern_fits_as_it_should() {
    for (pattern, text, expected) in [
        ("a", "a", true),
        ("a", "ab", false),
        ("*", "", true),
        ("a*c", "abc", true),
        ("a*c", "abcd", false),
        ("a*b*c", "axbyc", true),
        ("a*b*c", "acb", false),
        ("*b", "abb", true),
    ] {
        assert_eq!(fits(pattern, text), expected, "{pattern} {text}");
    }
}

#[test]
#[should_panic(expected = "not listed")]
fn what_is_not_listed_fails() {
    let found = Difference {
        at: "x: NOOP".to_owned(),
        side: Side::Dovecot,
        piece: "-> OK".to_owned(),
    };
    judge("difference = []", &[found]);
}

#[test]
#[should_panic(expected = "listed and not there: [\n    \"-> OK (for a reason of some words)\"")]
fn what_is_listed_and_is_not_there_fails() {
    let found = Difference {
        at: "x: NOOP".to_owned(),
        side: Side::Dovecot,
        piece: "-> NO".to_owned(),
    };
    let list = "[[difference]]\nwhy = \"for a reason of some words\"\nat = [\"x: *\"]\n\
        dovecot = [\"-> NO\"]\nposthouse = [\"-> OK\"]\n";
    judge(list, &[found]);
}
