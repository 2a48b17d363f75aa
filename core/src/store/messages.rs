//! Table `message`.

use rusqlite::{Row, ToSql, named_params};

use super::contents::{read_content, read_trace, write_content, write_trace};
use super::{Read, Write, row};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::feed::Change;
use crate::ids::{
    BodyId, DeliveryId, DomainId, EmailId, FolderId, MailboxId, MessageId, OrganizationId,
};
use crate::model::content::Content;
use crate::model::mailbox::{Folder, Mailbox, MailboxKind, Message};
use crate::model::page::Page;
use crate::model::trace::Trace;

/// A message to be put into a mailbox.
pub struct NewMessage {
    /// Its bytes.
    pub body: BodyId,
    /// The email that was captured or delivered here, and its delivery.
    pub sent: Option<(EmailId, DeliveryId)>,
    /// Its place among the recipients that it came for.
    pub place: u32,
    /// The recipient as the envelope had it, where that is not the mailbox's address.
    pub original: Option<String>,
    /// Where in the mailbox it is put.
    pub folder: Folder,
    /// The person's own folder that it is put into, where it is not the one for `folder`.
    pub filed: Option<FolderId>,
    /// The account that starred it.
    pub starred_by: Option<String>,
    /// The sender as written.
    pub from: String,
    /// The recipients as written.
    pub to: Option<String>,
    /// The subject.
    pub subject: Option<String>,
    /// What it says; None where it is read from its bytes when somebody asks.
    pub content: Option<Content>,
    /// How it came.
    pub trace: Option<Trace>,
}

/// What becomes of the starred ones where a mailbox's messages are removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Starred {
    /// They stay.
    Kept,
    /// They go too.
    Removed,
}

const COLUMNS: &str = "m.id, m.mailbox_id, m.organization_id, m.domain_id, b.address, m.body_id,
    m.email_id, m.place, m.original, m.folder, m.seen, m.starred_by, m.labels, m.from_text, m.to_text,
    m.subject, m.content, m.trace, m.size_bytes, m.received_at";
const TABLES: &str = "message m JOIN mailbox b ON b.id = m.mailbox_id";

fn message(found: &Row<'_>) -> rusqlite::Result<Message> {
    Ok(Message {
        id: MessageId(found.get("id")?),
        mailbox: MailboxId(found.get("mailbox_id")?),
        address: found.get("address")?,
        owner: row::owner(found, "organization_id")?,
        domain: found.get::<_, Option<i64>>("domain_id")?.map(DomainId),
        body: BodyId(found.get("body_id")?),
        email: found.get::<_, Option<i64>>("email_id")?.map(EmailId),
        place: found.get("place")?,
        original: found.get("original")?,
        folder: row::word(found, "folder", Folder::parse)?,
        seen: found.get("seen")?,
        starred_by: found.get("starred_by")?,
        labels: row::texts(found, "labels")?.unwrap_or_default(),
        from: found.get("from_text")?,
        to: found.get("to_text")?,
        subject: found.get("subject")?,
        content: row::word_or_none(found, "content", |text| read_content(text).ok())?,
        trace: row::word_or_none(found, "trace", read_trace)?,
        size_bytes: row::count(found, "size_bytes")?,
        received_at: row::time(found, "received_at")?,
    })
}

/// Where in a list a page begins: before a message of this moment and number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Before(pub Timestamp, pub MessageId);

impl Before {
    /// From the newest.
    pub const END: Self = Self(Timestamp(i64::MAX), MessageId(i64::MAX));
}

