//! A submission, from the wire.

use std::borrow::Cow;

use posthouse::error::{Field, Problem, Reason};
use posthouse::limits::RECIPIENTS_A_FIELD;
use posthouse::model::address::Mailbox;
use posthouse::model::email::{
    MessageIdTerms, SenderTerms, SubjectTerms, Submission, SuppressedTerms, Terms, WayOutTerms,
};

use super::super::wire::{List, Metadata, SendRequest};
use crate::http::json::{Given, Text};

/// What holds for everything that comes in by this door.
pub(in super::super) const TERMS: Terms = Terms {
    sender: SenderTerms::Provider,
    // A copy that may not be sent is no reason to refuse who the message is for.
    suppressed: SuppressedTerms::SkipCopies,
    subject: SubjectTerms::Required,
    way_out: WayOutTerms::Now,
    recipients: 1 + 2 * RECIPIENTS_A_FIELD,
    tags: (20, 100),
    body_bytes: 10 * 1024 * 1024,
    message_id: MessageIdTerms::Dated,
    ..Terms::ORDINARY
};

/// A sender's name, in characters: in any script it fits one line of a header.
const NAME_CHARACTERS: usize = 200;

/// The sender of a batch's messages that name none.
#[derive(Debug, Default)]
pub(in super::super) struct Sender<'a> {
    pub(in super::super) email: Text<'a>,
    pub(in super::super) name: Text<'a>,
}

/// Who a message is said to be for, as it came.
pub(in super::super) fn to(request: &SendRequest<'_>) -> Option<String> {
    match &request.to {
        Given::Value(text) => Some(text.clone().into_owned()),
        Given::Absent | Given::Null | Given::Wrong => None,
    }
}

/// A submission; its wrong types are among its problems.
pub(in super::super) fn submission<'a>(
    request: SendRequest<'a>,
    sender: &Sender<'a>,
) -> Submission {
    let SendRequest {
        to,
        subject,
        html,
        text,
        from_email,
        from_name,
        reply_to,
        cc,
        bcc,
        tags,
        metadata,
    } = request;
    let mut refused = Vec::new();
    let mut plain = |field: Field, given: Text<'_>| {
        if given == Given::Wrong {
            refused.push(field.problem(Reason::Malformed));
        }
        value(given).map(Cow::into_owned)
    };
    let from = plain(Field::From, said(from_email, &sender.email));
    let from_name = plain(Field::Name, said(from_name, &sender.name));
    let to = plain(Field::To, to);
    let subject = plain(Field::Subject, subject);
    let html = plain(Field::Html, html);
    let text = plain(Field::Text, text);
    let reply_to = plain(Field::ReplyTo, reply_to);
    Submission {
        terms: TERMS,
        from,
        from_name: name(from_name, &mut refused),
        to: one(to, &mut refused),
        cc: addresses(Field::Cc, cc, &mut refused),
        bcc: addresses(Field::Bcc, bcc, &mut refused),
        reply_to,
        subject,
        template: None,
        variables: None,
        send_at: None,
        metadata: object(metadata, &mut refused),
        html,
        text,
        in_reply_to: None,
        references: None,
        list_unsubscribe: None,
        tags: all_tags(tags, &mut refused),
        attachments: Vec::new(),
        extensions: None,
        idempotency: None,
        posted: None,
        refused,
    }
}

fn value<T>(given: Given<T>) -> Option<T> {
    match given {
        Given::Value(value) => Some(value),
        Given::Absent | Given::Null | Given::Wrong => None,
    }
}

/// What a message says, or else its batch.
fn said<'a>(own: Text<'a>, batch: &Text<'a>) -> Text<'a> {
    match own {
        Given::Absent | Given::Null => batch.clone(),
        Given::Value(text) if text.is_empty() => batch.clone(),
        Given::Value(_) | Given::Wrong => own,
    }
}

fn name(name: Option<String>, refused: &mut Vec<Problem>) -> Option<String> {
    let name = name?;
    let reason = if name.chars().count() > NAME_CHARACTERS {
        Reason::TooLong
    } else if name.chars().any(char::is_control) {
        Reason::Malformed
    } else {
        return Some(name);
    };
    refused.push(Field::Name.problem(reason));
    None
}

/// The one address that a message is for; a list is none.
fn one(to: Option<String>, refused: &mut Vec<Problem>) -> Option<String> {
    let to = to.filter(|text| !text.is_empty())?;
    if Mailbox::parse(&to).is_ok() {
        return Some(to);
    }
    refused.push(Field::To.problem(Reason::Malformed));
    None
}

/// A list of addresses as header fields have it.
fn addresses(field: Field, given: Given<List<'_>>, refused: &mut Vec<Problem>) -> Option<String> {
    let texts = texts(field, given, refused)?;
    let reason = if texts.len() > RECIPIENTS_A_FIELD {
        Reason::TooMany
    } else if texts.iter().any(|text| Mailbox::parse(text).is_err()) {
        Reason::Malformed
    } else {
        return Some(texts.join(", "));
    };
    refused.push(field.problem(reason));
    None
}

fn all_tags(given: Given<List<'_>>, refused: &mut Vec<Problem>) -> Option<Vec<String>> {
    let mut tags = texts(Field::Tags, given, refused)?;
    tags.retain(|tag| !tag.is_empty());
    Some(tags)
}

/// The texts of a list, all of which have to be texts.
fn texts(field: Field, given: Given<List<'_>>, refused: &mut Vec<Problem>) -> Option<Vec<String>> {
    let texts = match given {
        Given::Absent | Given::Null => return None,
        Given::Value(List(texts)) => texts
            .into_iter()
            .map(|text| value(text).map(Cow::into_owned))
            .collect(),
        Given::Wrong => None,
    };
    if texts.is_none() {
        refused.push(field.problem(Reason::Malformed));
    }
    texts
}

fn object(given: Given<Metadata>, refused: &mut Vec<Problem>) -> Option<String> {
    let reason = match given {
        Given::Absent | Given::Null => return None,
        Given::Value(Metadata::Json(json)) => return Some(json),
        Given::Value(Metadata::TooLong) => Reason::TooLong,
        Given::Wrong => Reason::Malformed,
    };
    refused.push(Field::Metadata.problem(reason));
    None
}

#[cfg(test)]
mod tests;
