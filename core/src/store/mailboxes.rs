//! Tables `mailbox`, `alias` and `kept`.

use rusqlite::{Row, named_params};

use super::{Read, Write, row};
use crate::clock::Timestamp;
use crate::error::{Result, internal};
use crate::ids::{DomainId, MailboxId, OrganizationId};
use crate::model::domain::{DmarcRule, Receives};
use crate::model::mailbox::{Kept, Mailbox, MailboxKind};

const COLUMNS: &str = "id, organization_id, domain_id, address, kind, info, forward, socket,
    name, password_hash IS NOT NULL AS password, keep_sent, suspended_at, removed_at, quota_bytes, keep_days, keep_messages, keep_bytes, messages, unread, bytes, created_at, updated_at";

fn mailbox(found: &Row<'_>) -> rusqlite::Result<Mailbox> {
    Ok(Mailbox {
        id: MailboxId(found.get("id")?),
        owner: row::owner(found, "organization_id")?,
        domain: found.get::<_, Option<i64>>("domain_id")?.map(DomainId),
        address: found.get("address")?,
        kind: row::word(found, "kind", MailboxKind::parse)?,
        info: found.get("info")?,
        forward: found.get("forward")?,
        socket: row::switch(found.get("socket")?),
        name: found.get("name")?,
        password: row::switch(found.get("password")?),
        keep_sent: row::switch(found.get("keep_sent")?),
        suspended_at: row::time_or_none(found, "suspended_at")?,
        removed_at: row::time_or_none(found, "removed_at")?,
        quota_bytes: row::count_or_none(found, "quota_bytes")?,
        keep: row::keep(found)?,
        messages: row::count(found, "messages")?,
        unread: row::count(found, "unread")?,
        bytes: row::count(found, "bytes")?,
        created_at: row::time(found, "created_at")?,
        updated_at: row::time(found, "updated_at")?,
    })
}

/// A domain of an organization, as far as mail coming in goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReceivingDomain {
    /// Its id.
    pub id: DomainId,
    /// Whose.
    pub organization: OrganizationId,
    /// What it takes.
    pub receives: Receives,
    /// What it makes of mail that fails DMARC.
    pub dmarc: DmarcRule,
    /// Whose routing holds for addresses without their own.
    pub catch_all: Option<MailboxId>,
}

