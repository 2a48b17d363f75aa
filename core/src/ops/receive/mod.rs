//! Receive: from the wire into mailboxes, in one write. `250` may be said when it returns.

mod forward;
mod home;
mod trace;

use std::net::SocketAddr;

use self::forward::{noted, onwards, passed_on};
pub(crate) use self::home::{Home, Homeless, folded, home};
use crate::clock::Timestamp;
use crate::engine::Posthouse;
use crate::error::{Denied, Error, Missing, Result, internal};
use crate::ids::{BodyId, MessageId};
use crate::mime::content::content;
use crate::model::address::Address;
use crate::model::content::Content;
use crate::model::event::{EventKind, Facts, Incoming};
use crate::model::key::{Caller, Scope};
use crate::model::mailbox::Folder;
use crate::model::organization::Standing;
use crate::model::trace::Trace;
use crate::store::{NewEvent, NewMessage, PackedBody, Write};

/// A message as it came over SMTP.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// The peer.
    pub remote: SocketAddr,
    /// Our end.
    pub local: SocketAddr,
    /// What the peer called itself.
    pub helo: String,
    /// The TLS version and cipher, if there is TLS.
    pub tls: Option<String>,
    /// The reverse-path; None for the null one.
    pub from: Option<String>,
    /// The forward-paths, as they were given.
    pub recipients: Vec<String>,
    /// Lines ended by CRLF, dots unstuffed.
    pub raw: Vec<u8>,
}

/// Whether mail for an address is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// It is.
    Yes,
    /// Its host is not ours: this is no relay.
    NotHere,
    /// Nobody here has this address.
    NoMailbox,
    /// Its mailbox is full.
    Full,
}

/// What became of a message that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// What it is known by, for the peer's log.
    pub id: String,
    /// The messages that it was put into mailboxes as, in the order of its recipients; then
    /// those of the mailboxes that it was passed on to.
    pub messages: Vec<MessageId>,
}

/// A message made ready for the write.
struct Parcel {
    body: PackedBody,
    content: Content,
    trace: Trace,
    folder: Folder,
}

impl Posthouse {
    /// Whether mail for `recipient`, a forward-path, is taken at all.
    ///
    /// # Errors
    /// As the store says.
    pub async fn takes(&self, recipient: &str) -> Result<Takes> {
        let Ok(address) = Address::parse(recipient) else {
            return Ok(Takes::NotHere);
        };
        let public = self.settings().public_hosts.clone();
        let found = self
            .store
            .look(move |read| home(read, &address, &public))
            .await?;
        Ok(match found {
            Ok(home) if home.has_room(0) => Takes::Yes,
            Ok(_) => Takes::Full,
            Err(Homeless::NotHere) => Takes::NotHere,
            Err(Homeless::NoMailbox) => Takes::NoMailbox,
        })
    }

    /// Takes a message for mailboxes here. It is on disk when this returns.
    ///
    /// # Errors
    /// `Missing::Mailbox` when it is for nobody here; `Busy` of the store.
    pub async fn receive(&self, arrival: Arrival) -> Result<Taken> {
        let recipients = addresses(&arrival)?;
        let public = self.settings().public_hosts.clone();
        let now = self.now();
        let host = self.settings().host.clone();
        let parcel = blocking(move || pack(arrival, &host, now)).await?;
        self.store
            .write(move |write| {
                // Whom it was sent to comes before whom it is passed on to: one who is both
                // has it from the sender.
                let (mut homes, mut others) = (Vec::new(), Vec::new());
                for address in &recipients {
                    let Ok(home) = home(write, address, &public)? else {
                        continue;
                    };
                    if !home.has_room(parcel.body.size_bytes()) {
                        continue;
                    }
                    others.extend(onwards(write, &home, &public)?);
                    homes.push(home);
                }
                others.retain(|home| home.has_room(parcel.body.size_bytes()));
                homes.append(&mut others);
                put(write, &parcel, homes, now)
            })
            .await
    }

    /// Keeps a message in the caller's own mailboxes, whatever its recipients are. Nothing
    /// leaves. It is on disk when this returns.
    ///
    /// # Errors
    /// `Denied::Scope`, `Denied::Disabled`; `Busy` of the store.
    pub async fn keep(&self, caller: &Caller, arrival: Arrival) -> Result<Taken> {
        caller.needs(Scope::Send)?;
        if caller.standing() == Standing::Disabled {
            return Err(Error::Denied(Denied::Disabled));
        }
        let of = caller.organization();
        let recipients = addresses(&arrival)?;
        let now = self.now();
        let host = self.settings().host.clone();
        let parcel = blocking(move || pack(arrival, &host, now)).await?;
        self.store
            .write(move |write| {
                let mut homes = Vec::new();
                for address in &recipients {
                    let domain = write
                        .receiving_domain(address.domain())?
                        .filter(|domain| domain.organization == of);
                    let written = address.key();
                    homes.push(Home {
                        original: None,
                        owner: Some(of),
                        domain,
                        mailbox: write.mailbox_of(Some(of), &written)?,
                        address: written,
                        routed_by: None,
                        by: None,
                    });
                }
                put(write, &parcel, homes, now)
            })
            .await
    }
}

