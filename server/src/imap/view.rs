//! The selected folder as the client knows it: sequence numbers, and what it was not yet told.
//!
//! Numbers change only when the client is told that messages are gone, which it may not be
//! while it asks for messages by their numbers (RFC 9051 section 7.5.1).

use std::collections::BTreeSet;

use imap_codec::imap_types::sequence::{SeqOrUid, Sequence, SequenceSet};
use posthouse::model::folder::{Changes, Item};

use super::set::ranges;

/// A number that there is no message of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NoSuchNumber;

/// What the client is to be told after a change.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct News {
    /// How many there are now, when more came.
    pub(super) exists: Option<usize>,
    /// Those that are marked otherwise, by uid.
    pub(super) marked: Vec<u32>,
}

/// What is gone, as it is told.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Gone {
    /// The sequence numbers, the highest first: told in this order, each is still right.
    pub(super) numbers: Vec<u32>,
    /// The same by uid, ascending.
    pub(super) uids: Vec<u32>,
}

/// The messages of the selected folder.
#[derive(Debug)]
pub(super) struct View {
    /// By uid; a sequence number is a place in it, from 1.
    items: Vec<Item>,
    /// Of these, those that are gone and were not told so.
    gone: BTreeSet<u32>,
    /// The client knows of every change up to here.
    modseq: u64,
}

impl View {
    /// A folder as it was at `modseq`; `items` by uid.
    pub(super) fn new(items: Vec<Item>, modseq: u64) -> Self {
        Self {
            items,
            gone: BTreeSet::new(),
            modseq,
        }
    }

    pub(super) fn modseq(&self) -> u64 {
        self.modseq
    }

    pub(super) fn items(&self) -> &[Item] {
        &self.items
    }

    /// A message and its sequence number.
    pub(super) fn find(&self, uid: u32) -> Option<(u32, &Item)> {
        let index = self.index(uid)?;
        Some((number(index), &self.items[index]))
    }

    /// Whether it is gone, and the client was not told.
    pub(super) fn is_gone(&self, uid: u32) -> bool {
        self.gone.contains(&uid)
    }

    fn index(&self, uid: u32) -> Option<usize> {
        self.items.binary_search_by_key(&uid, |item| item.uid).ok()
    }

    /// Takes in what changed.
    pub(super) fn apply(&mut self, changes: Changes) -> News {
        let news = self.marked(changes.items);
        self.vanished(&changes.vanished);
        self.modseq = self.modseq.max(changes.folder.modseq);
        news
    }

    /// Takes in messages as they are now; those with a higher uid than all others are new.
    pub(super) fn marked(&mut self, items: Vec<Item>) -> News {
        let mut news = News::default();
        for item in items {
            match self.index(item.uid) {
                Some(index) if item.modseq > self.items[index].modseq => {
                    news.marked.push(item.uid);
                    self.items[index] = item;
                }
                Some(_) => {}
                None if self.items.last().is_none_or(|last| last.uid < item.uid) => {
                    self.items.push(item);
                    news.exists = Some(self.items.len());
                }
                // Told to be gone already.
                None => {}
            }
        }
        news
    }

    /// Takes in that messages are gone.
    pub(super) fn vanished(&mut self, uids: &[u32]) {
        for uid in uids {
            if self.index(*uid).is_some() {
                self.gone.insert(*uid);
            }
        }
    }

    /// Lets go of what is gone, which the client is now told.
    pub(super) fn tell(&mut self) -> Gone {
        if self.gone.is_empty() {
            return Gone::default();
        }
        let uids: Vec<u32> = std::mem::take(&mut self.gone).into_iter().collect();
        let indexes = uids.iter().rev().filter_map(|uid| self.index(*uid));
        let numbers = indexes.map(number).collect();
        self.items
            .retain(|item| uids.binary_search(&item.uid).is_err());
        Gone { numbers, uids }
    }

    /// The uids of a set of uids; those that there are none of are passed over.
    pub(super) fn by_uid(&self, set: &SequenceSet) -> Vec<u32> {
        let last = self.items.last().map_or(0, |item| item.uid);
        let found = ranges(set, last).into_iter().map(|range| {
            let start = self.items.partition_point(|item| item.uid < *range.start());
            let end = self.items.partition_point(|item| item.uid <= *range.end());
            (start, end.max(start))
        });
        self.uids(found.collect())
    }

    /// The uids of a set of sequence numbers.
    ///
    /// # Errors
    /// When one that is written out is higher than there are messages. In an empty folder
    /// `*` finds nothing.
    pub(super) fn by_number(&self, set: &SequenceSet) -> Result<Vec<u32>, NoSuchNumber> {
        let last = u32::try_from(self.items.len()).unwrap_or(u32::MAX);
        let fits = |one: &SeqOrUid| match one {
            SeqOrUid::Value(value) => value.get() <= last,
            SeqOrUid::Asterisk => true,
        };
        let fit = set.0.as_ref().iter().all(|sequence| match sequence {
            Sequence::Single(one) => fits(one),
            Sequence::Range(from, to) => fits(from) && fits(to),
        });
        let nothing = last == 0 && is_everything(set);
        if !fit && !nothing {
            return Err(NoSuchNumber);
        }
        let place = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        let found = ranges(set, last).into_iter().map(|range| {
            let end = place(*range.end()).min(self.items.len());
            (place(*range.start()).saturating_sub(1).min(end), end)
        });
        Ok(self.uids(found.collect()))
    }

    /// The uids at ranges of places, each once.
    fn uids(&self, mut found: Vec<(usize, usize)>) -> Vec<u32> {
        found.sort_unstable();
        let mut uids = Vec::new();
        let mut done = 0;
        for (start, end) in found {
            let start = start.max(done);
            if start < end {
                uids.extend(self.items[start..end].iter().map(|item| item.uid));
                done = end;
            }
        }
        uids
    }
}

/// `1:*`, which means all that there are even where there are none.
fn is_everything(set: &SequenceSet) -> bool {
    let sequences = set.0.as_ref().iter();
    sequences.clone().count() == 1
        && sequences
            .flat_map(|one| match one {
                Sequence::Single(one) => [*one, *one],
                Sequence::Range(from, to) => [*from, *to],
            })
            .any(|one| one == SeqOrUid::Asterisk)
}

fn number(index: usize) -> u32 {
    u32::try_from(index + 1).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
