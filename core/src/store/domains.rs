//! Table `domain`.

use rusqlite::{Row, named_params};
use uuid::Uuid;

use super::{Read, Write, row};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::ids::{DomainId, MailboxId, OrganizationId};
use crate::mime::keys::dkim_record;
use crate::model::domain::{Algorithm, DmarcRule, Domain, DomainSort, Receives, Switch, TlsPolicy};
use crate::model::page::{Direction, Page};

/// A domain to be made, its secrets sealed.
pub struct NewDomain {
    /// Its UUID.
    pub uuid: Uuid,
    /// The host name.
    pub host: String,
    /// A person's name for it.
    pub name: Option<String>,
    /// The host of its own return path, if it is to have one.
    pub mail_from: Option<String>,
    /// How many mailboxes of people it may have; None: any number.
    pub mailbox_limit: Option<u32>,
    /// The raw Ed25519 public key.
    pub webhook_public: [u8; 32],
    /// The Ed25519 seed, sealed.
    pub webhook_private_sealed: Vec<u8>,
    /// The DKIM keys.
    pub dkim: Vec<NewDkimKey>,
}

/// A DKIM key to be made.
pub struct NewDkimKey {
    /// Where its record is published.
    pub selector: String,
    /// How it signs.
    pub algorithm: Algorithm,
    /// RSA: SubjectPublicKeyInfo; Ed25519: 32 raw bytes.
    pub public: Vec<u8>,
    /// PKCS#8, sealed.
    pub private_sealed: Vec<u8>,
}

const COLUMNS: &str =
    "d.id, d.uuid, d.organization_id, d.host, d.name, d.mail_from, d.dkim_verified,
    d.advanced_verified, d.mail_from_verified, d.verified_at, d.tls, d.tracking, d.unsubscribe, d.receives, d.dmarc, d.catch_all_id,
    d.mailbox_limit, d.webhook_public, d.created_at, d.modified_at, k.selector, k.public";
const TABLES: &str = "domain d JOIN dkim_key k ON k.domain_id = d.id AND k.algorithm = 'rsa'";

fn domain(found: &Row<'_>) -> rusqlite::Result<Domain> {
    let public: Vec<u8> = found.get("public")?;
    Ok(Domain {
        id: DomainId(found.get("id")?),
        uuid: row::uuid(found, "uuid")?,
        organization: OrganizationId(found.get("organization_id")?),
        host: found.get("host")?,
        name: found.get("name")?,
        selector: found.get("selector")?,
        dkim_record: dkim_record(Algorithm::Rsa, &public),
        dkim_verified: found.get("dkim_verified")?,
        advanced_verified: found.get("advanced_verified")?,
        mail_from: found.get("mail_from")?,
        mail_from_verified: found.get("mail_from_verified")?,
        verified_at: row::time_or_none(found, "verified_at")?,
        tracking: row::switch(found.get("tracking")?),
        unsubscribe: row::switch(found.get("unsubscribe")?),
        tls: row::word(found, "tls", TlsPolicy::parse)?,
        receives: row::word(found, "receives", Receives::parse)?,
        dmarc: row::word(found, "dmarc", DmarcRule::parse)?,
        catch_all: found.get::<_, Option<i64>>("catch_all_id")?.map(MailboxId),
        mailbox_limit: found.get("mailbox_limit")?,
        webhook_public: found.get("webhook_public")?,
        created_at: row::time(found, "created_at")?,
        modified_at: row::time(found, "modified_at")?,
    })
}

