//! Emails: listed, looked at, and what a person decides on held ones.

use uuid::Uuid;

use crate::clock::Timestamp;
use crate::engine::Posthouse;
use crate::error::{Conflict, Error, Missing, Result, internal};
use crate::ids::{DeliveryId, EmailId};
use crate::mime::read::summary;
use crate::model::delivery::{Delivery, State};
use crate::model::email::Email;
use crate::model::event::{Event, EventKind, Facts};
use crate::model::fate::{self, Fate};
use crate::model::key::{Caller, Scope};
use crate::model::message_id::{bare, uuid_in};
use crate::store::{EmailFilter, NewEvent, Read, Write, decompress};

/// An email and where each of its recipients stands.
#[derive(Clone, Debug)]
pub struct EmailStanding {
    /// The email.
    pub email: Email,
    /// Its recipients.
    pub deliveries: Vec<Delivery>,
}

/// What a person decides on held mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Let it go.
    Release,
    /// Never send it.
    Burn,
}

/// By what an email is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EmailRef {
    /// Its id.
    Id(EmailId),
    /// Its UUID.
    Uuid(Uuid),
    /// Its Message-ID, with or without angle brackets.
    MessageId(String),
    /// One of its deliveries.
    Delivery(DeliveryId),
}

impl From<EmailId> for EmailRef {
    fn from(id: EmailId) -> Self {
        Self::Id(id)
    }
}

/// An email with its content.
#[derive(Clone, Debug)]
pub struct EmailContent {
    /// The email and where it stands.
    pub standing: EmailStanding,
    /// Its html.
    pub html: Option<String>,
    /// Its text.
    pub text: Option<String>,
}

impl EmailStanding {
    /// What became of it.
    #[must_use]
    pub fn fate(&self, now: Timestamp) -> Fate {
        fate::fate(&self.email, &self.deliveries, now)
    }

    /// When the first copy was taken.
    #[must_use]
    pub fn sent_at(&self) -> Option<Timestamp> {
        fate::sent_at(&self.deliveries)
    }

    /// What was said last, where it did not arrive.
    #[must_use]
    pub fn trouble(&self, now: Timestamp) -> Option<String> {
        fate::trouble(&self.email, &self.deliveries, now)
    }
}

impl Posthouse {
    /// The caller's emails, newest first.
    ///
    /// # Errors
    /// `Denied::Scope`.
    pub async fn emails(
        &self,
        caller: &Caller,
        mut filter: EmailFilter,
        rows: u32,
    ) -> Result<Vec<EmailStanding>> {
        caller.needs_any(&[Scope::Read, Scope::Send])?;
        if let Some(bound) = caller.key().and_then(|key| key.domain) {
            filter.domain = Some(bound);
        }
        let of = caller.organization();
        self.store
            .read(move |read| {
                let emails = read.emails(of, filter, rows)?;
                emails
                    .into_iter()
                    .map(|email| {
                        let deliveries = read.deliveries_of(email.id)?;
                        Ok(EmailStanding { email, deliveries })
                    })
                    .collect()
            })
            .await
    }

    /// One of the caller's emails.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Email`.
    pub async fn email(
        &self,
        caller: &Caller,
        which: impl Into<EmailRef>,
    ) -> Result<EmailStanding> {
        caller.needs_any(&[Scope::Read, Scope::Send])?;
        let (caller, which) = (caller.clone(), which.into());
        self.store
            .read(move |read| standing(read, &caller, &which))
            .await
    }

    /// One of the caller's emails, with its content.
    ///
    /// # Errors
    /// As `email`.
    pub async fn email_content(
        &self,
        caller: &Caller,
        which: impl Into<EmailRef>,
    ) -> Result<EmailContent> {
        caller.needs(Scope::Read)?;
        let (caller, which) = (caller.clone(), which.into());
        let (standing, packed) = self
            .store
            .read(move |read| {
                let standing = standing(read, &caller, &which)?;
                let packed = read
                    .body_packed(standing.email.body)?
                    .ok_or(Error::Missing(Missing::Message))?;
                Ok((standing, packed))
            })
            .await?;
        let parts = tokio::task::spawn_blocking(move || Ok(summary(&decompress(&packed)?)))
            .await
            .map_err(internal)??;
        Ok(EmailContent {
            standing,
            html: parts.html,
            text: parts.text,
        })
    }

