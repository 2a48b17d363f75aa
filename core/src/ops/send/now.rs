//! Sending while the caller waits: the email is accepted as ever, and the answer tells what
//! its first try came to.

use tokio::sync::broadcast::error::RecvError;

use crate::engine::{OnTemporary, Posthouse};
use crate::error::{Error, Missing, Result};
use crate::feed::Change;
use crate::ids::DeliveryId;
use crate::model::delivery::{Delivery, State};
use crate::model::email::{Accepted, Submission};
use crate::model::key::Caller;
use crate::ops::scheduled::cancel_one;

/// An email, and what its first try came to.
#[derive(Clone, Debug)]
pub struct SentNow {
    /// The email.
    pub accepted: Accepted,
    /// What was heard.
    pub spoken: Spoken,
}

/// What was heard of an email while its sender waited. Whoever is told that it was refused
/// will send it again, so that is told only when nobody has it or will have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spoken {
    /// Somebody's copy was taken, and none waits.
    Sent,
    /// It is in the queue, and nothing is lost.
    Queued,
    /// Every copy was refused or taken back, with these words.
    Refused(String),
}

impl Posthouse {
    /// Sends an email and waits for its first try, as the settings say. Needs the background
    /// work to run in this process.
    ///
    /// # Errors
    /// As `send`.
    pub async fn send_now(&self, caller: &Caller, submission: Submission) -> Result<SentNow> {
        let settings = self.settings().send_now;
        // Heard from before the email is there, so that nothing of it is missed.
        let mut changes = self.feed().subscribe();
        let accepted = self.send(caller, submission).await?;
        let end = tokio::time::Instant::now() + settings.patience;
        let spoken = loop {
            let standing = self.standing_of(&accepted).await?;
            if let Some(spoken) = heard(&standing) {
                break spoken;
            }
            let change = change_of(&mut changes, &standing);
            if tokio::time::timeout_at(end, change).await.is_err() {
                break Spoken::Queued;
            }
        };
        let spoken = match (spoken, settings.on_temporary) {
            (Spoken::Queued, OnTemporary::Fail) => self.take_back(&accepted).await?,
            (spoken, OnTemporary::Queue | OnTemporary::Fail) => spoken,
        };
        Ok(SentNow { accepted, spoken })
    }

    async fn standing_of(&self, accepted: &Accepted) -> Result<Vec<Delivery>> {
        let id = accepted.id;
        self.store.look(move |read| read.deliveries_of(id)).await
    }

    /// Cancels what waits of an email, unless somebody has it, may get it at this moment, or
    /// a person is to decide: then it stays as it is.
    async fn take_back(&self, accepted: &Accepted) -> Result<Spoken> {
        let (id, now) = (accepted.id, self.now());
        self.store
            .write(move |write| {
                let (of, _) = write.owner_of(id)?.ok_or(Error::Missing(Missing::Email))?;
                let email = write.email(of, id)?.ok_or(Error::Missing(Missing::Email))?;
                let deliveries = write.deliveries_of(id)?;
                // The try may have ended since the patience did.
                match heard(&deliveries) {
                    Some(Spoken::Queued) | None => {}
                    Some(spoken) => return Ok(spoken),
                }
                if deliveries.iter().any(|one| is_out_of_hand(one.state)) {
                    return Ok(Spoken::Queued);
                }
                let mut words = None;
                for delivery in &deliveries {
                    if matches!(delivery.state, State::Queued | State::Deferred) {
                        words = words.or_else(|| delivery.last_answer.clone());
                        cancel_one(write, &email, delivery.id, now)?;
                    }
                }
                Ok(Spoken::Refused(words.unwrap_or_else(|| {
                    String::from("it could not be sent in time")
                })))
            })
            .await
    }
}

const fn is_out_of_hand(state: State) -> bool {
    match state {
        State::Sending | State::Held | State::Delivered | State::Complained => true,
        State::Queued
        | State::Deferred
        | State::Bounced
        | State::Suppressed
        | State::Burned
        | State::Canceled => false,
    }
}

/// What the recipients' states tell, once each was tried.
fn heard(deliveries: &[Delivery]) -> Option<Spoken> {
    let (mut queued, mut taken, mut words) = (false, false, None);
    for delivery in deliveries {
        match delivery.state {
            State::Queued | State::Sending => return None,
            State::Deferred | State::Held => queued = true,
            State::Delivered | State::Complained => taken = true,
            State::Bounced | State::Suppressed | State::Burned | State::Canceled => {
                words = words.or_else(|| delivery.last_answer.clone());
            }
        }
    }
    Some(match (queued, taken) {
        (true, _) => Spoken::Queued,
        (false, true) => Spoken::Sent,
        (false, false) => Spoken::Refused(words.unwrap_or_default()),
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
