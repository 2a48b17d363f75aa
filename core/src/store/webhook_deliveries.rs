//! Tables `webhook_delivery` and `webhook_attempt`: events on their way to webhooks.

use rusqlite::{Row, named_params};

use super::{Read, Write, row};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::feed::Change;
use crate::ids::{DomainId, EventId, WebhookDeliveryId, WebhookId};
use crate::model::delivery::Route;
use crate::model::event::EventKind;
use crate::model::organization::SignatureFormat;
use crate::model::webhook::{Activity, WebhookDelivery, WebhookState};

/// An event made ready for a webhook: the bytes that every try sends.
pub struct NewWebhookDelivery {
    /// To which webhook.
    pub webhook: WebhookId,
    /// Of which event.
    pub event: EventId,
    /// The body.
    pub body: Vec<u8>,
}

/// A due webhook delivery, with all that the call needs.
pub struct WebhookCall {
    /// The delivery.
    pub id: WebhookDeliveryId,
    /// To which webhook.
    pub webhook: WebhookId,
    /// Of which event.
    pub event: EventId,
    /// The URL, sealed.
    pub url_sealed: Vec<u8>,
    /// Tries before this one.
    pub attempts: u32,
    /// The body.
    pub body: Vec<u8>,
    /// Whose form it has.
    pub form: String,
    /// Its shared secret, sealed.
    pub secret_sealed: Option<Vec<u8>>,
    /// The domain of the email that it tells of.
    pub domain: Option<DomainId>,
    /// How its organization wants signatures.
    pub format: SignatureFormat,
}

/// What a call came to.
pub struct WebhookOutcome {
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// The start of the answer's body, or what went wrong.
    pub answer: String,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
}

/// What follows from a call.
pub enum WebhookNext {
    /// It was taken.
    Delivered,
    /// Try again then.
    At(Timestamp),
    /// Never again; the webhook goes on.
    Failed,
    /// Not now, and the webhook is switched off; when it is on again, this is tried first.
    Stopped(String),
}

pub(super) fn webhook_delivery(found: &Row<'_>) -> rusqlite::Result<WebhookDelivery> {
    Ok(WebhookDelivery {
        id: WebhookDeliveryId(found.get("id")?),
        webhook: WebhookId(found.get("webhook_id")?),
        event: EventId(found.get("event_id")?),
        kind: row::word(found, "kind", EventKind::parse)?,
        route: row::word_or_none(found, "route", Route::parse)?,
        state: row::word(found, "state", WebhookState::parse)?,
        attempts: found.get("attempts")?,
        next_at: row::time_or_none(found, "next_at")?,
        last_status: found.get("last_status")?,
        last_error: found.get("last_error")?,
        created_at: row::time(found, "created_at")?,
        updated_at: row::time(found, "updated_at")?,
    })
}

impl Read<'_> {
    /// The deliveries of a webhook, newest first, before `before`.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn webhook_deliveries(
        &self,
        of: WebhookId,
        before: WebhookDeliveryId,
        rows: u32,
    ) -> Result<Vec<WebhookDelivery>> {
        self.list(
            "SELECT d.id, d.webhook_id, d.event_id, e.kind, e.route, d.state, d.attempts, d.next_at,
             d.last_status, d.last_error, d.created_at, d.updated_at
             FROM webhook_delivery d JOIN event e ON e.id = d.event_id
             WHERE d.webhook_id = :of AND d.id < :before ORDER BY d.id DESC LIMIT :rows",
            named_params! {":of": of.0, ":before": before.0, ":rows": rows},
            webhook_delivery,
        )
    }

    /// The webhook deliveries due by `now`, the first `each` of every active webhook.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn webhook_calls(&self, now: Timestamp, each: u32) -> Result<Vec<WebhookCall>> {
        self.list(
            "SELECT d.id, d.webhook_id, d.event_id, w.url_sealed, w.form, w.secret_sealed, d.attempts,
             d.body, e.domain_id, o.signature_format
             FROM webhook w JOIN organization o ON o.id = w.organization_id JOIN webhook_delivery d ON d.id IN (
               SELECT id FROM webhook_delivery WHERE webhook_id = w.id AND next_at IS NOT NULL
               AND next_at <= :now ORDER BY next_at, id LIMIT :each)
             JOIN event e ON e.id = d.event_id
             WHERE w.active = 1 ORDER BY d.next_at, d.id LIMIT 1000",
            named_params! {":now": now.0, ":each": each},
            |found| {
                Ok(WebhookCall {
                    id: WebhookDeliveryId(found.get("id")?),
                    webhook: WebhookId(found.get("webhook_id")?),
                    event: EventId(found.get("event_id")?),
                    url_sealed: found.get("url_sealed")?,
                    attempts: found.get("attempts")?,
                    body: found.get("body")?,
                    form: found.get("form")?,
                    secret_sealed: found.get("secret_sealed")?,
                    domain: found.get::<_, Option<i64>>("domain_id")?.map(DomainId),
                    format: row::word(found, "signature_format", SignatureFormat::parse)?,
                })
            },
        )
    }

    /// Whether a webhook of this form took an event, or may take it yet.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn may_be_taken(&self, event: EventId, form: &str) -> Result<bool> {
        let found = self.find(
            "SELECT 1 FROM webhook_delivery d JOIN webhook w ON w.id = d.webhook_id
             WHERE d.event_id = :event AND d.state <> 'failed' AND w.form = :form LIMIT 1",
            named_params! {":event": event.0, ":form": form},
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }

    /// When the next webhook delivery is due.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn webhook_next_at(&self) -> Result<Option<Timestamp>> {
        let found = self.find(
            "SELECT min((SELECT min(d.next_at) FROM webhook_delivery d
               WHERE d.webhook_id = w.id AND d.next_at IS NOT NULL))
             FROM webhook w WHERE w.active = 1",
            [],
            |found| found.get::<_, Option<i64>>(0),
        )?;
        Ok(found.flatten().map(Timestamp))
    }
}

