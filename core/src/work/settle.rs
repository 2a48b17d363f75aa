//! Writes down what an attempt came to, and what follows from it.

use crate::clock::Timestamp;
use crate::engine::AfterCrash;
use crate::error::Result;
use crate::ids::AttemptId;
use crate::model::delivery::{Answer, HeldBecause, Outcome, Route, Stage, State};
use crate::model::event::EventKind;
use crate::model::retry::{Next, Retry};
use crate::model::suppression::SuppressionReason;
use crate::store::{Due, NewEvent, NewSuppression, Settlement, Write};

/// How an attempt ended, before it is written down.
pub(super) struct End {
    pub(super) outcome: Outcome,
    pub(super) answer: Answer,
    /// The step that failed.
    pub(super) stage: Option<Stage>,
    pub(super) peer: Option<String>,
    pub(super) tls: Option<String>,
    pub(super) transcript: String,
}

/// What the operator decided that settling depends on.
#[derive(Clone)]
pub(super) struct Rules {
    pub(super) retry: Retry,
    pub(super) after_crash: AfterCrash,
    pub(super) dice: u32,
}

/// An event of a delivery.
pub(super) fn told(due: &Due, kind: EventKind, detail: Option<String>) -> NewEvent {
    NewEvent {
        organization: due.organization,
        domain: Some(due.domain),
        email: Some(due.email),
        delivery: Some(due.id),
        kind,
        detail,
    }
}

/// Writes the end of `attempt` and what follows from it.
pub(super) fn settle(
    write: &Write<'_>,
    due: &Due,
    attempt: AttemptId,
    route: Route,
    settlement: &Settlement,
    rules: &Rules,
    now: Timestamp,
) -> Result<()> {
    write.settle_attempt(attempt, settlement, now)?;
    let line = settlement.reply.line();
    match settlement.outcome {
        Outcome::Sent => {
            write.end_delivery(due.id, State::Delivered, Some(route), Some(&line), now)?;
            write.add_event(&told(due, EventKind::Delivered, Some(line)), now)?;
        }
        Outcome::Refused => bounce(write, due, &settlement.reply, &line, now)?,
        Outcome::Deferred | Outcome::NotSent => {
            match rules
                .retry
                .after(due.attempts + 1, due.accepted_at, now, rules.dice)
            {
                Next::At(at) => {
                    write.requeue_delivery(due.id, State::Deferred, at, &line, now)?;
                    write.add_event(&told(due, EventKind::Deferred, Some(line)), now)?;
                }
                Next::GiveUp => {
                    let line = format!("given up after {} tries: {line}", due.attempts + 1);
                    bounce(write, due, &settlement.reply, &line, now)?;
                }
            }
        }
        Outcome::Unknown => {
            write.add_event(&told(due, EventKind::Unknown, Some(line.clone())), now)?;
            match rules.after_crash {
                AfterCrash::Hold => write.hold_delivery(due.id, HeldBecause::Unknown, now)?,
                AfterCrash::Resend => {
                    match rules
                        .retry
                        .after(due.attempts + 1, due.accepted_at, now, rules.dice)
                    {
                        Next::At(at) => {
                            write.requeue_delivery(due.id, State::Deferred, at, &line, now)?
                        }
                        Next::GiveUp => bounce(write, due, &settlement.reply, &line, now)?,
                    }
                }
            }
        }
    }
    Ok(())
}

fn bounce(write: &Write<'_>, due: &Due, reply: &Answer, line: &str, now: Timestamp) -> Result<()> {
    write.end_delivery(due.id, State::Bounced, None, Some(line), now)?;
    write.add_event(&told(due, EventKind::Bounced, Some(line.to_owned())), now)?;
    if is_about_the_sender(reply)
        || write.is_allowed(due.organization, due.domain, &due.address_key)?
    {
        return Ok(());
    }
    write.suppress(
        &NewSuppression {
            organization: due.organization,
            domain: Some(due.domain),
            address: due.address_key.clone(),
            reason: SuppressionReason::Bounce,
            detail: Some(line.to_owned()),
            email: Some(due.email),
        },
        now,
    )?;
    Ok(())
}

/// RFC 3463 section 3.8: X.7.X is about security and policy. The recipient exists and did
/// nothing wrong, so it is not suppressed.
fn is_about_the_sender(reply: &Answer) -> bool {
    reply
        .enhanced
        .as_deref()
        .is_some_and(|code| code.starts_with("5.7.") || code.starts_with("4.7."))
}
