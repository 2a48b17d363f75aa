//! From columns to values. A word that is not one of ours is a broken database, and said so.

use std::num::NonZeroU64;

use rusqlite::types::Type;
use rusqlite::{Error, Result, Row};
use uuid::Uuid;

use crate::clock::Timestamp;
use crate::ids::OrganizationId;
use crate::model::domain::Switch;
use crate::model::keep::Keep;

/// A column of a closed set of words.
pub(super) fn word<T>(row: &Row<'_>, column: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T> {
    let text: String = row.get(column)?;
    parse(&text).ok_or_else(|| strange(column, &text))
}

/// The same, where the column may be null.
pub(super) fn word_or_none<T>(
    row: &Row<'_>,
    column: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>> {
    let text: Option<String> = row.get(column)?;
    text.map(|text| parse(&text).ok_or_else(|| strange(column, &text)))
        .transpose()
}

/// A column of words separated by spaces.
pub(super) fn words<T>(
    row: &Row<'_>,
    column: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Vec<T>> {
    let text: String = row.get(column)?;
    text.split(' ')
        .filter(|word| !word.is_empty())
        .map(|word| parse(word).ok_or_else(|| strange(column, word)))
        .collect()
}

/// Words in one column, as `words` reads them.
pub(super) fn joined<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.collect::<Vec<_>>().join(" ")
}

pub(super) fn time(row: &Row<'_>, column: &str) -> Result<Timestamp> {
    row.get(column).map(Timestamp)
}

pub(super) fn time_or_none(row: &Row<'_>, column: &str) -> Result<Option<Timestamp>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(Timestamp))
}

/// A column of the 16 bytes of a UUID.
pub(super) fn uuid(row: &Row<'_>, column: &str) -> Result<Uuid> {
    row.get(column).map(Uuid::from_bytes)
}

/// A column of a size or a count.
pub(super) fn count(row: &Row<'_>, column: &str) -> Result<u64> {
    let number: i64 = row.get(column)?;
    u64::try_from(number).map_err(|_| strange(column, &number.to_string()))
}

/// The same, where the column may be null.
pub(super) fn count_or_none(row: &Row<'_>, column: &str) -> Result<Option<u64>> {
    let number: Option<i64> = row.get(column)?;
    number
        .map(|number| u64::try_from(number).map_err(|_| strange(column, &number.to_string())))
        .transpose()
}

/// The three columns of what is kept.
pub(super) fn keep(row: &Row<'_>) -> Result<Keep> {
    let bound = |column| count_or_none(row, column).map(|most| most.and_then(NonZeroU64::new));
    Ok(Keep {
        days: bound("keep_days")?,
        messages: bound("keep_messages")?,
        bytes: bound("keep_bytes")?,
    })
}

/// A bound as `keep` reads it.
pub(super) fn bound(most: Option<NonZeroU64>) -> Option<i64> {
    most.map(|most| i64::try_from(most.get()).unwrap_or(i64::MAX))
}

/// A column of an organization, 0 for nobody.
pub(super) fn owner(row: &Row<'_>, column: &str) -> Result<Option<OrganizationId>> {
    let id: i64 = row.get(column)?;
    Ok((id != 0).then_some(OrganizationId(id)))
}

/// A column of 0 and 1.
pub(super) const fn switch(on: bool) -> Switch {
    if on { Switch::On } else { Switch::Off }
}

/// A column of a JSON array of strings.
pub(super) fn texts(row: &Row<'_>, column: &str) -> Result<Option<Vec<String>>> {
    let text: Option<String> = row.get(column)?;
    text.map(|text| serde_json::from_str(&text).map_err(|_| strange(column, &text)))
        .transpose()
}

/// Strings as `texts` reads them.
pub(super) fn json(texts: &[String]) -> String {
    serde_json::Value::from(texts).to_string()
}

fn strange(column: &str, text: &str) -> Error {
    let message = format!("column {column} holds {text:?}, which is not ours");
    Error::FromSqlConversionFailure(0, Type::Text, message.into())
}
