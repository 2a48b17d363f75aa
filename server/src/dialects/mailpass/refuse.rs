//! What is said when it does not go as asked.

use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use posthouse::Error;
use posthouse::error::{Busy, Conflict, Denied, Field, Missing, Problem, Reason};
use posthouse::limits::METADATA_BYTES;

use super::wire::{Failure, Refused};
use crate::http::answer::{self, Fault};
use crate::http::body::Unread;

const VALIDATION_ERROR: &str = "VALIDATION_ERROR";
const INTERNAL_ERROR: &str = "INTERNAL_ERROR";
const NO_SMTP_PROVIDER: &str = "NO_SMTP_PROVIDER";
const SEND_LIMIT_EXCEEDED: &str = "SEND_LIMIT_EXCEEDED";
const NOT_FOUND: &str = "NOT_FOUND";

/// What a key has to be allowed for a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Permission {
    /// Sending, and what became of it.
    Mail,
    /// Bounces.
    Subscribers,
}

/// The answer for an error of the engine.
pub(super) fn refuse(permission: Permission, error: Error) -> Response {
    if let Error::Internal(cause) = error {
        let mut response = fault(StatusCode::INTERNAL_SERVER_ERROR);
        response.extensions_mut().insert(Fault(cause));
        return response;
    }
    let Said {
        status,
        code,
        message,
        details,
    } = said(permission, &error);
    let mut response = failure(status, code, &message, &details);
    if let Error::Busy(busy) = error {
        let wait_ms = match busy {
            Busy::Rate { wait_ms } | Busy::Limit { wait_ms } => wait_ms,
            Busy::WriteQueue | Busy::Storage | Busy::Closing => 0,
        };
        response.headers_mut().insert(
            RETRY_AFTER,
            HeaderValue::from(wait_ms.div_ceil(1000).max(1)),
        );
    }
    response
}

/// What an item of a batch failed of.
pub(super) fn words(error: &Error) -> String {
    said(Permission::Mail, error).message
}

/// The next hop refused it, in these words.
pub(super) fn send_failed(words: &str) -> Response {
    let message = match words {
        "" => "The message could not be sent.",
        words => words,
    };
    failure(
        StatusCode::INTERNAL_SERVER_ERROR,
        "SEND_FAILED",
        message,
        &[],
    )
}

/// Not JSON, or not an object.
pub(super) fn no_json() -> Response {
    let text = "Invalid JSON body.";
    failure(StatusCode::BAD_REQUEST, VALIDATION_ERROR, text, &[])
}

/// A body that could not be read.
pub(super) fn unread(why: Unread) -> Response {
    let (status, text) = match why {
        Unread::TooLarge => (
            StatusCode::PAYLOAD_TOO_LARGE,
            "The request body is too large.",
        ),
        Unread::Broken => return no_json(),
        Unread::Slow => (
            StatusCode::REQUEST_TIMEOUT,
            "The request body took too long.",
        ),
    };
    failure(status, VALIDATION_ERROR, text, &[])
}

/// A field that the engine knows nothing of.
pub(super) fn field(key: &'static str, text: &str) -> Response {
    let details = [(key, vec![text.to_owned()])];
    failure(StatusCode::BAD_REQUEST, VALIDATION_ERROR, text, &details)
}

pub(super) fn no_route() -> Response {
    failure(StatusCode::NOT_FOUND, NOT_FOUND, "Not found.", &[])
}

pub(super) fn wrong_method() -> Response {
    failure(
        StatusCode::METHOD_NOT_ALLOWED,
        "METHOD_NOT_ALLOWED",
        "Method not allowed.",
        &[],
    )
}

pub(super) fn fault(status: StatusCode) -> Response {
    failure(status, INTERNAL_ERROR, "Internal server error.", &[])
}

