//! The mail of a whole domain.

use super::addresses::{AddressView, sealed};
use super::looking::{Stretch, cut};
use super::{Place, Shown, Whose, account, loosely};
use crate::engine::Posthouse;
use crate::error::{Denied, Error, Missing, Result};
use crate::ids::OrganizationId;
use crate::model::domain::{Domain, DomainSort, RecordKind, Switch, Verdict};
use crate::model::key::{Caller, Scope};
use crate::model::page::{Direction, Page};
use crate::ops::records::with_records;
use crate::store::{Read, Sweep};

/// A domain, as a reader of its mail sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DomainView {
    /// The domain.
    pub domain: Domain,
    /// The account that has it.
    pub owner: String,
    /// Whether its MX was found to be ours.
    pub receives_here: bool,
    /// Whether sockets are told of mail that has no routing of its own.
    pub socket: Switch,
    /// What was wrong with its records when they were last looked at.
    pub faults: Vec<String>,
}

impl Posthouse {
    /// The caller's domains, by name.
    ///
    /// # Errors
    /// `Denied::Scope`.
    pub async fn mail_domains(&self, caller: &Caller) -> Result<Vec<DomainView>> {
        caller.needs(Scope::Mail)?;
        let (of, asker) = (caller.organization(), caller.clone());
        let hosts = self.hosts();
        self.store
            .read(move |read| {
                let account = account(read, &asker)?;
                read.domains(of, Page::WHOLE, DomainSort::Name, Direction::Ascending)?
                    .into_iter()
                    .map(|domain| view(read, domain, &account, &hosts))
                    .collect()
            })
            .await
    }

    /// One domain of the caller's, how many messages its addresses hold, and the address
    /// whose routing holds for those without.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Domain`; `Denied::Owner` when another has it.
    pub async fn mail_domain(
        &self,
        caller: &Caller,
        host: &str,
    ) -> Result<(DomainView, u64, Option<AddressView>)> {
        caller.needs(Scope::Mail)?;
        let (of, asker) = (caller.organization(), caller.clone());
        let (host, hosts, alias) = (host.to_lowercase(), self.hosts(), self.aliases());
        let (domain, messages, catch_all) = self
            .store
            .read(move |read| {
                let account = account(read, &asker)?;
                let domain = own(read, of, &host)?;
                let messages = read.messages_at(domain.id)?;
                let mailbox = match domain.catch_all {
                    Some(id) => read.mailbox(id)?,
                    None => None,
                };
                let row = mailbox.map(|mailbox| {
                    let place = Place {
                        address: mailbox.address.clone(),
                        whose: Whose::Ours,
                        domain: Some(domain.id),
                        handled: true,
                        mailboxes: vec![mailbox],
                    };
                    sealed(read, of, &account, place, &alias)
                });
                let row = row.transpose()?;
                Ok((view(read, domain, &account, &hosts)?, messages, row))
            })
            .await?;
        let catch_all = match catch_all {
            Some(row) => Some(self.unsealed_one(row).await?),
            None => None,
        };
        Ok((domain, messages, catch_all))
    }

    /// The messages that came to a domain of the caller's, newest first.
    ///
    /// # Errors
    /// As `mail_domain`.
    pub async fn mail_at_domain(
        &self,
        caller: &Caller,
        host: &str,
        stretch: Stretch,
    ) -> Result<Vec<Shown>> {
        caller.needs(Scope::Mail)?;
        let (of, host) = (caller.organization(), host.to_lowercase());
        let found = self
            .store
            .read(move |read| {
                let domain = own(read, of, &host)?.id;
                let list = |before, page| read.messages_to(domain, before, page);
                let mut messages = cut(stretch, list)?;
                messages.retain(|one| one.owner == Some(of));
                loosely(read, messages)
            })
            .await?;
        self.shown(found).await
    }

    /// Takes all mail out that came to a domain of the caller's, starred or not.
    ///
    /// # Errors
    /// As `mail_domain`.
    pub async fn purge_domain_mail(&self, caller: &Caller, host: &str) -> Result<()> {
        caller.needs(Scope::Mail)?;
        let (of, host) = (caller.organization(), host.to_lowercase());
        let domain = self.store.read(move |read| own(read, of, &host)).await?;
        self.sweep(Sweep::Domain(domain.id, of)).await
    }
}

fn own(read: &Read<'_>, of: OrganizationId, host: &str) -> Result<Domain> {
    if let Some(domain) = read.domain_of_host(of, host)? {
        return Ok(domain);
    }
    Err(match read.receiving_domain(host)? {
        Some(_) => Error::Denied(Denied::Owner),
        None => Error::Missing(Missing::Domain),
    })
}

fn view(
    read: &Read<'_>,
    domain: Domain,
    account: &str,
    hosts: &(String, String),
) -> Result<DomainView> {
    let catch_all = match domain.catch_all {
        Some(id) => read.mailbox(id)?,
        None => None,
    };
    let looked = with_records(read, domain, hosts)?;
    let verdict = |record: &crate::model::domain::Record| {
        record.checked.as_ref().map(|checked| checked.verdict)
    };
    let mut receives_here = false;
    let mut faults = Vec::new();
    for record in &looked.records {
        match verdict(record) {
            Some(Verdict::Match) if record.kind == RecordKind::Mx => receives_here = true,
            Some(Verdict::Match) | None => {}
            Some(wrong @ (Verdict::Mismatch | Verdict::Absent | Verdict::Unsure)) => {
                faults.push(format!("{} {}: {wrong}", record.record_type, record.name));
            }
        }
    }
    Ok(DomainView {
        domain: looked.domain,
        owner: account.to_owned(),
        receives_here,
        socket: catch_all.map_or(Switch::Off, |mailbox| mailbox.socket),
        faults,
    })
}
