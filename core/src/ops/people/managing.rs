//! People: what they may do, and who is no more. An organization always keeps an owner.

use crate::engine::Posthouse;
use crate::error::{Conflict, Error, Missing, Result};
use crate::ids::{OrganizationId, UserId};
use crate::limits::USERS;
use crate::model::key::Caller;
use crate::model::organization::{Role, User};
use crate::store::{Read, Write};

impl Posthouse {
    /// One person of the caller's organization, by name or number.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::User`.
    pub async fn user(&self, caller: &Caller, named: &str) -> Result<User> {
        let id = named.parse().ok().map(UserId);
        let all = self.users(caller).await?;
        all.into_iter()
            .find(|user| user.name == named || Some(user.id) == id)
            .ok_or(Error::Missing(Missing::User))
    }

    /// Lets a person do more or less, at once.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::User`; `Conflict::State` where nobody else is an owner.
    pub async fn set_user_role(&self, caller: &Caller, id: UserId, role: Role) -> Result<User> {
        caller.needs_operator()?;
        let of = caller.organization();
        self.store
            .write(move |write| {
                let user = found(write, of, id)?;
                if role != Role::Owner {
                    keeps_owner(write, &user)?;
                }
                write.set_user_role(id, role)?;
                found(write, of, id)
            })
            .await
    }

    /// Removes a person: whoever is signed in as them is no more, their keys are revoked, and
    /// their name is free.
    ///
    /// # Errors
    /// As `set_user_role`.
    pub async fn remove_user(&self, caller: &Caller, id: UserId) -> Result<()> {
        caller.needs_operator()?;
        let of = caller.organization();
        let now = self.now();
        self.store
            .write(move |write: &Write<'_>| {
                let user = found(write, of, id)?;
                keeps_owner(write, &user)?;
                write.remove_user(id, now)
            })
            .await
    }
}

fn found(read: &Read<'_>, of: OrganizationId, id: UserId) -> Result<User> {
    read.user(of, id)?.ok_or(Error::Missing(Missing::User))
}

/// Refuses where an organization would be left without an owner.
fn keeps_owner(read: &Read<'_>, leaving: &User) -> Result<()> {
    let mut all = read.users(leaving.organization, USERS)?.into_iter();
    let another = all.any(|user| user.id != leaving.id && user.role == Role::Owner);
    if leaving.role != Role::Owner || another {
        return Ok(());
    }
    Err(Error::Conflict(Conflict::State))
}
