//! Table `audit`.

use rusqlite::named_params;

use super::{Read, Write, row};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::ids::{AuditId, OrganizationId, UserId};
use crate::model::audit::{Audit, Note};

impl Read<'_> {
    /// What was changed in an organization before `before`, newest first.
    ///
    /// # Errors
    /// As SQLite says; so for every function here.
    pub fn audits(
        &self,
        of: OrganizationId,
        before: Option<AuditId>,
        rows: u32,
    ) -> Result<Vec<Audit>> {
        self.list(
            "SELECT id, organization_id, user_id, who, what, target, detail, remote, at FROM audit
             WHERE organization_id = :of AND id < :before ORDER BY id DESC LIMIT :rows",
            named_params! {
                ":of": of.0,
                ":before": before.map_or(i64::MAX, |id| id.0),
                ":rows": rows,
            },
            |found| {
                Ok(Audit {
                    id: AuditId(found.get("id")?),
                    note: Note {
                        organization: OrganizationId(found.get("organization_id")?),
                        user: found.get::<_, Option<i64>>("user_id")?.map(UserId),
                        who: found.get("who")?,
                        what: found.get("what")?,
                        target: found.get("target")?,
                        detail: found.get("detail")?,
                        remote: found.get("remote")?,
                        at: row::time(found, "at")?,
                    },
                })
            },
        )
    }
}

impl Write<'_> {
    /// Removes what was written down before `before`, of the oldest `rows` rows; how many went.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn expire_audits(&self, before: Timestamp, rows: u32) -> Result<usize> {
        // Rows are as old as their numbers, but for clocks that were set: no index is needed.
        self.execute(
            "DELETE FROM audit WHERE id IN (
               SELECT id FROM (SELECT id, at FROM audit ORDER BY id LIMIT :rows)
               WHERE at < :before)",
            named_params! {":before": before.0, ":rows": rows},
        )
    }

    /// Writes down who changed what.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn add_audit(&self, note: &Note) -> Result<()> {
        self.execute(
            "INSERT INTO audit (organization_id, user_id, who, what, target, detail, remote, at)
             VALUES (:of, :user, :who, :what, :target, :detail, :remote, :at)",
            named_params! {
                ":of": note.organization.0,
                ":user": note.user.map(|id| id.0),
                ":who": note.who,
                ":what": note.what,
                ":target": note.target,
                ":detail": note.detail,
                ":remote": note.remote,
                ":at": note.at.0,
            },
        )?;
        Ok(())
    }
}
