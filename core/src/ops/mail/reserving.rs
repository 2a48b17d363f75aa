//! Addresses: asked for, routed and let go.

use super::addresses::{AddressView, sealed};
use super::place::parsed;
use super::{Place, Whose, account, place};
use crate::clock::Timestamp;
use crate::engine::Posthouse;
use crate::error::{Conflict, Denied, Error, Field, Reason, Result};
use crate::ids::{OrganizationId, new_uuid};
use crate::limits::{EXPIRE_STEP, INFO_CHARACTERS, RESERVED_AT_ONCE};
use crate::model::address::Address;
use crate::model::domain::Switch;
use crate::model::event::EventKind;
use crate::model::key::{Caller, Scope};
use crate::model::mailbox::{Mailbox, MailboxKind};
use crate::ops::receive::home;
use crate::store::{NewWebhook, Sweep, Write};

/// What to change of an address; None leaves it, an inner None switches it off.
#[derive(Clone, Debug, Default)]
pub struct AddressChange {
    /// A person's words about it.
    pub info: Option<String>,
    /// The address here that its mail goes to as well.
    pub forward: Option<Option<String>>,
    /// Whether sockets are told of its mail.
    pub socket: Option<Switch>,
    /// Its webhooks.
    pub hooks: Vec<HookChange>,
}

/// What to change of an address's webhook of one form.
#[derive(Clone, Debug)]
pub struct HookChange {
    /// Whose form its bodies have.
    pub form: &'static str,
    /// Where it goes.
    pub url: Option<Option<String>>,
    /// What the form is told beside.
    pub words: Option<Option<String>>,
}

/// What becomes of the mail of an address that is let go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Letting {
    /// It stays the organization's.
    Keep,
    /// It goes, starred or not.
    Remove,
}

/// A change that was checked.
struct Checked {
    info: Option<String>,
    forward: Option<Option<Address>>,
    socket: Option<Switch>,
    hooks: Vec<CheckedHook>,
}

struct CheckedHook {
    form: &'static str,
    /// The URL sealed, and as it may be shown.
    url: Option<Option<(Vec<u8>, String)>>,
    words: Option<Option<String>>,
    uuid: uuid::Uuid,
}

impl Posthouse {
    /// Asks for an address: it and all its mail are the organization's from now on.
    ///
    /// # Errors
    /// `Denied::Scope`; `Denied::Owner` when another has it, `Conflict::Taken` when the
    /// caller does; `Invalid` address, host (not ours), forward (`Field::To`) or url.
    pub async fn reserve_address(
        &self,
        caller: &Caller,
        address: &str,
        change: AddressChange,
    ) -> Result<AddressView> {
        caller.needs(Scope::Mail)?;
        let (of, asker) = (caller.organization(), caller.clone());
        let (address, alias) = (parsed(address)?, self.aliases());
        let change = self.checked(change)?;
        let public = self.settings().public_hosts.clone();
        let now = self.now();
        let row = self
            .store
            .write(move |write| {
                let found = exact(write, of, &address, &public)?;
                if found.own(of).is_some_and(|own| own.kind.is_asked_for()) {
                    return Err(Error::Conflict(Conflict::Taken));
                }
                let mailbox = reserve(write, of, &found, now)?;
                route(write, of, &mailbox, &change, &public, now)?;
                let found = place(write, of, &address, &public)?;
                sealed(write, of, &account(write, &asker)?, found, alias)
            })
            .await?;
        self.unsealed_one(row).await
    }

