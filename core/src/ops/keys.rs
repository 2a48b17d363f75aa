//! Credentials: made, listed, renamed, given a mode, revoked.

use std::collections::HashMap;

use super::callers::token_hash;
use super::organizations::checked_name;
use crate::clock::Timestamp;
use crate::engine::Posthouse;
use crate::error::{Conflict, Error, Field, Missing, Reason, Result};
use crate::ids::{DomainId, KeyId, OrganizationId, new_uuid};
use crate::model::address::{Address, DomainName};
use crate::model::key::{Caller, Key, Mode, Scope};
use crate::model::organization::Direct;
use crate::store::NewKey as Row;

/// What a readable token is sealed for.
pub(super) const PURPOSE: &str = "key token";
/// The characters of a token that tell keys apart; never enough to guess the rest.
const PREFIX_CHARACTERS: usize = 8;

/// A key to be made. The wire makes the token, in its own form, from full entropy.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// The form of its token.
    pub shape: &'static str,
    /// The token.
    pub token: String,
    /// What tells it from other keys; None is the token's first characters.
    pub prefix: Option<String>,
    /// Whether the contract gives the token back later.
    pub keeping: Keeping,
    /// A person's name for it.
    pub name: Option<String>,
    /// The one domain it is bound to.
    pub domain: Option<DomainId>,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// What it may cause; None is the installation's default.
    pub mode: Option<Mode>,
    /// From when it is refused.
    pub expires_at: Option<Timestamp>,
}

/// Whether a token can be read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeping {
    /// It is kept, sealed.
    Readable,
    /// Only its hash is kept.
    HashOnly,
}

/// What to change of a key; None leaves it.
#[derive(Clone, Debug, Default)]
pub struct KeyChange {
    /// The name; an inner None takes it away.
    pub name: Option<Option<String>>,
    /// The mode.
    pub mode: Option<Mode>,
    /// Requests a minute; an inner None lifts the limit.
    pub rate_per_minute: Option<Option<u32>>,
}

pub(super) fn optional_name(name: Option<String>) -> Result<Option<String>> {
    name.filter(|name| !name.trim().is_empty())
        .map(|name| checked_name(&name))
        .transpose()
}

impl Posthouse {
    /// Makes a key in the caller's organization.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Domain`, `Invalid` name or expiry, `Conflict::NoRoute` for a
    /// live key while nothing may leave.
    pub async fn create_key(&self, caller: &Caller, new: NewKey) -> Result<Key> {
        caller.needs(Scope::Domains)?;
        if new.expires_at.is_some_and(|end| end <= self.now()) {
            return Err(Field::ExpiresAt.error(Reason::OutOfRange));
        }
        let of = caller.organization();
        let row = self.key_row(of, new)?;
        let now = self.now();
        self.store
            .write(move |write| {
                if let Some(domain) = row.domain {
                    write
                        .domain(of, domain)?
                        .ok_or(Error::Missing(Missing::Domain))?;
                }
                has_way_out(write, of, row.mode, &row.scopes)?;
                let id = write.add_key(&row, now)?;
                write.key(of, id)?.ok_or(Error::Missing(Missing::Key))
            })
            .await
    }

    /// What is stored of a key to be made.
    ///
    /// # Errors
    /// `Invalid` name.
    pub(super) fn key_row(&self, of: OrganizationId, new: NewKey) -> Result<Row> {
        let token_sealed = match new.keeping {
            Keeping::HashOnly => None,
            Keeping::Readable => Some(self.vault.seal(
                PURPOSE,
                new.token.as_bytes(),
                self.entropy(),
            )?),
        };
        Ok(Row {
            uuid: new_uuid(self.now(), self.entropy()),
            organization: of,
            user: None,
            domain: new.domain,
            shape: new.shape.to_owned(),
            name: optional_name(new.name)?,
            hash: token_hash(&new.token),
            prefix: new
                .prefix
                .unwrap_or_else(|| new.token.chars().take(PREFIX_CHARACTERS).collect()),
            token_sealed,
            scopes: new.scopes,
            mode: new.mode.unwrap_or(self.settings().default_mode),
            expires_at: new.expires_at,
        })
    }

    /// The keys of the caller's organization that are not revoked: all, or one domain's, of
    /// every shape or of one.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Domain`.
    pub async fn keys(
        &self,
        caller: &Caller,
        domain: Option<DomainId>,
        shape: Option<&'static str>,
    ) -> Result<Vec<Key>> {
        caller.needs(Scope::Domains)?;
        let of = caller.organization();
        self.store
            .read(move |read| {
                if let Some(domain) = domain {
                    read.domain(of, domain)?
                        .ok_or(Error::Missing(Missing::Domain))?;
                }
                read.keys(of, domain, shape)
            })
            .await
    }

    /// One key that is not revoked; `domain` must be its own, when said.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Domain`, `Missing::Key`.
    pub async fn key(&self, caller: &Caller, domain: Option<DomainId>, id: KeyId) -> Result<Key> {
        caller.needs(Scope::Domains)?;
        let of = caller.organization();
        self.store
            .read(move |read| find(read, of, domain, id))
            .await
    }

