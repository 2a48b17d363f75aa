//! The proof that a person is signed in.

use super::key::Caller;
use super::organization::{Role, User};
use crate::error::{Denied, Error, Result};
use crate::ids::SessionId;

/// A person who showed their password and then the token of their session. Only
/// authentication makes one.
#[derive(Clone, Debug)]
pub struct Session {
    pub(crate) id: SessionId,
    pub(crate) user: User,
    pub(crate) caller: Caller,
}

impl Session {
    /// Who.
    #[must_use]
    pub const fn user(&self) -> &User {
        &self.user
    }

    /// What they call the engine as, where their role is `least` or more.
    ///
    /// # Errors
    /// `Denied::Scope`.
    pub fn caller(&self, least: Role) -> Result<&Caller> {
        if self.user.role.covers(least) {
            return Ok(&self.caller);
        }
        Err(Error::Denied(Denied::Scope))
    }
}
