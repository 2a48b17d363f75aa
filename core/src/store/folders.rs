//! Tables `folder`, `vanished` and `subscription`: the folders of people's mailboxes, and what lies in them.

use rusqlite::{Row, named_params};

use super::{Read, Write, row};
use crate::clock::Timestamp;
use crate::error::{Result, internal};
use crate::feed::Change;
use crate::ids::{BodyId, FolderId, MailboxId, MessageId};
use crate::model::domain::Switch;
use crate::model::folder::{Flags, FolderStanding, Item};
use crate::model::mailbox::Folder;

const COLUMNS: &str =
    "id, mailbox_id, name, role, uid_next, modseq, subscribed, messages, unread, bytes";
const ITEM_COLUMNS: &str = "uid, id, modseq, seen, answered, starred_by IS NOT NULL AS flagged,
    deleted, draft, labels, size_bytes, received_at";
/// So far back it is known what left a folder, in changes of it; the trigger
/// `vanished_kept` forgets the rest.
const VANISHED_KEPT: u64 = 100_000;

fn folder(found: &Row<'_>) -> rusqlite::Result<FolderStanding> {
    let id: i64 = found.get("id")?;
    Ok(FolderStanding {
        id: FolderId(id),
        mailbox: MailboxId(found.get("mailbox_id")?),
        name: found.get("name")?,
        role: row::word_or_none(found, "role", Folder::parse)?,
        uid_validity: found.get("id")?,
        uid_next: found.get("uid_next")?,
        modseq: row::count(found, "modseq")?,
        subscribed: row::switch(found.get("subscribed")?),
        messages: row::count(found, "messages")?,
        unread: row::count(found, "unread")?,
        bytes: row::count(found, "bytes")?,
    })
}

pub(super) fn item(found: &Row<'_>) -> rusqlite::Result<Item> {
    Ok(Item {
        uid: found.get("uid")?,
        id: MessageId(found.get("id")?),
        modseq: row::count(found, "modseq")?,
        flags: Flags {
            seen: found.get("seen")?,
            answered: found.get("answered")?,
            flagged: found.get("flagged")?,
            deleted: found.get("deleted")?,
            draft: found.get("draft")?,
            keywords: row::texts(found, "labels")?.unwrap_or_default(),
        },
        size_bytes: row::count(found, "size_bytes")?,
        received_at: row::time(found, "received_at")?,
    })
}

impl Read<'_> {
    /// The folders of a mailbox, by name.
    ///
    /// # Errors
    /// As SQLite says; so for every function here.
    pub fn folders_of(&self, mailbox: MailboxId) -> Result<Vec<FolderStanding>> {
        self.list(
            &format!("SELECT {COLUMNS} FROM folder WHERE mailbox_id = :mailbox ORDER BY name"),
            named_params! {":mailbox": mailbox.0},
            folder,
        )
    }

    /// The names that a mailbox is subscribed to and that are no folder any more.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn subscriptions_left(&self, mailbox: MailboxId) -> Result<Vec<String>> {
        self.list(
            "SELECT name FROM subscription WHERE mailbox_id = :mailbox ORDER BY name",
            named_params! {":mailbox": mailbox.0},
            |found| found.get(0),
        )
    }

    /// One folder.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn folder(&self, id: FolderId) -> Result<Option<FolderStanding>> {
        self.find(
            &format!("SELECT {COLUMNS} FROM folder WHERE id = :id"),
            named_params! {":id": id.0},
            folder,
        )
    }

    /// The folder of this name.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn folder_named(&self, mailbox: MailboxId, name: &str) -> Result<Option<FolderStanding>> {
        self.find(
            &format!("SELECT {COLUMNS} FROM folder WHERE mailbox_id = :mailbox AND name = :name"),
            named_params! {":mailbox": mailbox.0, ":name": name},
            folder,
        )
    }

    /// The folder of a mailbox that is for this; None where the mailbox has no folders.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn folder_of_role(&self, mailbox: MailboxId, role: Folder) -> Result<Option<FolderId>> {
        self.find(
            "SELECT id FROM folder WHERE mailbox_id = :mailbox AND role = :role",
            named_params! {":mailbox": mailbox.0, ":role": role.as_str()},
            |found| found.get(0).map(FolderId),
        )
    }

    /// A folder's messages with numbers above `after`, ascending.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn items_after(&self, of: FolderId, after: u32, rows: u32) -> Result<Vec<Item>> {
        self.list(
            &format!(
                "SELECT {ITEM_COLUMNS} FROM message WHERE folder_id = :of AND uid > :after
                 ORDER BY uid LIMIT :rows"
            ),
            named_params! {":of": of.0, ":after": after, ":rows": rows},
            item,
        )
    }

    /// A folder's message of this number.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn item(&self, of: FolderId, uid: u32) -> Result<Option<Item>> {
        self.find(
            &format!("SELECT {ITEM_COLUMNS} FROM message WHERE folder_id = :of AND uid = :uid"),
            named_params! {":of": of.0, ":uid": uid},
            item,
        )
    }

    /// The numbers and ids of a folder's messages that are marked deleted, ascending.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn deleted_in(&self, of: FolderId) -> Result<Vec<(u32, MessageId)>> {
        self.list(
            "SELECT uid, id FROM message WHERE folder_id = :of AND deleted = 1 ORDER BY uid",
            named_params! {":of": of.0},
            |found| Ok((found.get(0)?, MessageId(found.get(1)?))),
        )
    }

    /// What came into a folder or is marked otherwise after a modification sequence, by
    /// number.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn items_changed(&self, of: FolderId, since: u64) -> Result<Vec<Item>> {
        let mut items = self.list(
            &format!(
                "SELECT {ITEM_COLUMNS} FROM message INDEXED BY message_by_modseq
                 WHERE folder_id = :of AND modseq > :since"
            ),
            named_params! {":of": of.0, ":since": signed(since)},
            item,
        )?;
        items.sort_unstable_by_key(|item| item.uid);
        Ok(items)
    }

    /// The numbers of what left a folder after a modification sequence, ascending; where that
    /// is too long ago, of all that is not there.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn vanished_since(&self, of: &FolderStanding, since: u64) -> Result<Vec<u32>> {
        if since.saturating_add(VANISHED_KEPT) < of.modseq {
            return self.absent(of);
        }
        let mut uids: Vec<u32> = self.list(
            "SELECT uid FROM vanished WHERE folder_id = :of AND modseq > :since",
            named_params! {":of": of.id.0, ":since": signed(since)},
            |found| found.get(0),
        )?;
        uids.sort_unstable();
        Ok(uids)
    }

    fn absent(&self, of: &FolderStanding) -> Result<Vec<u32>> {
        let present: Vec<u32> = self.list(
            "SELECT uid FROM message WHERE folder_id = :of ORDER BY uid",
            named_params! {":of": of.id.0},
            |found| found.get(0),
        )?;
        let mut present = present.into_iter().peekable();
        let gone = |uid: &u32| present.next_if_eq(uid).is_none();
        Ok((1..of.uid_next).filter(gone).collect())
    }

    /// The body of a message of this mailbox.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn body_in(&self, mailbox: MailboxId, id: MessageId) -> Result<Option<BodyId>> {
        self.find(
            "SELECT body_id FROM message WHERE id = :id AND mailbox_id = :mailbox",
            named_params! {":id": id.0, ":mailbox": mailbox.0},
            |found| found.get(0).map(BodyId),
        )
    }
}

