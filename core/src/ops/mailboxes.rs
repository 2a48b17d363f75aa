//! The mailboxes of people: made, changed, shut, and removed with time to think again.

use super::folders::naming::inbox_first;
use super::sign_in::owner;
use crate::clock::Timestamp;
use crate::engine::Posthouse;
use crate::error::{Conflict, Denied, Error, Field, Missing, Reason, Result};
use crate::ids::{DomainId, OrganizationId, random};
use crate::limits::{LIST_ROWS, NAME_CHARACTERS};
use crate::model::address::Address;
use crate::model::domain::Switch;
use crate::model::folder::{FolderStanding, STANDARD};
use crate::model::key::{Caller, Scope};
use crate::model::mailbox::{Mailbox, MailboxKind};
use crate::model::owner::Owner;
use crate::password::Password;
use crate::store::{Read, Write};

/// A mailbox to be made.
#[derive(Clone, Debug, Default)]
pub struct NewMailbox {
    /// Its address, at a domain of the caller's.
    pub address: String,
    /// What its person is called.
    pub name: String,
    /// What it may hold, in bytes.
    pub quota_bytes: Option<u64>,
    /// What opens it; None: nothing yet.
    pub password: Option<String>,
}

/// What to change of a mailbox; None leaves it.
#[derive(Clone, Debug, Default)]
pub struct MailboxChange {
    /// What its person is called.
    pub name: Option<String>,
    /// What it may hold, in bytes; an inner None: anything.
    pub quota_bytes: Option<Option<u64>>,
    /// What opens it.
    pub password: Option<String>,
    /// Whether what is sent from it is kept in `Sent`.
    pub keep_sent: Option<Switch>,
    /// Whether it can be opened.
    pub open: Option<Switch>,
}

/// A mailbox to be made, checked, its password hashed.
pub(crate) struct Checked {
    pub(crate) address: Address,
    pub(crate) name: String,
    pub(crate) quota_bytes: Option<u64>,
    pub(crate) password_hash: Option<String>,
}

impl Posthouse {
    /// Makes a person's mailbox. One that was only reserved becomes it, with its mail and
    /// routing.
    ///
    /// # Errors
    /// `Denied::Scope`; `Invalid` address, name, limit or password; `Missing::Domain` when its
    /// host is not the caller's domain; `Conflict::Taken` when there is one, or there was and
    /// it can still be brought back; `Conflict::Full` when the domain has as many as it may.
    pub async fn make_mailbox(&self, caller: &Caller, new: NewMailbox) -> Result<Mailbox> {
        caller.needs(Scope::Mailboxes)?;
        let of = caller.organization();
        let checked = self.checked_mailbox(new).await?;
        let now = self.now();
        self.store
            .write(move |write| make(write, of, &checked, now))
            .await
    }

    /// A mailbox to be made, checked.
    pub(crate) async fn checked_mailbox(&self, new: NewMailbox) -> Result<Checked> {
        let address = parsed(&new.address)?;
        named(&new.name)?;
        limited(new.quota_bytes)?;
        let password_hash = match new.password {
            Some(text) => Some(self.hashed(&text).await?),
            None => None,
        };
        Ok(Checked {
            address,
            name: new.name.trim().to_owned(),
            quota_bytes: new.quota_bytes,
            password_hash,
        })
    }

    pub(super) async fn hashed(&self, text: &str) -> Result<String> {
        let password = Password::parse(text)?;
        self.passwords.hash(password, random(self.entropy())).await
    }

    /// Changes a person's mailbox.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Mailbox`, `Invalid` name, limit or password.
    pub async fn change_mailbox(
        &self,
        caller: &Caller,
        address: &str,
        change: MailboxChange,
    ) -> Result<Mailbox> {
        caller.needs(Scope::Mailboxes)?;
        let of = caller.organization();
        let address = parsed(address)?;
        if let Some(name) = &change.name {
            named(name)?;
        }
        limited(change.quota_bytes.flatten())?;
        let hash = match &change.password {
            Some(text) => Some(self.hashed(text).await?),
            None => None,
        };
        let now = self.now();
        self.store
            .write(move |write| {
                let mut mailbox = standing(write, of, &address)?;
                if let Some(name) = change.name {
                    name.trim().clone_into(&mut mailbox.name);
                }
                if let Some(quota_bytes) = change.quota_bytes {
                    mailbox.quota_bytes = quota_bytes;
                }
                if let Some(keep_sent) = change.keep_sent {
                    mailbox.keep_sent = keep_sent;
                }
                match change.open {
                    Some(Switch::On) => mailbox.suspended_at = None,
                    Some(Switch::Off) => {
                        mailbox.suspended_at.get_or_insert(now);
                    }
                    None => {}
                }
                write.set_mailbox(&mailbox, hash.as_deref(), now)?;
                full(write, of, &address)
            })
            .await
    }

