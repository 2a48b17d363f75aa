//! Answers what sessions ask, from the engine.

use std::net::SocketAddr;
use std::sync::Arc;

use posthouse::Posthouse;
use posthouse::error::{Denied, Error, internal};
use posthouse::model::address::Address;
use posthouse::model::key::{Caller, Scope};
use posthouse::model::owner::Owner;
use posthouse::ops::receive::{Arrival, Takes};
use tokio::sync::watch;

use super::command::is_routed;
use super::driver::Ask;
use super::limits::SMALL_BODY_BYTES;
use super::manner::Role;
use super::refuse;
use super::reply::Reply;
use super::step::{Answer, Question, Taking};
use super::submission::submission;
use super::words;
use crate::dialects::KEY_SHAPES;
use crate::http::answer::uncut;
use crate::net::gate::{Gate, WRONG_CREDENTIALS_WAIT};
use crate::net::stream::pause;

/// The engine's side of one connection.
pub(super) struct Clerk {
    pub(super) engine: Posthouse,
    pub(super) gate: Arc<Gate>,
    pub(super) role: Role,
    pub(super) remote: SocketAddr,
    pub(super) local: SocketAddr,
    pub(super) stop: watch::Receiver<bool>,
    /// Who it is, once they have shown it.
    pub(super) known: Option<Known>,
}

/// Who has shown a credential.
pub(super) enum Known {
    /// Whoever has a key.
    Key(Shown),
    /// A person, with the password of their mailbox.
    Person(Owner),
}

/// A key that was shown, and whose it was when it was last looked at.
pub(super) struct Shown {
    shape: &'static str,
    token: String,
    caller: Caller,
}

impl Ask for Clerk {
    async fn ask(&mut self, question: Question) -> Answer {
        let answer = match question {
            Question::Credential { user, password } => self.credential(&user, password).await,
            Question::Begin => self.begin().await,
            Question::Recipient { to, size_bytes } => self.recipient(&to, size_bytes).await,
            Question::Take(taking) => self.take(*taking).await,
        };
        answer.unwrap_or_else(Answer::No)
    }

    fn refused(&mut self) {
        self.gate.was_refused(self.remote.ip(), self.engine.now());
    }
}

impl Clerk {
    /// A key says by itself whose it is; what it comes with as a user is not looked at unless
    /// it is no key.
    async fn credential(&mut self, user: &str, token: String) -> Result<Answer, Reply> {
        let address = self.remote.ip();
        if !self.gate.hears(address, self.engine.now()) {
            return Err(words::too_many_wrong_credentials());
        }
        for shape in KEY_SHAPES.iter().copied() {
            match self.engine.authenticate(shape, &token).await {
                Ok(caller) if self.may_come(&caller) => {
                    self.known = Some(Known::Key(Shown {
                        shape,
                        token,
                        caller,
                    }));
                    return Ok(Answer::Yes);
                }
                Ok(_) | Err(Error::Unknown(_)) => {}
                Err(error) => return Err(refuse::credential(error)),
            }
        }
        if self.role == Role::Submission {
            match self.engine.sign_in(user, &token, address).await {
                Ok(owner) => {
                    self.known = Some(Known::Person(owner));
                    return Ok(Answer::Yes);
                }
                Err(Error::Unknown(_)) => {}
                Err(error) => return Err(refuse::credential(error)),
            }
        }
        tracing::info!(remote = %self.remote, "a credential was wrong");
        self.gate.was_wrong(address, self.engine.now());
        pause(WRONG_CREDENTIALS_WAIT, &mut self.stop).await;
        Err(words::wrong_credential())
    }

    fn may_come(&self, caller: &Caller) -> bool {
        match self.role {
            Role::Inbound => false,
            Role::Submission | Role::Capture => caller.needs(Scope::Send).is_ok(),
        }
    }

    /// A key may have been revoked since it was shown.
    async fn begin(&mut self) -> Result<Answer, Reply> {
        if let Some(Known::Key(key)) = &mut self.known {
            let known = self.engine.authenticate(key.shape, &key.token).await;
            key.caller = known.map_err(refuse::credential)?;
        }
        if self.gate.begins(self.remote.ip(), self.engine.now()) {
            Ok(Answer::Yes)
        } else {
            Err(words::too_fast())
        }
    }

