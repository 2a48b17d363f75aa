//! Between the wire and the engine; no I/O, no clock.

mod submission;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use posthouse::Error;
use posthouse::error::{Field, Reason};
use posthouse::ids::{DomainId, Entropy, KeyId, random};
use posthouse::model::domain::{Domain, DomainSort, Record, RecordKind, Verdict};
use posthouse::model::email::Accepted;
use posthouse::model::key::Scope;
use posthouse::model::page::{Direction, Page};
use posthouse::ops::domains::DomainChange;
use posthouse::ops::keys::{Keeping, KeyChange, NewKey};
use posthouse::ops::readable_keys::{KeyPlace, ReadableKey};
use posthouse::ops::records::Verification;

use super::wire::{
    self, ApiToken, ApiTokenFields, DomainFields, SendResponse, VerifiedDomain, VerifyErrors,
};
use crate::http::credential::base62;
use crate::http::json::{Given, Text};

pub(super) use submission::{EXTENSIONS, idempotency, submission};

/// The shape of keys that send: one domain each, readable again.
pub const SERVER_SHAPE: &str = "mailpace-server";
/// The shape of keys that manage domains and server tokens.
pub const ORGANIZATION_SHAPE: &str = "mailpace-organization";

/// A new server token: the text of a random UUID, in lower case.
pub fn server_token(entropy: &dyn Entropy) -> String {
    uuid::Builder::from_random_bytes(random(entropy))
        .into_uuid()
        .to_string()
}

/// A new organization token: `org_` and 40 base62 characters, each equally likely.
pub fn organization_token(entropy: &dyn Entropy) -> String {
    base62("org_", 40, entropy)
}

/// Whether a token has the form of a server token.
pub(super) fn is_server_token(token: &str) -> bool {
    token.len() == 36 && uuid::Uuid::try_parse(token).is_ok()
}

/// Whether a token has the form of an organization token.
pub(super) fn is_organization_token(token: &str) -> bool {
    token.len() == 44
        && token
            .strip_prefix("org_")
            .is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_alphanumeric()))
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
        tracking: None,
        unsubscribe: None,
        receives: None,
        dmarc: None,
        catch_all: None,
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
        prefix: None,
        keeping: Keeping::Readable,
        name,
        domain: Some(domain),
        scopes: vec![Scope::Send],
        mode: None,
        expires_at: None,
    }
}

pub(super) fn domain(domain: Domain) -> wire::Domain {
    let Domain {
        id,
        uuid: _,
        organization: _,
        host,
        name,
        mail_from: _,
        mail_from_verified: _,
        verified_at: _,
        tracking: _,
        unsubscribe: _,
        selector,
        dkim_record,
        dkim_verified,
        advanced_verified,
        tls: _,
        receives: _,
        dmarc: _,
        catch_all: _,
        mailbox_limit: _,
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
