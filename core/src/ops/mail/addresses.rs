//! Addresses, shown.

use aws_lc_rs::hmac;

use super::place::parsed;
use super::token::hex;
use super::{Place, Whose, account, place};
use crate::clock::Timestamp;
use crate::engine::Posthouse;
use crate::error::{Result, internal};
use crate::ids::OrganizationId;
use crate::limits::LIST_ROWS;
use crate::model::domain::Switch;
use crate::model::key::{Caller, Scope};
use crate::model::mailbox::{Mailbox, MailboxKind};
use crate::ops::webhooks::URL_PURPOSE;
use crate::store::{Hook as HookRow, Read};

/// An address, as one who may see it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressView {
    /// Lower case.
    pub address: String,
    /// The account that has it; None: nobody.
    pub owner: Option<String>,
    /// Whether it is the owner's without having been asked for.
    pub implicit: bool,
    /// A person's words about it.
    pub info: String,
    /// The address here that its mail goes to as well.
    pub forward: Option<String>,
    /// Whether sockets are told of its mail.
    pub socket: Switch,
    /// Its webhooks, one of a form.
    pub hooks: Vec<HookView>,
    /// Whether its routing holds for all of its domain that have none of their own.
    pub catch_all: bool,
    /// Another address for it, that does not tell it.
    pub alias: String,
    /// When it was made and last changed; None when there is nothing behind it yet.
    pub times: Option<(Timestamp, Timestamp)>,
}

/// A webhook of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookView {
    /// Whose form its bodies have.
    pub form: String,
    /// Where it goes.
    pub url: String,
    /// What the form was told beside.
    pub words: Option<String>,
}

/// Whether an address can be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Availability {
    /// The address, lower case.
    pub address: String,
    /// Nobody has it, and it is at a host where it can be had.
    pub available: bool,
    /// The caller has it.
    pub owned: bool,
}

/// An address with its rows, still sealed.
pub(super) struct Sealed {
    place: Place,
    owner: Option<String>,
    mailbox: Option<Mailbox>,
    catch_all: bool,
    hooks: Vec<HookRow>,
    alias_known: bool,
}

/// The rows of an address.
pub(super) fn sealed(
    read: &Read<'_>,
    of: OrganizationId,
    account: &str,
    place: Place,
    alias: impl Fn(&str) -> String,
) -> Result<Sealed> {
    let owned = place.whose == Whose::Ours;
    let mailbox = match owned {
        true => place.own(of),
        false => place.mailboxes.iter().find(|one| one.owner.is_none()),
    }
    .cloned();
    let (catch_all, hooks) = match &mailbox {
        Some(mailbox) if owned => (read.is_catch_all(mailbox.id)?, read.hooks_of(mailbox.id)?),
        Some(_) | None => (false, Vec::new()),
    };
    Ok(Sealed {
        owner: owned.then(|| account.to_owned()),
        alias_known: !place.handled || read.alias(&alias(&place.address))?.is_some(),
        mailbox,
        catch_all,
        hooks,
        place,
    })
}

impl Posthouse {
    /// The addresses that the caller's organization asked for, in order.
    ///
    /// # Errors
    /// `Denied::Scope`.
    pub async fn addresses(&self, caller: &Caller) -> Result<Vec<AddressView>> {
        caller.needs(Scope::Mail)?;
        let (of, asker) = (caller.organization(), caller.clone());
        let alias = self.aliases();
        let rows = self
            .store
            .read(move |read| {
                let account = account(read, &asker)?;
                let own = read.mailboxes_asked_for(of, LIST_ROWS)?;
                let each = own.into_iter().map(|mailbox| {
                    let place = Place {
                        address: mailbox.address.clone(),
                        whose: Whose::Ours,
                        domain: mailbox.domain,
                        handled: true,
                        mailboxes: vec![mailbox],
                    };
                    sealed(read, of, &account, place, &alias)
                });
                each.collect::<Result<Vec<_>>>()
            })
            .await?;
        self.unsealed(rows).await
    }

