//! Receive: from the wire into mailboxes, in one write. `250` may be said when it returns.

mod authenticate;
mod forward;
mod home;
mod pack;
mod put;
mod trace;

use std::net::SocketAddr;
use std::sync::Arc;

use self::authenticate::authenticate;
use self::forward::onwards;
pub(crate) use self::home::{Home, Homeless, folded, home};
use self::pack::{hops, pack};
use self::put::{placed, put, put_on};
use crate::engine::Posthouse;
use crate::error::{Denied, Error, Missing, Result, TooLarge, internal};
use crate::ids::MessageId;
use crate::limits::RECEIVED_FIELDS;
use crate::model::address::Address;
use crate::model::key::{Caller, Scope};
use crate::model::mailbox::Folder;
use crate::model::organization::Standing;

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
            Ok(home) if home.has_room(1) => Takes::Yes,
            Ok(_) => Takes::Full,
            Err(Homeless::NotHere) => Takes::NotHere,
            Err(Homeless::NoMailbox) => Takes::NoMailbox,
        })
    }

    /// Takes a message for mailboxes here. It is on disk when this returns.
    ///
    /// # Errors
    /// `Missing::Mailbox` when it is for nobody here; `Denied::Policy` when every domain it
    /// came to enforces DMARC and the sender's domain asks for refusal; `TooLarge::Mailbox`
    /// when nobody has room for it, `TooLarge::Hops` when it is in a loop; `Busy` of the store.
    pub async fn receive(&self, arrival: Arrival) -> Result<Taken> {
        let recipients = addresses(&arrival)?;
        if hops(&arrival.raw) > RECEIVED_FIELDS {
            return Err(Error::TooLarge(TooLarge::Hops));
        }
        let public = self.settings().public_hosts.clone();
        let now = self.now();
        let host = self.settings().host.clone();
        let arrival = Arc::new(arrival);
        let finding = authenticate(self.clone(), arrival.clone(), host.clone()).await?;
        let parcel = blocking(move || pack(&arrival, &host, Some(&finding), now)).await?;
        self.store
            .write(move |write| {
                let mut homes = Vec::new();
                for address in &recipients {
                    if let Ok(home) = home(write, address, &public)? {
                        homes.push(home);
                    }
                }
                let mut homes = placed(&parcel, homes)?;
                // Whom it was sent to comes before whom it is passed on to: one who is both
                // has it from the sender.
                let mut others = Vec::new();
                for (home, folder) in &homes {
                    if *folder == Folder::Inbox {
                        others.extend(onwards(write, home, &public)?);
                    }
                }
                homes.extend(put_on(&parcel, others));
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
        let parcel = blocking(move || pack(&arrival, &host, None, now)).await?;
        self.store
            .write(move |write| {
                let mut homes = Vec::new();
                for address in &recipients {
                    let domain = write
                        .receiving_domain(address.domain())?
                        .filter(|domain| domain.organization == of);
                    let written = address.key();
                    let home = Home {
                        original: None,
                        owner: Some(of),
                        domain,
                        mailbox: write.mailbox_of(Some(of), &written)?,
                        address: written,
                        routed_by: None,
                        by: None,
                    };
                    homes.push((home, Folder::Inbox));
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
