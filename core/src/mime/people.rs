//! The fields that say who wrote to whom, when and under which name.

use mail_parser::parsers::MessageStream;
use mail_parser::{Addr, Address, HeaderValue};

use super::entity::{Entity, one_line, parsable};
use crate::limits::ADDRESSES_READ;
use crate::model::content::Named;

/// Several of these are one list (RFC 5322 4.5.3).
const DESTINATIONS: [&str; 3] = ["To", "Cc", "Bcc"];

/// The mailboxes of a field, those within groups too, at most [`ADDRESSES_READ`]. Of several
/// fields that may be there once, the last counts.
pub(super) fn named(head: &Entity<'_>, field: &str) -> Vec<Named> {
    if !DESTINATIONS.contains(&field) {
        return head.value(field).map(listed).unwrap_or_default();
    }
    let lines = head.lines();
    let lines = lines.filter(|line| line.name.eq_ignore_ascii_case(field.as_bytes()));
    let all = lines.flat_map(|line| listed(line.value));
    all.take(ADDRESSES_READ).collect()
}

fn listed(value: &[u8]) -> Vec<Named> {
    let value = parsable(value);
    let HeaderValue::Address(list) = MessageStream::new(&value).parse_address() else {
        return Vec::new();
    };
    let all: Box<dyn Iterator<Item = Addr<'_>>> = match list {
        Address::List(list) => Box::new(list.into_iter()),
        Address::Group(groups) => Box::new(groups.into_iter().flat_map(|group| group.addresses)),
    };
    all.filter_map(one).take(ADDRESSES_READ).collect()
}

fn one(found: Addr<'_>) -> Option<Named> {
    let clean = |text: Option<_>| text.as_deref().map_or_else(String::new, clean);
    let (name, mut address) = (clean(found.name), clean(found.address));
    // The way it was to take is ignored (RFC 5322 4.4).
    if let Some((_, end)) = address
        .split_once(':')
        .filter(|(way, _)| way.starts_with('@'))
    {
        address = end.to_owned();
    }
    // An address alone may be taken for a name.
    let (name, address) = match (name.as_str(), address.as_str()) {
        ("", "") => return None,
        (text, "") if text.contains('@') && !text.contains(' ') => (String::new(), name),
        _ => (name, address),
    };
    Some(Named { address, name })
}

fn clean(text: &str) -> String {
    one_line(text).trim().to_owned()
}

/// The `Date`.
pub(super) fn date_ms(head: &Entity<'_>) -> Option<i64> {
    date_of(head.value("Date")?)
}

/// Milliseconds since the epoch, of a date that exists.
pub(super) fn date_of(value: &[u8]) -> Option<i64> {
    let value = parsable(value);
    match MessageStream::new(&value).parse_date() {
        HeaderValue::DateTime(date) if date.is_valid() => {
            Some(date.to_timestamp().saturating_mul(1000))
        }
        _ => None,
    }
}

/// The day of a `Date` as it is written, whatever its zone, counted from 1970-01-01.
pub(super) fn sent_day(head: &Entity<'_>) -> Option<i64> {
    let value = parsable(head.value("Date")?);
    let HeaderValue::DateTime(date) = MessageStream::new(&value).parse_date() else {
        return None;
    };
    let ahead = i64::from(date.tz_hour) * 3_600 + i64::from(date.tz_minute) * 60;
    let ahead = if date.tz_before_gmt { -ahead } else { ahead };
    let seconds = date.is_valid().then(|| date.to_timestamp())?;
    Some(seconds.saturating_add(ahead).div_euclid(86_400))
}

/// The first identifier of a field, without angle brackets.
pub(super) fn message_id(head: &Entity<'_>, field: &str) -> Option<String> {
    let value = parsable(head.value(field)?);
    let id = match MessageStream::new(&value).parse_id() {
        HeaderValue::Text(id) => one_line(&id),
        HeaderValue::TextList(ids) => one_line(ids.first()?),
        _ => return None,
    };
    (!id.is_empty()).then_some(id)
}
