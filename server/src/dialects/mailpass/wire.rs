//! The contract's schemas, field for field.

use std::borrow::Cow;

use posthouse::limits::{METADATA_BYTES, RECIPIENTS_A_FIELD};
use serde::de::{Error, MapAccess, SeqAccess};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::http::json::{Given, Name, Shape, Skipped, Text};
use crate::json_object;

/// Messages of one batch.
pub(super) const BATCH: usize = 100;

/// `POST /mail/send`, and one message of a batch.
#[derive(Debug, Default)]
pub(super) struct SendRequest<'a> {
    pub(super) to: Text<'a>,
    pub(super) subject: Text<'a>,
    pub(super) html: Text<'a>,
    pub(super) text: Text<'a>,
    pub(super) from_email: Text<'a>,
    pub(super) from_name: Text<'a>,
    pub(super) reply_to: Text<'a>,
    pub(super) cc: Given<List<'a>>,
    pub(super) bcc: Given<List<'a>>,
    pub(super) tags: Given<List<'a>>,
    pub(super) metadata: Given<Metadata>,
}

json_object!(SendRequest<'_> {
    "to" => to,
    "subject" => subject,
    "html" => html,
    "text" => text,
    "from_email" => from_email,
    "from_name" => from_name,
    "reply_to" => reply_to,
    "cc" => cc,
    "bcc" => bcc,
    "tags" => tags,
    "metadata" => metadata,
});

/// `POST /mail/send-batch`.
#[derive(Debug, Default)]
pub(super) struct BatchRequest<'a> {
    pub(super) messages: Given<Messages<'a>>,
    pub(super) from_email: Text<'a>,
    pub(super) from_name: Text<'a>,
}

json_object!(BatchRequest<'_> {
    "messages" => messages,
    "from_email" => from_email,
    "from_name" => from_name,
});

/// `POST /bounces`.
#[derive(Debug, Default)]
pub(super) struct BounceRequest<'a> {
    pub(super) email: Text<'a>,
    pub(super) bounce_type: Text<'a>,
    pub(super) bounce_subtype: Text<'a>,
    pub(super) diagnostic_code: Text<'a>,
}

json_object!(BounceRequest<'_> {
    "email" => email,
    "bounce_type" => bounce_type,
    "bounce_subtype" => bounce_subtype,
    "diagnostic_code" => diagnostic_code,
});

/// Texts; a lone one counts as a list of one.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct List<'a>(pub(super) Vec<Text<'a>>);

impl<'de> Shape<'de> for List<'de> {
    fn of_text(text: Cow<'de, str>) -> Option<Self> {
        Some(Self(match text.is_empty() {
            true => Vec::new(),
            false => vec![Given::Value(text)],
        }))
    }

    fn of_list<A: SeqAccess<'de>>(list: A) -> Result<Option<Self>, A::Error> {
        bounded(list, RECIPIENTS_A_FIELD).map(Self).map(Some)
    }
}

/// The messages of a batch, at most one more than it may have.
#[derive(Debug)]
pub(super) struct Messages<'a>(pub(super) Vec<Given<SendRequest<'a>>>);

impl<'de> Shape<'de> for Messages<'de> {
    fn of_list<A: SeqAccess<'de>>(list: A) -> Result<Option<Self>, A::Error> {
        bounded(list, BATCH).map(Self).map(Some)
    }
}

/// The elements of a list, but no more than one over `most`: enough to be refused for their
/// number, and little memory however many there are.
fn bounded<'de, T: Shape<'de>, A: SeqAccess<'de>>(
    mut list: A,
    most: usize,
) -> Result<Vec<Given<T>>, A::Error> {
    let mut kept = Vec::new();
    while kept.len() <= most {
        match list.next_element()? {
            Some(element) => kept.push(element),
            None => return Ok(kept),
        }
    }
    while list.next_element::<Skipped>()?.is_some() {}
    Ok(kept)
}

/// An object, as JSON.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Metadata {
    Json(String),
    TooLong,
}