fn failure(
    status: StatusCode,
    code: &'static str,
    message: &str,
    details: &[(&'static str, Vec<String>)],
) -> Response {
    let error = Refused {
        code,
        message,
        details,
    };
    answer::json(
        status,
        &Failure {
            success: false,
            error,
        },
    )
}

struct Said {
    status: StatusCode,
    code: &'static str,
    message: String,
    details: Vec<(&'static str, Vec<String>)>,
}

impl Said {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            details: Vec::new(),
        }
    }
}

fn said(permission: Permission, error: &Error) -> Said {
    match error {
        Error::Busy(busy) => not_now(*busy),
        Error::Conflict(conflict) => in_the_way(*conflict),
        Error::Denied(denied) => may_not(permission, *denied),
        Error::Internal(_) => Said::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            INTERNAL_ERROR,
            "Internal server error.",
        ),
        Error::Invalid(problems) => invalid(problems),
        Error::Missing(missing) => nothing_there(*missing),
        Error::TooLarge(_) => Said::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            VALIDATION_ERROR,
            "The message is too large.",
        ),
        Error::Unknown(_) => Said::new(
            StatusCode::UNAUTHORIZED,
            "UNAUTHORIZED",
            "Invalid or missing API key.",
        ),
    }
}

fn not_now(busy: Busy) -> Said {
    match busy {
        Busy::Rate { .. } => Said::new(
            StatusCode::TOO_MANY_REQUESTS,
            "RATE_LIMIT_EXCEEDED",
            "Too many requests. Please retry later.",
        ),
        Busy::Limit { .. } => Said::new(
            StatusCode::TOO_MANY_REQUESTS,
            SEND_LIMIT_EXCEEDED,
            "The sending limit of the SMTP provider is exceeded.",
        ),
        Busy::WriteQueue | Busy::Storage | Busy::Closing => Said::new(
            StatusCode::SERVICE_UNAVAILABLE,
            INTERNAL_ERROR,
            "Service temporarily unavailable. Please retry later.",
        ),
    }
}

fn in_the_way(conflict: Conflict) -> Said {
    let conflicting = |text| Said::new(StatusCode::CONFLICT, VALIDATION_ERROR, text);
    match conflict {
        Conflict::NoRoute => Said::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            NO_SMTP_PROVIDER,
            "No default SMTP provider is configured.",
        ),
        Conflict::Taken => conflicting("This name is already taken."),
        Conflict::InProgress => conflicting("The same request is in progress."),
        Conflict::Full | Conflict::State => {
            conflicting("This is not possible in its present state.")
        }
    }
}

fn may_not(permission: Permission, denied: Denied) -> Said {
    let forbidden = |text| Said::new(StatusCode::FORBIDDEN, "FORBIDDEN", text);
    let spent = |text| Said::new(StatusCode::TOO_MANY_REQUESTS, SEND_LIMIT_EXCEEDED, text);
    match denied {
        Denied::Scope => forbidden(match permission {
            Permission::Mail => "This API key does not have the required permission: mail.",
            Permission::Subscribers => {
                "This API key does not have the required permission: subscribers."
            }
        }),
        Denied::Owner | Denied::Policy | Denied::Suspended => {
            forbidden("This is not possible with this API key.")
        }
        Denied::Disabled => forbidden("This account is disabled."),
        Denied::NoPlan => forbidden("This account does not have an active plan."),
        Denied::FreeTier => spent("The free allowance of this month is used up."),
        Denied::SpendCap => spent("The spend cap of this month is reached."),
        // As the sender's domain is told of where it is not the key's business.
        Denied::NotVerified | Denied::FromDomain => {
            invalid(&[Field::From.problem(Reason::Unverified)])
        }
    }
}

fn nothing_there(missing: Missing) -> Said {
    let text = match missing {
        Missing::Email | Missing::Delivery | Missing::Message => "Message not found.",
        Missing::Organization
        | Missing::Domain
        | Missing::Key
        | Missing::Webhook
        | Missing::Suppression
        | Missing::Relay
        | Missing::User
        | Missing::Task
        | Missing::Template
        | Missing::Mailbox
        | Missing::Folder
        | Missing::WebhookDelivery => "Not found.",
    };
    Said::new(StatusCode::NOT_FOUND, NOT_FOUND, text)
}

