//! What a new installation begins with, made in one write: all of it, or nothing.

use super::domains::checked_host;
use super::keys::NewKey;
use super::organizations::checked_name;
use crate::engine::Posthouse;
use crate::error::{Error, Field, Missing, Reason, Result};
use crate::ids::{OrganizationId, new_uuid};
use crate::model::domain::Domain;
use crate::model::organization::Organization;

/// The first organization, to be made.
#[derive(Clone, Debug)]
pub struct Founding {
    /// Its name.
    pub organization: String,
    /// The host of its domain.
    pub host: String,
    /// A key that is bound to no domain.
    pub organization_key: NewKey,
    /// A key that is bound to the domain.
    pub domain_key: NewKey,
    /// Further keys that are bound to no domain.
    pub more_keys: Vec<NewKey>,
}

/// The first organization, made.
#[derive(Clone, Debug)]
pub struct Founded {
    /// The organization.
    pub organization: Organization,
    /// Its domain.
    pub domain: Domain,
}

impl Posthouse {
    /// Makes the first organization with a domain and keys; None when there is an
    /// organization already. A crash leaves all of it or nothing.
    ///
    /// # Errors
    /// `Invalid` name or host.
    pub async fn found(&self, new: Founding) -> Result<Option<Founded>> {
        let any = self.organizations(OrganizationId(0), 1).await?;
        if !any.is_empty() {
            return Ok(None);
        }
        let name = checked_name(&new.organization)?;
        let rsa = self.new_rsa().await?;
        let domain = self.new_domain(checked_host(&new.host)?, None, None, &rsa)?;
        // Their organization and domain are known once these are written.
        let unknown = OrganizationId(0);
        let mut organization_key = self.key_row(unknown, new.organization_key)?;
        let mut domain_key = self.key_row(unknown, new.domain_key)?;
        let more_keys = new
            .more_keys
            .into_iter()
            .map(|key| self.key_row(unknown, key))
            .collect::<Result<Vec<_>>>()?;
        let now = self.now();
        let uuid = new_uuid(now, self.entropy());
        self.store
            .write(move |write| {
                if !write.organizations(OrganizationId(0), 1)?.is_empty() {
                    return Ok(None);
                }
                let of = write.add_organization(uuid, &name, now)?;
                let domain = write
                    .add_domain(of, &domain, now)?
                    .ok_or_else(|| Field::Host.error(Reason::Taken))?;
                organization_key.organization = of;
                organization_key.domain = None;
                domain_key.organization = of;
                domain_key.domain = Some(domain);
                write.add_key(&organization_key, now)?;
                write.add_key(&domain_key, now)?;
                for mut key in more_keys {
                    key.organization = of;
                    key.domain = None;
                    write.add_key(&key, now)?;
                }
                Ok(Some(Founded {
                    organization: write
                        .organization(of)?
                        .ok_or(Error::Missing(Missing::Organization))?,
                    domain: write
                        .domain(of, domain)?
                        .ok_or(Error::Missing(Missing::Domain))?,
                }))
            })
            .await
    }
}
