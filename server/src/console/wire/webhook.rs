//! Subscriptions to events.

use super::{EventKind, given, told, words};

words! {
    /// Where a call stands.
    WebhookState = posthouse::model::webhook::WebhookState { Pending, Delivered, Failed }
}

given! {
    /// `webhook.make`
    pub struct WebhookMake {
        /// Of `webhook.forms`.
        pub form: String,
        pub url: String,
        /// Empty: all that the form can tell.
        pub events: Vec<EventKind>,
        /// One domain's events, by host; null: all.
        pub domain: Option<String>,
    }

    /// `webhook.set`: null leaves.
    pub struct WebhookSet {
        pub id: i64,
        pub url: Option<String>,
        pub events: Option<Vec<EventKind>>,
        /// Switched on, it goes on where it stopped.
        pub on: Option<bool>,
    }

    /// `webhook.deliveries`
    pub struct WebhookDeliveriesAsked {
        pub id: i64,
        pub before: Option<String>,
        /// 50 unless said, 200 at most.
        pub limit: Option<u32>,
    }

    /// `webhook.delivery`, `webhook.replay`
    pub struct WebhookDeliveryAsked {
        /// The delivery's number.
        pub delivery: i64,
    }
}

told! {
    /// A webhook.
    pub struct WebhookRow {
        pub id: i64,
        pub form: String,
        /// Without what in it is secret.
        pub url: String,
        pub events: Vec<EventKind>,
        pub domain: Option<String>,
        pub on: bool,
        pub stopped_because: Option<String>,
        /// The end of its secret.
        pub secret_hint: Option<String>,
        pub created_at: String,
    }

    /// `webhook.make`: the secret is shown once.
    pub struct WebhookMade {
        pub id: i64,
        pub secret: Option<String>,
    }

    /// A form that webhooks have.
    pub struct WebhookForm {
        pub name: String,
        /// What it can tell.
        pub events: Vec<EventKind>,
        /// It has to be one domain's.
        pub domain: bool,
    }

    /// One event on its way to one webhook.
    pub struct WebhookDeliveryRow {
        pub id: i64,
        pub event: EventKind,
        pub state: WebhookState,
        pub attempts: u32,
        pub next_at: Option<String>,
        pub last_status: Option<u16>,
        pub last_error: Option<String>,
        pub created_at: String,
        pub updated_at: String,
    }

    /// `webhook.delivery`
    pub struct WebhookDeliveryShown {
        pub row: WebhookDeliveryRow,
        /// What is sent.
        pub payload: String,
        pub attempts: Vec<WebhookAttempt>,
    }

    /// One call.
    pub struct WebhookAttempt {
        pub at: String,
        /// Null where there was no answer.
        pub status: Option<u16>,
        /// What was answered, or what stood in the way.
        pub answer: Option<String>,
    }
}
