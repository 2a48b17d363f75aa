//! The handlers: the caller, in, one operation, out.

use axum::body::{Body, Bytes};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use posthouse::error::{Unknown, internal};
use posthouse::limits::REQUEST_BODY_BYTES;
use posthouse::model::email::{Accepted, Submission};
use posthouse::model::key::Caller;
use posthouse::ops::readable_keys::{KeyPlace, ReadableKey};
use posthouse::{Error, Posthouse};

use super::convert::{self, ORGANIZATION_SHAPE, SERVER_SHAPE};
use super::refuse::{self, Door, refuse};
use super::wire::{ApiTokenFields, ApiTokenRequest, DomainFields, DomainRequest, SendRequest};
use crate::http::answer::{empty, json, uncut};
use crate::http::body::{self, Unread, Whole};
use crate::http::json::{Given, NotAnObject, object};
use crate::http::{credential, media};

/// The names of the header field with a server token; the second is from when the vendor
/// was OhMySMTP.
const SERVER_TOKEN: [&str; 2] = ["mailpace-server-token", "ohmysmtp-server-token"];
const ORGANIZATION_TOKEN: [&str; 1] = ["mailpace-organization-token"];

/// What is read of the body of somebody whose token is not known: enough to say, as the
/// order of the checks wants, that an ordinary body is not JSON.
const STRANGER_BODY_BYTES: usize = 1024 * 1024;
/// Requests to do with domains and tokens are a line or two.
const SMALL_BODY_BYTES: usize = 1024 * 1024;
/// Bodies over this are parsed and decoded off the async threads.
const INLINE_BYTES: usize = 256 * 1024;

type Answer = Result<Response, Response>;
type Segments<T> = Result<Path<T>, PathRejection>;

fn either(answer: Answer) -> Response {
    answer.unwrap_or_else(|refusal| refusal)
}

fn said(error: Error) -> Response {
    refuse(Door::Organization, error)
}

/// `POST /send`.
pub(super) async fn send(State(engine): State<Posthouse>, request: Request) -> Response {
    match accept(engine, request).await {
        Ok(accepted) => json(StatusCode::OK, &convert::accepted(&accepted)),
        Err(refusal) => refusal,
    }
}

async fn accept(engine: Posthouse, request: Request) -> Result<Accepted, Response> {
    let said = |error| refuse(Door::Server, error);
    let (head, body) = request.into_parts();
    // A token of the other kind counts as none (section 2 of the contract).
    let token = credential::shown(&head.headers, &SERVER_TOKEN)
        .filter(|token| !convert::is_organization_token(token))
        .ok_or_else(|| said(Error::Unknown(Unknown::Absent)))?;
    if !media::is_json(&head.headers) || !media::admits_json(&head.headers) {
        return Err(refuse::format());
    }
    let caller = match engine.authenticate(SERVER_SHAPE, &token).await {
        Ok(caller) => Ok(caller),
        Err(Error::Unknown(unknown)) => Err(Error::Unknown(unknown)),
        Err(other) => return Err(said(other)),
    };
    let limit_bytes = match caller {
        Ok(_) => REQUEST_BODY_BYTES,
        Err(_) => STRANGER_BODY_BYTES,
    };
    let Whole { bytes, place } = match (body::read(body, &head.headers, limit_bytes).await, &caller)
    {
        (Ok(whole), _) => whole,
        (Err(Unread::TooLarge), Err(_)) => {
            return Err(said(Error::Unknown(Unknown::Wrong)));
        }
        (Err(why), _) => return Err(refuse::unread(Door::Server, why)),
    };
    let submission = submission(bytes, &head.headers).await?;
    let caller = caller.map_err(said)?;
    let accepted = uncut(async move { engine.send(&caller, submission).await }).await;
    drop(place);
    accepted.map_err(said)
}

/// The submission that a body is, made where it does not hold others up.
async fn submission(bytes: Bytes, headers: &HeaderMap) -> Result<Submission, Response> {
    let idempotency = convert::idempotency(headers);
    let large = bytes.len() > INLINE_BYTES;
    let make = move || {
        object::<SendRequest<'_>>(&bytes).map(|request| convert::submission(request, idempotency))
    };
    let made = if large {
        tokio::task::spawn_blocking(make)
            .await
            .map_err(|error| refuse(Door::Server, internal(error)))?
    } else {
        make()
    };
    made.map_err(no_json)
}