/// A modification sequence as SQLite has it.
pub(super) fn signed(modseq: u64) -> i64 {
    i64::try_from(modseq).unwrap_or(i64::MAX)
}

impl Write<'_> {
    /// Makes a folder.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn add_folder(
        &self,
        mailbox: MailboxId,
        (name, role): (&str, Option<Folder>),
        now: Timestamp,
    ) -> Result<FolderStanding> {
        let made = self.find(
            &format!(
                "INSERT INTO folder (mailbox_id, name, role, created_at)
                 VALUES (:mailbox, :name, :role, :now) RETURNING {COLUMNS}"
            ),
            named_params! {
                ":mailbox": mailbox.0,
                ":name": name,
                ":role": role.map(Folder::as_str),
                ":now": now.0,
            },
            folder,
        )?;
        self.tell(Change::Marked(mailbox));
        made.ok_or_else(|| internal("a folder was not made"))
    }

    /// Gives a folder another name.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn rename_folder(&self, folder: &FolderStanding, name: &str) -> Result<()> {
        self.execute(
            "UPDATE folder SET name = :name WHERE id = :id",
            named_params! {":name": name, ":id": folder.id.0},
        )?;
        self.tell(Change::Marked(folder.mailbox));
        Ok(())
    }

    /// Removes a folder that holds nothing.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn remove_folder(&self, folder: &FolderStanding) -> Result<()> {
        let of = named_params! {":id": folder.id.0};
        self.execute("DELETE FROM vanished WHERE folder_id = :id", of)?;
        self.execute("DELETE FROM folder WHERE id = :id", of)?;
        self.tell(Change::Marked(folder.mailbox));
        Ok(())
    }

    /// Writes whether a folder's person wants to see it.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn set_subscribed(&self, id: FolderId, subscribed: Switch) -> Result<()> {
        self.execute(
            "UPDATE folder SET subscribed = :subscribed WHERE id = :id",
            named_params! {":subscribed": subscribed == Switch::On, ":id": id.0},
        )?;
        Ok(())
    }

    /// Takes a name that is no folder any more off the list of what a mailbox is subscribed
    /// to; whether it was there.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn forget_subscription(&self, mailbox: MailboxId, name: &str) -> Result<bool> {
        let gone = self.execute(
            "DELETE FROM subscription WHERE mailbox_id = :mailbox AND name = :name",
            named_params! {":mailbox": mailbox.0, ":name": name},
        )?;
        Ok(gone > 0)
    }

    /// Takes all such names off the list.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn forget_subscriptions(&self, mailbox: MailboxId) -> Result<()> {
        self.execute(
            "DELETE FROM subscription WHERE mailbox_id = :mailbox",
            named_params! {":mailbox": mailbox.0},
        )?;
        Ok(())
    }
}
