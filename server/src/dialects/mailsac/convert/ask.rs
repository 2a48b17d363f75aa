//! Reading what is asked: bodies of JSON, of a form, or of nothing at all; queries.

use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use posthouse::clock::Timestamp;
use posthouse::limits::{MAIL_ROWS, MAIL_SKIP};
use posthouse::ops::mail::looking::Stretch;
use serde_json::{Map, Value};
use url::form_urlencoded;

use super::super::wire::ask::{Fields, NoFields, Wrong};

/// Messages of a list when nothing is asked.
const ROWS: u32 = 20;

/// The fields of a body. A form is known by its type, everything else is JSON; a body of
/// nothing but white space has none.
pub(in super::super) fn fields(headers: &HeaderMap, bytes: &[u8]) -> Result<Fields, NoFields> {
    let said = headers.get(CONTENT_TYPE);
    let form = said.is_some_and(|value| {
        let value = value.as_bytes();
        let essence = value.split(|byte| *byte == b';').next().unwrap_or(value);
        essence
            .trim_ascii()
            .eq_ignore_ascii_case(b"application/x-www-form-urlencoded")
    });
    match form {
        true => Ok(of_form(bytes)),
        false if bytes.trim_ascii().is_empty() => Ok(Fields::default()),
        false => serde_json::from_slice(bytes)
            .map(Fields)
            .map_err(|_| NoFields),
    }
}

/// A name that comes again, or ends in `[]`, is a list.
fn of_form(bytes: &[u8]) -> Fields {
    let mut fields = Map::new();
    for (name, value) in form_urlencoded::parse(bytes) {
        let value = Value::String(value.into_owned());
        let (name, list) = match name.strip_suffix("[]") {
            Some(name) => (name, true),
            None => (&*name, false),
        };
        match fields.get_mut(name) {
            Some(Value::Array(values)) => values.push(value),
            Some(there) => *there = Value::Array(vec![there.take(), value]),
            None if list => {
                fields.insert(name.to_owned(), Value::Array(vec![value]));
            }
            None => {
                fields.insert(name.to_owned(), value);
            }
        }
    }
    Fields(fields)
}

impl Fields {
    /// A text: None when it is not there, an inner None for `null` and the empty one.
    pub(in super::super) fn text(
        &mut self,
        name: &'static str,
    ) -> Result<Option<Option<String>>, Wrong> {
        match self.0.remove(name) {
            None => Ok(None),
            Some(Value::Null) => Ok(Some(None)),
            Some(Value::String(text)) => Ok(Some(Some(text).filter(|text| !text.is_empty()))),
            Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
                Err(Wrong(name))
            }
        }
    }

    /// A switch: None when it is not there; forms write it as a word.
    pub(in super::super) fn switch(&mut self, name: &'static str) -> Result<Option<bool>, Wrong> {
        match self.0.remove(name) {
            None => Ok(None),
            Some(Value::Null) => Ok(Some(false)),
            Some(Value::Bool(on)) => Ok(Some(on)),
            Some(Value::Number(number)) if number.as_u64() == Some(0) => Ok(Some(false)),
            Some(Value::Number(number)) if number.as_u64() == Some(1) => Ok(Some(true)),
            Some(Value::String(word)) => word_switch(&word).map(Some).ok_or(Wrong(name)),
            Some(Value::Number(_) | Value::Array(_) | Value::Object(_)) => Err(Wrong(name)),
        }
    }

    /// A list of texts: None when it is not there; one text alone is a list of it.
    pub(in super::super) fn texts(
        &mut self,
        name: &'static str,
    ) -> Result<Option<Vec<String>>, Wrong> {
        let one = |value| match value {
            Value::String(text) => Ok(text),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Array(_)
            | Value::Object(_) => Err(Wrong(name)),
        };
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Array(values)) => values
                .into_iter()
                .map(one)
                .collect::<Result<_, _>>()
                .map(Some),
            Some(value) => one(value).map(|text| Some(vec![text])),
        }
    }
}

/// What a word means that stands for a switch.
pub(in super::super) fn word_switch(word: &str) -> Option<bool> {
    match word.trim() {
        "true" | "1" | "on" => Some(true),
        "false" | "0" | "off" | "" => Some(false),
        _ => None,
    }
}

/// The pairs of a query.
#[derive(Debug, Default)]
pub(in super::super) struct Query(Vec<(String, String)>);

impl Query {
    pub(in super::super) fn of(text: Option<&str>) -> Self {
        let pairs = form_urlencoded::parse(text.unwrap_or_default().as_bytes());
        Self(pairs.into_owned().collect())
    }

    /// The last value of a name, unless it is blank.
    pub(in super::super) fn last(&self, name: &str) -> Option<&str> {
        let named = self.0.iter().rev().find(|(key, _)| key == name);
        named
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
    }

    pub(in super::super) fn is_on(&self, name: &str) -> bool {
        self.last(name).and_then(word_switch) == Some(true)
    }

    /// A moment: RFC 3339, a day, or milliseconds since the epoch.
    pub(in super::super) fn moment(&self, name: &'static str) -> Result<Option<Timestamp>, Wrong> {
        let Some(text) = self.last(name) else {
            return Ok(None);
        };
        // A `+` before an offset is a blank in a query.
        let text = text.replace(' ', "+");
        let day = || Timestamp::parse_rfc3339(&format!("{text}T00:00:00Z"));
        let millis = || text.parse().ok().map(Timestamp);
        Timestamp::parse_rfc3339(&text)
            .or_else(millis)
            .or_else(day)
            .map(Some)
            .ok_or(Wrong(name))
    }

    /// A number; past its bound it is the bound.
    pub(in super::super) fn number(
        &self,
        name: &'static str,
        ordinary: u32,
        most: u32,
    ) -> Result<u32, Wrong> {
        match self.last(name) {
            None => Ok(ordinary),
            Some(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
                Ok(text.parse().unwrap_or(most).min(most))
            }
            Some(_) => Err(Wrong(name)),
        }
    }

    /// Which part of a list of messages is wanted.
    pub(in super::super) fn stretch(&self) -> Result<Stretch, Wrong> {
        Ok(Stretch {
            rows: self.number("limit", ROWS, MAIL_ROWS)?,
            skip: self.number("skip", 0, MAIL_SKIP)?,
            since: self.moment("since")?,
            until: self.moment("until")?,
        })
    }
}

#[cfg(test)]
mod tests;
