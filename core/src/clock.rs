//! The only source of time.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// This instant and `gap` more; saturates.
    #[must_use]
    pub fn plus(self, gap: Duration) -> Self {
        Self(
            self.0
                .saturating_add(i64::try_from(gap.as_millis()).unwrap_or(i64::MAX)),
        )
    }

    /// This instant less `gap`; saturates.
    #[must_use]
    pub fn minus(self, gap: Duration) -> Self {
        Self(
            self.0
                .saturating_sub(i64::try_from(gap.as_millis()).unwrap_or(i64::MAX)),
        )
    }

    /// How long from `earlier` to this instant; zero when `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// RFC 3339 in UTC with three decimals, such as `2024-03-09T08:15:30.120Z`.
    #[must_use]
    pub fn rfc3339_millis(self) -> String {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(at) => format!("{at:.3}"),
            Err(_) => String::from("+262142-12-31T23:59:59.999Z"),
        }
    }
}

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// The machine's own clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_three_decimals_always() {
        assert_eq!(Timestamp(0).rfc3339_millis(), "1970-01-01T00:00:00.000Z");
        assert_eq!(
            Timestamp(1_709_972_130_120).rfc3339_millis(),
            "2024-03-09T08:15:30.120Z"
        );
    }

    #[test]
    fn differences_never_go_below_zero() {
        assert_eq!(Timestamp(5).since(Timestamp(9)), Duration::ZERO);
    }
}
