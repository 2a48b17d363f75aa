//! Who is calling.

use sha2::{Digest, Sha256};

use crate::clock::Timestamp;
use crate::engine::{Posthouse, PublicReaders};
use crate::error::{Error, Missing, Result, Unknown};
use crate::model::key::{Caller, Powers};
use crate::model::organization::Organization;

/// Last use is told to the minute, so that a busy key does not write at every request.
const USED_STEP_MS: i64 = 60_000;

/// SHA-256 of a token: enough for a secret of full entropy.
pub(crate) fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

impl Posthouse {
    /// The caller who shows `token` as a key of `shape`. White space around it is not part
    /// of it. A key of another shape is as unknown as no key.
    ///
    /// The look-up is by the token's hash, so that its time tells nothing of the token.
    ///
    /// # Errors
    /// `Unknown`.
    pub async fn authenticate(&self, shape: &str, token: &str) -> Result<Caller> {
        let token = token.trim();
        if token.is_empty() {
            return Err(Error::Unknown(Unknown::Absent));
        }
        let hash = token_hash(token);
        let found = self.store.look(move |read| read.key_by_hash(&hash)).await?;
        let now = self.now();
        let Some(row) = found.filter(|row| row.key.shape == shape) else {
            return Err(Error::Unknown(Unknown::Wrong));
        };
        if row.key.revoked_at.is_some() {
            return Err(Error::Unknown(Unknown::Revoked));
        }
        if row.key.expires_at.is_some_and(|end| end <= now) {
            return Err(Error::Unknown(Unknown::Expired));
        }
        let stale = now.minus(std::time::Duration::from_millis(
            USED_STEP_MS.unsigned_abs(),
        ));
        if row.key.last_used_at.unwrap_or(Timestamp(i64::MIN)) < stale {
            let id = row.key.id;
            self.store.note(move |write| write.key_used(id, now));
        }
        Ok(Caller {
            organization: row.key.organization,
            standing: row.standing,
            organization_uuid: row.organization_uuid,
            enum_style: row.enum_style,
            powers: Powers::Key(Box::new(row.key)),
        })
    }

    /// One who shows no key, where `Settings::public_readers` lets anybody read what is
    /// nobody's: they may do nothing else.
    ///
    /// # Errors
    /// `Unknown::Absent` where a key is needed.
    pub fn stranger(&self) -> Result<Caller> {
        match self.settings().public_readers {
            PublicReaders::Known => Err(Error::Unknown(Unknown::Absent)),
            PublicReaders::Anybody => Ok(Caller::stranger()),
        }
    }

    /// The operator, for the organization of this name: whoever holds the database and its
    /// master key may do everything in it. None stands for the only, or else the first one.
    ///
    /// # Errors
    /// `Missing::Organization`.
    pub async fn operator(&self, organization: Option<&str>) -> Result<Caller> {
        let name = organization.map(str::to_owned);
        let found: Option<Organization> = self
            .store
            .read(move |read| match name {
                Some(name) => read.organization_named(&name),
                None => Ok(read
                    .organizations(crate::ids::OrganizationId(0), 1)?
                    .into_iter()
                    .next()),
            })
            .await?;
        let organization = found.ok_or(Error::Missing(Missing::Organization))?;
        Ok(Caller {
            organization: organization.id,
            standing: organization.standing,
            organization_uuid: organization.uuid,
            enum_style: organization.enum_style,
            powers: Powers::Operator,
        })
    }
}
