//! Keys that stand for a person of an organization.

use super::keys::{NewKey, has_way_out};
use crate::clock::Timestamp;
use crate::engine::Posthouse;
use crate::error::{Conflict, Error, Field, Missing, Reason, Result};
use crate::ids::{OrganizationId, UserId};
use crate::limits::LIST_ROWS;
use crate::model::key::{Caller, Key};
use crate::model::organization::Role;
use crate::store::Write;

impl Posthouse {
    /// Makes a key of this person; of the organization's first one, when nobody is named, who
    /// is made where there is nobody yet: an owner with the organization's name.
    ///
    /// # Errors
    /// `Denied::Scope`; `Missing::User`; `Conflict::Taken` when somebody elsewhere has the
    /// organization's name; otherwise as `create_key`.
    pub async fn create_user_key(
        &self,
        caller: &Caller,
        new: NewKey,
        user: Option<&str>,
    ) -> Result<Key> {
        caller.needs_operator()?;
        let now = self.now();
        if new.expires_at.is_some_and(|end| end <= now) {
            return Err(Field::ExpiresAt.error(Reason::OutOfRange));
        }
        let of = caller.organization();
        let mut row = self.key_row(of, new)?;
        let name = user.map(str::to_owned);
        self.store
            .write(move |write| {
                row.user = Some(match name {
                    Some(name) => named(write, of, &name)?,
                    None => first(write, of, now)?,
                });
                has_way_out(write, of, row.mode, &row.scopes)?;
                let id = write.add_key(&row, now)?;
                write.key(of, id)?.ok_or(Error::Missing(Missing::Key))
            })
            .await
    }
}

fn named(write: &Write<'_>, of: OrganizationId, name: &str) -> Result<UserId> {
    let users = write.users(of, LIST_ROWS)?;
    let found = users.into_iter().find(|user| user.name == name);
    found
        .map(|user| user.id)
        .ok_or(Error::Missing(Missing::User))
}

/// The first person of an organization; made where there is none.
pub(super) fn first(write: &Write<'_>, of: OrganizationId, now: Timestamp) -> Result<UserId> {
    if let Some(user) = write.users(of, 1)?.first() {
        return Ok(user.id);
    }
    let organization = write
        .organization(of)?
        .ok_or(Error::Missing(Missing::Organization))?;
    write
        .add_user(of, &organization.name, Role::Owner, now)?
        .ok_or(Error::Conflict(Conflict::Taken))
}
