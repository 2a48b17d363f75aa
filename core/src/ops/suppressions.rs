//! Block and allow lists.

use crate::engine::Posthouse;
use crate::error::{Error, Field, Missing, Reason, Result};
use crate::ids::{DomainId, OrganizationId, SuppressionId};
use crate::model::address::Address;
use crate::model::key::Caller;
use crate::model::suppression::{Suppression, SuppressionReason};
use crate::store::{NewSuppression, Read};

pub(super) fn checked_address(address: &str) -> Result<String> {
    Address::parse(address.trim())
        .map(|address| address.key())
        .map_err(|_| Field::Address.error(Reason::Malformed))
}

fn own(read: &Read<'_>, of: OrganizationId, domain: Option<DomainId>) -> Result<()> {
    if let Some(domain) = domain {
        read.domain(of, domain)?
            .ok_or(Error::Missing(Missing::Domain))?;
    }
    Ok(())
}

impl Posthouse {
    /// The caller's suppressions after `after`, by id: all, or those of one domain's list.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Domain`.
    pub async fn suppressions(
        &self,
        caller: &Caller,
        domain: Option<DomainId>,
        after: SuppressionId,
        rows: u32,
    ) -> Result<Vec<Suppression>> {
        caller.needs_operator()?;
        let of = caller.organization();
        self.store
            .read(move |read| {
                own(read, of, domain)?;
                read.suppressions(of, domain, after, rows)
            })
            .await
    }

    /// Suppresses an address for one domain or for all, with why and the same in words; false
    /// when it already was.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Domain`, `Invalid` address.
    pub async fn suppress(
        &self,
        caller: &Caller,
        domain: Option<DomainId>,
        address: &str,
        (reason, detail): (SuppressionReason, Option<&str>),
    ) -> Result<bool> {
        caller.needs_operator()?;
        let of = caller.organization();
        let new = NewSuppression {
            organization: of,
            domain,
            address: checked_address(address)?,
            reason,
            detail: detail.map(str::to_owned),
            email: None,
        };
        let now = self.now();
        self.store
            .write(move |write| {
                own(write, of, domain)?;
                write.suppress(&new, now)
            })
            .await
    }

    /// Takes an address off the list of one domain, or off the organization's own.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Suppression`, `Invalid` address.
    pub async fn unsuppress(
        &self,
        caller: &Caller,
        domain: Option<DomainId>,
        address: &str,
    ) -> Result<()> {
        caller.needs_operator()?;
        let of = caller.organization();
        let address = checked_address(address)?;
        self.store
            .write(move |write| {
                if write.unsuppress(of, domain, &address)? {
                    return Ok(());
                }
                Err(Error::Missing(Missing::Suppression))
            })
            .await
    }

    /// The addresses that bounces do not suppress, with the domain (None: all of them).
    ///
    /// # Errors
    /// `Denied::Scope`.
    pub async fn allowed(&self, caller: &Caller) -> Result<Vec<(String, Option<DomainId>)>> {
        caller.needs_operator()?;
        let of = caller.organization();
        self.store.read(move |read| read.allowed(of, 10_000)).await
    }

    /// Keeps bounces from suppressing an address, and takes it off the list it is on.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Domain`, `Invalid` address.
    pub async fn allow(
        &self,
        caller: &Caller,
        domain: Option<DomainId>,
        address: &str,
    ) -> Result<()> {
        caller.needs_operator()?;
        let of = caller.organization();
        let address = checked_address(address)?;
        let now = self.now();
        self.store
            .write(move |write| {
                own(write, of, domain)?;
                write.allow(of, domain, &address, now)?;
                write.unsuppress(of, domain, &address).map(drop)
            })
            .await
    }

    /// Lets bounces suppress an address again.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Suppression`, `Invalid` address.
    pub async fn disallow(
        &self,
        caller: &Caller,
        domain: Option<DomainId>,
        address: &str,
    ) -> Result<()> {
        caller.needs_operator()?;
        let of = caller.organization();
        let address = checked_address(address)?;
        self.store
            .write(move |write| {
                if write.disallow(of, domain, &address)? {
                    return Ok(());
                }
                Err(Error::Missing(Missing::Suppression))
            })
            .await
    }
}
