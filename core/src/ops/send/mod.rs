//! Send: check, compose, and one write. The answer goes out after the commit.

mod accept;
mod content;
mod copies;
mod files;
mod judge;
mod known;
mod lint;
mod now;
mod ready;
mod submission;

pub use now::{SentNow, Spoken};

use std::sync::PoisonError;

use self::accept::accept;
pub(crate) use self::accept::lane;
use self::content::fill;
use self::judge::{Judged, judge};
use self::known::{Common, Known, Question, look};
use self::ready::{Making, Ready, make_ready};
use self::submission::{Parsed, parse};
use crate::clock::Timestamp;
use crate::engine::Posthouse;
use crate::error::{Busy, Conflict, Denied, Error, Result, internal};
use crate::ids::{new_uuid, random};
use crate::limits::{BATCH, BATCH_BYTES, COPIES_BYTES};
use crate::model::domain::Domain;
use crate::model::email::{Accepted, IdempotencyHolder, SenderTerms, Submission};
use crate::model::key::{Caller, Key, Scope};
use crate::model::rate::Bucket;

/// Content up to this many bytes is composed where the request runs: moving to another
/// thread would take longer.
const SMALL_BYTES: usize = 32 * 1024;
/// So are calls of up to this many emails.
const FEW: usize = 4;

/// A running request's claim on its Idempotency-Keys.
struct Claim<'a> {
    engine: &'a Posthouse,
    of: (IdempotencyHolder, String),
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        self.engine
            .running
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&self.of);
    }
}

/// Whether a call was counted against its key's rate.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Toll {
    Due,
    Paid,
}

/// Where an email of a call stands, before the write.
enum Step {
    /// It goes on.
    On(Box<Judged>),
    /// It ended here.
    Ended(Result<Accepted>),
}

impl Posthouse {
    /// Accepts an email to be sent. It is on disk when this returns.
    ///
    /// Checked in the order that its terms have. With a key's own domain: the organization's
    /// standing; the domain's verification, unless the key's mode keeps all mail here; the
    /// sender; everything else at once. Otherwise: the standing; the fields; the month; the
    /// sender's domain; the suppression list; the way out. Then the size, then the key's rate.
    ///
    /// # Errors
    /// `Denied`, `Invalid`, `TooLarge::Message`, `Busy::Rate`, `Busy::Limit` and
    /// `Conflict::NoRoute` where the terms want a way out at once, `Conflict::InProgress`
    /// while the same Idempotency-Key is under way.
    pub async fn send(&self, caller: &Caller, submission: Submission) -> Result<Accepted> {
        let mut sent = self.send_batch(caller, [submission]).await?;
        sent.pop()
            .unwrap_or_else(|| Err(internal("a batch of one came to nothing")))
    }

    /// Accepts emails to be sent, each on its own: one that is refused does not touch the
    /// others. What each came to, in their order.
    ///
    /// They are taken from `submissions` as they are dealt with: one write for all whose
    /// content is within `limits::BATCH_BYTES`, further writes for the rest, so that many
    /// large ones are never in memory together.
    ///
    /// # Errors
    /// `Denied::Scope`, `Busy::Rate` (a call counts once), `Busy` of the store while nothing
    /// is accepted yet. An email's own are inside, as for `send`; so are those of a later
    /// write, and `Busy::WriteQueue` past `limits::BATCH`.
    pub async fn send_batch<S>(
        &self,
        caller: &Caller,
        submissions: S,
    ) -> Result<Vec<Result<Accepted>>>
    where
        S: IntoIterator<Item = Submission, IntoIter: Send>,
    {
        caller.needs(Scope::Send)?;
        let key = caller.key().ok_or(Error::Denied(Denied::Scope))?.clone();
        let now = self.now();
        let mut submissions = submissions.into_iter();
        let mut toll = Toll::Due;
        let mut sent = Vec::new();
        loop {
            let load = load(&mut submissions, BATCH - sent.len());
            if load.is_empty() {
                break;
            }
            let count = load.len();
            match self.send_load(caller, &key, load, &mut toll, now).await {
                Ok(more) => sent.extend(more),
                // What was accepted is told, whatever becomes of the rest.
                Err(error) if sent.iter().any(Result::is_ok) => {
                    sent.extend(std::iter::repeat_n(Err(error), count));
                }
                Err(error) => return Err(error),
            }
        }
        sent.extend(submissions.map(|_| Err(Error::Busy(Busy::WriteQueue))));
        Ok(sent)
    }

    /// Accepts emails in one write.
    async fn send_load(
        &self,
        caller: &Caller,
        key: &Key,
        submissions: Vec<Submission>,
        toll: &mut Toll,
        now: Timestamp,
    ) -> Result<Vec<Result<Accepted>>> {
        let mut claims = Vec::new();
        let parsed: Vec<Result<Parsed>> = submissions
            .into_iter()
            .map(|submission| self.parsed(key, submission, &mut claims, now))
            .collect();
        let (common, known) = self.known(caller, key, &parsed, now).await?;
        let steps = judged(caller, key, parsed, known, common, now);
        let goes_on = steps.iter().any(|step| matches!(step, Step::On(_)));
        if goes_on && std::mem::replace(toll, Toll::Paid) == Toll::Due {
            self.spend_rate(key, now)?;
        }
        let steps = self.make_all(caller, key, steps, now).await?;
        if steps.iter().all(std::result::Result::is_err) {
            // Nothing of them is written.
            return Ok(steps
                .into_iter()
                .filter_map(std::result::Result::err)
                .collect());
        }
        let sent = self
            .store
            .write(move |write| {
                steps
                    .into_iter()
                    .map(|step| match step {
                        Ok(ready) => match accept(write, &ready, now) {
                            Ok(accepted) => Ok(Ok(accepted)),
                            // Nothing of it was written yet.
                            Err(Error::Denied(why)) => Ok(Err(Error::Denied(why))),
                            Err(other) => Err(other),
                        },
                        Err(ended) => Ok(ended),
                    })
                    .collect::<Result<Vec<_>>>()
            })
            .await?;
        drop(claims);
        Ok(sent)
    }

