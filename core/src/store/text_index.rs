//! Tables `text_index`, `body_text` and `body_outline`: what people's mail says, for searches and
//! lists.

use rusqlite::{OptionalExtension, named_params};

use super::{Read, Write, failed};
use crate::error::Result;
use crate::ids::{BodyId, FolderId, MailboxId, MessageId};
use crate::mime::grams::{Extent, Grams};
use crate::mime::outline::{Head, Wanted};
use crate::mime::structure::Structure;

/// What is kept of a body beside it.
pub struct Indexed {
    pub grams: Grams,
    /// None of a body that cannot be read.
    pub outline: Option<PackedOutline>,
}

/// An outline as it is kept; None for what is too long to be kept twice.
pub struct PackedOutline {
    /// The day of its `Date`, counted from 1970-01-01; None where it names none.
    pub sent_day: Option<i64>,
    pub structure: Option<Vec<u8>>,
    /// The fields of its header that are listed.
    pub listed: Option<Vec<u8>>,
    /// All of its header, compressed.
    pub head: Option<Vec<u8>>,
}

/// A message's body, and what was wanted of its outline, if it is kept.
pub struct KeptOutline {
    pub body: BodyId,
    pub structure: Option<Structure>,
    /// The fields of its header that are listed.
    pub listed: Option<Vec<u8>>,
    /// All of its header, compressed.
    pub head: Option<Vec<u8>>,
}

/// A body whose texts are to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    pub body: BodyId,
    /// Its content's; a body's id may come again, with other content.
    pub hash: [u8; 32],
    /// Not compressed.
    pub size_bytes: u64,
}

impl Read<'_> {
    /// Bodies whose texts are to be read, the oldest first.
    ///
    /// # Errors
    /// As SQLite says; so for every function here.
    pub fn texts_due(&self, rows: u32) -> Result<Vec<Unread>> {
        self.list(
            "SELECT body.id, body.hash, body.size_bytes
             FROM text_index JOIN body ON body.id = text_index.body_id
             WHERE text_index.state = 'due' ORDER BY text_index.body_id LIMIT :rows",
            named_params! {":rows": rows},
            |found| {
                Ok(Unread {
                    body: BodyId(found.get(0)?),
                    hash: found.get(1)?,
                    size_bytes: super::row::count(found, "size_bytes")?,
                })
            },
        )
    }

    /// The numbers of a folder's messages that may say what a query of grams asks for,
    /// ascending: all that do, and all that the index does not know in whole.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn may_say(&self, of: FolderId, query: &str) -> Result<Vec<u32>> {
        self.list(
            "SELECT uid FROM message
             LEFT JOIN text_index ON text_index.body_id = message.body_id
             WHERE folder_id = :of AND (text_index.state IS NOT 'whole' OR message.body_id IN
               (SELECT rowid FROM body_text WHERE body_text MATCH :query))
             ORDER BY uid",
            named_params! {":of": of.0, ":query": query},
            |found| found.get(0),
        )
    }
}

impl Read<'_> {
    /// What is kept of messages' outlines, in their order; None for what is not in the mailbox.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn outlines(
        &self,
        mailbox: MailboxId,
        ids: &[MessageId],
        wanted: Wanted,
    ) -> Result<Vec<Option<KeptOutline>>> {
        let mut statement = self.prepare(
            "SELECT message.body_id, iif(?3, structure, NULL), iif(?4, listed, NULL),
                    iif(?5, head, NULL)
             FROM message LEFT JOIN body_outline ON body_outline.body_id = message.body_id
             WHERE message.id = ?1 AND mailbox_id = ?2",
        )?;
        let mut one = |id: &MessageId| {
            let params = (
                id.0,
                mailbox.0,
                wanted.structure,
                wanted.head == Head::Listed,
                wanted.head == Head::Whole,
            );
            let kept = statement.query_row(params, |found| {
                Ok(KeptOutline {
                    body: BodyId(found.get(0)?),
                    structure: found
                        .get_ref(1)?
                        .as_blob_or_null()?
                        .and_then(Structure::unpack),
                    listed: found.get(2)?,
                    head: found.get(3)?,
                })
            });
            kept.optional().map_err(failed)
        };
        ids.iter().map(&mut one).collect()
    }

    /// The days that the `Date`s of a folder's messages name, counted from 1970-01-01, by uid
    /// ascending; None where one names none. Messages that were not read yet are not there.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn sent_days(&self, of: FolderId) -> Result<Vec<(u32, Option<i64>)>> {
        self.list(
            "SELECT uid, sent_day
             FROM message JOIN body_outline ON body_outline.body_id = message.body_id
             WHERE folder_id = :of ORDER BY uid",
            named_params! {":of": of.0},
            |found| Ok((found.get(0)?, found.get(1)?)),
        )
    }
}

impl Write<'_> {
    /// Keeps what is known of a body, if they are still to be read and the body is still the same.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn index_text(&self, read: &Unread, found: &Indexed) -> Result<()> {
        let state = match found.grams.extent {
            Extent::Whole => "whole",
            Extent::Part => "part",
        };
        let changed = self.execute(
            "UPDATE text_index SET state = :state WHERE body_id = :body AND state = 'due'
             AND EXISTS (SELECT 1 FROM body WHERE id = :body AND hash = :hash)",
            named_params! {":state": state, ":body": read.body.0, ":hash": read.hash},
        )?;
        if changed == 0 {
            return Ok(());
        }
        self.execute(
            "INSERT INTO body_text (rowid, grams) VALUES (:body, :grams)",
            named_params! {":body": read.body.0, ":grams": found.grams.words},
        )?;
        if let Some(outline) = &found.outline {
            self.execute(
                "INSERT INTO body_outline (body_id, sent_day, structure, listed, head)
                 VALUES (:body, :sent_day, :structure, :listed, :head)",
                named_params! {
                    ":body": read.body.0,
                    ":sent_day": outline.sent_day,
                    ":structure": outline.structure,
                    ":listed": outline.listed,
                    ":head": outline.head,
                },
            )?;
        }
        Ok(())
    }
}
