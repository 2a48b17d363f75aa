//! Who holds a signed link: a look into `email`, `delivery` and `event`.

use rusqlite::{Row, named_params};
use uuid::Uuid;

use super::{Read, row};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::ids::{DeliveryId, DomainId, EmailId, OrganizationId};
use crate::model::event::EventKind;

/// The recipient that a link was made for.
#[derive(Clone, Debug)]
pub struct Holder {
    /// Whose mail it is.
    pub organization: OrganizationId,
    /// From which domain.
    pub domain: Option<DomainId>,
    /// Which email.
    pub email: EmailId,
    /// Which recipient.
    pub delivery: DeliveryId,
    /// The recipient, in the form that addresses are compared in.
    pub address_key: String,
    /// When the email was accepted, or was to be sent, if that is later.
    pub accepted_at: Timestamp,
}

fn holder(found: &Row<'_>) -> rusqlite::Result<Holder> {
    Ok(Holder {
        organization: OrganizationId(found.get("organization_id")?),
        domain: found.get::<_, Option<i64>>("domain_id")?.map(DomainId),
        email: EmailId(found.get("id")?),
        delivery: DeliveryId(found.get("delivery_id")?),
        address_key: found.get("address_key")?,
        accepted_at: row::time(found, "accepted_at")?,
    })
}

/// How often a recipient did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimesDone {
    /// That was written down, with any link.
    pub count: u32,
    /// The last time with this link.
    pub same_at: Option<Timestamp>,
}

impl Read<'_> {
    /// The recipient at this position of an email, by id from 0.
    ///
    /// # Errors
    /// As SQLite says; so for every function here.
    pub fn holder(&self, email: Uuid, position: u16) -> Result<Option<Holder>> {
        self.find(
            "SELECT e.organization_id, e.domain_id, e.id, d.id AS delivery_id, d.address_key,
             max(e.created_at, ifnull(e.send_at, 0)) AS accepted_at FROM email e JOIN delivery d ON d.email_id = e.id
             WHERE e.uuid = :uuid ORDER BY d.id LIMIT 1 OFFSET :position",
            named_params! {":uuid": email.as_bytes(), ":position": position},
            holder,
        )
    }

    /// The recipient of an organization's email with this address, in the form that
    /// addresses are compared in.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn holder_at(
        &self,
        of: OrganizationId,
        email: Uuid,
        address: &str,
    ) -> Result<Option<Holder>> {
        self.find(
            "SELECT e.organization_id, e.domain_id, e.id, d.id AS delivery_id, d.address_key,
             max(e.created_at, ifnull(e.send_at, 0)) AS accepted_at FROM email e
             JOIN delivery d ON d.email_id = e.id
             WHERE e.uuid = :uuid AND e.organization_id = :of AND d.address_key = :address
             ORDER BY d.id LIMIT 1",
            named_params! {":uuid": email.as_bytes(), ":of": of.0, ":address": address},
            holder,
        )
    }

    /// Whether mail of one of our domains comes back to this host.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn is_return_host(&self, host: &str) -> Result<bool> {
        let below = host.strip_prefix("mailer.");
        let found = self.find(
            "SELECT 1 FROM domain WHERE removed_at IS NULL AND (host = :below OR mail_from = :host)",
            named_params! {":below": below, ":host": host},
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }

    /// How often a recipient did this, and when last with this link.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn times_done(
        &self,
        who: &Holder,
        kind: EventKind,
        url: Option<&str>,
    ) -> Result<TimesDone> {
        let found = self.find(
            "SELECT count(*) AS count, max(iif(url IS :url, at, NULL)) AS same_at FROM event
             WHERE email_id = :email AND delivery_id = :delivery AND kind = :kind",
            named_params! {
                ":email": who.email.0,
                ":delivery": who.delivery.0,
                ":kind": kind.as_str(),
                ":url": url,
            },
            |found| {
                Ok(TimesDone {
                    count: found.get("count")?,
                    same_at: row::time_or_none(found, "same_at")?,
                })
            },
        )?;
        Ok(found.unwrap_or(TimesDone {
            count: 0,
            same_at: None,
        }))
    }
}
