//! What is asked.

use std::borrow::Cow;

use posthouse::limits::RECIPIENTS_A_FIELD;
use serde::de::SeqAccess;
use serde_json::Number;
use serde_json::value::RawValue;

use crate::http::json::{Given, Shape, Text, bounded};
use crate::json_object;

/// Emails of one batch.
pub(in super::super) const BATCH: usize = 100;
/// Recipients of one bulk send.
pub(in super::super) const BULK: usize = 1_000;

/// A text, or a list of texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum List<'a> {
    One(Cow<'a, str>),
    Many(Vec<Text<'a>>),
}

impl<'de> Shape<'de> for List<'de> {
    fn of_text(text: Cow<'de, str>) -> Option<Self> {
        Some(Self::One(text))
    }

    fn of_list<A: SeqAccess<'de>>(list: A) -> Result<Option<Self>, A::Error> {
        bounded(list, RECIPIENTS_A_FIELD).map(Self::Many).map(Some)
    }
}

/// An email: `POST /v1/emails`, one of a batch, and what all of a bulk send share.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Email<'a> {
    pub(in super::super) from: Text<'a>,
    pub(in super::super) from_name: Text<'a>,
    pub(in super::super) to: Given<List<'a>>,
    pub(in super::super) cc: Given<List<'a>>,
    pub(in super::super) bcc: Given<List<'a>>,
    pub(in super::super) reply_to: Given<List<'a>>,
    pub(in super::super) subject: Text<'a>,
    pub(in super::super) html: Text<'a>,
    pub(in super::super) text: Text<'a>,
    pub(in super::super) template_id: Text<'a>,
    pub(in super::super) variables: Option<&'a RawValue>,
    pub(in super::super) tags: Given<List<'a>>,
    pub(in super::super) send_at: Text<'a>,
}

json_object!(Email<'_> {
    "from" => from,
    "fromName" => from_name,
    "to" => to,
    "cc" => cc,
    "bcc" => bcc,
    "replyTo" => reply_to,
    "subject" => subject,
    "html" => html,
    "text" => text,
    "templateId" => template_id,
    "variables" => variables,
    "tags" => tags,
    "sendAt" => send_at,
});

/// `POST /v1/emails/batch`.
#[derive(Debug, Default)]
pub(in super::super) struct Batch<'a> {
    pub(in super::super) emails: Given<Emails<'a>>,
}

json_object!(Batch<'_> { "emails" => emails });

/// At most one more than a batch may have.
#[derive(Debug)]
pub(in super::super) struct Emails<'a>(pub(in super::super) Vec<Given<Email<'a>>>);

impl<'de> Shape<'de> for Emails<'de> {
    fn of_list<A: SeqAccess<'de>>(list: A) -> Result<Option<Self>, A::Error> {
        bounded(list, BATCH).map(Self).map(Some)
    }
}

/// `POST /v1/emails/bulk`, but for the email that all share.
#[derive(Debug, Default)]
pub(in super::super) struct Bulk<'a> {
    pub(in super::super) recipients: Given<Recipients<'a>>,
}

json_object!(Bulk<'_> { "recipients" => recipients });

/// At most one more than a bulk send may have.
#[derive(Debug)]
pub(in super::super) struct Recipients<'a>(pub(in super::super) Vec<Given<Recipient<'a>>>);

impl<'de> Shape<'de> for Recipients<'de> {
    fn of_list<A: SeqAccess<'de>>(list: A) -> Result<Option<Self>, A::Error> {
        bounded(list, BULK).map(Self).map(Some)
    }
}

/// What is different for one recipient of a bulk send.
#[derive(Debug, Default)]
pub(in super::super) struct Recipient<'a> {
    pub(in super::super) to: Given<List<'a>>,
    pub(in super::super) from_name: Text<'a>,
    pub(in super::super) cc: Given<List<'a>>,
    pub(in super::super) bcc: Given<List<'a>>,
    pub(in super::super) reply_to: Given<List<'a>>,
    pub(in super::super) subject: Text<'a>,
    pub(in super::super) variables: Option<&'a RawValue>,
    pub(in super::super) tags: Given<List<'a>>,
    pub(in super::super) send_at: Text<'a>,
}

json_object!(Recipient<'_> {
    "to" => to,
    "fromName" => from_name,
    "cc" => cc,
    "bcc" => bcc,
    "replyTo" => reply_to,
    "subject" => subject,
    "variables" => variables,
    "tags" => tags,
    "sendAt" => send_at,
});

/// `POST /v1/domains`.
#[derive(Debug, Default)]
pub(in super::super) struct Domain<'a> {
    pub(in super::super) domain: Text<'a>,
    pub(in super::super) mail_from_subdomain: Text<'a>,
}

json_object!(Domain<'_> {
    "domain" => domain,
    "mailFromSubdomain" => mail_from_subdomain,
});

/// `POST /v1/api-keys`.
#[derive(Debug, Default)]
pub(in super::super) struct Key<'a> {
    pub(in super::super) name: Text<'a>,
    pub(in super::super) scopes: Given<List<'a>>,
    pub(in super::super) expires_at: Text<'a>,
}

json_object!(Key<'_> {
    "name" => name,
    "scopes" => scopes,
    "expiresAt" => expires_at,
});

/// `PUT /v1/billing/spend-cap`.
#[derive(Debug, Default)]
pub(in super::super) struct SpendCap {
    pub(in super::super) monthly_spend_cap_cents: Given<Number>,
}

json_object!(SpendCap { "monthlySpendCapCents" => monthly_spend_cap_cents });

/// `POST` and `PUT` of webhooks.
#[derive(Debug, Default)]
pub(in super::super) struct Webhook<'a> {
    pub(in super::super) url: Text<'a>,
    pub(in super::super) event_types: Given<List<'a>>,
    pub(in super::super) events: Given<List<'a>>,
    pub(in super::super) enabled: Given<bool>,
}

json_object!(Webhook<'_> {
    "url" => url,
    "eventTypes" => event_types,
    "events" => events,
    "enabled" => enabled,
});

/// `POST` and `PUT` of templates.
#[derive(Debug, Default)]
pub(in super::super) struct Template<'a> {
    pub(in super::super) name: Text<'a>,
    pub(in super::super) subject: Text<'a>,
    pub(in super::super) html: Text<'a>,
    pub(in super::super) text: Text<'a>,
}

json_object!(Template<'_> {
    "name" => name,
    "subject" => subject,
    "html" => html,
    "text" => text,
});

/// `POST /v1/templates/{id}/preview`.
#[derive(Debug, Default)]
pub(in super::super) struct Preview<'a> {
    pub(in super::super) variables: Option<&'a RawValue>,
}

json_object!(Preview<'_> { "variables" => variables });
