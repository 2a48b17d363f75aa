//! Turns events into webhook deliveries, and makes the calls.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_lc_rs::hmac;
use tokio::sync::Notify;
use url::Url;

use super::render::{rendered, wants};
use crate::clock::Timestamp;
use crate::engine::{Posthouse, ServerError, Settings};
use crate::error::{Error, Result, internal};
use crate::ids::WebhookDeliveryId;
use crate::limits::{NOTICES_BYTES, NOTIFY_STEP, WEBHOOKS_UNDER_WAY};
use crate::model::notice::{Afterwards, Patience, Retried, Sign, Signing};
use crate::model::webhook::{Activity, Webhook};
use crate::ops::domains::WEBHOOK_PURPOSE;
use crate::ops::undelivered::{Undelivered, Unpassed, post};
use crate::ops::webhooks::{SECRET_PURPOSE, URL_PURPOSE};
use crate::outside::http::{HttpAnswer, HttpFailure, Post};
use crate::store::{WebhookCall, WebhookNext, WebhookOutcome};

/// Webhooks looked at in one step.
const WEBHOOK_STEP: u32 = 32;
/// Calls under way to one webhook: one that is slow leaves room for others.
const CALLS_A_WEBHOOK: u32 = 4;

/// The notifying work.
#[derive(Clone)]
pub(super) struct Notifier {
    engine: Posthouse,
    under_way: Arc<Mutex<HashSet<WebhookDeliveryId>>>,
    ended: Arc<Notify>,
}

impl Notifier {
    pub(super) fn new(engine: Posthouse) -> Self {
        Self {
            engine,
            under_way: Arc::default(),
            ended: Arc::default(),
        }
    }

    /// Reads on in the log for each webhook that is behind, then sets off due calls.
    pub(super) async fn step(&self, now: Timestamp) -> Result<Option<Timestamp>> {
        let behind = self
            .engine
            .store
            .read(|read| {
                let end = read.last_event()?;
                read.webhooks_behind(end, WEBHOOK_STEP)
            })
            .await?;
        let more = !behind.is_empty();
        for webhook in behind {
            self.read_on(webhook, now).await?;
        }
        let next = self.call_due(now).await?;
        Ok(if more { Some(now) } else { next })
    }

    /// Turns the next events into deliveries and moves the cursor, in one write.
    async fn read_on(&self, webhook: Webhook, now: Timestamp) -> Result<()> {
        let engine = self.engine.clone();
        let (id, from) = (webhook.id, webhook.cursor);
        if !engine.forms.contains_key(webhook.form.as_str()) {
            let because = format!("nothing here renders webhooks of the form {}", webhook.form);
            return engine
                .store
                .write(move |write| write.set_webhook(id, Activity::Off, Some(&because), now))
                .await;
        }
        let (to, deliveries) = self
            .engine
            .store
            .read(move |read| {
                let events = read.events_after(from, NOTIFY_STEP)?;
                let (mut to, mut bytes) = (from, 0);
                let mut deliveries = Vec::new();
                for event in &events {
                    to = event.id;
                    if !wants(&webhook, event) {
                        continue;
                    }
                    if let Some(delivery) = rendered(&engine, read, &webhook, event)? {
                        bytes += delivery.body.len();
                        deliveries.push(delivery);
                    }
                    if bytes > NOTICES_BYTES {
                        break;
                    }
                }
                Ok((to, deliveries))
            })
            .await?;
        self.engine
            .store
            .write(move |write| write.advance_webhook(id, from, to, &deliveries, now))
            .await
    }

    async fn call_due(&self, now: Timestamp) -> Result<Option<Timestamp>> {
        let busy = self
            .under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if busy.len() >= WEBHOOKS_UNDER_WAY {
            self.ended.notified().await;
            return Ok(Some(now));
        }
        let calls = self
            .engine
            .store
            .read(move |read| read.webhook_calls(now, CALLS_A_WEBHOOK))
            .await?;
        let full = calls.len() > busy.len();
        let free = WEBHOOKS_UNDER_WAY - busy.len();
        let mut set_off = 0;
        for call in calls
            .into_iter()
            .filter(|call| !busy.contains(&call.id))
            .take(free)
        {
            self.under_way
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(call.id);
            set_off += 1;
            let notifier = self.clone();
            tokio::spawn(async move {
                let id = call.id;
                if let Err(error) = notifier.call(call).await {
                    tracing::error!(delivery = %id, %error, "a webhook call could not be written down");
                }
                notifier
                    .under_way
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .remove(&id);
                notifier.ended.notify_one();
            });
        }
        if full && set_off > 0 {
            return Ok(Some(now.plus(Duration::from_millis(20))));
        }
        self.engine.store.read(|read| read.webhook_next_at()).await
    }

