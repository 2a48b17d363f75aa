//! What was submitted to be sent.

use posthouse::ids::{DomainId, EmailId};
use posthouse::model::delivery::State;
use posthouse::model::email::Submission;
use posthouse::model::key::Caller;
use posthouse::model::organization::Role;
use posthouse::ops::desk::sending::Intent;
use posthouse::ops::emails::{Decision, EmailRef, EmailStanding};
use posthouse::ops::why::Questions;
use posthouse::store::EmailFilter;

use super::call::Call;
use super::convert::{addresses, limit, number, page, time, time_or_none, uuid};
use super::trouble::Outcome;
use super::why::{attempt, events};
use super::wire::{
    ByUuid, DeliveryShown, Done, EmailDecided, EmailRow, EmailSend, EmailSent, EmailShown,
    EmailsAsked, Page,
};

/// The domain with this host, where one is said.
pub(super) async fn domain_id(
    call: &Call,
    caller: &Caller,
    host: Option<&str>,
) -> Outcome<Option<DomainId>> {
    Ok(match host {
        Some(host) => Some(call.engine.domain_of_host(caller, host).await?.id),
        None => None,
    })
}

pub(super) fn row(call: &Call, standing: &EmailStanding) -> EmailRow {
    let email = &standing.email;
    EmailRow {
        id: email.uuid.to_string(),
        at: time(email.created_at),
        from: email.fields.from.clone(),
        to: addresses(&email.fields.to),
        subject: email.fields.subject.clone(),
        status: standing.fate(call.engine.now()).into(),
        tags: email.fields.tags.clone().unwrap_or_default(),
    }
}

pub async fn list(call: Call, asked: EmailsAsked) -> Outcome<Page<EmailRow>> {
    let caller = call.caller(Role::Reader)?;
    let filter = EmailFilter {
        state: asked.state.map(Into::into),
        domain: domain_id(&call, caller, asked.domain.as_deref()).await?,
        before: number(asked.before.as_deref())?.map(EmailId),
        ..EmailFilter::default()
    };
    let found = call
        .engine
        .emails_holding(caller, filter, asked.search, limit(asked.limit))
        .await?;
    let rows = found.rows.iter().map(|one| row(&call, one)).collect();
    Ok(page(rows, found.next, None))
}

/// One email by its UUID.
async fn found(call: &Call, caller: &Caller, id: &str) -> Outcome<EmailStanding> {
    let id = EmailRef::Uuid(uuid("id", id)?);
    Ok(call.engine.email(caller, id).await?)
}

pub async fn show(call: Call, asked: ByUuid) -> Outcome<EmailShown> {
    let caller = call.caller(Role::Reader)?;
    let id = EmailRef::Uuid(uuid("id", &asked.id)?);
    let whole = call.engine.email_content(caller, id).await?;
    let id = whole.standing.email.id;
    let story = call.engine.why(caller, id, Questions::Skip).await?;
    let (_, all) = call.engine.email_events(caller, id).await?;
    let standing = whole.standing;
    let (email, now) = (standing.email.clone(), call.engine.now());
    let list = |text: &Option<String>| text.as_deref().map(addresses).unwrap_or_default();
    let waits = |state| standing.deliveries.iter().any(|one| one.state == state);
    let cancelable = email.send_at.is_some_and(|at| at > now) && waits(State::Queued);
    let deliveries = story.recipients.iter().map(|one| DeliveryShown {
        id: one.delivery.id.0,
        recipient: one.delivery.address.clone(),
        field: one.delivery.field.into(),
        state: one.delivery.state.into(),
        route: one.delivery.route.map(Into::into),
        next_at: time_or_none(one.delivery.next_at),
        last_answer: one.delivery.last_answer.clone(),
        sent_at: time_or_none(one.delivery.sent_at),
        updated_at: time(one.delivery.updated_at),
        message: one.message.map(|id| id.0),
        attempts: one.attempts.iter().map(attempt).collect(),
    });
    Ok(EmailShown {
        id: email.uuid.to_string(),
        number: email.id.0,
        message_id: email.message_id.clone(),
        at: time(email.created_at),
        send_at: time_or_none(email.send_at),
        from: email.fields.from.clone(),
        to: addresses(&email.fields.to),
        cc: list(&email.fields.cc),
        bcc: list(&email.fields.bcc),
        reply_to: email.fields.reply_to.clone(),
        subject: email.fields.subject.clone(),
        status: standing.fate(now).into(),
        tags: email.fields.tags.clone().unwrap_or_default(),
        domain: story.host.clone(),
        trouble: standing.trouble(now),
        held: waits(State::Held),
        cancelable,
        deliveries: deliveries.collect(),
        events: events(&all, &standing.deliveries),
        text: whole.text,
        has_html: whole.html.is_some(),
        raw_url: format!("/console/files/email/{}/raw", email.uuid),
    })
}

pub async fn send(call: Call, asked: EmailSend) -> Outcome<EmailSent> {
    let caller = call.caller(Role::Member)?;
    let list = |all: Vec<String>| Some(all.join(", ")).filter(|text| !text.is_empty());
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    let submission = Submission {
        from: Some(asked.from),
        to: list(asked.to),
        cc: list(asked.cc),
        bcc: list(asked.bcc),
        reply_to: given(asked.reply_to),
        subject: Some(asked.subject),
        text: given(asked.text),
        html: given(asked.html),
        ..Submission::default()
    };
    let intent = match asked.test {
        true => Intent::Kept,
        false => Intent::Sent,
    };
    let accepted = call.engine.send_by_hand(caller, submission, intent).await?;
    Ok(EmailSent {
        id: accepted.uuid.to_string(),
        message_id: accepted.message_id,
    })
}

async fn decided(call: &Call, id: &str, decision: Decision) -> Outcome<EmailDecided> {
    let caller = call.caller(Role::Member)?;
    let email = found(call, caller, id).await?.email;
    let count = call.engine.decide(caller, email.id, None, decision).await?;
    Ok(EmailDecided {
        recipients: count as u64,
    })
}

pub async fn release(call: Call, asked: ByUuid) -> Outcome<EmailDecided> {
    decided(&call, &asked.id, Decision::Release).await
}

pub async fn burn(call: Call, asked: ByUuid) -> Outcome<EmailDecided> {
    decided(&call, &asked.id, Decision::Burn).await
}

pub async fn cancel(call: Call, asked: ByUuid) -> Outcome<Done> {
    let caller = call.caller(Role::Member)?;
    let id = uuid("id", &asked.id)?;
    call.engine.cancel_email(caller, id).await?;
    Ok(Done {})
}
