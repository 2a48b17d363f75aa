//! What is said when it was not done: what kind of no it is, and how to mend it.

use std::collections::BTreeMap;

use posthouse::error::{
    Busy, Conflict, Denied, Error, Field, Missing, Problem, Reason, TooLarge, Unknown,
};

use super::mend::mend;
use super::trouble::Trouble;
use super::wire::{Refused, RefusedKind};

/// What is said of trouble that a command of `noun` came to. The cause of an internal fault is
/// not part of it.
pub fn refuse(noun: &str, trouble: Trouble) -> Refused {
    match trouble {
        Trouble::Engine(error) => engine(noun, error),
        Trouble::Field(field, words) => Refused {
            fields: BTreeMap::from([(field.to_owned(), words.to_string())]),
            ..plain(
                RefusedKind::Invalid,
                "invalid",
                format!("{} {words}.", capital(field)),
            )
        },
        Trouble::Input(words) => plain(RefusedKind::Invalid, "malformed", words),
        Trouble::NoCommand => plain(
            RefusedKind::Missing,
            "no_command",
            "There is no such command; the page may be older than the server: load it again.",
        ),
        Trouble::Elsewhere(words) => plain(RefusedKind::Conflict, "elsewhere", words),
        Trouble::Forged => plain(
            RefusedKind::Denied,
            "forged",
            "This did not come from a page of this console; load it again.",
        ),
    }
}

fn plain(kind: RefusedKind, code: &str, message: impl Into<String>) -> Refused {
    Refused {
        kind,
        code: code.to_owned(),
        message: message.into(),
        fields: BTreeMap::new(),
        wait_ms: None,
        request: None,
    }
}

fn engine(noun: &str, error: Error) -> Refused {
    match error {
        Error::Busy(why) => busy(why),
        Error::Conflict(why) => conflict(noun, why),
        Error::Denied(why) => denied(why),
        Error::Internal(_) => plain(
            RefusedKind::Internal,
            "internal",
            "Something went wrong here, through no fault of yours; the log says what.",
        ),
        Error::Invalid(problems) => invalid(&problems),
        Error::Missing(what) => missing(noun, what),
        Error::TooLarge(what) => plain(
            RefusedKind::TooLarge,
            match what {
                TooLarge::Message => "message",
                TooLarge::Request => "request",
                TooLarge::Mailbox => "mailbox",
                TooLarge::Hops => "hops",
            },
            format!("Too large: {what}."),
        ),
        Error::Unknown(why) => unknown(why),
    }
}

fn busy(why: Busy) -> Refused {
    let (code, message, wait_ms) = match why {
        Busy::WriteQueue => (
            "queue",
            "Too much is waiting to be written; try again in a moment.",
            Some(1_000),
        ),
        Busy::Storage => (
            "storage",
            "The database takes no writes: look at the free space and the permissions of the data folder.",
            None,
        ),
        Busy::Rate { wait_ms } => ("rate", "Too many tries; wait a while.", Some(wait_ms)),
        Busy::Limit { wait_ms } => (
            "limit",
            "Every relay is at its limit; raise one, or wait.",
            Some(wait_ms),
        ),
        Busy::Closing => ("closing", "Posthouse is just closing.", Some(1_000)),
    };
    Refused {
        wait_ms,
        ..plain(RefusedKind::Busy, code, message)
    }
}

fn conflict(noun: &str, why: Conflict) -> Refused {
    let (code, message) = match (why, noun) {
        (Conflict::Taken, _) => ("taken", "That is in use already; choose another."),
        (Conflict::InProgress, _) => ("in_progress", "The same is under way already."),
        (Conflict::Full, _) => ("full", "There are as many as there may be."),
        (Conflict::State, "user") => (
            "last_owner",
            "Somebody has to stay an owner: make another one first.",
        ),
        (Conflict::State, "email") => (
            "state",
            "Nothing of it waits for that any more; look at where its recipients stand.",
        ),
        (Conflict::State, _) => ("state", "That is not possible as things stand."),
        (Conflict::NoRoute, _) => (
            "no_route",
            "Nothing may leave yet: add a relay, or switch direct delivery on in the settings.",
        ),
    };
    plain(RefusedKind::Conflict, code, message)
}

fn denied(why: Denied) -> Refused {
    let (code, message) = match why {
        Denied::Disabled => ("disabled", "The organization is disabled."),
        Denied::NoPlan => ("no_plan", "The organization has no active plan."),
        Denied::NotVerified => (
            "not_verified",
            "The domain's DKIM record was not found: publish its records, then check it.",
        ),
        Denied::FromDomain => ("from_domain", "The sender is of another domain."),
        Denied::Scope => ("role", "Your role does not allow this; ask an owner."),
        Denied::Owner => ("owner", "It belongs to somebody else."),
        Denied::Suspended => ("suspended", "The mailbox is shut: resume or restore it."),
        Denied::Policy => ("policy", "The sender's domain asks that it be refused."),
        Denied::FreeTier => (
            "free_tier",
            "The month's free allowance is used up and there is no payment method.",
        ),
        Denied::SpendCap => ("spend_cap", "The month's spend cap is reached."),
    };
    plain(RefusedKind::Denied, code, message)
}

