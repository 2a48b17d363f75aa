//! What a session wants done, asks, and is told.

use std::borrow::Cow;

use posthouse::clock::Timestamp;
use posthouse::ids::{FolderId, MessageId};
use posthouse::mime::find::Needle;
use posthouse::mime::outline::{Outline, Wanted};
use posthouse::model::domain::Switch;
use posthouse::model::folder::{Changes, FlagChange, Flags, FolderStanding, Item};

/// What is to be done next, in this order.
#[derive(Debug)]
pub enum Step {
    /// To be written: whole responses.
    Say(Vec<u8>),
    /// To be asked; nothing goes on before its answer.
    Ask(Question),
    /// The handshake, once everything is written.
    StartTls,
    /// The end, once everything is written.
    Close,
}

/// What only the engine knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Whose password this is.
    SignIn {
        name: String,
        password: String,
    },
    /// All folders.
    Folders(Detail),
    /// One of them.
    Folder(String, Detail),
    /// One of them with its messages, and what changed after a modification sequence.
    Select {
        name: String,
        since: Option<u64>,
    },
    /// What changed, if anything did since that was last asked.
    News {
        folder: FolderId,
        since: u64,
    },
    /// What changed.
    Changes {
        folder: FolderId,
        since: u64,
    },
    /// Messages' bytes.
    Bytes(Vec<MessageId>),
    /// Messages' outlines.
    Outlines(Vec<MessageId>, Wanted),
    /// The days that the messages of a folder say they were sent on.
    SentDays(FolderId),
    /// Which messages may hold each of these.
    MaySay {
        folder: FolderId,
        needles: Vec<Needle>,
    },
    Mark {
        folder: FolderId,
        uids: Vec<u32>,
        change: FlagChange,
        unchanged_since: Option<u64>,
    },
    Copy {
        from: FolderId,
        uids: Vec<u32>,
        to: String,
    },
    Move {
        from: FolderId,
        uids: Vec<u32>,
        to: String,
    },
    /// To remove what is marked as deleted, of these or of all.
    Expunge {
        folder: FolderId,
        only: Option<Vec<u32>>,
    },
    Append {
        name: String,
        raw: Vec<u8>,
        flags: Flags,
        received_at: Option<Timestamp>,
    },
    Create(String),
    Remove(String),
    Rename {
        from: String,
        to: String,
    },
    Subscribe(String, Switch),
    /// What the mailbox holds and may; of this folder, if one is named.
    Allowance(Option<String>),
}

/// How much is to be known of folders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    Plain,
    /// What is marked as deleted too.
    Deleted,
}

/// A folder, and what in it is marked as deleted, if that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub folder: FolderStanding,
    pub deleted: Option<Deleted>,
}

/// What is marked as deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Deleted {
    pub messages: u64,
    pub bytes: u64,
}

/// What the engine says.
#[derive(Debug)]
pub enum Answer {
    Done,
    /// And the names that are subscribed to and no folder any more.
    Folders(Vec<Standing>, Vec<String>),
    Folder(Box<Standing>),
    Selected(Box<Selected>),
    /// None where nothing changed.
    Changes(Option<Box<Changes>>),
    /// In the order of the question; None for a message that is gone.
    Bytes(Vec<Option<Vec<u8>>>),
    Outlines(Vec<Option<Outline>>),
    /// Counted from 1970-01-01, by uid; without those that are not known.
    SentDays(Vec<(u32, Option<i64>)>),
    /// In the order of the question, by uid; None where each may.
    MaySay(Vec<Option<Vec<u32>>>),
    /// The messages as they are now, and those that were not marked since they had changed.
    Marked {
        items: Vec<Item>,
        unchanged: Vec<u32>,
    },
    /// Where to, and uids before and after.
    Copied {
        uid_validity: u32,
        pairs: Vec<(u32, u32)>,
    },
    Expunged(Vec<u32>),
    Appended {
        uid_validity: u32,
        uid: u32,
    },
    /// In bytes.
    Allowance {
        used: u64,
        most: Option<u64>,
    },
    No(Refusal),
}

/// A folder as it is selected.
#[derive(Debug)]
pub struct Selected {
    pub folder: FolderStanding,
    /// All of them, by uid.
    pub items: Vec<Item>,
    /// Of those that it had at the time that was asked about, ascending.
    pub vanished: Vec<u32>,
}

/// Why something is not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// A response code (RFC 5530), if there is one for it.
    pub code: Option<&'static str>,
    pub words: Cow<'static, str>,
}

impl Refusal {
    pub(super) fn new(code: &'static str, words: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code: Some(code),
            words: words.into(),
        }
    }
}

/// Why the server ends a connection by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The client took too long.
    Silence,
    /// The server stops.
    Stop,
}

/// What can come in next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wants {
    Command,
    /// A line that is no command.
    Line,
    /// An answer, or a handshake, or nothing any more.
    Nothing,
}
