//! Submissions, from the wire.

use std::borrow::Cow;

use axum::http::HeaderMap;
use posthouse::clock::Timestamp;
use posthouse::error::{Error, Field, Problem, Reason};
use posthouse::limits::{TAG_CHARACTERS, TAGS, TEMPLATE_VALUE_BYTES, TEMPLATE_VARIABLES_BYTES};
use posthouse::model::email::{
    IdempotencyTerms, MessageIdTerms, SenderTerms, SubjectTerms, Submission, SuppressedTerms,
    Terms, WayOutTerms,
};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::super::wire::ask::{Email, List, Recipient};
use super::value;
use crate::http::json::{Given, Text};

/// What the contract asks of every email.
pub(in super::super) const TERMS: Terms = Terms {
    sender: SenderTerms::OwnDomain,
    suppressed: SuppressedTerms::Skip,
    subject: SubjectTerms::Required,
    way_out: WayOutTerms::Later,
    recipients: 50,
    subject_characters: 998,
    tags: (TAGS, TAG_CHARACTERS),
    body_bytes: 10 * 1024 * 1024,
    message_id: MessageIdTerms::Uuid,
    idempotency: IdempotencyTerms::Organization,
};

/// An Idempotency-Key; what is no text is a problem.
pub(in super::super) type Idempotency = Result<Option<String>, Problem>;

/// The caller's Idempotency-Key.
pub(in super::super) fn idempotency(headers: &HeaderMap) -> Idempotency {
    let Some(value) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    std::str::from_utf8(value.as_bytes())
        .map(|text| Some(text.to_owned()).filter(|text| !text.is_empty()))
        .map_err(|_| Field::IdempotencyKey.problem(Reason::Malformed))
}

/// The Idempotency-Key of one email of a call.
pub(in super::super) fn at(idempotency: &Idempotency, index: usize) -> Idempotency {
    let key = idempotency.as_ref().map_err(Clone::clone)?;
    Ok(key.as_ref().map(|key| format!("{key}#{index}")))
}

/// Values for placeholders; None without any.
///
/// # Errors
/// `Invalid` when it is no object, or larger than is ever looked at.
pub(in super::super) fn variables(
    raw: Option<&RawValue>,
) -> Result<Option<Map<String, Value>>, Error> {
    parsed(raw).map_err(|problem| Error::Invalid(vec![problem]))
}

fn parsed(raw: Option<&RawValue>) -> Result<Option<Map<String, Value>>, Problem> {
    let Some(raw) = raw else { return Ok(None) };
    let raw = raw.get();
    // A value takes many times the room of its digit, so they are counted before one is made.
    if raw.len() + values(raw) * TEMPLATE_VALUE_BYTES > 2 * TEMPLATE_VARIABLES_BYTES {
        return Err(Field::Variables.problem(Reason::TooLong));
    }
    serde_json::from_str(raw)
        .map(Some)
        .map_err(|_| Field::Variables.problem(Reason::Malformed))
}

/// How many values there are in JSON, at most.
fn values(json: &str) -> usize {
    let (mut count, mut quoted, mut escaped) = (1, false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b',' | b'[' | b'{' if !quoted => count += 1,
            _ => {}
        }
    }
    count
}

/// An email; its wrong types are among its problems.
pub(in super::super) fn submission(email: Email<'_>, idempotency: Idempotency) -> Submission {
    let variables = parsed(email.variables);
    made(email, variables, idempotency)
}

/// The emails of a batch, each made when it is asked for. What is no email is an empty one.
pub(in super::super) fn many(
    emails: Vec<Given<Email<'_>>>,
    idempotency: Idempotency,
) -> impl Iterator<Item = Submission> {
    let emails = emails.into_iter().enumerate();
    emails.map(move |(index, email)| {
        submission(value(email).unwrap_or_default(), at(&idempotency, index))
    })
}

/// The emails of a bulk send, each made when it is asked for.
pub(in super::super) fn bulk<'a>(
    base: Email<'a>,
    recipients: Vec<Given<Recipient<'a>>>,
    idempotency: Idempotency,
) -> impl Iterator<Item = Submission> {
    let shared = parsed(base.variables);
    let recipients = recipients.into_iter().enumerate();
    recipients.map(move |(index, one)| {
        let one = value(one).unwrap_or_default();
        let variables = both(&shared, parsed(one.variables));
        made(merged(&base, one), variables, at(&idempotency, index))
    })
}

/// One recipient's values over those of all.
fn both(
    shared: &Result<Option<Map<String, Value>>, Problem>,
    own: Result<Option<Map<String, Value>>, Problem>,
) -> Result<Option<Map<String, Value>>, Problem> {
    let shared = shared.as_ref().map_err(Clone::clone)?;
    Ok(match (shared, own?) {
        (None, own) => own,
        (Some(shared), own) => {
            let mut all = shared.clone();
            all.extend(own.unwrap_or_default());
            Some(all)
        }
    })
}