impl Read<'_> {
    /// One mailbox.
    ///
    /// # Errors
    /// As SQLite says; so for every function here.
    pub fn mailbox(&self, id: MailboxId) -> Result<Option<Mailbox>> {
        self.find(
            &format!("SELECT {COLUMNS} FROM mailbox WHERE id = :id"),
            named_params! {":id": id.0},
            mailbox,
        )
    }

    /// The mailbox of an address (lower case) that an organization has, or that is nobody's.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn mailbox_of(&self, of: Option<OrganizationId>, address: &str) -> Result<Option<Mailbox>> {
        self.find(
            &format!(
                "SELECT {COLUMNS} FROM mailbox WHERE organization_id = :of AND address = :address"
            ),
            named_params! {":of": of.map_or(0, |of| of.0), ":address": address},
            mailbox,
        )
    }

    /// The mailbox of an address (lower case) that somebody asked for.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn mailbox_asked_for(&self, address: &str) -> Result<Option<Mailbox>> {
        self.find(
            &format!(
                "SELECT {COLUMNS} FROM mailbox WHERE address = :address
                 AND kind IN ('reserved', 'full')"
            ),
            named_params! {":address": address},
            mailbox,
        )
    }

    /// An organization's mailboxes behind the address `after`, by address: of one kind, or
    /// any, with `text` (lower case) in their address or name. Removed ones too, of people.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn mailboxes_page(
        &self,
        of: OrganizationId,
        (kind, text): (Option<MailboxKind>, Option<&str>),
        after: &str,
        rows: u32,
    ) -> Result<Vec<Mailbox>> {
        self.list(
            &format!(
                "SELECT {COLUMNS} FROM mailbox WHERE organization_id = :of AND address > :after
                 AND (:kind IS NULL OR kind = :kind)
                 AND (:text IS NULL OR instr(address, :text) > 0 OR instr(lower(name), :text) > 0)
                 ORDER BY address LIMIT :rows"
            ),
            named_params! {
                ":of": of.0,
                ":kind": kind.map(MailboxKind::as_str),
                ":text": text,
                ":after": after,
                ":rows": rows,
            },
            mailbox,
        )
    }

    /// Mailboxes that hold nine tenths of what they may, by id.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn mailboxes_nearly_full(&self, of: OrganizationId, rows: u32) -> Result<Vec<Mailbox>> {
        self.list(
            &format!(
                "SELECT {COLUMNS} FROM mailbox INDEXED BY mailbox_nearly_full
                 WHERE organization_id = :of AND quota_bytes IS NOT NULL AND removed_at IS NULL
                 AND bytes * 10 >= quota_bytes * 9 ORDER BY id LIMIT :rows"
            ),
            named_params! {":of": of.0, ":rows": rows},
            mailbox,
        )
    }

    /// The domain of this host name, as far as mail coming in goes.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn receiving_domain(&self, host: &str) -> Result<Option<ReceivingDomain>> {
        self.find(
            "SELECT id, organization_id, receives, dmarc, catch_all_id FROM domain
             WHERE host = :host AND removed_at IS NULL",
            named_params! {":host": host},
            |found| {
                Ok(ReceivingDomain {
                    id: DomainId(found.get("id")?),
                    organization: OrganizationId(found.get("organization_id")?),
                    receives: row::word(found, "receives", Receives::parse)?,
                    dmarc: row::word(found, "dmarc", DmarcRule::parse)?,
                    catch_all: found.get::<_, Option<i64>>("catch_all_id")?.map(MailboxId),
                })
            },
        )
    }

    /// The address that a local part (lower case) stands for, if it is an alias.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn alias(&self, local: &str) -> Result<Option<String>> {
        self.find(
            "SELECT address FROM alias WHERE local = :local",
            named_params! {":local": local},
            |found| found.get(0),
        )
    }

    /// The local part that stands for an address (lower case), if there is one.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn alias_of(&self, address: &str) -> Result<Option<String>> {
        self.find(
            "SELECT local FROM alias WHERE address = :address ORDER BY local LIMIT 1",
            named_params! {":address": address},
            |found| found.get(0),
        )
    }

    /// What an organization keeps, or what is nobody's.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn kept(&self, of: Option<OrganizationId>) -> Result<Kept> {
        let found = self.find(
            "SELECT messages, unread, starred, bytes FROM kept WHERE organization_id = :of",
            named_params! {":of": of.map_or(0, |of| of.0)},
            |found| {
                Ok(Kept {
                    messages: row::count(found, "messages")?,
                    unread: row::count(found, "unread")?,
                    starred: row::count(found, "starred")?,
                    bytes: row::count(found, "bytes")?,
                })
            },
        )?;
        Ok(found.unwrap_or_default())
    }
}

impl Write<'_> {
    /// The mailbox that mail for an address (lower case) is put into: made if there is none,
    /// an organization's implicit one, or nobody's.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn mailbox_for(
        &self,
        of: Option<(OrganizationId, Option<DomainId>)>,
        address: &str,
        now: Timestamp,
    ) -> Result<Mailbox> {
        if let Some(found) = self.mailbox_of(of.map(|(of, _)| of), address)? {
            return Ok(found);
        }
        let kind = match of {
            Some(_) => MailboxKind::Implicit,
            None => MailboxKind::Public,
        };
        let made = self.find(
            &format!(
                "INSERT INTO mailbox (organization_id, domain_id, address, kind, created_at, updated_at)
                 VALUES (:of, :domain, :address, :kind, :now, :now) RETURNING {COLUMNS}"
            ),
            named_params! {
                ":of": of.map_or(0, |(of, _)| of.0),
                ":domain": of.and_then(|(_, domain)| domain).map(|id| id.0),
                ":address": address,
                ":kind": kind.as_str(),
                ":now": now.0,
            },
            mailbox,
        )?;
        made.ok_or_else(|| internal("a mailbox was not made"))
    }
}
