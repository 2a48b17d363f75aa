//! Removes what is past what its mailbox keeps, and gives back the space: a little in each
//! write, so that nobody is held up.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::clock::Timestamp;
use crate::engine::Posthouse;
use crate::error::Result;
use crate::ids::MailboxId;
use crate::limits::{
    RETAIN_BYTES, RETAIN_LOOK, RETAIN_STEP, SPACE_KEPT_PAGES, SPACE_KEPT_SHARE, SPACE_STEP,
};
use crate::store::Past;

/// Between the end of one round over all mailboxes and the next.
const GAP: Duration = Duration::from_secs(300);

/// The retention work.
#[derive(Clone)]
pub(super) struct Keeper {
    engine: Posthouse,
    round: Arc<Mutex<Round>>,
}

/// How far a round has come.
struct Round {
    /// Mailboxes with something to go.
    past: VecDeque<Past>,
    /// The last mailbox that was looked at.
    after: MailboxId,
    place: Place,
    /// No round before this time.
    not_before: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Looking through the mailboxes.
    Mailboxes,
    /// Giving back what was freed.
    Space,
}

impl Keeper {
    pub(super) fn new(engine: Posthouse) -> Self {
        let round = Round {
            past: VecDeque::new(),
            after: MailboxId(0),
            place: Place::Mailboxes,
            not_before: Timestamp(i64::MIN),
        };
        Self {
            engine,
            round: Arc::new(Mutex::new(round)),
        }
    }

    /// One small piece of a round.
    pub(super) async fn step(&self, now: Timestamp) -> Result<Option<Timestamp>> {
        let (first, after, place, not_before) = {
            let round = self.round();
            let first = round.past.front().copied();
            (first, round.after, round.place, round.not_before)
        };
        match (first, place) {
            _ if now < not_before => return Ok(Some(not_before)),
            (Some(past), _) => self.remove(past).await?,
            (None, Place::Mailboxes) => self.look(after, now).await?,
            (None, Place::Space) => self.give_back(now).await?,
        }
        Ok(Some(now))
    }

    async fn remove(&self, past: Past) -> Result<()> {
        let removed = self
            .engine
            .store
            .write_later(move |write| write.remove_past(past, RETAIN_STEP, RETAIN_BYTES))
            .await?;
        if removed == 0 {
            self.round().past.pop_front();
        }
        Ok(())
    }

    async fn look(&self, after: MailboxId, now: Timestamp) -> Result<()> {
        let public = self.engine.settings().public_keep;
        let looked = self
            .engine
            .store
            .read(move |read| read.past(after, public, now, RETAIN_LOOK))
            .await?;
        let mut round = self.round();
        round.past.extend(looked.past);
        match looked.last {
            Some(last) => round.after = last,
            None => {
                round.after = MailboxId(0);
                round.place = Place::Space;
            }
        }
        Ok(())
    }

    /// Empty pages are used before new ones, so that some of them are worth keeping.
    async fn give_back(&self, now: Timestamp) -> Result<()> {
        let space = self.engine.store.look(|read| read.space()).await?;
        let kept = SPACE_KEPT_PAGES.max(space.pages / SPACE_KEPT_SHARE);
        let mut cut = 0;
        if space.free > kept {
            cut = self
                .engine
                .store
                .write_later(|write| write.give_back(SPACE_STEP))
                .await?;
        }
        if cut == 0 {
            let mut round = self.round();
            round.place = Place::Mailboxes;
            round.not_before = now.plus(GAP);
        }
        Ok(())
    }

    fn round(&self) -> MutexGuard<'_, Round> {
        self.round.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
