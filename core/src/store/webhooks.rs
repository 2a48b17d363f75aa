//! Tables `webhook`, `webhook_delivery` and `webhook_attempt`.

use rusqlite::{Row, named_params};
use uuid::Uuid;

use super::{Read, Write, row};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::feed::Change;
use crate::ids::{DomainId, EventId, MailboxId, OrganizationId, WebhookId};
use crate::model::event::EventKind;
use crate::model::webhook::{Activity, Webhook};

/// A webhook to be made.
pub struct NewWebhook {
    /// Its UUID.
    pub uuid: Uuid,
    /// Whose.
    pub organization: OrganizationId,
    /// One domain's events, or all.
    pub domain: Option<DomainId>,
    /// One mailbox's mail.
    pub mailbox: Option<MailboxId>,
    /// Whose form its bodies have.
    pub form: String,
    /// The URL, sealed: it may hold a password.
    pub url_sealed: Vec<u8>,
    /// The URL without credentials.
    pub url_shown: String,
    /// The events it wants.
    pub kinds: Vec<EventKind>,
    /// The same, in the form's own words.
    pub words: Option<String>,
    /// Its shared secret, sealed, and the end of it.
    pub secret: Option<(Vec<u8>, String)>,
}

const COLUMNS: &str =
    "id, uuid, organization_id, domain_id, mailbox_id, form, url_shown, kinds, words, secret_hint, active,
    stopped_because, cursor, created_at, modified_at";

fn webhook(found: &Row<'_>) -> rusqlite::Result<Webhook> {
    Ok(Webhook {
        id: WebhookId(found.get("id")?),
        uuid: row::uuid(found, "uuid")?,
        organization: OrganizationId(found.get("organization_id")?),
        domain: found.get::<_, Option<i64>>("domain_id")?.map(DomainId),
        mailbox: found.get::<_, Option<i64>>("mailbox_id")?.map(MailboxId),
        form: found.get("form")?,
        url_shown: found.get("url_shown")?,
        kinds: row::words(found, "kinds", EventKind::parse)?,
        words: found.get("words")?,
        secret_hint: found.get("secret_hint")?,
        activity: if found.get("active")? {
            Activity::On
        } else {
            Activity::Off
        },
        stopped_because: found.get("stopped_because")?,
        cursor: EventId(found.get("cursor")?),
        created_at: row::time(found, "created_at")?,
        modified_at: row::time(found, "modified_at")?,
    })
}

impl Read<'_> {
    /// One webhook of an organization.
    ///
    /// # Errors
    /// As SQLite says; so for every function here.
    pub fn webhook(&self, of: OrganizationId, id: WebhookId) -> Result<Option<Webhook>> {
        self.find(
            &format!("SELECT {COLUMNS} FROM webhook WHERE id = :id AND organization_id = :of"),
            named_params! {":id": id.0, ":of": of.0},
            webhook,
        )
    }

    /// An organization's webhook with this UUID.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn webhook_by_uuid(&self, of: OrganizationId, uuid: Uuid) -> Result<Option<Webhook>> {
        self.find(
            &format!("SELECT {COLUMNS} FROM webhook WHERE uuid = :uuid AND organization_id = :of"),
            named_params! {":uuid": uuid.as_bytes(), ":of": of.0},
            webhook,
        )
    }

    /// The webhooks of an organization.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn webhooks(&self, of: OrganizationId) -> Result<Vec<Webhook>> {
        self.list(
            &format!(
                "SELECT {COLUMNS} FROM webhook WHERE organization_id = :of ORDER BY id LIMIT 1000"
            ),
            named_params! {":of": of.0},
            webhook,
        )
    }

    /// The active webhooks that have not read the log to its end.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn webhooks_behind(&self, end: EventId, rows: u32) -> Result<Vec<Webhook>> {
        self.list(
            &format!(
                "SELECT {COLUMNS} FROM webhook WHERE active = 1 AND cursor < :end
                 ORDER BY cursor LIMIT :rows"
            ),
            named_params! {":end": end.0, ":rows": rows},
            webhook,
        )
    }
}

