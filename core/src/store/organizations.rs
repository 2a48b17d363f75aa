//! Tables `organization`, `user` and `vault`.

use rusqlite::{Row, named_params};

use super::{Read, Write, row};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::ids::{OrganizationId, UserId};
use crate::model::organization::{Direct, Organization, Role, Standing, User};

fn organization(found: &Row<'_>) -> rusqlite::Result<Organization> {
    let standing = match (found.get("disabled")?, found.get("active_plan")?) {
        (true, _) => Standing::Disabled,
        (false, false) => Standing::NoPlan,
        (false, true) => Standing::Active,
    };
    let direct = if found.get("direct_delivery")? {
        Direct::On
    } else {
        Direct::Off
    };
    Ok(Organization {
        id: OrganizationId(found.get("id")?),
        name: found.get("name")?,
        standing,
        direct,
        created_at: row::time(found, "created_at")?,
    })
}

fn user(found: &Row<'_>) -> rusqlite::Result<User> {
    Ok(User {
        id: UserId(found.get("id")?),
        organization: OrganizationId(found.get("organization_id")?),
        name: found.get("name")?,
        role: row::word(found, "role", Role::parse)?,
        created_at: row::time(found, "created_at")?,
    })
}

impl Read<'_> {
    /// The organization with this id.
    ///
    /// # Errors
    /// As SQLite says; so for every function here.
    pub fn organization(&self, id: OrganizationId) -> Result<Option<Organization>> {
        self.find(
            "SELECT id, name, active_plan, disabled, direct_delivery, created_at
             FROM organization WHERE id = :id",
            named_params! {":id": id.0},
            organization,
        )
    }

    /// The organization of this name.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn organization_named(&self, name: &str) -> Result<Option<Organization>> {
        self.find(
            "SELECT id, name, active_plan, disabled, direct_delivery, created_at
             FROM organization WHERE name = :name",
            named_params! {":name": name},
            organization,
        )
    }

    /// Every organization, by id, after `after`.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn organizations(&self, after: OrganizationId, rows: u32) -> Result<Vec<Organization>> {
        self.list(
            "SELECT id, name, active_plan, disabled, direct_delivery, created_at
             FROM organization WHERE id > :after ORDER BY id LIMIT :rows",
            named_params! {":after": after.0, ":rows": rows},
            organization,
        )
    }

    /// The people of an organization, by id.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn users(&self, of: OrganizationId, rows: u32) -> Result<Vec<User>> {
        self.list(
            "SELECT id, organization_id, name, role, created_at
             FROM user WHERE organization_id = :of ORDER BY id LIMIT :rows",
            named_params! {":of": of.0, ":rows": rows},
            user,
        )
    }

    /// The sealed proof of the master key.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn vault_proof(&self) -> Result<Option<Vec<u8>>> {
        self.find("SELECT proof FROM vault WHERE id = 1", [], |found| {
            found.get("proof")
        })
    }
}

impl Write<'_> {
    /// Makes an organization.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn add_organization(&self, name: &str, now: Timestamp) -> Result<OrganizationId> {
        self.execute(
            "INSERT INTO organization (name, created_at) VALUES (:name, :now)",
            named_params! {":name": name, ":now": now.0},
        )?;
        Ok(OrganizationId(self.last_id()))
    }

    /// Writes an organization's name, standing and direct delivery.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn set_organization(&self, to: &Organization) -> Result<()> {
        self.execute(
            "UPDATE organization SET name = :name, active_plan = :plan, disabled = :disabled,
             direct_delivery = :direct WHERE id = :id",
            named_params! {
                ":name": to.name,
                ":plan": to.standing != Standing::NoPlan,
                ":disabled": to.standing == Standing::Disabled,
                ":direct": to.direct == Direct::On,
                ":id": to.id.0,
            },
        )?;
        Ok(())
    }

    /// Makes a person; None when the name is taken.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn add_user(
        &self,
        of: OrganizationId,
        name: &str,
        role: Role,
        now: Timestamp,
    ) -> Result<Option<UserId>> {
        let added = self.execute(
            "INSERT INTO user (organization_id, name, role, created_at)
             VALUES (:of, :name, :role, :now) ON CONFLICT (name) DO NOTHING",
            named_params! {":of": of.0, ":name": name, ":role": role.as_str(), ":now": now.0},
        )?;
        Ok((added > 0).then(|| UserId(self.last_id())))
    }

    /// Keeps the sealed proof of the master key.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn set_vault_proof(&self, proof: &[u8]) -> Result<()> {
        self.execute(
            "INSERT INTO vault (id, proof) VALUES (1, :proof)",
            named_params! {":proof": proof},
        )?;
        Ok(())
    }

    /// Writes down that somebody asks whether the database takes writes. Nothing less tells:
    /// SQLite writes no row that stays as it is.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn ask(&self, now: Timestamp) -> Result<()> {
        self.execute(
            "UPDATE vault SET asked_at = :now WHERE id = 1",
            named_params! {":now": now.0},
        )?;
        Ok(())
    }
}
