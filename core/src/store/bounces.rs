//! Table `bounce`.

use rusqlite::{Row, named_params};

use super::{Read, Write, row};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::ids::{BounceId, EmailId, OrganizationId};
use crate::model::bounce::{Bounce, BounceKind, BounceSource};

/// A bounce to be written.
pub struct NewBounce {
    /// Whose mail.
    pub organization: OrganizationId,
    /// The recipient, in the form that addresses are compared in.
    pub address: String,
    /// What kind.
    pub kind: BounceKind,
    /// A finer word.
    pub subtype: Option<String>,
    /// What was said.
    pub diagnostic: Option<String>,
    /// Who told of it.
    pub source: BounceSource,
    /// The email that bounced.
    pub email: Option<EmailId>,
}

fn bounce(found: &Row<'_>) -> rusqlite::Result<Bounce> {
    Ok(Bounce {
        id: BounceId(found.get("id")?),
        organization: OrganizationId(found.get("organization_id")?),
        address: found.get("address")?,
        kind: row::word(found, "kind", BounceKind::parse)?,
        subtype: found.get("subtype")?,
        diagnostic: found.get("diagnostic")?,
        source: row::word(found, "source", BounceSource::parse)?,
        email: found.get::<_, Option<i64>>("email_id")?.map(EmailId),
        created_at: row::time(found, "created_at")?,
    })
}

impl Read<'_> {
    /// An organization's bounces, newest first.
    ///
    /// # Errors
    /// As SQLite says; so for every function here.
    pub fn bounces(&self, of: OrganizationId, skip: u32, rows: u32) -> Result<Vec<Bounce>> {
        self.list(
            "SELECT id, organization_id, address, kind, subtype, diagnostic, source, email_id, created_at
             FROM bounce WHERE organization_id = :of ORDER BY id DESC LIMIT :rows OFFSET :skip",
            named_params! {":of": of.0, ":rows": rows, ":skip": skip},
            bounce,
        )
    }

    /// How many bounces an organization has.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn bounce_count(&self, of: OrganizationId) -> Result<u64> {
        let found = self.find(
            "SELECT count(*) AS bounces FROM bounce WHERE organization_id = :of",
            named_params! {":of": of.0},
            |found| row::count(found, "bounces"),
        )?;
        Ok(found.unwrap_or(0))
    }

    /// How many soft bounces an address has.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn soft_bounces(&self, of: OrganizationId, address: &str) -> Result<u64> {
        let found = self.find(
            "SELECT count(*) AS bounces FROM bounce WHERE organization_id = :of
             AND address = :address AND kind = 'soft'",
            named_params! {":of": of.0, ":address": address},
            |found| row::count(found, "bounces"),
        )?;
        Ok(found.unwrap_or(0))
    }
}

impl Write<'_> {
    /// Writes a bounce.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn add_bounce(&self, new: &NewBounce, now: Timestamp) -> Result<BounceId> {
        self.execute(
            "INSERT INTO bounce (organization_id, address, kind, subtype, diagnostic, source, email_id,
             created_at)
             VALUES (:of, :address, :kind, :subtype, :diagnostic, :source, :email, :now)",
            named_params! {
                ":of": new.organization.0,
                ":address": new.address,
                ":kind": new.kind.as_str(),
                ":subtype": new.subtype,
                ":diagnostic": new.diagnostic,
                ":source": new.source.as_str(),
                ":email": new.email.map(|id| id.0),
                ":now": now.0,
            },
        )?;
        Ok(BounceId(self.last_id()))
    }
}
