//! Table `delivery`: one recipient each.

use rusqlite::{Row, named_params};

use super::{Read, Write, row};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::feed::Change;
use crate::ids::{BodyId, DeliveryId, EmailId, OrganizationId};
use crate::model::delivery::{
    BouncedBy, Delivery, HeldBecause, Recipient, RecipientField, Route, State,
};

const COLUMNS: &str =
    "id, email_id, address, field, state, held_because, bounced_by, route, attempts,
    next_at, last_answer, sent_at, updated_at";

fn delivery(found: &Row<'_>) -> rusqlite::Result<Delivery> {
    Ok(Delivery {
        id: DeliveryId(found.get("id")?),
        email: EmailId(found.get("email_id")?),
        address: found.get("address")?,
        field: row::word(found, "field", RecipientField::parse)?,
        state: row::word(found, "state", State::parse)?,
        held_because: row::word_or_none(found, "held_because", HeldBecause::parse)?,
        bounced_by: row::word_or_none(found, "bounced_by", BouncedBy::parse)?,
        route: row::word_or_none(found, "route", Route::parse)?,
        attempts: found.get("attempts")?,
        next_at: row::time_or_none(found, "next_at")?,
        last_answer: found.get("last_answer")?,
        sent_at: row::time_or_none(found, "sent_at")?,
        updated_at: row::time(found, "updated_at")?,
    })
}

impl Read<'_> {
    /// The deliveries of one email, by id.
    ///
    /// # Errors
    /// As SQLite says; so for every function here.
    pub fn deliveries_of(&self, email: EmailId) -> Result<Vec<Delivery>> {
        self.list(
            &format!("SELECT {COLUMNS} FROM delivery WHERE email_id = :email ORDER BY id"),
            named_params! {":email": email.0},
            delivery,
        )
    }

    /// One delivery.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn delivery(&self, id: DeliveryId) -> Result<Option<Delivery>> {
        self.find(
            &format!("SELECT {COLUMNS} FROM delivery WHERE id = :id"),
            named_params! {":id": id.0},
            delivery,
        )
    }

    /// How many deliveries of an organization stand where.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn delivery_counts(&self, of: OrganizationId) -> Result<Vec<(State, i64)>> {
        self.list(
            "SELECT d.state, count(*) FROM delivery d JOIN email e ON e.id = d.email_id
             WHERE e.organization_id = :of GROUP BY d.state ORDER BY d.state",
            named_params! {":of": of.0},
            |found| Ok((row::word(found, "state", State::parse)?, found.get(1)?)),
        )
    }
}

