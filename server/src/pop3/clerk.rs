//! Answers what sessions ask, from the engine.

use std::net::SocketAddr;
use std::sync::Arc;

use posthouse::Posthouse;
use posthouse::error::{Busy, Denied, Error, Result};
use posthouse::model::key::Scope;
use posthouse::ops::maildrop::Maildrop;
use tokio::sync::watch;

use super::step::Answer;
use crate::dialects::KEY_SHAPES;
use crate::http::answer::uncut;
use crate::net::gate::{Gate, WRONG_CREDENTIALS_WAIT};
use crate::net::stream::pause;

/// The engine's side of one connection.
pub(super) struct Clerk {
    pub(super) engine: Posthouse,
    pub(super) gate: Arc<Gate>,
    pub(super) remote: SocketAddr,
    pub(super) stop: watch::Receiver<bool>,
    /// What was opened.
    pub(super) maildrop: Option<Maildrop>,
}

impl Clerk {
    /// Opens a maildrop: a person's with its password, an address with a key that may read it.
    pub(super) async fn open(&mut self, user: &str, password: &str) -> Answer {
        let address = self.remote.ip();
        if !self.gate.hears(address, self.engine.now()) {
            let words = "[AUTH] Too many wrong credentials from your address, try later";
            return Answer::Wrong(words.to_owned());
        }
        match self.found(user, password).await {
            Ok(maildrop) => {
                let told = |(id, size): &(posthouse::ids::MessageId, u64)| (id.to_string(), *size);
                let messages = maildrop.messages.iter().map(told).collect();
                self.maildrop = Some(maildrop);
                Answer::Open(messages)
            }
            Err(Error::Unknown(_) | Error::Denied(Denied::Scope | Denied::Owner)) => {
                tracing::info!(remote = %self.remote, "a credential was wrong");
                self.gate.was_wrong(address, self.engine.now());
                pause(WRONG_CREDENTIALS_WAIT, &mut self.stop).await;
                Answer::Wrong(String::from("[AUTH] User or password is wrong"))
            }
            Err(Error::Denied(_)) => Answer::Wrong(String::from(
                "[AUTH] The mailbox is suspended; ask who runs it",
            )),
            Err(Error::Busy(Busy::Rate { .. })) => {
                let words = "[AUTH] Too many wrong passwords for this mailbox, try later";
                Answer::Wrong(words.to_owned())
            }
            Err(error) => Answer::No(words(&error)),
        }
    }

    async fn found(&self, user: &str, password: &str) -> Result<Maildrop> {
        for shape in KEY_SHAPES.iter().copied() {
            match self.engine.authenticate(shape, password).await {
                Ok(caller) if caller.needs(Scope::Mail).is_ok() => {
                    return self.engine.maildrop(&caller, user).await;
                }
                Ok(_) | Err(Error::Unknown(_)) => {}
                Err(error) => return Err(error),
            }
        }
        let owner = self
            .engine
            .sign_in(user, password, self.remote.ip())
            .await?;
        self.engine.own_maildrop(&owner).await
    }

    /// The message of a place.
    pub(super) async fn message(&self, place: usize) -> std::result::Result<Vec<u8>, Answer> {
        let gone = || Answer::No(String::from("This message was removed meanwhile"));
        let maildrop = self.maildrop.as_ref().ok_or_else(gone)?;
        let (id, _) = *maildrop.messages.get(place).ok_or_else(gone)?;
        match self.engine.dropped(maildrop, id).await {
            Ok(Some(raw)) => Ok(raw),
            Ok(None) => Err(gone()),
            Err(error) => Err(Answer::No(words(&error))),
        }
    }

    /// Removes the messages of these places.
    pub(super) async fn remove(&self, places: &[usize]) -> Answer {
        let Some(maildrop) = self.maildrop.clone() else {
            return Answer::Yes;
        };
        let one = |place: &usize| maildrop.messages.get(*place).map(|(id, _)| *id);
        let ids = places.iter().filter_map(one).collect();
        let engine = self.engine.clone();
        match uncut(async move { engine.remove_dropped(&maildrop, ids).await }).await {
            Ok(()) => Answer::Yes,
            Err(error) => Answer::No(format!("Some messages stay: {}", words(&error))),
        }
    }
}

/// What the engine's refusals are in POP3 (RFC 3206).
fn words(error: &Error) -> String {
    match error {
        Error::Busy(_) => String::from("[SYS/TEMP] Not now, try later"),
        Error::Internal(cause) => {
            tracing::error!(cause, "a maildrop could not be read");
            String::from("[SYS/TEMP] A fault of ours, try later")
        }
        Error::Conflict(_)
        | Error::Denied(_)
        | Error::Invalid(_)
        | Error::Missing(_)
        | Error::TooLarge(_)
        | Error::Unknown(_) => format!("[SYS/PERM] {error}"),
    }
}
