//! After a stop or a crash: every attempt that was cut off is one of two kinds. Before any
//! content went out, it was not sent. After that, and with no answer written down, nobody
//! knows.

use crate::clock::Timestamp;
use crate::engine::{AfterCrash, Posthouse};
use crate::error::Result;
use crate::model::delivery::{Answer, AttemptState, HeldBecause, Outcome, State};
use crate::model::event::{EventKind, Facts};
use crate::store::{NewEvent, Open, Settlement, Write};

/// Attempts settled in one write.
const STEP: u32 = 200;

/// What a start found cut off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    /// Attempts that had sent nothing; tried again.
    pub not_sent: usize,
    /// Attempts that may have been taken; sent again.
    pub unknown_resent: usize,
    /// Attempts that may have been taken; held for a person.
    pub unknown_held: usize,
}

pub(super) async fn recover(engine: &Posthouse) -> Result<Recovered> {
    let mut all = Recovered::default();
    let after_crash = engine.settings().after_crash;
    loop {
        let now = engine.now();
        let step = engine
            .store
            .write(move |write| recover_some(write, after_crash, now))
            .await?;
        let found = step.not_sent + step.unknown_resent + step.unknown_held;
        all.not_sent += step.not_sent;
        all.unknown_resent += step.unknown_resent;
        all.unknown_held += step.unknown_held;
        if found < STEP as usize {
            return Ok(all);
        }
    }
}

fn recover_some(write: &Write<'_>, after_crash: AfterCrash, now: Timestamp) -> Result<Recovered> {
    let mut step = Recovered::default();
    for open in write.open_attempts(STEP)? {
        match open.state {
            AttemptState::Planned | AttemptState::Connected => {
                let words = "cut off by a stop before anything was sent";
                end(write, &open, Outcome::NotSent, words, now)?;
                if let Some(relay) = open.relay {
                    write.give_room_back(relay, open.planned_at)?;
                }
                write.requeue_delivery(open.delivery, State::Queued, now, words, now)?;
                step.not_sent += 1;
            }
            AttemptState::DataSent => {
                let words =
                    "cut off by a stop while the message was being sent; no answer was seen";
                end(write, &open, Outcome::Unknown, words, now)?;
                tell(write, &open, words, now)?;
                match after_crash {
                    AfterCrash::Resend => {
                        write.requeue_delivery(open.delivery, State::Queued, now, words, now)?;
                        step.unknown_resent += 1;
                    }
                    AfterCrash::Hold => {
                        write.hold_delivery(open.delivery, HeldBecause::Unknown, now)?;
                        step.unknown_held += 1;
                    }
                }
            }
            AttemptState::Settled => {}
        }
    }
    Ok(step)
}

fn end(
    write: &Write<'_>,
    open: &Open,
    outcome: Outcome,
    words: &str,
    now: Timestamp,
) -> Result<()> {
    let settlement = Settlement::new(outcome, None, None, Answer::ours(words), "")?;
    write.settle_attempt(open.id, &settlement, now)
}

fn tell(write: &Write<'_>, open: &Open, words: &str, now: Timestamp) -> Result<()> {
    let Some((organization, domain)) = write.owner_of(open.email)? else {
        return Ok(());
    };
    write.add_event(
        &NewEvent {
            organization,
            domain,
            email: Some(open.email),
            delivery: Some(open.delivery),
            kind: EventKind::Unknown,
            detail: Some(words.to_owned()),
            facts: Facts::default(),
        },
        now,
    )?;
    Ok(())
}
