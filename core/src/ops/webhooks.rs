//! Webhooks: readers of the event log.

mod replay;

pub use self::replay::Since;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use url::Url;
use uuid::Uuid;

use crate::engine::Posthouse;
use crate::error::{Conflict, Denied, Error, Field, Missing, Reason, Result};
use crate::ids::{DomainId, OrganizationId, WebhookDeliveryId, WebhookId, new_uuid, random};
use crate::model::event::EventKind;
use crate::model::key::{Caller, Scope};
use crate::model::notice::{DomainTerms, Secrecy};
use crate::model::webhook::{Activity, Webhook, WebhookDelivery};
use crate::outside::http::Plain;
use crate::store::{NewWebhook as Row, Read};

/// What webhook URLs are sealed for.
pub(crate) const URL_PURPOSE: &str = "webhook url";
/// What webhook secrets are sealed for.
pub(crate) const SECRET_PURPOSE: &str = "webhook secret";
/// Random bytes of a secret.
const SECRET_BYTES: usize = 24;
/// Characters of a secret that are shown.
const HINT_CHARACTERS: usize = 4;
const BY_A_PERSON: &str = "switched off by a person";

/// By what a webhook is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebhookRef {
    /// Its id.
    Id(WebhookId),
    /// Its UUID.
    Uuid(Uuid),
    /// Its UUID; one of another form is not found.
    OfForm(&'static str, Uuid),
}

impl From<WebhookId> for WebhookRef {
    fn from(id: WebhookId) -> Self {
        Self::Id(id)
    }
}

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
    /// The same, in the form's own words, where those are finer.
    pub words: Option<String>,
    /// Whether it is called from the start.
    pub activity: Activity,
}

/// What to change of a webhook; None leaves it.
#[derive(Clone, Debug, Default)]
pub struct WebhookChange {
    /// Where it goes.
    pub url: Option<String>,
    /// The events it wants, and the same in the form's own words.
    pub kinds: Option<(Vec<EventKind>, Option<String>)>,
    /// Whether it is called. Switched on, it goes on where it stopped.
    pub activity: Option<Activity>,
}

impl Posthouse {
    /// Makes a webhook that hears of everything from now on. The secret, where its form has
    /// one, is not shown again.
    ///
    /// # Errors
    /// `Denied::Scope`, `Invalid` url, form or kinds; `http` is refused unless the operator
    /// allows it. `Missing::Domain`, also where the form asks for one and there is none;
    /// `Denied::NotVerified` where the form asks for a verified one.
    pub async fn create_webhook(
        &self,
        caller: &Caller,
        new: NewWebhook,
    ) -> Result<(Webhook, Option<String>)> {
        caller.needs(Scope::Webhooks)?;
        let of = caller.organization();
        let (url_sealed, url_shown) = self.sealed_url(&new.url)?;
        if new.kinds.is_empty() {
            return Err(Field::Kinds.error(Reason::Absent));
        }
        let Some(form) = self.forms.get(new.form.as_str()) else {
            return Err(Field::Form.error(Reason::Malformed));
        };
        let secret = match form.secrecy() {
            Secrecy::None => None,
            Secrecy::Prefixed(prefix) => Some(self.new_secret(prefix)?),
        };
        let terms = form.domain();
        let now = self.now();
        let row = Row {
            mailbox: None,
            uuid: new_uuid(now, self.entropy()),
            organization: of,
            domain: new.domain,
            form: new.form,
            url_sealed,
            url_shown,
            kinds: new.kinds,
            words: new.words,
            secret: secret.as_ref().map(|secret| secret.kept.clone()),
        };
        let webhook = self
            .store
            .write(move |write| {
                suits(write, of, row.domain, terms)?;
                let id = write.add_webhook(&row, now)?;
                if new.activity == Activity::Off {
                    write.set_webhook(id, Activity::Off, Some(BY_A_PERSON), now)?;
                }
                own(write, of, WebhookRef::Id(id))
            })
            .await?;
        Ok((webhook, secret.map(|secret| secret.shown)))
    }

