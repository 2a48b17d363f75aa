//! Table `relay`.

use rusqlite::{Row, named_params};

use super::{Read, Write, row};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::ids::{OrganizationId, RelayId};
use crate::model::relay::{Relay, RelayLimits, RelaySecurity, RelaySender, RelayStanding};

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
    /// How much it takes.
    pub limits: RelayLimits,
    /// The sender of mail that names none.
    pub sender: Option<RelaySender>,
}

const COLUMNS: &str =
    "id, organization_id, name, host, port, security, user, is_default, position, hourly_limit,
    daily_limit, sender_email, sender_name, created_at";

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
        position: found.get("position")?,
        limits: RelayLimits {
            hourly: found.get("hourly_limit")?,
            daily: found.get("daily_limit")?,
        },
        sender: match found.get::<_, Option<String>>("sender_email")? {
            Some(email) => Some(RelaySender {
                email,
                name: found.get("sender_name")?,
            }),
            None => None,
        },
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

    /// The relays of an organization, in the order in which they are tried.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn relays(&self, of: OrganizationId) -> Result<Vec<Relay>> {
        self.list(
            &format!(
                "SELECT {COLUMNS} FROM relay WHERE organization_id = :of
                 ORDER BY position, id LIMIT 1000"
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
             is_default, position, hourly_limit, daily_limit, sender_email, sender_name, created_at)
             SELECT :of, :name, :host, :port, :security, :user, :password,
             NOT EXISTS (SELECT 1 FROM relay WHERE organization_id = :of AND is_default = 1),
             (SELECT ifnull(max(position) + 1, 0) FROM relay WHERE organization_id = :of),
             :hourly, :daily, :sender_email, :sender_name, :now
             WHERE true ON CONFLICT (organization_id, name) DO NOTHING",
            named_params! {
                ":of": new.organization.0,
                ":name": new.name,
                ":host": new.host,
                ":port": new.port,
                ":security": new.security.as_str(),
                ":user": new.user,
                ":password": new.password_sealed,
                ":hourly": new.limits.hourly,
                ":daily": new.limits.daily,
                ":sender_email": new.sender.as_ref().map(|sender| &sender.email),
                ":sender_name": new.sender.as_ref().and_then(|sender| sender.name.as_ref()),
                ":now": now.0,
            },
        )?;
        Ok((added > 0).then(|| RelayId(self.last_id())))
    }

    /// Puts an organization's relays into this order; the first is its default.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn order_relays(&self, of: OrganizationId, order: &[RelayId]) -> Result<()> {
        self.execute(
            "UPDATE relay SET is_default = 0 WHERE organization_id = :of",
            named_params! {":of": of.0},
        )?;
        for (position, id) in (0_i64..).zip(order) {
            self.execute(
                "UPDATE relay SET position = :position, is_default = :position = 0
                 WHERE organization_id = :of AND id = :id",
                named_params! {":position": position, ":of": of.0, ":id": id.0},
            )?;
        }
        Ok(())
    }

    /// Writes a relay's limits and sender.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn set_relay(
        &self,
        id: RelayId,
        limits: RelayLimits,
        sender: Option<&RelaySender>,
    ) -> Result<()> {
        self.execute(
            "UPDATE relay SET hourly_limit = :hourly, daily_limit = :daily,
             sender_email = :email, sender_name = :name WHERE id = :id",
            named_params! {
                ":hourly": limits.hourly,
                ":daily": limits.daily,
                ":email": sender.map(|sender| &sender.email),
                ":name": sender.and_then(|sender| sender.name.as_ref()),
                ":id": id.0,
            },
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
