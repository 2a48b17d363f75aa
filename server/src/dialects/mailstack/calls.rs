//! The handlers: the caller, in, one operation, out.

pub(super) mod billing;
pub(super) mod domains;
pub(super) mod emails;
pub(super) mod keys;
pub(super) mod messages;
pub(super) mod templates;
pub(super) mod webhooks;

use axum::body::{Body, Bytes};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use posthouse::error::Unknown;
use posthouse::model::key::{Caller, Scope};
use posthouse::model::organization::Standing;
use posthouse::{Error, Posthouse};
use uuid::Uuid;

use super::convert;
use super::refuse::{self, Door, Said, refuse};
use super::wire::answer::Done;
use crate::http::answer::json;
use crate::http::body::{self, Whole};
use crate::http::credential;
use crate::http::json::{Shape, object};

/// The header field that names an organization.
const ORGANIZATION: [&str; 1] = ["x-mailstack-org"];
/// Requests to do with anything but mail are a line or two.
const SMALL_BODY_BYTES: usize = 1024 * 1024;

type Answer = Result<Response, Said>;
type Segment = Result<Path<String>, PathRejection>;

fn either(answer: Answer) -> Response {
    answer.unwrap_or_else(Said::response)
}

/// Who shows a key that reaches as far as one of `scopes`; the last is the one that is told
/// as missing.
async fn admit(engine: &Posthouse, headers: &HeaderMap, scopes: &[Scope]) -> Result<Caller, Said> {
    let unknown = |unknown| refuse(Door::Keys, Error::Unknown(unknown));
    let token = credential::bearer(headers).ok_or_else(|| unknown(Unknown::Absent))?;
    let shape = convert::shape_of(&token).ok_or_else(|| unknown(Unknown::Wrong))?;
    let caller = engine
        .authenticate(shape, &token)
        .await
        .map_err(|error| refuse(Door::Keys, error))?;
    // What the organization lacks to send is for sending to say.
    if caller.standing() == Standing::Disabled {
        return Err(refuse::no_organization());
    }
    if let Some(named) = credential::shown(headers, &ORGANIZATION)
        && Uuid::try_parse(&named) != Ok(caller.organization_uuid())
    {
        return Err(refuse::no_organization());
    }
    match scopes.last() {
        Some(&last) if caller.needs_any(scopes).is_err() => Err(lacks(last)),
        Some(_) | None => Ok(caller),
    }
}

/// The key lacks a scope.
fn lacks(scope: Scope) -> Said {
    refuse::missing_scope(convert::scope_word(scope).unwrap_or(scope.as_str()))
}

/// A body of at most `limit_bytes`, with its place among the large ones.
async fn whole(headers: &HeaderMap, body: Body, limit_bytes: usize) -> Result<Whole, Said> {
    body::read(body, headers, limit_bytes)
        .await
        .map_err(refuse::unread)
}

/// A small body.
async fn small(headers: &HeaderMap, body: Body) -> Result<Bytes, Said> {
    let Whole { bytes, .. } = whole(headers, body, SMALL_BODY_BYTES).await?;
    Ok(bytes)
}

/// What a body asks.
fn asked<'de, T: Shape<'de>>(bytes: &'de [u8]) -> Result<T, Said> {
    object(bytes).map_err(|_| refuse::no_json())
}

/// A path's id; what is no text is no id.
fn id(segment: Segment) -> Uuid {
    segment.map_or_else(|_| Uuid::nil(), |Path(text)| convert::id(&text))
}

fn query(uri: &Uri) -> Vec<(String, String)> {
    Query::try_from_uri(uri).map_or_else(|_| Vec::new(), |Query(pairs)| pairs)
}

fn done() -> Response {
    json(StatusCode::OK, &Done { status: "ok" })
}
