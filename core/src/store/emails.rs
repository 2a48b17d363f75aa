//! Tables `email` and `idempotency`.

use rusqlite::{Row, named_params};
use uuid::Uuid;

use super::{Read, Write, row};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::ids::{BodyId, DomainId, EmailId, KeyId, OrganizationId};
use crate::model::delivery::State;
use crate::model::email::{Automatic, Email, Fields, IdempotencyHolder};

/// An email to be written.
pub struct NewEmail {
    /// Its UUID.
    pub uuid: Uuid,
    /// Who sends it.
    pub organization: OrganizationId,
    /// From which domain.
    pub domain: Option<DomainId>,
    /// With which key.
    pub key: KeyId,
    /// Message-ID, without angle brackets.
    pub message_id: String,
    /// The header fields as submitted.
    pub fields: Fields,
    /// A JSON object.
    pub metadata: Option<String>,
    /// When it is to be sent, if not at once.
    pub send_at: Option<Timestamp>,
    /// Whether it answers by itself.
    pub automatic: Automatic,
}

/// Which emails of an organization.
#[derive(Clone, Copy, Debug, Default)]
pub struct EmailFilter {
    /// Only with a delivery in this state.
    pub state: Option<State>,
    /// Only of this domain.
    pub domain: Option<DomainId>,
    /// Only older than this one.
    pub before: Option<EmailId>,
    /// Only with a key of these modes.
    pub modes: Option<Modes>,
    /// Only what waits for a time after this one.
    pub waits_after: Option<Timestamp>,
}

/// Which modes of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Modes {
    /// Capture: what never leaves.
    Capture,
    /// All the others.
    Others,
}

const COLUMNS: &str =
    "id, uuid, organization_id, domain_id, key_id, body_id, message_id, from_text,
    to_text, cc_text, bcc_text, reply_to_text, subject, list_unsubscribe, tags,
    metadata, send_at, created_at";

fn email(found: &Row<'_>) -> rusqlite::Result<Email> {
    Ok(Email {
        id: EmailId(found.get("id")?),
        uuid: row::uuid(found, "uuid")?,
        organization: OrganizationId(found.get("organization_id")?),
        domain: found.get::<_, Option<i64>>("domain_id")?.map(DomainId),
        key: KeyId(found.get("key_id")?),
        body: BodyId(found.get("body_id")?),
        message_id: found.get("message_id")?,
        fields: Fields {
            from: found.get("from_text")?,
            to: found.get("to_text")?,
            cc: found.get("cc_text")?,
            bcc: found.get("bcc_text")?,
            reply_to: found.get("reply_to_text")?,
            subject: found.get("subject")?,
            list_unsubscribe: found.get("list_unsubscribe")?,
            tags: row::texts(found, "tags")?,
        },
        metadata: found.get("metadata")?,
        send_at: row::time_or_none(found, "send_at")?,
        created_at: row::time(found, "created_at")?,
    })
}

