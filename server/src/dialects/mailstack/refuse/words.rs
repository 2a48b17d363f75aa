//! Fields and what is wrong with them, in the contract's words.

use posthouse::error::{Field, Problem, Reason};

use super::Door;

/// A field's name on the wire.
pub(super) fn key(door: Door, field: Field) -> &'static str {
    match field {
        Field::From => "from",
        Field::To => "to",
        Field::Cc => "cc",
        Field::Bcc => "bcc",
        Field::ReplyTo => "replyTo",
        Field::Subject => "subject",
        Field::Html => "html",
        Field::Text => "text",
        Field::Tags => "tags",
        Field::IdempotencyKey => "idempotencyKey",
        Field::Host => "domain",
        Field::Name => match door {
            Door::Domains => "mailFromSubdomain",
            Door::Emails | Door::Keys | Door::Billing | Door::Webhooks | Door::Templates => "name",
        },
        Field::Url => "url",
        Field::Kinds => "eventTypes",
        Field::Template => "templateId",
        Field::Variables => "variables",
        Field::SendAt => "sendAt",
        Field::Scopes => "scopes",
        Field::ExpiresAt => "expiresAt",
        Field::SpendCap => "monthlySpendCapCents",
        // Fields that this wire has no way to give.
        Field::InReplyTo
        | Field::References
        | Field::ListUnsubscribe
        | Field::Attachments
        | Field::AttachmentName
        | Field::AttachmentContent
        | Field::AttachmentType
        | Field::AttachmentId
        | Field::Address
        | Field::Form
        | Field::Port
        | Field::Login
        | Field::Quota
        | Field::Password
        | Field::Pattern
        | Field::Rate
        | Field::Metadata
        | Field::Limit => "base",
    }
}

/// A field's name at the start of a sentence.
fn label(door: Door, field: Field) -> String {
    if field == Field::IdempotencyKey {
        return String::from("Idempotency-Key");
    }
    let key = key(door, field);
    let (first, rest) = key.split_at(1);
    format!("{}{rest}", first.to_uppercase())
}

/// What is wrong, as a sentence.
pub(super) fn sentence(door: Door, problem: &Problem) -> String {
    let Problem {
        field,
        reason,
        detail,
    } = problem;
    let label = label(door, *field);
    match reason {
        Reason::Absent => match field {
            Field::Html | Field::Text => String::from("Either html or text is required."),
            Field::Scopes => String::from("At least one scope is required."),
            _ => format!("{label} is required."),
        },
        Reason::Malformed => malformed(*field, &label, detail.as_deref()),
        Reason::Blocked => String::from("Recipient is suppressed."),
        Reason::TooMany => match field {
            Field::To | Field::Cc | Field::Bcc => {
                String::from("At most 50 recipients are allowed.")
            }
            _ => format!("{label} has too many values."),
        },
        Reason::TooLong => match field {
            Field::Subject => String::from("Subject must have at most 998 characters."),
            Field::Html | Field::Text => {
                String::from("Html and text must have at most 10 MiB together.")
            }
            Field::Name if door == Door::Keys => {
                format!("{label} must have at most 100 characters.")
            }
            _ => format!("{label} is too long."),
        },
        Reason::Taken => format!("{label} is already taken."),
        Reason::Forbidden => match field {
            Field::Url => String::from("Url must begin with https://."),
            _ => format!("{label} is not allowed."),
        },
        Reason::Unknown => match (field, detail) {
            (Field::Template, _) => String::from("Template not found."),
            (Field::Scopes, Some(word)) => format!("Unknown scope: {word}."),
            (Field::Kinds, Some(word)) => format!("Unknown event type: {word}."),
            _ => format!("{label} is not known."),
        },
        Reason::Unpublished => String::from("Template is not published."),
        Reason::OutOfRange => match field {
            Field::SendAt => String::from("SendAt must be at most 30 days ahead."),
            Field::ExpiresAt => String::from("ExpiresAt must be in the future."),
            _ => format!("{label} is out of range."),
        },
        Reason::Unverified => String::from("The from domain is not verified."),
    }
}

fn malformed(field: Field, label: &str, detail: Option<&str>) -> String {
    match (field, detail) {
        (Field::From, Some(_)) => format!("{label} is not a valid email address."),
        (Field::To | Field::Cc | Field::Bcc | Field::ReplyTo, Some(address)) => {
            format!("{address} is not a valid email address.")
        }
        // Where in a template, and what.
        (Field::Subject | Field::Html | Field::Text, Some(fault)) => {
            format!("{label} cannot be rendered: {fault}.")
        }
        (Field::SendAt | Field::ExpiresAt, _) => {
            format!("{label} is not a valid RFC 3339 time.")
        }
        (Field::Variables, _) => format!("{label} must be an object."),
        (Field::SpendCap, _) => format!("{label} must be a number of cents, or null."),
        (Field::Template, _) => String::from("Template not found."),
        _ => format!("{label} is not valid."),
    }
}
