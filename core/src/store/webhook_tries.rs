//! Table `webhook_attempt`, and one row of `webhook_delivery` with its body.

use rusqlite::named_params;

use super::webhook_deliveries::webhook_delivery;
use super::{Read, row};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::ids::WebhookDeliveryId;
use crate::model::webhook::WebhookDelivery;

/// One call of a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookTry {
    /// When.
    pub at: Timestamp,
    /// The status of the answer, if there was one.
    pub status: Option<u16>,
    /// What was answered, or what stood in the way.
    pub answer: Option<String>,
}

impl Read<'_> {
    /// One delivery of a webhook, and what is sent.
    ///
    /// # Errors
    /// As SQLite says; so for every function here.
    pub fn webhook_delivery(
        &self,
        id: WebhookDeliveryId,
    ) -> Result<Option<(WebhookDelivery, Vec<u8>)>> {
        self.find(
            "SELECT d.id, d.webhook_id, d.event_id, e.kind, e.route, d.state, d.attempts, d.next_at,
             d.last_status, d.last_error, d.created_at, d.updated_at, d.body
             FROM webhook_delivery d JOIN event e ON e.id = d.event_id WHERE d.id = :id",
            named_params! {":id": id.0},
            |found| Ok((webhook_delivery(found)?, found.get("body")?)),
        )
    }

    /// The calls of a delivery, in order.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn webhook_tries(&self, of: WebhookDeliveryId) -> Result<Vec<WebhookTry>> {
        self.list(
            "SELECT status, answer, at FROM webhook_attempt
             WHERE webhook_delivery_id = :of ORDER BY id LIMIT 1000",
            named_params! {":of": of.0},
            |found| {
                Ok(WebhookTry {
                    at: row::time(found, "at")?,
                    status: found.get("status")?,
                    answer: found.get("answer")?,
                })
            },
        )
    }
}