    /// A URL as it is kept, sealed, and as it may be shown.
    pub(crate) fn sealed_url(&self, text: &str) -> Result<(Vec<u8>, String)> {
        let url = Url::parse(text).map_err(|_| Field::Url.error(Reason::Malformed))?;
        match (url.scheme(), self.settings().webhook_plain) {
            ("https", _) | ("http", Plain::Allowed) => {}
            ("http", Plain::Refused) => return Err(Field::Url.error(Reason::Forbidden)),
            _ => return Err(Field::Url.error(Reason::Malformed)),
        }
        if url.host_str().is_none() {
            return Err(Field::Url.error(Reason::Malformed));
        }
        let sealed = self
            .vault
            .seal(URL_PURPOSE, url.as_str().as_bytes(), self.entropy())?;
        Ok((sealed, shown(url)))
    }

    fn new_secret(&self, prefix: &str) -> Result<Secret> {
        let text = URL_SAFE_NO_PAD.encode(random::<SECRET_BYTES>(self.entropy()));
        let hint = text[text.len() - HINT_CHARACTERS..].to_owned();
        let shown = format!("{prefix}{text}");
        let sealed = self
            .vault
            .seal(SECRET_PURPOSE, shown.as_bytes(), self.entropy())?;
        Ok(Secret {
            kept: (sealed, hint),
            shown,
        })
    }

    /// Gives a webhook another secret; the old one signs nothing from now on.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Webhook`; `Conflict::State` when its form has no secrets.
    pub async fn rotate_webhook_secret(
        &self,
        caller: &Caller,
        which: impl Into<WebhookRef>,
    ) -> Result<String> {
        let which = which.into();
        let webhook = self.webhook(caller, which).await?;
        let secrecy = self
            .forms
            .get(webhook.form.as_str())
            .map(|form| form.secrecy());
        let Some(Secrecy::Prefixed(prefix)) = secrecy else {
            return Err(Error::Conflict(Conflict::State));
        };
        let Secret { kept, shown } = self.new_secret(prefix)?;
        let (sealed, hint) = kept;
        let now = self.now();
        self.change_webhook(caller, which, move |write, webhook| {
            write.set_webhook_secret(webhook.id, &sealed, &hint, now)
        })
        .await?;
        Ok(shown)
    }

    /// The caller's webhooks: all, or those of one form.
    ///
    /// # Errors
    /// `Denied::Scope`.
    pub async fn webhooks(
        &self,
        caller: &Caller,
        form: Option<&'static str>,
    ) -> Result<Vec<Webhook>> {
        caller.needs(Scope::WebhooksRead)?;
        let of = caller.organization();
        let mut webhooks = self.store.read(move |read| read.webhooks(of)).await?;
        webhooks.retain(|webhook| form.is_none_or(|form| webhook.form == form));
        Ok(webhooks)
    }

    /// One of the caller's webhooks.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Webhook`.
    pub async fn webhook(&self, caller: &Caller, which: impl Into<WebhookRef>) -> Result<Webhook> {
        caller.needs(Scope::WebhooksRead)?;
        let (of, which) = (caller.organization(), which.into());
        self.store.read(move |read| own(read, of, which)).await
    }

    /// Changes a webhook.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Webhook`, `Invalid` url or kinds.
    pub async fn set_webhook(
        &self,
        caller: &Caller,
        which: impl Into<WebhookRef>,
        change: WebhookChange,
    ) -> Result<Webhook> {
        let url = change
            .url
            .as_deref()
            .map(|url| self.sealed_url(url))
            .transpose()?;
        if change
            .kinds
            .as_ref()
            .is_some_and(|(kinds, _)| kinds.is_empty())
        {
            return Err(Field::Kinds.error(Reason::Absent));
        }
        let now = self.now();
        self.change_webhook(caller, which, move |write, webhook| {
            let id = webhook.id;
            if let Some((sealed, shown)) = url {
                write.set_webhook_url(id, &sealed, &shown, now)?;
            }
            if let Some((kinds, words)) = change.kinds {
                write.set_webhook_kinds(id, &kinds, words.as_deref(), now)?;
            }
            match change.activity.filter(|to| *to != webhook.activity) {
                Some(Activity::On) => write.set_webhook(id, Activity::On, None, now),
                Some(Activity::Off) => write.set_webhook(id, Activity::Off, Some(BY_A_PERSON), now),
                None => Ok(()),
            }
        })
        .await
    }

