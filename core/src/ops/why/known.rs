//! Refusals of known providers, as a table: how each is recognised, what it means, what to
//! do, and where that is written.

use std::ops::RangeInclusive;
use std::sync::LazyLock;

use super::codes;
use super::rows::rows;
use crate::model::delivery::Answer;

const TABLE: &str = include_str!("../../../data/refusals.csv");

/// A refusal that is known.
#[derive(Debug, PartialEq, Eq)]
pub struct Known {
    /// Whose it is.
    pub who: String,
    /// What the SMTP code begins with; empty for any.
    reply: String,
    /// The enhanced codes it comes with.
    enhanced: Option<Pattern>,
    /// What its text holds, all of it, in lower case.
    text: Vec<String>,
    /// In plain words.
    pub meaning: String,
    /// What a person can do, with `{domain}` and `{address}` to be filled in.
    pub(super) next_step: String,
    /// Where that is written.
    pub sources: Vec<String>,
    /// How it stands in an answer, its lines joined.
    example: String,
}

/// `5.7.26`, `X.7.26` for every class, or `5.7.606-649`.
#[derive(Debug, PartialEq, Eq)]
struct Pattern {
    class: Option<u16>,
    subject: u16,
    details: RangeInclusive<u16>,
}

impl Pattern {
    fn parse(text: &str) -> Option<Self> {
        let (class, rest) = text.split_once('.')?;
        let (subject, details) = rest.split_once('.')?;
        let (first, last) = details.split_once('-').unwrap_or((details, details));
        Some(Self {
            class: match class {
                "X" => None,
                class => Some(class.parse().ok()?),
            },
            subject: subject.parse().ok()?,
            details: first.parse().ok()?..=last.parse().ok()?,
        })
    }

    fn fits(&self, code: &str) -> bool {
        codes::parts(code).is_some_and(|(class, subject, detail)| {
            self.class.is_none_or(|one| one == class)
                && self.subject == subject
                && self.details.contains(&detail)
        })
    }
}

static KNOWN: LazyLock<Vec<Known>> =
    LazyLock::new(|| read(TABLE).expect("a test reads the table that is compiled in"));

fn read(csv: &str) -> Result<Vec<Known>, String> {
    let head = [
        "who",
        "reply",
        "enhanced",
        "text",
        "meaning",
        "next_step",
        "source",
        "example",
    ];
    rows(csv, head)?.into_iter().map(known).collect()
}

fn known(row: [String; 8]) -> Result<Known, String> {
    let [
        who,
        reply,
        enhanced,
        text,
        meaning,
        next_step,
        source,
        example,
    ] = row;
    let enhanced = match enhanced.as_str() {
        "" => None,
        text => Some(Pattern::parse(text).ok_or_else(|| format!("{text:?} is no code"))?),
    };
    Ok(Known {
        who,
        reply,
        enhanced,
        text: text.split(" & ").map(str::to_lowercase).collect(),
        meaning,
        next_step,
        sources: source.split_whitespace().map(str::to_owned).collect(),
        example,
    })
}

/// Recognises a peer's refusal. The table has the special ones before the general ones, so
/// the first that fits is the most specific.
#[must_use]
pub fn recognise(answer: &Answer) -> Option<&'static Known> {
    first_of(&KNOWN, answer)
}

fn first_of<'a>(table: &'a [Known], answer: &Answer) -> Option<&'a Known> {
    let reply = answer.code?.to_string();
    // Servers break lines where they like.
    let words: Vec<&str> = answer.text.split_whitespace().collect();
    let text = words.join(" ").to_lowercase();
    table.iter().find(|known| {
        reply.starts_with(&known.reply)
            && known.enhanced.as_ref().is_none_or(|pattern| {
                let code = answer.enhanced.as_deref();
                code.is_some_and(|code| pattern.fits(code))
            })
            && known.text.iter().all(|part| text.contains(part.as_str()))
    })
}

#[cfg(test)]
mod tests;