    /// What happened to one of the caller's emails, in order.
    ///
    /// # Errors
    /// As `email`.
    pub async fn email_events(
        &self,
        caller: &Caller,
        which: impl Into<EmailRef>,
    ) -> Result<(EmailStanding, Vec<Event>)> {
        caller.needs(Scope::Read)?;
        let (caller, which) = (caller.clone(), which.into());
        self.store
            .read(move |read| {
                let standing = standing(read, &caller, &which)?;
                let events = read.events_of(standing.email.id)?;
                Ok((standing, events))
            })
            .await
    }

    /// The MIME of one of the caller's emails, as composed; signatures come later.
    ///
    /// # Errors
    /// As `email`.
    pub async fn email_raw(&self, caller: &Caller, id: EmailId) -> Result<Vec<u8>> {
        caller.needs_operator()?;
        let of = caller.organization();
        let packed = self
            .store
            .read(move |read| {
                let email = read.email(of, id)?.ok_or(Error::Missing(Missing::Email))?;
                read.body_packed(email.body)?
                    .ok_or(Error::Missing(Missing::Message))
            })
            .await?;
        decompress(&packed)
    }

    /// Decides on the held deliveries of an email, or on one of them; how many there were.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Email`, `Missing::Delivery`, `Conflict::State` when
    /// nothing of it is held.
    pub async fn decide(
        &self,
        caller: &Caller,
        id: EmailId,
        only: Option<DeliveryId>,
        decision: Decision,
    ) -> Result<usize> {
        caller.needs_operator()?;
        let of = caller.organization();
        let now = self.now();
        self.store
            .write(move |write| {
                let email = write.email(of, id)?.ok_or(Error::Missing(Missing::Email))?;
                let mut deliveries = write.deliveries_of(id)?;
                deliveries.retain(|delivery| only.is_none_or(|only| only == delivery.id));
                if deliveries.is_empty() {
                    return Err(Error::Missing(Missing::Delivery));
                }
                deliveries.retain(|delivery| delivery.state == State::Held);
                if deliveries.is_empty() {
                    return Err(Error::Conflict(Conflict::State));
                }
                for delivery in &deliveries {
                    decide_one(write, &email, delivery.id, decision, now)?;
                }
                Ok(deliveries.len())
            })
            .await
    }
}

fn standing(read: &Read<'_>, caller: &Caller, which: &EmailRef) -> Result<EmailStanding> {
    let of = caller.organization();
    let found = match which {
        EmailRef::Id(id) => read.email(of, *id)?,
        EmailRef::Uuid(uuid) => read.email_by_uuid(of, *uuid)?,
        EmailRef::MessageId(text) => match uuid_in(text) {
            Some(uuid) => read
                .email_by_uuid(of, uuid)?
                .filter(|email| email.message_id == bare(text)),
            None => None,
        },
        EmailRef::Delivery(id) => match read.delivery(*id)? {
            Some(delivery) => read.email(of, delivery.email)?,
            None => None,
        },
    };
    let bound = caller.key().and_then(|key| key.domain);
    let email = found
        .filter(|email| bound.is_none() || email.domain == bound)
        .ok_or(Error::Missing(Missing::Email))?;
    let deliveries = read.deliveries_of(email.id)?;
    Ok(EmailStanding { email, deliveries })
}

fn decide_one(
    write: &Write<'_>,
    email: &Email,
    id: DeliveryId,
    decision: Decision,
    now: Timestamp,
) -> Result<()> {
    let kind = match decision {
        Decision::Release => {
            write.release_delivery(id, now)?;
            EventKind::Released
        }
        Decision::Burn => {
            write.end_delivery(id, State::Burned, None, Some("burned by a person"), now)?;
            EventKind::Burned
        }
    };
    write.add_event(
        &NewEvent {
            organization: email.organization,
            domain: email.domain,
            email: Some(email.id),
            delivery: Some(id),
            kind,
            detail: None,
            facts: Facts::default(),
        },
        now,
    )?;
    Ok(())
}
