//! STORE, with UNCHANGEDSINCE (RFC 7162 section 3.1.3).

use imap_codec::imap_types::command::StoreModifier;
use imap_codec::imap_types::flag::{Flag, StoreResponse, StoreType};
use posthouse::model::folder::{FlagChange, Flags, Item};

use super::*;

/// What was to be marked.
#[derive(Debug)]
pub(super) struct Storing {
    uids: Vec<u32>,
    uid: bool,
    response: StoreResponse,
    /// The client gave a modification sequence.
    conditional: bool,
}

impl Session {
    pub(super) fn store(
        &mut self,
        tag: String,
        set: &SequenceSet,
        (kind, marks): (StoreType, &[Flag<'_>]),
        response: StoreResponse,
        uid: bool,
        modifiers: &[StoreModifier],
    ) {
        let unchanged_since = modifiers.iter().map(|one| match one {
            StoreModifier::UnchangedSince(modseq) => *modseq,
        });
        let unchanged_since = unchanged_since.min();
        self.modes.condstore |= unchanged_since.is_some();
        let Some(folder) = self.writable(&tag) else {
            return;
        };
        let Some(uids) = self.uids(&tag, set, uid) else {
            return;
        };
        let marks = flags(marks);
        let change = match kind {
            StoreType::Replace => FlagChange::Replace(marks),
            StoreType::Add => FlagChange::Add(marks),
            StoreType::Remove => FlagChange::Remove(marks),
        };
        let storing = Storing {
            uids: uids.clone(),
            uid,
            response,
            conditional: unchanged_since.is_some(),
        };
        let question = Question::Mark {
            folder,
            uids,
            change,
            unchanged_since,
        };
        self.ask(tag, Task::Store(storing), question);
    }

    pub(super) fn stored(
        &mut self,
        tag: &str,
        storing: &Storing,
        items: Vec<Item>,
        unchanged: &[u32],
    ) {
        let mut wants = Vec::new();
        if storing.uid || self.modes.qresync {
            wants.push(Want::Uid);
        }
        if storing.response == StoreResponse::Answer {
            wants.push(Want::Flags);
        }
        if self.modes.condstore {
            wants.push(Want::ModSeq);
        }
        let silent = storing.response == StoreResponse::Silent && !self.modes.condstore;
        let Stage::Selected(open) = &mut self.stage else {
            return;
        };
        open.view.marked(items);
        let mut out = Vec::new();
        let mut lost = false;
        for uid in &storing.uids {
            lost |= open.view.is_gone(*uid);
            let shows = !silent && unchanged.binary_search(uid).is_err();
            if let Some((number, item)) = open.view.find(*uid).filter(|_| shows) {
                // None of these needs bytes, which alone can fail.
                let _ = message(&mut out, number, item, &wants, Known::default());
            }
        }
        let modified = unchanged.iter().filter_map(|uid| match storing.uid {
            true => Some(*uid),
            false => open.view.find(*uid).map(|found| found.0),
        });
        let modified = shown(modified);
        self.say(out);
        let numbers = match storing.uid {
            true => Numbers::Change,
            false => Numbers::Stay,
        };
        match (storing.conditional && !modified.is_empty(), lost) {
            (true, _) => {
                let words = format!("[MODIFIED {modified}] Some had changed");
                self.ok_with(tag, &words, numbers);
            }
            (false, true) => self.no(tag, &words::some_are_gone()),
            (false, false) => self.ok_with(tag, words::DONE, numbers),
        }
    }
}

/// The marks of a list. What is no flag of ours, such as `\Recent`, is passed over.
pub(super) fn flags(list: &[Flag<'_>]) -> Flags {
    let mut found = Flags::default();
    for flag in list {
        match flag {
            Flag::Answered => found.answered = true,
            Flag::Deleted => found.deleted = true,
            Flag::Draft => found.draft = true,
            Flag::Flagged => found.flagged = true,
            Flag::Seen => found.seen = true,
            Flag::Extension(_) => {}
            Flag::Keyword(word) => {
                let word = word.as_ref().to_owned();
                if found.spelling(&word).is_none() {
                    found.keywords.push(word);
                }
            }
        }
    }
    found
}
