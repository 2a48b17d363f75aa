//! What is asked: bodies of JSON or of a form, queries, and what is in them.

use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use posthouse::model::task::TaskKind;
use posthouse::ops::provisioning::mailboxes::{NewMailboxes, Row};
use serde_json::{Map, Value};
use url::form_urlencoded;

use super::super::wire::{Fields, NoFields, Wrong};

/// What a mailbox may hold when nothing is said, in MiB.
const QUOTA_MIB: u64 = 1024;
/// Brackets behind brackets that are looked at in the name of a form's field.
const DEPTH: usize = 4;

/// The fields of a body. A form is known by its type, unless an object stands there all the
/// same, as curl sends it; everything else is JSON. Nothing but white space has no fields.
pub(in super::super) fn fields(headers: &HeaderMap, bytes: &[u8]) -> Result<Fields, NoFields> {
    let text = bytes.trim_ascii();
    if text.is_empty() {
        return Ok(Fields::default());
    }
    let said = headers.get(CONTENT_TYPE);
    let form = said.is_some_and(|value| {
        let value = value.as_bytes();
        let essence = value.split(|byte| *byte == b';').next().unwrap_or(value);
        essence
            .trim_ascii()
            .eq_ignore_ascii_case(b"application/x-www-form-urlencoded")
    });
    if form && !text.starts_with(b"{") {
        return Ok(of_form(text));
    }
    serde_json::from_slice(text)
        .map(Fields)
        .map_err(|_| NoFields)
}

/// `a[b][]=c` is a list in an object; a number in the brackets is a place in a list.
fn of_form(bytes: &[u8]) -> Fields {
    let mut all = Value::Object(Map::new());
    for (name, value) in form_urlencoded::parse(bytes) {
        let (first, rest) = name.split_once('[').unwrap_or((&name, ""));
        let mut path = vec![first];
        path.extend(
            rest.split('[')
                .filter_map(|inside| inside.strip_suffix(']'))
                .take(DEPTH),
        );
        put(&mut all, &path, value.into_owned());
    }
    match all {
        Value::Object(fields) => Fields(fields),
        _ => Fields::default(),
    }
}

