//! Finds what is due, decides what becomes of it, and sets off the attempts.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;

use super::attempt::{Exit, Shared, Work, run};
use super::lanes::{Lanes, Slot};
use super::pool::Pool;
use super::settle::{Rules, after, told};
use super::signing::Signing;
use crate::clock::Timestamp;
use crate::engine::Posthouse;
use crate::error::{Result, internal};
use crate::ids::{BodyId, RelayId};
use crate::limits::{PLAN_DESTINATIONS, PLAN_STEP};
use crate::mime::content::content;
use crate::model::content::Content;
use crate::model::delivery::{BouncedBy, HeldBecause, Route, State};
use crate::model::event::EventKind;
use crate::model::mailbox::Folder;
use crate::model::plan::{Plan, plan};
use crate::model::retry::{Next, Retry};
use crate::store::{Due, NewMessage, Read, Write, decompress};

/// Due deliveries of one lane looked at in one step.
const LANE_STEP: u32 = 128;
const NO_ROUTE: &str =
    "there is no way out: add a relay, or enable direct delivery for the organization";
const ROUND_OVER: &str = "put off, and the relays that are left are at their limits";
/// How long mail without a way out waits between looks.
const NO_ROUTE_GAP: Duration = Duration::from_secs(300);

/// The delivering work.
#[derive(Clone)]
pub(super) struct Deliverer {
    engine: Posthouse,
    lanes: Lanes,
    shared: Shared,
    tasks: Arc<Mutex<JoinSet<()>>>,
    stopped: watch::Receiver<bool>,
    /// The lane after which the next step looks on; empty starts over.
    from: Arc<Mutex<String>>,
}

/// A due delivery, and what becomes of it.
struct Candidate {
    due: Due,
    plan: Plan,
    /// The attempt's place, where the plan is to make one.
    slot: Option<Slot>,
}

/// What a look found.
struct Look {
    found: Vec<Candidate>,
    /// Where the next look goes on; empty when it has seen all lanes.
    on: String,
    /// When the first delivery that is not due yet will be.
    next: Option<Timestamp>,
}

impl Deliverer {
    pub(super) fn new(engine: Posthouse, stopped: watch::Receiver<bool>) -> Self {
        Self {
            lanes: Lanes::new(engine.feed().clone()),
            shared: Shared {
                engine: engine.clone(),
                pool: Pool::default(),
                signing: Signing::new(engine.vault.clone()),
            },
            engine,
            tasks: Arc::default(),
            stopped,
            from: Arc::default(),
        }
    }

    /// One look, and one write for all that was found due.
    pub(super) async fn step(&self, now: Timestamp) -> Result<Option<Timestamp>> {
        self.shared.pool.sweep(now).await;
        let from = self
            .from
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let lanes = self.lanes.clone();
        let look = self
            .engine
            .store
            .read(move |read| look(read, &from, &lanes, now))
            .await?;
        let more = !look.on.is_empty();
        *self.from.lock().unwrap_or_else(PoisonError::into_inner) = look.on;
        let next = if more || !look.found.is_empty() {
            Some(now)
        } else {
            look.next
        };
        if !look.found.is_empty() {
            let rules = Rules::of(&self.engine);
            let kept = self.contents(&look.found).await?;
            let planned = self
                .engine
                .store
                .write_later(move |write| claim(write, look.found, &kept, &rules, now))
                .await?;
            for work in planned {
                self.set_off(work);
            }
        }
        Ok(next)
    }

    /// What the mail says that stays here, each body read once: lists of a mailbox show it.
    async fn contents(&self, found: &[Candidate]) -> Result<HashMap<BodyId, Content>> {
        let staying = found.iter().filter(|one| one.plan == Plan::Capture);
        let mut contents = HashMap::new();
        for body in staying.map(|one| one.due.body) {
            if contents.contains_key(&body) {
                continue;
            }
            let store = &self.engine.store;
            let Some(packed) = store.read(move |read| read.body_packed(body)).await? else {
                continue;
            };
            let said = tokio::task::spawn_blocking(move || Ok(content(&decompress(&packed)?)));
            contents.insert(body, said.await.map_err(internal)??);
        }
        Ok(contents)
    }

