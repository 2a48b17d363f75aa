//! Webhooks: readers of the event log.

use url::Url;

use crate::clock::Timestamp;
use crate::engine::Posthouse;
use crate::error::{Error, Field, Missing, Reason, Result};
use crate::ids::{DomainId, EventId, WebhookDeliveryId, WebhookId};
use crate::model::event::EventKind;
use crate::model::key::Caller;
use crate::model::webhook::{Activity, Webhook, WebhookDelivery};
use crate::outside::http::Plain;
use crate::store::NewWebhook as Row;

/// What webhook URLs are sealed for.
pub(crate) const URL_PURPOSE: &str = "webhook url";

/// A webhook to be made.
#[derive(Clone, Debug)]
pub struct NewWebhook {
    /// Whose form its bodies have.
    pub form: String,
    /// One domain's events, or all.
    pub domain: Option<DomainId>,
    /// Where it goes; may hold a user and a password.
    pub url: String,
    /// The events it wants.
    pub kinds: Vec<EventKind>,
}

/// From where on a webhook hears everything again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// After this event.
    Event(EventId),
    /// From this moment on.
    Time(Timestamp),
}

impl Posthouse {
    /// Makes a webhook that hears of everything from now on.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Domain`, `Invalid` url, form or kinds. `http` is refused unless
    /// the operator allows it.
    pub async fn create_webhook(&self, caller: &Caller, new: NewWebhook) -> Result<Webhook> {
        caller.needs_operator()?;
        let of = caller.organization();
        let url = Url::parse(&new.url).map_err(|_| Field::Url.error(Reason::Malformed))?;
        match (url.scheme(), self.settings().webhook_plain) {
            ("https", _) | ("http", Plain::Allowed) => {}
            ("http", Plain::Refused) => return Err(Field::Url.error(Reason::Forbidden)),
            _ => return Err(Field::Url.error(Reason::Malformed)),
        }
        if url.host_str().is_none() {
            return Err(Field::Url.error(Reason::Malformed));
        }
        if new.kinds.is_empty() {
            return Err(Field::Kinds.error(Reason::Absent));
        }
        if !self.forms.contains_key(new.form.as_str()) {
            return Err(Field::Form.error(Reason::Malformed));
        }
        let row = Row {
            organization: of,
            domain: new.domain,
            form: new.form,
            url_sealed: self
                .vault
                .seal(URL_PURPOSE, url.as_str().as_bytes(), self.entropy())?,
            url_shown: shown(url),
            kinds: new.kinds,
        };
        let now = self.now();
        self.store
            .write(move |write| {
                if let Some(domain) = row.domain {
                    write
                        .domain(of, domain)?
                        .ok_or(Error::Missing(Missing::Domain))?;
                }
                let id = write.add_webhook(&row, now)?;
                write
                    .webhook(of, id)?
                    .ok_or(Error::Missing(Missing::Webhook))
            })
            .await
    }

    /// The caller's webhooks.
    ///
    /// # Errors
    /// `Denied::Scope`.
    pub async fn webhooks(&self, caller: &Caller) -> Result<Vec<Webhook>> {
        caller.needs_operator()?;
        let of = caller.organization();
        self.store.read(move |read| read.webhooks(of)).await
    }

    /// Switches a webhook on or off. Switched on, it goes on where it stopped.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Webhook`.
    pub async fn set_webhook(
        &self,
        caller: &Caller,
        id: WebhookId,
        to: Activity,
    ) -> Result<Webhook> {
        let now = self.now();
        self.change_webhook(caller, id, move |write, _| {
            let because = match to {
                Activity::On => None,
                Activity::Off => Some("switched off by a person"),
            };
            write.set_webhook(id, to, because, now)
        })
        .await
    }

    /// Removes a webhook with its deliveries.
    ///
    /// # Errors
    /// As `set_webhook`.
    pub async fn remove_webhook(&self, caller: &Caller, id: WebhookId) -> Result<()> {
        caller.needs_operator()?;
        let of = caller.organization();
        self.store
            .write(move |write| {
                write
                    .webhook(of, id)?
                    .ok_or(Error::Missing(Missing::Webhook))?;
                write.remove_webhook(id)
            })
            .await
    }

    /// Tells a webhook everything again since then. A cursor never moves forward by this.
    ///
    /// # Errors
    /// As `set_webhook`.
    pub async fn replay_webhook(
        &self,
        caller: &Caller,
        id: WebhookId,
        since: Since,
    ) -> Result<Webhook> {
        self.change_webhook(caller, id, move |write, webhook| {
            let to = match since {
                Since::Event(event) => event,
                Since::Time(at) => write.event_before(at)?,
            };
            write.move_cursor(id, to.min(webhook.cursor).max(EventId(0)))
        })
        .await
    }

    async fn change_webhook(
        &self,
        caller: &Caller,
        id: WebhookId,
        change: impl FnOnce(&crate::store::Write<'_>, &Webhook) -> Result<()> + Send + 'static,
    ) -> Result<Webhook> {
        caller.needs_operator()?;
        let of = caller.organization();
        self.store
            .write(move |write| {
                let missing = || Error::Missing(Missing::Webhook);
                let webhook = write.webhook(of, id)?.ok_or_else(missing)?;
                change(write, &webhook)?;
                write.webhook(of, id)?.ok_or_else(missing)
            })
            .await
    }

    /// The deliveries of a webhook, newest first, before `before`.
    ///
    /// # Errors
    /// As `set_webhook`.
    pub async fn webhook_deliveries(
        &self,
        caller: &Caller,
        id: WebhookId,
        before: Option<WebhookDeliveryId>,
        rows: u32,
    ) -> Result<Vec<WebhookDelivery>> {
        caller.needs_operator()?;
        let of = caller.organization();
        let before = before.unwrap_or(WebhookDeliveryId(i64::MAX));
        self.store
            .read(move |read| {
                read.webhook(of, id)?
                    .ok_or(Error::Missing(Missing::Webhook))?;
                read.webhook_deliveries(id, before, rows)
            })
            .await
    }
}

/// A URL as it may be shown: without its user and password.
fn shown(mut url: Url) -> String {
    // Both only fail for URLs that cannot have credentials, which then have none to hide.
    let _ = url.set_password(None);
    let _ = url.set_username("");
    url.into()
}