    /// Asks for several addresses: all, or none. Those that the caller has stay as they are.
    ///
    /// # Errors
    /// As `reserve_address`, without `Conflict::Taken`; `Invalid` address that has too many.
    pub async fn reserve_addresses(
        &self,
        caller: &Caller,
        addresses: &[String],
    ) -> Result<Vec<AddressView>> {
        caller.needs(Scope::Mail)?;
        if addresses.len() > RESERVED_AT_ONCE {
            return Err(Field::Address.error(Reason::TooMany));
        }
        let (of, asker) = (caller.organization(), caller.clone());
        let alias = self.aliases();
        let addresses: Vec<Address> = addresses
            .iter()
            .map(|text| parsed(text))
            .collect::<Result<_>>()?;
        let public = self.settings().public_hosts.clone();
        let now = self.now();
        let rows = self
            .store
            .write(move |write| {
                let account = account(write, &asker)?;
                let mut rows = Vec::with_capacity(addresses.len());
                for address in &addresses {
                    let found = exact(write, of, address, &public)?;
                    if !found.own(of).is_some_and(|own| own.kind.is_asked_for()) {
                        reserve(write, of, &found, now)?;
                    }
                    let found = place(write, of, address, &public)?;
                    rows.push(sealed(write, of, &account, found, &alias)?);
                }
                Ok(rows)
            })
            .await?;
        self.unsealed(rows).await
    }

    /// Changes what an address of the caller's does with its mail. One at a domain of theirs
    /// counts as asked for from then on.
    ///
    /// # Errors
    /// `Denied::Scope`; `Denied::Owner` when it is not the caller's; `Invalid` address,
    /// forward (`Field::To`) or url.
    pub async fn route_address(
        &self,
        caller: &Caller,
        address: &str,
        change: AddressChange,
    ) -> Result<AddressView> {
        caller.needs(Scope::Mail)?;
        let (of, asker) = (caller.organization(), caller.clone());
        let (address, alias) = (parsed(address)?, self.aliases());
        let change = self.checked(change)?;
        let public = self.settings().public_hosts.clone();
        let now = self.now();
        let row = self
            .store
            .write(move |write| {
                let found = place(write, of, &address, &public)?;
                if found.whose != Whose::Ours {
                    return Err(Error::Denied(Denied::Owner));
                }
                let mailbox = match found.own(of) {
                    Some(own) if own.kind.is_asked_for() => own.clone(),
                    Some(_) | None => reserve(write, of, &found, now)?,
                };
                route(write, of, &mailbox, &change, &public, now)?;
                let found = place(write, of, &address, &public)?;
                sealed(write, of, &account(write, &asker)?, found, alias)
            })
            .await?;
        self.unsealed_one(row).await
    }

    /// Lets an address go that was asked for, with its routing. What comes for it from now
    /// on is nobody's, or still the organization's at a domain of its own. The address.
    ///
    /// # Errors
    /// `Denied::Scope`; `Denied::Owner` when another has it, `Conflict::State` when nobody
    /// asked for it, or it is a person's mailbox.
    pub async fn release_address(
        &self,
        caller: &Caller,
        address: &str,
        mail: Letting,
    ) -> Result<String> {
        caller.needs(Scope::Mail)?;
        let (of, address) = (caller.organization(), parsed(address)?);
        let public = self.settings().public_hosts.clone();
        let now = self.now();
        let (wanted, hosts) = (address.clone(), public.clone());
        let own = self
            .store
            .read(move |read| reserved(&place(read, of, &wanted, &hosts)?, of))
            .await?;
        if mail == Letting::Remove {
            self.sweep(Sweep::Mailbox(own.id, of)).await?;
        }
        self.store
            .write(move |write| {
                let found = place(write, of, &address, &public)?;
                let own = reserved(&found, of)?;
                let to = match found.domain {
                    Some(_) => MailboxKind::Implicit,
                    None => MailboxKind::Public,
                };
                write.release_mailbox(own.id, to, now)?;
                Ok(own.address)
            })
            .await
    }

    /// Takes mail out, a bounded write at a time.
    pub(super) async fn sweep(&self, which: Sweep) -> Result<()> {
        loop {
            let gone = self
                .store
                .write(move |write| write.sweep(which, EXPIRE_STEP))
                .await?;
            if gone < EXPIRE_STEP {
                return Ok(());
            }
        }
    }

