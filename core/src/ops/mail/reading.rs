//! The mail of one address, and one message of it.

use super::place::parsed;
use super::token::Tokens;
use super::{Shown, loosely, place};
use crate::clock::Timestamp;
use crate::engine::Posthouse;
use crate::error::{Denied, Error, Missing, Result, internal};
use crate::ids::{MessageId, OrganizationId};
use crate::limits::{MAIL_ROWS, PUBLIC_COUNT};
use crate::model::address::Address;
use crate::model::key::{Caller, Powers, STRANGERS, Scope};
use crate::model::mailbox::Message;
use crate::ops::receive::folded;
use crate::store::{Before, Read, decompress};

/// What a list of mail begins with: what came until then, that moment included.
pub(super) fn until(moment: Option<Timestamp>) -> Before {
    moment.map_or(Before::END, |at| {
        Before(Timestamp(at.0.saturating_add(1)), MessageId(0))
    })
}

/// Refuses unless the caller may read mail. Which, is for its address to say.
fn needs_reading(caller: &Caller) -> Result<()> {
    match caller.powers {
        Powers::Stranger => Ok(()),
        Powers::Operator | Powers::Key(_) => caller.needs(Scope::Mail),
    }
}

/// One message of an address, by its token, if the reader may see it.
pub(super) fn found(
    read: &Read<'_>,
    of: OrganizationId,
    (address, token): (&Address, &str),
    tokens: &Tokens,
    public: &[String],
) -> Result<Message> {
    let missing = || Error::Missing(Missing::Message);
    let (id, at) = tokens.parse(token).ok_or_else(missing)?;
    let whole = address.key();
    let message = read
        .message(id)?
        .filter(|message| message.place == at)
        .filter(|message| {
            [whole.clone(), folded(&whole)].contains(&message.address)
                || message.original.as_ref() == Some(&whole)
        })
        .ok_or_else(missing)?;
    match message.owner {
        Some(owner) if owner == of => Ok(message),
        Some(_) => Err(Error::Denied(Denied::Owner)),
        None => {
            // Nobody's, unless somebody has the address since.
            place(read, of, address, public)?.readable(of)?;
            Ok(message)
        }
    }
}

impl Posthouse {
    /// The messages of an address that the caller may see, newest first, that came until
    /// `latest`.
    ///
    /// # Errors
    /// `Denied::Scope`; `Denied::Owner` when another has the address; `Unknown::Absent` when it
    /// is not nobody's and the caller a stranger; `Invalid` address.
    pub async fn mail_at(
        &self,
        caller: &Caller,
        address: &str,
        latest: Option<Timestamp>,
        rows: u32,
    ) -> Result<Vec<Shown>> {
        needs_reading(caller)?;
        let (of, address) = (caller.organization(), parsed(address)?);
        let public = self.settings().public_hosts.clone();
        let rows = rows.min(MAIL_ROWS);
        let found = self
            .store
            .read(move |read| {
                let place = place(read, of, &address, &public)?.readable(of)?;
                let mut all = Vec::new();
                for mailbox in &place.mailboxes {
                    all.extend(read.messages_for(of, mailbox.id, until(latest), rows)?);
                }
                all.sort_by_key(|one| std::cmp::Reverse((one.received_at, one.id)));
                all.truncate(usize::try_from(rows).unwrap_or(usize::MAX));
                loosely(read, all)
            })
            .await?;
        self.shown(found).await
    }

    /// How many messages an address has, and the address as it is kept. At most
    /// [`PUBLIC_COUNT`] are counted where it is nobody's.
    ///
    /// # Errors
    /// As `mail_at`.
    pub async fn mail_count(&self, caller: &Caller, address: &str) -> Result<(u64, String)> {
        needs_reading(caller)?;
        let (of, address) = (caller.organization(), parsed(address)?);
        let public = self.settings().public_hosts.clone();
        self.store
            .read(move |read| {
                let place = place(read, of, &address, &public)?.readable(of)?;
                let mut count = 0;
                for mailbox in &place.mailboxes {
                    count += match mailbox.owner {
                        Some(_) => mailbox.messages,
                        None => read.count_for(of, mailbox.id, PUBLIC_COUNT)?,
                    };
                }
                Ok((count, place.address))
            })
            .await
    }

    /// One message.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Message`; `Denied::Owner` when it is another's;
    /// `Unknown::Absent` when its address is not nobody's and the caller a stranger.
    pub async fn mail(&self, caller: &Caller, address: &str, token: &str) -> Result<Shown> {
        let row = |read: &Read<'_>, message| loosely(read, vec![message]);
        let loose = self.mail_row(caller, address, token, row).await?;
        let mut shown = self.shown(loose).await?;
        shown.pop().ok_or(Error::Missing(Missing::Message))
    }

    /// What `look` makes of one message's bytes. It may take its time: no other caller waits
    /// for it.
    ///
    /// # Errors
    /// As `mail`.
    pub async fn mail_read<T: Send + 'static>(
        &self,
        caller: &Caller,
        address: &str,
        token: &str,
        look: impl FnOnce(Vec<u8>) -> T + Send + 'static,
    ) -> Result<T> {
        let bytes = |read: &Read<'_>, message: Message| read.body_packed(message.body);
        let packed = self.mail_row(caller, address, token, bytes).await?;
        let packed = packed.ok_or(Error::Missing(Missing::Message))?;
        tokio::task::spawn_blocking(move || Ok(look(decompress(&packed)?)))
            .await
            .map_err(internal)?
    }

    /// What `take` reads of one message that the caller may see.
    async fn mail_row<T: Send + 'static>(
        &self,
        caller: &Caller,
        address: &str,
        token: &str,
        take: impl FnOnce(&Read<'_>, Message) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        needs_reading(caller)?;
        let of = caller.organization();
        let address = parsed(address).map_err(|_| Error::Missing(Missing::Message))?;
        let (tokens, token) = (self.tokens(), token.to_owned());
        let public = self.settings().public_hosts.clone();
        self.store
            .read(move |read| {
                if of == STRANGERS {
                    // Not even which messages there are.
                    place(read, of, &address, &public)?.readable(of)?;
                }
                let message = found(read, of, (&address, &token), &tokens, &public)?;
                take(read, message)
            })
            .await
    }
}
