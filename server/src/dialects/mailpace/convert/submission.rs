//! A submission, from the wire.

use std::borrow::Cow;

use axum::http::{HeaderMap, HeaderValue};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use posthouse::error::{Field, Problem, Reason};
use posthouse::model::email::{Submission, SubmittedFile, Terms};

use super::super::wire::{Attachment, Attachments, Optional, SendRequest, Tags};
use crate::http::json::Given;

/// The file name extensions that the contract lets through (section 3).
pub(in super::super) const EXTENSIONS: &[&str] = &[
    "jpeg", "jpg", "png", "gif", "txt", "pdf", "docx", "xlsx", "pptx", "csv", "att", "ics", "ical",
    "html", "zip", "auf", "xml", "dwg",
];

/// The caller's Idempotency-Key; bytes that are no text are a problem.
pub(in super::super) fn idempotency(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers
        .get("idempotency-key")
        .or_else(|| quirk_idempotent_key(headers))
    else {
        return Ok(None);
    };
    std::str::from_utf8(value.as_bytes())
        .map(|text| Some(text.to_owned()))
        .map_err(|_| Field::IdempotencyKey.problem(Reason::Malformed))
}

/// Every example of the vendor's guide to idempotency writes the name so
/// (mailpace/docs, docs/guide/idempotent-requests.md).
fn quirk_idempotent_key(headers: &HeaderMap) -> Option<&HeaderValue> {
    headers.get("idempotent-key")
}

/// A submission; its wrong types are among its problems.
pub(in super::super) fn submission(
    request: SendRequest<'_>,
    idempotency: Result<Option<String>, Problem>,
) -> Submission {
    let SendRequest {
        from,
        to,
        cc,
        bcc,
        subject,
        htmlbody,
        textbody,
        replyto,
        inreplyto,
        references,
        list_unsubscribe,
        tags,
        attachments,
    } = request;
    let mut refused = Vec::new();
    let idempotency = idempotency.unwrap_or_else(|problem| {
        refused.push(problem);
        None
    });
    let mut text = |field: Field, given: Given<Optional<'_>>| {
        if given == Given::Wrong {
            once(&mut refused, field);
        }
        value(given).map(|Optional(text)| text.into_owned())
    };
    let mut submission = Submission {
        posted: None,
        terms: Terms::ORDINARY,
        // One of a wrong type is as little a sender as none.
        from: value(from).map(Cow::into_owned),
        from_name: None,
        to: None,
        cc: text(Field::Cc, cc),
        bcc: text(Field::Bcc, bcc),
        reply_to: text(Field::ReplyTo, replyto),
        subject: text(Field::Subject, subject),
        template: None,
        variables: None,
        send_at: None,
        metadata: None,
        html: text(Field::Html, htmlbody),
        text: text(Field::Text, textbody),
        in_reply_to: text(Field::InReplyTo, inreplyto),
        references: text(Field::References, references),
        list_unsubscribe: text(Field::ListUnsubscribe, list_unsubscribe),
        tags: None,
        attachments: Vec::new(),
        extensions: Some(EXTENSIONS),
        idempotency,
        refused: Vec::new(),
    };
    if to == Given::Wrong {
        once(&mut refused, Field::To);
    }
    submission.to = value(to).map(Cow::into_owned);
    submission.attachments = files(attachments, &mut refused);
    submission.tags = all_tags(tags, &mut refused);
    submission.refused = refused;
    submission
}

fn files(given: Given<Attachments<'_>>, refused: &mut Vec<Problem>) -> Vec<SubmittedFile> {
    let list = match given {
        Given::Absent | Given::Null => return Vec::new(),
        // "" is absent for every optional field, and a file list is one.
        Given::Value(Attachments::Empty) => return Vec::new(),
        Given::Value(Attachments::Files(list)) => list,
        Given::Wrong => {
            once(refused, Field::Attachments);
            return Vec::new();
        }
    };
    let mut files = Vec::with_capacity(list.len());
    for given in list {
        match given {
            Given::Value(attachment) => files.extend(file(attachment, refused)),
            Given::Absent | Given::Null | Given::Wrong => once(refused, Field::Attachments),
        }
    }
    files
}

fn once(refused: &mut Vec<Problem>, field: Field) {
    let problem = field.problem(Reason::Malformed);
    if !refused.contains(&problem) {
        refused.push(problem);
    }
}

