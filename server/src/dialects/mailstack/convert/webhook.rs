//! Webhooks. What a webhook wants is kept in the words that it was asked for with.

use std::borrow::Cow;

use posthouse::clock::Timestamp;
use posthouse::error::{Error, Field, Reason};
use posthouse::ids::numbered_uuid;
use posthouse::model::event::EventKind;
use posthouse::model::webhook::{Activity, Webhook, WebhookDelivery, WebhookState};
use posthouse::ops::webhooks::{NewWebhook, WebhookChange};

use super::super::wire::answer;
use super::super::wire::ask::{self, List};
use super::happening::{Happening, happening};
use super::{text, value};
use crate::http::json::Given;

/// The form that the webhooks made here have.
pub(in super::super) const FORM: &str = "mailstack";
/// Everything.
const ALL: &str = "*";
/// What is shown of a word that nobody knows.
const SHOWN_CHARACTERS: usize = 100;

/// The webhook that is asked for.
///
/// # Errors
/// `Invalid` for wrong types and unknown events.
pub(in super::super) fn new_webhook(ask: ask::Webhook<'_>) -> Result<NewWebhook, Error> {
    let ask::Webhook {
        url,
        event_types,
        events,
        enabled,
    } = ask;
    let url = text(Field::Url, url)?.filter(|url| !url.trim().is_empty());
    let url = url.ok_or_else(|| Field::Url.error(Reason::Absent))?;
    let (kinds, words) =
        asked(event_types, events)?.ok_or_else(|| Field::Kinds.error(Reason::Absent))?;
    Ok(NewWebhook {
        form: FORM.to_owned(),
        domain: None,
        url,
        kinds,
        words: Some(words),
        activity: switch(enabled).unwrap_or(Activity::On),
    })
}

/// What to change of a webhook.
///
/// # Errors
/// As `new_webhook`.
pub(in super::super) fn webhook_change(ask: ask::Webhook<'_>) -> Result<WebhookChange, Error> {
    let ask::Webhook {
        url,
        event_types,
        events,
        enabled,
    } = ask;
    Ok(WebhookChange {
        url: text(Field::Url, url)?,
        kinds: asked(event_types, events)?.map(|(kinds, words)| (kinds, Some(words))),
        activity: switch(enabled),
    })
}

fn switch(enabled: Given<bool>) -> Option<Activity> {
    value(enabled).map(|on| if on { Activity::On } else { Activity::Off })
}

/// The events that a webhook wants, and the words for it; None when it does not say. Both
/// names of the field take both vocabularies.
fn asked(
    event_types: Given<List<'_>>,
    events: Given<List<'_>>,
) -> Result<Option<(Vec<EventKind>, String)>, Error> {
    let given = match event_types {
        Given::Absent | Given::Null => events,
        given => given,
    };
    let texts: Vec<Cow<'_, str>> = match given {
        Given::Absent | Given::Null => return Ok(None),
        Given::Value(List::One(text)) => vec![text],
        Given::Value(List::Many(texts)) => texts
            .into_iter()
            .map(value)
            .collect::<Option<_>>()
            .ok_or_else(|| Field::Kinds.error(Reason::Malformed))?,
        Given::Wrong => return Err(Field::Kinds.error(Reason::Malformed)),
    };
    let mut words: Vec<&str> = Vec::new();
    let mut kinds = Vec::new();
    let all = texts.iter().flat_map(|text| text.split(','));
    for word in all.map(str::trim).filter(|word| !word.is_empty()) {
        if word == ALL {
            return Ok(Some((every_kind(), ALL.to_owned())));
        }
        let (own, happening) = known(word).ok_or_else(|| unknown(word))?;
        if !words.contains(&own) {
            words.push(own);
        }
        if !kinds.contains(&happening.kind()) {
            kinds.push(happening.kind());
        }
    }
    if words.is_empty() {
        return Err(Field::Kinds.error(Reason::Absent));
    }
    Ok(Some((kinds, words.join(","))))
}

fn known(word: &str) -> Option<(&'static str, Happening)> {
    Happening::ALL.into_iter().find_map(|one| {
        let (short, long) = one.words();
        let own = [short, long].into_iter().find(|own| *own == word)?;
        Some((own, one))
    })
}

fn unknown(word: &str) -> Error {
    let shown: String = word.chars().take(SHOWN_CHARACTERS).collect();
    Error::Invalid(vec![Field::Kinds.problem(Reason::Unknown).of(shown)])
}

fn every_kind() -> Vec<EventKind> {
    let mut kinds: Vec<EventKind> = Happening::ALL.into_iter().map(Happening::kind).collect();
    kinds.dedup();
    kinds
}

/// Whether a webhook with these words wants to hear of it.
pub(in super::super) fn wanted(words: Option<&str>, happening: Happening) -> bool {
    let (short, long) = happening.words();
    words.is_none_or(|words| {
        words
            .split(',')
            .any(|word| word == ALL || word == short || word == long)
    })
}

pub(in super::super) fn webhook(webhook: Webhook) -> answer::Webhook {
    let words = webhook.words.unwrap_or_else(|| ALL.to_owned());
    let listed: Vec<(&str, Happening)> = words.split(',').filter_map(known).collect();
    let short: Vec<&str> = listed.iter().map(|(_, one)| one.words().0).collect();
    let long = listed.iter().any(|(own, one)| *own == one.words().1);
    answer::Webhook {
        id: webhook.uuid.to_string(),
        url: webhook.url_shown,
        event_types: if short.is_empty() {
            ALL.to_owned()
        } else {
            short.join(",")
        },
        events: long.then(|| listed.iter().map(|(own, _)| (*own).to_owned()).collect()),
        enabled: webhook.activity == Activity::On,
        secret_hint: webhook.secret_hint.map(|end| format!("••••{end}")),
        created_at: webhook.created_at.rfc3339_seconds(),
    }
}

pub(in super::super) fn delivery(of: &Webhook, delivery: WebhookDelivery) -> answer::Delivery {
    let tried = delivery.attempts > 0;
    answer::Delivery {
        id: numbered_uuid(of.uuid, delivery.id.0).to_string(),
        webhook_id: of.uuid.to_string(),
        event_type: happening(delivery.kind, delivery.route).map(|one| one.words().0),
        status: match delivery.state {
            WebhookState::Pending => "Pending",
            WebhookState::Delivered => "Succeeded",
            WebhookState::Failed => "Failed",
        },
        attempts: delivery.attempts,
        response_status: delivery.last_status,
        last_attempt_at: tried.then(|| delivery.updated_at.rfc3339_seconds()),
        next_attempt_at: delivery.next_at.map(Timestamp::rfc3339_seconds),
        created_at: delivery.created_at.rfc3339_seconds(),
    }
}