impl Write<'_> {
    /// Writes a delivery that is due at `due`, with a body of its own where it has one.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn add_delivery(
        &self,
        email: EmailId,
        to: &Recipient,
        lane: &str,
        body: Option<BodyId>,
        (due, now): (Timestamp, Timestamp),
    ) -> Result<DeliveryId> {
        self.execute(
            "INSERT INTO delivery (email_id, body_id, address, address_key, lane, field, state, next_at,
             updated_at)
             VALUES (:email, :body, :address, :address_key, :lane, :field, :state, :due, :now)",
            named_params! {
                ":email": email.0,
                ":body": body.map(|id| id.0),
                ":due": due.0,
                ":address": to.address.as_str(),
                ":address_key": to.address.key(),
                ":lane": lane,
                ":field": to.field.as_str(),
                ":state": State::Queued.as_str(),
                ":now": now.0,
            },
        )?;
        self.tell(Change::Due);
        Ok(DeliveryId(self.last_id()))
    }

    /// Writes that a delivery stands at `state` for good, and how it got there.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn end_delivery(
        &self,
        id: DeliveryId,
        state: State,
        route: Option<Route>,
        answer: Option<&str>,
        now: Timestamp,
    ) -> Result<()> {
        self.execute(
            "UPDATE delivery SET state = :state, route = ifnull(:route, route), held_because = NULL,
             next_at = NULL, last_answer = ifnull(:answer, last_answer), updated_at = :now,
             sent_at = CASE WHEN :state = 'delivered' THEN :now ELSE sent_at END
             WHERE id = :id",
            named_params! {
                ":state": state.as_str(),
                ":route": route.map(Route::as_str),
                ":answer": answer,
                ":now": now.0,
                ":id": id.0,
            },
        )?;
        self.tell(Change::Delivery(id));
        Ok(())
    }

    /// Writes who said that a delivery bounced.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn set_bounced_by(&self, id: DeliveryId, by: BouncedBy) -> Result<()> {
        self.execute(
            "UPDATE delivery SET bounced_by = :by WHERE id = :id",
            named_params! {":by": by.as_str(), ":id": id.0},
        )?;
        Ok(())
    }

    /// Writes which relay of this round was tried last; None begins a new round.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn set_relay_after(&self, id: DeliveryId, after: Option<i64>) -> Result<()> {
        self.execute(
            "UPDATE delivery SET relay_after = :after WHERE id = :id",
            named_params! {":after": after, ":id": id.0},
        )?;
        Ok(())
    }

    /// Keeps a delivery for a person to decide on.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn hold_delivery(
        &self,
        id: DeliveryId,
        because: HeldBecause,
        now: Timestamp,
    ) -> Result<()> {
        self.execute(
            "UPDATE delivery SET state = 'held', held_because = :because, next_at = NULL,
             updated_at = :now WHERE id = :id",
            named_params! {":because": because.as_str(), ":now": now.0, ":id": id.0},
        )?;
        self.tell(Change::Delivery(id));
        Ok(())
    }

    /// Lets a held delivery go; false when it was not held.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn release_delivery(&self, id: DeliveryId, now: Timestamp) -> Result<bool> {
        let released = self.execute(
            "UPDATE delivery SET state = 'queued', held_because = NULL, released = 1,
             next_at = :now, updated_at = :now WHERE id = :id AND state = 'held'",
            named_params! {":now": now.0, ":id": id.0},
        )?;
        self.tell(Change::Due);
        Ok(released > 0)
    }

    /// Has an organization's mail that found no way out look for one at once.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn wake_without_route(&self, of: OrganizationId, now: Timestamp) -> Result<()> {
        self.execute(
            "UPDATE delivery SET next_at = :now WHERE next_at IS NOT NULL AND state = 'deferred'
             AND attempts = 0 AND email_id IN
             (SELECT id FROM email WHERE organization_id = :of)",
            named_params! {":now": now.0, ":of": of.0},
        )?;
        self.tell(Change::Due);
        Ok(())
    }

    /// Puts a delivery back to be tried at `at`.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn requeue_delivery(
        &self,
        id: DeliveryId,
        state: State,
        at: Timestamp,
        answer: &str,
        now: Timestamp,
    ) -> Result<()> {
        self.execute(
            "UPDATE delivery SET state = :state, next_at = :at, last_answer = :answer,
             updated_at = :now WHERE id = :id",
            named_params! {
                ":state": state.as_str(),
                ":at": at.0,
                ":answer": answer,
                ":now": now.0,
                ":id": id.0,
            },
        )?;
        self.tell(Change::Delivery(id));
        self.tell(Change::Due);
        Ok(())
    }

    /// Marks a delivery as being tried; nobody else takes it.
    ///
    /// # Errors
    /// As SQLite says.
    pub(super) fn begin_delivery(
        &self,
        id: DeliveryId,
        route: Route,
        now: Timestamp,
    ) -> Result<()> {
        self.execute(
            "UPDATE delivery SET state = 'sending', route = :route, attempts = attempts + 1,
             next_at = NULL, updated_at = :now WHERE id = :id",
            named_params! {":route": route.as_str(), ":now": now.0, ":id": id.0},
        )?;
        Ok(())
    }
}
