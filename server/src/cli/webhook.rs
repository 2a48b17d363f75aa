//! `posthouse webhook`: who is told of events over HTTP.

use clap::{Args, Subcommand};
use posthouse::clock::Timestamp;
use posthouse::error::{Field, Reason};
use posthouse::ids::{EventId, WebhookId};
use posthouse::model::event::EventKind;
use posthouse::model::webhook::{Activity, Webhook as Row};
use posthouse::ops::webhooks::{NewWebhook, Since, WebhookChange, WebhookRef};
use serde_json::json;

use super::desk::{Desk, host_of};
use super::shape;
use super::table::{Table, moment, moment_or_dash, or_dash, start_of};
use super::words::{moment as parse_moment, one_of};
use crate::dialects;
use crate::refusal::{Exit, Refusal};

/// Webhooks: who is told of events over HTTP
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  posthouse webhook create --url https://app.example.com/mail --domain acme.test
  posthouse webhook deliveries 1
  posthouse webhook replay 1 --since-time 2024-03-09T08:00:00Z

Webhooks go to public addresses by https only, unless the settings of [webhooks] allow more.")]
pub struct Webhook {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the webhooks
    List,
    /// Make a webhook that hears of everything from now on
    Create(Create),
    /// Switch a webhook on; it goes on where it stopped
    Enable {
        /// The webhook's id
        id: i64,
    },
    /// Switch a webhook off
    Disable {
        /// The webhook's id
        id: i64,
    },
    /// Remove a webhook with its deliveries
    Remove {
        /// The webhook's id
        id: i64,
    },
    /// List what was told to a webhook, newest first
    Deliveries {
        /// The webhook's id
        id: i64,
        /// How many
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
        limit: u32,
        /// Only deliveries older than this one
        #[arg(long, value_name = "ID")]
        before: Option<i64>,
    },
    /// Tell a webhook everything again since an event or a moment
    Replay {
        /// The webhook's id
        id: i64,
        #[command(flatten)]
        since: SinceWhen,
    },
}

#[derive(Debug, Args)]
struct Create {
    /// Where it goes; may hold a user and a password
    #[arg(long)]
    url: String,
    /// Whose form its bodies have
    #[arg(long, value_parser = form(), default_value = default_form())]
    form: String,
    /// Only one domain's events, by host or id [default: all]
    #[arg(long, value_name = "DOMAIN")]
    domain: Option<String>,
    /// The events it hears of, with commas between
    #[arg(
        long,
        value_delimiter = ',',
        value_parser = one_of(EventKind::ALL, EventKind::as_str),
        default_value = "queued,delivered,deferred,bounced,spam"
    )]
    events: Vec<EventKind>,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct SinceWhen {
    /// After the event with this number
    #[arg(long, value_name = "N")]
    since_event: Option<i64>,
    /// From this moment on, such as 2024-03-09T08:15:30Z
    #[arg(long, value_name = "TIME", value_parser = parse_moment)]
    since_time: Option<Timestamp>,
}

fn form() -> clap::builder::PossibleValuesParser {
    clap::builder::PossibleValuesParser::new(dialects::forms().iter().map(|form| form.name()))
}

fn default_form() -> &'static str {
    dialects::forms().first().map_or("", |form| form.name())
}

impl Webhook {
    /// Runs it.
    ///
    /// # Errors
    /// As the engine says.
    pub async fn run(self, desk: &Desk) -> Result<(), Refusal> {
        match self.command {
            Command::List => list(desk).await,
            Command::Create(create) => create.run(desk).await,
            Command::Enable { id } => switch(desk, WebhookId(id), Activity::On).await,
            Command::Disable { id } => switch(desk, WebhookId(id), Activity::Off).await,
            Command::Remove { id } => remove(desk, WebhookId(id)).await,
            Command::Deliveries { id, limit, before } => {
                deliveries(desk, WebhookId(id), limit, before).await
            }
            Command::Replay { id, since } => replay(desk, WebhookId(id), &since).await,
        }
    }
}

