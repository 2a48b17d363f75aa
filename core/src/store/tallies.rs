//! Table `tally`, and figures of what waits.

use rusqlite::named_params;

use super::{Read, row};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::ids::OrganizationId;
use crate::limits::QUEUE_COUNT;
use crate::model::event::EventKind;

/// How often something happened on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Days since 1970, in UTC.
    pub day: i64,
    /// What.
    pub kind: EventKind,
    /// How often.
    pub count: u64,
}

/// What is on its way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Queue {
    /// Deliveries that wait for their time, up to [`QUEUE_COUNT`].
    pub waiting: u64,
    /// Deliveries that wait for a person, up to [`QUEUE_COUNT`].
    pub held: u64,
    /// Of these, those of which nobody knows whether they were sent.
    pub unknown: u64,
    /// When the oldest that waits was accepted.
    pub oldest_at: Option<Timestamp>,
}

impl Read<'_> {
    /// How often what happened in an organization since a day.
    ///
    /// # Errors
    /// As SQLite says; so for every function here.
    pub fn tallies(&self, of: OrganizationId, since: i64) -> Result<Vec<Tally>> {
        self.list(
            "SELECT day, kind, count FROM tally
             WHERE organization_id = :of AND day >= :since ORDER BY day, kind",
            named_params! {":of": of.0, ":since": since},
            |found| {
                Ok(Tally {
                    day: found.get("day")?,
                    kind: row::word(found, "kind", EventKind::parse)?,
                    count: row::count(found, "count")?,
                })
            },
        )
    }

    /// What of an organization's mail is on its way.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn queue(&self, of: OrganizationId) -> Result<Queue> {
        let waiting = self.find(
            "SELECT count(*) AS waiting, min(created_at) AS oldest FROM (
             SELECT e.created_at FROM delivery d JOIN email e ON e.id = d.email_id
             WHERE d.next_at IS NOT NULL AND e.organization_id = :of LIMIT :most)",
            named_params! {":of": of.0, ":most": QUEUE_COUNT},
            |found| {
                Ok((
                    row::count(found, "waiting")?,
                    row::time_or_none(found, "oldest")?,
                ))
            },
        )?;
        let held = self.find(
            "SELECT count(*) AS held, ifnull(sum(why = 'unknown'), 0) AS unknown FROM (
             SELECT d.held_because AS why FROM delivery d JOIN email e ON e.id = d.email_id
             WHERE d.state = 'held' AND e.organization_id = :of LIMIT :most)",
            named_params! {":of": of.0, ":most": QUEUE_COUNT},
            |found| Ok((row::count(found, "held")?, row::count(found, "unknown")?)),
        )?;
        let (waiting, oldest_at) = waiting.unwrap_or_default();
        let (held, unknown) = held.unwrap_or_default();
        Ok(Queue {
            waiting,
            held,
            unknown,
            oldest_at,
        })
    }
}
