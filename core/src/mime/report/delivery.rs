//! Delivery status notifications: RFC 3464.

use super::{Original, address};
use crate::limits::{HEADER_TEXT_CHARACTERS, REPORTED_RECIPIENTS};
use crate::mime::entity::{Entity, head_of};

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryReport {
    /// Never empty; at most [`REPORTED_RECIPIENTS`].
    pub recipients: Vec<ReportedRecipient>,
    /// Without angle brackets.
    pub original_message_id: Option<String>,
    /// The first address of the message's `To`.
    pub original_to: Option<String>,
}

/// What became of one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedRecipient {
    /// The address that was sent to where that is told, else the one that it ended at; its
    /// domain in lower case.
    pub address: String,
    pub action: Action,
    /// An enhanced status code such as `5.1.1` (RFC 3463).
    pub status: Option<String>,
    /// What the last server said, on one line, at most
    /// [`HEADER_TEXT_CHARACTERS`].
    pub diagnostic: Option<String>,
}

/// RFC 3464 2.3.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Nothing more will be tried.
    Failed,
    /// It is tried again.
    Delayed,
    /// It is in the recipient's mailbox.
    Delivered,
    /// It went on to where no such reports are made.
    Relayed,
    /// It went on to several.
    Expanded,
}

/// Reads the fields of a `message/delivery-status`. None when they are about nobody.
pub(super) fn read(fields: &[u8], original: Original) -> Option<DeliveryReport> {
    let recipients: Vec<_> = groups(fields)
        .filter_map(|group| recipient(&group))
        .take(REPORTED_RECIPIENTS)
        .collect();
    (!recipients.is_empty()).then_some(DeliveryReport {
        recipients,
        original_message_id: original.message_id,
        original_to: original.to,
    })
}

/// RFC 3464 2.1: groups of fields with an empty line between them, the message's own first.
fn groups(fields: &[u8]) -> impl Iterator<Item = Entity<'_>> {
    let mut rest = fields;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (head, body) = rest.split_at(head_of(rest));
        rest = body;
        Some(Entity { head, body: b"" })
    })
}

fn recipient(group: &Entity<'_>) -> Option<ReportedRecipient> {
    let field = |name: &str| group.text_of(name);
    let addressed = |name: &str| field(name).as_deref().and_then(address);
    let address = addressed("Original-Recipient").or_else(|| addressed("Final-Recipient"))?;
    let diagnostic = field("Diagnostic-Code").map(|said| shown(untyped(&said)));
    let status = field("Status").as_deref().and_then(status_in);
    let status = status.or_else(|| diagnostic.as_deref().and_then(status_in));
    let action = field("Action").as_deref().and_then(action);
    Some(ReportedRecipient {
        address,
        action: action.or_else(|| by_status(status.as_deref()?))?,
        status,
        diagnostic: diagnostic.filter(|said| !said.is_empty()),
    })
}

/// Some write the word a little differently.
fn action(said: &str) -> Option<Action> {
    let said = said.trim().to_ascii_lowercase();
    let known = [
        ("fail", Action::Failed),
        ("delay", Action::Delayed),
        ("deliver", Action::Delivered),
        ("relay", Action::Relayed),
        ("expand", Action::Expanded),
    ];
    let mut known = known.into_iter();
    known.find_map(|(word, action)| said.starts_with(word).then_some(action))
}

fn by_status(status: &str) -> Option<Action> {
    match status.as_bytes().first()? {
        b'2' => Some(Action::Delivered),
        b'4' => Some(Action::Delayed),
        b'5' => Some(Action::Failed),
        _ => None,
    }
}

/// The first enhanced status code in a text (RFC 3463 2), alone or as in `#5.1.1`.
pub(super) fn status_in(text: &str) -> Option<String> {
    let apart = |c: char| !c.is_ascii_digit() && c != '.';
    text.split(apart)
        .map(|word| word.trim_end_matches('.'))
        .find(|word| is_status(word))
        .map(str::to_owned)
}

fn is_status(word: &str) -> bool {
    let mut numbers = word.split('.');
    let class = numbers.next().unwrap_or_default();
    let short = |n: &str| (1..=3).contains(&n.len());
    ["2", "4", "5"].contains(&class) && numbers.clone().count() == 2 && numbers.all(short)
}

/// Without `smtp;` before it (RFC 3464 2.3.6).
fn untyped(said: &str) -> &str {
    match said.split_once(';') {
        Some((kind, text)) if !kind.trim().contains(' ') => text,
        _ => said,
    }
}

/// On one line, each blank once.
pub(super) fn shown(said: &str) -> String {
    let words: Vec<_> = said.split_whitespace().collect();
    words
        .join(" ")
        .chars()
        .take(HEADER_TEXT_CHARACTERS)
        .collect()
}
