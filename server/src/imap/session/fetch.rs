//! FETCH, with CHANGEDSINCE and VANISHED (RFC 7162).
//!
//! Messages are shown one after the other, so that no more than one body is in memory, and
//! the next only when what was shown is written.

use std::collections::VecDeque;
use std::ops::RangeInclusive;

use imap_codec::imap_types::command::FetchModifier;
use imap_codec::imap_types::fetch::MacroOrMessageDataItemNames;
use posthouse::model::folder::{FlagChange, Flags};

use super::super::limits::SHOWN_AT_ONCE;
use super::super::set::ranges;
use super::super::show::Reads;
use super::speaking::{read_ahead, to_read};
use super::*;

/// A FETCH under way.
#[derive(Debug)]
pub(super) struct Fetching {
    /// What is still to be shown, by uid.
    left: VecDeque<u32>,
    wants: Vec<Want>,
    numbers: Numbers,
    /// The uids that were asked about, where what is gone is to be told of.
    about: Vec<RangeInclusive<u32>>,
    awaits: Awaits,
    lost: bool,
    undecoded: bool,
}

/// Which answer comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Awaits {
    Nothing,
    /// What is gone since this.
    Vanished,
    /// The messages are marked as seen.
    Seen,
    /// What was read of messages.
    Read,
}

impl Session {
    pub(super) fn fetch(
        &mut self,
        tag: String,
        set: &SequenceSet,
        names: &MacroOrMessageDataItemNames<'_>,
        uid: bool,
        modifiers: &[FetchModifier],
    ) {
        let since = modifiers.iter().find_map(|one| match one {
            FetchModifier::ChangedSince(modseq) => Some(modseq.get()),
            FetchModifier::Vanished => None,
        });
        let vanished = modifiers.contains(&FetchModifier::Vanished);
        // RFC 7162 section 3.2.6.
        if vanished && (!uid || since.is_none() || !self.modes.qresync) {
            return self.mistaken(
                &tag,
                "VANISHED is for UID FETCH with CHANGEDSINCE and QRESYNC",
            );
        }
        let mut wants = wants(names);
        if since.is_some() || wants.contains(&Want::ModSeq) {
            self.modes.condstore = true;
        }
        if since.is_some() && !wants.contains(&Want::ModSeq) {
            wants.push(Want::ModSeq);
        }
        if uid && !wants.contains(&Want::Uid) {
            wants.insert(0, Want::Uid);
        }
        let Some(mut uids) = self.uids(&tag, set, uid) else {
            return;
        };
        let Stage::Selected(open) = &self.stage else {
            return;
        };
        if let Some(since) = since {
            let changed = |uid: &u32| {
                let found = open.view.find(*uid);
                found.is_some_and(|(_, item)| item.modseq > since)
            };
            uids.retain(changed);
        }
        let folder = open.folder;
        let fetching = Box::new(Fetching {
            left: uids.into(),
            wants,
            numbers: if uid { Numbers::Change } else { Numbers::Stay },
            about: Vec::new(),
            awaits: Awaits::Nothing,
            lost: false,
            undecoded: false,
        });
        match since.filter(|_| vanished) {
            Some(since) => self.fetch_vanished(tag, fetching, folder, since, set),
            None => self.fetch_seen(tag, fetching),
        }
    }

    fn fetch_vanished(
        &mut self,
        tag: String,
        mut fetching: Box<Fetching>,
        folder: FolderId,
        since: u64,
        set: &SequenceSet,
    ) {
        fetching.awaits = Awaits::Vanished;
        fetching.about = ranges(set, u32::MAX);
        self.ask(
            tag,
            Task::Fetch(fetching),
            Question::Changes { folder, since },
        );
    }

    /// To look into a message is to see it, unless one peeks.
    fn fetch_seen(&mut self, tag: String, mut fetching: Box<Fetching>) {
        let Stage::Selected(open) = &self.stage else {
            return;
        };
        let sees = open.access == Access::Whole && fetching.wants.iter().any(Want::sees);
        let unseen = |uid: &u32| {
            let found = open.view.find(*uid);
            found.is_some_and(|(_, item)| !item.flags.seen)
        };
        let uids: Vec<u32> = match sees {
            true => fetching.left.iter().copied().filter(unseen).collect(),
            false => Vec::new(),
        };
        if uids.is_empty() {
            fetching.awaits = Awaits::Nothing;
            let task = Task::Fetch(fetching);
            self.doing = Some(Doing { tag, task });
            return;
        }
        fetching.awaits = Awaits::Seen;
        let seen = Flags {
            seen: true,
            ..Flags::default()
        };
        let question = Question::Mark {
            folder: open.folder,
            uids,
            change: FlagChange::Add(seen),
            unchanged_since: None,
        };
        self.ask(tag, Task::Fetch(fetching), question);
    }

