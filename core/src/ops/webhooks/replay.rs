//! Telling a webhook again what it was told.

use uuid::Uuid;

use super::WebhookRef;
use crate::clock::Timestamp;
use crate::engine::Posthouse;
use crate::error::{Error, Missing, Result};
use crate::ids::{EventId, WebhookDeliveryId, numbered_uuid, uuid_number};
use crate::model::key::{Caller, Scope};
use crate::model::webhook::Webhook;

/// From where on a webhook hears everything again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// After this event.
    Event(EventId),
    /// From this moment on.
    Time(Timestamp),
}

impl Posthouse {
    /// Sends what a webhook was sent once more, as a delivery of its own. The UUIDs of
    /// deliveries are of their webhook's: `numbered_uuid`.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::WebhookDelivery`.
    pub async fn replay_webhook_delivery(&self, caller: &Caller, uuid: Uuid) -> Result<Uuid> {
        caller.needs(Scope::Webhooks)?;
        let of = caller.organization();
        let now = self.now();
        self.store
            .write(move |write| {
                let missing = || Error::Missing(Missing::WebhookDelivery);
                let (webhook, id) = write
                    .webhooks(of)?
                    .into_iter()
                    .find_map(|webhook| {
                        let id = uuid_number(webhook.uuid, uuid)?;
                        Some((webhook, WebhookDeliveryId(id)))
                    })
                    .ok_or_else(missing)?;
                let copy = write
                    .repeat_webhook_delivery(webhook.id, id, now)?
                    .ok_or_else(missing)?;
                Ok(numbered_uuid(webhook.uuid, copy.0))
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
        which: impl Into<WebhookRef>,
        since: Since,
    ) -> Result<Webhook> {
        self.change_webhook(caller, which, move |write, webhook| {
            let to = match since {
                Since::Event(event) => event,
                Since::Time(at) => write.event_before(at)?,
            };
            write.move_cursor(webhook.id, to.min(webhook.cursor).max(EventId(0)))
        })
        .await
    }
}
