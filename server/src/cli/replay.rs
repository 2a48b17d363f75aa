//! What a webhook was told, and telling it again.

use clap::Args;
use posthouse::clock::Timestamp;
use posthouse::ids::{EventId, WebhookId, numbered_uuid, uuid_number};
use posthouse::model::webhook::WebhookDelivery;
use posthouse::ops::webhooks::{Since, WebhookRef};
use serde_json::json;

use super::desk::Desk;
use super::shape;
use super::table::{Table, moment, moment_or_dash, or_dash, start_of};
use super::webhook::{form_named, tell};
use super::words::moment as parse_moment;
use crate::refusal::{Exit, Refusal};

/// What is told again.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Again {
    /// Only this delivery, by its id
    #[arg(long, value_name = "ID", value_parser = clap::value_parser!(i64).range(1..))]
    delivery: Option<i64>,
    /// After the event with this number
    #[arg(long, value_name = "N")]
    since_event: Option<i64>,
    /// From this moment on, such as 2024-03-09T08:15:30Z
    #[arg(long, value_name = "TIME", value_parser = parse_moment)]
    since_time: Option<Timestamp>,
}

/// Lists what was told to a webhook.
///
/// # Errors
/// As the engine says.
pub async fn deliveries(
    desk: &Desk,
    id: WebhookId,
    limit: u32,
    before: Option<i64>,
) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let before = before.map(posthouse::ids::WebhookDeliveryId);
    let (webhook, deliveries) = desk
        .engine
        .webhook_deliveries(&caller, WebhookRef::Id(id), before, limit)
        .await?;
    let form = form_named(&webhook.form);
    let state = |one: &WebhookDelivery| match &form {
        Some(form) => form.state(one.state, one.attempts),
        None => one.state.as_str(),
    };
    let shapes: Vec<_> = deliveries
        .iter()
        .map(|one| shape::WebhookDelivery::of(one, state(one)))
        .collect();
    let mut table = Table::new([
        "ID",
        "EVENT",
        "KIND",
        "MADE",
        "STATE",
        "TRIES",
        "STATUS",
        "NEXT TRY",
        "LAST ERROR",
    ]);
    for one in &deliveries {
        table.row([
            one.id.to_string(),
            one.event.to_string(),
            one.kind.to_string(),
            moment(one.created_at),
            state(one).to_owned(),
            one.attempts.to_string(),
            one.last_status
                .map_or_else(|| String::from("-"), |status| status.to_string()),
            moment_or_dash(one.next_at),
            start_of(&or_dash(one.last_error.as_deref())),
        ]);
    }
    let none = format!("Webhook {id} was told nothing yet.");
    Ok(desk.out.answer(&shapes, |to| table.write(to, &none))?)
}

/// Tells a webhook something again.
///
/// # Errors
/// As the engine says.
pub async fn replay(desk: &Desk, id: WebhookId, what: &Again) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let since = match (what.delivery, what.since_event, what.since_time) {
        (Some(delivery), _, _) => return repeat(desk, id, delivery).await,
        (None, Some(event), _) => Since::Event(EventId(event)),
        (None, None, Some(at)) => Since::Time(at),
        (None, None, None) => return Err(Refusal::new(Exit::Usage, "since when?")),
    };
    let webhook = desk
        .engine
        .replay_webhook(&caller, WebhookRef::Id(id), since)
        .await?;
    tell(desk, &webhook, "Replaying to")
}

/// Sends one delivery once more, as one of its own.
async fn repeat(desk: &Desk, id: WebhookId, delivery: i64) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let webhook = desk.engine.webhook(&caller, WebhookRef::Id(id)).await?;
    let uuid = numbered_uuid(webhook.uuid, delivery);
    let copy = desk.engine.replay_webhook_delivery(&caller, uuid).await?;
    let copy = uuid_number(webhook.uuid, copy);
    let shape = json!({"id": id.0, "delivery_id": delivery, "repeated_as": copy});
    Ok(desk.out.answer(&shape, |to| {
        writeln!(
            to,
            "Delivery {delivery} is sent once more: posthouse webhook deliveries {id}"
        )
    })?)
}
