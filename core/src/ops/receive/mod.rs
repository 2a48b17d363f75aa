//! Receive: from the wire into mailboxes, in one write. `250` may be said when it returns.

mod authenticate;
mod forward;
mod home;
mod pack;
mod put;
mod recipient;
mod reported;
mod returned;
mod trace;

use std::net::SocketAddr;
use std::sync::Arc;

use self::authenticate::authenticate;
pub(crate) use self::home::{Home, Homeless, folded, home};
use self::pack::{Reads, hops, pack};
pub(crate) use self::put::written;
use self::put::{bring, put};
use self::recipient::{POSTMASTER, Recipient, postmaster};
use self::reported::take_back;
pub(crate) use self::returned::{Back, Returns};
use crate::engine::Posthouse;
use crate::error::{Denied, Error, Missing, Result, TooLarge, internal};
use crate::ids::MessageId;
use crate::limits::RECEIVED_FIELDS;
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// What it is known by, for the peer's log.
    pub id: String,
    /// The messages that it was put into mailboxes as, in the order of its recipients; then
    /// those of the mailboxes that it was passed on to.
    pub messages: Vec<MessageId>,
}

impl Posthouse {
    /// Whether mail for `recipient`, a forward-path, is taken at all. That of `Postmaster`,
    /// without a domain, is, as soon as there is an organization.
    ///
    /// # Errors
    /// As the store says.
    pub async fn takes(&self, recipient: &str) -> Result<Takes> {
        self.takes_so_much(recipient, 1).await
    }

    /// As `takes`, of a message that is to be `size_bytes` long: full is a mailbox that has no
    /// room for it.
    ///
    /// # Errors
    /// As the store says.
    pub async fn takes_so_much(&self, recipient: &str, size_bytes: u64) -> Result<Takes> {
        let Ok(recipient) = Recipient::parse(recipient) else {
            return Ok(Takes::NotHere);
        };
        let public = self.settings().public_hosts.clone();
        let host = self.settings().host.clone();
        let returns = self.returns();
        let now = self.now();
        self.store
            .look(move |read| {
                let found = match &recipient {
                    Recipient::Postmaster => {
                        postmaster(read, &host, &public)?.ok_or(Homeless::NotHere)
                    }
                    Recipient::Address(address) => match returns.back(read, address, now)? {
                        Back::Of(_) => return Ok(Takes::Yes),
                        Back::Nobody => Err(Homeless::NoMailbox),
                        Back::Not => home(read, address, &public)?,
                    },
                };
                Ok(match found {
                    Ok(home) if home.has_room(size_bytes.max(1)) => Takes::Yes,
                    Ok(_) => Takes::Full,
                    Err(Homeless::NotHere) => Takes::NotHere,
                    Err(Homeless::NoMailbox) => Takes::NoMailbox,
                })
            })
            .await
    }

    /// Takes a message for mailboxes here, or one that came back to a return path of ours,
    /// with all that follows from it. It is on disk when this returns.
    ///
    /// # Errors
    /// `Missing::Mailbox` when it is for nobody here; `Denied::Policy` when every domain it
    /// came to enforces DMARC and the sender's domain asks for refusal; `TooLarge::Mailbox`
    /// when nobody has room for it, `TooLarge::Hops` when it is in a loop; `Busy` of the store.
    pub async fn receive(&self, arrival: Arrival) -> Result<Taken> {
        let recipients = recipients(&arrival)?;
        if hops(&arrival.raw) > RECEIVED_FIELDS {
            return Err(Error::TooLarge(TooLarge::Hops));
        }
        let public = self.settings().public_hosts.clone();
        let now = self.now();
        let host = self.settings().host.clone();
        let arrival = Arc::new(arrival);
        let finding = authenticate(self.clone(), arrival.clone(), host.clone()).await?;
        let returns = self.returns();
        let came_back = |recipient: &Recipient| match recipient {
            Recipient::Postmaster => false,
            Recipient::Address(address) => returns.made(address),
        };
        let reads = match recipients.iter().any(came_back) {
            true => Reads::Reports,
            false => Reads::Complaints,
        };
        let by = host.clone();
        let parcel = move || pack(&arrival, &by, Some(&finding), reads, now);
        let parcel = blocking(parcel).await?;
        self.store
            .write(move |write| {
                let (mut homes, mut backs) = (Vec::new(), Vec::new());
                for recipient in &recipients {
                    let address = match recipient {
                        Recipient::Address(address) => address,
                        Recipient::Postmaster => {
                            homes.extend(postmaster(write, &host, &public)?);
                            continue;
                        }
                    };
                    match returns.back(write, address, now)? {
                        Back::Of(holder) => backs.push((holder, address)),
                        Back::Nobody => {}
                        Back::Not => homes.extend(home(write, address, &public)?),
                    }
                }
                let mut taken = match homes.is_empty() && !backs.is_empty() {
                    true => Taken::default(),
                    false => bring(write, &parcel, homes, (&returns, &public), now)?,
                };
                for (holder, address) in backs {
                    let kept = take_back(write, &parcel, &holder, address, now)?;
                    taken.messages.extend(kept);
                    if taken.id.is_empty() {
                        taken.id = format!("email {}", holder.email);
                    }
                }
                Ok(taken)
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
        let recipients = recipients(&arrival)?;
        let now = self.now();
        let host = self.settings().host.clone();
        let by = host.clone();
        let pack = move || pack(&arrival, &by, None, Reads::Nothing, now);
        let mut parcel = blocking(pack).await?;
        let key = caller.key().map(|key| key.id);
        self.store
            .write(move |write| {
                parcel.starred_by = write.captor(of, key)?;
                let mut homes = Vec::new();
                for recipient in &recipients {
                    let (written, at) = match recipient {
                        Recipient::Address(address) => (address.key(), address.domain()),
                        Recipient::Postmaster => (format!("{POSTMASTER}@{host}"), host.as_str()),
                    };
                    let domain = write
                        .receiving_domain(at)?
                        .filter(|domain| domain.organization == of);
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

fn recipients(arrival: &Arrival) -> Result<Vec<Recipient>> {
    let mut recipients: Vec<Recipient> = Vec::new();
    for path in &arrival.recipients {
        let one = Recipient::parse(path).map_err(|_| Error::Missing(Missing::Mailbox))?;
        // The same mailbox twice on one envelope is one message in it.
        if !recipients.iter().any(|other| other.is(&one)) {
            recipients.push(one);
        }
    }
    Ok(recipients)
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(internal)?
}
