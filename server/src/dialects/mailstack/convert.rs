//! Between the wire and the engine; no I/O, no clock.

mod domain;
mod happening;
mod key;
mod lint;
mod message;
mod submission;
mod template;
mod webhook;

use posthouse::clock::Timestamp;
use posthouse::error::{Error, Field, Reason};
use posthouse::model::organization::Payment;
use posthouse::model::page::Page;
use posthouse::model::usage::{CENTS_A_THOUSAND, FREE_A_MONTH, Usage};
use posthouse::store::{EmailFilter, Modes};
use serde_json::Number;
use uuid::Uuid;

use super::wire::answer;
use super::wire::ask;
use crate::http::json::{Given, Text};

pub(super) use domain::{blocklist, domain, new_domain};
pub(super) use happening::{Happening, happening};
pub use key::{LIVE_SHAPE, TEST_SHAPE, live_token, test_token};
pub(super) use key::{SHAPES, WORDS, key, new_key, scope_word, scopes, shape_of};
pub(super) use lint::lint;
pub(super) use message::{content, event, message, status_of};
pub(super) use submission::{TERMS, bulk, idempotency, many, submission, variables};
pub(super) use template::{new_template, preview, template, template_change};
pub(super) use webhook::{FORM, delivery, new_webhook, wanted, webhook, webhook_change};

/// An id in a path. What is none becomes the UUID that nothing has, so that it is looked for
/// and missed in its turn, after the credential.
pub(super) fn id(text: &str) -> Uuid {
    Uuid::try_parse(text).unwrap_or_default()
}

/// A value, if there is one of the right type.
fn value<T>(given: Given<T>) -> Option<T> {
    match given {
        Given::Value(value) => Some(value),
        Given::Absent | Given::Null | Given::Wrong => None,
    }
}

/// A text; None when there is none.
///
/// # Errors
/// `Invalid` for a wrong type.
fn text(field: Field, given: Text<'_>) -> Result<Option<String>, Error> {
    match given {
        Given::Absent | Given::Null => Ok(None),
        Given::Value(text) => Ok(Some(text.into_owned())),
        Given::Wrong => Err(field.error(Reason::Malformed)),
    }
}

/// A time; None when there is none.
///
/// # Errors
/// `Invalid` for what is no time.
fn time(field: Field, given: Text<'_>) -> Result<Option<Timestamp>, Error> {
    text(field, given)?
        .filter(|text| !text.trim().is_empty())
        .map(|text| Timestamp::parse_rfc3339(&text).ok_or_else(|| field.error(Reason::Malformed)))
        .transpose()
}

/// The last value that a query has for a name.
fn last<'a>(query: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let named = query.iter().rev().find(|(key, _)| key == name);
    named.map(|(_, value)| value.trim())
}

/// How many rows a query wants; what cannot be read is the default, what is out of range the
/// nearest.
pub(super) fn rows(query: &[(String, String)]) -> u32 {
    let limit = last(query, "limit").and_then(|text| text.parse().ok());
    Page::clamped(limit, None).rows
}

/// Which messages a query wants.
pub(super) fn filter(query: &[(String, String)]) -> EmailFilter {
    let modes = last(query, "test").and_then(|text| match text {
        "true" | "1" => Some(Modes::Capture),
        "false" | "0" => Some(Modes::Others),
        _ => None,
    });
    EmailFilter {
        modes,
        ..EmailFilter::default()
    }
}

pub(super) fn usage(usage: &Usage) -> answer::Usage {
    let month = usage.month;
    answer::Usage {
        period_key: month.name(),
        period_start: month.start().rfc3339_seconds(),
        period_end: month.next().start().rfc3339_seconds(),
        emails_sent: usage.sent,
        free_monthly_allowance: FREE_A_MONTH,
        free_remaining: usage.free(),
        billable_emails: usage.billable(),
        price_per_1k_cents: CENTS_A_THOUSAND,
        has_payment_method: usage.payment == Payment::Present,
        monthly_spend_cap_cents: usage.spend_cap_cents,
    }
}

/// What may be spent in a month; `null` lifts the cap.
///
/// # Errors
/// `Invalid` for what is no number of cents.
pub(super) fn spend_cap(ask: ask::SpendCap) -> Result<Option<u32>, Error> {
    let ask::SpendCap {
        monthly_spend_cap_cents,
    } = ask;
    let cents = |number: Number| u32::try_from(number.as_u64()?).ok();
    match monthly_spend_cap_cents {
        Given::Absent => Err(Field::SpendCap.error(Reason::Absent)),
        Given::Null => Ok(None),
        Given::Value(number) => cents(number)
            .map(Some)
            .ok_or_else(|| Field::SpendCap.error(Reason::Malformed)),
        Given::Wrong => Err(Field::SpendCap.error(Reason::Malformed)),
    }
}

#[cfg(test)]
mod tests;
