//! What is said when it does not go as asked.

use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use posthouse::Error;
use posthouse::error::{Busy, Conflict, Field, Missing, Problem, Reason};
use posthouse::limits::{MAILBOX_MIB, NAME_CHARACTERS, PASSWORD_BYTES, SHOWN_CHARACTERS};

use super::wire::{Failure, Wrong};
use crate::http::answer::{self, Fault};
use crate::http::body::Unread;

const INTERNAL: &str = "Internal server error.";
const MANY: &str = "Too many requests.";
const NOT_FOUND: &str = "Not found.";
const NO_DOMAIN: &str = "Domain not found for this account.";
const STRANGER: &str = "Invalid API key.";
const UNAUTHORIZED: &str = "Unauthorized caller.";

/// What was asked for: the same refusal has other words elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Door {
    /// A domain to be made.
    Domain,
    /// Domains below one to be made.
    SubDomains,
    /// Mailboxes to be made.
    Mailboxes,
    /// A list.
    List,
    /// What became of something.
    Task,
}

/// A refusal, before it is an answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Said {
    status: StatusCode,
    reason: String,
    wait_seconds: Option<u64>,
    cause: Option<String>,
}

impl Said {
    fn new(status: StatusCode, reason: impl Into<String>) -> Self {
        Self {
            status,
            reason: reason.into(),
            wait_seconds: None,
            cause: None,
        }
    }

    /// The answer.
    pub(super) fn response(self) -> Response {
        let Self {
            status,
            reason,
            wait_seconds,
            cause,
        } = self;
        let failure = Failure {
            status: "error",
            reason: &reason,
        };
        let mut response = answer::json(status, &failure);
        if let Some(seconds) = wait_seconds {
            let value = HeaderValue::from(seconds);
            response.headers_mut().insert(RETRY_AFTER, value);
        }
        if let Some(cause) = cause {
            response.extensions_mut().insert(Fault(cause));
        }
        response
    }
}

/// What is said to an error of the engine.
pub(super) fn refuse(door: Door, error: Error) -> Said {
    let (status, reason) = words(door, &error);
    let mut said = Said::new(status, reason);
    match error {
        Error::Busy(Busy::Rate { wait_ms } | Busy::Limit { wait_ms }) => {
            said.wait_seconds = Some(wait_ms.div_ceil(1000).max(1));
        }
        Error::Busy(Busy::WriteQueue | Busy::Storage | Busy::Closing) => {
            said.wait_seconds = Some(1);
        }
        Error::Internal(cause) => said.cause = Some(cause),
        Error::Conflict(_)
        | Error::Denied(_)
        | Error::Invalid(_)
        | Error::Missing(_)
        | Error::TooLarge(_)
        | Error::Unknown(_) => {}
    }
    said
}

/// A caller who is not whose key it is.
pub(super) fn not_the_caller() -> Said {
    Said::new(StatusCode::FORBIDDEN, UNAUTHORIZED)
}

/// What is said to something that is wrong.
pub(super) fn wrong(wrong: Wrong) -> Said {
    let reason = match wrong {
        Wrong::Absent(field) => format!("The {field} field is required."),
        Wrong::NoText(field) => format!("The {field} field must be a string."),
        Wrong::NoObject => String::from("The Params field must be an object."),
        Wrong::NoList => String::from("The Params.sub_domains field must be an array."),
        Wrong::NoLabel(label) => label_words(&label),
        Wrong::OtherWord => String::from("The selected single_bulk is invalid."),
        Wrong::OtherKind => String::from("Task type does not match this endpoint."),
        Wrong::NothingMade(why) => why.unwrap_or("Task processing failed.").to_owned(),
    };
    Said::new(StatusCode::UNPROCESSABLE_ENTITY, reason)
}

fn label_words(label: &str) -> String {
    let shown: String = label.chars().take(SHOWN_CHARACTERS).collect();
    format!("The sub-domain label \"{shown}\" is invalid.")
}

/// A body that is no JSON object.
pub(super) fn no_json() -> Said {
    Said::new(StatusCode::BAD_REQUEST, "Malformed JSON body.")
}

/// A body that could not be read.
pub(super) fn unread(why: Unread) -> Said {
    match why {
        Unread::TooLarge => too_large(),
        Unread::Broken => no_json(),
        Unread::Slow => Said::new(StatusCode::REQUEST_TIMEOUT, "The request took too long."),
    }
}

/// There is no task with such a number.
pub(super) fn no_task() -> Said {
    refuse(Door::Task, Error::Missing(Missing::Task))
}

pub(super) fn no_route() -> Said {
    Said::new(StatusCode::NOT_FOUND, NOT_FOUND)
}

pub(super) fn wrong_method() -> Said {
    Said::new(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed.")
}

pub(super) fn fault(status: StatusCode) -> Said {
    Said::new(status, INTERNAL)
}

fn too_large() -> Said {
    Said::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "The request body is too large.",
    )
}

fn words(door: Door, error: &Error) -> (StatusCode, String) {
    let (status, reason) = match error {
        Error::Busy(busy) => not_now(door, *busy),
        Error::Conflict(conflict) => in_the_way(*conflict),
        // Whatever it is that this caller may not.
        Error::Denied(_) => (StatusCode::FORBIDDEN, UNAUTHORIZED),
        Error::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, INTERNAL),
        Error::Invalid(problems) => return invalid(door, problems),
        Error::Missing(missing) => (StatusCode::NOT_FOUND, nothing_there(door, *missing)),
        Error::TooLarge(_) => {
            let Said { status, reason, .. } = too_large();
            return (status, reason);
        }
        Error::Unknown(_) => (StatusCode::UNAUTHORIZED, STRANGER),
    };
    (status, reason.to_owned())
}

