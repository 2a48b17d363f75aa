//! What is said when it does not go as asked.

use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use posthouse::Error;
use posthouse::error::{Busy, Conflict, Denied, Field, Missing, Problem, Reason};

use super::wire::Failure;
use crate::http::answer::{self, Fault};
use crate::http::body::Unread;

const UNAUTHORIZED: &str = "Not authorized. You may need to log in first.";
const MANY: &str = "Too many requests";
const NOT_THE_SENDER: &str = "The from address is not owned by this account";

/// What was asked for: the same refusal has other words elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Door {
    /// An address.
    Address,
    /// What is known of a stranger's address.
    Validation,
    /// A list or a count of messages.
    List,
    /// All messages of an address, to be removed.
    Purge,
    /// One message.
    Message,
    /// Something of the account's own.
    Account,
    /// Mail to be sent.
    Send,
    /// The web socket.
    Socket,
}

/// A refusal, before it is an answer.
#[derive(Debug)]
pub(super) struct Said {
    status: StatusCode,
    message: String,
    details: Vec<String>,
    wait_seconds: Option<u64>,
    cause: Option<String>,
}

impl Said {
    fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            details: Vec::new(),
            wait_seconds: None,
            cause: None,
        }
    }

    /// Its status and words, where it is no answer.
    pub(super) fn told(&self) -> (StatusCode, &str) {
        (self.status, &self.message)
    }

    /// The cause, where it is a fault of ours.
    pub(super) fn fault(&self) -> Option<Fault> {
        self.cause.clone().map(Fault)
    }

    /// The answer; `error` is the status in HTTP's words.
    pub(super) fn response(self) -> Response {
        let Self {
            status,
            message,
            details,
            wait_seconds,
            cause,
        } = self;
        let mut response = answer::json(
            status,
            &Failure {
                message: &message,
                error: status.canonical_reason().unwrap_or_default(),
                validation_errors: &details,
            },
        );
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
    let (status, message) = words(door, &error);
    let mut said = Said::new(status, message);
    match error {
        Error::Busy(Busy::Rate { wait_ms } | Busy::Limit { wait_ms }) => {
            said.wait_seconds = Some(wait_ms.div_ceil(1000).max(1));
        }
        Error::Busy(Busy::WriteQueue | Busy::Storage | Busy::Closing) => {
            said.wait_seconds = Some(1);
        }
        Error::Internal(cause) => said.cause = Some(cause),
        Error::Invalid(problems) => {
            said.details = problems.iter().map(|one| of_problem(door, one)).collect();
        }
        Error::Conflict(_)
        | Error::Denied(_)
        | Error::Missing(_)
        | Error::TooLarge(_)
        | Error::Unknown(_) => {}
    }
    said
}

/// What is wrong with what was asked, in these words.
pub(super) fn bad(message: &str) -> Said {
    let mut said = Said::new(StatusCode::BAD_REQUEST, message);
    said.details.push(message.to_owned());
    said
}

pub(super) fn wrong_method() -> Said {
    Said::new(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed")
}

pub(super) fn not_found() -> Said {
    Said::new(StatusCode::NOT_FOUND, "Not found")
}

pub(super) fn fault() -> Said {
    Said::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal server error")
}

/// A socket for the page of another host.
pub(super) fn foreign_page() -> Said {
    Said::new(
        StatusCode::FORBIDDEN,
        "The origin of this page is not allowed",
    )
}

/// A request for the socket that is none for a socket.
pub(super) fn no_socket() -> Said {
    Said::new(StatusCode::UPGRADE_REQUIRED, "This is a web socket")
}

/// A body that could not be read.
pub(super) fn unread(why: Unread) -> Said {
    match why {
        Unread::TooLarge => Said::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "The request body is too large",
        ),
        Unread::Broken => bad("The request body could not be read"),
        Unread::Slow => Said::new(
            StatusCode::REQUEST_TIMEOUT,
            "The request body took too long",
        ),
    }
}

fn words(door: Door, error: &Error) -> (StatusCode, String) {
    let (status, text) = match error {
        Error::Busy(Busy::Rate { .. } | Busy::Limit { .. }) => {
            (StatusCode::TOO_MANY_REQUESTS, MANY)
        }
        Error::Busy(Busy::WriteQueue | Busy::Storage | Busy::Closing) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "Service temporarily unavailable",
        ),
        Error::Conflict(Conflict::State) if door == Door::Socket => {
            (StatusCode::FORBIDDEN, "Web sockets are not enabled for it")
        }
        Error::Conflict(conflict) => (StatusCode::BAD_REQUEST, in_the_way(door, *conflict)),
        Error::Denied(denied) => may_not(door, *denied),
        Error::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "Internal server error"),
        Error::Invalid(problems) => {
            let first = problems.first().map(|one| of_problem(door, one));
            return (StatusCode::BAD_REQUEST, first.unwrap_or_default());
        }
        Error::Missing(missing) => (StatusCode::NOT_FOUND, nothing_there(*missing)),
        Error::TooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, "The message is too large"),
        Error::Unknown(_) => (StatusCode::UNAUTHORIZED, UNAUTHORIZED),
    };
    (status, text.to_owned())
}