fn missing(noun: &str, what: Missing) -> Refused {
    let (code, message) = match (what, noun) {
        (Missing::User, "session") => (
            "invitation",
            String::from("This link was used already, or its time is over: ask for another one."),
        ),
        (Missing::Organization, _) => ("organization", there_is_no("organization")),
        (Missing::Domain, _) => (
            "domain",
            String::from("There is no such domain here; add it first."),
        ),
        (Missing::Key, _) => ("key", there_is_no("key")),
        (Missing::Email, _) => ("email", there_is_no("email")),
        (Missing::Delivery, _) => ("delivery", there_is_no("delivery")),
        (Missing::Mailbox, _) => ("mailbox", there_is_no("mailbox")),
        (Missing::Folder, _) => ("folder", there_is_no("folder")),
        (Missing::Message, _) => ("message", there_is_no("message")),
        (Missing::Webhook, _) => ("webhook", there_is_no("webhook")),
        (Missing::Suppression, _) => (
            "suppression",
            String::from("That address is not on this list."),
        ),
        (Missing::Relay, _) => ("relay", there_is_no("relay")),
        (Missing::User, _) => ("user", there_is_no("person")),
        (Missing::Template, _) => ("template", there_is_no("template")),
        (Missing::WebhookDelivery, _) => ("webhook_delivery", there_is_no("call of a webhook")),
        (Missing::Task, _) => ("task", there_is_no("task")),
    };
    plain(RefusedKind::Missing, code, message)
}

fn there_is_no(what: &str) -> String {
    format!("There is no such {what}; somebody may have removed it.")
}

fn unknown(why: Unknown) -> Refused {
    let (code, message) = match why {
        Unknown::Absent => ("signed_out", "Sign in first."),
        Unknown::Wrong => ("wrong", "Name or password are not right."),
        Unknown::Expired => ("expired", "You were away for long: sign in again."),
        Unknown::Revoked => ("revoked", "You were signed out: sign in again."),
    };
    plain(RefusedKind::Unknown, code, message)
}

fn invalid(problems: &[Problem]) -> Refused {
    let mut fields = BTreeMap::new();
    for problem in problems {
        fields
            .entry(field(problem.field).to_owned())
            .or_insert_with(|| capital(&format!("{}.", mend(problem))));
    }
    let code = match problems.first().map(|problem| problem.reason) {
        Some(Reason::Taken) => "taken",
        Some(
            Reason::Absent
            | Reason::Malformed
            | Reason::Blocked
            | Reason::TooMany
            | Reason::TooLong
            | Reason::Forbidden
            | Reason::Unknown
            | Reason::Unpublished
            | Reason::OutOfRange
            | Reason::Unverified,
        )
        | None => "invalid",
    };
    let message = problems
        .iter()
        .map(|problem| capital(&format!("{} {}.", problem.field, mend(problem))))
        .collect::<Vec<_>>()
        .join(" ");
    Refused {
        fields,
        ..plain(RefusedKind::Invalid, code, message)
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// What a field is called in the inputs.
const fn field(field: Field) -> &'static str {
    match field {
        Field::From => "from",
        Field::To => "to",
        Field::Cc => "cc",
        Field::Bcc => "bcc",
        Field::ReplyTo => "reply_to",
        Field::Subject => "subject",
        Field::Html => "html",
        Field::Text => "text",
        Field::InReplyTo => "in_reply_to",
        Field::References => "references",
        Field::ListUnsubscribe => "list_unsubscribe",
        Field::Tags => "tags",
        Field::Attachments
        | Field::AttachmentName
        | Field::AttachmentContent
        | Field::AttachmentType
        | Field::AttachmentId => "attachments",
        Field::IdempotencyKey => "idempotency_key",
        Field::Host => "host",
        Field::Name => "name",
        Field::Address => "address",
        Field::Url => "url",
        Field::Form => "form",
        Field::Kinds => "events",
        Field::Port => "port",
        Field::Login => "user",
        Field::Password => "password",
        Field::Pattern => "allowed",
        Field::Rate => "rate_per_minute",
        Field::Template => "template",
        Field::Variables => "data",
        Field::SendAt => "send_at",
        Field::Metadata => "metadata",
        Field::Scopes => "scopes",
        Field::ExpiresAt => "expires_at",
        Field::Limit | Field::Quota => "quota_bytes",
        Field::SpendCap => "spend_cap",
    }
}
