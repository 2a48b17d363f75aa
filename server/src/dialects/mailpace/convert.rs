//! Between the wire and the engine; no I/O, no clock.

use std::borrow::Cow;

use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use posthouse::Error;
use posthouse::error::{Field, Problem, Reason};
use posthouse::ids::{DomainId, Entropy, KeyId, random};
use posthouse::model::domain::{Domain, DomainSort, Record, RecordKind, Verdict};
use posthouse::model::email::{Accepted, Submission, SubmittedFile};
use posthouse::model::key::Scope;
use posthouse::model::page::{Direction, Page};
use posthouse::ops::domains::DomainChange;
use posthouse::ops::keys::{Keeping, KeyChange, NewKey};
use posthouse::ops::readable_keys::{KeyPlace, ReadableKey};
use posthouse::ops::records::Verification;

use super::wire::{
    self, ApiToken, ApiTokenFields, Attachment, Attachments, DomainFields, SendRequest,
    SendResponse, Tags, VerifiedDomain, VerifyErrors,
};
use crate::http::json::{Given, Text};

/// The shape of keys that send: one domain each, readable again.
pub const SERVER_SHAPE: &str = "mailpace-server";
/// The shape of keys that manage domains and server tokens.
pub const ORGANIZATION_SHAPE: &str = "mailpace-organization";

/// The file name extensions that the contract lets through (section 3).
const EXTENSIONS: &[&str] = &[
    "jpeg", "jpg", "png", "gif", "txt", "pdf", "docx", "xlsx", "pptx", "csv", "att", "ics", "ical",
    "html", "zip", "auf", "xml", "dwg",
];

/// A new server token: the text of a random UUID, in lower case.
pub fn server_token(entropy: &dyn Entropy) -> String {
    uuid::Builder::from_random_bytes(random(entropy))
        .into_uuid()
        .to_string()
}

/// A new organization token: `org_` and 40 base62 characters, each equally likely.
pub fn organization_token(entropy: &dyn Entropy) -> String {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    // The most whole alphabets that a byte counts; bytes past them are thrown again.
    const FAIR: u8 = 248;
    let mut token = String::from("org_");
    while token.len() < 44 {
        let fair = random::<64>(entropy)
            .into_iter()
            .filter(|byte| *byte < FAIR);
        token.extend(
            fair.take(44 - token.len())
                .map(|byte| char::from(DIGITS[usize::from(byte % 62)])),
        );
    }
    token
}

/// An id in a path. What is none becomes 0, which nothing has, so that it is looked for and
/// missed in its turn: after the credential, and the domain before the token.
fn id(text: &str) -> i64 {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        text.parse().unwrap_or(0)
    } else {
        0
    }
}

pub(super) fn domain_id(text: &str) -> DomainId {
    DomainId(id(text))
}

pub(super) fn key_place(domain: &str, key: &str) -> KeyPlace {
    KeyPlace {
        domain: domain_id(domain),
        shape: SERVER_SHAPE,
        id: KeyId(id(key)),
    }
}

/// The caller's Idempotency-Key; bytes that are no text are a problem.
pub(super) fn idempotency(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers
        .get("idempotency-key")
        .or_else(|| quirk_idempotent_key(headers))
    else {
        return Ok(None);
    };
    std::str::from_utf8(value.as_bytes())
        .map(|text| Some(text.to_owned()))
        .map_err(|_| Field::IdempotencyKey.problem(Reason::Malformed))
}

/// Every example of the vendor's guide to idempotency writes the name so
/// (mailpace/docs, docs/guide/idempotent-requests.md).
fn quirk_idempotent_key(headers: &HeaderMap) -> Option<&axum::http::HeaderValue> {
    headers.get("idempotent-key")
}