fn addresses(arrival: &Arrival) -> Result<Vec<Address>> {
    let mut addresses: Vec<Address> = Vec::new();
    for recipient in &arrival.recipients {
        let address = Address::parse(recipient).map_err(|_| Error::Missing(Missing::Mailbox))?;
        // The same mailbox twice on one envelope is one message in it.
        if !addresses.iter().any(|other| other.key() == address.key()) {
            addresses.push(address);
        }
    }
    Ok(addresses)
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(internal)?
}

/// Reads, stamps and compresses.
fn pack(arrival: Arrival, host: &str, now: Timestamp) -> Result<Parcel> {
    let content = content(&arrival.raw);
    let trace = Trace {
        remote: arrival.remote.ip().to_string(),
        local: arrival.local.ip().to_string(),
        helo: arrival.helo.clone(),
        tls: arrival.tls.clone(),
        from: arrival.from.clone(),
        verdicts: None,
    };
    let mut stamped = trace::received(&arrival, host, now).into_bytes();
    stamped.extend_from_slice(&arrival.raw);
    Ok(Parcel {
        body: PackedBody::pack(&stamped)?,
        content,
        trace,
        folder: Folder::Inbox,
    })
}

/// Puts a message into each of its homes: one body, shared.
fn put(write: &Write<'_>, parcel: &Parcel, homes: Vec<Home>, now: Timestamp) -> Result<Taken> {
    if homes.is_empty() {
        return Err(Error::Missing(Missing::Mailbox));
    }
    let mut body = None;
    let mut messages: Vec<MessageId> = Vec::new();
    let mut told = Vec::new();
    for (place, home) in (0..).zip(homes) {
        let mailbox = match &home.mailbox {
            Some(mailbox) => mailbox.clone(),
            None => {
                let of = home
                    .owner
                    .map(|of| (of, home.domain.map(|domain| domain.id)));
                write.mailbox_for(of, &home.address, now)?
            }
        };
        // Two recipients that fold into one mailbox are one message in it.
        if told.contains(&mailbox.id) {
            continue;
        }
        told.push(mailbox.id);
        let body = body_for(write, parcel, &mut body)?;
        let id = write.add_message(&mailbox, &new_message(parcel, &home, body, place), now)?;
        messages.push(id);
        if let Some(of) = home.owner {
            let facts = Facts {
                message: Some(Incoming {
                    id,
                    routed_by: home.routed_by,
                }),
                ..Facts::default()
            };
            let event = NewEvent {
                organization: of,
                domain: home.domain.map(|domain| domain.id),
                email: None,
                delivery: None,
                kind: EventKind::Received,
                detail: None,
                facts,
            };
            write.add_event(&event, now)?;
        }
    }
    Ok(Taken {
        id: messages
            .first()
            .map_or_else(String::new, ToString::to_string),
        messages,
    })
}

/// The body, added for the first of its users and counted for each other.
fn body_for(write: &Write<'_>, parcel: &Parcel, made: &mut Option<BodyId>) -> Result<BodyId> {
    match *made {
        Some(body) => {
            write.use_body(body)?;
            Ok(body)
        }
        None => {
            let body = write.add_body(&parcel.body)?;
            *made = Some(body);
            Ok(body)
        }
    }
}

fn new_message(parcel: &Parcel, home: &Home, body: BodyId, place: u32) -> NewMessage {
    let (content, trace) = match &home.by {
        None => (parcel.content.clone(), parcel.trace.clone()),
        Some(by) => (noted(&parcel.content, by), passed_on(&parcel.trace, by)),
    };
    NewMessage {
        body,
        sent: None,
        place,
        original: home.original.clone(),
        folder: parcel.folder,
        starred_by: None,
        from: written(&content.from).unwrap_or_default(),
        to: written(&content.to),
        subject: content.subject.clone(),
        content: Some(content),
        trace: Some(trace),
    }
}

/// Addresses as one reads them.
fn written(list: &[crate::model::content::Named]) -> Option<String> {
    if list.is_empty() {
        return None;
    }
    let each = list.iter().map(|one| match one.name.as_str() {
        "" => one.address.clone(),
        name => format!("{name} <{}>", one.address),
    });
    Some(each.collect::<Vec<_>>().join(", "))
}