/// Who shows an organization token.
async fn manager(engine: &Posthouse, headers: &HeaderMap) -> Result<Caller, Response> {
    let token = credential::shown(headers, &ORGANIZATION_TOKEN)
        .filter(|token| !convert::is_server_token(token))
        .ok_or_else(|| said(Error::Unknown(Unknown::Absent)))?;
    engine
        .authenticate(ORGANIZATION_SHAPE, &token)
        .await
        .map_err(said)
}

/// A small body; blank, it needs no type.
async fn small(headers: &HeaderMap, body: Body) -> Result<Bytes, Response> {
    let Whole { bytes, .. } = body::read(body, headers, SMALL_BODY_BYTES)
        .await
        .map_err(|why| refuse::unread(Door::Organization, why))?;
    if !bytes.trim_ascii().is_empty() && !media::is_json(headers) {
        return Err(refuse::format());
    }
    Ok(bytes)
}

/// What is said of a domain; None when nothing is.
fn domain_fields(bytes: &[u8]) -> Result<Option<DomainFields<'_>>, NotAnObject> {
    let DomainRequest { domain } = object(bytes)?;
    Ok(match domain {
        Given::Value(fields) if fields != DomainFields::default() => Some(fields),
        Given::Absent | Given::Null | Given::Value(_) | Given::Wrong => None,
    })
}

fn no_domain() -> Response {
    refuse::no_param("param is missing or the value is empty: domain")
}

/// What is said of a token.
fn token_fields(bytes: &[u8]) -> Result<Given<ApiTokenFields<'_>>, NotAnObject> {
    let ApiTokenRequest { api_token } = object(bytes)?;
    Ok(api_token)
}

fn no_token() -> Response {
    refuse::no_param("param is missing or the value is empty: api_token")
}

fn no_json(_: NotAnObject) -> Response {
    refuse::format()
}

/// A path's one segment; what is no text is no id.
fn one(segment: Segments<String>) -> String {
    segment.map_or_else(|_| String::new(), |Path(text)| text)
}

/// A path's domain and token.
fn place(segments: Segments<(String, String)>) -> KeyPlace {
    let (domain, id) = segments.map_or_else(|_| Default::default(), |Path(texts)| texts);
    convert::key_place(&domain, &id)
}

/// `GET /domains`.
pub(super) async fn domains(
    State(engine): State<Posthouse>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let caller = manager(&engine, &headers).await?;
        let query: Vec<(String, String)> =
            Query::try_from_uri(&uri).map_or_else(|_| Vec::new(), |Query(pairs)| pairs);
        let (page, sort, direction) = convert::list(&query);
        let found = engine
            .domains(&caller, page, sort, direction)
            .await
            .map_err(said)?;
        let list: Vec<_> = found.into_iter().map(convert::domain).collect();
        Ok(json(StatusCode::OK, &list))
    };
    either(answer.await)
}

/// `POST /domains`.
pub(super) async fn create_domain(State(engine): State<Posthouse>, request: Request) -> Response {
    let answer = async {
        let (head, body) = request.into_parts();
        let caller = manager(&engine, &head.headers).await?;
        let bytes = small(&head.headers, body).await?;
        let fields = domain_fields(&bytes)
            .map_err(no_json)?
            .ok_or_else(no_domain)?;
        let (host, name) = convert::new_domain(fields).map_err(said)?;
        let made = engine
            .create_domain(&caller, &host, name.as_deref())
            .await
            .map_err(said)?;
        Ok(json(StatusCode::OK, &convert::domain(made)))
    };
    either(answer.await)
}

/// `GET /domains/{id}`.
pub(super) async fn domain(
    State(engine): State<Posthouse>,
    id: Segments<String>,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let caller = manager(&engine, &headers).await?;
        let found = engine
            .domain(&caller, convert::domain_id(&one(id)))
            .await
            .map_err(said)?;
        Ok(json(StatusCode::OK, &convert::domain(found)))
    };
    either(answer.await)
}

