//! What is said when it does not go as asked.

use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use posthouse::Error;
use posthouse::error::{
    Busy, Conflict, Denied, Field, Missing, Problem, Reason, TooLarge, Unknown,
};

use super::wire::{FieldErrors, OneError};
use crate::http::answer;
use crate::http::body::Unread;

const TOO_LARGE: &str = "Email exceeds maximum size";
const TOO_QUICK: &str = "You are sending emails too quickly";
const UNAVAILABLE: &str = "Service temporarily unavailable, please retry";
const BAD_FROM: &str = "Email from address not parseable";
const BAD_IDEMPOTENCY_KEY: &str = "Idempotency-Key is invalid";
const BAD_TOKEN: &str = "Invalid API Token";

/// Which kind of token a request has to show: the same error is said differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Door {
    /// A server token: sending.
    Server,
    /// An organization token: domains and tokens.
    Organization,
}

/// The answer for an error of the engine.
pub(super) fn refuse(door: Door, error: Error) -> Response {
    match error {
        Error::Busy(busy) => not_now(busy),
        Error::Conflict(conflict) => one(StatusCode::CONFLICT, in_the_way(conflict)),
        Error::Denied(denied) => one(StatusCode::FORBIDDEN, why_denied(denied)),
        Error::Internal(cause) => answer::fault(cause),
        Error::Invalid(problems) => invalid(door, problems),
        Error::Missing(missing) => nothing_there(door, missing),
        Error::TooLarge(
            TooLarge::Message | TooLarge::Request | TooLarge::Mailbox | TooLarge::Hops,
        ) => one(StatusCode::PAYLOAD_TOO_LARGE, TOO_LARGE),
        Error::Unknown(unknown) => stranger(door, unknown),
    }
}

/// What SMTP says of an error with a server token: the text of the answer over HTTP, on one
/// line (section 8 of the contract).
pub(super) fn words(error: Error) -> String {
    let text = match error {
        Error::Busy(Busy::Rate { .. }) => TOO_QUICK,
        Error::Busy(Busy::Limit { .. } | Busy::WriteQueue | Busy::Storage | Busy::Closing)
        | Error::Internal(_) => UNAVAILABLE,
        Error::Conflict(conflict) => in_the_way(conflict),
        Error::Denied(denied) => why_denied(denied),
        Error::Invalid(problems) => return invalid_words(problems),
        Error::Missing(Missing::Domain) | Error::Unknown(_) => BAD_TOKEN,
        Error::Missing(_) => "Not found",
        Error::TooLarge(
            TooLarge::Message | TooLarge::Request | TooLarge::Mailbox | TooLarge::Hops,
        ) => TOO_LARGE,
    };
    text.to_owned()
}

fn invalid_words(mut problems: Vec<Problem>) -> String {
    problems.sort_by_key(|problem| problem.field as u8);
    if problems.iter().any(|problem| problem.field == Field::From) {
        return BAD_FROM.to_owned();
    }
    let each = by_field(Door::Server, &problems);
    let each: Vec<String> = each
        .into_iter()
        .map(|(key, texts)| format!("{key}: {}", texts.join(", ")))
        .collect();
    each.join("; ")
}

/// Not JSON, not an object, or not said to be JSON.
pub(super) fn format() -> Response {
    one(
        StatusCode::NOT_ACCEPTABLE,
        "Invalid request format or content type",
    )
}

/// A body that could not be read.
pub(super) fn unread(door: Door, why: Unread) -> Response {
    match why {
        Unread::TooLarge => refuse(door, Error::TooLarge(TooLarge::Request)),
        Unread::Broken => format(),
        Unread::Slow => one(StatusCode::REQUEST_TIMEOUT, "Request timed out"),
    }
}

/// The object that wraps the fields is not there.
pub(super) fn no_param(text: &'static str) -> Response {
    one(StatusCode::BAD_REQUEST, text)
}

pub(super) fn no_route() -> Response {
    one(StatusCode::NOT_FOUND, "Not found")
}

pub(super) fn wrong_method() -> Response {
    one(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed")
}

fn one(status: StatusCode, error: &str) -> Response {
    answer::json(status, &OneError { error })
}

fn not_now(busy: Busy) -> Response {
    let (status, text, wait_seconds) = match busy {
        Busy::Rate { wait_ms } => (
            StatusCode::TOO_MANY_REQUESTS,
            TOO_QUICK,
            wait_ms.div_ceil(1000).max(1),
        ),
        Busy::Limit { wait_ms } => (
            StatusCode::SERVICE_UNAVAILABLE,
            UNAVAILABLE,
            wait_ms.div_ceil(1000).max(1),
        ),
        Busy::WriteQueue | Busy::Storage | Busy::Closing => {
            (StatusCode::SERVICE_UNAVAILABLE, UNAVAILABLE, 1)
        }
    };
    let mut response = one(status, text);
    response
        .headers_mut()
        .insert(RETRY_AFTER, HeaderValue::from(wait_seconds));
    response
}

fn in_the_way(conflict: Conflict) -> &'static str {
    match conflict {
        Conflict::InProgress => "A request with this Idempotency-Key is in progress",
        Conflict::Taken => "has already been taken",
        Conflict::Full | Conflict::State => "Not possible in its present state",
        Conflict::NoRoute => "Nothing may leave yet: the server needs a relay or direct delivery",
    }
}

