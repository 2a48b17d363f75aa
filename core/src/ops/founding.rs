//! What a new installation begins with, made in one write: all of it, or nothing.

use super::domains::checked_host;
use super::keys::NewKey;
use super::organizations::checked_name;
use super::user_keys::first;
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
    /// Keys of the organization's first person, who has its name.
    pub user_keys: Vec<NewKey>,
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
        let rows = |keys: Vec<NewKey>| {
            let rows = keys.into_iter().map(|key| self.key_row(unknown, key));
            rows.collect::<Result<Vec<_>>>()
        };
        let (more_keys, user_keys) = (rows(new.more_keys)?, rows(new.user_keys)?);
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
                let person = match user_keys.is_empty() {
                    true => None,
                    false => Some(first(write, of, now)?),
                };
                let of_nobody = more_keys.into_iter().map(|key| (None, key));
                let of_person = user_keys.into_iter().map(|key| (person, key));
                for (user, mut key) in of_nobody.chain(of_person) {
                    key.organization = of;
                    key.domain = None;
                    key.user = user;
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