impl Write<'_> {
    /// Makes a webhook that hears of everything from now on.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn add_webhook(&self, new: &NewWebhook, now: Timestamp) -> Result<WebhookId> {
        self.execute(
            "INSERT INTO webhook (uuid, organization_id, domain_id, mailbox_id, form, url_sealed, url_shown, kinds,
             words, secret_sealed, secret_hint, active, cursor, created_at, modified_at)
             VALUES (:uuid, :of, :domain, :mailbox, :form, :url_sealed, :url_shown, :kinds, :words, :secret,
             :secret_hint, 1,
             (SELECT ifnull(max(id), 0) FROM event), :now, :now)",
            named_params! {
                ":uuid": new.uuid.as_bytes(),
                ":words": new.words,
                ":secret": new.secret.as_ref().map(|(sealed, _)| sealed),
                ":secret_hint": new.secret.as_ref().map(|(_, hint)| hint),
                ":of": new.organization.0,
                ":domain": new.domain.map(|id| id.0),
                ":mailbox": new.mailbox.map(|id| id.0),
                ":form": new.form,
                ":url_sealed": new.url_sealed,
                ":url_shown": new.url_shown,
                ":kinds": row::joined(new.kinds.iter().map(|kind| kind.as_str())),
                ":now": now.0,
            },
        )?;
        Ok(WebhookId(self.last_id()))
    }

    /// Switches a webhook on or off.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn set_webhook(
        &self,
        id: WebhookId,
        to: Activity,
        because: Option<&str>,
        now: Timestamp,
    ) -> Result<()> {
        self.execute(
            "UPDATE webhook SET active = :active, stopped_because = :because, modified_at = :now
             WHERE id = :id",
            named_params! {":active": to == Activity::On, ":because": because, ":now": now.0, ":id": id.0},
        )?;
        self.tell(Change::WebhookDue);
        Ok(())
    }

    /// Writes where a webhook goes.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn set_webhook_url(
        &self,
        id: WebhookId,
        sealed: &[u8],
        shown: &str,
        now: Timestamp,
    ) -> Result<()> {
        self.execute(
            "UPDATE webhook SET url_sealed = :sealed, url_shown = :shown, modified_at = :now
             WHERE id = :id",
            named_params! {":sealed": sealed, ":shown": shown, ":now": now.0, ":id": id.0},
        )?;
        Ok(())
    }

    /// Writes the events that a webhook wants.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn set_webhook_kinds(
        &self,
        id: WebhookId,
        kinds: &[EventKind],
        words: Option<&str>,
        now: Timestamp,
    ) -> Result<()> {
        self.execute(
            "UPDATE webhook SET kinds = :kinds, words = :words, modified_at = :now WHERE id = :id",
            named_params! {
                ":kinds": row::joined(kinds.iter().map(|kind| kind.as_str())),
                ":words": words,
                ":now": now.0,
                ":id": id.0,
            },
        )?;
        Ok(())
    }

    /// Writes a webhook's shared secret, sealed, and the end of it.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn set_webhook_secret(
        &self,
        id: WebhookId,
        sealed: &[u8],
        hint: &str,
        now: Timestamp,
    ) -> Result<()> {
        self.execute(
            "UPDATE webhook SET secret_sealed = :sealed, secret_hint = :hint, modified_at = :now
             WHERE id = :id",
            named_params! {":sealed": sealed, ":hint": hint, ":now": now.0, ":id": id.0},
        )?;
        Ok(())
    }

    /// Moves a webhook's cursor; everything after it is sent, again if need be.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn move_cursor(&self, id: WebhookId, to: EventId) -> Result<()> {
        self.execute(
            "UPDATE webhook SET cursor = :to WHERE id = :id",
            named_params! {":to": to.0, ":id": id.0},
        )?;
        self.tell(Change::WebhookDue);
        Ok(())
    }

    /// Removes a webhook and its deliveries.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn remove_webhook(&self, id: WebhookId) -> Result<()> {
        self.execute(
            "DELETE FROM webhook WHERE id = :id",
            named_params! {":id": id.0},
        )?;
        Ok(())
    }
}
