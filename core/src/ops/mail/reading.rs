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
use crate::model::key::{Caller, Scope};
use crate::model::mailbox::Message;
use crate::ops::receive::folded;
use crate::store::{Before, Read, decompress};

/// What a list of mail begins with: what came until then, that moment included.
pub(super) fn until(moment: Option<Timestamp>) -> Before {
    moment.map_or(Before::END, |at| {
        Before(Timestamp(at.0.saturating_add(1)), MessageId(0))
    })
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
            place(read, of, address, public)?.readable()?;
            Ok(message)
        }
    }
}

impl Posthouse {
    /// The messages of an address that the caller may see, newest first, that came until
    /// `latest`.
    ///
    /// # Errors
    /// `Denied::Scope`; `Denied::Owner` when another has the address; `Invalid` address.
    pub async fn mail_at(
        &self,
        caller: &Caller,
        address: &str,
        latest: Option<Timestamp>,
        rows: u32,
    ) -> Result<Vec<Shown>> {
        caller.needs(Scope::Mail)?;
        let (of, address) = (caller.organization(), parsed(address)?);
        let public = self.settings().public_hosts.clone();
        let rows = rows.min(MAIL_ROWS);
        let found = self
            .store
            .read(move |read| {
                let place = place(read, of, &address, &public)?.readable()?;
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
        caller.needs(Scope::Mail)?;
        let (of, address) = (caller.organization(), parsed(address)?);
        let public = self.settings().public_hosts.clone();
        self.store
            .read(move |read| {
                let place = place(read, of, &address, &public)?.readable()?;
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
    /// `Denied::Scope`, `Missing::Message`; `Denied::Owner` when it is another's.
    pub async fn mail(&self, caller: &Caller, address: &str, token: &str) -> Result<Shown> {
        let (message, _) = self
            .mail_row(caller, address, token, Bytes::WhereNeeded)
            .await?;
        let mut shown = self.shown(vec![message]).await?;
        shown.pop().ok_or(Error::Missing(Missing::Message))
    }

    /// One message, and its bytes as they came.
    ///
    /// # Errors
    /// As `mail`.
    pub async fn mail_raw(
        &self,
        caller: &Caller,
        address: &str,
        token: &str,
    ) -> Result<(Message, Vec<u8>)> {
        let ((message, _), packed) = self.mail_row(caller, address, token, Bytes::All).await?;
        let raw = tokio::task::spawn_blocking(move || decompress(&packed))
            .await
            .map_err(internal)??;
        Ok((message, raw))
    }

    async fn mail_row(
        &self,
        caller: &Caller,
        address: &str,
        token: &str,
        bytes: Bytes,
    ) -> Result<((Message, Option<Vec<u8>>), Vec<u8>)> {
        caller.needs(Scope::Mail)?;
        let missing = || Error::Missing(Missing::Message);
        let of = caller.organization();
        let address = parsed(address).map_err(|_| missing())?;
        let (tokens, token) = (self.tokens(), token.to_owned());
        let public = self.settings().public_hosts.clone();
        self.store
            .read(move |read| {
                let message = found(read, of, (&address, &token), &tokens, &public)?;
                match bytes {
                    Bytes::All => {
                        let packed = read.body_packed(message.body)?.ok_or_else(missing)?;
                        Ok(((message, None), packed))
                    }
                    Bytes::WhereNeeded => {
                        let mut loose = loosely(read, vec![message])?;
                        Ok((loose.pop().ok_or_else(missing)?, Vec::new()))
                    }
                }
            })
            .await
    }
}

/// Which bytes are read along with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bytes {
    /// Those of messages that nothing else is known of.
    WhereNeeded,
    /// Every message's.
    All,
}