impl Read<'_> {
    /// One message, whoever's it is.
    ///
    /// # Errors
    /// As SQLite says; so for every function here.
    pub fn message(&self, id: MessageId) -> Result<Option<Message>> {
        self.find(
            &format!("SELECT {COLUMNS} FROM {TABLES} WHERE m.id = :id"),
            named_params! {":id": id.0},
            message,
        )
    }

    /// An organization's messages, newest first, before `before`.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn messages(&self, of: OrganizationId, before: Before, page: Page) -> Result<Vec<Message>> {
        self.messages_where("m.organization_id = :key", of.0, before, page)
    }

    /// A mailbox's messages, newest first, before `before`.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn messages_in(
        &self,
        mailbox: MailboxId,
        before: Before,
        page: Page,
    ) -> Result<Vec<Message>> {
        self.messages_where("m.mailbox_id = :key", mailbox.0, before, page)
    }

    /// A mailbox's messages that an organization may read, newest first, before `before`:
    /// its own, and nobody's.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn messages_for(
        &self,
        of: OrganizationId,
        mailbox: MailboxId,
        before: Before,
        rows: u32,
    ) -> Result<Vec<Message>> {
        self.list(
            &format!(
                "SELECT {COLUMNS} FROM {TABLES} WHERE m.mailbox_id = :key
                 AND m.organization_id IN (0, :of) AND (m.received_at, m.id) < (:at, :id)
                 ORDER BY m.received_at DESC, m.id DESC LIMIT :rows"
            ),
            named_params! {
                ":key": mailbox.0, ":of": of.0, ":at": before.0.0, ":id": before.1.0, ":rows": rows
            },
            message,
        )
    }

    /// How many of a mailbox's messages an organization may read, up to `most`.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn count_for(&self, of: OrganizationId, mailbox: MailboxId, most: u32) -> Result<u64> {
        let found: Option<i64> = self.find(
            "SELECT count(*) FROM (SELECT 1 FROM message WHERE mailbox_id = :mailbox
             AND organization_id IN (0, :of) LIMIT :most)",
            named_params! {":mailbox": mailbox.0, ":of": of.0, ":most": most},
            |found| found.get(0),
        )?;
        Ok(u64::try_from(found.unwrap_or(0)).unwrap_or(0))
    }

    /// The messages that came to a domain, newest first, before `before`.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn messages_to(
        &self,
        domain: DomainId,
        before: Before,
        page: Page,
    ) -> Result<Vec<Message>> {
        self.messages_where("m.domain_id = :key", domain.0, before, page)
    }

    /// An organization's starred messages, newest first, before `before`.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn messages_starred(
        &self,
        of: OrganizationId,
        before: Before,
        page: Page,
    ) -> Result<Vec<Message>> {
        let of_whom = "m.organization_id = :key AND m.starred_by IS NOT NULL";
        self.messages_where(of_whom, of.0, before, page)
    }

    fn messages_where(
        &self,
        condition: &str,
        key: i64,
        before: Before,
        page: Page,
    ) -> Result<Vec<Message>> {
        // What is skipped is walked over in the index alone.
        let parameters: &[(&str, &dyn ToSql)] = named_params! {
            ":key": key, ":at": before.0.0, ":id": before.1.0, ":rows": page.rows, ":skip": page.skip
        };
        self.list(
            &format!(
                "SELECT {COLUMNS} FROM {TABLES} WHERE {condition}
                 AND (m.received_at, m.id) < (:at, :id)
                 ORDER BY m.received_at DESC, m.id DESC LIMIT :rows OFFSET :skip"
            ),
            parameters,
            message,
        )
    }

    /// The messages of inboxes, oldest first, and their sizes in bytes.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn inbox_of(&self, of: &[MailboxId], rows: u32) -> Result<Vec<(MessageId, u64)>> {
        let of: Vec<i64> = of.iter().map(|id| id.0).collect();
        self.list(
            "SELECT id, size_bytes FROM message
             WHERE mailbox_id IN (SELECT value FROM json_each(:of)) AND folder = 'inbox'
             ORDER BY received_at, id LIMIT :rows",
            named_params! {":of": serde_json::json!(of).to_string(), ":rows": rows},
            |found| Ok((MessageId(found.get(0)?), row::count(found, "size_bytes")?)),
        )
    }

    /// The messages that an email was captured or delivered here as.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn messages_of(&self, email: EmailId) -> Result<Vec<(MessageId, Option<DeliveryId>)>> {
        self.list(
            "SELECT id, delivery_id FROM message WHERE email_id = :email ORDER BY id LIMIT 1000",
            named_params! {":email": email.0},
            |found| {
                let delivery = found.get::<_, Option<i64>>(1)?.map(DeliveryId);
                Ok((MessageId(found.get(0)?), delivery))
            },
        )
    }
}

