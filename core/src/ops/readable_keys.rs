//! Keys of one domain whose tokens can be read again, for the wires whose contracts give
//! them back.

use super::keys::{KeyChange, PURPOSE, find, optional_name};
use crate::engine::Posthouse;
use crate::error::{Denied, Error, Missing, Result, internal};
use crate::ids::{DomainId, KeyId, OrganizationId};
use crate::model::key::{Caller, Key, Scope};
use crate::store::Read;

/// A key with its token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadableKey {
    /// The key.
    pub key: Key,
    /// Its token.
    pub token: String,
}

/// Where a key is looked for. One of another shape or domain is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyPlace {
    /// The domain it is bound to.
    pub domain: DomainId,
    /// The form of its token.
    pub shape: &'static str,
    /// Its id.
    pub id: KeyId,
}

impl Posthouse {
    /// The keys of a domain, of one shape, that are not revoked.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Domain`; `Internal` when a token does not open.
    pub async fn readable_keys(
        &self,
        caller: &Caller,
        domain: DomainId,
        shape: &'static str,
    ) -> Result<Vec<ReadableKey>> {
        caller.needs(Scope::Domains)?;
        let of = caller.organization();
        let sealed = self
            .store
            .read(move |read| {
                read.domain(of, domain)?
                    .ok_or(Error::Missing(Missing::Domain))?;
                read.keys(of, Some(domain), Some(shape))?
                    .into_iter()
                    .map(|key| with_token(read, key))
                    .collect::<Result<Vec<_>>>()
            })
            .await?;
        sealed.into_iter().map(|pair| self.opened(pair)).collect()
    }

    /// One key.
    ///
    /// # Errors
    /// As `readable_keys`; `Missing::Key`.
    pub async fn readable_key(&self, caller: &Caller, place: KeyPlace) -> Result<ReadableKey> {
        caller.needs(Scope::Domains)?;
        let of = caller.organization();
        let sealed = self
            .store
            .read(move |read| with_token(read, at(read, of, place)?))
            .await?;
        self.opened(sealed)
    }

    /// Changes the name of a key; the rest of a change is the operator's.
    ///
    /// # Errors
    /// As `readable_key`; `Invalid` name; `Denied::Scope` for the rest.
    pub async fn set_readable_key(
        &self,
        caller: &Caller,
        place: KeyPlace,
        change: KeyChange,
    ) -> Result<ReadableKey> {
        caller.needs(Scope::Domains)?;
        let KeyChange {
            name,
            mode: None,
            rate_per_minute: None,
        } = change
        else {
            return Err(Error::Denied(Denied::Scope));
        };
        let of = caller.organization();
        // Whose key it is comes before what is wrong with the change.
        let sealed = self
            .store
            .write(move |write| {
                let mut key = at(write, of, place)?;
                key.name = match name {
                    Some(name) => optional_name(name)?,
                    None => key.name,
                };
                write.set_key(&key)?;
                with_token(write, key)
            })
            .await?;
        self.opened(sealed)
    }

    /// Revokes a key; it is refused from now on.
    ///
    /// # Errors
    /// As `readable_key`.
    pub async fn revoke_readable_key(&self, caller: &Caller, place: KeyPlace) -> Result<()> {
        caller.needs(Scope::Domains)?;
        let of = caller.organization();
        let now = self.now();
        self.store
            .write(move |write| {
                at(write, of, place)?;
                write.revoke_key(place.id, now)
            })
            .await
    }

    fn opened(&self, (key, sealed): (Key, Vec<u8>)) -> Result<ReadableKey> {
        let token = self.vault.open(PURPOSE, &sealed)?;
        let token = String::from_utf8(token).map_err(internal)?;
        Ok(ReadableKey { key, token })
    }
}

fn at(read: &Read<'_>, of: OrganizationId, place: KeyPlace) -> Result<Key> {
    let key = find(read, of, Some(place.domain), place.id)?;
    if key.shape == place.shape {
        Ok(key)
    } else {
        Err(Error::Missing(Missing::Key))
    }
}

fn with_token(read: &Read<'_>, key: Key) -> Result<(Key, Vec<u8>)> {
    let sealed = read
        .key_token(key.id)?
        .ok_or_else(|| internal(format!("the token of key {} was not kept", key.id)))?;
    Ok((key, sealed))
}
