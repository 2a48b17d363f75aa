//! One call of a webhook, with what was sent and what came back.

use crate::engine::Posthouse;
use crate::error::{Error, Missing, Result};
use crate::ids::WebhookDeliveryId;
use crate::model::key::{Caller, Scope};
use crate::model::webhook::{Webhook, WebhookDelivery};
use crate::store::WebhookTry;

/// An event on its way to a webhook, in full.
#[derive(Clone, Debug)]
pub struct WebhookDeliveryWhole {
    /// The webhook.
    pub webhook: Webhook,
    /// Where it stands.
    pub delivery: WebhookDelivery,
    /// What is sent.
    pub body: Vec<u8>,
    /// The calls, in order.
    pub tries: Vec<WebhookTry>,
}

impl Posthouse {
    /// One delivery of one of the caller's webhooks.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::WebhookDelivery`.
    pub async fn webhook_delivery(
        &self,
        caller: &Caller,
        id: WebhookDeliveryId,
    ) -> Result<WebhookDeliveryWhole> {
        caller.needs(Scope::WebhooksRead)?;
        let of = caller.organization();
        self.store
            .read(move |read| {
                let missing = || Error::Missing(Missing::WebhookDelivery);
                let (delivery, body) = read.webhook_delivery(id)?.ok_or_else(missing)?;
                let webhook = read.webhook(of, delivery.webhook)?.ok_or_else(missing)?;
                let tries = read.webhook_tries(id)?;
                Ok(WebhookDeliveryWhole {
                    webhook,
                    delivery,
                    body,
                    tries,
                })
            })
            .await
    }

    /// Sends what was sent once more, as a delivery of its own; its number.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::WebhookDelivery`.
    pub async fn repeat_webhook_delivery(
        &self,
        caller: &Caller,
        id: WebhookDeliveryId,
    ) -> Result<WebhookDeliveryId> {
        caller.needs(Scope::Webhooks)?;
        let of = caller.organization();
        let now = self.now();
        self.store
            .write(move |write| {
                let missing = || Error::Missing(Missing::WebhookDelivery);
                let (delivery, _) = write.webhook_delivery(id)?.ok_or_else(missing)?;
                let webhook = write.webhook(of, delivery.webhook)?.ok_or_else(missing)?;
                write
                    .repeat_webhook_delivery(webhook.id, id, now)?
                    .ok_or_else(missing)
            })
            .await
    }
}
