//! `posthouse webhook`: who is told of events over HTTP.

use std::io::{self, Write};
use std::sync::Arc;

use clap::{Args, Subcommand};
use posthouse::error::{Conflict, Field, Reason};
use posthouse::ids::WebhookId;
use posthouse::model::event::EventKind;
use posthouse::model::notice::{DomainTerms, Form};
use posthouse::model::webhook::{Activity, Webhook as Row};
use posthouse::ops::webhooks::{NewWebhook, WebhookChange, WebhookRef};
use serde_json::json;

use super::desk::{Desk, host_of};
use super::replay::{Again, deliveries, replay};
use super::shape;
use super::table::Table;
use super::words::{nothing_to_change, one_of};
use crate::dialects;
use crate::refusal::{Exit, Refusal};

/// Webhooks: who is told of events over HTTP
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  posthouse webhook create --url https://app.example.com/mail --domain acme.test
  posthouse webhook deliveries 1
  posthouse webhook replay 1 --since-time 2024-03-09T08:00:00Z
  posthouse webhook replay 1 --delivery 7

Webhooks go to public addresses by https only, unless the settings of [webhooks] allow more.")]
pub struct Webhook {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the webhooks
    List,
    /// Make a webhook that hears of everything from now on; its secret, where its form has
    /// one, is shown once
    #[command(visible_alias = "add")]
    Create(Create),
    /// Change where a webhook goes and what it hears of
    Set(Set),
    /// Give a webhook another secret; the old one signs nothing from now on
    RotateSecret {
        /// The webhook's id
        id: i64,
    },
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
    /// Tell a webhook everything again since an event or a moment, or one thing once more
    Replay {
        /// The webhook's id
        id: i64,
        #[command(flatten)]
        what: Again,
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
    /// The events it hears of, with commas between [default: what its form is for]
    #[arg(
        long,
        value_delimiter = ',',
        value_parser = one_of(EventKind::ALL, EventKind::as_str)
    )]
    events: Option<Vec<EventKind>>,
}

#[derive(Debug, Args)]
struct Set {
    /// The webhook's id
    id: i64,
    /// Where it goes; may hold a user and a password
    #[arg(long)]
    url: Option<String>,
    /// The events it hears of, with commas between
    #[arg(
        long,
        value_delimiter = ',',
        value_parser = one_of(EventKind::ALL, EventKind::as_str)
    )]
    events: Option<Vec<EventKind>>,
}

fn form() -> clap::builder::PossibleValuesParser {
    clap::builder::PossibleValuesParser::new(dialects::forms().iter().map(|form| form.name()))
}

fn default_form() -> &'static str {
    dialects::forms().first().map_or("", |form| form.name())
}

/// The form of this name.
pub fn form_named(name: &str) -> Option<Arc<dyn Form>> {
    let mut forms = dialects::forms().into_iter();
    forms.find(|form| form.name() == name)
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
            Command::Set(set) => set.run(desk).await,
            Command::RotateSecret { id } => rotate_secret(desk, WebhookId(id)).await,
            Command::Enable { id } => switch(desk, WebhookId(id), Activity::On).await,
            Command::Disable { id } => switch(desk, WebhookId(id), Activity::Off).await,
            Command::Remove { id } => remove(desk, WebhookId(id)).await,
            Command::Deliveries { id, limit, before } => {
                deliveries(desk, WebhookId(id), limit, before).await
            }
            Command::Replay { id, what } => replay(desk, WebhookId(id), &what).await,
        }
    }
}

async fn list(desk: &Desk) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let hosts = desk.hosts(&caller).await?;
    let webhooks = desk.engine.webhooks(&caller, None).await?;
    let shapes: Vec<_> = webhooks
        .iter()
        .map(|one| shape::Webhook::of(one, None))
        .collect();
    let mut table = Table::new(["ID", "URL", "FORM", "DOMAIN", "EVENTS", "SECRET", "STATE"]);
    for one in &webhooks {
        table.row([
            one.id.to_string(),
            one.url_shown.clone(),
            one.form.clone(),
            host_of(&hosts, one.domain),
            words(&one.kinds),
            one.secret_hint
                .as_ref()
                .map_or_else(|| String::from("-"), |end| format!("…{end}")),
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
        let form = form_named(&self.form);
        let terms = form.as_ref().map(|form| form.domain());
        if let (Some(DomainTerms::Verified), None) = (terms, domain) {
            let words = format!("webhooks of the form {} are of one domain", self.form);
            return Err(Refusal::new(Exit::Usage, words).hint("Say which: --domain HOST."));
        }
        let kinds = self.events.unwrap_or_else(|| {
            let ordinary = form.as_ref().map_or(&[][..], |form| form.kinds());
            ordinary.to_vec()
        });
        let new = NewWebhook {
            form: self.form,
            domain,
            url: self.url,
            kinds,
            words: None,
            activity: Activity::On,
        };
        let (webhook, secret) = desk
            .engine
            .create_webhook(&caller, new)
            .await
            .map_err(explain)?;
        let shape = shape::Webhook::of(&webhook, secret.clone());
        Ok(desk.out.answer(&shape, |to| {
            write(to, &webhook, "Made")?;
            match &secret {
                Some(secret) => show_secret(to, secret),
                None => Ok(()),
            }
        })?)
    }
}

fn show_secret(to: &mut dyn Write, secret: &str) -> io::Result<()> {
    writeln!(
        to,
        "\n{secret}\n\nWith this secret its calls are signed. It is not shown again."
    )
}

impl Set {
    async fn run(self, desk: &Desk) -> Result<(), Refusal> {
        if self.url.is_none() && self.events.is_none() {
            return Err(nothing_to_change("webhook set"));
        }
        let change = WebhookChange {
            url: self.url,
            kinds: self.events.map(|kinds| (kinds, None)),
            activity: None,
        };
        let caller = desk.caller().await?;
        let which = WebhookRef::Id(WebhookId(self.id));
        let changed = desk.engine.set_webhook(&caller, which, change).await;
        tell(desk, &changed.map_err(explain)?, "Changed")
    }
}

async fn rotate_secret(desk: &Desk, id: WebhookId) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let secret = desk
        .engine
        .rotate_webhook_secret(&caller, WebhookRef::Id(id))
        .await
        .map_err(|error| match error {
            posthouse::Error::Conflict(Conflict::State) => Refusal::new(
                Exit::Refused,
                "webhooks of this form have no secret: they are signed with the domain's key",
            ),
            error => error.into(),
        })?;
    let shape = json!({"id": id.0, "secret": secret});
    Ok(desk.out.answer(&shape, |to| {
        writeln!(to, "Webhook {id} has another secret:")?;
        show_secret(to, &secret)
    })?)
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

/// Says what a webhook is now.
///
/// # Errors
/// As standard output says.
pub fn tell(desk: &Desk, webhook: &Row, did: &str) -> Result<(), Refusal> {
    let shape = shape::Webhook::of(webhook, None);
    Ok(desk.out.answer(&shape, |to| write(to, webhook, did))?)
}

fn write(to: &mut dyn Write, webhook: &Row, did: &str) -> io::Result<()> {
    writeln!(
        to,
        "{did} webhook {}: {} hears of {}; it is {}, and has heard of events up to {}.",
        webhook.id,
        webhook.url_shown,
        words(&webhook.kinds),
        state(webhook),
        webhook.cursor
    )
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
