//! Tables `text_index`, `body_text` and `body_head`: what people's mail says, for searches and
//! lists.

use rusqlite::named_params;

use super::{Read, Write};
use crate::error::Result;
use crate::ids::{BodyId, FolderId};
use crate::mime::grams::{Extent, Grams};

/// What is kept of a body beside it.
pub struct Indexed {
    pub grams: Grams,
    /// Its header, compressed; None where that is too long to be kept twice.
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
    /// The header of a body, still compressed, if it is kept.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn head_packed(&self, body: BodyId) -> Result<Option<Vec<u8>>> {
        self.find(
            "SELECT head FROM body_head WHERE body_id = :body",
            named_params! {":body": body.0},
            |found| found.get(0),
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
        if let Some(head) = &found.head {
            self.execute(
                "INSERT INTO body_head (body_id, head) VALUES (:body, :head)",
                named_params! {":body": read.body.0, ":head": head},
            )?;
        }
        Ok(())
    }
}
