//! What became of an email as a whole, as its sender is told.

use super::delivery::{BouncedBy, Delivery, Route, State};
use super::email::Email;
use super::words::words;
use crate::clock::Timestamp;

words! {
    /// What became of an email. Of several recipients the one that fared worst speaks.
    Fate {
        /// On its way.
        Queued = "queued",
        /// Its time has not come.
        Scheduled = "scheduled",
        /// A relay has it, or it is kept here: nothing more is known.
        Sent = "sent",
        /// The recipient's own server has it.
        Delivered = "delivered",
        /// The recipient complained.
        Complained = "complained",
        /// Refused when it was handed over.
        Refused = "refused",
        /// Reported as undeliverable after it was handed over.
        Bounced = "bounced",
        /// Given up, or never sent.
        Failed = "failed",
        /// Taken back.
        Canceled = "canceled",
    }
}

/// What became of one recipient's copy.
#[must_use]
pub fn fate_of(delivery: &Delivery, send_at: Option<Timestamp>, now: Timestamp) -> Fate {
    match delivery.state {
        State::Queued if delivery.attempts == 0 && send_at.is_some_and(|at| at > now) => {
            Fate::Scheduled
        }
        State::Queued | State::Sending | State::Deferred | State::Held => Fate::Queued,
        State::Delivered => match delivery.route {
            Some(Route::Relay | Route::Capture) | None => Fate::Sent,
            Some(Route::Direct | Route::Local | Route::Simulated) => Fate::Delivered,
        },
        State::Complained => Fate::Complained,
        State::Bounced => match delivery.bounced_by {
            Some(BouncedBy::Peer) => Fate::Refused,
            Some(BouncedBy::Report) => Fate::Bounced,
            Some(BouncedBy::Us) | None => Fate::Failed,
        },
        State::Suppressed | State::Burned => Fate::Failed,
        State::Canceled => Fate::Canceled,
    }
}

/// What became of the whole. A suppressed recipient beside others does not speak for them.
#[must_use]
pub fn fate(email: &Email, deliveries: &[Delivery], now: Timestamp) -> Fate {
    let skipped = |delivery: &&Delivery| delivery.state != State::Suppressed;
    let speaking: Vec<&Delivery> = if deliveries.iter().any(|one| skipped(&one)) {
        deliveries.iter().filter(skipped).collect()
    } else {
        deliveries.iter().collect()
    };
    speaking
        .into_iter()
        .map(|delivery| fate_of(delivery, email.send_at, now))
        .max_by_key(|fate| weight(*fate))
        .unwrap_or(Fate::Failed)
}

/// Nothing is final while a copy is on its way; then the worst end counts.
const fn weight(fate: Fate) -> u8 {
    match fate {
        Fate::Delivered => 0,
        Fate::Sent => 1,
        Fate::Canceled => 2,
        Fate::Failed => 3,
        Fate::Refused => 4,
        Fate::Bounced => 5,
        Fate::Complained => 6,
        Fate::Scheduled => 7,
        Fate::Queued => 8,
    }
}

/// When the first copy was taken by the next hop, or a mailbox here.
#[must_use]
pub fn sent_at(deliveries: &[Delivery]) -> Option<Timestamp> {
    deliveries.iter().filter_map(|one| one.sent_at).min()
}

/// The last thing said of the copy that fared worst, where it did not arrive.
#[must_use]
pub fn trouble(email: &Email, deliveries: &[Delivery], now: Timestamp) -> Option<String> {
    let whole = fate(email, deliveries, now);
    match whole {
        Fate::Refused | Fate::Bounced | Fate::Failed | Fate::Canceled => deliveries
            .iter()
            .find(|one| fate_of(one, email.send_at, now) == whole)
            .and_then(|one| one.last_answer.clone()),
        Fate::Queued | Fate::Scheduled | Fate::Sent | Fate::Delivered | Fate::Complained => None,
    }
}
