//! Table `relay_use`: what each relay took, held against its limits.

use rusqlite::named_params;

use super::{Read, Write};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::ids::{OrganizationId, RelayId};
use crate::model::relay::{RelayRoom, Span};

impl Read<'_> {
    /// The relays of an organization in the order in which they are tried, and whether each
    /// has room.
    ///
    /// # Errors
    /// As SQLite says; so for every function here.
    pub fn relay_rooms(&self, of: OrganizationId, now: Timestamp) -> Result<Vec<RelayRoom>> {
        self.list(
            "SELECT r.id, r.position,
             r.hourly_limit <= (SELECT u.used FROM relay_use u WHERE u.relay_id = r.id
               AND u.span = 'hour' AND u.starts_at = :hour) AS hour_full,
             r.daily_limit <= (SELECT u.used FROM relay_use u WHERE u.relay_id = r.id
               AND u.span = 'day' AND u.starts_at = :day) AS day_full
             FROM relay r WHERE r.organization_id = :of ORDER BY r.position, r.id LIMIT 1000",
            named_params! {
                ":of": of.0,
                ":hour": Span::Hour.start(now).0,
                ":day": Span::Day.start(now).0,
            },
            |found| {
                let full = |column| -> rusqlite::Result<bool> {
                    Ok(found.get::<_, Option<bool>>(column)?.unwrap_or(false))
                };
                let full_until = match (full("hour_full")?, full("day_full")?) {
                    (_, true) => Some(Span::Day.end(now)),
                    (true, false) => Some(Span::Hour.end(now)),
                    (false, false) => None,
                };
                Ok(RelayRoom {
                    id: RelayId(found.get("id")?),
                    position: found.get("position")?,
                    full_until,
                })
            },
        )
    }

    /// What a relay took in the hour and the day that `now` is in.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn relay_used(&self, id: RelayId, now: Timestamp) -> Result<(u32, u32)> {
        let used = |span: Span| {
            self.find(
                "SELECT used FROM relay_use WHERE relay_id = :id AND span = :span AND starts_at = :start",
                named_params! {":id": id.0, ":span": span.as_str(), ":start": span.start(now).0},
                |found| found.get(0),
            )
        };
        Ok((
            used(Span::Hour)?.unwrap_or(0),
            used(Span::Day)?.unwrap_or(0),
        ))
    }
}

impl Write<'_> {
    /// Takes room for one email at a relay.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn take_room(&self, id: RelayId, now: Timestamp) -> Result<()> {
        for &span in Span::ALL {
            self.execute(
                "INSERT INTO relay_use (relay_id, span, starts_at, used)
                 SELECT id, :span, :start, 1 FROM relay WHERE id = :id
                 AND (hourly_limit IS NOT NULL OR daily_limit IS NOT NULL)
                 ON CONFLICT (relay_id, span, starts_at) DO UPDATE SET used = used + 1",
                named_params! {":id": id.0, ":span": span.as_str(), ":start": span.start(now).0},
            )?;
        }
        Ok(())
    }

    /// Gives the room back that was taken at `taken_at` for an email that the relay did not
    /// take after all.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn give_room_back(&self, id: RelayId, taken_at: Timestamp) -> Result<()> {
        for &span in Span::ALL {
            self.execute(
                "UPDATE relay_use SET used = max(used - 1, 0)
                 WHERE relay_id = :id AND span = :span AND starts_at = :start",
                named_params! {":id": id.0, ":span": span.as_str(), ":start": span.start(taken_at).0},
            )?;
        }
        Ok(())
    }

    /// Forgets up to `rows` spans that began before `before`; how many.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn expire_relay_use(&self, before: Timestamp, rows: u32) -> Result<usize> {
        self.execute(
            "DELETE FROM relay_use WHERE (relay_id, span, starts_at) IN
             (SELECT relay_id, span, starts_at FROM relay_use WHERE starts_at < :before LIMIT :rows)",
            named_params! {":before": before.0, ":rows": rows},
        )
    }
}
