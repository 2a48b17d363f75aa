//! A message as somebody wrote it, read as a submission: the parts that one has a place for,
//! and nothing else.

use mail_parser::ContentType;

use super::body::Body;
use super::entity::Entity;
use super::people::named;
use super::walk::Leaf;
use crate::error::{Field, Reason};
use crate::limits::ATTACHMENTS;
use crate::model::address::quote_phrase;
use crate::model::email::{Submission, SubmittedFile};

/// Sender, recipients, subject, text, html, files, and what it answers. Whoever takes it in
/// adds the rest. A message past the bounds on parts and depth is refused by what is in
/// `refused`: sent on, it would lack something.
#[must_use]
pub fn written(raw: &[u8]) -> Submission {
    let head = Entity::of(raw);
    let body = Body::of(raw);
    let mut refused = Vec::new();
    if body.whole.is_err() || body.attachments.len() > ATTACHMENTS {
        refused.push(Field::Attachments.problem(Reason::TooMany));
    }
    Submission {
        from: list(&head, "From"),
        to: list(&head, "To"),
        cc: list(&head, "Cc"),
        reply_to: list(&head, "Reply-To"),
        subject: head.text_of("Subject"),
        text: body.text.as_ref().map(shown),
        html: body.html.as_ref().map(shown),
        in_reply_to: head.text_of("In-Reply-To"),
        references: head.text_of("References"),
        attachments: body
            .attachments
            .iter()
            .take(ATTACHMENTS)
            .map(file)
            .collect(),
        refused,
        ..Submission::default()
    }
}

/// The mailboxes of a field, written so that they can be read again.
fn list(head: &Entity<'_>, field: &str) -> Option<String> {
    let all: Vec<String> = named(head, field)
        .into_iter()
        .map(|one| match (one.name.as_str(), one.address.as_str()) {
            (name, "") => name.to_owned(),
            ("", address) => address.to_owned(),
            (name, address) => format!("{} <{address}>", quote_phrase(name)),
        })
        .collect();
    (!all.is_empty()).then(|| all.join(", "))
}

/// A text, its lines ended by LF. The line end that ends a message is none of its text.
fn shown(leaf: &Leaf<'_>) -> String {
    let text = leaf.text().replace("\r\n", "\n");
    match text.strip_suffix('\n') {
        Some(rest) if leaf.depth == 0 => rest.to_owned(),
        _ => text,
    }
}

fn file(leaf: &Leaf<'_>) -> SubmittedFile {
    let inline = leaf.related
        || leaf
            .disposition
            .as_ref()
            .is_some_and(ContentType::is_inline);
    SubmittedFile {
        name: leaf.file_name().or_else(|| Some(unnamed(&leaf.kind))),
        content_type: Some(leaf.kind.clone()),
        content: Some(leaf.entity.decoded().into_owned()),
        // Many programs give one to every file; only what a page shows needs it.
        content_id: leaf.content_id().filter(|id| inline && !id.is_empty()),
    }
}

/// A name for a file without one.
fn unnamed(kind: &str) -> String {
    let extension = match kind {
        "text/plain" => "txt",
        "text/calendar" => "ics",
        "image/jpeg" => "jpg",
        "message/rfc822" => "eml",
        other => match other.split_once('/') {
            Some((_, subtype)) if subtype.bytes().all(|one| one.is_ascii_alphanumeric()) => subtype,
            _ => "bin",
        },
    };
    format!("unnamed.{extension}")
}