/// The email of one recipient: what is said of them replaces what is said of all.
fn merged<'a>(base: &Email<'a>, one: Recipient<'a>) -> Email<'a> {
    let Recipient {
        to,
        from_name,
        cc,
        bcc,
        reply_to,
        subject,
        variables: _,
        tags,
        send_at,
    } = one;
    fn over<T: Clone>(own: Given<T>, shared: &Given<T>) -> Given<T> {
        match own {
            Given::Absent => shared.clone(),
            Given::Null | Given::Value(_) | Given::Wrong => own,
        }
    }
    Email {
        from: base.from.clone(),
        from_name: over(from_name, &base.from_name),
        to,
        cc: over(cc, &base.cc),
        bcc: over(bcc, &base.bcc),
        reply_to: over(reply_to, &base.reply_to),
        subject: over(subject, &base.subject),
        html: base.html.clone(),
        text: base.text.clone(),
        template_id: base.template_id.clone(),
        variables: None,
        tags: over(tags, &base.tags),
        send_at: over(send_at, &base.send_at),
    }
}

/// Collects what has a wrong type.
#[derive(Default)]
struct Refused(Vec<Problem>);

impl Refused {
    fn text(&mut self, field: Field, given: Text<'_>) -> Option<String> {
        if given == Given::Wrong {
            self.0.push(field.problem(Reason::Malformed));
        }
        value(given).map(Cow::into_owned)
    }

    /// Addresses with commas between them.
    fn addresses(&mut self, field: Field, given: Given<List<'_>>) -> Option<String> {
        let texts = self.texts(field, given)?;
        let items: Vec<&str> = texts.iter().flat_map(|text| items(text)).collect();
        Some(items.join(", "))
    }

    fn texts<'a>(&mut self, field: Field, given: Given<List<'a>>) -> Option<Vec<Cow<'a, str>>> {
        let texts = match given {
            Given::Absent | Given::Null => return None,
            Given::Value(List::One(text)) => Some(vec![text]),
            Given::Value(List::Many(texts)) => texts.into_iter().map(value).collect(),
            Given::Wrong => None,
        };
        if texts.is_none() {
            self.0.push(field.problem(Reason::Malformed));
        }
        texts
    }

    fn time(&mut self, field: Field, given: Text<'_>) -> Option<Timestamp> {
        let text = self.text(field, given)?;
        if text.trim().is_empty() {
            return None;
        }
        let time = Timestamp::parse_rfc3339(&text);
        if time.is_none() {
            self.0.push(field.problem(Reason::Malformed));
        }
        time
    }

    fn kept<T>(&mut self, found: Result<Option<T>, Problem>) -> Option<T> {
        found.unwrap_or_else(|problem| {
            self.0.push(problem);
            None
        })
    }
}

fn made(
    email: Email<'_>,
    variables: Result<Option<Map<String, Value>>, Problem>,
    idempotency: Idempotency,
) -> Submission {
    let Email {
        from,
        from_name,
        to,
        cc,
        bcc,
        reply_to,
        subject,
        html,
        text,
        template_id,
        variables: _,
        tags,
        send_at,
    } = email;
    let mut refused = Refused::default();
    let tags = refused.texts(Field::Tags, tags);
    Submission {
        posted: None,
        terms: TERMS,
        from: match from {
            // What is no text is no address, and not nothing either.
            Given::Wrong => Some(String::from(" ")),
            given => value(given).map(Cow::into_owned),
        },
        from_name: refused.text(Field::From, from_name),
        to: refused.addresses(Field::To, to),
        cc: refused.addresses(Field::Cc, cc),
        bcc: refused.addresses(Field::Bcc, bcc),
        reply_to: refused.addresses(Field::ReplyTo, reply_to),
        subject: refused.text(Field::Subject, subject),
        template: refused.text(Field::Template, template_id),
        variables: refused.kept(variables),
        send_at: refused.time(Field::SendAt, send_at),
        metadata: None,
        html: refused.text(Field::Html, html),
        text: refused.text(Field::Text, text),
        in_reply_to: None,
        references: None,
        list_unsubscribe: None,
        tags: tags.as_deref().map(all_tags),
        attachments: Vec::new(),
        extensions: None,
        idempotency: refused.kept(idempotency),
        refused: refused.0,
    }
}

/// The items of a list with `,` or `;` between them; those in quotes do not count. Nothing
/// between two of them, or behind the last, is no item.
fn items(list: &str) -> Vec<&str> {
    let mut items = Vec::new();
    let (mut start, mut quoted, mut escaped) = (0, false, false);
    // Every byte looked at is ASCII, so each cut is at a character boundary.
    for (index, byte) in list.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b',' | b';' if !quoted => {
                items.push(&list[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    items.push(&list[start..]);
    items.retain(|item| !item.trim().is_empty());
    items.into_iter().map(str::trim).collect()
}

fn all_tags(texts: &[Cow<'_, str>]) -> Vec<String> {
    texts
        .iter()
        .flat_map(|text| text.split(','))
        .map(str::trim)
        .filter(|tag| !tag.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests;