async fn list(desk: &Desk) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let hosts = desk.hosts(&caller).await?;
    let webhooks = desk.engine.webhooks(&caller, None).await?;
    let shapes: Vec<_> = webhooks.iter().map(shape::Webhook::of).collect();
    let mut table = Table::new(["ID", "URL", "FORM", "DOMAIN", "EVENTS", "STATE"]);
    for one in &webhooks {
        table.row([
            one.id.to_string(),
            one.url_shown.clone(),
            one.form.clone(),
            host_of(&hosts, one.domain),
            words(&one.kinds),
            state(one),
        ]);
    }
    let none = "There are no webhooks. Make one: posthouse webhook create --url URL";
    Ok(desk.out.answer(&shapes, |to| table.write(to, none))?)
}

fn words(kinds: &[EventKind]) -> String {
    let words: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
    words.join(",")
}

fn state(webhook: &Row) -> String {
    match &webhook.stopped_because {
        Some(because) => format!("{} ({because})", webhook.activity),
        None => webhook.activity.to_string(),
    }
}

impl Create {
    async fn run(self, desk: &Desk) -> Result<(), Refusal> {
        let caller = desk.caller().await?;
        let domain = desk.domain_id(&caller, self.domain.as_deref()).await?;
        let new = NewWebhook {
            form: self.form,
            domain,
            url: self.url,
            kinds: self.events,
            words: None,
            activity: Activity::On,
        };
        let (webhook, _) = desk
            .engine
            .create_webhook(&caller, new)
            .await
            .map_err(explain)?;
        tell(desk, &webhook, "Made")
    }
}

/// Without TLS is the one refusal that the operator can lift.
fn explain(error: posthouse::Error) -> Refusal {
    let forbidden = matches!(&error, posthouse::Error::Invalid(problems)
        if problems.contains(&Field::Url.problem(Reason::Forbidden)));
    let refusal = Refusal::from(error);
    if forbidden {
        return refusal
            .hint("Use https, or allow http with the setting webhooks.allow_http = true.");
    }
    refusal
}

fn tell(desk: &Desk, webhook: &Row, did: &str) -> Result<(), Refusal> {
    Ok(desk.out.answer(&shape::Webhook::of(webhook), |to| {
        writeln!(
            to,
            "{did} webhook {}: {} hears of {}; it is {}, and has heard of events up to {}.",
            webhook.id,
            webhook.url_shown,
            words(&webhook.kinds),
            state(webhook),
            webhook.cursor
        )
    })?)
}

async fn switch(desk: &Desk, id: WebhookId, to: Activity) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let change = WebhookChange {
        activity: Some(to),
        ..WebhookChange::default()
    };
    let which = WebhookRef::Id(id);
    let webhook = desk.engine.set_webhook(&caller, which, change).await?;
    tell(desk, &webhook, "Switched")
}

async fn remove(desk: &Desk, id: WebhookId) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    desk.engine
        .remove_webhook(&caller, WebhookRef::Id(id))
        .await?;
    let shape = json!({"id": id.0, "removed": true});
    Ok(desk
        .out
        .answer(&shape, |to| writeln!(to, "Webhook {id} is removed."))?)
}

async fn deliveries(
    desk: &Desk,
    id: WebhookId,
    limit: u32,
    before: Option<i64>,
) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let before = before.map(posthouse::ids::WebhookDeliveryId);
    let (_, deliveries) = desk
        .engine
        .webhook_deliveries(&caller, WebhookRef::Id(id), before, limit)
        .await?;
    let shapes: Vec<_> = deliveries.iter().map(shape::WebhookDelivery::of).collect();
    let mut table = Table::new([
        "ID",
        "EVENT",
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
            moment(one.created_at),
            one.state.to_string(),
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

async fn replay(desk: &Desk, id: WebhookId, since: &SinceWhen) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let since = match (since.since_event, since.since_time) {
        (Some(event), _) => Since::Event(EventId(event)),
        (None, Some(at)) => Since::Time(at),
        (None, None) => return Err(Refusal::new(Exit::Usage, "since when?")),
    };
    let webhook = desk
        .engine
        .replay_webhook(&caller, WebhookRef::Id(id), since)
        .await?;
    tell(desk, &webhook, "Replaying to")
}