const fn not_now(door: Door, busy: Busy) -> (StatusCode, &'static str) {
    match (busy, door) {
        (Busy::Rate { .. }, Door::SubDomains) => (
            StatusCode::TOO_MANY_REQUESTS,
            "Sub-domain requests are limited to once per hour for this domain and API key.",
        ),
        (Busy::Rate { .. } | Busy::Limit { .. }, _) => (StatusCode::TOO_MANY_REQUESTS, MANY),
        (Busy::WriteQueue | Busy::Storage | Busy::Closing, _) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "Service temporarily unavailable.",
        ),
    }
}

const fn in_the_way(conflict: Conflict) -> (StatusCode, &'static str) {
    let reason = match conflict {
        Conflict::Taken => "Domain already exists for this account.",
        Conflict::Full => "Domain mailbox limit reached.",
        Conflict::InProgress | Conflict::State | Conflict::NoRoute => {
            "Not possible in its present state."
        }
    };
    (StatusCode::CONFLICT, reason)
}

const fn nothing_there(door: Door, missing: Missing) -> &'static str {
    match (missing, door) {
        (Missing::Domain, Door::SubDomains) => "Parent domain was not found.",
        (Missing::Domain, Door::Domain | Door::Mailboxes | Door::List | Door::Task) => NO_DOMAIN,
        (Missing::Task, _) => "Task ID was not found for this API key.",
        (
            Missing::Organization
            | Missing::Key
            | Missing::Email
            | Missing::Delivery
            | Missing::Mailbox
            | Missing::Folder
            | Missing::Message
            | Missing::Webhook
            | Missing::Suppression
            | Missing::Relay
            | Missing::User
            | Missing::Template
            | Missing::WebhookDelivery,
            _,
        ) => NOT_FOUND,
    }
}

/// The first problem is told; that a domain is taken is a conflict here.
fn invalid(door: Door, problems: &[Problem]) -> (StatusCode, String) {
    let Some(problem) = problems.first() else {
        return (
            StatusCode::UNPROCESSABLE_ENTITY,
            String::from("The request is invalid."),
        );
    };
    if (problem.field, problem.reason) == (Field::Host, Reason::Taken) {
        let (status, reason) = in_the_way(Conflict::Taken);
        return (status, reason.to_owned());
    }
    (StatusCode::UNPROCESSABLE_ENTITY, text(door, problem))
}

fn text(door: Door, problem: &Problem) -> String {
    let key = key(door, problem.field);
    let field = format!("The {key} field");
    match (problem.reason, problem.field, door) {
        (Reason::Absent, ..) => format!("{field} is required."),
        (_, Field::Host, _) => format!("{field} must be a valid domain name."),
        (Reason::TooMany, Field::Name, Door::SubDomains) => {
            String::from("Maximum 10 sub-domains are allowed per request.")
        }
        (_, Field::Name, Door::SubDomains) => {
            label_words(problem.detail.as_deref().unwrap_or_default())
        }
        (Reason::TooLong, Field::Name, _) => {
            format!("{field} must not be greater than {NAME_CHARACTERS} characters.")
        }
        (Reason::TooLong, Field::Address, _) => {
            format!("{field} must not be greater than 254 characters.")
        }
        (Reason::Forbidden, Field::Address, _) => {
            format!("{field} must be an address at the Domain.")
        }
        (_, Field::Limit, _) => format!("{field} must be between 1 and 100."),
        (_, Field::Quota, _) => format!("{field} must be between 1 and {MAILBOX_MIB}."),
        (_, Field::Password, _) => format!(
            "{field} must be between {} and {} characters.",
            PASSWORD_BYTES.start(),
            PASSWORD_BYTES.end()
        ),
        _ => format!("{field} is invalid."),
    }
}

/// A field's name in the contract.
const fn key(door: Door, field: Field) -> &'static str {
    match field {
        Field::Host => match door {
            Door::List => "domain",
            Door::Domain | Door::SubDomains | Door::Mailboxes | Door::Task => "Domain",
        },
        Field::Name => match door {
            Door::SubDomains => "Params.sub_domains",
            Door::Domain | Door::Mailboxes | Door::List | Door::Task => "Params.display_name",
        },
        Field::Limit => match door {
            Door::Domain => "Params.total_mailbox_allowed",
            Door::SubDomains | Door::Mailboxes | Door::List | Door::Task => "Params.count",
        },
        Field::Address => "Email_fullname",
        Field::Quota => "Params.quota_mb",
        Field::Password => "Params.password",
        // What this wire has no way to give.
        Field::From
        | Field::To
        | Field::Cc
        | Field::Bcc
        | Field::ReplyTo
        | Field::Subject
        | Field::Html
        | Field::Text
        | Field::InReplyTo
        | Field::References
        | Field::ListUnsubscribe
        | Field::Tags
        | Field::Attachments
        | Field::AttachmentName
        | Field::AttachmentContent
        | Field::AttachmentType
        | Field::AttachmentId
        | Field::IdempotencyKey
        | Field::Url
        | Field::Form
        | Field::Kinds
        | Field::Port
        | Field::Login
        | Field::Pattern
        | Field::Rate
        | Field::Template
        | Field::Variables
        | Field::SendAt
        | Field::Metadata
        | Field::Scopes
        | Field::ExpiresAt
        | Field::SpendCap => "request",
    }
}

#[cfg(test)]
mod tests;
