//! The handlers: the caller, in, one operation, out.

use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use posthouse::error::{Denied, Unknown};
use posthouse::ids::{TaskId, UserId};
use posthouse::model::key::Caller;
use posthouse::model::organization::Standing;
use posthouse::model::task::TaskKind;
use posthouse::{Error, Posthouse};
use serde::Serialize;

use super::convert::ask::{self, Query};
use super::convert::{SHAPE, answer};
use super::refuse::{self, Door, Said, refuse};
use super::wire::{Fields, NoFields};
use crate::http::answer::{json, uncut};
use crate::http::body;
use crate::http::credential;

/// A request is a few lines.
const BODY_BYTES: usize = 1024 * 1024;
/// The name of the key in a body and in a query (section 2).
const KEY: &str = "key";

type Answer = Result<Response, Said>;

fn either(answer: Answer) -> Response {
    answer.unwrap_or_else(Said::response)
}

fn ok<T: Serialize>(value: &T) -> Response {
    json(StatusCode::OK, value)
}

fn key_in_headers(headers: &HeaderMap) -> Option<String> {
    let shown = credential::bearer(headers).or_else(|| credential::shown(headers, &["x-api-key"]));
    shown.map(std::borrow::Cow::into_owned)
}

/// Whose key it is.
async fn caller(engine: &Posthouse, key: Option<String>) -> Result<Caller, Said> {
    let known = match key {
        Some(key) => engine.authenticate(SHAPE, &key).await,
        None => Err(Error::Unknown(Unknown::Absent)),
    };
    let caller = known.map_err(|error| refuse(Door::List, error))?;
    match caller.standing() {
        Standing::Disabled => Err(refuse(Door::List, Error::Denied(Denied::Disabled))),
        // What it lacks to send is for sending to say.
        Standing::Active | Standing::NoPlan => Ok(caller),
    }
}

/// Who asks with a query; a body is not looked at.
async fn asking(
    engine: &Posthouse,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<(Caller, Query), Said> {
    let query = Query::of(uri.query());
    let key = query.last(KEY).map(str::to_owned);
    let caller = caller(engine, key.or_else(|| key_in_headers(headers))).await?;
    Ok((caller, query))
}

/// The same, where the caller says who it is, and has to be right.
async fn asking_by_name(
    engine: &Posthouse,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<(Caller, UserId, Query), Said> {
    let (caller, query) = asking(engine, uri, headers).await?;
    let said = query.needed("caller_id").map_err(refuse::wrong)?;
    let user = caller.key().and_then(|key| key.user);
    match user.filter(|user| user.to_string() == said) {
        Some(user) => Ok((caller, user, query)),
        None => Err(refuse::not_the_caller()),
    }
}

/// Who posts, and what.
async fn posting(engine: &Posthouse, request: Request) -> Result<(Caller, Fields), Said> {
    let (head, body) = request.into_parts();
    let Parts { headers, uri, .. } = &head;
    let whole = body::read(body, headers, BODY_BYTES)
        .await
        .map_err(refuse::unread)?;
    let fields = ask::fields(headers, &whole.bytes).map_err(|NoFields| refuse::no_json())?;
    let key = fields
        .key()
        .map(str::to_owned)
        .or_else(|| Query::of(uri.query()).last(KEY).map(str::to_owned))
        .or_else(|| key_in_headers(headers));
    Ok((caller(engine, key).await?, fields))
}

/// `GET /list/domain`.
pub(super) async fn list_domains(
    State(engine): State<Posthouse>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let (caller, user, _) = asking_by_name(&engine, &uri, &headers).await?;
        let found = engine
            .provisioned_domains(&caller)
            .await
            .map_err(|error| refuse(Door::List, error))?;
        Ok(ok(&answer::domains(user, found)))
    };
    either(answer.await)
}

/// `GET /list/mailbox`.
pub(super) async fn list_mailboxes(
    State(engine): State<Posthouse>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let (caller, user, query) = asking_by_name(&engine, &uri, &headers).await?;
        let host = query.needed("domain").map_err(refuse::wrong)?;
        let (domain, found) = engine
            .provisioned_mailboxes(&caller, host)
            .await
            .map_err(|error| refuse(Door::List, error))?;
        let imap = engine.settings().places.imap.as_ref();
        Ok(ok(&answer::mailboxes(user, domain, found, imap)))
    };
    either(answer.await)
}

/// `POST /create/domain`.
pub(super) async fn create_domain(State(engine): State<Posthouse>, request: Request) -> Response {
    let answer = async {
        let (caller, fields) = posting(&engine, request).await?;
        let (host, limit) = ask::new_domain(&fields).map_err(refuse::wrong)?;
        let made = uncut(async move { engine.provision_domain(&caller, &host, limit).await }).await;
        let task = made.map_err(|error| refuse(Door::Domain, error))?;
        Ok(ok(&answer::domain_made(&task.host, task.id)))
    };
    either(answer.await)
}

/// `POST /create/sub-domain`.
pub(super) async fn create_sub_domains(
    State(engine): State<Posthouse>,
    request: Request,
) -> Response {
    let answer = async {
        let (caller, fields) = posting(&engine, request).await?;
        let (host, labels) = ask::new_sub_domains(&fields).map_err(refuse::wrong)?;
        let task = engine
            .provision_sub_domains(&caller, &host, &labels)
            .await
            .map_err(|error| refuse(Door::SubDomains, error))?;
        Ok(ok(&answer::sub_domains_asked(&task.host)))
    };
    either(answer.await)
}

/// `POST /create/mailbox/single`.
pub(super) async fn create_mailbox(State(engine): State<Posthouse>, request: Request) -> Response {
    either(ask_for_mailboxes(engine, request, TaskKind::Mailbox).await)
}

/// `POST /create/mailbox/bulk`.
pub(super) async fn create_mailboxes(
    State(engine): State<Posthouse>,
    request: Request,
) -> Response {
    either(ask_for_mailboxes(engine, request, TaskKind::Mailboxes).await)
}

async fn ask_for_mailboxes(engine: Posthouse, request: Request, kind: TaskKind) -> Answer {
    let (caller, fields) = posting(&engine, request).await?;
    let new = ask::new_mailboxes(&fields, kind).map_err(refuse::wrong)?;
    let task = engine
        .provision_mailboxes(&caller, new)
        .await
        .map_err(|error| refuse(Door::Mailboxes, error))?;
    Ok(ok(&answer::mailboxes_asked(task.id)))
}

/// `GET /get/mailbox/single`.
pub(super) async fn mailbox_task(
    State(engine): State<Posthouse>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    either(task(engine, uri, headers, TaskKind::Mailbox).await)
}

/// `GET /get/mailbox/bulk`.
pub(super) async fn mailboxes_task(
    State(engine): State<Posthouse>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    either(task(engine, uri, headers, TaskKind::Mailboxes).await)
}

async fn task(engine: Posthouse, uri: Uri, headers: HeaderMap, kind: TaskKind) -> Answer {
    let (caller, query) = asking(&engine, &uri, &headers).await?;
    let said = query.needed("task_id").map_err(refuse::wrong)?;
    let id = said.parse().map_err(|_| refuse::no_task())?;
    let task = engine
        .task(&caller, TaskId(id))
        .await
        .map_err(|error| refuse(Door::Task, error))?;
    let shown = answer::task(kind, task).map_err(refuse::wrong)?;
    Ok(ok(&shown))
}
