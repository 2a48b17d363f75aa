//! Table `message`: what a reader changes of it, and takes out of it.

use rusqlite::named_params;

use super::{Write, row};
use crate::error::Result;
use crate::feed::Change;
use crate::ids::{DomainId, FolderId, MailboxId, MessageId, OrganizationId};
use crate::model::mailbox::{Folder, Marking};

/// Which messages of a mailbox or a domain are taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sweep {
    /// A mailbox's that nobody starred: this organization's, and nobody's.
    Unstarred(MailboxId, OrganizationId),
    /// A mailbox's, starred ones too: this organization's, and nobody's.
    Mailbox(MailboxId, OrganizationId),
    /// Those of an organization that came to one of its domains, starred ones too.
    Domain(DomainId, OrganizationId),
}

impl Write<'_> {
    /// Writes who starred a message, and whose it is.
    ///
    /// # Errors
    /// As SQLite says; so for every function here.
    pub fn set_starred(
        &self,
        id: MessageId,
        by: Option<&str>,
        owner: Option<OrganizationId>,
    ) -> Result<()> {
        self.execute(
            "UPDATE message SET starred_by = :by, organization_id = :of WHERE id = :id",
            named_params! {":by": by, ":of": owner.map_or(0, |of| of.0), ":id": id.0},
        )?;
        self.tell_marked(id)
    }

    /// Writes a person's words for a message.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn set_labels(&self, id: MessageId, labels: &[String]) -> Result<()> {
        let labels = (!labels.is_empty()).then(|| row::json(labels));
        self.execute(
            "UPDATE message SET labels = :labels WHERE id = :id",
            named_params! {":labels": labels, ":id": id.0},
        )?;
        self.tell_marked(id)
    }

    /// Puts a message into a folder.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn set_folder(&self, id: MessageId, folder: Folder) -> Result<()> {
        let mailbox = self.find(
            "UPDATE message SET folder = :folder WHERE id = :id RETURNING mailbox_id, folder_id",
            named_params! {":folder": folder.as_str(), ":id": id.0},
            |found| {
                let lies_in = found.get::<_, Option<i64>>(1)?.map(FolderId);
                Ok((MailboxId(found.get(0)?), lies_in))
            },
        )?;
        let Some((mailbox, Some(lies_in))) = mailbox else {
            return Ok(());
        };
        match self.folder_of_role(mailbox, folder)? {
            Some(to) if to != lies_in => {
                self.file(id, to)?;
                self.tell(Change::Marked(mailbox));
                Ok(())
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Writes whether a message was read.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn set_marking(&self, id: MessageId, marking: Marking) -> Result<()> {
        self.execute(
            "UPDATE message SET seen = :seen WHERE id = :id",
            named_params! {":seen": marking == Marking::Read, ":id": id.0},
        )?;
        self.tell_marked(id)
    }

    /// Tells those who have the message's folder open.
    fn tell_marked(&self, id: MessageId) -> Result<()> {
        let mailbox = self.find(
            "SELECT mailbox_id FROM message WHERE id = :id AND folder_id IS NOT NULL",
            named_params! {":id": id.0},
            |found| found.get(0).map(MailboxId),
        )?;
        if let Some(mailbox) = mailbox {
            self.tell(Change::Marked(mailbox));
        }
        Ok(())
    }

    /// Takes at most `rows` messages out, oldest first; how many there were.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn sweep(&self, which: Sweep, rows: u32) -> Result<u32> {
        let (condition, key, of) = match which {
            Sweep::Unstarred(mailbox, of) => (
                "mailbox_id = :key AND organization_id IN (0, :of) AND starred_by IS NULL",
                mailbox.0,
                of,
            ),
            Sweep::Mailbox(mailbox, of) => (
                "mailbox_id = :key AND organization_id IN (0, :of)",
                mailbox.0,
                of,
            ),
            // Without the plus, all of a large organization's mail is searched for a small domain's.
            Sweep::Domain(domain, of) => {
                ("domain_id = :key AND +organization_id = :of", domain.0, of)
            }
        };
        let found = self.list(
            &format!(
                "SELECT id FROM message WHERE {condition} ORDER BY received_at, id LIMIT :rows"
            ),
            named_params! {":key": key, ":of": of.0, ":rows": rows},
            |found| found.get(0).map(MessageId),
        )?;
        self.remove_each(found)
    }
}
