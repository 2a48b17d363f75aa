//! What is due of table `delivery`, lane by lane, with all that planning needs.

use rusqlite::{Row, named_params};

use super::{Read, row};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::ids::{BodyId, DeliveryId, DomainId, EmailId, KeyId, OrganizationId};
use crate::model::email::Automatic;
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
    /// Its position among the email's deliveries, by id, from 0.
    pub position: u16,
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
    /// The recipients as written.
    pub to: String,
    /// The subject.
    pub subject: Option<String>,
    /// Whether the email answers by itself.
    pub automatic: Automatic,
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

fn due(found: &Row<'_>) -> rusqlite::Result<Due> {
    let address: String = found.get("address")?;
    let address_key: String = found.get("address_key")?;
    let script = script(&address_key);
    let recipient_domain = address.rsplit('@').next().unwrap_or_default().to_owned();
    Ok(Due {
        id: DeliveryId(found.get("id")?),
        email: EmailId(found.get("email_id")?),
        uuid: uuid::Uuid::from_bytes(found.get("uuid")?),
        position: found.get("position")?,
        organization: OrganizationId(found.get("organization_id")?),
        domain: found.get::<_, Option<i64>>("domain_id")?.map(DomainId),
        key: KeyId(found.get("key_id")?),
        body: BodyId(found.get("body_id")?),
        address,
        address_key,
        recipient_domain,
        attempts: found.get("attempts")?,
        from: found.get("from_text")?,
        to: found.get("to_text")?,
        subject: found.get("subject")?,
        automatic: if found.get("automatic")? {
            Automatic::Yes
        } else {
            Automatic::No
        },
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
             e.from_text, e.to_text, e.subject, e.automatic, max(e.created_at, ifnull(e.send_at, 0)) AS created_at, k.mode,
             o.direct_delivery,
             (SELECT count(*) FROM delivery b WHERE b.email_id = d.email_id AND b.id < d.id) AS position,
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
}
