//! Tables `organization` and `vault`.

use rusqlite::{Row, named_params};
use uuid::Uuid;

use super::{Read, Write, row};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::ids::{KeyId, OrganizationId};
use crate::model::domain::Switch;
use crate::model::organization::{
    Direct, EnumStyle, Metering, Organization, Payment, SignatureFormat, Standing,
};

const COLUMNS: &str =
    "id, uuid, name, active_plan, disabled, direct_delivery, metering, payment_method,
    spend_cap_cents, enum_style, signature_format, capture_private, keep_days, keep_messages,
    keep_bytes, created_at";

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
        uuid: row::uuid(found, "uuid")?,
        name: found.get("name")?,
        standing,
        direct,
        metering: if found.get("metering")? {
            Metering::On
        } else {
            Metering::Off
        },
        payment: if found.get("payment_method")? {
            Payment::Present
        } else {
            Payment::Absent
        },
        spend_cap_cents: found.get("spend_cap_cents")?,
        enum_style: row::word(found, "enum_style", EnumStyle::parse)?,
        signature_format: row::word(found, "signature_format", SignatureFormat::parse)?,
        capture_private: if found.get("capture_private")? {
            Switch::On
        } else {
            Switch::Off
        },
        keep: row::keep(found)?,
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
            &format!("SELECT {COLUMNS} FROM organization WHERE id = :id"),
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
            &format!("SELECT {COLUMNS} FROM organization WHERE name = :name"),
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
            &format!(
                "SELECT {COLUMNS} FROM organization WHERE id > :after ORDER BY id LIMIT :rows"
            ),
            named_params! {":after": after.0, ":rows": rows},
            organization,
        )
    }

    /// The account that stars what this organization captures: the person of the key that was
    /// shown, else the organization. None where it is not starred.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn captor(&self, of: OrganizationId, key: Option<KeyId>) -> Result<Option<String>> {
        self.find(
            "SELECT ifnull((SELECT u.name FROM key k JOIN user u ON u.id = k.user_id
                            WHERE k.id = :key), o.name)
             FROM organization o WHERE o.id = :of AND o.capture_private",
            named_params! {":of": of.0, ":key": key.map(|id| id.0)},
            |found| found.get(0),
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
    pub fn add_organization(
        &self,
        uuid: Uuid,
        name: &str,
        now: Timestamp,
    ) -> Result<OrganizationId> {
        self.execute(
            "INSERT INTO organization (uuid, name, created_at) VALUES (:uuid, :name, :now)",
            named_params! {":uuid": uuid.as_bytes(), ":name": name, ":now": now.0},
        )?;
        Ok(OrganizationId(self.last_id()))
    }

    /// Writes all that can be changed of an organization.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn set_organization(&self, to: &Organization) -> Result<()> {
        self.execute(
            "UPDATE organization SET name = :name, active_plan = :plan, disabled = :disabled,
             direct_delivery = :direct, metering = :metering, payment_method = :payment,
             spend_cap_cents = :cap, enum_style = :enum_style, signature_format = :signature_format,
             capture_private = :capture_private, keep_days = :days, keep_messages = :messages, keep_bytes = :bytes WHERE id = :id",
            named_params! {
                ":name": to.name,
                ":plan": to.standing != Standing::NoPlan,
                ":disabled": to.standing == Standing::Disabled,
                ":direct": to.direct == Direct::On,
                ":metering": to.metering == Metering::On,
                ":payment": to.payment == Payment::Present,
                ":cap": to.spend_cap_cents,
                ":enum_style": to.enum_style.as_str(),
                ":signature_format": to.signature_format.as_str(),
                ":capture_private": to.capture_private == Switch::On,
                ":days": row::bound(to.keep.days),
                ":messages": row::bound(to.keep.messages),
                ":bytes": row::bound(to.keep.bytes),
                ":id": to.id.0,
            },
        )?;
        Ok(())
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
