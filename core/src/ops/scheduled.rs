//! Mail that waits for its time, and can be taken back until it is picked up.

use uuid::Uuid;

use crate::clock::Timestamp;
use crate::engine::Posthouse;
use crate::error::{Conflict, Error, Missing, Result};
use crate::ids::DeliveryId;
use crate::model::delivery::State;
use crate::model::email::Email;
use crate::model::event::{EventKind, Facts};
use crate::model::fate::{Fate, fate_of};
use crate::model::key::{Caller, Scope};
use crate::store::{NewEvent, Write};

const WORDS: &str = "its sender took it back";

impl Posthouse {
    /// Takes a scheduled email back: none of it is sent.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Email`, `Conflict::State` once its time has come, or when
    /// any of it was picked up.
    pub async fn cancel_email(&self, caller: &Caller, uuid: Uuid) -> Result<()> {
        caller.needs(Scope::Send)?;
        let of = caller.organization();
        let now = self.now();
        self.store
            .write(move |write| {
                let email = write
                    .email_by_uuid(of, uuid)?
                    .ok_or(Error::Missing(Missing::Email))?;
                let deliveries = write.deliveries_of(email.id)?;
                let going: Vec<_> = deliveries
                    .iter()
                    .filter(|one| one.state != State::Suppressed)
                    .collect();
                let waits = |fate| fate == Fate::Scheduled;
                if going.is_empty()
                    || !going
                        .iter()
                        .all(|one| waits(fate_of(one, email.send_at, now)))
                {
                    return Err(Error::Conflict(Conflict::State));
                }
                for delivery in going {
                    cancel_one(write, &email, delivery.id, now)?;
                }
                Ok(())
            })
            .await
    }
}

/// Writes that one recipient's copy is never sent, because its sender took it back.
pub(crate) fn cancel_one(
    write: &Write<'_>,
    email: &Email,
    id: DeliveryId,
    now: Timestamp,
) -> Result<()> {
    write.end_delivery(id, State::Canceled, None, None, now)?;
    write.add_event(
        &NewEvent {
            organization: email.organization,
            domain: email.domain,
            email: Some(email.id),
            delivery: Some(id),
            kind: EventKind::Canceled,
            detail: Some(String::from(WORDS)),
            facts: Facts::default(),
        },
        now,
    )?;
    Ok(())
}
