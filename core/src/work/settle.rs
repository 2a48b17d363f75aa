//! Writes down what an attempt came to, and what follows from it.

use super::attempt::Exit;
use crate::clock::Timestamp;
use crate::engine::{AfterCrash, Posthouse};
use crate::error::Result;
use crate::ids::{AttemptId, random};
use crate::model::bounce::{BounceKind, BounceSource};
use crate::model::delivery::{Answer, BouncedBy, HeldBecause, Outcome, Stage, State};
use crate::model::email::Automatic;
use crate::model::event::{EventKind, Facts};
use crate::model::plan::another;
use crate::model::retry::{Next, Retry};
use crate::model::simulate::Script;
use crate::model::suppression::SuppressionReason;
use crate::store::{Due, NewBounce, NewEvent, NewSuppression, Settlement, Write};

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

impl Rules {
    pub(super) fn of(engine: &Posthouse) -> Self {
        Self {
            retry: engine.settings().retry.clone(),
            after_crash: engine.settings().after_crash,
            dice: u32::from_be_bytes(random(engine.entropy())),
        }
    }
}

/// An event of a delivery.
pub(super) fn told(due: &Due, kind: EventKind, detail: Option<String>) -> NewEvent {
    NewEvent {
        organization: due.organization,
        domain: due.domain,
        email: Some(due.email),
        delivery: Some(due.id),
        kind,
        detail,
        facts: Facts::default(),
    }
}

/// Writes the end of `attempt` and what follows from it.
pub(super) fn settle(
    write: &Write<'_>,
    due: &Due,
    attempt: AttemptId,
    exit: &Exit,
    settlement: &Settlement,
    rules: &Rules,
    now: Timestamp,
) -> Result<()> {
    write.settle_attempt(attempt, settlement, now)?;
    give_room_back(write, exit, settlement.outcome)?;
    let line = settlement.reply.line();
    match settlement.outcome {
        Outcome::Sent => sent(write, due, exit, line, now),
        Outcome::Refused => {
            let by = match exit {
                // An outcome address stands for the recipient's own server.
                Exit::Simulated(_) => BouncedBy::Report,
                Exit::Relay { .. } | Exit::Direct => BouncedBy::Peer,
            };
            bounce(write, due, exit, settlement, (by, &line), now)
        }
        Outcome::Deferred | Outcome::NotSent => put_off(write, due, exit, settlement, rules, now),
        Outcome::Unknown => {
            write.add_event(&told(due, EventKind::Unknown, Some(line.clone())), now)?;
            match rules.after_crash {
                AfterCrash::Hold => write.hold_delivery(due.id, HeldBecause::Unknown, now),
                AfterCrash::Resend => match after(due, due.attempts + 1, rules, now) {
                    Next::At(at) => write.requeue_delivery(due.id, State::Deferred, at, &line, now),
                    Next::GiveUp => {
                        bounce(write, due, exit, settlement, (BouncedBy::Us, &line), now)
                    }
                },
            }
        }
    }
}

/// What a relay did not take does not count against its limits. What it may have taken does.
fn give_room_back(write: &Write<'_>, exit: &Exit, outcome: Outcome) -> Result<()> {
    match (exit, outcome) {
        (
            Exit::Relay { id, taken_at, .. },
            Outcome::Refused | Outcome::Deferred | Outcome::NotSent,
        ) => write.give_room_back(*id, *taken_at),
        (Exit::Relay { .. }, Outcome::Sent | Outcome::Unknown)
        | (Exit::Direct | Exit::Simulated(_), _) => Ok(()),
    }
}

fn sent(write: &Write<'_>, due: &Due, exit: &Exit, line: String, now: Timestamp) -> Result<()> {
    let route = exit.route();
    // What came back may have been faster than this.
    let (state, said) = match write.delivery(due.id)? {
        Some(delivery) if matches!(delivery.state, State::Bounced | State::Complained) => {
            (delivery.state, None)
        }
        Some(_) | None => (State::Delivered, Some(line.as_str())),
    };
    write.end_delivery(due.id, state, Some(route), said, now)?;
    let mut event = told(due, EventKind::Delivered, Some(line));
    event.facts = facts(write, due, exit)?;
    write.add_event(&event, now)?;
    if *exit == Exit::Simulated(Script::Complaint) {
        complained(write, due, now)?;
    }
    Ok(())
}

fn facts(write: &Write<'_>, due: &Due, exit: &Exit) -> Result<Facts> {
    let relay = match exit {
        Exit::Relay { id, .. } => write.relay(due.organization, *id)?.map(|relay| relay.name),
        Exit::Direct | Exit::Simulated(_) => None,
    };
    Ok(Facts {
        route: Some(exit.route()),
        relay,
        ..Facts::default()
    })
}

