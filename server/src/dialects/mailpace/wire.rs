//! The contract's schemas, field for field.

use std::borrow::Cow;

use posthouse::limits::{ATTACHMENTS, TAGS};
use serde::de::SeqAccess;
use serde::{Serialize, Serializer};

use crate::http::json::{Given, Shape, Skipped, Text, bounded};
use crate::json_object;

/// The text of an optional field: `[]` stands for none there, as `""` and `null` do.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Optional<'a>(pub(super) Cow<'a, str>);

impl<'de> Shape<'de> for Optional<'de> {
    fn of_text(text: Cow<'de, str>) -> Option<Self> {
        Some(Self(text))
    }

    fn of_list<A: SeqAccess<'de>>(mut list: A) -> Result<Option<Self>, A::Error> {
        let mut empty = true;
        while list.next_element::<Skipped>()?.is_some() {
            empty = false;
        }
        Ok(empty.then_some(Self(Cow::Borrowed(""))))
    }
}

/// `POST /send`.
#[derive(Debug, Default)]
pub(super) struct SendRequest<'a> {
    pub(super) from: Text<'a>,
    pub(super) to: Text<'a>,
    pub(super) cc: Given<Optional<'a>>,
    pub(super) bcc: Given<Optional<'a>>,
    pub(super) subject: Given<Optional<'a>>,
    pub(super) htmlbody: Given<Optional<'a>>,
    pub(super) textbody: Given<Optional<'a>>,
    pub(super) replyto: Given<Optional<'a>>,
    pub(super) inreplyto: Given<Optional<'a>>,
    pub(super) references: Given<Optional<'a>>,
    pub(super) list_unsubscribe: Given<Optional<'a>>,
    pub(super) tags: Given<Tags<'a>>,
    pub(super) attachments: Given<Attachments<'a>>,
}

json_object!(SendRequest<'_> {
    "from" => from,
    "to" => to,
    "cc" => cc,
    "bcc" => bcc,
    "subject" => subject,
    "htmlbody" => htmlbody,
    "textbody" => textbody,
    "replyto" => replyto,
    "inreplyto" => inreplyto,
    "references" => references,
    "list_unsubscribe" => list_unsubscribe,
    "tags" => tags,
    "attachments" => attachments,
});

/// A string, or an array of strings.
#[derive(Debug)]
pub(super) enum Tags<'a> {
    One(Cow<'a, str>),
    Many(Vec<Text<'a>>),
}

impl<'de> Shape<'de> for Tags<'de> {
    fn of_text(text: Cow<'de, str>) -> Option<Self> {
        Some(Self::One(text))
    }

    fn of_list<A: SeqAccess<'de>>(list: A) -> Result<Option<Self>, A::Error> {
        bounded(list, TAGS).map(Self::Many).map(Some)
    }
}

/// The files of an email, or the empty string that stands for none.
#[derive(Debug)]
pub(super) enum Attachments<'a> {
    Empty,
    Files(Vec<Given<Attachment<'a>>>),
}

impl<'de> Shape<'de> for Attachments<'de> {
    fn of_text(text: Cow<'de, str>) -> Option<Self> {
        text.is_empty().then_some(Self::Empty)
    }

    fn of_list<A: SeqAccess<'de>>(list: A) -> Result<Option<Self>, A::Error> {
        bounded(list, ATTACHMENTS).map(Self::Files).map(Some)
    }
}

/// A file.
#[derive(Debug, Default)]
pub(super) struct Attachment<'a> {
    pub(super) name: Text<'a>,
    pub(super) content: Text<'a>,
    pub(super) content_type: Given<Optional<'a>>,
    pub(super) cid: Given<Optional<'a>>,
}

json_object!(Attachment<'_> {
    "name" => name,
    "content" => content,
    "content_type" => content_type,
    "cid" => cid,
});

/// `POST /domains`, `PATCH /domains/{id}`.
#[derive(Debug, Default)]
pub(super) struct DomainRequest<'a> {
    pub(super) domain: Given<DomainFields<'a>>,
}

json_object!(DomainRequest<'_> { "domain" => domain });

/// What is said of a domain.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct DomainFields<'a> {
    pub(super) url: Text<'a>,
    pub(super) name: Text<'a>,
}

