//! Looks at an email as sending would, and for what it would not refuse. Nothing is kept.

use serde_json::{Map, Value};

use super::content::{Content, Found, fill};
use super::known::{Known, Question, look};
use super::submission::{Parsed, parse};
use crate::engine::Posthouse;
use crate::error::{Denied, Error, Result, internal};
use crate::mime::anchors::mismatches;
use crate::mime::template::{Part, placeholders};
use crate::model::domain::Switch;
use crate::model::email::Submission;
use crate::model::key::{Caller, Scope};
use crate::model::lint::{Finding, Report, Rule};

/// Lists of mail show about so many characters of a subject.
const SUBJECT_CHARACTERS: usize = 78;
/// The largest mailbox provider cuts html behind 102 KiB.
const HTML_BYTES: usize = 102 * 1024;
/// Words of subjects of mail to many.
const BULK_SUBJECTS: [&str; 8] = [
    "newsletter",
    "digest",
    "sale",
    "discount",
    "% off",
    "coupon",
    "promotion",
    "special offer",
];
/// Words in the content of mail to many.
const BULK_CONTENT: [&str; 4] = ["unsubscribe", "opt out", "opt-out", "newsletter"];

/// An email under the lens.
struct Seen {
    parsed: Parsed,
    known: Known,
    /// Placeholders that nothing stands for.
    unresolved: Vec<String>,
}

type Check = fn(&Seen) -> Option<Vec<String>>;

/// Every rule, and what finds it.
const CHECKS: [(Rule, Check); 9] = [
    (Rule::UnverifiedDomain, unverified),
    (Rule::AllSuppressed, all_suppressed),
    (Rule::SomeSuppressed, some_suppressed),
    (Rule::MissingText, missing_text),
    (Rule::LongSubject, long_subject),
    (Rule::MissingUnsubscribe, missing_unsubscribe),
    (Rule::LinkMismatch, link_mismatch),
    (Rule::UnresolvedPlaceholder, unresolved),
    (Rule::LargeHtml, large_html),
];

impl Posthouse {
    /// Looks at an email as `send` would, and for what it would not refuse.
    ///
    /// # Errors
    /// `Denied::Scope`.
    pub async fn lint(&self, caller: &Caller, submission: Submission) -> Result<Report> {
        caller.needs(Scope::Send)?;
        let key = caller.key().ok_or(Error::Denied(Denied::Scope))?.clone();
        let of = caller.organization();
        let now = self.now();
        let parsed = parse(submission, now);
        let question = [Question::of(&parsed)];
        let (_, mut known) = self
            .store
            .look(move |read| look(read, of, &key, &question, now))
            .await?;
        let known = known
            .pop()
            .ok_or_else(|| internal("an email was not looked up"))?;
        tokio::task::spawn_blocking(move || report(parsed, known))
            .await
            .map_err(internal)
    }
}

fn report(mut parsed: Parsed, mut known: Known) -> Report {
    let template = known.take_template();
    let unresolved = missing_values(&parsed.content, &template);
    fill(&mut parsed, template);
    let mut seen = Seen {
        parsed,
        known,
        unresolved,
    };
    let findings = CHECKS
        .iter()
        .filter_map(|(rule, find)| {
            Some(Finding {
                rule: *rule,
                about: find(&seen)?,
            })
        })
        .collect();
    Report {
        problems: std::mem::take(&mut seen.parsed.problems),
        findings,
    }
}

fn unverified(seen: &Seen) -> Option<Vec<String>> {
    let from = seen.parsed.from.as_ref()?.address.domain();
    let domain = seen.known.domain.as_ref();
    (!domain.is_some_and(|domain| domain.host == from && domain.is_verified()))
        .then(|| vec![from.to_owned()])
}

/// The suppressed recipients, and whether anybody is left.
fn suppressed(seen: &Seen) -> (Vec<String>, bool) {
    let recipients = seen.parsed.recipients.iter().zip(&seen.known.suppressed);
    let addresses: Vec<String> = recipients
        .filter(|(_, suppressed)| **suppressed)
        .map(|(recipient, _)| recipient.address.as_str().to_owned())
        .collect();
    let left = addresses.len() < seen.parsed.recipients.len();
    (addresses, left)
}