    fn parsed<'a>(
        &'a self,
        key: &Key,
        submission: Submission,
        claims: &mut Vec<Claim<'a>>,
        now: Timestamp,
    ) -> Result<Parsed> {
        let parsed = parse(submission, now);
        if parsed.terms.sender == SenderTerms::KeyDomain && key.domain.is_none() {
            return Err(Error::Denied(Denied::Scope));
        }
        if let Some(token) = &parsed.idempotency {
            let holder = parsed.terms.idempotency.holder(key);
            claims.push(self.claim((holder, token.clone()))?);
        }
        Ok(parsed)
    }

    fn claim(&self, of: (IdempotencyHolder, String)) -> Result<Claim<'_>> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if !running.insert(of.clone()) {
            return Err(Error::Conflict(Conflict::InProgress));
        }
        Ok(Claim { engine: self, of })
    }

    async fn known(
        &self,
        caller: &Caller,
        key: &Key,
        parsed: &[Result<Parsed>],
        now: Timestamp,
    ) -> Result<(Common, Vec<Known>)> {
        let questions: Vec<Question> = parsed.iter().flatten().map(Question::of).collect();
        let (of, key) = (caller.organization(), key.clone());
        self.store
            .look(move |read| look(read, of, &key, &questions, now))
            .await
    }

    /// Composes what goes on, off the async threads where it takes long.
    async fn make_all(
        &self,
        caller: &Caller,
        key: &Key,
        steps: Vec<Step>,
        now: Timestamp,
    ) -> Result<Vec<std::result::Result<Ready, Result<Accepted>>>> {
        let going = steps.iter().filter_map(|step| match step {
            Step::On(judged) => Some(judged.work_bytes()),
            Step::Ended(_) => None,
        });
        let (few, size_bytes) = (going.clone().count() <= FEW, going.sum::<usize>());
        let making: Vec<(Step, Making)> = steps
            .into_iter()
            .map(|step| {
                let making = Making {
                    organization: caller.organization(),
                    key: key.id,
                    mode: key.mode,
                    uuid: new_uuid(now, self.entropy()),
                    host: self.settings().bounce_host(),
                    links: self.links.clone(),
                    seed: u64::from_be_bytes(random(self.entropy())),
                    now,
                };
                (step, making)
            })
            .collect();
        let make = move || {
            let mut room_bytes = COPIES_BYTES;
            let made = |step| made(step, &mut room_bytes);
            making.into_iter().map(made).collect()
        };
        if few && size_bytes <= SMALL_BYTES {
            Ok(make())
        } else {
            tokio::task::spawn_blocking(make).await.map_err(internal)
        }
    }

    fn spend_rate(&self, key: &Key, now: Timestamp) -> Result<()> {
        let Some(per_minute) = key.rate_per_minute else {
            return Ok(());
        };
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        buckets
            .entry(key.id)
            .or_insert_with(Bucket::full)
            .take(per_minute, now)
            .map_err(|wait_ms| Error::Busy(Busy::Rate { wait_ms }))
    }
}

/// The next emails that one write deals with, at most `room` of them.
fn load(submissions: &mut impl Iterator<Item = Submission>, room: usize) -> Vec<Submission> {
    let mut load = Vec::new();
    let mut size_bytes = 0;
    while load.len() < room && size_bytes < BATCH_BYTES {
        let Some(submission) = submissions.next() else {
            break;
        };
        size_bytes += submission.size_bytes();
        load.push(submission);
    }
    load
}

fn judged(
    caller: &Caller,
    key: &Key,
    parsed: Vec<Result<Parsed>>,
    known: Vec<Known>,
    mut common: Common,
    now: Timestamp,
) -> Vec<Step> {
    let mut known = known.into_iter();
    parsed
        .into_iter()
        .map(|parsed| {
            let mut parsed = match parsed {
                Ok(parsed) => parsed,
                Err(error) => return Step::Ended(Err(error)),
            };
            let Some(mut known) = known.next() else {
                return Step::Ended(Err(internal("an email was not looked up")));
            };
            if let Some(earlier) = known.earlier.take() {
                return Step::Ended(Ok(earlier));
            }
            fill(&mut parsed, known.take_template());
            match judge(caller.standing, key, parsed, known, &mut common, now) {
                Ok(judged) => Step::On(Box::new(judged)),
                Err(error) => Step::Ended(Err(error)),
            }
        })
        .collect()
}

fn made(
    (step, making): (Step, Making),
    room_bytes: &mut usize,
) -> std::result::Result<Ready, Result<Accepted>> {
    match step {
        Step::On(judged) => make_ready(*judged, making, room_bytes).map_err(Err),
        Step::Ended(ended) => Err(ended),
    }
}

/// The host of an email's return path: the domain's own, once its records lead back to us,
/// else ours.
pub(crate) fn return_host(domain: Option<&Domain>, bounce_host: &str) -> String {
    match domain {
        Some(domain) if domain.advanced_verified => format!("mailer.{}", domain.host),
        Some(Domain {
            mail_from: Some(host),
            mail_from_verified: true,
            ..
        }) => host.clone(),
        Some(_) | None => bounce_host.to_owned(),
    }
}