json_object!(DomainFields<'_> { "url" => url, "name" => name });

/// `POST` and `PATCH` of API tokens.
#[derive(Debug, Default)]
pub(super) struct ApiTokenRequest<'a> {
    pub(super) api_token: Given<ApiTokenFields<'a>>,
}

json_object!(ApiTokenRequest<'_> { "api_token" => api_token });

/// What is said of an API token.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct ApiTokenFields<'a> {
    pub(super) name: Text<'a>,
}

json_object!(ApiTokenFields<'_> { "name" => name });

/// The answer to `POST /send`.
#[derive(Debug, Serialize)]
pub(super) struct SendResponse {
    pub(super) id: i64,
    pub(super) status: &'static str,
}

/// A domain.
#[derive(Debug, Serialize)]
pub(super) struct Domain {
    pub(super) id: i64,
    pub(super) name: Option<String>,
    pub(super) url: String,
    pub(super) dkim_selector: String,
    pub(super) dkim_string: String,
    pub(super) dkim_verified: bool,
    pub(super) advanced_verified: bool,
    pub(super) webhook_public_key: String,
    pub(super) created_at: String,
    pub(super) modified_at: String,
}

/// The answer to `POST /domains/{id}/verify`.
#[derive(Debug, Serialize)]
pub(super) struct VerifiedDomain {
    #[serde(flatten)]
    pub(super) domain: Domain,
    /// Without the d: section 4 of the contract.
    pub(super) advance_verified: bool,
    pub(super) errors: VerifyErrors,
}

/// What is wrong with a domain's records.
#[derive(Debug, Default, Serialize)]
pub(super) struct VerifyErrors {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) dkim: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) advance_verified: Option<&'static str>,
}

/// An API token of a domain.
#[derive(Debug, Serialize)]
pub(super) struct ApiToken {
    pub(super) id: i64,
    pub(super) name: Option<String>,
    pub(super) token: String,
    pub(super) created_at: String,
}

/// A refusal for one reason.
#[derive(Debug, Serialize)]
pub(super) struct OneError<'a> {
    pub(super) error: &'a str,
}

/// A refusal of fields.
#[derive(Debug, Serialize)]
pub(super) struct FieldErrors {
    #[serde(serialize_with = "as_object")]
    pub(super) errors: Vec<(&'static str, Vec<&'static str>)>,
}

fn as_object<S: Serializer>(
    pairs: &[(&'static str, Vec<&'static str>)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(pairs.iter().map(|(key, texts)| (key, texts)))
}

/// The body of a webhook call.
#[derive(Debug, Serialize)]
pub(super) struct Hook<'a> {
    pub(super) event: &'static str,
    pub(super) payload: Payload<'a>,
}

/// The sixteen keys, always all of them.
#[derive(Debug, Serialize)]
pub(super) struct Payload<'a> {
    pub(super) status: &'static str,
    pub(super) id: i64,
    pub(super) domain_id: i64,
    pub(super) created_at: String,
    pub(super) updated_at: String,
    pub(super) from: &'a str,
    pub(super) to: Option<&'a str>,
    pub(super) htmlbody: Option<&'a str>,
    pub(super) textbody: Option<&'a str>,
    pub(super) cc: Option<&'a str>,
    pub(super) bcc: Option<&'a str>,
    pub(super) subject: Option<&'a str>,
    pub(super) replyto: Option<&'a str>,
    pub(super) message_id: &'a str,
    pub(super) list_unsubscribe: Option<&'a str>,
    pub(super) tags: Option<&'a [String]>,
}

/// Mail that came in (section 7): what it does not have is left out, not null.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Inbound {
    pub(super) from: String,
    pub(super) headers: Vec<String>,
    /// With angle brackets.
    pub(super) message_id: String,
    pub(super) raw: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cc: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) bcc: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) in_reply_to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reply_to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) html: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) text: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) attachments: Vec<InboundFile>,
}

/// An attachment of mail that came in.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct InboundFile {
    /// Base64.
    pub(super) content: String,
    pub(super) r#type: &'static str,
    pub(super) content_type: String,
    pub(super) content_disposition: String,
    pub(super) headers: Vec<String>,
    /// MD5 in hexadecimal.
    pub(super) checksum: String,
    pub(super) size: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) filename: Option<String>,
    /// With angle brackets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) content_id: Option<String>,
    /// Without them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) related: Option<bool>,
}
