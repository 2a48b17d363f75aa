//! Tenants and their people.

use crate::engine::Posthouse;
use crate::error::{Conflict, Error, Field, Missing, Reason, Result};
use crate::ids::{OrganizationId, UserId, new_uuid};
use crate::limits::NAME_CHARACTERS;
use crate::model::delivery::State;
use crate::model::domain::Switch;
use crate::model::keep::KeepChange;
use crate::model::key::Caller;
use crate::model::organization::{
    Direct, EnumStyle, Metering, Organization, Payment, Role, SignatureFormat, Standing, User,
};

/// What to change of an organization; None leaves it.
#[derive(Clone, Debug, Default)]
pub struct OrganizationChange {
    /// The name.
    pub name: Option<String>,
    /// Whether it may send.
    pub standing: Option<Standing>,
    /// Whether live mail may go to the recipients' own servers.
    pub direct: Option<Direct>,
    /// Whether what it sends is charged for.
    pub metering: Option<Metering>,
    /// What it pays with.
    pub payment: Option<Payment>,
    /// What it may spend in a month, in cents; an inner None lifts the cap.
    pub spend_cap_cents: Option<Option<u32>>,
    /// How enumerations are written where a contract leaves a choice.
    pub enum_style: Option<EnumStyle>,
    /// How webhooks are signed where a contract leaves a choice.
    pub signature_format: Option<SignatureFormat>,
    /// Whether mail that it captures is starred.
    pub capture_private: Option<Switch>,
    /// What each of its mailboxes keeps.
    pub keep: KeepChange,
}

/// A name that a person gives: not empty, not too long, in one line.
pub(crate) fn checked_name(name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Field::Name.error(Reason::Absent));
    }
    if name.chars().count() > NAME_CHARACTERS {
        return Err(Field::Name.error(Reason::TooLong));
    }
    if name.chars().any(char::is_control) {
        return Err(Field::Name.error(Reason::Malformed));
    }
    Ok(name.to_owned())
}

impl Posthouse {
    /// Makes an organization. Only the holder of the database can: there is no caller yet.
    ///
    /// # Errors
    /// `Conflict::Taken`, `Invalid` name.
    pub async fn create_organization(&self, name: &str) -> Result<Organization> {
        let name = checked_name(name)?;
        let now = self.now();
        let uuid = new_uuid(now, self.entropy());
        self.store
            .write(move |write| {
                if write.organization_named(&name)?.is_some() {
                    return Err(Error::Conflict(Conflict::Taken));
                }
                let id = write.add_organization(uuid, &name, now)?;
                write
                    .organization(id)?
                    .ok_or(Error::Missing(Missing::Organization))
            })
            .await
    }

    /// Every organization after `after`, by id. Only for the holder of the database.
    ///
    /// # Errors
    /// As the store says.
    pub async fn organizations(
        &self,
        after: OrganizationId,
        rows: u32,
    ) -> Result<Vec<Organization>> {
        self.store
            .read(move |read| read.organizations(after, rows))
            .await
    }

    /// The caller's organization.
    ///
    /// # Errors
    /// `Missing::Organization`.
    pub async fn organization(&self, caller: &Caller) -> Result<Organization> {
        let id = caller.organization();
        self.store
            .read(move |read| {
                read.organization(id)?
                    .ok_or(Error::Missing(Missing::Organization))
            })
            .await
    }

    /// Changes the caller's organization.
    ///
    /// # Errors
    /// `Denied::Scope`, `Conflict::Taken`, `Invalid` name.
    pub async fn set_organization(
        &self,
        caller: &Caller,
        change: OrganizationChange,
    ) -> Result<Organization> {
        caller.needs_operator()?;
        let id = caller.organization();
        let name = change.name.as_deref().map(checked_name).transpose()?;
        let now = self.now();
        self.store
            .write(move |write| {
                let mut organization = write
                    .organization(id)?
                    .ok_or(Error::Missing(Missing::Organization))?;
                if let Some(name) = name {
                    let holder = write.organization_named(&name)?;
                    if holder.is_some_and(|holder| holder.id != id) {
                        return Err(Error::Conflict(Conflict::Taken));
                    }
                    organization.name = name;
                }
                organization.standing = change.standing.unwrap_or(organization.standing);
                organization.direct = change.direct.unwrap_or(organization.direct);
                organization.metering = change.metering.unwrap_or(organization.metering);
                organization.payment = change.payment.unwrap_or(organization.payment);
                organization.spend_cap_cents = change
                    .spend_cap_cents
                    .unwrap_or(organization.spend_cap_cents);
                organization.enum_style = change.enum_style.unwrap_or(organization.enum_style);
                organization.signature_format = change
                    .signature_format
                    .unwrap_or(organization.signature_format);
                organization.capture_private = change
                    .capture_private
                    .unwrap_or(organization.capture_private);
                organization.keep = change.keep.of(organization.keep);
                write.set_organization(&organization)?;
                if change.direct == Some(Direct::On) {
                    write.wake_without_route(id, now)?;
                }
                Ok(organization)
            })
            .await
    }

    /// How many deliveries of the caller's organization stand where.
    ///
    /// # Errors
    /// As the store says.
    pub async fn delivery_counts(&self, caller: &Caller) -> Result<Vec<(State, i64)>> {
        let id = caller.organization();
        self.store.read(move |read| read.delivery_counts(id)).await
    }

    /// Makes a person in the caller's organization.
    ///
    /// # Errors
    /// `Denied::Scope`, `Conflict::Taken`, `Invalid` name.
    pub async fn create_user(&self, caller: &Caller, name: &str, role: Role) -> Result<UserId> {
        caller.needs_operator()?;
        let id = caller.organization();
        let name = checked_name(name)?;
        let now = self.now();
        self.store
            .write(move |write| {
                write
                    .add_user(id, &name, role, now)?
                    .ok_or(Error::Conflict(Conflict::Taken))
            })
            .await
    }

    /// The people of the caller's organization.
    ///
    /// # Errors
    /// `Denied::Scope`.
    pub async fn users(&self, caller: &Caller) -> Result<Vec<User>> {
        caller.needs_operator()?;
        let id = caller.organization();
        self.store.read(move |read| read.users(id, 1000)).await
    }
}
