//! The handlers: the caller, in, one operation, out.

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use posthouse::error::{Denied, Missing, Unknown, internal};
use posthouse::model::email::{Accepted, Submission};
use posthouse::model::key::{Caller, Mode, Scope};
use posthouse::ops::send::{SentNow, Spoken};
use posthouse::{Error, Posthouse};
use serde::Serialize;

use super::convert::{self, Sender, TEST_SHAPE, Unreported};
use super::refuse::{self, Permission, refuse};
use super::wire::{BATCH, BatchRequest, BounceRequest, Messages, Reported, SendRequest, Success};
use crate::http::answer::{json, uncut};
use crate::http::body::{self, Whole};
use crate::http::credential;
use crate::http::json::{Given, NotAnObject, object};

const BODY_BYTES: usize = 10 * 1024 * 1024;
/// A report of a bounce is a few lines, the server's words among them.
const REPORT_BYTES: usize = 64 * 1024;
/// Bodies over this are parsed off the async threads.
const INLINE_BYTES: usize = 256 * 1024;

type Answer = Result<Response, Response>;

fn either(answer: Answer) -> Response {
    answer.unwrap_or_else(|refusal| refusal)
}

fn ok<T: Serialize>(data: T) -> Response {
    json(
        StatusCode::OK,
        &Success {
            success: true,
            data,
        },
    )
}

fn mail(error: Error) -> Response {
    refuse(Permission::Mail, error)
}

fn subscribers(error: Error) -> Response {
    refuse(Permission::Subscribers, error)
}

/// Who shows a key that may do `scope`.
async fn caller(engine: &Posthouse, headers: &HeaderMap, scope: Scope) -> Result<Caller, Error> {
    let token = credential::bearer(headers).ok_or(Error::Unknown(Unknown::Absent))?;
    let shape = convert::shape(&token).ok_or(Error::Unknown(Unknown::Wrong))?;
    let caller = engine.authenticate(shape, &token).await?;
    caller.needs(scope)?;
    // A test key never sends, whatever mode somebody has given it.
    let captures = caller.key().is_some_and(|key| key.mode == Mode::Capture);
    if shape == TEST_SHAPE && scope == Scope::Send && !captures {
        return Err(Error::Denied(Denied::Scope));
    }
    Ok(caller)
}

/// A whole body, made into something where that does not hold others up. Large bodies wait
/// for a place while they are read and taken apart; not while their mail is on its way, which
/// takes as long as the far end wants.
async fn made<T: Send + 'static>(
    body: Body,
    headers: &HeaderMap,
    limit_bytes: usize,
    make: fn(&[u8]) -> Result<T, NotAnObject>,
) -> Result<T, Response> {
    let Whole { bytes, place } = body::read(body, headers, limit_bytes)
        .await
        .map_err(refuse::unread)?;
    let made = if bytes.len() > INLINE_BYTES {
        tokio::task::spawn_blocking(move || make(&bytes))
            .await
            .map_err(|error| mail(internal(error)))?
    } else {
        make(&bytes)
    };
    drop(place);
    made.map_err(|NotAnObject| refuse::no_json())
}

/// `POST /mail/send`.
pub(super) async fn send(State(engine): State<Posthouse>, request: Request) -> Response {
    either(send_now(engine, request).await)
}

async fn send_now(engine: Posthouse, request: Request) -> Answer {
    let (head, body) = request.into_parts();
    let caller = caller(&engine, &head.headers, Scope::Send)
        .await
        .map_err(mail)?;
    let submission = made(body, &head.headers, BODY_BYTES, |bytes| {
        let request = object::<SendRequest<'_>>(bytes)?;
        Ok(convert::submission(request, &Sender::default()))
    })
    .await?;
    let SentNow { accepted, spoken } =
        uncut(async move { engine.send_now(&caller, submission).await })
            .await
            .map_err(mail)?;
    match spoken {
        Spoken::Sent => Ok(ok(convert::sent(&accepted, "sent"))),
        Spoken::Queued => Ok(ok(convert::sent(&accepted, "queued"))),
        Spoken::Refused(words) => Err(refuse::send_failed(&words)),
    }
}

/// `POST /mail/send-batch`.
pub(super) async fn send_batch(State(engine): State<Posthouse>, request: Request) -> Response {
    either(accept_batch(engine, request).await)
}

