//! Table `delivery`: one recipient each, and what is due.

use rusqlite::{Row, named_params};

use super::{Read, Write, row};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::feed::Change;
use crate::ids::{BodyId, DeliveryId, DomainId, EmailId, KeyId, OrganizationId};
use crate::model::delivery::{
    BouncedBy, Delivery, HeldBecause, Recipient, RecipientField, Route, State,
};
use crate::model::key::Mode;
use crate::model::organization::Direct;
use crate::model::plan::{Listed, Released, Situation, Suppressed};
use crate::model::simulate::script;

/// A due delivery, with all that planning and sending need.
#[derive(Clone, Debug)]
pub struct Due {
    /// The delivery.
    pub id: DeliveryId,
    /// Its email.
    pub email: EmailId,
    /// The email's UUID, for the return path.
    pub uuid: uuid::Uuid,
    /// Whose.
    pub organization: OrganizationId,
    /// From which domain, if it is one of ours.
    pub domain: Option<DomainId>,
    /// With which key.
    pub key: KeyId,
    /// The MIME.
    pub body: BodyId,
    /// The recipient.
    pub address: String,
    /// The recipient, in the form that addresses are compared in.
    pub address_key: String,
    /// The recipient's domain.
    pub recipient_domain: String,
    /// Tries before this one.
    pub attempts: u32,
    /// The sender as written.
    pub from: String,
    /// The subject.
    pub subject: Option<String>,
    /// When the email was accepted, or was to be sent, if that is later.
    pub accepted_at: Timestamp,
    /// What is to be decided on.
    pub situation: Situation,
}

/// A lane with due deliveries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// Its name.
    pub name: String,
    /// When its first delivery is due.
    pub first_at: Timestamp,
}

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

fn due(found: &Row<'_>) -> rusqlite::Result<Due> {
    let address: String = found.get("address")?;
    let address_key: String = found.get("address_key")?;
    let script = script(&address_key);
    let recipient_domain = address.rsplit('@').next().unwrap_or_default().to_owned();
    Ok(Due {
        id: DeliveryId(found.get("id")?),
        email: EmailId(found.get("email_id")?),
        uuid: uuid::Uuid::from_bytes(found.get("uuid")?),
        organization: OrganizationId(found.get("organization_id")?),
        domain: found.get::<_, Option<i64>>("domain_id")?.map(DomainId),
        key: KeyId(found.get("key_id")?),
        body: BodyId(found.get("body_id")?),
        address,
        address_key,
        recipient_domain,
        attempts: found.get("attempts")?,
        from: found.get("from_text")?,
        subject: found.get("subject")?,
        accepted_at: row::time(found, "created_at")?,
        situation: Situation {
            suppressed: if found.get("suppressed")? {
                Suppressed::Yes
            } else {
                Suppressed::No
            },
            mode: row::word(found, "mode", Mode::parse)?,
            listed: if found.get("listed")? {
                Listed::Yes
            } else {
                Listed::No
            },
            released: if found.get("released")? {
                Released::Yes
            } else {
                Released::No
            },
            script,
            relays: Vec::new(),
            relay_after: found.get("relay_after")?,
            direct: if found.get("direct_delivery")? {
                Direct::On
            } else {
                Direct::Off
            },
        },
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

    /// Up to `rows` lanes after `after` in which something waits, by name.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn lanes(&self, after: &str, rows: u32) -> Result<Vec<Lane>> {
        // One index look-up a lane, however many deliveries wait in it.
        self.list(
            "WITH RECURSIVE lane (name) AS (
               SELECT min(lane) FROM delivery WHERE next_at IS NOT NULL AND lane > :after
               UNION ALL
               SELECT (SELECT min(d.lane) FROM delivery d
                       WHERE d.next_at IS NOT NULL AND d.lane > lane.name)
               FROM lane WHERE lane.name IS NOT NULL LIMIT :rows)
             SELECT name, (SELECT min(next_at) FROM delivery d
                           WHERE d.next_at IS NOT NULL AND d.lane = lane.name) AS first_at
             FROM lane WHERE name IS NOT NULL",
            named_params! {":after": after, ":rows": rows},
            |found| {
                Ok(Lane {
                    name: found.get("name")?,
                    first_at: row::time(found, "first_at")?,
                })
            },
        )
    }

    /// The first deliveries due in a lane by `now`.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn due_in(&self, lane: &str, now: Timestamp, rows: u32) -> Result<Vec<DeliveryId>> {
        self.list(
            "SELECT id FROM delivery WHERE lane = :lane AND next_at IS NOT NULL AND next_at <= :now
             ORDER BY next_at LIMIT :rows",
            named_params! {":lane": lane, ":now": now.0, ":rows": rows},
            |found| found.get(0).map(DeliveryId),
        )
    }

    /// A delivery with all that planning needs, if it is still due.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn due(&self, id: DeliveryId, now: Timestamp) -> Result<Option<Due>> {
        let found = self.find(
            "SELECT d.id, d.email_id, d.address, d.address_key, d.attempts, d.released, d.relay_after,
             e.uuid, e.organization_id, e.domain_id, e.key_id, ifnull(d.body_id, e.body_id) AS body_id,
             e.from_text, e.subject, max(e.created_at, ifnull(e.send_at, 0)) AS created_at, k.mode,
             o.direct_delivery,
             EXISTS (SELECT 1 FROM suppression s WHERE s.organization_id = e.organization_id
              AND s.address = d.address_key AND s.domain_id IN (0, ifnull(e.domain_id, 0))) AS suppressed,
             EXISTS (SELECT 1 FROM key_allow a WHERE a.key_id = e.key_id AND a.pattern
              IN (d.address_key, substr(d.address_key, instr(d.address_key, '@') + 1))) AS listed
             FROM delivery d JOIN email e ON e.id = d.email_id JOIN key k ON k.id = e.key_id
             JOIN organization o ON o.id = e.organization_id
             WHERE d.id = :id AND d.next_at IS NOT NULL AND d.next_at <= :now",
            named_params! {":id": id.0, ":now": now.0},
            due,
        )?;
        let Some(mut due) = found else {
            return Ok(None);
        };
        if due.situation.mode != Mode::Capture {
            due.situation.relays = self.relay_rooms(due.organization, now)?;
        }
        Ok(Some(due))
    }

    /// Whether a delivery waits for its turn and its turn has come.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn is_due(&self, id: DeliveryId, now: Timestamp) -> Result<bool> {
        let found = self.find(
            "SELECT 1 FROM delivery WHERE id = :id AND next_at IS NOT NULL AND next_at <= :now",
            named_params! {":id": id.0, ":now": now.0},
            |_| Ok(()),
        )?;
        Ok(found.is_some())
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
