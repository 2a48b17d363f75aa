//! What an organization sent in a month, and what that costs.

use super::organization::{Organization, Payment};
use crate::clock::Timestamp;

/// Emails a month for nothing.
pub const FREE_A_MONTH: u64 = 3_000;
/// The price of a thousand emails beyond, in cents.
pub const CENTS_A_THOUSAND: u64 = 40;

/// A calendar month in UTC, counted from January of year 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Month(pub i64);

impl Month {
    /// The month of a moment.
    #[must_use]
    pub fn of(at: Timestamp) -> Self {
        let date = at.utc_date();
        Self(i64::from(date.year()) * 12 + i64::from(date.month()) - 1)
    }

    /// The one after.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// Its first instant.
    #[must_use]
    pub fn start(self) -> Timestamp {
        let (year, month) = (self.0.div_euclid(12), self.0.rem_euclid(12) + 1);
        Timestamp::start_of(year, month)
    }

    /// `YYYY-MM`.
    #[must_use]
    pub fn name(self) -> String {
        format!(
            "{:04}-{:02}",
            self.0.div_euclid(12),
            self.0.rem_euclid(12) + 1
        )
    }
}

/// One month's usage of an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage {
    /// Which month.
    pub month: Month,
    /// Recipients accepted.
    pub sent: u64,
    /// What it pays with.
    pub payment: Payment,
    /// What it may spend in a month, in cents.
    pub spend_cap_cents: Option<u32>,
}

/// Why no more may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsedUp {
    /// The allowance, and nothing pays for more.
    FreeTier,
    /// What may be spent.
    SpendCap,
}

impl Usage {
    /// `sent` in `month` by `organization`.
    #[must_use]
    pub fn new(organization: &Organization, month: Month, sent: u64) -> Self {
        Self {
            month,
            sent,
            payment: organization.payment,
            spend_cap_cents: organization.spend_cap_cents,
        }
    }

    /// What is left for nothing.
    #[must_use]
    pub const fn free(&self) -> u64 {
        FREE_A_MONTH.saturating_sub(self.sent)
    }

    /// What is to be paid for.
    #[must_use]
    pub const fn billable(&self) -> u64 {
        self.sent.saturating_sub(FREE_A_MONTH)
    }

    /// Why `more` cannot be sent, if it cannot: what is free covers them, or a payment
    /// method does, as long as the cap is not reached.
    #[must_use]
    pub fn refuses(&self, more: u64) -> Option<UsedUp> {
        if more <= self.free() {
            return None;
        }
        if self.payment == Payment::Absent {
            return Some(UsedUp::FreeTier);
        }
        let cap = u64::from(self.spend_cap_cents?);
        (self.billable() * CENTS_A_THOUSAND / 1000 >= cap).then_some(UsedUp::SpendCap)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usage(sent: u64, payment: Payment, cap: Option<u32>) -> Usage {
        Usage {
            month: Month(0),
            sent,
            payment,
            spend_cap_cents: cap,
        }
    }

    #[test]
    fn a_month_knows_its_name_and_its_bounds() {
        let december = Month::of(Timestamp::parse_rfc3339("2026-12-31T23:59:59.999Z").unwrap());
        assert_eq!(december.name(), "2026-12");
        assert_eq!(december.start().rfc3339_seconds(), "2026-12-01T00:00:00Z");
        assert_eq!(
            december.next().start().rfc3339_seconds(),
            "2027-01-01T00:00:00Z"
        );
        assert_eq!(Month::of(december.next().start()), december.next());
    }

    #[test]
    fn what_is_used_up_is_refused() {
        use Payment::{Absent, Present};
        for (sent, more, payment, cap, expected) in [
            (0, 3000, Absent, None, None),
            (2999, 1, Absent, Some(0), None),
            (2999, 2, Absent, None, Some(UsedUp::FreeTier)),
            (3000, 1, Absent, None, Some(UsedUp::FreeTier)),
            (4200, 1, Present, None, None),
            (3000, 1, Present, Some(0), Some(UsedUp::SpendCap)),
            (3024, 1, Present, Some(1), None),
            (3025, 1, Present, Some(1), Some(UsedUp::SpendCap)),
        ] {
            assert_eq!(
                usage(sent, payment, cap).refuses(more),
                expected,
                "{sent} {more}"
            );
        }
    }

    #[test]
    fn the_sample_of_the_contract_adds_up() {
        let sample = usage(4200, Payment::Present, Some(5000));
        assert_eq!((sample.free(), sample.billable()), (0, 1200));
    }
}
