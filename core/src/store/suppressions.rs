//! Tables `suppression` and `allowed_address`. Domain 0 stands for the whole organization.

use rusqlite::{Row, named_params};

use super::{Read, Write, row};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::ids::{DomainId, EmailId, OrganizationId, SuppressionId};
use crate::model::suppression::{Suppression, SuppressionReason};

/// A suppression to be written.
pub struct NewSuppression {
    /// Whose list.
    pub organization: OrganizationId,
    /// One domain's list, or the whole organization's.
    pub domain: Option<DomainId>,
    /// The address, lower case.
    pub address: String,
    /// Why.
    pub reason: SuppressionReason,
    /// In words.
    pub detail: Option<String>,
    /// The email that caused it.
    pub email: Option<EmailId>,
}

fn suppression(found: &Row<'_>) -> rusqlite::Result<Suppression> {
    let domain: i64 = found.get("domain_id")?;
    Ok(Suppression {
        id: SuppressionId(found.get("id")?),
        organization: OrganizationId(found.get("organization_id")?),
        domain: (domain != 0).then_some(DomainId(domain)),
        address: found.get("address")?,
        reason: row::word(found, "reason", SuppressionReason::parse)?,
        detail: found.get("detail")?,
        email: found.get::<_, Option<i64>>("email_id")?.map(EmailId),
        created_at: row::time(found, "created_at")?,
    })
}

impl Read<'_> {
    /// Why mail of `domain`, or of a sender without one, must not go to `address` (lower case), if it must not.
    ///
    /// # Errors
    /// As SQLite says; so for every function here.
    pub fn suppressed(
        &self,
        of: OrganizationId,
        domain: Option<DomainId>,
        address: &str,
    ) -> Result<Option<Suppression>> {
        self.find(
            "SELECT id, organization_id, domain_id, address, reason, detail, email_id, created_at
             FROM suppression WHERE organization_id = :of AND address = :address
             AND domain_id IN (0, :domain) ORDER BY domain_id LIMIT 1",
            named_params! {":of": of.0, ":address": address, ":domain": domain.map_or(0, |id| id.0)},
            suppression,
        )
    }

    /// Whether `address` (lower case) is on the list of `domain`, or on the organization's own.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn is_on_list(
        &self,
        of: OrganizationId,
        domain: Option<DomainId>,
        address: &str,
    ) -> Result<bool> {
        let found = self.find(
            "SELECT 1 FROM suppression WHERE organization_id = :of AND address = :address AND domain_id = :domain",
            named_params! {":of": of.0, ":address": address, ":domain": domain.map_or(0, |id| id.0)},
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }

    /// An organization's suppressions after `after`, by id: all, or those of one domain's list.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn suppressions(
        &self,
        of: OrganizationId,
        domain: Option<DomainId>,
        after: SuppressionId,
        rows: u32,
    ) -> Result<Vec<Suppression>> {
        self.list(
            "SELECT id, organization_id, domain_id, address, reason, detail, email_id, created_at
             FROM suppression WHERE organization_id = :of AND id > :after
             AND (:domain IS NULL OR domain_id = :domain) ORDER BY id LIMIT :rows",
            named_params! {":of": of.0, ":domain": domain.map(|id| id.0), ":after": after.0, ":rows": rows},
            suppression,
        )
    }

    /// An organization's suppressions before `before`, newest first: all, or those of one
    /// domain's list, with `text` (lower case) in their address.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn suppressions_before(
        &self,
        of: OrganizationId,
        (domain, text): (Option<DomainId>, Option<&str>),
        before: Option<SuppressionId>,
        rows: u32,
    ) -> Result<Vec<Suppression>> {
        self.list(
            "SELECT id, organization_id, domain_id, address, reason, detail, email_id, created_at
             FROM suppression WHERE organization_id = :of AND id < :before
             AND (:domain IS NULL OR domain_id = :domain)
             AND (:text IS NULL OR instr(address, :text) > 0) ORDER BY id DESC LIMIT :rows",
            named_params! {
                ":of": of.0,
                ":domain": domain.map(|id| id.0),
                ":text": text,
                ":before": before.map_or(i64::MAX, |id| id.0),
                ":rows": rows,
            },
            suppression,
        )
    }

    /// Whether a bounce may not suppress `address`.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn is_allowed(
        &self,
        of: OrganizationId,
        domain: Option<DomainId>,
        address: &str,
    ) -> Result<bool> {
        let found = self.find(
            "SELECT 1 FROM allowed_address WHERE organization_id = :of AND address = :address
             AND domain_id IN (0, :domain)",
            named_params! {":of": of.0, ":address": address, ":domain": domain.map_or(0, |id| id.0)},
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }

    /// The addresses that a bounce does not suppress, with the domain (None: all of them).
    ///
    /// # Errors
    /// As SQLite says.
    pub fn allowed(
        &self,
        of: OrganizationId,
        rows: u32,
    ) -> Result<Vec<(String, Option<DomainId>)>> {
        self.list(
            "SELECT address, domain_id FROM allowed_address WHERE organization_id = :of
             ORDER BY address, domain_id LIMIT :rows",
            named_params! {":of": of.0, ":rows": rows},
            |found| {
                let domain: i64 = found.get(1)?;
                Ok((found.get(0)?, (domain != 0).then_some(DomainId(domain))))
            },
        )
    }
}

impl Write<'_> {
    /// Suppresses an address; one that already is keeps its first reason. False then.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn suppress(&self, new: &NewSuppression, now: Timestamp) -> Result<bool> {
        let added = self.execute(
            "INSERT INTO suppression (organization_id, domain_id, address, reason, detail, email_id, created_at)
             VALUES (:of, :domain, :address, :reason, :detail, :email, :now)
             ON CONFLICT (organization_id, address, domain_id) DO NOTHING",
            named_params! {
                ":of": new.organization.0,
                ":domain": new.domain.map_or(0, |id| id.0),
                ":address": new.address,
                ":reason": new.reason.as_str(),
                ":detail": new.detail,
                ":email": new.email.map(|id| id.0),
                ":now": now.0,
            },
        )?;
        Ok(added > 0)
    }

    /// Takes an address off a list; false when it was not on it.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn unsuppress(
        &self,
        of: OrganizationId,
        domain: Option<DomainId>,
        address: &str,
    ) -> Result<bool> {
        let gone = self.execute(
            "DELETE FROM suppression WHERE organization_id = :of AND address = :address AND domain_id = :domain",
            named_params! {":of": of.0, ":address": address, ":domain": domain.map_or(0, |id| id.0)},
        )?;
        Ok(gone > 0)
    }

    /// Keeps bounces from suppressing an address.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn allow(
        &self,
        of: OrganizationId,
        domain: Option<DomainId>,
        address: &str,
        now: Timestamp,
    ) -> Result<()> {
        self.execute(
            "INSERT OR IGNORE INTO allowed_address (organization_id, address, domain_id, created_at)
             VALUES (:of, :address, :domain, :now)",
            named_params! {
                ":of": of.0,
                ":address": address,
                ":domain": domain.map_or(0, |id| id.0),
                ":now": now.0,
            },
        )?;
        Ok(())
    }

    /// Lets bounces suppress an address again; false when they could.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn disallow(
        &self,
        of: OrganizationId,
        domain: Option<DomainId>,
        address: &str,
    ) -> Result<bool> {
        let gone = self.execute(
            "DELETE FROM allowed_address WHERE organization_id = :of AND address = :address AND domain_id = :domain",
            named_params! {":of": of.0, ":address": address, ":domain": domain.map_or(0, |id| id.0)},
        )?;
        Ok(gone > 0)
    }
}
