//! What there is, kept by rules that can be read at a glance.

use std::collections::BTreeMap;

use posthouse::model::folder::{FolderStanding, Item};

use super::{Change, DELETED, MARKS};

/// A message: its size, which no other has, and how it is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) size: u64,
    pub(super) marks: u8,
}

/// A folder.
#[derive(Debug, Default)]
pub(super) struct Folder {
    pub(super) items: BTreeMap<u32, Message>,
    /// The highest number there ever was.
    last: u32,
    /// As they were told last: the folder's, and each message's.
    modseq: u64,
    modseqs: BTreeMap<u32, (u64, Message)>,
}

impl Folder {
    pub(super) fn modseq(&self) -> u64 {
        self.modseq
    }

    /// A message comes, with the next number.
    pub(super) fn add(&mut self, message: Message) -> u32 {
        self.last += 1;
        self.items.insert(self.last, message);
        self.last
    }

    pub(super) fn mark(&mut self, uids: &[u32], change: Change, marks: u8) {
        for uid in uids {
            if let Some(message) = self.items.get_mut(uid) {
                message.marks = match change {
                    Change::Add => message.marks | marks,
                    Change::Remove => message.marks & !marks,
                    Change::Replace => marks,
                };
            }
        }
    }

    /// Lets go of what is marked as deleted, of these or of all.
    pub(super) fn expunge(&mut self, only: Option<&[u32]>) {
        self.items.retain(|uid, message| {
            let meant = only.is_none_or(|only| only.contains(uid));
            !(meant && message.marks & DELETED.0 != 0)
        });
    }

    /// Compares with what the engine has, and with what it said before.
    pub(super) fn check(&mut self, standing: &FolderStanding, items: &[Item]) {
        let found: BTreeMap<u32, Message> = items.iter().map(|item| (item.uid, of(item))).collect();
        assert_eq!(found, self.items, "{}", standing.name);
        assert!(standing.uid_next > self.last, "{standing:?}");
        let seen = |message: &&Message| message.marks & 1 == 0;
        let unread = self.items.values().filter(seen).count();
        assert_eq!(
            (standing.messages, standing.unread),
            (self.items.len() as u64, unread as u64)
        );
        let now: BTreeMap<u32, (u64, Message)> = items
            .iter()
            .map(|item| (item.uid, (item.modseq, of(item))))
            .collect();
        assert!(standing.modseq >= self.modseq, "{standing:?}");
        for (uid, (modseq, message)) in &now {
            assert!(*modseq <= standing.modseq, "{uid}: {standing:?}");
            match self.modseqs.get(uid) {
                Some((before, old)) if old == message => assert!(modseq >= before, "{uid}"),
                Some((before, _)) => assert!(modseq > before, "{uid} changed at {modseq}"),
                None => assert!(*modseq > self.modseq, "{uid} came at {modseq}"),
            }
        }
        let gone = self.modseqs.keys().any(|uid| !now.contains_key(uid));
        if gone {
            assert!(standing.modseq > self.modseq, "nothing says that some went");
        }
        self.modseq = standing.modseq;
        self.modseqs = now;
    }
}

fn of(item: &Item) -> Message {
    let flags = &item.flags;
    let words = [
        flags.seen,
        flags.answered,
        flags.flagged,
        flags.deleted,
        flags.draft,
        flags.keywords == ["$Work"],
    ];
    assert!(flags.keywords.len() < 2, "{flags:?}");
    let bits = MARKS.iter().zip(words).filter(|(_, on)| *on);
    Message {
        size: item.size_bytes,
        marks: bits.map(|((bit, _), _)| bit).sum(),
    }
}
