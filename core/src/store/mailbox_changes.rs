//! Tables `mailbox`, `alias` and `webhook`: addresses that are asked for, where their mail
//! goes, and letting go of them.

use rusqlite::named_params;

use super::{Read, Write, row};
use crate::clock::Timestamp;
use crate::error::{Result, internal};
use crate::ids::{DomainId, MailboxId, MessageId, OrganizationId, WebhookId};
use crate::model::domain::Switch;
use crate::model::mailbox::{Mailbox, MailboxKind};

/// A webhook of one mailbox.
pub struct Hook {
    /// Its id.
    pub id: WebhookId,
    /// Whose form its bodies have.
    pub form: String,
    /// Where it goes, sealed.
    pub url_sealed: Vec<u8>,
    /// What the form was told beside.
    pub words: Option<String>,
}

impl Read<'_> {
    /// The addresses that an organization asked for, in order.
    ///
    /// # Errors
    /// As SQLite says; so for every function here.
    pub fn mailboxes_asked_for(&self, of: OrganizationId, rows: u32) -> Result<Vec<Mailbox>> {
        // Mail to a domain makes a mailbox for whatever it is addressed to: those that were asked
        // for, by whomever, are far fewer than all of an organization's.
        let ids: Vec<MailboxId> = self.list(
            "SELECT id FROM mailbox INDEXED BY mailbox_reserved
             WHERE organization_id = :of AND kind IN ('reserved', 'full')
             ORDER BY address LIMIT :rows",
            named_params! {":of": of.0, ":rows": rows},
            |found| found.get(0).map(MailboxId),
        )?;
        let mut mailboxes = Vec::with_capacity(ids.len());
        for id in ids {
            mailboxes.extend(self.mailbox(id)?);
        }
        Ok(mailboxes)
    }

    /// What a mailbox's password hashes to.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn password_hash(&self, id: MailboxId) -> Result<Option<String>> {
        let found = self.find(
            "SELECT password_hash FROM mailbox WHERE id = :id",
            named_params! {":id": id.0},
            |found| found.get(0),
        )?;
        Ok(found.flatten())
    }

    /// Whether a domain's unrouted mail is routed as this mailbox's is.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn is_catch_all(&self, id: MailboxId) -> Result<bool> {
        let found = self.find(
            "SELECT 1 FROM domain d JOIN mailbox b ON b.id = :id
             WHERE d.id = b.domain_id AND d.catch_all_id = b.id AND d.removed_at IS NULL",
            named_params! {":id": id.0},
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }

    /// The webhooks of one mailbox.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn hooks_of(&self, id: MailboxId) -> Result<Vec<Hook>> {
        self.list(
            "SELECT id, form, url_sealed, words FROM webhook WHERE mailbox_id = :id
             ORDER BY id LIMIT 100",
            named_params! {":id": id.0},
            |found| {
                Ok(Hook {
                    id: WebhookId(found.get("id")?),
                    form: found.get("form")?,
                    url_sealed: found.get("url_sealed")?,
                    words: found.get("words")?,
                })
            },
        )
    }

    /// The messages of all mailboxes at a domain, by their running counts.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn messages_at(&self, domain: DomainId) -> Result<u64> {
        let found = self.find(
            "SELECT ifnull(sum(messages), 0) AS n FROM mailbox WHERE domain_id = :domain",
            named_params! {":domain": domain.0},
            |found| row::count(found, "n"),
        )?;
        Ok(found.unwrap_or(0))
    }
}

