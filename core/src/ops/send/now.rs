//! Sending while the caller waits: the email is accepted as ever, and the answer tells what
//! its first try came to.

use std::time::Duration;

use tokio::sync::broadcast::error::RecvError;

use crate::engine::Posthouse;
use crate::error::{Error, Missing, Result};
use crate::feed::Change;
use crate::ids::DeliveryId;
use crate::model::delivery::{Delivery, State};
use crate::model::email::{Accepted, Submission};
use crate::model::key::Caller;

/// What becomes of an email that was put off while its sender waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnTemporary {
    /// It stays in the queue.
    Queue,
    /// It is taken back.
    Fail,
}

/// An email, and what its first try came to.
#[derive(Clone, Debug)]
pub struct SentNow {
    /// The email.
    pub accepted: Accepted,
    /// What was heard.
    pub spoken: Spoken,
}

/// What was heard of an email while its sender waited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spoken {
    /// Every recipient's copy was taken.
    Sent,
    /// It is in the queue, and nothing is lost.
    Queued,
    /// It was refused or given up, with these words.
    Refused(String),
}

impl Posthouse {
    /// Sends an email and waits up to `patience` for its first try. Needs the background work
    /// to run in this process.
    ///
    /// # Errors
    /// As `send`.
    pub async fn send_now(
        &self,
        caller: &Caller,
        submission: Submission,
        patience: Duration,
        on_temporary: OnTemporary,
    ) -> Result<SentNow> {
        let mut changes = self.feed().subscribe();
        let accepted = self.send(caller, submission).await?;
        let end = tokio::time::Instant::now() + patience;
        loop {
            let standing = self.standing_of(&accepted).await?;
            if let Some(spoken) = heard(&standing) {
                return self.told(accepted, spoken, on_temporary).await;
            }
            if tokio::time::timeout_at(end, change_of(&mut changes, &standing))
                .await
                .is_err()
            {
                return self.told(accepted, Spoken::Queued, on_temporary).await;
            }
        }
    }

    async fn standing_of(&self, accepted: &Accepted) -> Result<Vec<Delivery>> {
        let id = accepted.id;
        self.store.look(move |read| read.deliveries_of(id)).await
    }

    async fn told(
        &self,
        accepted: Accepted,
        spoken: Spoken,
        on_temporary: OnTemporary,
    ) -> Result<SentNow> {
        let spoken = match (spoken, on_temporary) {
            (Spoken::Queued, OnTemporary::Fail) => self.take_back(&accepted).await?,
            (spoken, _) => spoken,
        };
        Ok(SentNow { accepted, spoken })
    }

    /// Cancels what waits of an email. What is under way at this moment cannot be: then it
    /// stays queued.
    async fn take_back(&self, accepted: &Accepted) -> Result<Spoken> {
        let (id, now) = (accepted.id, self.now());
        self.store
            .write(move |write| {
                let (of, _) = write.owner_of(id)?.ok_or(Error::Missing(Missing::Email))?;
                let email = write.email(of, id)?.ok_or(Error::Missing(Missing::Email))?;
                let deliveries = write.deliveries_of(id)?;
                let waits = |one: &&Delivery| matches!(one.state, State::Queued | State::Deferred);
                if deliveries.iter().any(|one| one.state == State::Sending) {
                    return Ok(Spoken::Queued);
                }
                let mut words = None;
                for delivery in deliveries.iter().filter(waits) {
                    words = words.or_else(|| delivery.last_answer.clone());
                    crate::ops::scheduled::cancel_one(write, &email, delivery.id, now)?;
                }
                Ok(Spoken::Refused(words.unwrap_or_else(|| {
                    String::from("it could not be sent in time")
                })))
            })
            .await
    }
}

/// What the recipients' states tell, once each was tried.
fn heard(deliveries: &[Delivery]) -> Option<Spoken> {
    let mut queued = false;
    let mut refused = None;
    for delivery in deliveries {
        match delivery.state {
            State::Queued | State::Sending => return None,
            State::Deferred | State::Held => queued = true,
            State::Delivered | State::Complained | State::Suppressed => {}
            State::Bounced | State::Burned | State::Canceled => {
                let words = delivery.last_answer.clone().unwrap_or_default();
                refused = refused.or(Some(words));
            }
        }
    }
    Some(match (refused, queued) {
        (Some(words), _) => Spoken::Refused(words),
        (None, true) => Spoken::Queued,
        (None, false) => Spoken::Sent,
    })
}

/// Returns when one of these deliveries may have changed.
async fn change_of(
    changes: &mut tokio::sync::broadcast::Receiver<Change>,
    deliveries: &[Delivery],
) {
    let ours = |id: DeliveryId| deliveries.iter().any(|delivery| delivery.id == id);
    loop {
        match changes.recv().await {
            Ok(Change::Delivery(id)) if ours(id) => return,
            Ok(_) => {}
            // Whatever was missed may have been it.
            Err(RecvError::Lagged(_)) => return,
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}
