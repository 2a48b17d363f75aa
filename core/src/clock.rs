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

    /// To the second, for people, such as `2024-03-09 08:15:30Z`.
    #[must_use]
    pub fn to_the_second(self) -> String {
        let text = self.rfc3339_millis();
        match text.split_once('.') {
            Some((seconds, _)) => format!("{}Z", seconds.replace('T', " ")),
            None => text,
        }
    }
}

impl Timestamp {
    /// As in a mail's header (RFC 5322 section 3.3), in UTC, such as
    /// `Sat, 9 Mar 2024 08:15:30 +0000`.
    #[must_use]
    pub fn rfc5322(self) -> String {
        jiff::Timestamp::from_millisecond(self.0)
            .ok()
            .and_then(|at| {
                jiff::fmt::rfc2822::to_string(&at.to_zoned(jiff::tz::TimeZone::UTC)).ok()
            })
            .unwrap_or_else(|| String::from("Fri, 31 Dec 9999 23:59:59 +0000"))
    }

    /// RFC 3339 in UTC in whole seconds, such as `2024-03-09T08:15:30Z`.
    #[must_use]
    pub fn rfc3339_seconds(self) -> String {
        match jiff::Timestamp::from_millisecond(self.0 - self.0.rem_euclid(1000)) {
            Ok(at) => format!("{at:.0}"),
            Err(_) => String::from("+262142-12-31T23:59:59Z"),
        }
    }

    /// The instant that an RFC 3339 text names, with any offset and any number of decimals.
    #[must_use]
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        let at: jiff::Timestamp = text.trim().parse().ok()?;
        Some(Self(at.as_millisecond()))
    }

    /// Its date in UTC; the first of year 0 or the last of year 9999 past those.
    #[must_use]
    pub fn utc_date(self) -> jiff::civil::Date {
        jiff::Timestamp::from_millisecond(self.0).map_or(
            if self.0 < 0 {
                jiff::civil::date(0, 1, 1)
            } else {
                jiff::civil::date(9999, 12, 31)
            },
            |at| at.to_zoned(jiff::tz::TimeZone::UTC).date(),
        )
    }

    /// The first instant of a month (1 to 12) in UTC; the last instant there is, past the
    /// year 9999.
    #[must_use]
    pub fn start_of(year: i64, month: i64) -> Self {
        let (year, month) = (i16::try_from(year), i8::try_from(month));
        let date = match (year, month) {
            (Ok(year), Ok(month)) => jiff::civil::Date::new(year, month, 1).ok(),
            _ => None,
        };
        date.and_then(|date| date.to_zoned(jiff::tz::TimeZone::UTC).ok())
            .map_or(Self(i64::MAX), |at| Self(at.timestamp().as_millisecond()))
    }

    /// The first instant of the span of `length_ms` that it is in, counted from the epoch.
    #[must_use]
    pub const fn floor(self, length_ms: i64) -> Self {
        Self(self.0 - self.0.rem_euclid(length_ms))
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
    fn prints_three_decimals_or_none() {
        assert_eq!(Timestamp(0).rfc3339_millis(), "1970-01-01T00:00:00.000Z");
        assert_eq!(
            Timestamp(1_709_972_130_120).rfc3339_millis(),
            "2024-03-09T08:15:30.120Z"
        );
        assert_eq!(
            Timestamp(1_709_972_130_120).to_the_second(),
            "2024-03-09 08:15:30Z"
        );
    }

    #[test]
    fn whole_seconds_are_cut_not_rounded() {
        assert_eq!(
            Timestamp(1_709_972_130_999).rfc3339_seconds(),
            "2024-03-09T08:15:30Z"
        );
    }

    #[test]
    fn reads_offsets_and_fractions() {
        for (text, expected) in [
            ("2024-03-09T08:15:30Z", Some(1_709_972_130_000)),
            ("2024-03-09T09:15:30.5+01:00", Some(1_709_972_130_500)),
            ("2024-03-09", None),
            ("soon", None),
        ] {
            assert_eq!(
                Timestamp::parse_rfc3339(text).map(|at| at.0),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn differences_never_go_below_zero() {
        assert_eq!(Timestamp(5).since(Timestamp(9)), Duration::ZERO);
    }
}
