//! Which messages a search finds: by what is known of them first, by their bytes only where
//! nothing else decides it.

use std::slice;

use imap_codec::imap_types::datetime::NaiveDate;
use imap_codec::imap_types::search::SearchKey;
use posthouse::clock::Timestamp;
use posthouse::mime::find::{Needle, in_body, in_field, in_header, sent_day};
use posthouse::mime::outline::Wanted;
use posthouse::model::folder::Item;

use super::set::is_saved;
use super::show::Reads;
use super::view::{NoSuchNumber, View};

/// What is looked for, as it can be answered.
#[derive(Clone, Debug)]
pub(super) enum Key {
    All,
    And(Vec<Key>),
    Or(Box<Key>, Box<Key>),
    Not(Box<Key>),
    /// One of these uids, ascending.
    Uids(Vec<u32>),
    Mark(Mark),
    Keyword(String),
    /// Came on these days, counted from 1970-01-01, in UTC.
    Came(Days),
    Sent(Sent),
    /// Came within so many seconds before now.
    Younger(u32),
    Larger(u64),
    Smaller(u64),
    Changed(u64),
    Text(Text),
}

/// Sent on these days, counted from 1970-01-01, by the clock of whoever sent it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sent {
    days: Days,
    /// The days of those that are known, by uid.
    pub(super) known: Vec<(u32, Option<i64>)>,
}

/// A text that is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Text {
    place: Place,
    pub(super) needle: Needle,
    /// The uids of those that may have it, ascending; None where each may.
    pub(super) among: Option<Vec<u32>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Answered,
    Deleted,
    Draft,
    Flagged,
    Seen,
}

/// Days from the first, inclusive, to the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Days {
    from: i64,
    to: i64,
}

/// Where a text is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Field(Vec<u8>),
    Body,
    /// Header or body.
    Anywhere,
}