fn all_suppressed(seen: &Seen) -> Option<Vec<String>> {
    let (addresses, left) = suppressed(seen);
    (!addresses.is_empty() && !left).then_some(addresses)
}

fn some_suppressed(seen: &Seen) -> Option<Vec<String>> {
    let (addresses, left) = suppressed(seen);
    (!addresses.is_empty() && left).then_some(addresses)
}

fn missing_text(seen: &Seen) -> Option<Vec<String>> {
    let content = &seen.parsed.content;
    (content.html.is_some() && content.text.is_none()).then(Vec::new)
}

fn long_subject(seen: &Seen) -> Option<Vec<String>> {
    let characters = seen.parsed.content.subject.as_ref()?.chars().count();
    (characters > SUBJECT_CHARACTERS).then(|| vec![characters.to_string()])
}

fn missing_unsubscribe(seen: &Seen) -> Option<Vec<String>> {
    let Parsed {
        content,
        fields,
        recipients,
        ..
    } = &seen.parsed;
    let says = |text: Option<&String>, words: &[&str]| {
        let text = text.map(|text| text.to_lowercase()).unwrap_or_default();
        words.iter().any(|word| has_word(&text, word))
    };
    let bulk = recipients.len() > 1
        || says(content.subject.as_ref(), &BULK_SUBJECTS)
        || says(content.html.as_ref(), &BULK_CONTENT)
        || says(content.text.as_ref(), &BULK_CONTENT);
    let domain = seen.known.domain.as_ref();
    let given = fields.list_unsubscribe.is_some()
        || domain.is_some_and(|domain| domain.unsubscribe == Switch::On);
    (bulk && !given).then(Vec::new)
}

/// Whether `word` is in `text`, and not inside another word.
fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let inside = |next: Option<char>| next.is_some_and(char::is_alphanumeric);
        let before =
            word.starts_with(char::is_alphanumeric) && inside(text[..at].chars().next_back());
        let after = inside(text[at + word.len()..].chars().next());
        !before && !after
    })
}

fn link_mismatch(seen: &Seen) -> Option<Vec<String>> {
    let found = mismatches(seen.parsed.content.html.as_ref()?);
    let first = found.into_iter().next()?;
    Some(vec![first.says, first.leads])
}

fn unresolved(seen: &Seen) -> Option<Vec<String>> {
    (!seen.unresolved.is_empty()).then(|| seen.unresolved.clone())
}

fn large_html(seen: &Seen) -> Option<Vec<String>> {
    let bytes = seen.parsed.content.html.as_ref()?.len();
    (bytes > HTML_BYTES).then(|| vec![bytes.to_string()])
}

/// The placeholders that `variables` has nothing for, in order, each once. Without a
/// template and without variables they are sent as they stand.
fn missing_values(content: &Content, template: &Found) -> Vec<String> {
    let published = match template {
        Found::Published(text) => Some(text),
        Found::NotNamed | Found::Missing | Found::Unpublished => None,
    };
    let own = [&content.subject, &content.html, &content.text].map(Option::as_ref);
    let theirs = published.map_or([None; 3], |text| {
        [&text.subject, &text.html, &text.text].map(Option::as_ref)
    });
    let parts = [Part::Subject, Part::Html, Part::Text];
    let none = Map::new();
    let variables = content.variables.as_ref().unwrap_or(&none);
    let mut missing: Vec<String> = Vec::new();
    for ((own, theirs), part) in own.into_iter().zip(theirs).zip(parts) {
        // What is no template is told where it is filled in, if it is.
        let found = placeholders(part, own.or(theirs).map_or("", String::as_str));
        for path in found.unwrap_or_default() {
            if !has_value(variables, &path) && !missing.contains(&path) {
                missing.push(path);
            }
        }
    }
    missing
}

fn has_value(variables: &Map<String, Value>, path: &str) -> bool {
    let mut names = path.split('.');
    let first = names.next().and_then(|name| variables.get(name));
    let found = names.try_fold(first, |value, name| {
        let value = value?;
        let inside = value
            .get(name)
            .or_else(|| value.get(name.parse::<usize>().ok()?));
        Some(inside)
    });
    found.flatten().is_some_and(|value| !value.is_null())
}

#[cfg(test)]
mod tests;
