//! Tables `key` and `key_allow`.

use rusqlite::{Row, ToSql, named_params};
use uuid::Uuid;

use super::{Read, Write, row};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::ids::{DomainId, KeyId, OrganizationId, UserId};
use crate::model::key::{Key, Mode, Scope};
use crate::model::organization::{EnumStyle, Standing};

/// A key to be made.
pub struct NewKey {
    /// Its UUID.
    pub uuid: Uuid,
    /// Whose.
    pub organization: OrganizationId,
    /// The person it stands for.
    pub user: Option<UserId>,
    /// The one domain it is bound to.
    pub domain: Option<DomainId>,
    /// The form of its token.
    pub shape: String,
    /// A person's name for it.
    pub name: Option<String>,
    /// SHA-256 of the token.
    pub hash: [u8; 32],
    /// The token's first characters.
    pub prefix: String,
    /// The token, sealed, where it must be readable again.
    pub token_sealed: Option<Vec<u8>>,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// What it may cause.
    pub mode: Mode,
    /// From when it is refused.
    pub expires_at: Option<Timestamp>,
}

/// A key found by its token, with what is asked of it first.
pub struct KeyRow {
    /// The key.
    pub key: Key,
    /// Whether its organization may send.
    pub standing: Standing,
    /// The organization's UUID.
    pub organization_uuid: Uuid,
    /// How the organization wants enumerations written.
    pub enum_style: EnumStyle,
}

const COLUMNS: &str =
    "k.id, k.uuid, k.organization_id, k.user_id, k.domain_id, k.shape, k.name, k.prefix,
    k.scopes, k.mode, k.rate_per_minute, k.created_at, k.expires_at, k.revoked_at, k.last_used_at";

fn key(found: &Row<'_>) -> rusqlite::Result<Key> {
    Ok(Key {
        id: KeyId(found.get("id")?),
        uuid: row::uuid(found, "uuid")?,
        organization: OrganizationId(found.get("organization_id")?),
        user: found.get::<_, Option<i64>>("user_id")?.map(UserId),
        domain: found.get::<_, Option<i64>>("domain_id")?.map(DomainId),
        shape: found.get("shape")?,
        name: found.get("name")?,
        prefix: found.get("prefix")?,
        scopes: row::words(found, "scopes", Scope::parse)?,
        mode: row::word(found, "mode", Mode::parse)?,
        rate_per_minute: found.get("rate_per_minute")?,
        created_at: row::time(found, "created_at")?,
        expires_at: row::time_or_none(found, "expires_at")?,
        revoked_at: row::time_or_none(found, "revoked_at")?,
        last_used_at: row::time_or_none(found, "last_used_at")?,
    })
}

impl Read<'_> {
    /// The key whose token hashes to `hash`.
    ///
    /// # Errors
    /// As SQLite says; so for every function here.
    pub fn key_by_hash(&self, hash: &[u8; 32]) -> Result<Option<KeyRow>> {
        self.key_row_where("k.hash = :value", hash)
    }

    /// The key with this id, whosever it is, and also when revoked.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn key_row(&self, id: KeyId) -> Result<Option<KeyRow>> {
        self.key_row_where("k.id = :value", &id.0)
    }

    fn key_row_where(&self, condition: &str, value: &dyn ToSql) -> Result<Option<KeyRow>> {
        self.find(
            &format!(
                "SELECT {COLUMNS}, o.disabled, o.active_plan, o.uuid AS organization_uuid,
                 o.enum_style FROM key k
                 JOIN organization o ON o.id = k.organization_id WHERE {condition}"
            ),
            named_params! {":value": value},
            |found| {
                let standing = match (found.get("disabled")?, found.get("active_plan")?) {
                    (true, _) => Standing::Disabled,
                    (false, false) => Standing::NoPlan,
                    (false, true) => Standing::Active,
                };
                Ok(KeyRow {
                    key: key(found)?,
                    standing,
                    organization_uuid: row::uuid(found, "organization_uuid")?,
                    enum_style: row::word(found, "enum_style", EnumStyle::parse)?,
                })
            },
        )
    }

    /// An organization's key with this id, also when revoked.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn key(&self, of: OrganizationId, id: KeyId) -> Result<Option<Key>> {
        self.find(
            &format!("SELECT {COLUMNS} FROM key k WHERE k.id = :id AND k.organization_id = :of"),
            named_params! {":id": id.0, ":of": of.0},
            key,
        )
    }

    /// The keys of an organization, or of one domain, that are not revoked, by id.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn keys(
        &self,
        of: OrganizationId,
        domain: Option<DomainId>,
        shape: Option<&str>,
    ) -> Result<Vec<Key>> {
        self.list(
            &format!(
                "SELECT {COLUMNS} FROM key k WHERE k.organization_id = :of
                 AND (:domain IS NULL OR k.domain_id = :domain)
                 AND (:shape IS NULL OR k.shape = :shape)
                 AND k.revoked_at IS NULL ORDER BY k.id LIMIT 10000"
            ),
            named_params! {":of": of.0, ":domain": domain.map(|id| id.0), ":shape": shape},
            key,
        )
    }

    /// An organization's key with this UUID, also when revoked.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn key_by_uuid(&self, of: OrganizationId, uuid: Uuid) -> Result<Option<Key>> {
        self.find(
            &format!(
                "SELECT {COLUMNS} FROM key k WHERE k.uuid = :uuid AND k.organization_id = :of"
            ),
            named_params! {":uuid": uuid.as_bytes(), ":of": of.0},
            key,
        )
    }

    /// The keys of an organization of these shapes, revoked ones too, by id.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn keys_ever(&self, of: OrganizationId, shapes: &[&str]) -> Result<Vec<Key>> {
        self.list(
            &format!(
                "SELECT {COLUMNS} FROM key k WHERE k.organization_id = :of
                 AND k.shape IN (SELECT value FROM json_each(:shapes)) ORDER BY k.id LIMIT 10000"
            ),
            named_params! {":of": of.0, ":shapes": serde_json::json!(shapes).to_string()},
            key,
        )
    }

    /// Whether a key of these shapes and this name is not revoked.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn key_named(&self, of: OrganizationId, shapes: &[&str], name: &str) -> Result<bool> {
        let found = self.find(
            "SELECT 1 FROM key WHERE organization_id = :of AND name = :name AND revoked_at IS NULL
             AND shape IN (SELECT value FROM json_each(:shapes)) LIMIT 1",
            named_params! {":of": of.0, ":name": name, ":shapes": serde_json::json!(shapes).to_string()},
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }

    /// Whether keys of any organization have this prefix.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn key_prefix_taken(&self, shapes: &[&str], prefix: &str) -> Result<bool> {
        let found = self.find(
            "SELECT 1 FROM key WHERE prefix = :prefix
             AND shape IN (SELECT value FROM json_each(:shapes)) LIMIT 1",
            named_params! {":prefix": prefix, ":shapes": serde_json::json!(shapes).to_string()},
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }

    /// A key's token, sealed, where it was kept.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn key_token(&self, id: KeyId) -> Result<Option<Vec<u8>>> {
        let found = self.find(
            "SELECT token_sealed FROM key WHERE id = :id",
            named_params! {":id": id.0},
            |found| found.get::<_, Option<Vec<u8>>>(0),
        )?;
        Ok(found.flatten())
    }

    /// The recipients and domains that a key's mail may leave for.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn key_patterns(&self, id: KeyId) -> Result<Vec<String>> {
        self.list(
            "SELECT pattern FROM key_allow WHERE key_id = :id ORDER BY pattern",
            named_params! {":id": id.0},
            |found| found.get(0),
        )
    }
}