impl Key {
    /// Prepares keys that all have to hold.
    ///
    /// # Errors
    /// When a sequence number is too high.
    pub(super) fn all(
        keys: &[SearchKey<'_>],
        view: &View,
        saved: &[u32],
    ) -> Result<Self, NoSuchNumber> {
        let keys = keys.iter().map(|key| Self::of(key, view, saved));
        Ok(Self::And(keys.collect::<Result<_, _>>()?))
    }

    fn of(key: &SearchKey<'_>, view: &View, saved: &[u32]) -> Result<Self, NoSuchNumber> {
        let not = |key| Self::Not(Box::new(key));
        let of = |key| Self::of(key, view, saved);
        let field = |name: &str, text: &[u8]| Self::text(Place::Field(name.into()), text);
        Ok(match key {
            SearchKey::And(keys) => Self::all(keys.as_ref(), view, saved)?,
            SearchKey::Or(one, other) => Self::Or(Box::new(of(one)?), Box::new(of(other)?)),
            SearchKey::Not(key) => not(of(key)?),
            SearchKey::SequenceSet(set) | SearchKey::Uid(set) if is_saved(set) => {
                Self::Uids(saved.to_vec())
            }
            SearchKey::SequenceSet(set) => Self::Uids(view.by_number(set)?),
            SearchKey::Uid(set) => Self::Uids(view.by_uid(set)),
            SearchKey::All | SearchKey::Old => Self::All,
            // Nobody is told which messages are recent.
            SearchKey::Recent | SearchKey::New => not(Self::All),
            SearchKey::Answered => Self::Mark(Mark::Answered),
            SearchKey::Deleted => Self::Mark(Mark::Deleted),
            SearchKey::Draft => Self::Mark(Mark::Draft),
            SearchKey::Flagged => Self::Mark(Mark::Flagged),
            SearchKey::Seen => Self::Mark(Mark::Seen),
            SearchKey::Unanswered => not(Self::Mark(Mark::Answered)),
            SearchKey::Undeleted => not(Self::Mark(Mark::Deleted)),
            SearchKey::Undraft => not(Self::Mark(Mark::Draft)),
            SearchKey::Unflagged => not(Self::Mark(Mark::Flagged)),
            SearchKey::Unseen => not(Self::Mark(Mark::Seen)),
            SearchKey::Keyword(word) => Self::Keyword(word.as_ref().to_owned()),
            SearchKey::Unkeyword(word) => not(Self::Keyword(word.as_ref().to_owned())),
            SearchKey::Larger(bytes) => Self::Larger(u64::from(*bytes)),
            SearchKey::Smaller(bytes) => Self::Smaller(u64::from(*bytes)),
            SearchKey::Before(date) => Self::Came(Days::before(day_of(date))),
            SearchKey::On(date) => Self::Came(Days::on(day_of(date))),
            SearchKey::Since(date) => Self::Came(Days::since(day_of(date))),
            SearchKey::SentBefore(date) => Self::sent(Days::before(day_of(date))),
            SearchKey::SentOn(date) => Self::sent(Days::on(day_of(date))),
            SearchKey::SentSince(date) => Self::sent(Days::since(day_of(date))),
            SearchKey::Younger(seconds) => Self::Younger(seconds.get()),
            SearchKey::Older(seconds) => not(Self::Younger(seconds.get())),
            // One sequence stands for all that changes (RFC 7162 section 3.1.5).
            SearchKey::ModSequence { entry: _, modseq } => Self::Changed(*modseq),
            SearchKey::Bcc(text) => field("Bcc", text.as_ref()),
            SearchKey::Cc(text) => field("Cc", text.as_ref()),
            SearchKey::From(text) => field("From", text.as_ref()),
            SearchKey::Subject(text) => field("Subject", text.as_ref()),
            SearchKey::To(text) => field("To", text.as_ref()),
            SearchKey::Header(name, text) => {
                Self::text(Place::Field(name.as_ref().to_vec()), text.as_ref())
            }
            SearchKey::Body(text) => Self::text(Place::Body, text.as_ref()),
            SearchKey::Text(text) => Self::text(Place::Anywhere, text.as_ref()),
        })
    }

    /// Whether it asks for modification sequences (RFC 7162 section 3.1.5).
    pub(super) fn asks_for_changes(&self) -> bool {
        match self {
            Self::Changed(_) => true,
            Self::And(keys) => keys.iter().any(Self::asks_for_changes),
            Self::Or(one, other) => one.asks_for_changes() || other.asks_for_changes(),
            Self::Not(key) => key.asks_for_changes(),
            Self::All
            | Self::Uids(_)
            | Self::Mark(_)
            | Self::Keyword(_)
            | Self::Came(_)
            | Self::Sent(_)
            | Self::Younger(_)
            | Self::Larger(_)
            | Self::Smaller(_)
            | Self::Text(_) => false,
        }
    }

    /// How much of a message decides it.
    pub(super) fn reads(&self) -> Reads {
        match self {
            Self::Sent(_) => Reads::Outline(Wanted::LISTED),
            Self::Text(text) => match &text.place {
                Place::Field(name) => Reads::Outline(Wanted::of_fields(slice::from_ref(name))),
                Place::Body | Place::Anywhere => Reads::Bytes,
            },
            Self::And(keys) => keys
                .iter()
                .map(Self::reads)
                .fold(Reads::Nothing, Reads::and),
            Self::Or(one, other) => one.reads().and(other.reads()),
            Self::Not(key) => key.reads(),
            Self::All
            | Self::Uids(_)
            | Self::Mark(_)
            | Self::Keyword(_)
            | Self::Came(_)
            | Self::Younger(_)
            | Self::Larger(_)
            | Self::Smaller(_)
            | Self::Changed(_) => Reads::Nothing,
        }
    }

    /// Everything in it that is a text, in order.
    pub(super) fn texts(&mut self) -> Vec<&mut Text> {
        match self {
            Self::Text(text) => vec![text],
            Self::And(keys) => keys.iter_mut().flat_map(Self::texts).collect(),
            Self::Or(one, other) => {
                let mut texts = one.texts();
                texts.extend(other.texts());
                texts
            }
            Self::Not(key) => key.texts(),
            Self::All
            | Self::Uids(_)
            | Self::Mark(_)
            | Self::Keyword(_)
            | Self::Came(_)
            | Self::Sent(_)
            | Self::Younger(_)
            | Self::Larger(_)
            | Self::Smaller(_)
            | Self::Changed(_) => Vec::new(),
        }
    }

    /// Everything in it that asks when a message was sent.
    pub(super) fn sents(&mut self) -> Vec<&mut Sent> {
        match self {
            Self::Sent(sent) => vec![sent],
            Self::And(keys) => keys.iter_mut().flat_map(Self::sents).collect(),
            Self::Or(one, other) => {
                let mut sents = one.sents();
                sents.extend(other.sents());
                sents
            }
            Self::Not(key) => key.sents(),
            Self::All
            | Self::Uids(_)
            | Self::Mark(_)
            | Self::Keyword(_)
            | Self::Came(_)
            | Self::Younger(_)
            | Self::Larger(_)
            | Self::Smaller(_)
            | Self::Changed(_)
            | Self::Text(_) => Vec::new(),
        }
    }

    fn sent(days: Days) -> Self {
        Self::Sent(Sent {
            days,
            known: Vec::new(),
        })
    }

    fn text(place: Place, text: &[u8]) -> Self {
        Self::Text(Text {
            place,
            needle: Needle::new(&String::from_utf8_lossy(text)),
            among: None,
        })
    }

    /// Whether the message is found; None when more than `raw` is needed to know, of which
    /// `reads` says how much has to be there.
    pub(super) fn finds(&self, item: &Item, raw: Option<&[u8]>, now: Timestamp) -> Option<bool> {
        let finds = |key: &Self| key.finds(item, raw, now);
        Some(match self {
            Self::All => true,
            Self::And(keys) => return both(keys.iter(), finds, false),
            Self::Or(one, other) => return both([&**one, &**other].into_iter(), finds, true),
            Self::Not(key) => !finds(key)?,
            Self::Uids(uids) => uids.binary_search(&item.uid).is_ok(),
            Self::Mark(Mark::Answered) => item.flags.answered,
            Self::Mark(Mark::Deleted) => item.flags.deleted,
            Self::Mark(Mark::Draft) => item.flags.draft,
            Self::Mark(Mark::Flagged) => item.flags.flagged,
            Self::Mark(Mark::Seen) => item.flags.seen,
            Self::Keyword(word) => {
                let mut words = item.flags.keywords.iter();
                words.any(|one| one.eq_ignore_ascii_case(word))
            }
            Self::Came(days) => days.hold(item.received_at.0.div_euclid(86_400_000)),
            Self::Younger(seconds) => {
                item.received_at.0 >= now.0.saturating_sub(i64::from(*seconds) * 1_000)
            }
            Self::Larger(bytes) => item.size_bytes > *bytes,
            Self::Smaller(bytes) => item.size_bytes < *bytes,
            Self::Changed(modseq) => item.modseq >= *modseq,
            Self::Sent(sent) => sent.finds(item.uid, raw)?,
            Self::Text(text) if text.is_ruled_out(item.uid) => false,
            Self::Text(text) => text.is_in(raw?),
        })
    }
}

/// The days since 1970-01-01.
fn day_of(date: &NaiveDate) -> i64 {
    let midnight = date.as_ref().and_hms_opt(0, 0, 0);
    midnight.map_or(0, |at| at.and_utc().timestamp().div_euclid(86_400))
}

/// Several keys, one of which may decide: false where all have to hold, true where one has.
fn both<'a>(
    keys: impl Iterator<Item = &'a Key>,
    finds: impl Fn(&'a Key) -> Option<bool>,
    decides: bool,
) -> Option<bool> {
    let mut sure = true;
    for key in keys {
        match finds(key) {
            Some(found) if found == decides => return Some(decides),
            Some(_) => {}
            None => sure = false,
        }
    }
    sure.then_some(!decides)
}

impl Days {
    const fn before(day: i64) -> Self {
        Self {
            from: i64::MIN,
            to: day - 1,
        }
    }

    const fn on(day: i64) -> Self {
        Self { from: day, to: day }
    }

    const fn since(day: i64) -> Self {
        Self {
            from: day,
            to: i64::MAX,
        }
    }

    fn hold(self, day: i64) -> bool {
        (self.from..=self.to).contains(&day)
    }
}

impl Sent {
    fn finds(&self, uid: u32, raw: Option<&[u8]>) -> Option<bool> {
        let day = match self.known.binary_search_by_key(&uid, |known| known.0) {
            Ok(at) => self.known[at].1,
            Err(_) => sent_day(raw?),
        };
        Some(day.is_some_and(|day| self.days.hold(day)))
    }
}

impl Text {
    fn is_ruled_out(&self, uid: u32) -> bool {
        let among = self.among.as_ref();
        among.is_some_and(|among| among.binary_search(&uid).is_err())
    }

    /// Whether a message has it, by reading it.
    fn is_in(&self, raw: &[u8]) -> bool {
        let needle = &self.needle;
        match &self.place {
            Place::Field(name) => in_field(raw, name, needle),
            Place::Body => in_body(raw, needle),
            Place::Anywhere => in_header(raw, needle) || in_body(raw, needle),
        }
    }
}

#[cfg(test)]
mod tests;
