//! Why: the whole story of an email, recipient by recipient, in words to act on.

mod codes;
mod dns;
mod known;
mod refusal;
mod rows;
mod standing;

use tokio::time::Instant;

pub use self::codes::Explained;
pub use self::dns::{DomainNow, HostNow, NotAsked, Now, Questions, Takes};
use self::dns::{ask_domains, ask_records};
pub use self::known::Known;
use self::refusal::refusal;
pub use self::refusal::{Force, Refusal};
use self::standing::Facts;
use super::records::expected;
use crate::clock::Timestamp;
use crate::engine::{Posthouse, Settings};
use crate::error::{Error, Missing, Result};
use crate::ids::{DeliveryId, EmailId, MessageId};
use crate::model::address::Mailbox;
use crate::model::delivery::{Attempt, Delivery, Outcome, Route, State};
use crate::model::domain::{Need, Record};
use crate::model::email::Email;
use crate::model::event::{Event, EventKind};
use crate::model::key::{Caller, Key};
use crate::store::Read;

/// The story of an email.
#[derive(Clone, Debug)]
pub struct Story {
    /// The email.
    pub email: Email,
    /// The host of the domain it was sent from; None where a provider gave it its sender.
    pub host: Option<String>,
    /// The key it was submitted with.
    pub key: Key,
    /// The sending domain's own records, but for the MX, as DNS has them now.
    pub records: Now<Vec<Record>>,
    /// Its recipients, in turn.
    pub recipients: Vec<RecipientStory>,
}

/// The story of one recipient.
#[derive(Clone, Debug)]
pub struct RecipientStory {
    /// Where it stands.
    pub delivery: Delivery,
    /// Which way its mail went, in words.
    pub route: String,
    /// Where that leaves it, in a sentence or two.
    pub standing: String,
    /// The last refusal, while it did not go through.
    pub refusal: Option<Refusal>,
    /// What to do about it, if there is something.
    pub next_step: Option<String>,
    /// What DNS says now of the recipient's domain.
    pub dns: Now<DomainNow>,
    /// What happened, in order.
    pub events: Vec<Event>,
    /// The tries, with what DNS said then, and their conversations.
    pub attempts: Vec<Attempt>,
    /// The message it was kept as, when it was kept here.
    pub message: Option<MessageId>,
}

impl RecipientStory {
    /// Whether its mail went for another machine, or tried to.
    fn left(&self) -> bool {
        let mut routes = self.attempts.iter().map(|attempt| attempt.route);
        routes.any(|route| matches!(route, Route::Direct | Route::Relay))
    }

    fn domain(&self) -> &str {
        self.delivery.address.rsplit('@').next().unwrap_or_default()
    }

    /// Takes what DNS says now; what it has mended since the last try comes first in what to do.
    fn hear(&mut self, now: &DomainNow) {
        let found_no_host = |last: &Attempt| {
            last.dns.is_some()
                && last.peer.is_none()
                && last.stage.is_none()
                && matches!(last.outcome, Some(Outcome::Refused | Outcome::Deferred))
        };
        if self.attempts.last().is_some_and(found_no_host) && now.has_host() {
            let step = self.next_step.take().unwrap_or_default();
            let mended = format!("DNS has a mail server for {} now. {step}", now.domain);
            self.next_step = Some(mended.trim_end().to_owned());
        }
        self.dns = Now::Said(now.clone());
    }
}

impl Posthouse {
    /// Tells the story of one of the caller's emails. What DNS cannot say is part of it.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Email`.
    pub async fn why(&self, caller: &Caller, id: EmailId, questions: Questions) -> Result<Story> {
        caller.needs_operator()?;
        let (of, settings) = (caller.organization(), self.settings().clone());
        let told = self
            .store
            .read(move |read| {
                let email = read.email(of, id)?.ok_or(Error::Missing(Missing::Email))?;
                tell(read, email, &settings)
            })
            .await?;
        Ok(match questions {
            Questions::Ask { within } => self.with_dns(told, Instant::now() + within).await,
            Questions::Skip => without_dns(told.story),
        })
    }

    /// Asks DNS for what has to do with mail that left this machine.
    async fn with_dns(&self, told: Told, end: Instant) -> Story {
        let Told { mut story, records } = told;
        let mut domains: Vec<String> = Vec::new();
        for one in story.recipients.iter().filter(|one| one.left()) {
            if !domains.iter().any(|domain| domain == one.domain()) {
                domains.push(one.domain().to_owned());
            }
        }
        if domains.is_empty() {
            return story;
        }
        let dns = self.ports.dns.as_ref();
        let (said, records) = tokio::join!(
            ask_domains(dns, domains, end),
            ask_records(dns, records, self.now(), end)
        );
        story.records = match story.email.domain {
            Some(_) => Now::Said(records),
            None => Now::NotAsked(NotAsked::Provider),
        };
        for one in story.recipients.iter_mut().filter(|one| one.left()) {
            match said.get(one.domain()) {
                Some(now) => one.hear(now),
                None => one.dns = Now::NotAsked(NotAsked::TooMany),
            }
        }
        story
    }
}