impl Write<'_> {
    /// Puts a message into a mailbox. The body's use is counted by whoever added the body.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn add_message(&self, to: &Mailbox, new: &NewMessage, now: Timestamp) -> Result<MessageId> {
        let folder = match to.kind {
            MailboxKind::Full => match new.filed {
                Some(id) => Some(id),
                None => self.folder_of_role(to.id, new.folder)?,
            },
            MailboxKind::Public | MailboxKind::Implicit | MailboxKind::Reserved => None,
        };
        let filed = folder.map(|id| self.next_in(id)).transpose()?;
        self.execute(
            "INSERT INTO message (mailbox_id, organization_id, domain_id, folder_id, uid, modseq, body_id,
             email_id, delivery_id, place, original, folder, starred_by, from_text, to_text, subject, content,
             trace, size_bytes, received_at)
             SELECT :mailbox, :of, :domain, :folder_id, :uid, :modseq, id, :email, :delivery, :place, :original, :folder,
             :starred, :from, :to, :subject, :content, :trace, size_bytes, :now
             FROM body WHERE id = :body",
            named_params! {
                ":mailbox": to.id.0,
                ":of": to.owner.map_or(0, |of| of.0),
                ":domain": to.domain.map(|id| id.0),
                ":folder_id": folder.map(|id| id.0),
                ":uid": filed.map(|next| next.uid),
                ":modseq": filed.map(|next| next.modseq),
                ":email": new.sent.map(|(email, _)| email.0),
                ":delivery": new.sent.map(|(_, delivery)| delivery.0),
                ":place": new.place,
                ":original": new.original,
                ":folder": new.folder.as_str(),
                ":starred": new.starred_by,
                ":from": new.from,
                ":to": new.to,
                ":subject": new.subject,
                ":content": new.content.as_ref().map(write_content).transpose()?,
                ":trace": new.trace.as_ref().map(write_trace).transpose()?,
                ":now": now.0,
                ":body": new.body.0,
            },
        )?;
        let id = MessageId(self.last_id());
        self.tell(Change::Message(to.id, id));
        Ok(id)
    }

    /// Removes a message and one use of its body; false when there is no such message.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn remove_message(&self, id: MessageId) -> Result<bool> {
        let removed = self.find(
            "DELETE FROM message WHERE id = :id RETURNING mailbox_id, body_id",
            named_params! {":id": id.0},
            |found| Ok((MailboxId(found.get(0)?), BodyId(found.get(1)?))),
        )?;
        let Some((mailbox, body)) = removed else {
            return Ok(false);
        };
        self.release_body(body)?;
        self.tell(Change::Removed(mailbox, id));
        Ok(true)
    }

    /// Removes up to `rows` of a mailbox's messages, the oldest first; how many it removed.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn remove_messages_in(
        &self,
        mailbox: MailboxId,
        starred: Starred,
        rows: u32,
    ) -> Result<u32> {
        let condition = match starred {
            Starred::Kept => "AND starred_by IS NULL",
            Starred::Removed => "",
        };
        let found = self.list(
            &format!(
                "SELECT id FROM message WHERE mailbox_id = :mailbox {condition}
                 ORDER BY received_at, id LIMIT :rows"
            ),
            named_params! {":mailbox": mailbox.0, ":rows": rows},
            |found| found.get(0).map(MessageId),
        )?;
        self.remove_each(found)
    }

    pub(super) fn remove_each(&self, ids: Vec<MessageId>) -> Result<u32> {
        let mut removed = 0;
        for id in ids {
            removed += u32::from(self.remove_message(id)?);
        }
        Ok(removed)
    }
}