    /// Gives a person's mailbox another address, at a domain of the caller's. The old one
    /// takes nothing more for it.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Mailbox`, `Invalid` address, `Missing::Domain`,
    /// `Conflict::Taken`, `Conflict::Full`.
    pub async fn rename_mailbox(&self, caller: &Caller, from: &str, to: &str) -> Result<Mailbox> {
        caller.needs(Scope::Mailboxes)?;
        let of = caller.organization();
        let (from, to) = (parsed(from)?, parsed(to)?);
        let now = self.now();
        self.store
            .write(move |write| {
                let mailbox = standing(write, of, &from)?;
                if write.mailbox_asked_for(&to.key())?.is_some() {
                    return Err(Error::Conflict(Conflict::Taken));
                }
                let domain = own_domain(write, of, &to)?;
                if mailbox.domain != Some(domain) {
                    has_place(write, of, domain)?;
                }
                write.rename_mailbox(&mailbox, (domain, &to.key()), now)?;
                full(write, of, &to)
            })
            .await
    }

    /// Removes a person's mailbox: it takes no mail and cannot be opened, and goes with all
    /// that it holds after [`MAILBOX_UNDO`](crate::limits::MAILBOX_UNDO).
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Mailbox`.
    pub async fn remove_mailbox(&self, caller: &Caller, address: &str) -> Result<Mailbox> {
        self.set_removed(caller, address, Switch::Off).await
    }

    /// Brings a mailbox back that was removed.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Mailbox`, `Conflict::Full`.
    pub async fn restore_mailbox(&self, caller: &Caller, address: &str) -> Result<Mailbox> {
        self.set_removed(caller, address, Switch::On).await
    }

    async fn set_removed(&self, caller: &Caller, address: &str, there: Switch) -> Result<Mailbox> {
        caller.needs(Scope::Mailboxes)?;
        let of = caller.organization();
        let address = parsed(address)?;
        let now = self.now();
        self.store
            .write(move |write| {
                let mut mailbox = full(write, of, &address)?;
                match there {
                    Switch::On => {
                        if let (Some(_), Some(domain)) = (mailbox.removed_at, mailbox.domain) {
                            has_place(write, of, domain)?;
                        }
                        mailbox.removed_at = None;
                    }
                    Switch::Off => {
                        mailbox.removed_at.get_or_insert(now);
                    }
                }
                write.set_mailbox(&mailbox, None, now)?;
                full(write, of, &address)
            })
            .await
    }

    /// The mailboxes of people, by address: of one domain, or all.
    ///
    /// # Errors
    /// `Denied::Scope`.
    pub async fn mailboxes(&self, caller: &Caller, host: Option<&str>) -> Result<Vec<Mailbox>> {
        caller.needs(Scope::Mailboxes)?;
        let of = caller.organization();
        let host = host.map(str::to_lowercase);
        let mut all = self
            .store
            .read(move |read| read.mailboxes_asked_for(of, LIST_ROWS))
            .await?;
        all.retain(|mailbox| {
            let at = mailbox.address.rsplit_once('@').map(|(_, host)| host);
            mailbox.kind == MailboxKind::Full
                && host.as_ref().is_none_or(|host| at == Some(host.as_str()))
        });
        Ok(all)
    }

