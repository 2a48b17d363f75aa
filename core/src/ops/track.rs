//! What recipients do with mail: open it, follow its links, unsubscribe. Whoever holds a link
//! may; what it was signed for says whose it is.

use std::net::IpAddr;

use crate::clock::Timestamp;
use crate::engine::Posthouse;
use crate::error::{Error, Missing, Result};
use crate::limits::{TRACKED_EVENTS, TRACKED_GAP, USER_AGENT_BYTES};
use crate::mime::links::{Target, Ticket};
use crate::model::domain::Domain;
use crate::model::event::{EventKind, Facts};
use crate::model::suppression::SuppressionReason;
use crate::store::{Holder, NewEvent, NewSuppression, Read};

/// Who fetched a link.
#[derive(Clone, Debug, Default)]
pub struct Visit {
    /// From where.
    pub ip: Option<IpAddr>,
    /// What it says it is; only its beginning is kept.
    pub user_agent: Option<String>,
}

/// A link that was followed and is really one of ours.
#[derive(Clone, Debug)]
pub struct Click {
    ticket: Ticket,
    target: Target,
}

impl Click {
    /// Where it leads: an absolute http or https URL in visible ASCII.
    #[must_use]
    pub fn target(&self) -> &str {
        self.target.as_str()
    }
}

impl Posthouse {
    /// Writes down that the image of a tracked email was fetched; `token` is that of its URL.
    /// Again within a minute, or after many times, nothing is written.
    ///
    /// # Errors
    /// `Missing::Delivery` for a token that is not ours or whose email is gone.
    pub async fn record_open(&self, token: &str, visit: Visit) -> Result<()> {
        let ticket = self.links.key.opened(token).ok_or_else(missing)?;
        self.did(Deed::new(ticket, EventKind::Opened, None, visit))
            .await
    }

    /// The link that was followed, by its token and the query of its URL. Asks nobody, so
    /// that a redirect needs no database.
    ///
    /// # Errors
    /// `Missing::Delivery` for what was not signed here, whatever its target.
    pub fn click(&self, token: &str, query: &str) -> Result<Click> {
        let target = Target::of_query(query).ok_or_else(missing)?;
        let ticket = self.links.key.clicked(token, &target).ok_or_else(missing)?;
        Ok(Click { ticket, target })
    }

    /// Writes down that a link was followed, as sparingly as for openings.
    ///
    /// # Errors
    /// `Missing::Delivery` when its email is gone.
    pub async fn record_click(&self, click: &Click, visit: Visit) -> Result<()> {
        let url = Some(click.target.as_str().to_owned());
        self.did(Deed::new(click.ticket, EventKind::Clicked, url, visit))
            .await
    }

    /// The host of the domain whose mail a token unsubscribes from. Changes nothing.
    ///
    /// # Errors
    /// `Missing::Delivery` for a token that is not ours or whose email or domain is gone.
    pub async fn unsubscribing(&self, token: &str) -> Result<String> {
        let ticket = self.links.key.unsubscribing(token).ok_or_else(missing)?;
        self.store
            .look(move |read| Ok(holder_and_domain(read, &ticket)?.1.host))
            .await
    }

    /// Suppresses the recipient on the list of the domain that the email was sent from, and
    /// writes it down; the domain's host. Once more changes nothing.
    ///
    /// # Errors
    /// As `unsubscribing`.
    pub async fn unsubscribe(&self, token: &str, visit: Visit) -> Result<String> {
        let ticket = self.links.key.unsubscribing(token).ok_or_else(missing)?;
        let deed = Deed::new(ticket, EventKind::Unsubscribed, None, visit);
        let now = self.now();
        self.store
            .write(move |write| {
                let (holder, domain) = holder_and_domain(write, &ticket)?;
                let new = NewSuppression {
                    organization: holder.organization,
                    domain: Some(domain.id),
                    address: holder.address_key.clone(),
                    reason: SuppressionReason::Unsubscribe,
                    detail: None,
                    email: Some(holder.email),
                };
                write.suppress(&new, now)?;
                // It may have been suppressed already, for another reason.
                if write.times_done(&holder, deed.kind, None)?.count == 0 {
                    write.add_event(&deed.event(&holder), now)?;
                }
                Ok(domain.host)
            })
            .await
    }

    /// Looks first, so that a flood of fetches costs no writes. Mail goes first.
    async fn did(&self, deed: Deed) -> Result<()> {
        let now = self.now();
        let asked = deed.clone();
        let news = self.store.look(move |read| asked.news(read, now)).await?;
        if news.is_none() {
            return Ok(());
        }
        self.store
            .write_later(move |write| {
                if let Some(holder) = deed.news(write, now)? {
                    write.add_event(&deed.event(&holder), now)?;
                }
                Ok(())
            })
            .await
    }
}

/// Something that a recipient did.
#[derive(Clone)]
struct Deed {
    ticket: Ticket,
    kind: EventKind,
    facts: Facts,
}

impl Deed {
    fn new(ticket: Ticket, kind: EventKind, url: Option<String>, visit: Visit) -> Self {
        let user_agent = visit.user_agent.map(|mut agent| {
            agent.truncate(agent.floor_char_boundary(USER_AGENT_BYTES));
            agent
        });
        Self {
            ticket,
            kind,
            facts: Facts {
                url,
                user_agent,
                ip: visit.ip.map(|ip| ip.to_string()),
                ..Facts::default()
            },
        }
    }

    /// Who did it, if it is to be written down: not the same again within the gap, and not
    /// after so many times.
    fn news(&self, read: &Read<'_>, now: Timestamp) -> Result<Option<Holder>> {
        let holder = holder(read, &self.ticket)?;
        let done = read.times_done(&holder, self.kind, self.facts.url.as_deref())?;
        let again = done
            .same_at
            .is_some_and(|last| last > now.minus(TRACKED_GAP));
        Ok((!again && done.count < TRACKED_EVENTS).then_some(holder))
    }

    fn event(&self, holder: &Holder) -> NewEvent {
        NewEvent {
            organization: holder.organization,
            domain: holder.domain,
            email: Some(holder.email),
            delivery: Some(holder.delivery),
            kind: self.kind,
            detail: None,
            facts: self.facts.clone(),
        }
    }
}

fn missing() -> Error {
    Error::Missing(Missing::Delivery)
}

fn holder(read: &Read<'_>, ticket: &Ticket) -> Result<Holder> {
    read.holder(ticket.email, ticket.recipient)?
        .ok_or_else(missing)
}

/// The domain may be removed by now; its mail is still out there.
fn holder_and_domain(read: &Read<'_>, ticket: &Ticket) -> Result<(Holder, Domain)> {
    let holder = holder(read, ticket)?;
    let domain = match holder.domain {
        Some(id) => read.domain_of_mail(holder.organization, id)?,
        None => None,
    };
    Ok((holder, domain.ok_or_else(missing)?))
}