    async fn call(&self, call: WebhookCall) -> Result<()> {
        let engine = &self.engine;
        let url = engine.vault.open(URL_PURPOSE, &call.url_sealed)?;
        let url = Url::parse(&String::from_utf8_lossy(&url)).map_err(internal)?;
        let (id, webhook, tries) = (call.id, call.webhook, call.attempts + 1);
        let unpassed = Unpassed {
            event: call.event,
            webhook,
            form: call.form.clone(),
            tries,
        };
        let started = engine.now();
        let (headers, patience) = self.headers(&call, started).await?;
        let answer = engine
            .ports
            .http
            .post(Post {
                url,
                headers,
                body: call.body.into(),
                reach: engine.settings().webhook_reach,
                plain: engine.settings().webhook_plain,
            })
            .await;
        let now = engine.now();
        let took_ms = u64::try_from(now.since(started).as_millis()).unwrap_or(u64::MAX);
        let next = next(&answer, tries, patience, engine.settings(), now);
        let outcome = match answer {
            Ok(answer) => WebhookOutcome {
                status: Some(answer.status),
                answer: answer.body_start,
                took_ms,
            },
            Err(failure) => WebhookOutcome {
                status: None,
                answer: failure.to_string(),
                took_ms,
            },
        };
        let report = match (&next, patience.afterwards) {
            (WebhookNext::Failed, Afterwards::TellSender) => self.report(unpassed).await?,
            (_, Afterwards::TellSender | Afterwards::GoOn | Afterwards::SwitchOff) => None,
        };
        // One write: the sender is told once of what is over, also when a crash comes between.
        engine
            .store
            .write(move |write| {
                let known = write.settle_call((id, webhook), &outcome, &next, now)?;
                match report.filter(|_| known) {
                    Some(report) => post(write, &report, now),
                    None => Ok(()),
                }
            })
            .await
    }

    /// What the sender is told of mail that was not passed on. A report that cannot be made
    /// holds nothing up; while the database is busy, the call is made again.
    async fn report(&self, of: Unpassed) -> Result<Option<Undelivered>> {
        let event = of.event;
        match self.engine.undelivered(of).await {
            Err(Error::Busy(busy)) => Err(Error::Busy(busy)),
            Err(error) => {
                tracing::error!(%event, %error, "the sender of mail that failed is not told");
                Ok(None)
            }
            Ok(report) => Ok(report),
        }
    }

    /// The header fields of a call, signed at this moment, and how its form is called.
    async fn headers(
        &self,
        call: &WebhookCall,
        now: Timestamp,
    ) -> Result<(Vec<(String, String)>, Patience)> {
        let engine = &self.engine;
        let form = engine.forms.get(call.form.as_str()).ok_or_else(|| {
            internal(format!(
                "nothing here signs webhooks of the form {}",
                call.form
            ))
        })?;
        let seed = match call.domain {
            Some(domain) => {
                let sealed = engine
                    .store
                    .look(move |read| read.webhook_private(domain))
                    .await?;
                sealed
                    .map(|sealed| signing_seed(engine, &sealed))
                    .transpose()?
            }
            None => None,
        };
        let secret = match &call.secret_sealed {
            Some(sealed) => Some(hmac::Key::new(
                hmac::HMAC_SHA256,
                &engine.vault.open(SECRET_PURPOSE, sealed)?,
            )),
            None => None,
        };
        let by_domain = seed.map(|seed| {
            move |bytes: &[u8]| {
                use ed25519_dalek::Signer;
                seed.sign(bytes).to_bytes()
            }
        });
        let by_secret = secret.map(|secret| {
            move |bytes: &[u8]| {
                let mut mac = [0; 32];
                mac.copy_from_slice(hmac::sign(&secret, bytes).as_ref());
                mac
            }
        });
        let signing = Signing {
            domain: by_domain.as_ref().map(|sign| sign as &Sign<'_, 64>),
            secret: by_secret.as_ref().map(|sign| sign as &Sign<'_, 32>),
            format: call.format,
            now,
        };
        Ok((form.headers(&call.body, &signing), form.patience()))
    }

    /// Waits up to `grace` for the calls under way.
    pub(super) async fn drain(&self, grace: Duration) {
        let end = tokio::time::Instant::now() + grace;
        while !self
            .under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_empty()
        {
            if tokio::time::timeout_at(end, self.ended.notified())
                .await
                .is_err()
            {
                break;
            }
        }
    }
}

fn signing_seed(engine: &Posthouse, sealed: &[u8]) -> Result<ed25519_dalek::SigningKey> {
    let seed: [u8; 32] = engine
        .vault
        .open(WEBHOOK_PURPOSE, sealed)?
        .try_into()
        .map_err(|_| internal("a webhook key is not 32 bytes long"))?;
    Ok(ed25519_dalek::SigningKey::from_bytes(&seed))
}

/// What follows from a call: success, another try, or what its form has for the end.
fn next(
    answer: &std::result::Result<HttpAnswer, HttpFailure>,
    tries: u32,
    patience: Patience,
    settings: &Settings,
    now: Timestamp,
) -> WebhookNext {
    let why = match answer {
        Ok(answer) if (200..300).contains(&answer.status) => return WebhookNext::Delivered,
        Ok(answer) => format!("it answered {}", answer.status),
        Err(failure) => failure.to_string(),
    };
    let passing = match answer {
        Ok(answer) => {
            answer.status >= 500 && settings.webhook_server_error == ServerError::Temporary
        }
        Err(HttpFailure::Tls(_) | HttpFailure::Timeout | HttpFailure::Protocol(_)) => true,
        Err(HttpFailure::Forbidden(_) | HttpFailure::Resolve(_) | HttpFailure::Connect(_)) => false,
    };
    let again = match patience.retried {
        Retried::Everything => true,
        Retried::Passing => passing,
    };
    let gap = usize::try_from(tries.saturating_sub(1))
        .ok()
        .and_then(|tries| patience.gaps.get(tries));
    match (again, gap, patience.afterwards) {
        (true, Some(&gap), _) => WebhookNext::At(now.plus(gap)),
        (_, _, Afterwards::GoOn | Afterwards::TellSender) => WebhookNext::Failed,
        (true, None, Afterwards::SwitchOff) => {
            WebhookNext::Stopped(format!("given up after {tries} tries: {why}"))
        }
        (false, _, Afterwards::SwitchOff) => WebhookNext::Stopped(why),
    }
}