impl Write<'_> {
    /// Makes an address an organization's by name: the mailbox that it or nobody has, else a
    /// new one. What lies there and is nobody's becomes the organization's.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn ask_for_mailbox(
        &self,
        (of, domain): (OrganizationId, Option<DomainId>),
        address: &str,
        now: Timestamp,
    ) -> Result<Mailbox> {
        let public = self.mailbox_of(None, address)?;
        let own = match (self.mailbox_of(Some(of), address)?, &public) {
            (Some(own), _) => own,
            (None, Some(public)) => {
                self.execute(
                    "UPDATE mailbox SET organization_id = :of, domain_id = :domain WHERE id = :id",
                    named_params! {":of": of.0, ":domain": domain.map(|id| id.0), ":id": public.id.0},
                )?;
                public.clone()
            }
            (None, None) => self.mailbox_for(Some((of, domain)), address, now)?,
        };
        if let Some(public) = public.filter(|public| public.id != own.id) {
            self.pour(&public, &own)?;
        }
        self.execute(
            "UPDATE message SET organization_id = :of WHERE mailbox_id = :id AND organization_id = 0",
            named_params! {":of": of.0, ":id": own.id.0},
        )?;
        self.set_kind(own.id, MailboxKind::Reserved, now)
    }

    /// Moves the messages of one mailbox to those of another, and removes it.
    fn pour(&self, from: &Mailbox, into: &Mailbox) -> Result<()> {
        self.execute(
            "UPDATE message SET mailbox_id = :into WHERE mailbox_id = :from",
            named_params! {":into": into.id.0, ":from": from.id.0},
        )?;
        self.execute(
            "DELETE FROM mailbox WHERE id = :from",
            named_params! {":from": from.id.0},
        )?;
        Ok(())
    }

    fn set_kind(&self, id: MailboxId, kind: MailboxKind, now: Timestamp) -> Result<Mailbox> {
        self.execute(
            "UPDATE mailbox SET kind = :kind, updated_at = :now WHERE id = :id",
            named_params! {":kind": kind.as_str(), ":now": now.0, ":id": id.0},
        )?;
        self.mailbox(id)?
            .ok_or_else(|| internal("a mailbox is gone"))
    }

    /// Takes up to `rows` messages out of a mailbox that was removed before `before`, or the
    /// mailbox itself when it holds none of its time; how many it took. What was put there
    /// since, such as captured mail, stays the organization's.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn expire_mailboxes(&self, before: Timestamp, rows: u32, now: Timestamp) -> Result<usize> {
        let found = self.find(
            "SELECT id, removed_at FROM mailbox WHERE removed_at <= :before
             ORDER BY removed_at LIMIT 1",
            named_params! {":before": before.0},
            |found| Ok((MailboxId(found.get(0)?), Timestamp(found.get(1)?))),
        )?;
        let Some((id, removed_at)) = found else {
            return Ok(0);
        };
        let old = self.list(
            "SELECT id FROM message WHERE mailbox_id = :id AND received_at <= :removed
             ORDER BY received_at, id LIMIT :rows",
            named_params! {":id": id.0, ":removed": removed_at.0, ":rows": rows},
            |found| found.get(0).map(MessageId),
        )?;
        let taken = self.remove_each(old)?;
        if taken > 0 {
            return Ok(taken as usize);
        }
        self.execute(
            "UPDATE message SET folder_id = NULL, uid = NULL, modseq = NULL WHERE mailbox_id = :id",
            named_params! {":id": id.0},
        )?;
        for folder in self.folders_of(id)? {
            self.remove_folder(&folder)?;
        }
        self.forget_subscriptions(id)?;
        self.execute(
            "UPDATE mailbox SET name = '', password_hash = NULL, quota_bytes = NULL,
             suspended_at = NULL, removed_at = NULL WHERE id = :id",
            named_params! {":id": id.0},
        )?;
        self.release_mailbox(id, MailboxKind::Implicit, now)?;
        Ok(1)
    }

    /// Takes away an address's routing and that it was asked for. At one of the owner's
    /// domains it stays theirs, `implicit`; elsewhere what comes is nobody's, `public`, and
    /// what is there stays the owner's.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn release_mailbox(&self, id: MailboxId, to: MailboxKind, now: Timestamp) -> Result<()> {
        self.set_routing(id, ("", None, Switch::Off), now)?;
        for hook in self.hooks_of(id)? {
            self.remove_webhook(hook.id)?;
        }
        if to == MailboxKind::Public {
            self.execute(
                "UPDATE mailbox SET organization_id = 0, domain_id = NULL WHERE id = :id",
                named_params! {":id": id.0},
            )?;
        }
        self.set_kind(id, to, now)?;
        Ok(())
    }

    /// Writes a mailbox's kind, name, quota and whether it is open or there; its password where
    /// there is a new one.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn set_mailbox(&self, of: &Mailbox, hash: Option<&str>, now: Timestamp) -> Result<()> {
        self.execute(
            "UPDATE mailbox SET kind = :kind, name = :name, quota_bytes = :quota,
             keep_sent = :keep_sent, suspended_at = :suspended, removed_at = :removed,
             password_hash = ifnull(:hash, password_hash), updated_at = :now WHERE id = :id",
            named_params! {
                ":kind": of.kind.as_str(),
                ":name": of.name,
                ":quota": of.quota_bytes.and_then(|bytes| i64::try_from(bytes).ok()),
                ":keep_sent": of.keep_sent == Switch::On,
                ":suspended": of.suspended_at.map(|at| at.0),
                ":removed": of.removed_at.map(|at| at.0),
                ":hash": hash,
                ":now": now.0,
                ":id": of.id.0,
            },
        )?;
        Ok(())
    }

    /// Gives a mailbox another address, and what lies there beside it.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn rename_mailbox(
        &self,
        of: &Mailbox,
        (domain, address): (DomainId, &str),
        now: Timestamp,
    ) -> Result<()> {
        // What came there unasked for has another's name, and is in nobody's way.
        if let Some(other) = self.mailbox_of(of.owner, address)? {
            self.pour(&other, of)?;
            self.file_loose(of.id)?;
        }
        self.execute(
            "UPDATE mailbox SET address = :address, domain_id = :domain, updated_at = :now
             WHERE id = :id",
            named_params! {":address": address, ":domain": domain.0, ":now": now.0, ":id": of.id.0},
        )?;
        Ok(())
    }

    /// Writes a person's words about an address, where its mail goes as well, and whether
    /// sockets are told of it.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn set_routing(
        &self,
        id: MailboxId,
        (info, forward, socket): (&str, Option<&str>, Switch),
        now: Timestamp,
    ) -> Result<()> {
        self.execute(
            "UPDATE mailbox SET info = :info, forward = :forward, socket = :socket,
             updated_at = :now WHERE id = :id",
            named_params! {
                ":info": info,
                ":forward": forward,
                ":socket": socket == Switch::On,
                ":now": now.0,
                ":id": id.0,
            },
        )?;
        Ok(())
    }

    /// Lets a local part (lower case) stand for an address.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn add_alias(&self, local: &str, address: &str) -> Result<()> {
        self.execute(
            "INSERT INTO alias (local, address) VALUES (:local, :address)
             ON CONFLICT (local) DO NOTHING",
            named_params! {":local": local, ":address": address},
        )?;
        Ok(())
    }
}