impl Read<'_> {
    /// An organization's domain with this id.
    ///
    /// # Errors
    /// As SQLite says; so for every function here.
    pub fn domain(&self, of: OrganizationId, id: DomainId) -> Result<Option<Domain>> {
        self.find(
            &format!(
                "SELECT {COLUMNS} FROM {TABLES} WHERE d.id = :id AND d.organization_id = :of
                 AND d.removed_at IS NULL"
            ),
            named_params! {":id": id.0, ":of": of.0},
            domain,
        )
    }

    /// The domain of an organization's mail: also when it was removed since.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn domain_of_mail(&self, of: OrganizationId, id: DomainId) -> Result<Option<Domain>> {
        self.find(
            &format!("SELECT {COLUMNS} FROM {TABLES} WHERE d.id = :id AND d.organization_id = :of"),
            named_params! {":id": id.0, ":of": of.0},
            domain,
        )
    }

    /// An organization's domain with this UUID.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn domain_by_uuid(&self, of: OrganizationId, uuid: Uuid) -> Result<Option<Domain>> {
        self.find(
            &format!(
                "SELECT {COLUMNS} FROM {TABLES} WHERE d.uuid = :uuid AND d.organization_id = :of
                 AND d.removed_at IS NULL"
            ),
            named_params! {":uuid": uuid.as_bytes(), ":of": of.0},
            domain,
        )
    }

    /// An organization's domain of this host name.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn domain_of_host(&self, of: OrganizationId, host: &str) -> Result<Option<Domain>> {
        self.find(
            &format!(
                "SELECT {COLUMNS} FROM {TABLES} WHERE d.host = :host AND d.organization_id = :of
                 AND d.removed_at IS NULL"
            ),
            named_params! {":host": host, ":of": of.0},
            domain,
        )
    }

    /// Whether a host name is a domain of any organization's.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn is_somebodys_domain(&self, host: &str) -> Result<bool> {
        let found = self.find(
            "SELECT 1 FROM domain WHERE host = :host AND removed_at IS NULL LIMIT 1",
            named_params! {":host": host},
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }

    /// A page of an organization's domains.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn domains(
        &self,
        of: OrganizationId,
        page: Page,
        sort: DomainSort,
        direction: Direction,
    ) -> Result<Vec<Domain>> {
        let column = match sort {
            DomainSort::CreatedAt => "d.created_at",
            DomainSort::Id => "d.id",
            DomainSort::Name => "d.name",
        };
        let direction = match direction {
            Direction::Ascending => "ASC",
            Direction::Descending => "DESC",
        };
        self.list(
            &format!(
                "SELECT {COLUMNS} FROM {TABLES} WHERE d.organization_id = :of AND d.removed_at IS NULL
                 ORDER BY {column} {direction}, d.id {direction} LIMIT :rows OFFSET :skip"
            ),
            named_params! {":of": of.0, ":rows": page.rows, ":skip": page.skip},
            domain,
        )
    }

    /// Domains of which the last look did not find all that it looked for, by id.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn domains_amiss(&self, of: OrganizationId, rows: u32) -> Result<Vec<Domain>> {
        self.list(
            &format!(
                "SELECT {COLUMNS} FROM {TABLES} WHERE d.organization_id = :of AND d.removed_at IS NULL
                 AND EXISTS (SELECT 1 FROM domain_record r
                 WHERE r.domain_id = d.id AND r.verdict <> 'match') ORDER BY d.id LIMIT :rows"
            ),
            named_params! {":of": of.0, ":rows": rows},
            domain,
        )
    }

    /// Whether there is a domain other than `host`, and one that is verified.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn has_domain_beside(&self, of: OrganizationId, host: &str) -> Result<(bool, bool)> {
        let found = self.find(
            "SELECT count(*) > 0 AS added, ifnull(max(dkim_verified
               AND (mail_from IS NULL OR mail_from_verified)), 0) AS verified
             FROM domain WHERE organization_id = :of AND removed_at IS NULL AND host <> :host",
            named_params! {":of": of.0, ":host": host},
            |found| Ok((found.get("added")?, found.get("verified")?)),
        )?;
        Ok(found.unwrap_or_default())
    }

    /// A domain's webhook signing seed, sealed.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn webhook_private(&self, of: DomainId) -> Result<Option<Vec<u8>>> {
        self.find(
            "SELECT webhook_private_sealed FROM domain WHERE id = :of",
            named_params! {":of": of.0},
            |found| found.get(0),
        )
    }
}