/// `PATCH /domains/{id}`.
pub(super) async fn set_domain(
    State(engine): State<Posthouse>,
    id: Segments<String>,
    request: Request,
) -> Response {
    let answer = async {
        let (head, body) = request.into_parts();
        let caller = manager(&engine, &head.headers).await?;
        let bytes = small(&head.headers, body).await?;
        let fields = domain_fields(&bytes)
            .map_err(no_json)?
            .ok_or_else(no_domain)?;
        let change = convert::domain_change(fields).map_err(said)?;
        let changed = engine
            .set_domain(&caller, convert::domain_id(&one(id)), change)
            .await
            .map_err(said)?;
        Ok(json(StatusCode::OK, &convert::domain(changed)))
    };
    either(answer.await)
}

/// `POST /domains/{id}/verify`.
pub(super) async fn verify_domain(
    State(engine): State<Posthouse>,
    id: Segments<String>,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let caller = manager(&engine, &headers).await?;
        let looked = engine
            .verify_domain(&caller, convert::domain_id(&one(id)))
            .await
            .map_err(said)?;
        Ok(json(StatusCode::OK, &convert::verified(looked)))
    };
    either(answer.await)
}

/// `GET /domains/{domain_id}/api_tokens`.
pub(super) async fn tokens(
    State(engine): State<Posthouse>,
    domain: Segments<String>,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let caller = manager(&engine, &headers).await?;
        let domain = convert::domain_id(&one(domain));
        let keys = engine
            .readable_keys(&caller, domain, SERVER_SHAPE)
            .await
            .map_err(said)?;
        let list: Vec<_> = keys.into_iter().map(convert::api_token).collect();
        Ok(json(StatusCode::OK, &list))
    };
    either(answer.await)
}

/// `POST /domains/{domain_id}/api_tokens`.
pub(super) async fn create_token(
    State(engine): State<Posthouse>,
    domain: Segments<String>,
    request: Request,
) -> Response {
    let answer = async {
        let (head, body) = request.into_parts();
        let caller = manager(&engine, &head.headers).await?;
        let bytes = small(&head.headers, body).await?;
        let fields = if bytes.trim_ascii().is_empty() {
            Given::Absent
        } else {
            token_fields(&bytes).map_err(no_json)?
        };
        let fields = match fields {
            Given::Value(fields) => fields,
            Given::Absent | Given::Null => ApiTokenFields::default(),
            Given::Wrong => return Err(no_token()),
        };
        let name = convert::token_name(fields).map_err(said)?;
        let token = convert::server_token(engine.entropy());
        let domain = convert::domain_id(&one(domain));
        let key = engine
            .create_key(&caller, convert::new_key(domain, name, token.clone()))
            .await
            .map_err(said)?;
        Ok(json(
            StatusCode::OK,
            &convert::api_token(ReadableKey { key, token }),
        ))
    };
    either(answer.await)
}

/// `GET /domains/{domain_id}/api_tokens/{id}`.
pub(super) async fn token(
    State(engine): State<Posthouse>,
    ids: Segments<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let caller = manager(&engine, &headers).await?;
        let key = engine
            .readable_key(&caller, place(ids))
            .await
            .map_err(said)?;
        Ok(json(StatusCode::OK, &convert::api_token(key)))
    };
    either(answer.await)
}

/// `PATCH /domains/{domain_id}/api_tokens/{id}`.
pub(super) async fn set_token(
    State(engine): State<Posthouse>,
    ids: Segments<(String, String)>,
    request: Request,
) -> Response {
    let answer = async {
        let (head, body) = request.into_parts();
        let caller = manager(&engine, &head.headers).await?;
        let bytes = small(&head.headers, body).await?;
        let fields = match token_fields(&bytes).map_err(no_json)? {
            Given::Value(fields) if fields != ApiTokenFields::default() => fields,
            Given::Absent | Given::Null | Given::Value(_) | Given::Wrong => {
                return Err(no_token());
            }
        };
        let change = convert::token_change(fields).map_err(said)?;
        let key = engine
            .set_readable_key(&caller, place(ids), change)
            .await
            .map_err(said)?;
        Ok(json(StatusCode::OK, &convert::api_token(key)))
    };
    either(answer.await)
}

/// `DELETE /domains/{domain_id}/api_tokens/{id}`.
pub(super) async fn revoke_token(
    State(engine): State<Posthouse>,
    ids: Segments<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let caller = manager(&engine, &headers).await?;
        engine
            .revoke_readable_key(&caller, place(ids))
            .await
            .map_err(said)?;
        Ok(empty(StatusCode::NO_CONTENT))
    };
    either(answer.await)
}
