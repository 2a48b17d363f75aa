//! When a delivery that failed for now is tried again.

use std::time::Duration;

use crate::clock::Timestamp;

/// The waits between tries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retry {
    /// Before the second try; each further wait is three times the last.
    pub first: Duration,
    /// No wait is longer.
    pub longest: Duration,
    /// Past this age an email is given up.
    pub give_up_after: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            first: Duration::from_secs(60),
            longest: Duration::from_secs(4 * 3600),
            give_up_after: crate::limits::RETRY_FOR,
        }
    }
}

/// What to do after a try failed for now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Try again then.
    At(Timestamp),
    /// Give up.
    GiveUp,
}

impl Retry {
    /// What comes after failed try number `tries` (from 1) of an email accepted at
    /// `accepted`. `dice` (any number) spreads the wait by up to a fifth either way, so
    /// that what failed together does not come back together.
    ///
    /// The last try comes at the end of the time allowed, never after it.
    #[must_use]
    pub fn after(&self, tries: u32, accepted: Timestamp, now: Timestamp, dice: u32) -> Next {
        let end = accepted.plus(self.give_up_after);
        if now >= end {
            return Next::GiveUp;
        }
        let factor = 3_u32.saturating_pow(tries.saturating_sub(1).min(12));
        let wait = self.first.saturating_mul(factor).min(self.longest);
        let spread = 0.8 + 0.4 * f64::from(dice) / f64::from(u32::MAX);
        Next::At(now.plus(wait.mul_f64(spread)).min(end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIDDLE: u32 = u32::MAX / 2;

    fn wait_seconds(tries: u32, dice: u32) -> i64 {
        match Retry::default().after(tries, Timestamp(0), Timestamp(1000), dice) {
            Next::At(at) => (at.0 - 1000 + 500) / 1000,
            Next::GiveUp => -1,
        }
    }

    #[test]
    fn gaps_grow_and_stop_growing() {
        let gaps: Vec<i64> = (1..=8).map(|tries| wait_seconds(tries, MIDDLE)).collect();
        assert_eq!(gaps, [60, 180, 540, 1620, 4860, 14400, 14400, 14400]);
    }

    #[test]
    fn jitter_is_a_fifth_either_way() {
        assert_eq!(wait_seconds(1, 0), 48);
        assert_eq!(wait_seconds(1, u32::MAX), 72);
    }

    #[test]
    fn the_last_try_is_at_the_end_and_then_it_is_given_up() {
        let retry = Retry::default();
        let end = Timestamp(48 * 3_600_000);
        let near = Timestamp(end.0 - 1);
        assert_eq!(retry.after(20, Timestamp(0), near, MIDDLE), Next::At(end));
        assert_eq!(retry.after(21, Timestamp(0), end, MIDDLE), Next::GiveUp);
    }
}