/// A submission; its wrong types are among its problems.
pub(super) fn submission(
    request: SendRequest<'_>,
    idempotency: Result<Option<String>, Problem>,
) -> Submission {
    let SendRequest {
        from,
        to,
        cc,
        bcc,
        subject,
        htmlbody,
        textbody,
        replyto,
        inreplyto,
        references,
        list_unsubscribe,
        tags,
        attachments,
    } = request;
    let mut refused = Vec::new();
    let idempotency = idempotency.unwrap_or_else(|problem| {
        refused.push(problem);
        None
    });
    let mut text = |field: Field, given: Text<'_>| match given {
        Given::Absent | Given::Null => None,
        Given::Value(text) => Some(text.into_owned()),
        Given::Wrong => {
            refused.push(field.problem(Reason::Malformed));
            None
        }
    };
    let mut submission = Submission {
        from: match from {
            Given::Value(text) => Some(text.into_owned()),
            Given::Absent | Given::Null | Given::Wrong => None,
        },
        to: text(Field::To, to),
        cc: text(Field::Cc, cc),
        bcc: text(Field::Bcc, bcc),
        reply_to: text(Field::ReplyTo, replyto),
        subject: text(Field::Subject, subject),
        html: text(Field::Html, htmlbody),
        text: text(Field::Text, textbody),
        in_reply_to: text(Field::InReplyTo, inreplyto),
        references: text(Field::References, references),
        list_unsubscribe: text(Field::ListUnsubscribe, list_unsubscribe),
        tags: None,
        attachments: Vec::new(),
        extensions: Some(EXTENSIONS),
        idempotency,
        refused: Vec::new(),
    };
    submission.attachments = files(attachments, &mut refused);
    submission.tags = all_tags(tags, &mut refused);
    submission.refused = refused;
    submission
}

fn files(given: Given<Attachments<'_>>, refused: &mut Vec<Problem>) -> Vec<SubmittedFile> {
    let list = match given {
        Given::Absent | Given::Null => return Vec::new(),
        // "" is absent for every optional field, and a file list is one.
        Given::Value(Attachments::Empty) => return Vec::new(),
        Given::Value(Attachments::Files(list)) => list,
        Given::Wrong => {
            once(refused, Field::Attachments);
            return Vec::new();
        }
    };
    let mut files = Vec::with_capacity(list.len());
    for given in list {
        match given {
            Given::Value(attachment) => files.extend(file(attachment, refused)),
            Given::Absent | Given::Null | Given::Wrong => once(refused, Field::Attachments),
        }
    }
    files
}

fn once(refused: &mut Vec<Problem>, field: Field) {
    let problem = field.problem(Reason::Malformed);
    if !refused.contains(&problem) {
        refused.push(problem);
    }
}

/// A file, unless one of its fields has a wrong type.
fn file(attachment: Attachment<'_>, refused: &mut Vec<Problem>) -> Option<SubmittedFile> {
    let Attachment {
        name,
        content,
        content_type,
        cid,
    } = attachment;
    let mut right = true;
    for (field, wrong) in [
        (Field::AttachmentName, name == Given::Wrong),
        (Field::AttachmentContent, content == Given::Wrong),
        (Field::AttachmentType, content_type == Given::Wrong),
        (Field::AttachmentId, cid == Given::Wrong),
    ] {
        if wrong {
            once(refused, field);
            right = false;
        }
    }
    right.then(|| SubmittedFile {
        name: value(name).map(Cow::into_owned),
        content_type: value(content_type).map(Cow::into_owned),
        content: value(content).and_then(|text| quirk_wrapped_base64(&text)),
        content_id: value(cid).map(|cid| quirk_cid(&cid).to_owned()),
    })
}

fn value<T>(given: Given<T>) -> Option<T> {
    match given {
        Given::Value(value) => Some(value),
        Given::Absent | Given::Null | Given::Wrong => None,
    }
}

/// Base64 with its padding; the Rails gem and the Symfony bridge break its lines.
fn quirk_wrapped_base64(text: &str) -> Option<Vec<u8>> {
    if !text.bytes().any(|byte| matches!(byte, b'\r' | b'\n')) {
        return STANDARD.decode(text).ok();
    }
    let joined: Vec<u8> = text
        .bytes()
        .filter(|byte| !matches!(byte, b'\r' | b'\n'))
        .collect();
    STANDARD.decode(joined).ok()
}

