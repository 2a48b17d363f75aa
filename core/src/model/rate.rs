//! A bucket of tokens: a burst of a minute's worth, refilled evenly.

use crate::clock::Timestamp;

const MINUTE_MS: i64 = 60_000;

/// One caller's bucket. Kept in memory: a restart forgives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// When the bucket was, or will be, empty of claims (the theoretical arrival time of
    /// the generic cell rate algorithm), in milliseconds.
    claimed_until: i64,
}

impl Bucket {
    /// A full bucket.
    #[must_use]
    pub const fn full() -> Self {
        Self {
            claimed_until: i64::MIN,
        }
    }

    /// Whether nothing of it is taken.
    #[must_use]
    pub const fn is_full(&self, now: Timestamp) -> bool {
        self.claimed_until <= now.0
    }

    /// Takes one token, or says how many milliseconds until there is one.
    ///
    /// # Errors
    /// The wait, in milliseconds, at least 1.
    pub fn take(&mut self, per_minute: u32, now: Timestamp) -> Result<(), u64> {
        let gap = MINUTE_MS / i64::from(per_minute.max(1)).min(MINUTE_MS);
        let start = self.claimed_until.max(now.0);
        let room_at = start + gap - MINUTE_MS;
        if room_at > now.0 {
            return Err(u64::try_from(room_at - now.0).unwrap_or(1));
        }
        self.claimed_until = start + gap;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_a_minute_at_once_and_then_one_a_gap() {
        let mut bucket = Bucket::full();
        let start = Timestamp(1_000_000);
        for _ in 0..30 {
            assert_eq!(bucket.take(30, start), Ok(()));
        }
        assert_eq!(bucket.take(30, start), Err(2000));
        assert_eq!(bucket.take(30, Timestamp(start.0 + 1999)), Err(1));
        assert_eq!(bucket.take(30, Timestamp(start.0 + 2000)), Ok(()));
        assert_eq!(bucket.take(30, Timestamp(start.0 + 2000)), Err(2000));
    }
}
