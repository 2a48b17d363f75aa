//! Table `mailbox`: people's mailboxes at a domain, and what they may hold together.

use rusqlite::named_params;

use super::{Read, row};
use crate::error::Result;
use crate::ids::{DomainId, MailboxId};
use crate::model::mailbox::Mailbox;

/// What the mailboxes of people at a domain may hold together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allotted {
    /// How many there are.
    pub mailboxes: u64,
    /// In bytes; None when one of them has no bound.
    pub quota_bytes: Option<u64>,
}

impl Read<'_> {
    /// What the mailboxes of people at a domain may hold; removed ones are left out.
    ///
    /// # Errors
    /// As SQLite says; so for every function here.
    pub fn allotted(&self, domain: DomainId) -> Result<Allotted> {
        let found = self.find(
            "SELECT count(*) AS n, ifnull(sum(quota_bytes), 0) AS bytes, count(quota_bytes) AS bounded
             FROM mailbox INDEXED BY mailbox_of_people
             WHERE domain_id = :domain AND kind = 'full' AND removed_at IS NULL",
            named_params! {":domain": domain.0},
            |found| {
                let (mailboxes, bounded) = (row::count(found, "n")?, row::count(found, "bounded")?);
                let bytes = row::count(found, "bytes")?;
                Ok(Allotted {
                    mailboxes,
                    quota_bytes: (bounded == mailboxes).then_some(bytes),
                })
            },
        )?;
        Ok(found.unwrap_or(Allotted {
            mailboxes: 0,
            quota_bytes: Some(0),
        }))
    }

    /// The mailboxes of people at a domain, oldest first; removed ones are left out.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn mailboxes_of_people(&self, domain: DomainId, rows: u32) -> Result<Vec<Mailbox>> {
        let ids: Vec<MailboxId> = self.list(
            "SELECT id FROM mailbox INDEXED BY mailbox_of_people
             WHERE domain_id = :domain AND kind = 'full' AND removed_at IS NULL
             ORDER BY id LIMIT :rows",
            named_params! {":domain": domain.0, ":rows": rows},
            |found| found.get(0).map(MailboxId),
        )?;
        let mut mailboxes = Vec::with_capacity(ids.len());
        for id in ids {
            mailboxes.extend(self.mailbox(id)?);
        }
        Ok(mailboxes)
    }
}