    pub(super) fn fetched(&mut self, tag: String, mut fetching: Box<Fetching>, answer: Answer) {
        match (fetching.awaits, answer) {
            (Awaits::Vanished, Answer::Changes(changes)) => {
                let gone = changes.map(|changes| changes.vanished).unwrap_or_default();
                let about = &fetching.about;
                let asked = |uid: &u32| about.iter().any(|range| range.contains(uid));
                // What is still there for the client is told to be gone like news.
                let is_there = |uid: &u32| match &self.stage {
                    Stage::Selected(open) => open.view.find(*uid).is_some(),
                    Stage::Stranger | Stage::SignedIn | Stage::Over => false,
                };
                let gone = gone.into_iter();
                let gone = shown(gone.filter(|uid| asked(uid) && !is_there(uid)));
                if !gone.is_empty() {
                    self.say_line(&format!("* VANISHED (EARLIER) {gone}"));
                }
                self.fetch_seen(tag, fetching);
            }
            (Awaits::Seen, Answer::Marked { items, .. }) => {
                if let Stage::Selected(open) = &mut self.stage {
                    open.view.marked(items);
                }
                // RFC 9051 section 6.4.5: that they are seen now is told with them.
                for want in self.unasked() {
                    if !fetching.wants.contains(&want) {
                        fetching.wants.push(want);
                    }
                }
                fetching.awaits = Awaits::Nothing;
                let task = Task::Fetch(fetching);
                self.doing = Some(Doing { tag, task });
            }
            (Awaits::Read, Answer::Bytes(all)) => {
                let known = all.iter().map(|raw| raw.as_deref().map(Known::whole));
                self.fetch_shows(tag, fetching, known);
            }
            (Awaits::Read, Answer::Outlines(all)) => {
                let known = all.iter().map(|outline| outline.as_ref().map(Known::of));
                self.fetch_shows(tag, fetching, known);
            }
            (_, Answer::No(refusal)) => self.no(&tag, &refusal),
            (awaits, answer) => {
                tracing::error!(?awaits, ?answer, "an answer does not fit its question");
                self.no(&tag, &words::server_bug());
            }
        }
    }

    /// Shows the first messages that are left, of which this is known.
    fn fetch_shows<'a>(
        &mut self,
        tag: String,
        mut fetching: Box<Fetching>,
        all: impl Iterator<Item = Option<Known<'a>>>,
    ) {
        let Stage::Selected(open) = &self.stage else {
            return;
        };
        let mut out = Vec::new();
        for known in all {
            let uid = fetching.left.pop_front();
            match (uid.and_then(|uid| open.view.find(uid)), known) {
                (_, None) => fetching.lost = true,
                (None, _) => {}
                (Some((number, item)), Some(known)) => {
                    let shown = message(&mut out, number, item, &fetching.wants, known);
                    fetching.undecoded |= shown.is_err();
                }
            }
        }
        self.say(out);
        fetching.awaits = Awaits::Nothing;
        let task = Task::Fetch(fetching);
        self.doing = Some(Doing { tag, task });
    }

    /// The next messages.
    pub(super) fn fetch_on(&mut self, tag: String, mut fetching: Box<Fetching>) {
        let Stage::Selected(open) = &self.stage else {
            return;
        };
        if fetching.left.is_empty() {
            return self.fetch_ends(&tag, &fetching);
        }
        let reads = fetching.wants.iter().map(Want::reads);
        let reads = reads.fold(Reads::Nothing, Reads::and);
        if reads > Reads::Nothing {
            let items = fetching.left.iter().map_while(|uid| open.view.find(*uid));
            let ahead = read_ahead(reads, items.map(|(_, item)| item));
            if ahead.is_empty() {
                fetching.left.pop_front();
                return self.fetch_on(tag, fetching);
            }
            fetching.awaits = Awaits::Read;
            self.ask(tag, Task::Fetch(fetching), to_read(reads, ahead));
            return;
        }
        let mut out = Vec::new();
        for _ in 0..SHOWN_AT_ONCE {
            let Some(uid) = fetching.left.pop_front() else {
                break;
            };
            if let Some((number, item)) = open.view.find(uid) {
                // None of these needs bytes, which alone can fail.
                let _ = message(&mut out, number, item, &fetching.wants, Known::default());
            }
        }
        self.say(out);
        let task = Task::Fetch(fetching);
        self.doing = Some(Doing { tag, task });
    }

    fn fetch_ends(&mut self, tag: &str, fetching: &Fetching) {
        match (fetching.undecoded, fetching.lost) {
            (true, _) => self.no(tag, &words::unknown_encoding()),
            (false, true) => self.no(tag, &words::some_are_gone()),
            (false, false) => self.ok_with(tag, words::DONE, fetching.numbers),
        }
    }
}

fn wants(names: &MacroOrMessageDataItemNames<'_>) -> Vec<Want> {
    let mut wants = Vec::new();
    let mut add = |want: Want| {
        if !wants.contains(&want) {
            wants.push(want);
        }
    };
    match names {
        MacroOrMessageDataItemNames::Macro(several) => {
            several.expand().iter().for_each(|name| add(Want::of(name)));
        }
        MacroOrMessageDataItemNames::MessageDataItemNames(names) => {
            names.iter().for_each(|name| add(Want::of(name)));
        }
    }
    wants
}
