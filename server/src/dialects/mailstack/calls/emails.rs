//! `/v1/emails`: sending, and what became of it.

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use posthouse::error::internal;
use posthouse::limits::REQUEST_BODY_BYTES;
use posthouse::model::email::{Accepted, Submission};
use posthouse::model::key::{Caller, Scope};
use posthouse::model::organization::EnumStyle;
use posthouse::ops::emails::EmailRef;
use posthouse::store::EmailFilter;
use posthouse::{Error, Posthouse};
use tokio::runtime::Handle;

use super::super::convert;
use super::super::refuse::{self, Door, Said, refuse};
use super::super::wire::answer::{Batch, Outcome, Taken};
use super::super::wire::ask::{self, BATCH, BULK, Email, Emails, Recipients};
use super::{Segment, admit, asked, either, id, query, whole};
use crate::http::answer::{json, uncut};
use crate::http::body::Whole;
use crate::http::json::Given;

/// Bodies over this are parsed off the async threads.
const INLINE_BYTES: usize = 256 * 1024;
/// Whoever sends may also see what became of it.
const READ: [Scope; 2] = [Scope::Send, Scope::Read];

fn no(error: Error) -> Said {
    refuse(Door::Emails, error)
}

fn queued(id: String) -> Taken {
    Taken {
        id,
        status: "queued",
    }
}

/// `POST /v1/emails`.
pub(in super::super) async fn send(State(engine): State<Posthouse>, request: Request) -> Response {
    let answer = async {
        let (head, body) = request.into_parts();
        let caller = admit(&engine, &head.headers, &[Scope::Send]).await?;
        let Whole { bytes, place } = whole(&head.headers, body, REQUEST_BODY_BYTES).await?;
        let submission = submission(bytes, &head.headers).await?;
        let accepted = uncut(async move { engine.send(&caller, submission).await }).await;
        drop(place);
        let accepted = accepted.map_err(no)?;
        Ok(json(
            StatusCode::ACCEPTED,
            &queued(accepted.uuid.to_string()),
        ))
    };
    either(answer.await)
}

/// The submission that a body is, made where it does not hold others up.
async fn submission(bytes: Bytes, headers: &HeaderMap) -> Result<Submission, Said> {
    let idempotency = convert::idempotency(headers);
    let large = bytes.len() > INLINE_BYTES;
    let make =
        move || asked::<Email<'_>>(&bytes).map(|email| convert::submission(email, idempotency));
    if !large {
        return make();
    }
    tokio::task::spawn_blocking(make)
        .await
        .unwrap_or_else(|error| Err(no(internal(error))))
}

/// `POST /v1/emails/batch`.
pub(in super::super) async fn batch(State(engine): State<Posthouse>, request: Request) -> Response {
    several(engine, request, |bytes, headers, send| {
        let ask::Batch { emails } = asked(bytes)?;
        let emails = match emails {
            Given::Value(Emails(emails)) if (1..=BATCH).contains(&emails.len()) => emails,
            Given::Absent | Given::Null | Given::Value(_) | Given::Wrong => {
                return Err(refuse::wrong(
                    "A batch must contain between 1 and 100 emails.",
                ));
            }
        };
        send(&mut convert::many(emails, convert::idempotency(headers)))
    })
    .await
}

/// `POST /v1/emails/bulk`.
pub(in super::super) async fn bulk(State(engine): State<Posthouse>, request: Request) -> Response {
    several(engine, request, |bytes, headers, send| {
        let ask::Bulk { recipients } = asked(bytes)?;
        let recipients = match recipients {
            Given::Value(Recipients(list)) if (1..=BULK).contains(&list.len()) => list,
            Given::Absent | Given::Null | Given::Value(_) | Given::Wrong => {
                return Err(refuse::wrong(
                    "A bulk send must contain between 1 and 1000 recipients.",
                ));
            }
        };
        let base: Email<'_> = asked(bytes)?;
        let idempotency = convert::idempotency(headers);
        send(&mut convert::bulk(base, recipients, idempotency))
    })
    .await
}

