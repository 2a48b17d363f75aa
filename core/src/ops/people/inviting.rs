//! Ways in that work once: a link by which somebody chooses their password.

use std::net::IpAddr;

use super::{new_token, note, signed_in};
use crate::clock::Timestamp;
use crate::engine::Posthouse;
use crate::error::{Busy, Conflict, Error, Field, Missing, Reason, Result};
use crate::ids::{OrganizationId, UserId, random};
use crate::limits::INVITATION_AGE;
use crate::model::domain::Switch;
use crate::model::key::Caller;
use crate::model::organization::{Role, User};
use crate::model::session::Session;
use crate::ops::callers::token_hash;
use crate::ops::organizations::checked_name;
use crate::password::{Password, Wrong};
use crate::store::{InvitationRow, Write};

/// A way in, to be told to whom it is for, and to nobody else.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// For whom; None: for whoever becomes the first owner.
    pub user: Option<User>,
    /// What to show.
    pub token: String,
    /// Until when.
    pub expires_at: Timestamp,
}

/// What a way in leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invited {
    /// Who they are called; None: they choose.
    pub name: Option<String>,
    /// What they may do.
    pub role: Role,
    /// Whose console it is.
    pub organization: String,
}

impl Posthouse {
    /// A way in for the first owner, in the place of any before it; None where somebody has a
    /// password already, or there is no organization.
    ///
    /// # Errors
    /// As the store says.
    pub async fn invite_first_owner(&self) -> Result<Option<Invitation>> {
        let (token, hash) = new_token(self);
        let now = self.now();
        let expires_at = now.plus(INVITATION_AGE);
        let made = self
            .store
            .write(move |write| {
                if write.anybody_has_password()? {
                    return Ok(false);
                }
                let first = write.organizations(OrganizationId(0), 1)?;
                let Some(organization) = first.first() else {
                    return Ok(false);
                };
                write.invite(organization.id, None, &hash, (now, expires_at))?;
                Ok(true)
            })
            .await?;
        Ok(made.then_some(Invitation {
            user: None,
            token,
            expires_at,
        }))
    }

    /// Makes a person, and a way in for them.
    ///
    /// # Errors
    /// `Denied::Scope`, `Conflict::Taken`, `Invalid` name.
    pub async fn invite_user(&self, caller: &Caller, name: &str, role: Role) -> Result<Invitation> {
        caller.needs_operator()?;
        let name = checked_name(name)?;
        self.invited(caller.organization(), move |write, of, now| {
            write
                .add_user(of, &name, role, now)?
                .ok_or(Error::Conflict(Conflict::Taken))
        })
        .await
    }

    /// A way in for a person who is there already; their password holds until it is taken.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::User`.
    pub async fn invite_again(&self, caller: &Caller, id: UserId) -> Result<Invitation> {
        caller.needs_operator()?;
        self.invited(caller.organization(), move |_, _, _| Ok(id))
            .await
    }

    async fn invited(
        &self,
        of: OrganizationId,
        whom: impl FnOnce(&Write<'_>, OrganizationId, Timestamp) -> Result<UserId> + Send + 'static,
    ) -> Result<Invitation> {
        let (token, hash) = new_token(self);
        let now = self.now();
        let expires_at = now.plus(INVITATION_AGE);
        let user = self
            .store
            .write(move |write| {
                let id = whom(write, of, now)?;
                let user = write.user(of, id)?.ok_or(Error::Missing(Missing::User))?;
                write.invite(of, Some(id), &hash, (now, expires_at))?;
                Ok(user)
            })
            .await?;
        Ok(Invitation {
            user: Some(user),
            token,
            expires_at,
        })
    }

    /// What a way in leads to. Wrong ones are counted as wrong passwords are.
    ///
    /// # Errors
    /// `Missing::User` where it was taken or its time is over; `Busy::Rate`.
    pub async fn invitation(&self, token: &str, remote: IpAddr) -> Result<Invited> {
        let found = self.open_invitation(token, remote).await?;
        let of = found.organization;
        let organization = self.store.look(move |read| read.organization(of)).await?;
        let organization = organization.ok_or(Error::Missing(Missing::Organization))?;
        Ok(Invited {
            role: found.user.as_ref().map_or(Role::Owner, |user| user.role),
            name: found.user.map(|user| user.name),
            organization: organization.name,
        })
    }

    async fn open_invitation(&self, token: &str, remote: IpAddr) -> Result<InvitationRow> {
        let now = self.now();
        let from = Wrong::from(remote);
        let limited = |wait_ms| Error::Busy(Busy::Rate { wait_ms });
        self.passwords.may_be(from, now).map_err(limited)?;
        let hash = token_hash(token);
        let found = self.store.look(move |read| read.invitation(&hash)).await?;
        found.filter(|row| row.expires_at > now).ok_or_else(|| {
            self.passwords.was(from, now);
            Error::Missing(Missing::User)
        })
    }

    /// Takes a way in: the person has this password from now on, and is signed in. Where the
    /// way is the first owner's, they are called `name`. Whoever was signed in as them is no
    /// more.
    ///
    /// # Errors
    /// `Missing::User`, `Busy::Rate`, `Invalid` name or password; `Conflict::Taken`
    /// where another has the name.
    pub async fn accept_invitation(
        &self,
        token: &str,
        name: Option<&str>,
        password: &str,
        remote: IpAddr,
    ) -> Result<(Session, String)> {
        let found = self.open_invitation(token, remote).await?;
        let name = match (&found.user, name) {
            (Some(_), _) => None,
            (None, Some(name)) => Some(checked_name(name)?),
            (None, None) => return Err(Field::Name.error(Reason::Absent)),
        };
        let salt = random(self.entropy());
        let hash = self
            .passwords
            .hash(Password::parse(password)?, salt)
            .await?;
        let way = token_hash(token);
        let (token, session) = new_token(self);
        let now = self.now();
        let engine = self.clone();
        let remote = Some(remote.to_string());
        let session = self
            .store
            .write(move |write| {
                let row = write.invitation(&way)?;
                let row = row.filter(|row| row.expires_at > now);
                let row = row.ok_or(Error::Missing(Missing::User))?;
                write.take_invitation(&way)?;
                let user = match row.user {
                    Some(user) => user,
                    None => first_owner(write, row.organization, name.as_deref(), now)?,
                };
                write.set_user_password(user.id, &hash)?;
                write.add_session(user.id, &session, now)?;
                write.add_audit(&note(&engine, &user, "session.welcome", remote))?;
                let row = write.session(&session)?;
                signed_in(write, row.ok_or(Error::Missing(Missing::User))?)
            })
            .await?;
        Ok((session, token))
    }
}

/// The owner who begins with this name: made, unless there is one without a password.
fn first_owner(
    write: &Write<'_>,
    of: OrganizationId,
    name: Option<&str>,
    now: Timestamp,
) -> Result<User> {
    if write.anybody_has_password()? {
        return Err(Error::Missing(Missing::User));
    }
    let name = name.unwrap_or_default();
    let taken = || Error::Conflict(Conflict::Taken);
    let user = match write.user_named(name)? {
        Some((user, _)) if user.organization != of || user.password == Switch::On => {
            return Err(taken());
        }
        Some((user, _)) => {
            write.set_user_role(user.id, Role::Owner)?;
            user.id
        }
        None => write
            .add_user(of, name, Role::Owner, now)?
            .ok_or_else(taken)?,
    };
    write.user(of, user)?.ok_or(Error::Missing(Missing::User))
}