fn why_denied(denied: Denied) -> &'static str {
    match denied {
        Denied::Disabled => "This organization is unable to send emails. Please contact support",
        Denied::NoPlan | Denied::FreeTier | Denied::SpendCap => {
            "The organization that owns this domain does not have an active plan"
        }
        Denied::NotVerified => "Domain DKIM DNS not verified, please complete DKIM Verification",
        Denied::FromDomain => "Verified domain does not match domain in From address of email",
        Denied::Scope | Denied::Owner | Denied::Policy | Denied::Suspended => {
            "This token does not allow this request"
        }
    }
}

fn nothing_there(door: Door, missing: Missing) -> Response {
    match (door, missing) {
        // "Token matches no domain" is the vendor's own gloss on this answer (section 10).
        (Door::Server, Missing::Domain) => stranger(door, Unknown::Wrong),
        (Door::Organization, Missing::Domain) => one(StatusCode::NOT_FOUND, "Domain not found"),
        (_, Missing::Key) => one(StatusCode::NOT_FOUND, "API token not found"),
        (
            _,
            Missing::Organization
            | Missing::Email
            | Missing::Delivery
            | Missing::Mailbox
            | Missing::Message
            | Missing::Webhook
            | Missing::Suppression
            | Missing::Relay
            | Missing::User
            | Missing::Task
            | Missing::Template
            | Missing::Folder
            | Missing::WebhookDelivery,
        ) => no_route(),
    }
}

fn stranger(door: Door, unknown: Unknown) -> Response {
    match (door, unknown) {
        (Door::Server, Unknown::Absent) => one(StatusCode::UNAUTHORIZED, "Missing API Token"),
        // 400, not 401: section 2 of the contract.
        (Door::Server, Unknown::Wrong | Unknown::Revoked | Unknown::Expired) => {
            one(StatusCode::BAD_REQUEST, BAD_TOKEN)
        }
        (Door::Organization, Unknown::Absent) => {
            one(StatusCode::UNAUTHORIZED, "Missing Organization Token")
        }
        (Door::Organization, Unknown::Wrong | Unknown::Revoked | Unknown::Expired) => {
            one(StatusCode::UNAUTHORIZED, "Invalid Organization Token")
        }
    }
}

fn invalid(door: Door, mut problems: Vec<Problem>) -> Response {
    // As the fields come, whoever found the problem.
    problems.sort_by_key(|problem| problem.field as u8);
    let of = |field| problems.iter().any(|problem| problem.field == field);
    let status = match door {
        Door::Server if of(Field::From) => {
            return one(StatusCode::BAD_REQUEST, BAD_FROM);
        }
        Door::Server if of(Field::IdempotencyKey) => {
            return one(StatusCode::BAD_REQUEST, BAD_IDEMPOTENCY_KEY);
        }
        Door::Server => StatusCode::BAD_REQUEST,
        Door::Organization => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let errors = by_field(door, &problems);
    answer::json(status, &FieldErrors { errors })
}

/// Each field's texts, each once.
fn by_field(door: Door, problems: &[Problem]) -> Vec<(&'static str, Vec<&'static str>)> {
    let mut errors: Vec<(&'static str, Vec<&'static str>)> = Vec::new();
    for problem in problems {
        let (key, text) = (key(problem.field), text(door, problem));
        match errors.iter_mut().find(|(known, _)| *known == key) {
            Some((_, texts)) if texts.contains(&text) => {}
            Some((_, texts)) => texts.push(text),
            None => errors.push((key, vec![text])),
        }
    }
    errors
}

/// A field's name in the contract.
fn key(field: Field) -> &'static str {
    match field {
        Field::From => "from",
        Field::To => "to",
        Field::Cc => "cc",
        Field::Bcc => "bcc",
        Field::ReplyTo => "replyto",
        Field::Subject => "subject",
        Field::Html => "htmlbody",
        Field::Text => "textbody",
        Field::InReplyTo => "inreplyto",
        Field::References => "references",
        Field::ListUnsubscribe => "list_unsubscribe",
        Field::Tags => "tags",
        Field::Attachments => "attachments",
        Field::AttachmentName => "attachments.name",
        Field::AttachmentContent => "attachments.content",
        Field::AttachmentType => "attachments.content_type",
        Field::AttachmentId => "attachments.cid",
        Field::Host | Field::Url => "url",
        Field::Name => "name",
        // Fields that this wire has no way to give.
        Field::IdempotencyKey
        | Field::Address
        | Field::Form
        | Field::Kinds
        | Field::Port
        | Field::Login
        | Field::Quota
        | Field::Password
        | Field::Pattern
        | Field::Rate
        | Field::Template
        | Field::Variables
        | Field::SendAt
        | Field::Metadata
        | Field::Scopes
        | Field::ExpiresAt
        | Field::Limit
        | Field::SpendCap => "base",
    }
}

fn text(door: Door, problem: &Problem) -> &'static str {
    match (problem.reason, door) {
        (Reason::Absent, Door::Server) => "undefined field",
        (Reason::Absent, Door::Organization) => "can't be blank",
        (Reason::Blocked, _) => "contains a blocked address",
        (Reason::Taken, _) => "has already been taken",
        (Reason::TooMany, _) => match problem.field {
            Field::To | Field::Cc | Field::Bcc | Field::ReplyTo => {
                "number of email addresses exceeds maximum volume"
            }
            _ => "is invalid",
        },
        (Reason::Forbidden, _) => match problem.field {
            Field::AttachmentName => {
                "Extension file type blocked, see Docs for full list of allowed file types"
            }
            _ => "is invalid",
        },
        (
            Reason::Malformed
            | Reason::TooLong
            | Reason::Unknown
            | Reason::Unpublished
            | Reason::OutOfRange
            | Reason::Unverified,
            _,
        ) => "is invalid",
    }
}

#[cfg(test)]
mod tests;