/// A file, unless one of its fields has a wrong type.
fn file(attachment: Attachment<'_>, refused: &mut Vec<Problem>) -> Option<SubmittedFile> {
    let Attachment {
        name,
        content,
        content_type,
        cid,
    } = attachment;
    let mut right = true;
    for (field, wrong) in [
        (Field::AttachmentName, name == Given::Wrong),
        (Field::AttachmentContent, content == Given::Wrong),
        (Field::AttachmentType, content_type == Given::Wrong),
        (Field::AttachmentId, cid == Given::Wrong),
    ] {
        if wrong {
            once(refused, field);
            right = false;
        }
    }
    right.then(|| SubmittedFile {
        name: value(name).map(Cow::into_owned),
        content_type: value(content_type).map(|Optional(text)| text.into_owned()),
        content: value(content).and_then(|text| quirk_wrapped_base64(&text)),
        content_id: value(cid).map(|Optional(cid)| quirk_cid(&cid).to_owned()),
    })
}

fn value<T>(given: Given<T>) -> Option<T> {
    match given {
        Given::Value(value) => Some(value),
        Given::Absent | Given::Null | Given::Wrong => None,
    }
}

/// Base64 with its padding; the Rails gem and the Symfony bridge break its lines.
fn quirk_wrapped_base64(text: &str) -> Option<Vec<u8>> {
    if !text.bytes().any(|byte| matches!(byte, b'\r' | b'\n')) {
        return STANDARD.decode(text).ok();
    }
    let joined: Vec<u8> = text
        .bytes()
        .filter(|byte| !matches!(byte, b'\r' | b'\n'))
        .collect();
    STANDARD.decode(joined).ok()
}

/// A Content-ID comes as `x@y`, `<x@y>` or `cid:x@y` (section 3 of the contract).
fn quirk_cid(text: &str) -> &str {
    let text = text.trim();
    let bare = match text.get(..4) {
        Some(scheme) if scheme.eq_ignore_ascii_case("cid:") => text[4..].trim_start(),
        _ => text,
    };
    bare.strip_prefix('<')
        .and_then(|rest| rest.strip_suffix('>'))
        .unwrap_or(bare)
}

fn all_tags(given: Given<Tags<'_>>, refused: &mut Vec<Problem>) -> Option<Vec<String>> {
    let tags = match given {
        Given::Absent | Given::Null => return None,
        Given::Value(Tags::One(text)) => {
            quirk_ruby_array(&text).unwrap_or_else(|| vec![text.into_owned()])
        }
        Given::Value(Tags::Many(list)) => {
            let mut tags = Vec::with_capacity(list.len());
            for tag in list {
                match tag {
                    Given::Value(tag) => tags.push(tag.into_owned()),
                    Given::Absent | Given::Null => {}
                    Given::Wrong => {
                        once(refused, Field::Tags);
                        return None;
                    }
                }
            }
            tags
        }
        Given::Wrong => {
            once(refused, Field::Tags);
            return None;
        }
    };
    let tags: Vec<String> = tags.into_iter().filter(|tag| !tag.is_empty()).collect();
    (!tags.is_empty()).then_some(tags)
}

/// The Rails gem sends an array of tags as its Ruby text, `['one', "two"]`. None when the
/// text is not exactly that: then it is one tag.
fn quirk_ruby_array(text: &str) -> Option<Vec<String>> {
    let mut rest = text.trim().strip_prefix('[')?.strip_suffix(']')?.trim();
    let mut tags = Vec::new();
    while !rest.is_empty() {
        let quote = rest.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
        let mut tag = String::new();
        let mut characters = rest[1..].char_indices();
        let end = loop {
            match characters.next()? {
                (at, c) if c == quote => break at + 2,
                (_, '\\') => tag.push(characters.next()?.1),
                (_, c) => tag.push(c),
            }
        };
        tags.push(tag);
        rest = rest[end..].trim_start();
        rest = match rest.strip_prefix(',') {
            Some(more) if !more.trim_start().is_empty() => more.trim_start(),
            Some(_) => return None,
            None if rest.is_empty() => rest,
            None => return None,
        };
    }
    Some(tags)
}

#[cfg(test)]
mod tests;