    fn checked(&self, change: AddressChange) -> Result<Checked> {
        let AddressChange {
            info,
            forward,
            socket,
            hooks,
        } = change;
        if info
            .as_ref()
            .is_some_and(|info| info.chars().count() > INFO_CHARACTERS)
        {
            return Err(Field::Name.error(Reason::TooLong));
        }
        let forward = match forward {
            Some(Some(text)) => Some(Some(
                Address::parse(text.trim()).map_err(|_| Field::To.error(Reason::Malformed))?,
            )),
            Some(None) => Some(None),
            None => None,
        };
        let hook = |hook: HookChange| {
            let url = match hook.url {
                Some(Some(url)) => Some(Some(self.sealed_url(&url)?)),
                Some(None) => Some(None),
                None => None,
            };
            Ok(CheckedHook {
                form: hook.form,
                url,
                words: hook.words,
                uuid: new_uuid(self.now(), self.entropy()),
            })
        };
        Ok(Checked {
            info,
            forward,
            socket,
            hooks: hooks.into_iter().map(hook).collect::<Result<_>>()?,
        })
    }
}

/// As `place`, of the address to the letter: one is asked for with its `+`.
fn exact(
    write: &Write<'_>,
    of: OrganizationId,
    address: &Address,
    public: &[String],
) -> Result<Place> {
    let mut found = place(write, of, address, public)?;
    let whole = address.key();
    if found.address != whole {
        found.mailboxes = write.mailbox_of(Some(of), &whole)?.into_iter().collect();
        found.address = whole;
    }
    Ok(found)
}

fn reserved(found: &Place, of: OrganizationId) -> Result<Mailbox> {
    if found.whose == Whose::Theirs {
        return Err(Error::Denied(Denied::Owner));
    }
    found
        .own(of)
        .filter(|own| own.kind == MailboxKind::Reserved)
        .cloned()
        .ok_or(Error::Conflict(Conflict::State))
}

fn reserve(
    write: &Write<'_>,
    of: OrganizationId,
    found: &Place,
    now: Timestamp,
) -> Result<Mailbox> {
    if found.whose == Whose::Theirs {
        return Err(Error::Denied(Denied::Owner));
    }
    if !found.handled {
        return Err(Field::Host.error(Reason::Unknown));
    }
    write.ask_for_mailbox((of, found.domain), &found.address, now)
}

fn route(
    write: &Write<'_>,
    of: OrganizationId,
    mailbox: &Mailbox,
    change: &Checked,
    public: &[String],
    now: Timestamp,
) -> Result<()> {
    let forward = match &change.forward {
        Some(Some(to)) => {
            if to.key() == mailbox.address || home(write, to, public)?.is_err() {
                return Err(Field::To.error(Reason::Unknown));
            }
            Some(to.key())
        }
        Some(None) => None,
        None => mailbox.forward.clone(),
    };
    let info = change.info.as_deref().unwrap_or(&mailbox.info);
    let socket = change.socket.unwrap_or(mailbox.socket);
    write.set_routing(mailbox.id, (info, forward.as_deref(), socket), now)?;
    for hook in &change.hooks {
        set_hook(write, of, mailbox, hook, now)?;
    }
    Ok(())
}

fn set_hook(
    write: &Write<'_>,
    of: OrganizationId,
    mailbox: &Mailbox,
    change: &CheckedHook,
    now: Timestamp,
) -> Result<()> {
    let known = write.hooks_of(mailbox.id)?;
    let known = known.into_iter().find(|hook| hook.form == change.form);
    let words = match &change.words {
        Some(words) => words.clone(),
        None => known.as_ref().and_then(|hook| hook.words.clone()),
    };
    match (known, &change.url) {
        (Some(hook), Some(None)) => write.remove_webhook(hook.id),
        (Some(hook), url) => {
            if let Some(Some((sealed, shown))) = url {
                write.set_webhook_url(hook.id, sealed, shown, now)?;
            }
            write.set_webhook_kinds(hook.id, &[EventKind::Received], words.as_deref(), now)
        }
        (None, Some(Some((sealed, shown)))) => {
            let new = NewWebhook {
                uuid: change.uuid,
                organization: of,
                domain: None,
                mailbox: Some(mailbox.id),
                form: change.form.to_owned(),
                url_sealed: sealed.clone(),
                url_shown: shown.clone(),
                kinds: vec![EventKind::Received],
                words,
                secret: None,
            };
            write.add_webhook(&new, now)?;
            Ok(())
        }
        (None, Some(None) | None) => Ok(()),
    }
}
