//! What happens to mail, in the contract's three vocabularies.

use posthouse::model::delivery::Route;
use posthouse::model::event::EventKind;

/// Something that the contract has a word for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Happening {
    Sent,
    Delivered,
    Bounce,
    Complaint,
    Open,
    Click,
    Reject,
    DeliveryDelay,
}

impl Happening {
    /// In the order of their numbers.
    pub(in super::super) const ALL: [Self; 8] = [
        Self::Sent,
        Self::Delivered,
        Self::Bounce,
        Self::Complaint,
        Self::Open,
        Self::Click,
        Self::Reject,
        Self::DeliveryDelay,
    ];

    /// The `type` of a message's event.
    pub(in super::super) fn number(self) -> u8 {
        self as u8
    }

    /// As webhooks ask for it, and as their bodies have it.
    pub(in super::super) const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Sent => ("Sent", "email.sent"),
            Self::Delivered => ("Delivered", "email.delivered"),
            Self::Bounce => ("Bounce", "email.bounced"),
            Self::Complaint => ("Complaint", "email.complained"),
            Self::Open => ("Open", "email.opened"),
            Self::Click => ("Click", "email.clicked"),
            Self::Reject => ("Reject", "email.rejected"),
            Self::DeliveryDelay => ("DeliveryDelay", "email.delivery_delayed"),
        }
    }

    /// Which of the engine's events it may be.
    pub(in super::super) const fn kind(self) -> EventKind {
        match self {
            Self::Sent | Self::Delivered => EventKind::Delivered,
            Self::Bounce => EventKind::Bounced,
            Self::Complaint => EventKind::Complained,
            Self::Open => EventKind::Opened,
            Self::Click => EventKind::Clicked,
            Self::Reject => EventKind::Suppressed,
            Self::DeliveryDelay => EventKind::Deferred,
        }
    }
}

/// What an event is in the contract's words; None when it has none for it. What a relay has
/// taken, or was kept here, is sent; what the recipient's own server has is delivered.
pub(in super::super) fn happening(kind: EventKind, route: Option<Route>) -> Option<Happening> {
    match kind {
        EventKind::Delivered => Some(match route {
            Some(Route::Relay | Route::Capture) | None => Happening::Sent,
            Some(Route::Direct | Route::Local | Route::Simulated) => Happening::Delivered,
        }),
        EventKind::Bounced => Some(Happening::Bounce),
        EventKind::Complained => Some(Happening::Complaint),
        EventKind::Opened => Some(Happening::Open),
        EventKind::Clicked => Some(Happening::Click),
        EventKind::Suppressed => Some(Happening::Reject),
        EventKind::Deferred => Some(Happening::DeliveryDelay),
        EventKind::Queued
        | EventKind::Spam
        | EventKind::Held
        | EventKind::Released
        | EventKind::Burned
        | EventKind::Canceled
        | EventKind::Unsubscribed
        | EventKind::Received
        | EventKind::Unknown => None,
    }
}
