//! Mail to be sent.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use posthouse::mime::submission::written;
use posthouse::model::email::{Accepted, SenderTerms, Submission, SubmittedFile, Terms};
use serde_json::Value;

use super::super::wire::ask::{Fields, Wrong};
use super::super::wire::outgoing::Sent;

/// Recipients of one message (section 11).
const RECIPIENTS: usize = 3;

/// The sender's address has to be the account's: it is at a domain of theirs.
const TERMS: Terms = Terms {
    sender: SenderTerms::OwnDomain,
    recipients: RECIPIENTS,
    ..Terms::ORDINARY
};

/// What is to be sent. `raw` is the whole message, and then the other fields say nothing;
/// only `to` and `from` stand in where it names nobody. `received` is the trace of mail
/// before it came here, which is not passed on.
pub(in super::super) fn submission(mut fields: Fields) -> Result<Submission, Wrong> {
    let list = |texts: Option<Vec<String>>| {
        let texts: Vec<String> = texts
            .unwrap_or_default()
            .into_iter()
            .filter(|text| !text.trim().is_empty())
            .collect();
        (!texts.is_empty()).then(|| texts.join(", "))
    };
    let (to, from) = (list(fields.texts("to")?), list(fields.texts("from")?));
    let mut submission = match fields.text("raw")?.flatten() {
        Some(raw) => written(raw.as_bytes()),
        None => Submission {
            subject: fields.text("subject")?.flatten(),
            text: fields.text("text")?.flatten(),
            html: fields.text("html")?.flatten(),
            attachments: files(fields.0.remove("attachments"))?,
            ..Submission::default()
        },
    };
    submission.to = submission.to.or(to);
    submission.from = submission.from.or(from);
    submission.terms = TERMS;
    Ok(submission)
}

fn files(given: Option<Value>) -> Result<Vec<SubmittedFile>, Wrong> {
    match given {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(files)) => files.into_iter().map(file).collect(),
        Some(Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) => {
            Err(Wrong("attachments"))
        }
    }
}

/// A file; what cannot be decoded is told by the engine.
fn file(given: Value) -> Result<SubmittedFile, Wrong> {
    let Value::Object(fields) = given else {
        return Err(Wrong("attachments"));
    };
    let mut fields = Fields(fields);
    let mut text = |name| {
        let text = fields.text(name).map_err(|_| Wrong("attachments"))?;
        Ok(text.flatten())
    };
    let content = text("content")?.unwrap_or_default();
    let content = match text("encoding")?.as_deref() {
        Some("byte") => Some(content.into_bytes()),
        None | Some("base64") => STANDARD.decode(content.trim()).ok(),
        Some(_) => return Err(Wrong("attachments")),
    };
    let attached = text("contentDisposition")?
        .is_some_and(|said| said.trim().to_ascii_lowercase().starts_with("attachment"));
    Ok(SubmittedFile {
        name: text("filename")?,
        content_type: text("contentType")?,
        content,
        content_id: text("cid")?.filter(|_| !attached),
    })
}

pub(in super::super) fn sent(accepted: Accepted) -> Sent {
    let Accepted {
        id: _,
        uuid,
        message_id: _,
        from,
        deliveries,
        replayed: _,
    } = accepted;
    Sent {
        from,
        to: deliveries.into_iter().map(|(_, to)| to).collect(),
        id: format!("fe-{}", uuid.simple()),
    }
}

#[cfg(test)]
mod tests;
