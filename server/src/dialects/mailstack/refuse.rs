//! What is said when it does not go as asked.

mod words;

use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use posthouse::Error;
use posthouse::error::{Busy, Conflict, Denied, Field, Missing, Problem, Reason, TooLarge};

use super::wire::answer::Refusal;
use crate::http::answer::{self, Fault};
use crate::http::body::Unread;

use words::sentence;

/// What a request is about: the same error is said differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Door {
    Emails,
    Domains,
    Keys,
    Billing,
    Webhooks,
    Templates,
}

/// A refusal before it is an answer.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) status: StatusCode,
    pub(super) text: String,
    /// By field, where there is more to say than `text`.
    errors: Vec<(&'static str, Vec<String>)>,
    wait_seconds: Option<u64>,
    /// Why it is our fault; for the log.
    fault: Option<String>,
}

impl Said {
    fn new(status: StatusCode, text: impl Into<String>) -> Self {
        Self {
            status,
            text: text.into(),
            errors: Vec::new(),
            wait_seconds: None,
            fault: None,
        }
    }

    /// As an answer.
    pub(super) fn response(self) -> Response {
        let refusal = Refusal {
            error: &self.text,
            title: self.status.canonical_reason().unwrap_or_default(),
            status: self.status.as_u16(),
            detail: &self.text,
            errors: &self.errors,
        };
        let mut response = answer::json(self.status, &refusal);
        let headers = response.headers_mut();
        if let Some(seconds) = self.wait_seconds {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            // RFC 9110 section 11.6.1.
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(cause) = self.fault {
            response.extensions_mut().insert(Fault(cause));
        }
        response
    }

    /// The sentence alone; a fault of ours goes to the log.
    pub(super) fn into_text(self) -> String {
        if let Some(cause) = self.fault {
            tracing::error!(cause, "a fault of ours");
        }
        self.text
    }
}

/// What is said of an error of the engine.
pub(super) fn refuse(door: Door, error: Error) -> Said {
    match error {
        Error::Busy(busy) => not_now(busy),
        Error::Conflict(conflict) => in_the_way(door, conflict),
        Error::Denied(denied) => why_denied(denied),
        Error::Internal(cause) => Said {
            fault: Some(cause),
            ..fault()
        },
        Error::Invalid(problems) => invalid(door, problems),
        Error::Missing(
            Missing::Organization
            | Missing::Domain
            | Missing::Key
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
        ) => nothing_there(),
        Error::TooLarge(
            TooLarge::Message | TooLarge::Request | TooLarge::Mailbox | TooLarge::Hops,
        ) => Said::new(StatusCode::PAYLOAD_TOO_LARGE, "Request body too large."),
        Error::Unknown(_) => Said::new(StatusCode::UNAUTHORIZED, "Missing or invalid API key."),
    }
}

/// Something the contract asks for that is not as it should be.
pub(super) fn wrong(text: &'static str) -> Said {
    Said::new(StatusCode::BAD_REQUEST, text)
}

/// Not JSON, or not an object.
pub(super) fn no_json() -> Said {
    wrong("Invalid JSON body.")
}

/// The key's organization is not one that may be used, or not the one that is asked for.
pub(super) fn no_organization() -> Said {
    refuse(Door::Keys, Error::Denied(Denied::Disabled))
}

/// The key does not reach as far as `word`.
pub(super) fn missing_scope(word: &str) -> Said {
    Said::new(
        StatusCode::FORBIDDEN,
        format!("API key is missing the required scope: {word}."),
    )
}

/// A body that could not be read.
pub(super) fn unread(why: Unread) -> Said {
    match why {
        Unread::TooLarge => refuse(Door::Emails, Error::TooLarge(TooLarge::Request)),
        Unread::Broken => no_json(),
        Unread::Slow => Said::new(StatusCode::REQUEST_TIMEOUT, "Request timed out."),
    }
}

pub(super) fn nothing_there() -> Said {
    Said::new(StatusCode::NOT_FOUND, "Not found.")
}

pub(super) fn wrong_method() -> Said {
    Said::new(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed.")
}

pub(super) fn fault() -> Said {
    Said::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal error.")
}

fn not_now(busy: Busy) -> Said {
    let (status, text, wait_seconds) = match busy {
        Busy::Rate { wait_ms } | Busy::Limit { wait_ms } => (
            StatusCode::TOO_MANY_REQUESTS,
            "Rate limit exceeded.",
            wait_ms.div_ceil(1000).max(1),
        ),
        Busy::WriteQueue | Busy::Storage | Busy::Closing => (
            StatusCode::SERVICE_UNAVAILABLE,
            "Service temporarily unavailable.",
            1,
        ),
    };
    Said {
        wait_seconds: Some(wait_seconds),
        ..Said::new(status, text)
    }
}

fn in_the_way(door: Door, conflict: Conflict) -> Said {
    let text = match (conflict, door) {
        (Conflict::InProgress, _) => "A request with this Idempotency-Key is in progress.",
        (Conflict::Taken, Door::Domains) => "Domain already exists.",
        (Conflict::Taken, Door::Keys) => "An API key with this name already exists.",
        (Conflict::Taken, Door::Templates) => "A template with this name already exists.",
        (Conflict::Taken, Door::Emails | Door::Billing | Door::Webhooks) => "Already exists.",
        (Conflict::State, Door::Emails) => "Message can no longer be canceled.",
        (Conflict::Full | Conflict::State, _) => "Not possible in its present state.",
        (Conflict::NoRoute, _) => {
            "Nothing may leave yet: the server needs a relay or direct delivery."
        }
    };
    Said::new(StatusCode::CONFLICT, text)
}

fn why_denied(denied: Denied) -> Said {
    let (status, text) = match denied {
        Denied::Disabled | Denied::NoPlan => (StatusCode::FORBIDDEN, "No active organization."),
        Denied::NotVerified | Denied::FromDomain => {
            (StatusCode::BAD_REQUEST, "The from domain is not verified.")
        }
        Denied::Owner | Denied::Policy | Denied::Suspended => {
            (StatusCode::FORBIDDEN, "Not possible with this API key.")
        }
        // Where it is known which one, `missing_scope` says so.
        Denied::Scope => (
            StatusCode::FORBIDDEN,
            "API key is missing the required scope.",
        ),
        Denied::FreeTier => (
            StatusCode::PAYMENT_REQUIRED,
            "Free tier exhausted. Add a payment method to continue sending.",
        ),
        Denied::SpendCap => (StatusCode::PAYMENT_REQUIRED, "Monthly spend cap reached."),
    };
    Said::new(status, text)
}

/// The first problem is the sentence; several fields, or a template's part, are told by field.
fn invalid(door: Door, mut problems: Vec<Problem>) -> Said {
    said_once(&mut problems);
    let taken = |one: &Problem| one.field == Field::Host && one.reason == Reason::Taken;
    if problems.iter().any(taken) {
        return in_the_way(Door::Domains, Conflict::Taken);
    }
    let mut errors: Vec<(&'static str, Vec<String>)> = Vec::new();
    for problem in &problems {
        let (key, text) = (words::key(door, problem.field), sentence(door, problem));
        match errors.iter_mut().find(|(known, _)| *known == key) {
            Some((_, texts)) if texts.contains(&text) => {}
            Some((_, texts)) => texts.push(text),
            None => errors.push((key, vec![text])),
        }
    }
    let first = problems.first().map(|one| sentence(door, one));
    if errors.len() < 2 && !problems.iter().any(of_a_template) {
        errors.clear();
    }
    Said {
        errors,
        ..Said::new(StatusCode::BAD_REQUEST, first.unwrap_or_default())
    }
}

/// What is wrong with each field, a sentence each.
pub(super) fn sentences(door: Door, problems: &[Problem]) -> Vec<String> {
    let mut problems = problems.to_vec();
    said_once(&mut problems);
    problems.iter().map(|one| sentence(door, one)).collect()
}

/// That both html and text are absent takes one sentence.
fn said_once(problems: &mut Vec<Problem>) {
    let absent =
        |problem: &Problem, field| problem.field == field && problem.reason == Reason::Absent;
    if problems.iter().any(|one| absent(one, Field::Html)) {
        problems.retain(|one| !absent(one, Field::Text));
    }
}

/// Whether a template's line and column are told.
fn of_a_template(problem: &Problem) -> bool {
    matches!(problem.field, Field::Subject | Field::Html | Field::Text)
        && problem.reason == Reason::Malformed
        && problem.detail.is_some()
}

#[cfg(test)]
mod tests;