fn put(place: &mut Value, path: &[&str], value: String) {
    let Some((first, rest)) = path.split_first() else {
        *place = Value::String(value);
        return;
    };
    let in_list = first.bytes().all(|byte| byte.is_ascii_digit());
    match place {
        Value::Array(list) => {
            list.push(Value::Null);
            if let Some(last) = list.last_mut() {
                put(last, rest, value);
            }
        }
        Value::Object(fields) => {
            let inside = fields.entry((*first).to_owned()).or_insert(Value::Null);
            put(inside, rest, value);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            *place = match in_list {
                true => Value::Array(Vec::new()),
                false => Value::Object(Map::new()),
            };
            put(place, path, value);
        }
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

    /// The same, of a field that has to be there.
    pub(in super::super) fn needed(&self, name: &str) -> Result<&str, Wrong> {
        self.last(name)
            .ok_or_else(|| Wrong::Absent(name.to_owned()))
    }
}

/// A domain that is asked for: its host, and how many mailboxes it may have.
pub(in super::super) fn new_domain(fields: &Fields) -> Result<(String, Option<u32>), Wrong> {
    fields.need(&["Domain"])?;
    let host = fields.text("Domain")?.unwrap_or_default();
    let params = fields.params()?;
    let limit = params.number("total_mailbox_allowed");
    let limit = limit.map(|limit| {
        limit
            .and_then(|limit| u32::try_from(limit).ok())
            .unwrap_or(0)
    });
    Ok((host, limit))
}

/// Domains below one that are asked for: its host, and their labels.
pub(in super::super) fn new_sub_domains(fields: &Fields) -> Result<(String, Vec<String>), Wrong> {
    fields.need(&["Domain", "Params.sub_domains"])?;
    let host = fields.text("Domain")?.unwrap_or_default();
    let params = fields.params()?;
    let Some(Value::Array(labels)) = params.0.and_then(|params| params.get("sub_domains")) else {
        return Err(Wrong::NoList);
    };
    let label = |label: &Value| match label {
        Value::String(label) => Ok(label.clone()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            Err(Wrong::NoLabel(label.to_string()))
        }
    };
    let labels = labels.iter().map(label).collect::<Result<_, _>>()?;
    Ok((host, labels))
}

/// Mailboxes that are asked for at the endpoint for tasks of `kind`.
pub(in super::super) fn new_mailboxes(
    fields: &Fields,
    kind: TaskKind,
) -> Result<NewMailboxes, Wrong> {
    let (word, needed): (_, &[&str]) = match kind {
        TaskKind::Mailboxes => ("bulk", &["Params.count"]),
        TaskKind::Mailbox | TaskKind::Domain | TaskKind::SubDomains => ("single", &[]),
    };
    fields.need(&["Email_fullname", "single_bulk", "Domain", "Params"])?;
    fields.need(needed)?;
    let name = fields.text("Email_fullname")?.unwrap_or_default();
    if fields.text("single_bulk")?.as_deref() != Some(word) {
        return Err(Wrong::OtherWord);
    }
    let host = fields.text("Domain")?.unwrap_or_default();
    let params = fields.params()?;
    // What is no number is out of every range.
    let count = params.number("count").flatten();
    let quota_mib = params.number("quota_mb").map(Option::unwrap_or_default);
    Ok(NewMailboxes {
        host,
        name,
        row: match kind {
            TaskKind::Mailboxes => {
                let count = count.and_then(|count| u32::try_from(count).ok());
                Row::Numbered(count.unwrap_or_default())
            }
            TaskKind::Mailbox | TaskKind::Domain | TaskKind::SubDomains => Row::One,
        },
        display_name: params.text("display_name")?,
        quota_mib: quota_mib.unwrap_or(QUOTA_MIB),
        password: params.text("password")?,
    })
}

impl Fields {
    /// The first of these fields that is not there is told; `Params.x` is one of `Params`.
    fn need(&self, names: &[&str]) -> Result<(), Wrong> {
        let there = |name: &str| match name.split_once('.') {
            None => said(&self.0, name).is_some(),
            Some((object, name)) => match said(&self.0, object) {
                Some(Value::Object(inside)) => said(inside, name).is_some(),
                _ => false,
            },
        };
        match names.iter().find(|name| !there(name)) {
            None => Ok(()),
            Some(name) => Err(Wrong::Absent((*name).to_owned())),
        }
    }

    fn text(&self, name: &str) -> Result<Option<String>, Wrong> {
        text(&self.0, name, name)
    }

    /// The inner object; an empty list is an empty one, as some clients write it.
    fn params(&self) -> Result<Params<'_>, Wrong> {
        match said(&self.0, "Params") {
            None => Ok(Params(None)),
            Some(Value::Object(params)) => Ok(Params(Some(params))),
            Some(Value::Array(list)) if list.is_empty() => Ok(Params(None)),
            Some(_) => Err(Wrong::NoObject),
        }
    }

    /// The key; what is no text is one that nobody has.
    pub(in super::super) fn key(&self) -> Option<&str> {
        match said(&self.0, "key") {
            None => None,
            Some(key) => Some(key.as_str().unwrap_or("?")),
        }
    }
}

/// The fields of the inner object.
struct Params<'a>(Option<&'a Map<String, Value>>);

impl Params<'_> {
    fn text(&self, name: &str) -> Result<Option<String>, Wrong> {
        match self.0 {
            None => Ok(None),
            Some(params) => text(params, name, &format!("Params.{name}")),
        }
    }

    /// A number, that forms write as a text; an inner None is something else.
    fn number(&self, name: &str) -> Option<Option<u64>> {
        let number = match said(self.0?, name)? {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.trim().parse().ok(),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        };
        Some(number)
    }
}

/// A field that says something: neither null nor blank.
fn said<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    fields.get(name).filter(|value| match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(list) => !(list.is_empty() && name == "sub_domains"),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => true,
    })
}

fn text(fields: &Map<String, Value>, name: &str, shown: &str) -> Result<Option<String>, Wrong> {
    match said(fields, name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Wrong::NoText(shown.to_owned())),
    }
}

#[cfg(test)]
mod tests;