impl Write<'_> {
    /// Makes a domain and its keys; None when the host is taken.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn add_domain(
        &self,
        of: OrganizationId,
        new: &NewDomain,
        now: Timestamp,
    ) -> Result<Option<DomainId>> {
        let added = self.execute(
            "INSERT INTO domain (uuid, organization_id, host, name, mail_from, mailbox_limit,
             webhook_public, webhook_private_sealed, created_at, modified_at)
             VALUES (:uuid, :of, :host, :name, :mail_from, :mailbox_limit, :public, :private, :now, :now)
             ON CONFLICT (host) WHERE removed_at IS NULL DO NOTHING",
            named_params! {
                ":uuid": new.uuid.as_bytes(),
                ":mail_from": new.mail_from,
                ":mailbox_limit": new.mailbox_limit,
                ":of": of.0,
                ":host": new.host,
                ":name": new.name,
                ":public": new.webhook_public,
                ":private": new.webhook_private_sealed,
                ":now": now.0,
            },
        )?;
        if added == 0 {
            return Ok(None);
        }
        let id = DomainId(self.last_id());
        for key in &new.dkim {
            self.execute(
                "INSERT INTO dkim_key (domain_id, selector, algorithm, public, private_sealed, created_at)
                 VALUES (:domain, :selector, :algorithm, :public, :private, :now)",
                named_params! {
                    ":domain": id.0,
                    ":selector": key.selector,
                    ":algorithm": key.algorithm.as_str(),
                    ":public": key.public,
                    ":private": key.private_sealed,
                    ":now": now.0,
                },
            )?;
        }
        Ok(Some(id))
    }

    /// Writes a domain's name.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn rename_domain(&self, id: DomainId, name: Option<&str>, now: Timestamp) -> Result<()> {
        self.execute(
            "UPDATE domain SET name = :name, modified_at = :now WHERE id = :id",
            named_params! {":name": name, ":now": now.0, ":id": id.0},
        )?;
        Ok(())
    }

    /// Writes what a domain's mail asks of TLS.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn set_domain_tls(&self, id: DomainId, tls: TlsPolicy, now: Timestamp) -> Result<()> {
        self.execute(
            "UPDATE domain SET tls = :tls, modified_at = :now WHERE id = :id",
            named_params! {":tls": tls.as_str(), ":now": now.0, ":id": id.0},
        )?;
        Ok(())
    }

    /// Writes what is added to a domain's mail.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn set_domain_switches(
        &self,
        id: DomainId,
        (tracking, unsubscribe): (Switch, Switch),
        now: Timestamp,
    ) -> Result<()> {
        self.execute(
            "UPDATE domain SET tracking = :tracking, unsubscribe = :unsubscribe, modified_at = :now
             WHERE id = :id",
            named_params! {
                ":tracking": tracking == Switch::On,
                ":unsubscribe": unsubscribe == Switch::On,
                ":now": now.0,
                ":id": id.0,
            },
        )?;
        Ok(())
    }

    /// Writes what a domain takes in.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn set_domain_receiving(&self, to: &Domain, now: Timestamp) -> Result<()> {
        self.execute(
            "UPDATE domain SET receives = :receives, dmarc = :dmarc, catch_all_id = :catch_all,
             modified_at = :now WHERE id = :id",
            named_params! {
                ":receives": to.receives.as_str(),
                ":dmarc": to.dmarc.as_str(),
                ":catch_all": to.catch_all.map(|id| id.0),
                ":now": now.0,
                ":id": to.id.0,
            },
        )?;
        Ok(())
    }

    /// Removes a domain; its mail keeps its history, and mail under way is still signed.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn remove_domain(&self, id: DomainId, now: Timestamp) -> Result<()> {
        self.execute(
            "UPDATE domain SET removed_at = :now, modified_at = :now WHERE id = :id",
            named_params! {":now": now.0, ":id": id.0},
        )?;
        Ok(())
    }

    /// Gives a domain another host; what was verified no longer is. False when the host is
    /// taken.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn move_domain(&self, id: DomainId, host: &str, now: Timestamp) -> Result<bool> {
        let moved = self.execute(
            "UPDATE OR IGNORE domain SET host = :host, dkim_verified = 0, advanced_verified = 0,
             mail_from = NULL, mail_from_verified = 0, verified_at = NULL, catch_all_id = NULL,
             modified_at = :now WHERE id = :id",
            named_params! {":host": host, ":now": now.0, ":id": id.0},
        )?;
        if moved == 1 {
            self.execute(
                "UPDATE dkim_key SET verified = 0 WHERE domain_id = :id",
                named_params! {":id": id.0},
            )?;
            self.execute(
                "DELETE FROM domain_record WHERE domain_id = :id",
                named_params! {":id": id.0},
            )?;
        }
        Ok(moved == 1)
    }
}