    /// One person's mailbox and its folders.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Mailbox`, `Invalid` address.
    pub async fn mailbox(
        &self,
        caller: &Caller,
        address: &str,
    ) -> Result<(Mailbox, Vec<FolderStanding>)> {
        caller.needs(Scope::Mailboxes)?;
        let of = caller.organization();
        let address = parsed(address)?;
        self.store
            .read(move |read| {
                let mailbox = full(read, of, &address)?;
                let folders = inbox_first(read, mailbox.id)?;
                Ok((mailbox, folders))
            })
            .await
    }

    /// Whoever may make mailboxes stands for the owner of one.
    ///
    /// # Errors
    /// `Denied::Scope`, `Denied::Suspended`, `Missing::Mailbox`, `Invalid` address.
    pub async fn stand_for(&self, caller: &Caller, address: &str) -> Result<Owner> {
        let (mailbox, _) = self.mailbox(caller, address).await?;
        owner(&mailbox)
    }
}

fn parsed(text: &str) -> Result<Address> {
    Address::parse(text.trim()).map_err(|_| Field::Address.error(Reason::Malformed))
}

fn named(name: &str) -> Result<()> {
    if name.chars().any(char::is_control) {
        return Err(Field::Name.error(Reason::Malformed));
    }
    if name.chars().count() > NAME_CHARACTERS {
        return Err(Field::Name.error(Reason::TooLong));
    }
    Ok(())
}

fn limited(quota_bytes: Option<u64>) -> Result<()> {
    match quota_bytes {
        Some(0) => Err(Field::Limit.error(Reason::OutOfRange)),
        Some(bytes) if i64::try_from(bytes).is_err() => Err(Field::Limit.error(Reason::OutOfRange)),
        Some(_) | None => Ok(()),
    }
}

fn own_domain(read: &Read<'_>, of: OrganizationId, address: &Address) -> Result<DomainId> {
    let domain = read.domain_of_host(of, address.domain())?;
    domain
        .map(|domain| domain.id)
        .ok_or(Error::Missing(Missing::Domain))
}

/// Refuses where a domain has as many mailboxes of people as it may.
fn has_place(read: &Read<'_>, of: OrganizationId, domain: DomainId) -> Result<()> {
    let most = read
        .domain(of, domain)?
        .and_then(|domain| domain.mailbox_limit);
    match most {
        Some(most) if read.allotted(domain)?.mailboxes >= u64::from(most) => {
            Err(Error::Conflict(Conflict::Full))
        }
        Some(_) | None => Ok(()),
    }
}

/// A person's mailbox, removed or not.
fn full(read: &Read<'_>, of: OrganizationId, address: &Address) -> Result<Mailbox> {
    read.mailbox_of(Some(of), &address.key())?
        .filter(|mailbox| mailbox.kind == MailboxKind::Full)
        .ok_or(Error::Missing(Missing::Mailbox))
}

/// A person's mailbox that was not removed.
fn standing(read: &Read<'_>, of: OrganizationId, address: &Address) -> Result<Mailbox> {
    let mailbox = full(read, of, address)?;
    match mailbox.removed_at {
        None => Ok(mailbox),
        Some(_) => Err(Error::Missing(Missing::Mailbox)),
    }
}

/// Makes a mailbox that was checked.
pub(crate) fn make(
    write: &Write<'_>,
    of: OrganizationId,
    new: &Checked,
    now: Timestamp,
) -> Result<Mailbox> {
    let address = new.address.key();
    match write.mailbox_asked_for(&address)? {
        Some(other) if other.owner != Some(of) => return Err(Error::Denied(Denied::Owner)),
        Some(own) if own.kind == MailboxKind::Full => {
            return Err(Error::Conflict(Conflict::Taken));
        }
        Some(_) | None => {}
    }
    let domain = own_domain(write, of, &new.address)?;
    has_place(write, of, domain)?;
    let mut mailbox = write.ask_for_mailbox((of, Some(domain)), &address, now)?;
    mailbox.name.clone_from(&new.name);
    mailbox.quota_bytes = new.quota_bytes;
    mailbox.kind = MailboxKind::Full;
    write.set_mailbox(&mailbox, new.password_hash.as_deref(), now)?;
    for (name, role) in STANDARD {
        write.add_folder(mailbox.id, (name, Some(role)), now)?;
    }
    write.file_loose(mailbox.id)?;
    full(write, of, &new.address)
}