impl Read<'_> {
    /// An organization's email with this id.
    ///
    /// # Errors
    /// As SQLite says; so for every function here.
    pub fn email(&self, of: OrganizationId, id: EmailId) -> Result<Option<Email>> {
        self.find(
            &format!("SELECT {COLUMNS} FROM email WHERE id = :id AND organization_id = :of"),
            named_params! {":id": id.0, ":of": of.0},
            email,
        )
    }

    /// An organization's email with this UUID.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn email_by_uuid(&self, of: OrganizationId, uuid: Uuid) -> Result<Option<Email>> {
        self.find(
            &format!("SELECT {COLUMNS} FROM email WHERE uuid = :uuid AND organization_id = :of"),
            named_params! {":uuid": uuid.as_bytes(), ":of": of.0},
            email,
        )
    }

    /// Whose an email is, and from which domain.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn owner_of(&self, id: EmailId) -> Result<Option<(OrganizationId, Option<DomainId>)>> {
        self.find(
            "SELECT organization_id, domain_id FROM email WHERE id = :id",
            named_params! {":id": id.0},
            |found| {
                Ok((
                    OrganizationId(found.get(0)?),
                    found.get::<_, Option<i64>>(1)?.map(DomainId),
                ))
            },
        )
    }

    /// An organization's emails, newest first.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn emails(&self, of: OrganizationId, filter: EmailFilter, rows: u32) -> Result<Vec<Email>> {
        self.list(
            &format!(
                "SELECT {COLUMNS} FROM email e WHERE organization_id = :of AND id < :before
                 AND (:domain IS NULL OR domain_id = :domain)
                 AND (:state IS NULL OR EXISTS (SELECT 1 FROM delivery d
                      WHERE d.email_id = e.id AND d.state = :state))
                 AND (:modes IS NULL OR :modes = (SELECT CASE k.mode WHEN 'capture' THEN 'capture'
                      ELSE 'others' END FROM key k WHERE k.id = e.key_id))
                 AND (:waits_after IS NULL OR (e.send_at > :waits_after
                      AND EXISTS (SELECT 1 FROM delivery d
                      WHERE d.email_id = e.id AND d.state = 'queued' AND d.attempts = 0)))
                 ORDER BY id DESC LIMIT :rows"
            ),
            named_params! {
                ":of": of.0,
                ":waits_after": filter.waits_after.map(|at| at.0),
                ":before": filter.before.map_or(i64::MAX, |id| id.0),
                ":domain": filter.domain.map(|id| id.0),
                ":state": filter.state.map(State::as_str),
                ":modes": filter.modes.map(|modes| match modes {
                    Modes::Capture => "capture",
                    Modes::Others => "others",
                }),
                ":rows": rows,
            },
            email,
        )
    }

    /// The email that an Idempotency-Key stood for since `since`.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn idempotent(
        &self,
        holder: &IdempotencyHolder,
        token: &str,
        since: Timestamp,
    ) -> Result<Option<EmailId>> {
        match holder {
            IdempotencyHolder::Key(key) => self.find(
                "SELECT email_id FROM idempotency
                 WHERE key_id = :key AND token = :token AND created_at > :since",
                named_params! {":key": key.0, ":token": token, ":since": since.0},
                |found| found.get(0).map(EmailId),
            ),
            IdempotencyHolder::Shape(of, shape) => self.find(
                "SELECT i.email_id FROM key k JOIN idempotency i ON i.key_id = k.id
                 WHERE k.organization_id = :of AND k.shape = :shape AND i.token = :token
                 AND i.created_at > :since ORDER BY i.created_at DESC LIMIT 1",
                named_params! {":of": of.0, ":shape": shape, ":token": token, ":since": since.0},
                |found| found.get(0).map(EmailId),
            ),
        }
    }
}

impl Write<'_> {
    /// Writes an email.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn add_email(&self, new: &NewEmail, body: BodyId, now: Timestamp) -> Result<EmailId> {
        let fields = &new.fields;
        self.execute(
            "INSERT INTO email (uuid, organization_id, domain_id, key_id, body_id, message_id,
             from_text, to_text, cc_text, bcc_text, reply_to_text, subject, list_unsubscribe,
             tags, metadata, send_at, automatic, created_at)
             VALUES (:uuid, :of, :domain, :key, :body, :message_id, :from, :to, :cc, :bcc,
             :reply_to, :subject, :list_unsubscribe, :tags, :metadata, :send_at, :automatic, :now)",
            named_params! {
                ":uuid": new.uuid.as_bytes(),
                ":of": new.organization.0,
                ":domain": new.domain.map(|id| id.0),
                ":key": new.key.0,
                ":body": body.0,
                ":message_id": new.message_id,
                ":from": fields.from,
                ":to": fields.to,
                ":cc": fields.cc,
                ":bcc": fields.bcc,
                ":reply_to": fields.reply_to,
                ":subject": fields.subject,
                ":list_unsubscribe": fields.list_unsubscribe,
                ":tags": fields.tags.as_deref().map(row::json),
                ":metadata": new.metadata,
                ":send_at": new.send_at.map(|at| at.0),
                ":automatic": new.automatic == Automatic::Yes,
                ":now": now.0,
            },
        )?;
        Ok(EmailId(self.last_id()))
    }

    /// Remembers what a key's Idempotency-Key stands for from now on.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn set_idempotent(
        &self,
        key: KeyId,
        token: &str,
        email: EmailId,
        now: Timestamp,
    ) -> Result<()> {
        self.execute(
            "INSERT INTO idempotency (key_id, token, email_id, created_at)
             VALUES (:key, :token, :email, :now)
             ON CONFLICT (key_id, token) DO UPDATE SET email_id = excluded.email_id,
             created_at = excluded.created_at",
            named_params! {":key": key.0, ":token": token, ":email": email.0, ":now": now.0},
        )?;
        Ok(())
    }

    /// Forgets up to `rows` Idempotency-Keys from before `before`; how many.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn expire_idempotent(&self, before: Timestamp, rows: u32) -> Result<usize> {
        self.execute(
            "DELETE FROM idempotency WHERE (key_id, token) IN
             (SELECT key_id, token FROM idempotency WHERE created_at < :before LIMIT :rows)",
            named_params! {":before": before.0, ":rows": rows},
        )
    }
}
