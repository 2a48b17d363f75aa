//! One command on its way: who calls, from where, and what their browser keeps.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use posthouse::error::{Denied, Error, Unknown};
use posthouse::model::key::Caller;
use posthouse::model::organization::Role;
use posthouse::model::session::Session;
use posthouse::{Posthouse, Result};

use super::place::Place;
use super::preview::Previews;

/// Who calls.
#[derive(Clone)]
pub enum Visitor {
    /// Nobody that is known.
    Nobody,
    /// A person who is signed in, and the token of their session.
    Person(Box<Session>, String),
    /// Whoever has the database and its master key at hand: the desktop.
    Machine(Box<Caller>),
}

/// What a browser is to keep after an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keeps {
    /// The token of a session.
    Token(String),
    /// Nothing: the session is over.
    Nothing,
}

/// What a command came to.
#[derive(Debug)]
pub struct Answered {
    /// What goes out.
    pub json: serde_json::Value,
    /// What the browser is to keep; None leaves it.
    pub keeps: Option<Keeps>,
}

/// A command on its way.
#[derive(Clone)]
pub struct Call {
    /// What to do it by: its first write has the audit row in it.
    pub(super) engine: Posthouse,
    pub(super) visitor: Visitor,
    /// From where.
    pub(super) remote: IpAddr,
    pub(super) place: Arc<Place>,
    pub(super) previews: Arc<Previews>,
    pub(super) keeps: Arc<Mutex<Option<Keeps>>>,
}

impl Call {
    pub(super) fn new(
        engine: Posthouse,
        visitor: Visitor,
        remote: IpAddr,
        place: Arc<Place>,
        previews: Arc<Previews>,
    ) -> Self {
        Self {
            engine,
            visitor,
            remote,
            place,
            previews,
            keeps: Arc::default(),
        }
    }

    /// Whoever calls, where they may do what needs `least`.
    ///
    /// # Errors
    /// `Unknown::Absent` for nobody, `Denied::Scope` for a lesser role.
    pub(super) fn caller(&self, least: Role) -> Result<&Caller> {
        match &self.visitor {
            Visitor::Nobody => Err(Error::Unknown(Unknown::Absent)),
            Visitor::Person(session, _) => session.caller(least),
            Visitor::Machine(caller) => Ok(caller),
        }
    }

    /// Whoever is signed in.
    ///
    /// # Errors
    /// `Unknown::Absent` for nobody, `Denied::Scope` for a machine: it has no password.
    pub(super) fn session(&self) -> Result<&Session> {
        match &self.visitor {
            Visitor::Nobody => Err(Error::Unknown(Unknown::Absent)),
            Visitor::Person(session, _) => Ok(session),
            Visitor::Machine(_) => Err(Error::Denied(Denied::Scope)),
        }
    }

    /// Has the browser keep something.
    pub(super) fn keep(&self, keeps: Keeps) {
        *self.keeps.lock().unwrap_or_else(PoisonError::into_inner) = Some(keeps);
    }

    pub(super) fn kept(&self) -> Option<Keeps> {
        self.keeps
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }
}
