//! Subscriptions to events.

use std::collections::HashMap;
use std::sync::Arc;

use posthouse::ids::{DomainId, WebhookDeliveryId, WebhookId};
use posthouse::model::event::EventKind;
use posthouse::model::key::Caller;
use posthouse::model::notice::{DomainTerms, Form};
use posthouse::model::organization::Role;
use posthouse::model::page::Page as Stretch;
use posthouse::model::webhook as w;
use posthouse::ops::webhooks::{NewWebhook, WebhookChange};

use super::call::Call;
use super::convert::{limit, number, page, time, time_or_none};
use super::email::domain_id;
use super::trouble::{Outcome, Trouble};
use super::wire::{
    ById, Done, Nothing, Page, Rows, WebhookAttempt, WebhookDeliveriesAsked, WebhookDeliveryAsked,
    WebhookDeliveryRow, WebhookDeliveryShown, WebhookForm, WebhookMade, WebhookMake, WebhookRow,
    WebhookSet,
};
use crate::dialects;

fn shown(from: w::Webhook, hosts: &HashMap<DomainId, String>) -> WebhookRow {
    WebhookRow {
        id: from.id.0,
        form: from.form,
        url: from.url_shown,
        events: from.kinds.into_iter().map(Into::into).collect(),
        domain: from.domain.and_then(|id| hosts.get(&id).cloned()),
        on: from.activity == w::Activity::On,
        stopped_because: from.stopped_because,
        secret_hint: from.secret_hint,
        created_at: time(from.created_at),
    }
}

/// The host of every domain.
pub(super) async fn hosts(call: &Call, caller: &Caller) -> Outcome<HashMap<DomainId, String>> {
    let all = call
        .engine
        .all_domain_records(caller, Stretch::WHOLE)
        .await?;
    Ok(all
        .into_iter()
        .map(|one| (one.domain.id, one.domain.host))
        .collect())
}

/// The forms of webhooks that are no address's own.
fn forms_of_organizations() -> Vec<Arc<dyn Form>> {
    let of_addresses = dialects::address_forms();
    let mut forms = dialects::forms();
    forms.retain(|form| !of_addresses.contains(&form.name()));
    forms
}

pub async fn list(call: Call, _: Nothing) -> Outcome<Rows<WebhookRow>> {
    let caller = call.caller(Role::Reader)?;
    let hosts = hosts(&call, caller).await?;
    let all = call.engine.webhooks(caller, None).await?;
    let rows = all.into_iter().filter(|one| one.mailbox.is_none());
    Ok(Rows {
        rows: rows.map(|one| shown(one, &hosts)).collect(),
    })
}

pub async fn forms(call: Call, _: Nothing) -> Outcome<Rows<WebhookForm>> {
    call.caller(Role::Reader)?;
    let form = |form: Arc<dyn Form>| WebhookForm {
        name: form.name().to_owned(),
        events: form.kinds().iter().map(|kind| (*kind).into()).collect(),
        domain: form.domain() == DomainTerms::Verified,
    };
    Ok(Rows {
        rows: forms_of_organizations().into_iter().map(form).collect(),
    })
}

pub async fn make(call: Call, asked: WebhookMake) -> Outcome<WebhookMade> {
    let caller = call.caller(Role::Member)?;
    let forms = forms_of_organizations();
    let form = forms.iter().find(|form| form.name() == asked.form);
    let form = form.ok_or(Trouble::Field("form", "is none of webhook.forms".into()))?;
    let domain = domain_id(&call, caller, asked.domain.as_deref()).await?;
    if form.domain() == DomainTerms::Verified && domain.is_none() {
        let words = "is needed: webhooks of this form are one domain's";
        return Err(Trouble::Field("domain", words.into()));
    }
    let kinds: Vec<EventKind> = match asked.events.is_empty() {
        true => form.kinds().to_vec(),
        false => asked.events.into_iter().map(Into::into).collect(),
    };
    let new = NewWebhook {
        form: asked.form,
        domain,
        url: asked.url,
        kinds,
        words: None,
        activity: w::Activity::On,
    };
    let (made, secret) = call.engine.create_webhook(caller, new).await?;
    Ok(WebhookMade {
        id: made.id.0,
        secret,
    })
}

pub async fn set(call: Call, asked: WebhookSet) -> Outcome<WebhookRow> {
    let caller = call.caller(Role::Member)?;
    let change = WebhookChange {
        url: asked.url,
        kinds: asked
            .events
            .map(|events| (events.into_iter().map(Into::into).collect(), None)),
        activity: asked.on.map(|on| match on {
            true => w::Activity::On,
            false => w::Activity::Off,
        }),
    };
    let id = WebhookId(asked.id);
    let changed = call.engine.set_webhook(caller, id, change).await?;
    Ok(shown(changed, &hosts(&call, caller).await?))
}

pub async fn remove(call: Call, asked: ById) -> Outcome<Done> {
    let caller = call.caller(Role::Member)?;
    call.engine
        .remove_webhook(caller, WebhookId(asked.id))
        .await?;
    Ok(Done {})
}

fn row(from: &w::WebhookDelivery) -> WebhookDeliveryRow {
    WebhookDeliveryRow {
        id: from.id.0,
        event: from.kind.into(),
        state: from.state.into(),
        attempts: from.attempts,
        next_at: time_or_none(from.next_at),
        last_status: from.last_status,
        last_error: from.last_error.clone(),
        created_at: time(from.created_at),
        updated_at: time(from.updated_at),
    }
}

pub async fn deliveries(
    call: Call,
    asked: WebhookDeliveriesAsked,
) -> Outcome<Page<WebhookDeliveryRow>> {
    let caller = call.caller(Role::Reader)?;
    let before = number(asked.before.as_deref())?.map(WebhookDeliveryId);
    let rows = limit(asked.limit);
    let (_, mut all) = call
        .engine
        .webhook_deliveries(caller, WebhookId(asked.id), before, rows + 1)
        .await?;
    let most = usize::try_from(rows).unwrap_or(usize::MAX);
    let more = all.len() > most;
    all.truncate(most);
    let next = all.last().filter(|_| more).map(|one| one.id);
    Ok(page(all.iter().map(row).collect(), next, None))
}

pub async fn delivery(call: Call, asked: WebhookDeliveryAsked) -> Outcome<WebhookDeliveryShown> {
    let caller = call.caller(Role::Reader)?;
    let id = WebhookDeliveryId(asked.delivery);
    let whole = call.engine.webhook_delivery(caller, id).await?;
    let attempts = whole.tries.into_iter().map(|one| WebhookAttempt {
        at: time(one.at),
        status: one.status,
        answer: one.answer,
    });
    Ok(WebhookDeliveryShown {
        row: row(&whole.delivery),
        payload: String::from_utf8_lossy(&whole.body).into_owned(),
        attempts: attempts.collect(),
    })
}

pub async fn replay(call: Call, asked: WebhookDeliveryAsked) -> Outcome<Done> {
    let caller = call.caller(Role::Member)?;
    let id = WebhookDeliveryId(asked.delivery);
    call.engine.repeat_webhook_delivery(caller, id).await?;
    Ok(Done {})
}