fn without_dns(mut story: Story) -> Story {
    for one in story.recipients.iter_mut().filter(|one| one.left()) {
        one.dns = Now::NotAsked(NotAsked::Unwanted);
        story.records = Now::NotAsked(NotAsked::Unwanted);
    }
    story
}

/// What the database has for a story, and the records to ask for.
struct Told {
    story: Story,
    records: Vec<Record>,
}

fn tell(read: &Read<'_>, email: Email, settings: &Settings) -> Result<Told> {
    let (of, id) = (email.organization, email.id);
    let key = read
        .key(of, email.key)?
        .ok_or(Error::Missing(Missing::Key))?;
    let domain = match email.domain {
        Some(id) => read.domain_of_mail(of, id)?,
        None => None,
    };
    let mut records = Vec::new();
    if let Some(domain) = &domain {
        let keys = read.dkim_keys(domain.id)?;
        records = expected(domain, &keys, &settings.host, &settings.bounce_host());
        records.retain(|record| record.need != Need::Receiving);
    }
    let host = match domain {
        Some(domain) => Some(domain.host),
        None => Mailbox::parse(&email.fields.from)
            .ok()
            .map(|from| from.address.domain().to_owned()),
    };
    let teller = Teller {
        read,
        email: &email,
        host: host.as_deref(),
        key: &key,
        events: read.events_of(id)?,
        kept: read.messages_of(id)?,
        give_up_at: email.created_at.plus(settings.retry.give_up_after),
    };
    let deliveries = read.deliveries_of(id)?.into_iter();
    let recipients = deliveries
        .map(|delivery| teller.recipient(delivery))
        .collect::<Result<_>>()?;
    Ok(Told {
        story: Story {
            email,
            host,
            key,
            records: Now::NotAsked(NotAsked::NothingLeft),
            recipients,
        },
        records,
    })
}

/// What all recipients of an email share.
struct Teller<'a> {
    read: &'a Read<'a>,
    email: &'a Email,
    host: Option<&'a str>,
    key: &'a Key,
    events: Vec<Event>,
    kept: Vec<(MessageId, Option<DeliveryId>)>,
    give_up_at: Timestamp,
}

impl Teller<'_> {
    fn recipient(&self, delivery: Delivery) -> Result<RecipientStory> {
        let of = self.email.organization;
        let attempts = self.read.attempts_of(delivery.id)?;
        let last = attempts.last();
        let relay = match last.and_then(|attempt| attempt.relay) {
            Some(id) => self.read.relay(of, id)?,
            None => None,
        };
        let address = delivery.address.to_lowercase();
        let suppressed = self.read.suppressed(of, self.email.domain, &address)?;
        let mut kept = self.kept.iter();
        let message = kept
            .find(|(_, of)| *of == Some(delivery.id))
            .map(|(id, _)| *id);
        let refusal = match delivery.state {
            State::Deferred | State::Bounced | State::Queued | State::Sending => {
                // A try that is under way has said nothing yet.
                let mut tries = attempts.iter().rev();
                let ended = tries.find(|attempt| attempt.outcome.is_some());
                ended.and_then(|ended| refusal(ended, self.host, &delivery.address))
            }
            State::Held
            | State::Delivered
            | State::Complained
            | State::Suppressed
            | State::Burned
            | State::Canceled => None,
        };
        let facts = Facts {
            email: self.email,
            host: self.host,
            key: self.key,
            delivery: &delivery,
            last,
            relay: relay.as_ref(),
            refusal: refusal.as_ref(),
            message,
            suppressed: suppressed.as_ref(),
            give_up_at: self.give_up_at,
        };
        let (route, standing, next_step) = (facts.route(), facts.standing(), facts.next_step());
        let events = self
            .events
            .iter()
            .filter(|event| event.delivery == Some(delivery.id) || event.kind == EventKind::Queued);
        Ok(RecipientStory {
            events: events.cloned().collect(),
            delivery,
            route,
            standing,
            refusal,
            next_step,
            dns: Now::NotAsked(NotAsked::NothingLeft),
            attempts,
            message,
        })
    }
}
