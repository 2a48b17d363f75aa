//! Tables `dkim_key` and `domain_record`: what a domain publishes, and what DNS said of it.

use rusqlite::named_params;

use super::{Read, Write, row};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::ids::DomainId;
use crate::model::domain::{Algorithm, Checked, DkimKey, RecordKind, Verdict};

/// What a look at DNS found of one record.
pub struct DomainLook {
    /// Which record.
    pub kind: RecordKind,
    /// What it came to.
    pub verdict: Verdict,
    /// The values found, or why nothing could be told.
    pub found: Vec<String>,
}

/// What is verified after a look; None stays as it was, because DNS could not tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The RSA DKIM record.
    pub dkim: Option<bool>,
    /// The Ed25519 DKIM record.
    pub ed25519: Option<bool>,
    /// The return path and DMARC records.
    pub advanced: Option<bool>,
    /// The MX and SPF records of its own return path.
    pub mail_from: Option<bool>,
}

impl Read<'_> {
    /// A domain's DKIM keys, RSA first.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn dkim_keys(&self, of: DomainId) -> Result<Vec<DkimKey>> {
        self.list(
            "SELECT selector, algorithm, public, private_sealed, verified FROM dkim_key
             WHERE domain_id = :of ORDER BY algorithm DESC, id",
            named_params! {":of": of.0},
            |found| {
                Ok(DkimKey {
                    selector: found.get("selector")?,
                    algorithm: row::word(found, "algorithm", Algorithm::parse)?,
                    public: found.get("public")?,
                    private_sealed: found.get("private_sealed")?,
                    verified: found.get("verified")?,
                })
            },
        )
    }

    /// The last look at each of a domain's records.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn domain_looks(&self, of: DomainId) -> Result<Vec<(RecordKind, Checked)>> {
        self.list(
            "SELECT kind, verdict, found, checked_at FROM domain_record WHERE domain_id = :of",
            named_params! {":of": of.0},
            |found| {
                let checked = Checked {
                    verdict: row::word(found, "verdict", Verdict::parse)?,
                    found: row::texts(found, "found")?.unwrap_or_default(),
                    at: row::time(found, "checked_at")?,
                };
                Ok((row::word(found, "kind", RecordKind::parse)?, checked))
            },
        )
    }
}

impl Write<'_> {
    /// Writes what a look at DNS found, and what is verified by it.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn set_domain_looks(
        &self,
        id: DomainId,
        looks: &[DomainLook],
        verified: Verified,
        now: Timestamp,
    ) -> Result<()> {
        for look in looks {
            self.execute(
                "INSERT INTO domain_record (domain_id, kind, verdict, found, checked_at)
                 VALUES (:id, :kind, :verdict, :found, :now)
                 ON CONFLICT (domain_id, kind) DO UPDATE SET verdict = excluded.verdict,
                 found = excluded.found, checked_at = excluded.checked_at",
                named_params! {
                    ":id": id.0,
                    ":kind": look.kind.as_str(),
                    ":verdict": look.verdict.as_str(),
                    ":found": row::json(&look.found),
                    ":now": now.0,
                },
            )?;
        }
        self.execute(
            "UPDATE domain SET dkim_verified = ifnull(:dkim, dkim_verified),
             advanced_verified = ifnull(:advanced, advanced_verified),
             mail_from_verified = ifnull(:mail_from, mail_from_verified), modified_at = :now
             WHERE id = :id AND (dkim_verified <> ifnull(:dkim, dkim_verified)
             OR advanced_verified <> ifnull(:advanced, advanced_verified)
             OR mail_from_verified <> ifnull(:mail_from, mail_from_verified))",
            named_params! {
                ":dkim": verified.dkim,
                ":advanced": verified.advanced,
                ":mail_from": verified.mail_from,
                ":now": now.0,
                ":id": id.0,
            },
        )?;
        self.execute(
            "UPDATE domain SET verified_at = CASE
               WHEN dkim_verified = 0 OR (mail_from IS NOT NULL AND mail_from_verified = 0) THEN NULL
               ELSE ifnull(verified_at, :now) END WHERE id = :id",
            named_params! {":now": now.0, ":id": id.0},
        )?;
        self.execute(
            "UPDATE dkim_key SET verified = ifnull(:flag, verified)
             WHERE domain_id = :id AND algorithm = :algorithm",
            named_params! {":flag": verified.ed25519, ":id": id.0, ":algorithm": Algorithm::Ed25519.as_str()},
        )?;
        Ok(())
    }
}
