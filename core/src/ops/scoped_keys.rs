//! Keys that callers make for themselves: with scopes of their own, an expiry, and a name
//! that is theirs alone. Revoked ones stay in the list.

use uuid::Uuid;

use super::keys::{Keeping, NewKey, has_way_out};
use crate::clock::Timestamp;
use crate::engine::Posthouse;
use crate::error::{Conflict, Denied, Error, Field, Missing, Reason, Result, internal};
use crate::ids::Entropy;
use crate::limits::SCOPED_NAME_CHARACTERS;
use crate::model::key::{Caller, Key, Mode, Scope};

/// Tokens made at once, so that one with a prefix that is taken has others behind it.
const CANDIDATES: usize = 4;

/// A token, and what tells it from others.
#[derive(Clone, Debug)]
pub struct Token {
    /// The whole.
    pub whole: String,
    /// The part that may be shown.
    pub prefix: String,
}

/// A key that a caller asks for.
#[derive(Clone, Debug)]
pub struct NewScopedKey {
    /// The form of its token.
    pub shape: &'static str,
    /// The shapes that share a list, and names in it.
    pub shapes: &'static [&'static str],
    /// Makes a token of that form.
    pub token: fn(&dyn Entropy) -> Token,
    /// A person's name for it.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// What it may cause; a caller with a key gives it that key's mode, or less.
    pub mode: Option<Mode>,
    /// From when it is refused.
    pub expires_at: Option<Timestamp>,
}

impl Posthouse {
    /// Makes a key; the token is not kept and not shown again.
    ///
    /// # Errors
    /// `Denied::Scope`, also for a scope that the caller has not; `Invalid` name, scopes or
    /// expiry; `Conflict::Taken` name; `Conflict::NoRoute`.
    pub async fn create_scoped_key(
        &self,
        caller: &Caller,
        new: NewScopedKey,
    ) -> Result<(Key, String)> {
        caller.needs(Scope::Keys)?;
        let now = self.now();
        checked(caller, &new, now)?;
        let of = caller.organization();
        let mode = allowed_mode(caller, new.mode).unwrap_or(self.settings().default_mode);
        let candidates = (0..CANDIDATES)
            .map(|_| {
                let token = (new.token)(self.entropy());
                let row = self.key_row(
                    of,
                    NewKey {
                        shape: new.shape,
                        token: token.whole.clone(),
                        prefix: Some(token.prefix),
                        keeping: Keeping::HashOnly,
                        name: Some(new.name.clone()),
                        domain: None,
                        scopes: new.scopes.clone(),
                        mode: Some(mode),
                        expires_at: new.expires_at,
                    },
                )?;
                Ok((row, token.whole))
            })
            .collect::<Result<Vec<_>>>()?;
        let shapes = new.shapes;
        self.store
            .write(move |write| {
                let name = candidates[0].0.name.as_deref().unwrap_or_default();
                if write.key_named(of, shapes, name)? {
                    return Err(Error::Conflict(Conflict::Taken));
                }
                for (row, token) in candidates {
                    if write.key_prefix_taken(shapes, &row.prefix)? {
                        continue;
                    }
                    has_way_out(write, of, row.mode, &row.scopes)?;
                    let id = write.add_key(&row, now)?;
                    let key = write.key(of, id)?.ok_or(Error::Missing(Missing::Key))?;
                    return Ok((key, token));
                }
                Err(internal("every prefix that was drawn is taken"))
            })
            .await
    }

    /// The caller's keys of these shapes, revoked ones too, by id.
    ///
    /// # Errors
    /// `Denied::Scope`.
    pub async fn scoped_keys(
        &self,
        caller: &Caller,
        shapes: &'static [&'static str],
    ) -> Result<Vec<Key>> {
        caller.needs(Scope::KeysRead)?;
        let of = caller.organization();
        self.store
            .read(move |read| read.keys_ever(of, shapes))
            .await
    }

    /// Revokes a key, for good; one that is revoked stays so.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Key`.
    pub async fn revoke_scoped_key(
        &self,
        caller: &Caller,
        shapes: &'static [&'static str],
        uuid: Uuid,
    ) -> Result<()> {
        caller.needs(Scope::Keys)?;
        let of = caller.organization();
        let now = self.now();
        self.store
            .write(move |write| {
                let key = write
                    .key_by_uuid(of, uuid)?
                    .filter(|key| shapes.contains(&key.shape.as_str()))
                    .ok_or(Error::Missing(Missing::Key))?;
                write.revoke_key(key.id, now)
            })
            .await
    }
}

fn checked(caller: &Caller, new: &NewScopedKey, now: Timestamp) -> Result<()> {
    let mut problems = Vec::new();
    if new.name.trim().is_empty() {
        problems.push(Field::Name.problem(Reason::Absent));
    } else if new.name.chars().count() > SCOPED_NAME_CHARACTERS {
        problems.push(Field::Name.problem(Reason::TooLong));
    }
    if new.scopes.is_empty() {
        problems.push(Field::Scopes.problem(Reason::Absent));
    }
    if new.expires_at.is_some_and(|at| at <= now) {
        problems.push(Field::ExpiresAt.problem(Reason::OutOfRange));
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    // Nobody gives away what they have not.
    if new.scopes.iter().all(|scope| caller.needs(*scope).is_ok()) {
        Ok(())
    } else {
        Err(Error::Denied(Denied::Scope))
    }
}

/// A key passes on its own mode; a mode that keeps all mail here can be had by everybody.
fn allowed_mode(caller: &Caller, asked: Option<Mode>) -> Option<Mode> {
    match (caller.key(), asked) {
        (_, Some(Mode::Capture)) => Some(Mode::Capture),
        (Some(key), _) => Some(key.mode),
        (None, asked) => asked,
    }
}
