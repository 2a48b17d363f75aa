//! The handlers: the caller, in, one operation, out.

pub(super) mod account;
pub(super) mod addresses;
pub(super) mod domains;
pub(super) mod figures;
pub(super) mod outgoing;
pub(super) mod validations;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request};
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use posthouse::error::{Denied, Unknown, internal};
use posthouse::model::key::Caller;
use posthouse::model::organization::Standing;
use posthouse::{Error, Posthouse};
use tokio::sync::SemaphorePermit;

use super::convert::SHAPE;
use super::convert::ask::{self, Query};
use super::refuse::{self, Door, Said, refuse};
use super::wire::ask::{Fields, NoFields, Wrong};
use crate::http::body::{self, Whole};
use crate::http::credential;

/// The name of the key in a query and in a body (section 2).
const KEY: &str = "_mailsacKey";
/// What takes no files is a line or two.
const SMALL_BODY_BYTES: usize = 1024 * 1024;
/// Bodies over this are parsed off the async threads.
const INLINE_BYTES: usize = 256 * 1024;

pub(super) type Answer = Result<Response, Said>;
/// The parts of a path, decoded; what is no text is nothing that there is.
pub(super) type Parts<T> = Result<Path<T>, PathRejection>;

/// What is asked, and by whom.
pub(super) struct Asked {
    pub(super) caller: Caller,
    pub(super) query: Query,
    body: Result<Fields, NoFields>,
    /// Its place among the large ones, held until it is dealt with.
    _place: Option<SemaphorePermit<'static>>,
}

pub(super) fn either(answer: Answer) -> Response {
    answer.unwrap_or_else(Said::response)
}

/// The parts of a path.
pub(super) fn parts<T>(parts: Parts<T>) -> Result<T, Said> {
    parts
        .map(|Path(parts)| parts)
        .map_err(|_| refuse::not_found())
}

/// A field that is not what it should be.
pub(super) fn wrong(Wrong(field): Wrong) -> Said {
    refuse::bad(&format!("{field} is invalid"))
}

/// Reads a small request, and finds who makes it.
pub(super) async fn admit(engine: &Posthouse, request: Request) -> Result<Asked, Said> {
    admit_sized(engine, request, SMALL_BODY_BYTES).await
}

/// Who reads mail: as `admit`, or a stranger who shows no key, where those may read. A key that
/// is shown is a right one or refused.
pub(super) async fn admit_reader(engine: &Posthouse, request: Request) -> Result<Asked, Said> {
    let query = Query::of(request.uri().query());
    if shown(request.headers(), &query).is_none()
        && let Ok(caller) = engine.stranger()
    {
        return Ok(Asked {
            caller,
            query,
            body: Ok(Fields::default()),
            _place: None,
        });
    }
    admit(engine, request).await
}

/// The key in the header, else the one in the query; blank is none.
fn shown(headers: &HeaderMap, query: &Query) -> Option<String> {
    credential::shown(headers, &["mailsac-key"])
        .map(std::borrow::Cow::into_owned)
        .or_else(|| query.last(KEY).map(str::to_owned))
        .filter(|token| !token.trim().is_empty())
}

/// Reads a request, and finds who makes it. A key in the header wins over one in the query,
/// and that over one in the body, which is then not waited for: strangers are refused first.
pub(super) async fn admit_sized(
    engine: &Posthouse,
    request: Request,
    limit_bytes: usize,
) -> Result<Asked, Said> {
    let (head, body) = request.into_parts();
    let query = Query::of(head.uri.query());
    let in_head = shown(&head.headers, &query);
    let known = match &in_head {
        Some(token) => Some(caller(engine, token).await?),
        None => None,
    };
    let (fields, place) = if head.method == Method::GET || head.method == Method::HEAD {
        (Ok(Fields::default()), None)
    } else {
        let Whole { bytes, place } = body::read(body, &head.headers, limit_bytes)
            .await
            .map_err(refuse::unread)?;
        let large = bytes.len() > INLINE_BYTES;
        let headers = head.headers;
        let read = move || ask::fields(&headers, &bytes);
        let fields = match large {
            true => tokio::task::spawn_blocking(read)
                .await
                .map_err(|error| stranger(internal(error)))?,
            false => read(),
        };
        (fields, place)
    };
    let caller = match (known, &fields) {
        (Some(caller), _) => caller,
        (None, Ok(Fields(fields))) => {
            let token = fields.get(KEY).and_then(|key| key.as_str());
            caller(engine, token.unwrap_or_default()).await?
        }
        (None, Err(NoFields)) => return Err(stranger(Error::Unknown(Unknown::Absent))),
    };
    Ok(Asked {
        caller,
        query,
        body: fields,
        _place: place,
    })
}

impl Asked {
    /// The fields of the body.
    pub(super) fn fields(&mut self) -> Result<Fields, Said> {
        let body = std::mem::replace(&mut self.body, Ok(Fields::default()));
        body.map_err(|NoFields| refuse::bad("The request body is no JSON object"))
    }
}

fn stranger(error: Error) -> Said {
    refuse(Door::Account, error)
}

/// Whose key it is.
pub(super) async fn caller(engine: &Posthouse, token: &str) -> Result<Caller, Said> {
    let caller = engine.authenticate(SHAPE, token).await.map_err(stranger)?;
    match caller.standing() {
        Standing::Disabled => Err(stranger(Error::Denied(Denied::Disabled))),
        // What it lacks to send is for sending to say.
        Standing::Active | Standing::NoPlan => Ok(caller),
    }
}