    async fn recipient(&self, to: &str, size_bytes: Option<u64>) -> Result<Answer, Reply> {
        match self.role {
            Role::Inbound if is_routed(to) => Err(words::not_ours()),
            Role::Inbound => match self.engine.takes_so_much(to, size_bytes.unwrap_or(1)).await {
                Ok(Takes::Yes) => Ok(Answer::Yes),
                Ok(Takes::NotHere) => Err(words::not_ours()),
                Ok(Takes::NoMailbox) => Err(words::no_mailbox()),
                Ok(Takes::Full) => Err(words::mailbox_full()),
                Err(error) => Err(refuse::plainly(error)),
            },
            Role::Capture if !to.contains('@') => Ok(Answer::Yes),
            Role::Submission | Role::Capture => match Address::parse(&self.whole(to)) {
                Ok(_) => Ok(Answer::Yes),
                Err(_) => Err(words::no_address()),
            },
        }
    }

    /// A recipient with its domain: only the postmaster's may be left out, and is ours
    /// (RFC 5321 section 4.5.1). What comes in has the engine find that one.
    fn whole(&self, to: &str) -> String {
        if to.contains('@') {
            to.to_owned()
        } else {
            format!("{to}@{}", self.engine.settings().host)
        }
    }

    async fn take(&self, taking: Taking) -> Result<Answer, Reply> {
        let (remote, bytes) = (self.remote, taking.raw.len());
        let recipients = taking.recipients.len();
        let taken = match self.role {
            Role::Inbound => self.receive(taking).await,
            Role::Submission => self.send(taking).await,
            Role::Capture => self.keep(taking).await,
        };
        match &taken {
            Ok(id) => tracing::info!(%remote, bytes, recipients, id, "took a message"),
            Err(reply) => {
                let why = &reply.lines[0];
                tracing::info!(%remote, bytes, recipients, code = reply.code, %why, "refused a message");
            }
        }
        taken.map(Answer::Taken)
    }

    async fn receive(&self, taking: Taking) -> Result<String, Reply> {
        let (engine, arrival) = (self.engine.clone(), self.arrival(taking));
        let taken = uncut(async move { engine.receive(arrival).await }).await;
        taken.map(|taken| taken.id).map_err(refuse::plainly)
    }

    async fn keep(&self, taking: Taking) -> Result<String, Reply> {
        let Some(Known::Key(Shown { caller, .. })) = &self.known else {
            return Err(words::key_needed());
        };
        let caller = caller.clone();
        let (engine, arrival) = (self.engine.clone(), self.arrival(taking));
        let taken = uncut(async move { engine.keep(&caller, arrival).await }).await;
        taken.map(|taken| taken.id).map_err(refuse::plainly)
    }

    fn arrival(&self, taking: Taking) -> Arrival {
        let Taking {
            helo,
            tls,
            from,
            recipients,
            raw,
        } = taking;
        Arrival {
            remote: self.remote,
            local: self.local,
            helo,
            tls,
            from,
            recipients,
            raw,
        }
    }

    /// One call of the engine, as the APIs make it.
    async fn send(&self, mut taking: Taking) -> Result<String, Reply> {
        for to in &mut taking.recipients {
            *to = self.whole(to);
        }
        let (shape, caller) = match &self.known {
            Some(Known::Key(Shown { shape, caller, .. })) => (*shape, caller.clone()),
            Some(Known::Person(owner)) => return self.post(owner.clone(), taking).await,
            None => return Err(words::key_needed()),
        };
        let large = taking.raw.len() > SMALL_BODY_BYTES;
        let bound = caller.key().and_then(|key| key.domain);
        let make = move || submission(&taking, shape, bound);
        let made = if large {
            let made = tokio::task::spawn_blocking(make).await;
            made.map_err(|error| refuse::refuse(shape, internal(error)))?
        } else {
            make()
        };
        let engine = self.engine.clone();
        let accepted = uncut(async move { engine.send(&caller, made).await }).await;
        let accepted = accepted.map_err(|error| refuse::refuse(shape, error))?;
        Ok(accepted.id.0.to_string())
    }

    async fn post(&self, owner: Owner, taking: Taking) -> Result<String, Reply> {
        let engine = self.engine.clone();
        let Taking {
            raw, recipients, ..
        } = taking;
        let own = words::not_from_you(owner.address());
        let posted = uncut(async move { engine.post(&owner, raw, &recipients).await }).await;
        match posted {
            Ok(accepted) => Ok(accepted.id.0.to_string()),
            Err(Error::Denied(Denied::Owner)) => Err(own),
            Err(error) => Err(refuse::plainly(error)),
        }
    }
}