    fn set_off(&self, work: Work) {
        let shared = self.shared.clone();
        let stopped = self.stopped.clone();
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        while tasks.try_join_next().is_some() {}
        tasks.spawn(async move { run(&shared, work, stopped).await });
    }

    /// Waits up to `grace` for what is under way; how many were cut off.
    pub(super) async fn drain(&self, grace: Duration) -> usize {
        let end = tokio::time::Instant::now() + grace;
        loop {
            let freed = self.lanes.freed();
            if self.lanes.under_way() == 0 {
                break;
            }
            if tokio::time::timeout_at(end, freed).await.is_err() {
                break;
            }
        }
        let cut = self.lanes.under_way();
        let mut tasks =
            std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        tasks.shutdown().await;
        self.shared.pool.close().await;
        cut
    }
}

/// Finds what is due and has a place. A lane without a free place is left at its first
/// delivery, so that a long queue there costs one look-up.
fn look(read: &Read<'_>, from: &str, lanes: &Lanes, now: Timestamp) -> Result<Look> {
    let waiting = read.lanes(from, PLAN_DESTINATIONS)?;
    let full_page = waiting.len() >= PLAN_DESTINATIONS as usize;
    let last = waiting
        .last()
        .map(|lane| lane.name.clone())
        .unwrap_or_default();
    let mut look = Look {
        found: Vec::new(),
        on: if full_page { last } else { String::new() },
        next: None,
    };
    for lane in waiting {
        if lane.first_at > now {
            look.next = Some(
                look.next
                    .map_or(lane.first_at, |next| next.min(lane.first_at)),
            );
            continue;
        }
        for id in read.due_in(&lane.name, now, LANE_STEP)? {
            let Some(due) = read.due(id, now)? else {
                continue;
            };
            let plan = plan(&due.situation);
            let slot = match plan {
                Plan::Suppress
                | Plan::Capture
                | Plan::Hold
                | Plan::Full(_)
                | Plan::RoundOver
                | Plan::NoRoute => None,
                Plan::Relay(_) | Plan::Direct | Plan::Simulate(_) => {
                    match lanes.take(&lane_of(&plan, &due)) {
                        Some(slot) => Some(slot),
                        None => break,
                    }
                }
            };
            look.found.push(Candidate { due, plan, slot });
        }
        if look.found.len() >= PLAN_STEP {
            look.on = lane.name;
            break;
        }
    }
    Ok(look)
}

/// Does what was decided for each delivery that is still due, and writes the attempts down.
fn claim(
    write: &Write<'_>,
    found: Vec<Candidate>,
    contents: &HashMap<BodyId, Content>,
    rules: &Rules,
    now: Timestamp,
) -> Result<Vec<Work>> {
    let mut planned = Vec::new();
    for Candidate { due, plan, slot } in found {
        if !write.is_due(due.id, now)? {
            continue;
        }
        match (plan, slot) {
            (Plan::Suppress, _) => suppress(write, &due, now)?,
            (Plan::Capture, _) => capture(write, &due, contents.get(&due.body), now)?,
            (Plan::Hold, _) => {
                write.hold_delivery(due.id, HeldBecause::Mode, now)?;
                write.add_event(&told(&due, EventKind::Held, None), now)?;
            }
            (Plan::NoRoute, _) => {
                let at = now.plus(NO_ROUTE_GAP);
                wait(write, &due, &rules.retry, at, NO_ROUTE, now)?;
            }
            (Plan::Full(until), _) => {
                let until_when = until.rfc3339_seconds();
                let words = format!("every relay is at its limit until {until_when}");
                wait(write, &due, &rules.retry, until, &words, now)?;
            }
            (Plan::RoundOver, _) => {
                write.set_relay_after(due.id, None)?;
                let at = match after(&due, due.attempts, rules, now) {
                    Next::At(at) => at,
                    Next::GiveUp => now,
                };
                wait(write, &due, &rules.retry, at, ROUND_OVER, now)?;
            }
            (Plan::Relay(id), Some(slot)) => {
                // Others may have filled it since the look; then this one is looked at again.
                let Some(exit) = room_at(write, &due, id, now)? else {
                    continue;
                };
                let attempt = write.plan_attempt(due.id, Route::Relay, Some(id), now)?;
                planned.push(Work::new(due, attempt, exit, slot));
            }
            (Plan::Direct, Some(slot)) => {
                let attempt = write.plan_attempt(due.id, Route::Direct, None, now)?;
                planned.push(Work::new(due, attempt, Exit::Direct, slot));
            }
            (Plan::Simulate(script), Some(slot)) => {
                let attempt = write.plan_attempt(due.id, Route::Simulated, None, now)?;
                planned.push(Work::new(due, attempt, Exit::Simulated(script), slot));
            }
            // Without a place there is no attempt; it is found again.
            (Plan::Relay(_) | Plan::Direct | Plan::Simulate(_), None) => {}
        }
    }
    Ok(planned)
}

