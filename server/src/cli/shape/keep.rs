//! Mailboxes, and what they keep.

use std::num::NonZeroU64;

use posthouse::model::domain::Switch;
use posthouse::model::folder as fo;
use posthouse::model::keep as k;
use posthouse::model::mailbox as mb;
use serde::Serialize;

use super::time_or_none;

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

/// A mailbox without what it keeps.
#[derive(Debug, Serialize)]
pub struct Person {
    pub id: i64,
    pub address: String,
    pub kind: &'static str,
    pub name: String,
    /// Whether a password opens it.
    pub password: bool,
    pub keep_sent: bool,
    pub suspended_at: Option<String>,
    pub removed_at: Option<String>,
    pub quota_bytes: Option<u64>,
    pub messages: u64,
    pub unread: u64,
    pub size_bytes: u64,
}

impl Person {
    pub fn of(from: &mb::Mailbox) -> Self {
        Self {
            id: from.id.0,
            address: from.address.clone(),
            kind: from.kind.as_str(),
            name: from.name.clone(),
            password: from.password == Switch::On,
            keep_sent: from.keep_sent == Switch::On,
            suspended_at: time_or_none(from.suspended_at),
            removed_at: time_or_none(from.removed_at),
            quota_bytes: from.quota_bytes,
            messages: from.messages,
            unread: from.unread,
            size_bytes: from.bytes,
        }
    }
}

#[derive(Debug, Serialize)]
pub struct Mailbox {
    #[serde(flatten)]
    pub person: Person,
    /// What is said of it; null is as its organization's mailboxes.
    pub own_keep: Keep,
    /// What holds.
    pub keep: Keep,
    /// A person's mailbox has some.
    pub folders: Vec<Folder>,
}

impl Mailbox {
    pub fn of(from: &mb::Mailbox, keep: k::Keep, folders: &[fo::FolderStanding]) -> Self {
        Self {
            person: Person::of(from),
            own_keep: Keep::of(from.keep),
            keep: Keep::of(keep),
            folders: folders.iter().map(Folder::of).collect(),
        }
    }
}

#[derive(Debug, Serialize)]
pub struct Folder {
    pub name: String,
    /// What it is for, if anything.
    pub role: Option<&'static str>,
    pub messages: u64,
    pub unread: u64,
    pub size_bytes: u64,
}

impl Folder {
    fn of(from: &fo::FolderStanding) -> Self {
        Self {
            name: from.name.clone(),
            role: from.role.map(mb::Folder::as_str),
            messages: from.messages,
            unread: from.unread,
            size_bytes: from.bytes,
        }
    }
}
