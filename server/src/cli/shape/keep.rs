//! Mailboxes, and what they keep.

use std::num::NonZeroU64;

use posthouse::model::keep as k;
use posthouse::model::mailbox as mb;
use serde::Serialize;

/// What is kept; null is without end.
#[derive(Debug, Serialize)]
pub struct Keep {
    pub days: Option<NonZeroU64>,
    pub messages: Option<NonZeroU64>,
    pub bytes: Option<NonZeroU64>,
}

impl Keep {
    pub fn of(from: k::Keep) -> Self {
        Self {
            days: from.days,
            messages: from.messages,
            bytes: from.bytes,
        }
    }
}

#[derive(Debug, Serialize)]
pub struct Mailbox {
    pub id: i64,
    pub address: String,
    pub kind: &'static str,
    pub messages: u64,
    pub unread: u64,
    pub size_bytes: u64,
    /// What is said of it; null is as its organization's mailboxes.
    pub own_keep: Keep,
    /// What holds.
    pub keep: Keep,
}

impl Mailbox {
    pub fn of(from: &mb::Mailbox, keep: k::Keep) -> Self {
        Self {
            id: from.id.0,
            address: from.address.clone(),
            kind: from.kind.as_str(),
            messages: from.messages,
            unread: from.unread,
            size_bytes: from.bytes,
            own_keep: Keep::of(from.keep),
            keep: Keep::of(keep),
        }
    }
}