/// Takes room at a relay, if it has some.
fn room_at(write: &Write<'_>, due: &Due, id: RelayId, now: Timestamp) -> Result<Option<Exit>> {
    let rooms = write.relay_rooms(due.organization, now)?;
    let Some(room) = rooms
        .iter()
        .find(|room| room.id == id && room.full_until.is_none())
    else {
        return Ok(None);
    };
    write.take_room(id, now)?;
    Ok(Some(Exit::Relay {
        id,
        position: room.position,
        taken_at: now,
    }))
}

fn lane_of(plan: &Plan, due: &Due) -> String {
    match plan {
        Plan::Relay(id) => format!("relay {id}"),
        // Slow ones wait beside others, not before them.
        Plan::Simulate(_) => due.address_key.clone(),
        Plan::Suppress
        | Plan::Capture
        | Plan::Hold
        | Plan::Direct
        | Plan::Full(_)
        | Plan::RoundOver
        | Plan::NoRoute => due.recipient_domain.clone(),
    }
}

fn suppress(write: &Write<'_>, due: &Due, now: Timestamp) -> Result<()> {
    let words = "the address is on the suppression list";
    write.end_delivery(due.id, State::Suppressed, None, Some(words), now)?;
    write.add_event(
        &told(due, EventKind::Suppressed, Some(words.to_owned())),
        now,
    )?;
    Ok(())
}

/// Keeps a delivery in its recipient's mailbox here. To the sender it is delivered.
fn capture(write: &Write<'_>, due: &Due, content: Option<&Content>, now: Timestamp) -> Result<()> {
    let domain = write
        .receiving_domain(&due.recipient_domain)?
        .filter(|domain| domain.organization == due.organization);
    let of = (due.organization, domain.map(|domain| domain.id));
    let mailbox = write.mailbox_for(Some(of), &due.address_key, now)?;
    write.use_body(due.body)?;
    write.add_message(
        &mailbox,
        &NewMessage {
            body: due.body,
            sent: Some((due.email, due.id)),
            place: 0,
            original: None,
            folder: Folder::Inbox,
            filed: None,
            starred_by: write.captor(due.organization, Some(due.key))?,
            from: due.from.clone(),
            to: Some(due.to.clone()),
            subject: due.subject.clone(),
            content: content.cloned(),
            trace: None,
        },
        now,
    )?;
    write.end_delivery(
        due.id,
        State::Delivered,
        Some(Route::Capture),
        Some("kept here"),
        now,
    )?;
    let mut event = told(due, EventKind::Delivered, Some(String::from("kept here")));
    event.facts.route = Some(Route::Capture);
    write.add_event(&event, now)?;
    Ok(())
}

/// Leaves a delivery until `at`, or gives it up when its time is over.
fn wait(
    write: &Write<'_>,
    due: &Due,
    retry: &Retry,
    at: Timestamp,
    words: &str,
    now: Timestamp,
) -> Result<()> {
    if now >= due.accepted_at.plus(retry.give_up_after) {
        write.end_delivery(due.id, State::Bounced, None, Some(words), now)?;
        write.set_bounced_by(due.id, BouncedBy::Us)?;
        write.add_event(&told(due, EventKind::Bounced, Some(words.to_owned())), now)?;
        return Ok(());
    }
    write.requeue_delivery(due.id, State::Deferred, at, words, now)?;
    write.add_event(&told(due, EventKind::Deferred, Some(words.to_owned())), now)?;
    Ok(())
}
