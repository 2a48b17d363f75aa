//! What comes of messages, as this wire says it.

use posthouse::model::content::{Attachment, Field};
use posthouse::model::mailbox::Marking;
use posthouse::ops::mail::Shown;
use posthouse::ops::mail::looking::Wanted;

use super::super::wire::ask::Wrong;
use super::super::wire::message::{AttachmentMeta, Filed, HeaderField, Labelled, Marked};
use super::ask::Query;

pub(in super::super) fn labelled(shown: Shown) -> Labelled {
    Labelled {
        id: shown.token,
        labels: shown.message.labels,
    }
}

pub(in super::super) fn filed(shown: Shown) -> Filed {
    Filed {
        id: shown.token,
        folder: shown.message.folder.as_str(),
    }
}

pub(in super::super) fn marked(shown: Shown) -> Marked {
    Marked {
        id: shown.token,
        read: shown.message.seen,
        folder: shown.message.seen,
    }
}

/// The forms of a message's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum HeadersForm {
    /// Each name once, with its values.
    Grouped,
    /// One after the other.
    Ordered,
    /// As it came.
    Plain,
}

/// The form that is asked for, by its name of today or its older one.
pub(in super::super) fn headers_form(query: &Query) -> Result<HeadersForm, Wrong> {
    let name = "messageHeadersFormat";
    match query.last(name).or_else(|| query.last("format")) {
        None | Some("json") => Ok(HeadersForm::Grouped),
        Some("json-ordered") => Ok(HeadersForm::Ordered),
        Some("plain") => Ok(HeadersForm::Plain),
        Some(_) => Err(Wrong(name)),
    }
}

/// Header fields in their order; names in lower case, as the contract's sample has them.
pub(in super::super) fn ordered(fields: Vec<Field>) -> Vec<HeaderField> {
    let one = |Field { name, value }: Field| HeaderField {
        name: name.to_ascii_lowercase(),
        value,
    };
    fields.into_iter().map(one).collect()
}

/// What is known of an attachment; typed clients take no null.
pub(in super::super) fn file(found: Attachment) -> AttachmentMeta {
    let Attachment {
        checksum,
        disposition,
        content_id,
        content_type,
        file_name,
        size_bytes,
        transfer_encoding,
        headers: _,
        related: _,
    } = found;
    AttachmentMeta {
        checksum,
        content_disposition: disposition.unwrap_or_default(),
        content_id: content_id.unwrap_or_default(),
        content_type,
        file_name: file_name.unwrap_or_default(),
        length: size_bytes,
        transfer_encoding: transfer_encoding.unwrap_or_default(),
    }
}

/// What mail is filtered by.
pub(in super::super) fn wanted(query: &Query) -> Result<Wanted, Wrong> {
    let text = |name| query.last(name).map(str::to_owned);
    let marking = match query.last("andRead") {
        None => None,
        Some("true" | "1") => Some(Marking::Read),
        Some("false" | "0") => Some(Marking::Unread),
        Some(_) => return Err(Wrong("andRead")),
    };
    Ok(Wanted {
        subject: text("andSubjectIncludes"),
        from: text("andFrom"),
        to: text("andTo"),
        marking,
        anywhere: None,
    })
}
