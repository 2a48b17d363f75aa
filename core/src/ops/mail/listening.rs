//! Mail told as it comes in, to whoever listens: a reader of the log with a number.

use super::place::place;
use super::{Whose, received};
use crate::engine::Posthouse;
use crate::error::{Conflict, Denied, Error, Field, Reason, Result};
use crate::ids::{DomainId, EventId, MailboxId, OrganizationId};
use crate::limits::{LIST_ROWS, LISTENED, LISTENED_STEP};
use crate::model::address::{Address, DomainName};
use crate::model::domain::Switch;
use crate::model::event::{Event, EventKind};
use crate::model::key::{Caller, Scope};
use crate::model::mailbox::Mailbox;
use crate::model::received::Received;
use crate::store::Read;

/// What somebody listens for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listening {
    of: OrganizationId,
    /// Addresses, lower case.
    pub addresses: Vec<String>,
    /// Hosts, lower case.
    pub domains: Vec<String>,
    mailboxes: Vec<MailboxId>,
    domain_ids: Vec<DomainId>,
}

/// Mail that came in, before it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// That it came.
    pub event: Event,
    /// How long it is, in bytes.
    pub size_bytes: u64,
}

/// One thing that somebody wants to listen for.
enum Wanted {
    Address(Address),
    Domain(DomainName),
}

impl Posthouse {
    /// Listens for mail of these addresses and domains; without any, for all of the caller's
    /// that sockets are told of. A domain's mail is all that comes to it.
    ///
    /// # Errors
    /// `Denied::Scope`; `Denied::Owner` for what is not the caller's, `Conflict::State` for
    /// what sockets are not told of, `Invalid` address, also of too many.
    pub async fn listen(&self, caller: &Caller, wanted: &[String]) -> Result<Listening> {
        caller.needs(Scope::Mail)?;
        if wanted.len() > LISTENED {
            return Err(Field::Address.error(Reason::TooMany));
        }
        let wanted: Vec<Wanted> = wanted
            .iter()
            .map(|one| parsed(one))
            .collect::<Result<_>>()?;
        let of = caller.organization();
        let public = self.settings().public_hosts.clone();
        self.store
            .read(move |read| {
                let mut listening = Listening {
                    of,
                    addresses: Vec::new(),
                    domains: Vec::new(),
                    mailboxes: Vec::new(),
                    domain_ids: Vec::new(),
                };
                if wanted.is_empty() {
                    all(read, &mut listening)?;
                }
                for one in &wanted {
                    add(read, &mut listening, one, &public)?;
                }
                Ok(listening)
            })
            .await
    }

    /// The next mail after `after` that is listened for, and where to read on. None, and a
    /// number that is not `after`: there is more to read, with nothing in it so far.
    ///
    /// # Errors
    /// As the store says.
    pub async fn heard(
        &self,
        listening: &Listening,
        after: EventId,
    ) -> Result<(Option<Heard>, EventId)> {
        let listening = listening.clone();
        self.store
            .read(move |read| {
                let mut at = after;
                for event in read.events_after(after, LISTENED_STEP)? {
                    at = event.id;
                    if let Some(heard) = matched(read, &listening, event)? {
                        return Ok((Some(heard), at));
                    }
                }
                Ok((None, at))
            })
            .await
    }

    /// Mail that came in, whole; None when it is gone.
    ///
    /// # Errors
    /// As the store says.
    pub async fn told(&self, heard: Heard) -> Result<Option<Received>> {
        let engine = self.clone();
        self.store
            .read(move |read| received(&engine, read, &heard.event))
            .await
    }
}

fn parsed(text: &str) -> Result<Wanted> {
    let wrong = || Field::Address.error(Reason::Malformed);
    if text.contains('@') {
        return Address::parse(text.trim())
            .map(Wanted::Address)
            .map_err(|_| wrong());
    }
    DomainName::parse(text.trim())
        .map(Wanted::Domain)
        .map_err(|_| wrong())
}

fn all(read: &Read<'_>, listening: &mut Listening) -> Result<()> {
    for mailbox in read.mailboxes_asked_for(listening.of, LIST_ROWS)? {
        if mailbox.socket == Switch::On {
            listening.mailboxes.push(mailbox.id);
            listening.addresses.push(mailbox.address);
        }
    }
    Ok(())
}

fn add(
    read: &Read<'_>,
    listening: &mut Listening,
    wanted: &Wanted,
    public_hosts: &[String],
) -> Result<()> {
    match wanted {
        Wanted::Address(address) => {
            let place = place(read, listening.of, address, public_hosts)?;
            if place.whose != Whose::Ours {
                return Err(Error::Denied(Denied::Owner));
            }
            let own = place.own(listening.of);
            let own = own.filter(|own| own.socket == Switch::On);
            let own = own.ok_or(Error::Conflict(Conflict::State))?;
            if !listening.mailboxes.contains(&own.id) {
                listening.mailboxes.push(own.id);
                listening.addresses.push(place.address);
            }
        }
        Wanted::Domain(host) => {
            let host = host.to_string();
            let domain = read
                .domain_of_host(listening.of, &host)?
                .ok_or(Error::Denied(Denied::Owner))?;
            if !catches(read, domain.catch_all)? {
                return Err(Error::Conflict(Conflict::State));
            }
            if !listening.domain_ids.contains(&domain.id) {
                listening.domain_ids.push(domain.id);
                listening.domains.push(host);
            }
        }
    }
    Ok(())
}

/// Whether sockets are told of a domain: its catch-all says so.
fn catches(read: &Read<'_>, catch_all: Option<MailboxId>) -> Result<bool> {
    let mailbox = match catch_all {
        Some(id) => read.mailbox(id)?,
        None => None,
    };
    Ok(mailbox.is_some_and(|mailbox| mailbox.socket == Switch::On))
}

/// The mail of an event, if it is listened for, and sockets are still told of it.
fn matched(read: &Read<'_>, listening: &Listening, event: Event) -> Result<Option<Heard>> {
    let (EventKind::Received, Some(incoming)) = (event.kind, event.facts.message) else {
        return Ok(None);
    };
    if event.organization != listening.of {
        return Ok(None);
    }
    let routed = incoming
        .routed_by
        .filter(|id| listening.mailboxes.contains(id));
    let still =
        |mailbox: &Mailbox| mailbox.socket == Switch::On && mailbox.owner == Some(listening.of);
    let by_address = match routed {
        Some(id) => read.mailbox(id)?.is_some_and(|mailbox| still(&mailbox)),
        None => false,
    };
    let told = by_address || {
        let domain = event.domain.filter(|id| listening.domain_ids.contains(id));
        match domain {
            Some(id) => {
                let domain = read.domain(listening.of, id)?;
                catches(read, domain.and_then(|domain| domain.catch_all))?
            }
            None => false,
        }
    };
    if !told {
        return Ok(None);
    }
    let message = read.message(incoming.id)?;
    Ok(message.map(|message| Heard {
        event,
        size_bytes: message.size_bytes,
    }))
}