fn invalid(problems: &[Problem]) -> Said {
    let mut problems: Vec<&Problem> = problems.iter().collect();
    problems.sort_by_key(|problem| KEYS.iter().position(|one| *one == key(problem.field)));
    let mut details: Vec<(&'static str, Vec<String>)> = Vec::new();
    for problem in problems {
        let (key, text) = (key(problem.field), text(problem));
        match details.iter_mut().find(|(known, _)| *known == key) {
            Some((_, texts)) if texts.contains(&text) => {}
            Some((_, texts)) => texts.push(text),
            None => details.push((key, vec![text])),
        }
    }
    let first = details.first().and_then(|(_, texts)| texts.first());
    let message = first.cloned().unwrap_or_default();
    Said {
        details,
        ..Said::new(StatusCode::BAD_REQUEST, VALIDATION_ERROR, message)
    }
}

/// The fields in the contract's order, in which their problems are told; then those that
/// this wire has no way to give.
const KEYS: [&str; 13] = [
    "to",
    "subject",
    "html",
    "text",
    "from_email",
    "from_name",
    "reply_to",
    "cc",
    "bcc",
    "tags",
    "metadata",
    "email",
    "request",
];

/// A field's name in the contract.
fn key(field: Field) -> &'static str {
    match field {
        Field::To => "to",
        Field::Subject => "subject",
        Field::Html => "html",
        Field::Text => "text",
        Field::From => "from_email",
        Field::Name => "from_name",
        Field::ReplyTo => "reply_to",
        Field::Cc => "cc",
        Field::Bcc => "bcc",
        Field::Tags => "tags",
        Field::Metadata => "metadata",
        Field::Address => "email",
        Field::InReplyTo
        | Field::References
        | Field::ListUnsubscribe
        | Field::Attachments
        | Field::AttachmentName
        | Field::AttachmentContent
        | Field::AttachmentType
        | Field::AttachmentId
        | Field::IdempotencyKey
        | Field::Host
        | Field::Url
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
        | Field::Scopes
        | Field::ExpiresAt
        | Field::Limit
        | Field::SpendCap => "request",
    }
}

fn text(problem: &Problem) -> String {
    let key = key(problem.field);
    let field = format!("The {key} field");
    match (problem.reason, key) {
        (Reason::Absent, "html" | "text") => String::from("The html or text field is required."),
        (Reason::Absent, _) => format!("{field} is required."),
        (Reason::Malformed, "to" | "from_email" | "reply_to" | "cc" | "bcc" | "email") => {
            format!("{field} must be a valid email address.")
        }
        (Reason::Malformed, "html" | "text") => format!("{field} must be a string."),
        (Reason::Malformed, "tags") => format!("{field} must be an array of strings."),
        (Reason::Malformed, "metadata") => format!("{field} must be an object."),
        (Reason::Blocked, _) => format!("{field} contains an address on the suppression list."),
        (Reason::Unverified, "from_email") => {
            String::from("The from_email domain is not verified.")
        }
        (Reason::TooMany, "cc" | "bcc") => format!("{field} must not have more than 50 items."),
        (Reason::TooMany, "tags") => format!("{field} must not have more than 20 items."),
        (Reason::TooMany, _) => format!("{field} has too many items."),
        (Reason::TooLong, "tags") => {
            format!("{field} must not have items of more than 100 characters.")
        }
        (Reason::TooLong, "metadata") => {
            format!("{field} must not be greater than {METADATA_BYTES} bytes.")
        }
        (Reason::TooLong, _) => format!("{field} is too long."),
        (Reason::Taken, _) => format!("{field} is already taken."),
        (
            Reason::Malformed
            | Reason::Forbidden
            | Reason::Unknown
            | Reason::Unpublished
            | Reason::OutOfRange
            | Reason::Unverified,
            _,
        ) => format!("{field} is invalid."),
    }
}

#[cfg(test)]
mod tests;