/// What each email came to, or what is said to the whole.
type Emailed = Result<Vec<posthouse::Result<Accepted>>, Said>;
/// Sends emails as they are made.
type Send<'a> = &'a dyn Fn(&mut (dyn Iterator<Item = Submission> + std::marker::Send)) -> Emailed;
/// Makes the emails that a body is, and sends them.
type Make = fn(&[u8], &HeaderMap, Send<'_>) -> Emailed;

/// Sends several emails. They are made from the body one after the other, on a thread of
/// their own, and are sent even if the client goes away meanwhile.
async fn several(engine: Posthouse, request: Request, make: Make) -> Response {
    let answer = async {
        let (head, body) = request.into_parts();
        let caller = admit(&engine, &head.headers, &[Scope::Send]).await?;
        let Whole { bytes, place } = whole(&head.headers, body, REQUEST_BODY_BYTES).await?;
        let runtime = Handle::current();
        let sent = tokio::task::spawn_blocking(move || {
            let send = |emails: &mut (dyn Iterator<Item = Submission> + std::marker::Send)| {
                runtime
                    .block_on(engine.send_batch(&caller, emails))
                    .map_err(no)
            };
            make(&bytes, &head.headers, &send)
        });
        let sent = sent.await.unwrap_or_else(|error| Err(no(internal(error))));
        drop(place);
        results(sent?)
    };
    either(answer.await)
}

/// What each email came to. When the month's money kept all of them back, that is the answer
/// to the whole.
fn results(sent: Vec<posthouse::Result<Accepted>>) -> Result<Response, Said> {
    let accepted = sent.iter().filter(|one| one.is_ok()).count();
    let rejected = sent.len() - accepted;
    let mut results = Vec::with_capacity(sent.len());
    for (index, one) in sent.into_iter().enumerate() {
        results.push(match one {
            Ok(email) => Outcome::Accepted {
                index,
                id: email.uuid.to_string(),
                status: "queued",
            },
            Err(error) => {
                let said = no(error);
                if accepted == 0 && said.status == StatusCode::PAYMENT_REQUIRED {
                    return Err(said);
                }
                Outcome::Rejected {
                    index,
                    status: "rejected",
                    error: said.into_text(),
                }
            }
        });
    }
    let batch = Batch {
        accepted,
        rejected,
        results,
    };
    Ok(json(StatusCode::ACCEPTED, &batch))
}

/// `POST /v1/emails/lint`.
pub(in super::super) async fn lint(State(engine): State<Posthouse>, request: Request) -> Response {
    let answer = async {
        let (head, body) = request.into_parts();
        let caller = admit(&engine, &head.headers, &[Scope::Send]).await?;
        let Whole { bytes, place } = whole(&head.headers, body, REQUEST_BODY_BYTES).await?;
        let submission = submission(bytes, &head.headers).await?;
        let report = engine.lint(&caller, submission).await.map_err(no)?;
        drop(place);
        let sentences = refuse::sentences(Door::Emails, &report.problems);
        Ok(json(StatusCode::OK, &convert::lint(&report, sentences)))
    };
    either(answer.await)
}

/// `GET /v1/emails`. The status is always a word here: section 10 of the contract.
pub(in super::super) async fn list(
    State(engine): State<Posthouse>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let caller = admit(&engine, &headers, &READ).await?;
        let rows = convert::rows(&query(&uri));
        let found = engine
            .emails(&caller, EmailFilter::default(), rows)
            .await
            .map_err(no)?;
        let now = engine.now();
        let list: Vec<_> = found
            .into_iter()
            .map(|one| convert::message(one, now, EnumStyle::Words))
            .collect();
        Ok(json(StatusCode::OK, &list))
    };
    either(answer.await)
}

/// `GET /v1/emails/{id}`.
pub(in super::super) async fn one(
    State(engine): State<Posthouse>,
    segment: Segment,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let caller = admit(&engine, &headers, &READ).await?;
        let found = engine
            .email(&caller, EmailRef::Uuid(id(segment)))
            .await
            .map_err(no)?;
        let message = convert::message(found, engine.now(), EnumStyle::Words);
        Ok(json(StatusCode::OK, &message))
    };
    either(answer.await)
}

/// `POST /v1/emails/{id}/cancel`.
pub(in super::super) async fn cancel(
    State(engine): State<Posthouse>,
    segment: Segment,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let caller: Caller = admit(&engine, &headers, &[Scope::Send]).await?;
        let id = id(segment);
        engine.cancel_email(&caller, id).await.map_err(no)?;
        let canceled = Taken {
            id: id.to_string(),
            status: "canceled",
        };
        Ok(json(StatusCode::OK, &canceled))
    };
    either(answer.await)
}