impl<'de> Shape<'de> for Metadata {
    /// PHP writes an empty array and an empty object alike.
    fn of_list<A: SeqAccess<'de>>(mut list: A) -> Result<Option<Self>, A::Error> {
        let mut made = Some(Self::Json(String::from("{}")));
        while list.next_element::<Skipped>()?.is_some() {
            made = None;
        }
        Ok(made)
    }

    fn of_object<A: MapAccess<'de>>(mut object: A) -> Result<Option<Self>, A::Error> {
        let mut json = String::from("{");
        while let Some(Name(name)) = object.next_key::<Name<'de>>()? {
            let name = serde_json::to_string(&name).map_err(A::Error::custom)?;
            let value = object.next_value::<&RawValue>()?.get();
            if json.len() + name.len() + value.len() > METADATA_BYTES {
                while object.next_entry::<Skipped, Skipped>()?.is_some() {}
                return Ok(Some(Self::TooLong));
            }
            // A raw value is not held to the bound of levels that all other JSON is.
            serde_json::from_str::<Skipped>(value).map_err(A::Error::custom)?;
            if json.len() > 1 {
                json.push(',');
            }
            json.push_str(&name);
            json.push(':');
            json.push_str(value);
        }
        json.push('}');
        Ok(Some(match json.len() > METADATA_BYTES {
            true => Self::TooLong,
            false => Self::Json(json),
        }))
    }
}

/// An answer to what went well.
#[derive(Debug, Serialize)]
pub(super) struct Success<T> {
    pub(super) success: bool,
    pub(super) data: T,
}

/// The answer to `POST /mail/send`.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Sent {
    pub(super) message_id: String,
    pub(super) status: &'static str,
    pub(super) to: String,
    pub(super) from: String,
}

/// The answer to `POST /mail/send-batch`.
#[derive(Debug, Serialize)]
pub(super) struct Batch {
    pub(super) total: usize,
    pub(super) queued: usize,
    pub(super) failed: usize,
    pub(super) messages: Vec<BatchMessage>,
}

/// One message of a batch.
#[derive(Debug, Serialize)]
pub(super) struct BatchMessage {
    /// `null` when none was given.
    pub(super) to: Option<String>,
    pub(super) status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) queue_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) message_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) error: Option<String>,
}

/// The answer to `GET /mail/status/{message_id}`.
#[derive(Debug, Serialize)]
pub(super) struct Status {
    pub(super) message: Message,
    pub(super) events: Vec<Event>,
}

/// A message, always with all eight keys.
#[derive(Debug, Serialize)]
pub(super) struct Message {
    pub(super) message_id: String,
    pub(super) from_email: String,
    pub(super) to_email: Option<String>,
    pub(super) subject: Option<String>,
    pub(super) status: &'static str,
    pub(super) error_message: Option<String>,
    pub(super) sent_at: Option<String>,
    pub(super) created_at: String,
}

/// What happened to a message, always with all four keys.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Event {
    pub(super) event_type: &'static str,
    pub(super) ip_address: Option<String>,
    pub(super) user_agent: Option<String>,
    pub(super) created_at: String,
}

/// The answer to `GET /bounces`.
#[derive(Debug, Serialize)]
pub(super) struct Bounces {
    pub(super) bounces: Vec<Bounce>,
    pub(super) total: u64,
    pub(super) limit: u32,
    pub(super) offset: u32,
}

/// A bounce.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Bounce {
    pub(super) id: i64,
    pub(super) email: String,
    pub(super) bounce_type: &'static str,
    pub(super) bounce_subtype: Option<String>,
    pub(super) source: &'static str,
    /// Campaigns and subscribers are not among what we have.
    pub(super) campaign_name: Option<String>,
    pub(super) subscriber_name: Option<String>,
    pub(super) created_at: String,
}

/// The answer to `POST /bounces`.
#[derive(Debug, Serialize)]
pub(super) struct Reported {
    pub(super) bounce_id: i64,
}

/// A refusal.
#[derive(Debug, Serialize)]
pub(super) struct Failure<'a> {
    pub(super) success: bool,
    pub(super) error: Refused<'a>,
}

/// Why.
#[derive(Debug, Serialize)]
pub(super) struct Refused<'a> {
    pub(super) code: &'static str,
    pub(super) message: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty", serialize_with = "as_object")]
    pub(super) details: &'a [(&'static str, Vec<String>)],
}

fn as_object<S: Serializer>(
    pairs: &[(&'static str, Vec<String>)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(pairs.iter().map(|(key, texts)| (key, texts)))
}