impl Write<'_> {
    /// Makes a key.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn add_key(&self, new: &NewKey, now: Timestamp) -> Result<KeyId> {
        self.execute(
            "INSERT INTO key (uuid, organization_id, user_id, domain_id, shape, name, hash, prefix, token_sealed,
             scopes, mode, expires_at, created_at)
             VALUES (:uuid, :of, :user, :domain, :shape, :name, :hash, :prefix, :sealed, :scopes, :mode, :expires_at, :now)",
            named_params! {
                ":uuid": new.uuid.as_bytes(),
                ":of": new.organization.0,
                ":user": new.user.map(|id| id.0),
                ":domain": new.domain.map(|id| id.0),
                ":shape": new.shape,
                ":name": new.name,
                ":hash": new.hash,
                ":prefix": new.prefix,
                ":sealed": new.token_sealed,
                ":scopes": row::joined(new.scopes.iter().map(|scope| scope.as_str())),
                ":mode": new.mode.as_str(),
                ":expires_at": new.expires_at.map(|at| at.0),
                ":now": now.0,
            },
        )?;
        Ok(KeyId(self.last_id()))
    }

    /// Writes a key's name, mode and rate.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn set_key(&self, to: &Key) -> Result<()> {
        self.execute(
            "UPDATE key SET name = :name, mode = :mode, rate_per_minute = :rate WHERE id = :id",
            named_params! {
                ":name": to.name,
                ":mode": to.mode.as_str(),
                ":rate": to.rate_per_minute,
                ":id": to.id.0,
            },
        )?;
        Ok(())
    }

    /// Revokes a key and forgets its readable token.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn revoke_key(&self, id: KeyId, now: Timestamp) -> Result<()> {
        self.execute(
            "UPDATE key SET revoked_at = :now, token_sealed = NULL
             WHERE id = :id AND revoked_at IS NULL",
            named_params! {":now": now.0, ":id": id.0},
        )?;
        Ok(())
    }

    /// Revokes the keys that are bound to a domain.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn revoke_keys_of(&self, domain: DomainId, now: Timestamp) -> Result<()> {
        self.execute(
            "UPDATE key SET revoked_at = :now, token_sealed = NULL
             WHERE domain_id = :domain AND revoked_at IS NULL",
            named_params! {":now": now.0, ":domain": domain.0},
        )?;
        Ok(())
    }

    /// Notes that a key was used.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn key_used(&self, id: KeyId, now: Timestamp) -> Result<()> {
        self.execute(
            "UPDATE key SET last_used_at = :now WHERE id = :id",
            named_params! {":now": now.0, ":id": id.0},
        )?;
        Ok(())
    }

    /// Lets a key's mail leave for one more address or domain.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn allow_pattern(&self, id: KeyId, pattern: &str) -> Result<()> {
        self.execute(
            "INSERT OR IGNORE INTO key_allow (key_id, pattern) VALUES (:id, :pattern)",
            named_params! {":id": id.0, ":pattern": pattern},
        )?;
        Ok(())
    }

    /// Takes an address or domain off a key's list; false when it was not on it.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn disallow_pattern(&self, id: KeyId, pattern: &str) -> Result<bool> {
        let gone = self.execute(
            "DELETE FROM key_allow WHERE key_id = :id AND pattern = :pattern",
            named_params! {":id": id.0, ":pattern": pattern},
        )?;
        Ok(gone > 0)
    }
}
