//! Folders and messages for tests.

use posthouse::clock::Timestamp;
use posthouse::ids::{FolderId, MailboxId, MessageId};
use posthouse::model::domain::Switch;
use posthouse::model::folder::{Changes, Flags, FolderStanding, Item};

pub(super) fn folder(name: &str, modseq: u64) -> FolderStanding {
    FolderStanding {
        id: FolderId(1),
        mailbox: MailboxId(1),
        name: name.to_owned(),
        role: None,
        uid_validity: 7,
        uid_next: 100,
        modseq,
        subscribed: Switch::On,
        messages: 0,
        unread: 0,
        bytes: 0,
    }
}

pub(super) fn item(uid: u32, modseq: u64) -> Item {
    Item {
        uid,
        id: MessageId(i64::from(uid) + 1_000),
        modseq,
        flags: Flags::default(),
        size_bytes: 100,
        received_at: Timestamp(1_709_972_130_000),
    }
}

pub(super) fn changes(modseq: u64, items: Vec<Item>, vanished: &[u32]) -> Changes {
    Changes {
        folder: folder("INBOX", modseq),
        items,
        vanished: vanished.to_vec(),
    }
}
