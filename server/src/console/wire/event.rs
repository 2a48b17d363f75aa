//! What `GET /console/events` says.

use super::{told, words};

words! {
    /// What changed.
    ChangedKind { Email, Delivery, Event, Message, Mailbox, Webhook, Task, All }
}

told! {
    /// A frame: something changed, so that lists of it may be fetched anew.
    pub struct Changed {
        /// `all`: so much that everything may be fetched anew.
        pub what: ChangedKind,
        /// The number of the one message that came, where it was one; else null.
        pub id: Option<i64>,
    }
}