    /// One address: the caller's, or nobody's.
    ///
    /// # Errors
    /// `Denied::Scope`, `Denied::Owner`, `Invalid` address.
    pub async fn address(&self, caller: &Caller, address: &str) -> Result<AddressView> {
        caller.needs(Scope::Mail)?;
        let (of, asker) = (caller.organization(), caller.clone());
        let (address, alias) = (parsed(address)?, self.aliases());
        let public = self.settings().public_hosts.clone();
        let row = self
            .store
            .read(move |read| {
                let place = place(read, of, &address, &public)?.readable(of)?;
                sealed(read, of, &account(read, &asker)?, place, alias)
            })
            .await?;
        self.unsealed_one(row).await
    }

    /// Whether an address can be asked for, and whether the caller has it.
    ///
    /// # Errors
    /// `Denied::Scope`, `Invalid` address.
    pub async fn address_availability(
        &self,
        caller: &Caller,
        address: &str,
    ) -> Result<Availability> {
        caller.needs(Scope::Mail)?;
        let (of, address) = (caller.organization(), parsed(address)?);
        let public = self.settings().public_hosts.clone();
        self.store
            .read(move |read| {
                let place = place(read, of, &address, &public)?;
                Ok(Availability {
                    available: place.handled && place.whose == Whose::Nobodys,
                    owned: place.whose == Whose::Ours,
                    address: place.address,
                })
            })
            .await
    }

    /// The local part that stands for an address without telling it.
    pub(super) fn aliases(&self) -> impl Fn(&str) -> String + Clone + Send + Sync + 'static {
        // SHA-1 because forty digits are what the readers of such addresses know; as a MAC
        // it is sound.
        let key = hmac::Key::new(
            hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
            &self.vault.derive("address-alias"),
        );
        move |address| {
            let tag = hmac::sign(&key, address.as_bytes());
            format!("inbox-{}", hex(tag.as_ref()))
        }
    }

    pub(super) async fn unsealed_one(&self, row: Sealed) -> Result<AddressView> {
        let mut one = self.unsealed(vec![row]).await?;
        one.pop().ok_or_else(|| internal("an address is gone"))
    }

    /// Addresses to be shown. An alias that was never told is kept first: from then on mail
    /// may come for it.
    pub(super) async fn unsealed(&self, rows: Vec<Sealed>) -> Result<Vec<AddressView>> {
        let alias = self.aliases();
        let new: Vec<(String, String)> = rows
            .iter()
            .filter(|row| !row.alias_known)
            .map(|row| (alias(&row.place.address), row.place.address.clone()))
            .collect();
        if !new.is_empty() {
            let keep = move |write: &crate::store::Write<'_>| {
                new.iter()
                    .try_for_each(|(local, address)| write.add_alias(local, address))
            };
            self.store.write(keep).await?;
        }
        rows.into_iter().map(|row| self.view(row, &alias)).collect()
    }

    fn view(&self, row: Sealed, alias: &impl Fn(&str) -> String) -> Result<AddressView> {
        let Sealed {
            place,
            owner,
            mailbox,
            catch_all,
            hooks,
            alias_known: _,
        } = row;
        let hook = |hook: HookRow| {
            let url = self.vault.open(URL_PURPOSE, &hook.url_sealed)?;
            Ok(HookView {
                form: hook.form,
                url: String::from_utf8(url).map_err(internal)?,
                words: hook.words,
            })
        };
        let hooks = hooks.into_iter().map(hook).collect::<Result<_>>()?;
        let host = self.alias_host(&place.address);
        let asked_for = mailbox.as_ref().is_some_and(|one| one.kind.is_asked_for());
        let routed = mailbox.as_ref().filter(|_| owner.is_some());
        Ok(AddressView {
            alias: format!("{}@{host}", alias(&place.address)),
            implicit: owner.is_some() && !asked_for,
            info: routed.map_or_else(String::new, |one| one.info.clone()),
            forward: routed.and_then(|one| one.forward.clone()),
            socket: routed.map_or(Switch::Off, |one| one.socket),
            hooks,
            catch_all,
            times: mailbox
                .filter(|one| one.kind != MailboxKind::Public || owner.is_none())
                .map(|one| (one.created_at, one.updated_at)),
            owner,
            address: place.address,
        })
    }

    /// The host that aliases are at: a public one, so that it tells nothing, else the
    /// address's own.
    pub(crate) fn alias_host(&self, address: &str) -> String {
        let own = address.rsplit_once('@').map_or("", |(_, host)| host);
        let public = self.settings().public_hosts.first();
        public.map_or_else(|| own.to_owned(), Clone::clone)
    }
}