impl Write<'_> {
    /// Has a delivery made again, as a new one that is due at once; None when the webhook has
    /// no such delivery.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn repeat_webhook_delivery(
        &self,
        of: WebhookId,
        id: WebhookDeliveryId,
        now: Timestamp,
    ) -> Result<Option<WebhookDeliveryId>> {
        let made = self.execute(
            "INSERT INTO webhook_delivery (webhook_id, event_id, state, next_at, headers, body,
             created_at, updated_at)
             SELECT webhook_id, event_id, 'pending', :now, '[]', body, :now, :now
             FROM webhook_delivery WHERE id = :id AND webhook_id = :of",
            named_params! {":now": now.0, ":id": id.0, ":of": of.0},
        )?;
        self.tell(Change::WebhookDue);
        Ok((made > 0).then(|| WebhookDeliveryId(self.last_id())))
    }

    /// Moves a webhook's cursor from `from` to `to`, with the deliveries between them;
    /// nothing when somebody moved it meanwhile.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn advance_webhook(
        &self,
        id: WebhookId,
        from: EventId,
        to: EventId,
        deliveries: &[NewWebhookDelivery],
        now: Timestamp,
    ) -> Result<()> {
        let moved = self.execute(
            "UPDATE webhook SET cursor = :to WHERE id = :id AND cursor = :from AND active = 1",
            named_params! {":to": to.0, ":from": from.0, ":id": id.0},
        )?;
        if moved == 0 {
            return Ok(());
        }
        for new in deliveries {
            // Header fields are made when the call is: they hold signatures of that moment.
            self.execute(
                "INSERT INTO webhook_delivery (webhook_id, event_id, state, next_at, headers, body,
                 created_at, updated_at)
                 VALUES (:webhook, :event, 'pending', :now, '[]', :body, :now, :now)",
                named_params! {
                    ":webhook": new.webhook.0,
                    ":event": new.event.0,
                    ":body": new.body,
                    ":now": now.0,
                },
            )?;
            self.tell(Change::WebhookDue);
        }
        Ok(())
    }

    /// Writes down a call and what follows from it; false when its webhook was removed
    /// meanwhile.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn settle_call(
        &self,
        call: (WebhookDeliveryId, WebhookId),
        outcome: &WebhookOutcome,
        next: &WebhookNext,
        now: Timestamp,
    ) -> Result<bool> {
        let (id, webhook) = call;
        let (state, next_at) = match next {
            WebhookNext::Delivered => (WebhookState::Delivered, None),
            WebhookNext::At(at) => (WebhookState::Pending, Some(at.0)),
            WebhookNext::Failed => (WebhookState::Failed, None),
            WebhookNext::Stopped(_) => (WebhookState::Pending, Some(now.0)),
        };
        self.execute(
            "INSERT INTO webhook_attempt (webhook_delivery_id, status, answer, took_ms, at)
             SELECT id, :status, :answer, :took, :now FROM webhook_delivery WHERE id = :id",
            named_params! {
                ":id": id.0,
                ":status": outcome.status,
                ":answer": outcome.answer,
                ":took": i64::try_from(outcome.took_ms).unwrap_or(i64::MAX),
                ":now": now.0,
            },
        )?;
        let settled = self.execute(
            "UPDATE webhook_delivery SET state = :state, attempts = attempts + 1, next_at = :next,
             last_status = :status, last_error = :error, updated_at = :now WHERE id = :id",
            named_params! {
                ":state": state.as_str(),
                ":next": next_at,
                ":status": outcome.status,
                ":error": (state != WebhookState::Delivered).then_some(&outcome.answer),
                ":now": now.0,
                ":id": id.0,
            },
        )?;
        if let WebhookNext::Stopped(because) = next {
            self.set_webhook(webhook, Activity::Off, Some(because), now)?;
        }
        Ok(settled > 0)
    }
}
