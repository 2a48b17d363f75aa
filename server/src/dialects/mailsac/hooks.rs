//! The bodies of webhook calls: mail that came into an address, and the same for Slack.

use std::time::Duration;

use posthouse::mime::page;
use posthouse::model::event::EventKind;
use posthouse::model::notice::{Afterwards, Form, Notice, Patience, Retried, Secrecy, Signing};
use posthouse::model::received::Received;
use serde::Serialize;

use super::convert::address::{FORM, SLACK_FORM, TO_FROM};
use super::convert::mail::{mail, whole};
use super::wire::mail::Words;

/// Waits before the second, third, … call (section 12).
const GAPS: [Duration; 4] = [
    Duration::from_secs(60),
    Duration::from_secs(300),
    Duration::from_secs(1_800),
    Duration::from_secs(7_200),
];
const PATIENCE: Patience = Patience {
    gaps: &GAPS,
    retried: Retried::Everything,
    afterwards: Afterwards::GoOn,
};
/// Slack cuts longer texts off by itself, at this many characters.
const SLACK_CHARACTERS: usize = 40_000;

/// Mail that came in, as one flat object.
pub struct Hooks;

impl Form for Hooks {
    fn name(&self) -> &'static str {
        FORM
    }

    fn body(&self, _: &Notice, _: Option<&str>) -> Option<Vec<u8>> {
        None
    }

    fn received(&self, received: &Received, _: Option<&str>) -> Option<Vec<u8>> {
        Some(json(&whole(received)))
    }

    fn kinds(&self) -> &'static [EventKind] {
        &[EventKind::Received]
    }

    fn headers(&self, _: &[u8], _: &Signing<'_>) -> Vec<(String, String)> {
        fields()
    }

    fn patience(&self) -> Patience {
        PATIENCE
    }

    fn secrecy(&self) -> Secrecy {
        Secrecy::None
    }
}

/// Mail that came in, as a person reads it in a chat.
pub struct Slack;

impl Form for Slack {
    fn name(&self) -> &'static str {
        SLACK_FORM
    }

    fn body(&self, _: &Notice, _: Option<&str>) -> Option<Vec<u8>> {
        None
    }

    fn received(&self, received: &Received, words: Option<&str>) -> Option<Vec<u8>> {
        let mail = mail(&received.message, &received.content, &received.token);
        let mut lines = Vec::new();
        if words == Some(TO_FROM) {
            let from = received
                .content
                .from
                .iter()
                .map(|one| match one.name.as_str() {
                    "" => one.address.clone(),
                    name => format!("{name} <{}>", one.address),
                });
            lines.push(format!("To: {}", mail.original_inbox));
            lines.push(format!("From: {}", from.collect::<Vec<_>>().join(", ")));
        }
        lines.push(format!("Subject: {}", mail.subject));
        lines.push(String::new());
        lines.push(page::text(&received.raw));
        Some(json(&Words {
            text: escaped(&lines.join("\n")),
        }))
    }

    fn kinds(&self) -> &'static [EventKind] {
        &[EventKind::Received]
    }

    fn headers(&self, _: &[u8], _: &Signing<'_>) -> Vec<(String, String)> {
        fields()
    }

    fn patience(&self) -> Patience {
        PATIENCE
    }

    fn secrecy(&self) -> Secrecy {
        Secrecy::None
    }
}

/// These three have a meaning in Slack's texts; a stranger's mail must not call a channel or
/// show one link for another.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.trim_end().chars().take(SLACK_CHARACTERS) {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            other => escaped.push(other),
        }
    }
    escaped
}

fn fields() -> Vec<(String, String)> {
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    vec![
        field("Content-Type", "application/json"),
        field("User-Agent", "Posthouse-Webhooks/1.0"),
    ]
}

fn json(body: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(body).expect("texts and numbers can always be written as JSON")
}

#[cfg(test)]
mod tests;