/// A Content-ID comes as `x@y`, `<x@y>` or `cid:x@y` (section 3 of the contract).
fn quirk_cid(text: &str) -> &str {
    let text = text.trim();
    let bare = match text.get(..4) {
        Some(scheme) if scheme.eq_ignore_ascii_case("cid:") => text[4..].trim_start(),
        _ => text,
    };
    bare.strip_prefix('<')
        .and_then(|rest| rest.strip_suffix('>'))
        .unwrap_or(bare)
}

fn all_tags(given: Given<Tags<'_>>, refused: &mut Vec<Problem>) -> Option<Vec<String>> {
    let tags = match given {
        Given::Absent | Given::Null => return None,
        Given::Value(Tags::One(text)) => {
            quirk_ruby_array(&text).unwrap_or_else(|| vec![text.into_owned()])
        }
        Given::Value(Tags::Many(list)) => {
            let mut tags = Vec::with_capacity(list.len());
            for tag in list {
                match tag {
                    Given::Value(tag) => tags.push(tag.into_owned()),
                    Given::Absent | Given::Null => {}
                    Given::Wrong => {
                        once(refused, Field::Tags);
                        return None;
                    }
                }
            }
            tags
        }
        Given::Wrong => {
            once(refused, Field::Tags);
            return None;
        }
    };
    let tags: Vec<String> = tags.into_iter().filter(|tag| !tag.is_empty()).collect();
    (!tags.is_empty()).then_some(tags)
}

/// The Rails gem sends an array of tags as its Ruby text, `['one', "two"]`. None when the
/// text is not exactly that: then it is one tag.
fn quirk_ruby_array(text: &str) -> Option<Vec<String>> {
    let mut rest = text.trim().strip_prefix('[')?.strip_suffix(']')?.trim();
    let mut tags = Vec::new();
    while !rest.is_empty() {
        let quote = rest.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
        let mut tag = String::new();
        let mut characters = rest[1..].char_indices();
        let end = loop {
            match characters.next()? {
                (at, c) if c == quote => break at + 2,
                (_, '\\') => tag.push(characters.next()?.1),
                (_, c) => tag.push(c),
            }
        };
        tags.push(tag);
        rest = rest[end..].trim_start();
        rest = match rest.strip_prefix(',') {
            Some(more) if !more.trim_start().is_empty() => more.trim_start(),
            Some(_) => return None,
            None if rest.is_empty() => rest,
            None => return None,
        };
    }
    Some(tags)
}

pub(super) fn accepted(accepted: &Accepted) -> SendResponse {
    SendResponse {
        id: accepted.id.0,
        status: "pending",
    }
}

/// Which domains to list: what cannot be read falls back, what is out of range is clamped.
pub(super) fn list(query: &[(String, String)]) -> (Page, DomainSort, Direction) {
    let last = |name: &str| {
        query
            .iter()
            .rev()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.trim())
    };
    (
        Page::clamped(
            last("limit").and_then(whole_number),
            last("offset").and_then(whole_number),
        ),
        last("sort")
            .and_then(DomainSort::parse)
            .unwrap_or(DomainSort::CreatedAt),
        last("direction")
            .and_then(Direction::parse)
            .unwrap_or(Direction::Descending),
    )
}

/// A whole number, however long; past i64 it is the nearest one.
fn whole_number(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let nearest = if text.starts_with('-') {
        i64::MIN
    } else {
        i64::MAX
    };
    Some(text.parse().unwrap_or(nearest))
}

fn field_text(field: Field, given: Text<'_>) -> Result<Option<Option<String>>, Error> {
    match given {
        Given::Absent => Ok(None),
        Given::Null => Ok(Some(None)),
        Given::Value(text) => Ok(Some(Some(text.into_owned()))),
        Given::Wrong => Err(field.error(Reason::Malformed)),
    }
}