async fn accept_batch(engine: Posthouse, request: Request) -> Answer {
    let (head, body) = request.into_parts();
    let caller = caller(&engine, &head.headers, Scope::Send)
        .await
        .map_err(mail)?;
    let messages = made(body, &head.headers, BODY_BYTES, batch).await?;
    let messages = messages.map_err(|text| refuse::field("messages", text))?;
    let (named, submissions): (Vec<_>, Vec<_>) = messages.into_iter().unzip();
    let mut sent = uncut(async move { engine.send_batch(&caller, submissions).await })
        .await
        .map_err(mail)?;
    if let Some(error) = reason_for_all(&mut sent) {
        return Err(mail(error));
    }
    let came_to = sent
        .into_iter()
        .map(|one| one.map_err(|error| refuse::words(&error)));
    Ok(ok(convert::batch(named.into_iter().zip(came_to).collect())))
}

/// Where nothing went in, and not for the messages' own faults, there is one reason for all.
fn reason_for_all(sent: &mut Vec<Result<Accepted, Error>>) -> Option<Error> {
    if sent.iter().any(Result::is_ok) {
        return None;
    }
    let common = |one: &Result<_, Error>| !matches!(one, Err(Error::Invalid(_)));
    let at = sent.iter().position(common)?;
    sent.swap_remove(at).err()
}

type NamedSubmissions = Vec<(Option<String>, Submission)>;

/// The messages of a batch, each with who it is said to be for; or what is wrong with all.
fn batch(bytes: &[u8]) -> Result<Result<NamedSubmissions, &'static str>, NotAnObject> {
    let BatchRequest {
        messages,
        from_email,
        from_name,
    } = object(bytes)?;
    let list = match messages {
        Given::Value(Messages(list)) if (1..=BATCH).contains(&list.len()) => list,
        Given::Absent | Given::Null => return Ok(Err("The messages field is required.")),
        Given::Value(_) | Given::Wrong => {
            return Ok(Err(
                "The messages field must contain between 1 and 100 items.",
            ));
        }
    };
    let sender = Sender {
        email: from_email,
        name: from_name,
    };
    let one = |message| {
        // What is no object says as little as an empty one.
        let request = match message {
            Given::Value(request) => request,
            Given::Absent | Given::Null | Given::Wrong => SendRequest::default(),
        };
        (convert::to(&request), convert::submission(request, &sender))
    };
    Ok(Ok(list.into_iter().map(one).collect()))
}

/// `GET /mail/status/{message_id}`.
pub(super) async fn status(
    State(engine): State<Posthouse>,
    segment: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let caller = caller(&engine, &headers, Scope::Read).await.map_err(mail)?;
        // What is no text is no id.
        let Path(segment) = segment.map_err(|_| mail(Error::Missing(Missing::Email)))?;
        let (standing, events) = engine
            .email_events(&caller, convert::email_ref(&segment))
            .await
            .map_err(mail)?;
        Ok(ok(convert::status(&standing, &events, engine.now())))
    };
    either(answer.await)
}

/// `GET /bounces`.
pub(super) async fn bounces(
    State(engine): State<Posthouse>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let caller = caller(&engine, &headers, Scope::Suppressions)
            .await
            .map_err(subscribers)?;
        let query: Vec<(String, String)> =
            Query::try_from_uri(&uri).map_or_else(|_| Vec::new(), |Query(pairs)| pairs);
        let (skip, rows) = convert::page(&query);
        let (found, total) = engine
            .bounces(&caller, skip, rows)
            .await
            .map_err(subscribers)?;
        Ok(ok(convert::bounces(found, total, (skip, rows))))
    };
    either(answer.await)
}

/// `POST /bounces`.
pub(super) async fn report_bounce(State(engine): State<Posthouse>, request: Request) -> Response {
    let answer = async {
        let (head, body) = request.into_parts();
        let caller = caller(&engine, &head.headers, Scope::Suppressions)
            .await
            .map_err(subscribers)?;
        let report = made(body, &head.headers, REPORT_BYTES, |bytes| {
            object::<BounceRequest<'_>>(bytes).map(convert::report)
        })
        .await?
        .map_err(|wrong| match wrong {
            Unreported::Engine(error) => subscribers(error),
            Unreported::Field(key, text) => refuse::field(key, text),
        })?;
        let id = engine
            .report_bounce(&caller, report)
            .await
            .map_err(subscribers)?;
        Ok(ok(Reported { bounce_id: id.0 }))
    };
    either(answer.await)
}
