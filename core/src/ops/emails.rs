//! Emails: listed, looked at, and what a person decides on held ones.

use crate::engine::Posthouse;
use crate::error::{Conflict, Error, Missing, Result};
use crate::ids::{DeliveryId, EmailId};
use crate::model::delivery::{Delivery, State};
use crate::model::email::Email;
use crate::model::event::EventKind;
use crate::model::key::Caller;
use crate::store::{EmailFilter, NewEvent, Write, decompress};

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

impl Posthouse {
    /// The caller's emails, newest first.
    ///
    /// # Errors
    /// `Denied::Scope`.
    pub async fn emails(
        &self,
        caller: &Caller,
        filter: EmailFilter,
        rows: u32,
    ) -> Result<Vec<EmailStanding>> {
        caller.needs_operator()?;
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
    pub async fn email(&self, caller: &Caller, id: EmailId) -> Result<EmailStanding> {
        caller.needs_operator()?;
        let of = caller.organization();
        self.store
            .read(move |read| {
                let email = read.email(of, id)?.ok_or(Error::Missing(Missing::Email))?;
                let deliveries = read.deliveries_of(id)?;
                Ok(EmailStanding { email, deliveries })
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

fn decide_one(
    write: &Write<'_>,
    email: &Email,
    id: DeliveryId,
    decision: Decision,
    now: crate::clock::Timestamp,
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
            domain: Some(email.domain),
            email: Some(email.id),
            delivery: Some(id),
            kind,
            detail: None,
        },
        now,
    )?;
    Ok(())
}