const fn in_the_way(door: Door, conflict: Conflict) -> &'static str {
    match (conflict, door) {
        (Conflict::Taken, _) => "Address is already owned by this account",
        (Conflict::State, Door::Address) => "Address is not owned by this account",
        (Conflict::Full | Conflict::State, _) => "This is not possible in its present state",
        (Conflict::InProgress, _) => "The same request is in progress",
        (Conflict::NoRoute, _) => "Nothing may leave this server yet",
    }
}

const fn may_not(door: Door, denied: Denied) -> (StatusCode, &'static str) {
    match (denied, door) {
        (Denied::Owner, Door::List) => (
            StatusCode::FORBIDDEN,
            "Requested email address is owned by another user",
        ),
        (Denied::Owner, Door::Purge) => (
            StatusCode::UNAUTHORIZED,
            "Cannot delete messages for inbox that is not owned by this account",
        ),
        (Denied::Owner, Door::Account) => (
            StatusCode::FORBIDDEN,
            "Requested domain is owned by another user",
        ),
        (Denied::Owner, Door::Socket) => (
            StatusCode::FORBIDDEN,
            "Requested address or domain is not owned by this account",
        ),
        (Denied::Owner, Door::Address | Door::Message | Door::Validation | Door::Send) => {
            (StatusCode::UNAUTHORIZED, UNAUTHORIZED)
        }
        (Denied::Disabled | Denied::NoPlan, _) => {
            (StatusCode::FORBIDDEN, "This account is disabled")
        }
        (Denied::Scope | Denied::Policy | Denied::Suspended, _) => (
            StatusCode::FORBIDDEN,
            "This is not possible with this API key",
        ),
        (Denied::NotVerified | Denied::FromDomain, _) => (StatusCode::BAD_REQUEST, NOT_THE_SENDER),
        (Denied::FreeTier | Denied::SpendCap, _) => (
            StatusCode::BAD_REQUEST,
            "You must purchase more outgoing messages before you can send",
        ),
    }
}

const fn nothing_there(missing: Missing) -> &'static str {
    match missing {
        Missing::Message => "Message not found by id.",
        Missing::Organization
        | Missing::Domain
        | Missing::Key
        | Missing::Email
        | Missing::Delivery
        | Missing::Mailbox
        | Missing::Webhook
        | Missing::Suppression
        | Missing::Relay
        | Missing::User
        | Missing::Task
        | Missing::Template
        | Missing::Folder
        | Missing::WebhookDelivery => "Not found",
    }
}

/// A field's name in the contract.
const fn name(door: Door, field: Field) -> &'static str {
    match (field, door) {
        (Field::To, Door::Send) => "to",
        (Field::To, _) => "forward",
        (Field::From, _) => "from",
        (Field::Subject, _) => "subject",
        (Field::Html, _) => "html",
        (Field::Text, _) => "text",
        (Field::Address, _) => "email",
        (Field::Host, _) => "domain",
        (Field::Name, _) => "info",
        (Field::Url, _) => "webhook",
        (Field::Tags, _) => "labels",
        (
            Field::Attachments
            | Field::AttachmentName
            | Field::AttachmentContent
            | Field::AttachmentType
            | Field::AttachmentId,
            _,
        ) => "attachments",
        (
            Field::Cc
            | Field::Bcc
            | Field::ReplyTo
            | Field::InReplyTo
            | Field::References
            | Field::ListUnsubscribe
            | Field::IdempotencyKey
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
            | Field::SpendCap,
            _,
        ) => "request",
    }
}

fn of_problem(door: Door, problem: &Problem) -> String {
    let field = name(door, problem.field);
    match (problem.field, problem.reason, door) {
        (Field::Host, Reason::Unknown, _) => "Domain is not handled by this server".into(),
        (Field::Address, Reason::Malformed, _) => "Invalid email address".into(),
        (Field::Address, Reason::TooMany, Door::Address) => {
            "Maximum 100 addresses per request".into()
        }
        (Field::Address, Reason::TooMany, Door::Validation) => {
            "Maximum 50 addresses per request".into()
        }
        (Field::To, Reason::TooMany, Door::Send) => {
            "The to field exceeds the maximum allowed size".into()
        }
        (Field::To, Reason::Unknown, Door::Address) => {
            "forward must be another address that this server handles".into()
        }
        (Field::From, Reason::Unverified, _) => NOT_THE_SENDER.into(),
        (Field::Url, Reason::Forbidden, _) => "webhook must be an https URL".into(),
        (_, Reason::Absent, _) => format!("{field} is required"),
        (_, Reason::TooMany, _) => format!("{field} has too many items"),
        (_, Reason::TooLong, _) => format!("{field} is too long"),
        (_, Reason::Blocked, _) => format!("{field} is on the suppression list"),
        (_, Reason::Taken, _) => format!("{field} is already taken"),
        (_, Reason::Unverified, _) => format!("{field} is of a domain that is not verified"),
        (
            _,
            Reason::Malformed
            | Reason::Forbidden
            | Reason::Unknown
            | Reason::Unpublished
            | Reason::OutOfRange,
            _,
        ) => format!("{field} is invalid"),
    }
}

#[cfg(test)]
mod tests;
