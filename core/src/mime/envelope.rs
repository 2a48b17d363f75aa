//! The envelope of a message as IMAP shows it (RFC 3501 section 7.4.2): its fields as they are
//! written, folds undone.

use serde::{Deserialize, Serialize};

use super::entity::Entity;
pub use super::raw_addresses::Written;
use super::raw_addresses::written;
use crate::limits::MIME_FIELD_BYTES;

/// An envelope. Absent fields are None or empty. Of several fields that may be there once,
/// the last counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    pub date: Option<Vec<u8>>,
    pub subject: Option<Vec<u8>>,
    pub from: Vec<Written>,
    /// As `from` where the message has none; `reply_to` too.
    pub sender: Vec<Written>,
    pub reply_to: Vec<Written>,
    pub to: Vec<Written>,
    pub cc: Vec<Written>,
    pub bcc: Vec<Written>,
    pub in_reply_to: Option<Vec<u8>>,
    pub message_id: Option<Vec<u8>>,
}

/// The envelope of a message, or of its header alone.
#[must_use]
pub fn envelope(raw: &[u8]) -> Envelope {
    of(&Entity::of(raw))
}

pub(super) fn of(head: &Entity<'_>) -> Envelope {
    let mut found = Envelope::default();
    for line in head.lines() {
        let is = |name: &str| line.name.eq_ignore_ascii_case(name.as_bytes());
        let text = || Some(unfolded(line.value));
        // Several of these are one list (RFC 5322 4.5.3).
        let all = || written(line.value);
        match line.name.len() {
            2 if is("To") => found.to.extend(all()),
            2 if is("Cc") => found.cc.extend(all()),
            3 if is("Bcc") => found.bcc.extend(all()),
            4 if is("Date") => found.date = text(),
            4 if is("From") => found.from = all(),
            6 if is("Sender") => found.sender = all(),
            7 if is("Subject") => found.subject = text(),
            8 if is("Reply-To") => found.reply_to = all(),
            10 if is("Message-ID") => found.message_id = text(),
            11 if is("In-Reply-To") => found.in_reply_to = text(),
            _ => {}
        }
    }
    if found.sender.is_empty() {
        found.sender.clone_from(&found.from);
    }
    if found.reply_to.is_empty() {
        found.reply_to.clone_from(&found.from);
    }
    found
}

/// A value on one line, without the blanks around it.
pub(super) fn unfolded(value: &[u8]) -> Vec<u8> {
    let value = value[..value.len().min(MIME_FIELD_BYTES)].trim_ascii();
    let ends = |byte: &u8| matches!(byte, b'\r' | b'\n' | 0);
    value.iter().copied().filter(|byte| !ends(byte)).collect()
}