    /// The tokens of these keys, where they can be read again.
    ///
    /// # Errors
    /// `Denied::Scope`; `Internal` when a token does not open.
    pub async fn key_tokens(
        &self,
        caller: &Caller,
        keys: &[Key],
    ) -> Result<HashMap<KeyId, String>> {
        caller.needs(Scope::Domains)?;
        let of = caller.organization();
        let ids: Vec<KeyId> = keys
            .iter()
            .filter(|key| key.organization == of)
            .map(|key| key.id)
            .collect();
        let sealed = self
            .store
            .read(move |read| {
                ids.into_iter()
                    .filter_map(|id| {
                        read.key_token(id)
                            .map(|token| token.map(|token| (id, token)))
                            .transpose()
                    })
                    .collect::<Result<Vec<_>>>()
            })
            .await?;
        sealed
            .into_iter()
            .map(|(id, token)| {
                let token = self.vault.open(PURPOSE, &token)?;
                Ok((id, String::from_utf8_lossy(&token).into_owned()))
            })
            .collect()
    }

    /// Changes a key. Mail accepted before is subject to the new mode too.
    ///
    /// # Errors
    /// As `key` and `create_key`.
    pub async fn set_key(
        &self,
        caller: &Caller,
        domain: Option<DomainId>,
        id: KeyId,
        change: KeyChange,
    ) -> Result<Key> {
        caller.needs(Scope::Domains)?;
        if change.mode.is_some() || change.rate_per_minute.is_some() {
            caller.needs_operator()?;
        }
        if change.rate_per_minute == Some(Some(0)) {
            return Err(Field::Rate.error(Reason::Malformed));
        }
        let name = change.name.map(optional_name).transpose()?;
        let of = caller.organization();
        self.store
            .write(move |write| {
                let mut key = find(write, of, domain, id)?;
                key.name = name.unwrap_or(key.name);
                key.mode = change.mode.unwrap_or(key.mode);
                key.rate_per_minute = change.rate_per_minute.unwrap_or(key.rate_per_minute);
                if change.mode.is_some() {
                    has_way_out(write, of, key.mode, &key.scopes)?;
                }
                write.set_key(&key)?;
                Ok(key)
            })
            .await
    }

    /// Revokes a key; it is refused from now on.
    ///
    /// # Errors
    /// As `key`.
    pub async fn revoke_key(
        &self,
        caller: &Caller,
        domain: Option<DomainId>,
        id: KeyId,
    ) -> Result<()> {
        caller.needs(Scope::Domains)?;
        let of = caller.organization();
        let now = self.now();
        self.store
            .write(move |write| {
                find(write, of, domain, id)?;
                write.revoke_key(id, now)
            })
            .await
    }

    /// The addresses and domains that an allow-list key's mail may leave for.
    ///
    /// # Errors
    /// As `key`.
    pub async fn key_patterns(&self, caller: &Caller, id: KeyId) -> Result<Vec<String>> {
        caller.needs(Scope::Domains)?;
        let of = caller.organization();
        self.store
            .read(move |read| {
                find(read, of, None, id)?;
                read.key_patterns(id)
            })
            .await
    }

    /// Puts an address or a domain on a key's allow list.
    ///
    /// # Errors
    /// As `key`; `Invalid` pattern.
    pub async fn allow_pattern(&self, caller: &Caller, id: KeyId, pattern: &str) -> Result<()> {
        caller.needs_operator()?;
        let of = caller.organization();
        let pattern = checked_pattern(pattern)?;
        self.store
            .write(move |write| {
                find(write, of, None, id)?;
                write.allow_pattern(id, &pattern)
            })
            .await
    }

    /// Takes an address or a domain off a key's allow list; false when it was not on it.
    ///
    /// # Errors
    /// As `allow_pattern`.
    pub async fn disallow_pattern(
        &self,
        caller: &Caller,
        id: KeyId,
        pattern: &str,
    ) -> Result<bool> {
        caller.needs_operator()?;
        let of = caller.organization();
        let pattern = checked_pattern(pattern)?;
        self.store
            .write(move |write| {
                find(write, of, None, id)?;
                write.disallow_pattern(id, &pattern)
            })
            .await
    }
}

/// An address or a domain, in the form that recipients are compared in.
pub(in crate::ops) fn checked_pattern(pattern: &str) -> Result<String> {
    let pattern = pattern.trim();
    let malformed = || Field::Pattern.error(Reason::Malformed);
    if pattern.contains('@') {
        return Ok(Address::parse(pattern).map_err(|_| malformed())?.key());
    }
    Ok(DomainName::parse(pattern)
        .map_err(|_| malformed())?
        .as_str()
        .to_owned())
}

pub(in crate::ops) fn find(
    read: &crate::store::Read<'_>,
    of: OrganizationId,
    domain: Option<DomainId>,
    id: KeyId,
) -> Result<Key> {
    if let Some(domain) = domain {
        read.domain(of, domain)?
            .ok_or(Error::Missing(Missing::Domain))?;
    }
    read.key(of, id)?
        .filter(|key| key.revoked_at.is_none() && (domain.is_none() || key.domain == domain))
        .ok_or(Error::Missing(Missing::Key))
}

/// A sending key is made live only when there is a way out, so that mail never waits for
/// one that nobody thought of.
pub(super) fn has_way_out(
    read: &crate::store::Read<'_>,
    of: OrganizationId,
    mode: Mode,
    scopes: &[Scope],
) -> Result<()> {
    if !scopes.iter().any(|scope| scope.covers(Scope::Send))
        || matches!(mode, Mode::Capture | Mode::Hold)
    {
        return Ok(());
    }
    let direct = read
        .organization(of)?
        .is_some_and(|organization| organization.direct == Direct::On);
    if direct || !read.relays(of)?.is_empty() {
        return Ok(());
    }
    Err(Error::Conflict(Conflict::NoRoute))
}
