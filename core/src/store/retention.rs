//! What is past what its mailbox keeps: a look into `mailbox`, `organization` and `message`.

use rusqlite::{Row, named_params};

use super::{Before, Read, Write, failed, row};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::ids::{MailboxId, MessageId};
use crate::model::keep::Keep;

/// What a mailbox holds and what it keeps.
struct Held {
    mailbox: MailboxId,
    keep: Keep,
    messages: u64,
    bytes: u64,
}

/// The messages of a mailbox that are to go: all before this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Past {
    /// Which mailbox.
    pub mailbox: MailboxId,
    /// The first that stays.
    pub before: Before,
}

/// Some mailboxes, looked at.
#[derive(Clone, Debug)]
pub struct Looked {
    /// Those with something to go.
    pub past: Vec<Past>,
    /// The last one looked at; None when there were no more.
    pub last: Option<MailboxId>,
}

fn held(found: &Row<'_>) -> rusqlite::Result<Held> {
    Ok(Held {
        mailbox: MailboxId(found.get("id")?),
        keep: row::keep(found)?,
        messages: row::count(found, "messages")?,
        bytes: row::count(found, "bytes")?,
    })
}

impl Read<'_> {
    /// Looks at `rows` mailboxes, by id, after `after`. Those that are nobody's keep `public`
    /// where nothing is said of them.
    ///
    /// # Errors
    /// As SQLite says; so for every function here.
    pub fn past(
        &self,
        after: MailboxId,
        public: Keep,
        now: Timestamp,
        rows: u32,
    ) -> Result<Looked> {
        let some = self.list(
            "SELECT b.id, b.messages, b.bytes, ifnull(b.keep_days, o.keep_days) AS keep_days,
             ifnull(b.keep_messages, o.keep_messages) AS keep_messages,
             ifnull(b.keep_bytes, o.keep_bytes) AS keep_bytes
             FROM mailbox b LEFT JOIN (SELECT id, keep_days, keep_messages, keep_bytes
               FROM organization UNION ALL SELECT 0, :days, :messages, :bytes) o
             ON o.id = b.organization_id WHERE b.id > :after ORDER BY b.id LIMIT :rows",
            named_params! {
                ":after": after.0, ":rows": rows, ":days": row::bound(public.days),
                ":messages": row::bound(public.messages), ":bytes": row::bound(public.bytes),
            },
            held,
        )?;
        let last = some.last().map(|held| held.mailbox);
        let mut past = Vec::new();
        for held in some.into_iter().filter(|held| held.messages > 0) {
            let by_age = self.past_age(&held, now)?;
            let by_amount = self.past_amount(&held)?;
            let newest = [by_age, by_amount].into_iter().flatten();
            if let Some(before) = newest.max_by_key(|before| (before.0, before.1.0)) {
                past.push(Past {
                    mailbox: held.mailbox,
                    before,
                });
            }
        }
        Ok(Looked { past, last })
    }

    /// Where those end that are too old, if there are any.
    fn past_age(&self, held: &Held, now: Timestamp) -> Result<Option<Before>> {
        let Some(since) = held.keep.since(now) else {
            return Ok(None);
        };
        let oldest = self.find(
            "SELECT 1 FROM message WHERE mailbox_id = :mailbox AND received_at < :since
             AND starred_by IS NULL ORDER BY received_at, id LIMIT 1",
            named_params! {":mailbox": held.mailbox.0, ":since": since.0},
            |_| Ok(()),
        )?;
        Ok(oldest.map(|()| Before(since, MessageId(0))))
    }

    /// Where those end that are too many or too large, if there are any.
    fn past_amount(&self, held: &Held) -> Result<Option<Before>> {
        if !held.keep.is_passed_by(held.messages, held.bytes) {
            return Ok(None);
        }
        let mut statement = self.prepare(
            "SELECT received_at, id, size_bytes FROM message
             WHERE mailbox_id = :mailbox AND starred_by IS NULL
             ORDER BY received_at DESC, id DESC",
        )?;
        let mut rows = statement
            .query(named_params! {":mailbox": held.mailbox.0})
            .map_err(failed)?;
        let (mut messages, mut bytes) = (0, 0);
        while let Some(found) = rows.next().map_err(failed)? {
            messages += 1;
            bytes += row::count(found, "size_bytes").map_err(failed)?;
            if held.keep.is_passed_by(messages, bytes) {
                let at = row::time(found, "received_at").map_err(failed)?;
                let id: i64 = found.get("id").map_err(failed)?;
                return Ok(Some(Before(at, MessageId(id + 1))));
            }
        }
        Ok(None)
    }
}

impl Write<'_> {
    /// Removes some of the messages that are to go, the oldest first: up to `rows`, and no
    /// more after `bytes` of them. How many it removed.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn remove_past(&self, past: Past, rows: u32, bytes: u64) -> Result<u32> {
        let found = self.list(
            "SELECT id, size_bytes FROM message WHERE mailbox_id = :mailbox
             AND (received_at, id) < (:at, :id) AND starred_by IS NULL
             ORDER BY received_at, id LIMIT :rows",
            named_params! {
                ":mailbox": past.mailbox.0, ":at": past.before.0.0, ":id": past.before.1.0,
                ":rows": rows,
            },
            |found| Ok((MessageId(found.get(0)?), row::count(found, "size_bytes")?)),
        )?;
        let mut together = 0;
        let fits = |(_, size): &(MessageId, u64)| {
            let fits = together < bytes;
            together += size;
            fits
        };
        let ids = found.into_iter().take_while(fits);
        self.remove_each(ids.map(|(id, _)| id).collect())
    }

    /// Writes what a mailbox keeps.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn set_mailbox_keep(&self, id: MailboxId, keep: Keep) -> Result<()> {
        self.execute(
            "UPDATE mailbox SET keep_days = :days, keep_messages = :messages, keep_bytes = :bytes
             WHERE id = :id",
            named_params! {
                ":id": id.0, ":days": row::bound(keep.days),
                ":messages": row::bound(keep.messages), ":bytes": row::bound(keep.bytes),
            },
        )?;
        Ok(())
    }
}