/// The host and name of a domain to be made.
///
/// # Errors
/// `Invalid` for a wrong type.
pub(super) fn new_domain(fields: DomainFields<'_>) -> Result<(String, Option<String>), Error> {
    let DomainFields { url, name } = fields;
    let host = field_text(Field::Host, url)?.flatten().unwrap_or_default();
    Ok((host, field_text(Field::Name, name)?.flatten()))
}

/// What to change of a domain. A `null` name takes the name away; a `null` url is blank.
///
/// # Errors
/// `Invalid` for a wrong type.
pub(super) fn domain_change(fields: DomainFields<'_>) -> Result<DomainChange, Error> {
    let DomainFields { url, name } = fields;
    Ok(DomainChange {
        host: field_text(Field::Host, url)?.map(Option::unwrap_or_default),
        name: field_text(Field::Name, name)?,
        tls: None,
    })
}

/// The name of a token to be made.
///
/// # Errors
/// `Invalid` for a wrong type.
pub(super) fn token_name(fields: ApiTokenFields<'_>) -> Result<Option<String>, Error> {
    let ApiTokenFields { name } = fields;
    Ok(field_text(Field::Name, name)?.flatten())
}

/// What to change of a token.
///
/// # Errors
/// `Invalid` for a wrong type.
pub(super) fn token_change(fields: ApiTokenFields<'_>) -> Result<KeyChange, Error> {
    let ApiTokenFields { name } = fields;
    Ok(KeyChange {
        name: field_text(Field::Name, name)?,
        mode: None,
        rate_per_minute: None,
    })
}

/// A server token to be made for a domain.
pub(super) fn new_key(domain: DomainId, name: Option<String>, token: String) -> NewKey {
    NewKey {
        shape: SERVER_SHAPE,
        token,
        keeping: Keeping::Readable,
        name,
        domain: Some(domain),
        scopes: vec![Scope::Send],
        mode: None,
    }
}

pub(super) fn domain(domain: Domain) -> wire::Domain {
    let Domain {
        id,
        organization: _,
        host,
        name,
        selector,
        dkim_record,
        dkim_verified,
        advanced_verified,
        tls: _,
        webhook_public,
        created_at,
        modified_at,
    } = domain;
    wire::Domain {
        id: id.0,
        name,
        url: host,
        dkim_selector: selector,
        dkim_string: dkim_record,
        dkim_verified,
        advanced_verified,
        webhook_public_key: STANDARD.encode(webhook_public),
        created_at: created_at.rfc3339_millis(),
        modified_at: modified_at.rfc3339_millis(),
    }
}

pub(super) fn verified(verification: Verification) -> VerifiedDomain {
    let Verification {
        domain: of,
        records,
    } = verification;
    VerifiedDomain {
        advance_verified: of.advanced_verified,
        errors: VerifyErrors {
            dkim: fault(&records, RecordKind::Dkim, "No matching DKIM key found"),
            // The vendor's text for the CNAME; the DMARC record's is ours.
            advance_verified: fault(&records, RecordKind::ReturnPath, "No CNAME keys found")
                .or_else(|| fault(&records, RecordKind::Dmarc, "No DMARC record found")),
        },
        domain: domain(of),
    }
}

/// What is wrong with a record, if anything is. What DNS could not tell is not "not found".
fn fault(records: &[Record], kind: RecordKind, absent: &'static str) -> Option<&'static str> {
    let record = records.iter().find(|record| record.kind == kind)?;
    match record.checked.as_ref()?.verdict {
        Verdict::Match => None,
        Verdict::Mismatch | Verdict::Absent => Some(absent),
        Verdict::Unsure => Some("DNS could not be asked, please try again"),
    }
}

pub(super) fn api_token(key: ReadableKey) -> ApiToken {
    let ReadableKey { key, token } = key;
    ApiToken {
        id: key.id.0,
        name: key.name,
        token,
        created_at: key.created_at.rfc3339_millis(),
    }
}

#[cfg(test)]
mod tests;
