//! Finds what is due, decides what becomes of it, and sets off the attempts.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;

use super::attempt::{Work, run};
use super::lanes::{Lanes, Slot};
use super::pool::Pool;
use super::settle::told;
use crate::clock::Timestamp;
use crate::engine::Posthouse;
use crate::error::Result;
use crate::ids::DeliveryId;
use crate::limits::{PLAN_DESTINATIONS, PLAN_STEP};
use crate::model::delivery::{HeldBecause, Route, State};
use crate::model::event::EventKind;
use crate::model::plan::{Plan, plan};
use crate::model::retry::Retry;
use crate::store::{Due, NewMessage, Write};

/// Due deliveries of one lane looked at in one step.
const LANE_STEP: u32 = 64;
/// How long mail without a way out waits between looks.
const NO_ROUTE_GAP: Duration = Duration::from_secs(300);

/// The delivering work.
#[derive(Clone)]
pub(super) struct Deliverer {
    engine: Posthouse,
    lanes: Lanes,
    pool: Pool,
    tasks: Arc<Mutex<JoinSet<()>>>,
    stopped: watch::Receiver<bool>,
    /// The lane after which the next step looks on; empty starts over.
    from: Arc<Mutex<String>>,
}

/// What a look found.
struct Look {
    ids: Vec<DeliveryId>,
    /// Where the next look goes on; empty when it has seen all lanes.
    on: String,
    /// When the first delivery that is not due yet will be.
    next: Option<Timestamp>,
}

impl Deliverer {
    pub(super) fn new(engine: Posthouse, stopped: watch::Receiver<bool>) -> Self {
        Self {
            engine,
            lanes: Lanes::default(),
            pool: Pool::default(),
            tasks: Arc::default(),
            stopped,
            from: Arc::default(),
        }
    }

    /// One look and one write for all that was found due.
    pub(super) async fn step(&self, now: Timestamp) -> Result<Option<Timestamp>> {
        self.pool.sweep(now).await;
        let from = self
            .from
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let look = self
            .engine
            .store
            .read(move |read| look(read, &from, now))
            .await?;
        *self.from.lock().unwrap_or_else(PoisonError::into_inner) = look.on.clone();
        let found = look.ids.len();
        let lanes = self.lanes.clone();
        let ids = look.ids;
        let retry_no_route = self.engine.settings().retry.clone();
        let freed = self.lanes.freed();
        let (done, planned) = if found == 0 {
            (0, Vec::new())
        } else {
            self.engine
                .store
                .write(move |write| claim(write, &ids, &lanes, &retry_no_route, now))
                .await?
        };
        for work in planned {
            self.set_off(work);
        }
        if !look.on.is_empty() || done > 0 {
            return Ok(Some(now));
        }
        if found > 0 {
            // Everything due waits for a place.
            tokio::select! {
                () = freed => {}
                () = tokio::time::sleep(super::LONGEST_SLEEP) => {}
            }
            return Ok(Some(now));
        }
        Ok(look.next)
    }

    fn set_off(&self, work: Work) {
        let engine = self.engine.clone();
        let pool = self.pool.clone();
        let stopped = self.stopped.clone();
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        while tasks.try_join_next().is_some() {}
        tasks.spawn(async move { run(&engine, &pool, work, stopped).await });
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
        self.pool.close().await;
        cut
    }
}

fn look(read: &crate::store::Read<'_>, from: &str, now: Timestamp) -> Result<Look> {
    let lanes = read.lanes(from, PLAN_DESTINATIONS)?;
    let full_page = lanes.len() >= PLAN_DESTINATIONS as usize;
    let last = lanes
        .last()
        .map(|lane| lane.name.clone())
        .unwrap_or_default();
    let mut look = Look {
        ids: Vec::new(),
        on: if full_page { last } else { String::new() },
        next: None,
    };
    for lane in lanes {
        if lane.first_at > now {
            look.next = Some(
                look.next
                    .map_or(lane.first_at, |next| next.min(lane.first_at)),
            );
            continue;
        }
        // Lanes of mail that stays here are named without a dot, and cost no connection.
        let rows = if lane.name.contains('.') {
            LANE_STEP
        } else {
            PLAN_STEP
        };
        look.ids.extend(read.due_in(&lane.name, now, rows)?);
        if look.ids.len() >= PLAN_STEP as usize {
            look.on = lane.name;
            break;
        }
    }
    Ok(look)
}

/// Decides on each delivery in one write. How many were dealt with, and the attempts that
/// are now written down.
fn claim(
    write: &Write<'_>,
    ids: &[DeliveryId],
    lanes: &Lanes,
    retry: &Retry,
    now: Timestamp,
) -> Result<(usize, Vec<Work>)> {
    let mut done = 0;
    let mut planned = Vec::new();
    for &id in ids {
        let Some(due) = write.due(id, now)? else {
            continue;
        };
        let plan = plan(&due.situation);
        match plan {
            Plan::Suppress => suppress(write, &due, now)?,
            Plan::Capture => capture(write, &due, now)?,
            Plan::Hold => {
                write.hold_delivery(due.id, HeldBecause::Mode, now)?;
                write.add_event(&told(&due, EventKind::Held, None), now)?;
            }
            Plan::NoRoute => no_route(write, &due, retry, now)?,
            Plan::Relay(_) | Plan::Direct => {
                let Some(slot) = lanes.take(&lane_of(plan, &due)) else {
                    continue;
                };
                planned.push(start(write, due, plan, slot, now)?);
            }
        }
        done += 1;
    }
    Ok((done, planned))
}

fn lane_of(plan: Plan, due: &Due) -> String {
    match plan {
        Plan::Relay(id) => format!("relay {id}"),
        Plan::Suppress | Plan::Capture | Plan::Hold | Plan::Direct | Plan::NoRoute => {
            due.recipient_domain.clone()
        }
    }
}

fn start(write: &Write<'_>, due: Due, plan: Plan, slot: Slot, now: Timestamp) -> Result<Work> {
    let (route, relay) = match plan {
        Plan::Relay(id) => (Route::Relay, Some(id)),
        Plan::Suppress | Plan::Capture | Plan::Hold | Plan::Direct | Plan::NoRoute => {
            (Route::Direct, None)
        }
    };
    let attempt = write.plan_attempt(due.id, route, relay, now)?;
    Ok(Work {
        due,
        attempt,
        relay,
        slot,
        data_sent: AtomicBool::new(false),
    })
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
fn capture(write: &Write<'_>, due: &Due, now: Timestamp) -> Result<()> {
    write.add_message(
        due.organization,
        &NewMessage {
            address: due.address_key.clone(),
            body: due.body,
            email: Some(due.email),
            delivery: Some(due.id),
            from: due.from.clone(),
            subject: due.subject.clone(),
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
    write.add_event(
        &told(due, EventKind::Delivered, Some(String::from("kept here"))),
        now,
    )?;
    Ok(())
}

fn no_route(write: &Write<'_>, due: &Due, retry: &Retry, now: Timestamp) -> Result<()> {
    let words = "there is no way out: add a relay, or enable direct delivery for the organization";
    if now >= due.accepted_at.plus(retry.give_up_after) {
        write.end_delivery(due.id, State::Bounced, None, Some(words), now)?;
        write.add_event(&told(due, EventKind::Bounced, Some(words.to_owned())), now)?;
        return Ok(());
    }
    write.requeue_delivery(due.id, State::Deferred, now.plus(NO_ROUTE_GAP), words, now)?;
    write.add_event(&told(due, EventKind::Deferred, Some(words.to_owned())), now)?;
    Ok(())
}