    /// Removes a webhook with its deliveries.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Webhook`.
    pub async fn remove_webhook(
        &self,
        caller: &Caller,
        which: impl Into<WebhookRef>,
    ) -> Result<()> {
        caller.needs(Scope::Webhooks)?;
        let (of, which) = (caller.organization(), which.into());
        self.store
            .write(move |write| {
                let webhook = own(write, of, which)?;
                write.remove_webhook(webhook.id)
            })
            .await
    }

    async fn change_webhook(
        &self,
        caller: &Caller,
        which: impl Into<WebhookRef>,
        change: impl FnOnce(&crate::store::Write<'_>, &Webhook) -> Result<()> + Send + 'static,
    ) -> Result<Webhook> {
        caller.needs(Scope::Webhooks)?;
        let (of, which) = (caller.organization(), which.into());
        self.store
            .write(move |write| {
                let webhook = own(write, of, which)?;
                change(write, &webhook)?;
                own(write, of, which)
            })
            .await
    }

    /// The deliveries of a webhook, newest first, before `before`.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Webhook`.
    pub async fn webhook_deliveries(
        &self,
        caller: &Caller,
        which: impl Into<WebhookRef>,
        before: Option<WebhookDeliveryId>,
        rows: u32,
    ) -> Result<(Webhook, Vec<WebhookDelivery>)> {
        caller.needs(Scope::WebhooksRead)?;
        let (of, which) = (caller.organization(), which.into());
        let before = before.unwrap_or(WebhookDeliveryId(i64::MAX));
        self.store
            .read(move |read| {
                let webhook = own(read, of, which)?;
                let deliveries = read.webhook_deliveries(webhook.id, before, rows)?;
                Ok((webhook, deliveries))
            })
            .await
    }
}

/// A new shared secret.
struct Secret {
    /// Sealed, and the end of it.
    kept: (Vec<u8>, String),
    /// In the clear, once.
    shown: String,
}

/// Whether a webhook may be of `domain`.
fn suits(
    read: &Read<'_>,
    of: OrganizationId,
    domain: Option<DomainId>,
    terms: DomainTerms,
) -> Result<()> {
    let found = match domain {
        Some(domain) => read.domain(of, domain)?,
        None => None,
    };
    match (terms, domain, found) {
        (DomainTerms::Any, None, _) | (DomainTerms::Any, Some(_), Some(_)) => Ok(()),
        (_, _, None) => Err(Error::Missing(Missing::Domain)),
        (DomainTerms::Verified, _, Some(domain)) if domain.dkim_verified => Ok(()),
        (DomainTerms::Verified, _, Some(_)) => Err(Error::Denied(Denied::NotVerified)),
    }
}

fn own(read: &Read<'_>, of: OrganizationId, which: WebhookRef) -> Result<Webhook> {
    match which {
        WebhookRef::Id(id) => read.webhook(of, id)?,
        WebhookRef::Uuid(uuid) => read.webhook_by_uuid(of, uuid)?,
        WebhookRef::OfForm(form, uuid) => read
            .webhook_by_uuid(of, uuid)?
            .filter(|webhook| webhook.form == form),
    }
    .ok_or(Error::Missing(Missing::Webhook))
}

/// A URL as it may be shown: without its user and password.
fn shown(mut url: Url) -> String {
    // Both only fail for URLs that cannot have credentials, which then have none to hide.
    let _ = url.set_password(None);
    let _ = url.set_username("");
    url.into()
}
