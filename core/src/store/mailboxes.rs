//! Tables `mailbox` and `message`.

use rusqlite::{Row, named_params};

use super::{Read, Write, row};
use crate::clock::Timestamp;
use crate::error::{Result, internal};
use crate::feed::Change;
use crate::ids::{BodyId, DeliveryId, EmailId, MailboxId, MessageId, OrganizationId};
use crate::model::mailbox::{MailboxKind, Message};

/// A message to be put into a mailbox.
pub struct NewMessage {
    /// The mailbox's address, lower case.
    pub address: String,
    /// Its bytes.
    pub body: BodyId,
    /// The email that was captured.
    pub email: Option<EmailId>,
    /// Its delivery.
    pub delivery: Option<DeliveryId>,
    /// The sender as written.
    pub from: String,
    /// The subject.
    pub subject: Option<String>,
}

const COLUMNS: &str = "m.id, m.mailbox_id, b.address, m.uid, m.body_id, m.email_id, m.from_text,
    m.subject, m.size_bytes, m.received_at";

fn message(found: &Row<'_>) -> rusqlite::Result<Message> {
    Ok(Message {
        id: MessageId(found.get("id")?),
        mailbox: MailboxId(found.get("mailbox_id")?),
        address: found.get("address")?,
        uid: found.get("uid")?,
        body: BodyId(found.get("body_id")?),
        email: found.get::<_, Option<i64>>("email_id")?.map(EmailId),
        from: found.get("from_text")?,
        subject: found.get("subject")?,
        size_bytes: row::count(found, "size_bytes")?,
        received_at: row::time(found, "received_at")?,
    })
}

impl Read<'_> {
    /// One message in an organization's mailboxes.
    ///
    /// # Errors
    /// As SQLite says; so for every function here.
    pub fn message(&self, of: OrganizationId, id: MessageId) -> Result<Option<Message>> {
        self.find(
            &format!(
                "SELECT {COLUMNS} FROM message m JOIN mailbox b ON b.id = m.mailbox_id
                 WHERE m.id = :id AND b.organization_id = :of"
            ),
            named_params! {":id": id.0, ":of": of.0},
            message,
        )
    }

    /// The messages of an organization, or of one address (lower case), newest first,
    /// before `before`.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn messages(
        &self,
        of: OrganizationId,
        address: Option<&str>,
        before: MessageId,
        rows: u32,
    ) -> Result<Vec<Message>> {
        self.list(
            &format!(
                "SELECT {COLUMNS} FROM message m JOIN mailbox b ON b.id = m.mailbox_id
                 WHERE b.organization_id = :of AND m.id < :before
                 AND (:address IS NULL OR b.address = :address) ORDER BY m.id DESC LIMIT :rows"
            ),
            named_params! {":of": of.0, ":before": before.0, ":address": address, ":rows": rows},
            message,
        )
    }

    /// The messages that an email was captured as.
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
    /// Puts a message into an organization's mailbox, which is made if there is none.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn add_message(
        &self,
        of: OrganizationId,
        new: &NewMessage,
        now: Timestamp,
    ) -> Result<MessageId> {
        let found = self.find(
            "INSERT INTO mailbox (organization_id, address, kind, uid_next, created_at)
             VALUES (:of, :address, :kind, 2, :now)
             ON CONFLICT (organization_id, address) DO UPDATE SET uid_next = uid_next + 1
             RETURNING id, uid_next - 1",
            named_params! {
                ":of": of.0,
                ":address": new.address,
                ":kind": MailboxKind::Reserved.as_str(),
                ":now": now.0,
            },
            |found| Ok((MailboxId(found.get(0)?), found.get::<_, u32>(1)?)),
        )?;
        let (mailbox, uid) = found.ok_or_else(|| internal("a mailbox has no id"))?;
        self.use_body(new.body)?;
        self.execute(
            "INSERT INTO message (mailbox_id, uid, body_id, email_id, delivery_id, from_text, subject,
             size_bytes, received_at)
             SELECT :mailbox, :uid, id, :email, :delivery, :from, :subject, size_bytes, :now
             FROM body WHERE id = :body",
            named_params! {
                ":mailbox": mailbox.0,
                ":uid": uid,
                ":email": new.email.map(|id| id.0),
                ":delivery": new.delivery.map(|id| id.0),
                ":from": new.from,
                ":subject": new.subject,
                ":now": now.0,
                ":body": new.body.0,
            },
        )?;
        let id = MessageId(self.last_id());
        self.tell(Change::Message(mailbox, id));
        Ok(id)
    }
}
