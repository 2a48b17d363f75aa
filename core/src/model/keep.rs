//! How long and how much mail a mailbox keeps.

use std::num::NonZeroU64;
use std::time::Duration;

use crate::clock::Timestamp;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// What a mailbox keeps at most; None is without end. What is starred stays, and is not
/// counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keep {
    /// Days since it came.
    pub days: Option<NonZeroU64>,
    /// Messages, the newest.
    pub messages: Option<NonZeroU64>,
    /// What they take, in bytes.
    pub bytes: Option<NonZeroU64>,
}

impl Keep {
    /// What is not said here, as in `other`.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            days: self.days.or(other.days),
            messages: self.messages.or(other.messages),
            bytes: self.bytes.or(other.bytes),
        }
    }

    /// What came before this is not kept.
    #[must_use]
    pub fn since(self, now: Timestamp) -> Option<Timestamp> {
        let days = u32::try_from(self.days?.get()).unwrap_or(u32::MAX);
        Some(now.minus(DAY.saturating_mul(days)))
    }

    /// Whether so many messages of so many bytes in all are more than is kept.
    #[must_use]
    pub fn is_passed_by(self, messages: u64, bytes: u64) -> bool {
        self.messages.is_some_and(|most| messages > most.get())
            || self.bytes.is_some_and(|most| bytes > most.get())
    }
}

/// What to change of what is kept; an outer None leaves it, an inner one lifts it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeepChange {
    /// Days since it came.
    pub days: Option<Option<NonZeroU64>>,
    /// Messages, the newest.
    pub messages: Option<Option<NonZeroU64>>,
    /// What they take, in bytes.
    pub bytes: Option<Option<NonZeroU64>>,
}

impl KeepChange {
    /// What is kept with the change.
    #[must_use]
    pub fn of(self, before: Keep) -> Keep {
        Keep {
            days: self.days.unwrap_or(before.days),
            messages: self.messages.unwrap_or(before.messages),
            bytes: self.bytes.unwrap_or(before.bytes),
        }
    }
}
