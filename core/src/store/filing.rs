//! Table `message`: in which folder of a person's mailbox it lies, and how it is marked there.

use rusqlite::named_params;

use super::folders::signed;
use super::{Write, row};
use crate::error::{Result, internal};
use crate::feed::Change;
use crate::ids::{FolderId, MailboxId, MessageId};
use crate::model::folder::{Flags, FolderStanding};
use crate::model::mailbox::Folder;

/// The numbers of what comes next into a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Next {
    /// Its number.
    pub uid: u32,
    /// Its modification sequence.
    pub modseq: i64,
}

impl Write<'_> {
    /// Takes the next numbers of a folder.
    ///
    /// # Errors
    /// As SQLite says; so for every function here.
    pub fn next_in(&self, folder: FolderId) -> Result<Next> {
        let next = self.find(
            "UPDATE folder SET uid_next = uid_next + 1, modseq = modseq + 1 WHERE id = :id
             RETURNING uid_next - 1, modseq",
            named_params! {":id": folder.0},
            |found| {
                Ok(Next {
                    uid: found.get(0)?,
                    modseq: found.get(1)?,
                })
            },
        )?;
        next.ok_or_else(|| internal("a folder is gone"))
    }

    /// Puts a message into a folder of its mailbox; its number there.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn file(&self, id: MessageId, folder: FolderId) -> Result<u32> {
        let next = self.next_in(folder)?;
        self.execute(
            "UPDATE message SET folder_id = :folder, uid = :uid, modseq = :modseq,
             folder = (SELECT ifnull(role, 'all') FROM folder WHERE id = :folder) WHERE id = :id",
            named_params! {
                ":folder": folder.0, ":uid": next.uid, ":modseq": next.modseq, ":id": id.0
            },
        )?;
        Ok(next.uid)
    }

    /// Files what lies in no folder of a mailbox that has some: each in the one that its
    /// word says, oldest first.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn file_loose(&self, mailbox: MailboxId) -> Result<()> {
        for folder in self.folders_of(mailbox)? {
            let Some(role) = folder.role else { continue };
            let filed = self.execute(
                "UPDATE message SET folder_id = :folder, uid = :uid + n.number, modseq = :modseq + n.number
                 FROM (SELECT id, row_number() OVER (ORDER BY received_at, id) AS number FROM message
                   WHERE mailbox_id = :mailbox AND folder = :role AND folder_id IS NULL) n
                 WHERE message.id = n.id",
                named_params! {
                    ":folder": folder.id.0,
                    ":uid": folder.uid_next - 1,
                    ":modseq": signed(folder.modseq),
                    ":mailbox": mailbox.0,
                    ":role": role.as_str(),
                },
            )?;
            let filed = i64::try_from(filed).unwrap_or(i64::MAX);
            self.execute(
                "UPDATE folder SET uid_next = uid_next + :filed, modseq = modseq + :filed WHERE id = :folder",
                named_params! {":filed": filed, ":folder": folder.id.0},
            )?;
        }
        Ok(())
    }

    /// Copies a message into a folder of its mailbox, marks and all; its number there. The
    /// copy is one use more of its body.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn copy_message(&self, id: MessageId, to: &FolderStanding) -> Result<Option<u32>> {
        let body = self.body_in(to.mailbox, id)?;
        let Some(body) = body else {
            return Ok(None);
        };
        self.use_body(body)?;
        let next = self.next_in(to.id)?;
        self.execute(
            "INSERT INTO message (mailbox_id, organization_id, domain_id, folder_id, uid, modseq, body_id,
             place, original, folder, seen, starred_by, labels, answered, deleted, draft, from_text,
             to_text, subject, content, trace, size_bytes, received_at)
             SELECT mailbox_id, organization_id, domain_id, :folder, :uid, :modseq, body_id, place, original,
             :role, seen, starred_by, labels, answered, deleted, draft, from_text, to_text, subject,
             content, trace, size_bytes, received_at FROM message WHERE id = :id",
            named_params! {
                ":folder": to.id.0,
                ":uid": next.uid,
                ":modseq": next.modseq,
                ":role": to.role.unwrap_or(Folder::All).as_str(),
                ":id": id.0,
            },
        )?;
        self.tell(Change::Message(to.mailbox, MessageId(self.last_id())));
        Ok(Some(next.uid))
    }

    /// Writes how a message is marked; `by` stars it, where it was not.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn set_flags(&self, id: MessageId, flags: &Flags, by: &str) -> Result<()> {
        let labels = (!flags.keywords.is_empty()).then(|| row::json(&flags.keywords));
        self.execute(
            "UPDATE message SET seen = :seen, answered = :answered, deleted = :deleted, draft = :draft,
             starred_by = CASE WHEN :flagged THEN ifnull(starred_by, :by) END, labels = :labels
             WHERE id = :id",
            named_params! {
                ":seen": flags.seen,
                ":answered": flags.answered,
                ":deleted": flags.deleted,
                ":draft": flags.draft,
                ":flagged": flags.flagged,
                ":by": by,
                ":labels": labels,
                ":id": id.0,
            },
        )?;
        Ok(())
    }

    /// Writes the moment that a message came at.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn set_received_at(&self, id: MessageId, at: crate::clock::Timestamp) -> Result<()> {
        self.execute(
            "UPDATE message SET received_at = :at WHERE id = :id",
            named_params! {":at": at.0, ":id": id.0},
        )?;
        Ok(())
    }

    /// Removes up to `rows` of a folder's messages; how many it removed.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn remove_items_in(&self, folder: FolderId, rows: u32) -> Result<u32> {
        let found = self.list(
            "SELECT id FROM message WHERE folder_id = :folder ORDER BY uid LIMIT :rows",
            named_params! {":folder": folder.0, ":rows": rows},
            |found| found.get(0).map(MessageId),
        )?;
        self.remove_each(found)
    }

    /// The number of a message in its folder.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn uid_of(&self, id: MessageId) -> Result<Option<u32>> {
        self.find(
            "SELECT uid FROM message WHERE id = :id",
            named_params! {":id": id.0},
            |found| found.get(0),
        )
    }
}