fn complained(write: &Write<'_>, due: &Due, now: Timestamp) -> Result<()> {
    let words = "complained of, as the address asks";
    write.end_delivery(due.id, State::Complained, None, Some(words), now)?;
    write.add_bounce(&reported(due, BounceKind::Complaint, None, words), now)?;
    write.add_event(
        &told(due, EventKind::Complained, Some(words.to_owned())),
        now,
    )?;
    Ok(())
}

fn reported(due: &Due, kind: BounceKind, subtype: Option<String>, words: &str) -> NewBounce {
    let source = match due.situation.script {
        Some(_) => BounceSource::Simulated,
        None => BounceSource::Smtp,
    };
    NewBounce {
        organization: due.organization,
        address: due.address_key.clone(),
        kind,
        subtype,
        diagnostic: Some(words.to_owned()),
        source,
        email: Some(due.email),
    }
}

/// The next relay of this round, or the next round, or the end of it.
fn put_off(
    write: &Write<'_>,
    due: &Due,
    exit: &Exit,
    settlement: &Settlement,
    rules: &Rules,
    now: Timestamp,
) -> Result<()> {
    let line = settlement.reply.line();
    let mut event = told(due, EventKind::Deferred, Some(line.clone()));
    event.facts = facts(write, due, exit)?;
    if let Exit::Relay { position, .. } = exit
        && another(&write.relay_rooms(due.organization, now)?, *position)
    {
        write.set_relay_after(due.id, Some(*position))?;
        write.requeue_delivery(due.id, State::Queued, now, &line, now)?;
        event.detail = Some(format!("{line}; the next relay is tried"));
        write.add_event(&event, now)?;
        return Ok(());
    }
    write.set_relay_after(due.id, None)?;
    let next = match exit {
        Exit::Simulated(Script::Defer(_, wait)) => Next::At(now.plus(*wait)),
        Exit::Simulated(_) | Exit::Relay { .. } | Exit::Direct => {
            after(due, due.attempts + 1, rules, now)
        }
    };
    match next {
        Next::At(at) => {
            write.requeue_delivery(due.id, State::Deferred, at, &line, now)?;
            write.add_event(&event, now)?;
            Ok(())
        }
        Next::GiveUp => {
            let line = format!("given up after {} tries: {line}", due.attempts + 1);
            bounce(write, due, exit, settlement, (BouncedBy::Us, &line), now)
        }
    }
}

/// The wait grows by rounds: in one, every relay has had its turn.
pub(super) fn after(due: &Due, tries: u32, rules: &Rules, now: Timestamp) -> Next {
    let turns = u32::try_from(due.situation.relays.len().max(1)).unwrap_or(u32::MAX);
    let rounds = tries.div_ceil(turns);
    rules.retry.after(rounds, due.accepted_at, now, rules.dice)
}

fn bounce(
    write: &Write<'_>,
    due: &Due,
    exit: &Exit,
    settlement: &Settlement,
    (by, line): (BouncedBy, &str),
    now: Timestamp,
) -> Result<()> {
    write.end_delivery(due.id, State::Bounced, None, Some(line), now)?;
    write.set_bounced_by(due.id, by)?;
    let mut event = told(due, EventKind::Bounced, Some(line.to_owned()));
    event.facts = facts(write, due, exit)?;
    write.add_event(&event, now)?;
    // Nobody sent it, so that nobody is told, and no other mail is kept back for it.
    if due.automatic == Automatic::Yes {
        return Ok(());
    }
    let code = settlement.reply.enhanced.clone();
    write.add_bounce(&reported(due, BounceKind::Hard, code, line), now)?;
    // An outcome address can be used again and again.
    if due.situation.script.is_some()
        || is_about_us(exit, settlement)
        || write.is_allowed(due.organization, due.domain, &due.address_key)?
    {
        return Ok(());
    }
    write.suppress(
        &NewSuppression {
            organization: due.organization,
            domain: due.domain,
            address: due.address_key.clone(),
            reason: SuppressionReason::Bounce,
            detail: Some(line.to_owned()),
            email: Some(due.email),
        },
        now,
    )?;
    Ok(())
}

/// Whether the recipient did nothing wrong, so that it is not suppressed: a provider, or any
/// server at MAIL, said no before it was named; or the reason is one of security and policy
/// (RFC 3463 section 3.8).
fn is_about_us(exit: &Exit, settlement: &Settlement) -> bool {
    let code = settlement.reply.enhanced.as_deref();
    let policy = code.is_some_and(|code| code.starts_with("5.7.") || code.starts_with("4.7."));
    policy
        || match settlement.stage {
            Some(Stage::Rcpt | Stage::Data | Stage::Content | Stage::Answer) => false,
            Some(Stage::Mail) => true,
            Some(Stage::Connect | Stage::Greeting | Stage::Tls | Stage::Hello | Stage::Auth)
            | None => matches!(exit, Exit::Relay { .. }),
        }
}
