//! Table `relay`.

use rusqlite::{Row, named_params};

use super::{Read, Write, row};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::ids::{OrganizationId, RelayId};
use crate::model::relay::{Relay, RelaySecurity, RelayStanding};

/// A relay to be made, its password sealed.
pub struct NewRelay {
    /// Whose.
    pub organization: OrganizationId,
    /// A person's name for it.
    pub name: String,
    /// Host name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// How it is spoken to.
    pub security: RelaySecurity,
    /// The login's user.
    pub user: Option<String>,
    /// The login's password, sealed.
    pub password_sealed: Option<Vec<u8>>,
}

const COLUMNS: &str =
    "id, organization_id, name, host, port, security, user, is_default, created_at";

fn relay(found: &Row<'_>) -> rusqlite::Result<Relay> {
    let standing = if found.get("is_default")? {
        RelayStanding::Default
    } else {
        RelayStanding::Spare
    };
    Ok(Relay {
        id: RelayId(found.get("id")?),
        organization: OrganizationId(found.get("organization_id")?),
        name: found.get("name")?,
        host: found.get("host")?,
        port: found.get("port")?,
        security: row::word(found, "security", RelaySecurity::parse)?,
        user: found.get("user")?,
        standing,
        created_at: row::time(found, "created_at")?,
    })
}

impl Read<'_> {
    /// One relay of an organization.
    ///
    /// # Errors
    /// As SQLite says; so for every function here.
    pub fn relay(&self, of: OrganizationId, id: RelayId) -> Result<Option<Relay>> {
        self.find(
            &format!("SELECT {COLUMNS} FROM relay WHERE id = :id AND organization_id = :of"),
            named_params! {":id": id.0, ":of": of.0},
            relay,
        )
    }

    /// The relays of an organization, the default one first.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn relays(&self, of: OrganizationId) -> Result<Vec<Relay>> {
        self.list(
            &format!(
                "SELECT {COLUMNS} FROM relay WHERE organization_id = :of
                 ORDER BY is_default DESC, id LIMIT 1000"
            ),
            named_params! {":of": of.0},
            relay,
        )
    }

    /// A relay's password, sealed, if it has one.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn relay_password(&self, id: RelayId) -> Result<Option<Vec<u8>>> {
        let found = self.find(
            "SELECT password_sealed FROM relay WHERE id = :id",
            named_params! {":id": id.0},
            |found| found.get::<_, Option<Vec<u8>>>(0),
        )?;
        Ok(found.flatten())
    }
}

impl Write<'_> {
    /// Makes a relay; the first of an organization is its default. None when the name is
    /// taken.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn add_relay(&self, new: &NewRelay, now: Timestamp) -> Result<Option<RelayId>> {
        let added = self.execute(
            "INSERT INTO relay (organization_id, name, host, port, security, user, password_sealed,
             is_default, created_at)
             SELECT :of, :name, :host, :port, :security, :user, :password,
             NOT EXISTS (SELECT 1 FROM relay WHERE organization_id = :of AND is_default = 1), :now
             WHERE true ON CONFLICT (organization_id, name) DO NOTHING",
            named_params! {
                ":of": new.organization.0,
                ":name": new.name,
                ":host": new.host,
                ":port": new.port,
                ":security": new.security.as_str(),
                ":user": new.user,
                ":password": new.password_sealed,
                ":now": now.0,
            },
        )?;
        Ok((added > 0).then(|| RelayId(self.last_id())))
    }

    /// Makes a relay its organization's default.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn set_default_relay(&self, of: OrganizationId, id: RelayId) -> Result<()> {
        let params = named_params! {":of": of.0, ":id": id.0};
        self.execute(
            "UPDATE relay SET is_default = 0 WHERE organization_id = :of AND id <> :id",
            params,
        )?;
        self.execute(
            "UPDATE relay SET is_default = 1 WHERE organization_id = :of AND id = :id",
            params,
        )?;
        Ok(())
    }

    /// Removes a relay; false when there is none.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn remove_relay(&self, of: OrganizationId, id: RelayId) -> Result<bool> {
        let gone = self.execute(
            "DELETE FROM relay WHERE id = :id AND organization_id = :of",
            named_params! {":id": id.0, ":of": of.0},
        )?;
        Ok(gone > 0)
    }
}
