//! A mailbox as a maildrop (RFC 1939): what came in, in one list, with nothing but removing.

use super::folders::open;
use super::mail::drop_of;
use crate::engine::Posthouse;
use crate::error::{Denied, Error, Field, Reason, Result, internal};
use crate::ids::{MailboxId, MessageId, OrganizationId};
use crate::limits::{EXPIRE_STEP, MAILDROP_ROWS};
use crate::model::address::Address;
use crate::model::key::{Caller, Scope};
use crate::model::owner::Owner;
use crate::store::decompress;

/// What lies in an inbox at one moment, oldest first; of very many, the oldest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Maildrop {
    of: OrganizationId,
    mailboxes: Vec<MailboxId>,
    /// Each message and its size in bytes.
    pub messages: Vec<(MessageId, u64)>,
}

impl Posthouse {
    /// The inbox of a person's mailbox.
    ///
    /// # Errors
    /// `Denied::Suspended`.
    pub async fn own_maildrop(&self, owner: &Owner) -> Result<Maildrop> {
        let owner = owner.clone();
        self.store
            .read(move |read| {
                open(read, &owner)?;
                let mailboxes = vec![owner.mailbox];
                Ok(Maildrop {
                    of: owner.organization,
                    messages: read.inbox_of(&mailboxes, MAILDROP_ROWS)?,
                    mailboxes,
                })
            })
            .await
    }

    /// The inbox of an address that the caller has.
    ///
    /// # Errors
    /// `Denied::Scope`, `Denied::Owner`, `Invalid` address.
    pub async fn maildrop(&self, caller: &Caller, address: &str) -> Result<Maildrop> {
        caller.needs(Scope::Mail)?;
        let of = caller.organization();
        let address =
            Address::parse(address.trim()).map_err(|_| Field::Address.error(Reason::Malformed))?;
        let public = self.settings().public_hosts.clone();
        self.store
            .read(move |read| {
                let mailboxes = drop_of(read, of, &address, &public)?;
                let mailboxes = mailboxes.ok_or(Error::Denied(Denied::Owner))?;
                Ok(Maildrop {
                    of,
                    messages: read.inbox_of(&mailboxes, MAILDROP_ROWS)?,
                    mailboxes,
                })
            })
            .await
    }

    /// The bytes of a message of a maildrop; None when it is gone meanwhile.
    ///
    /// # Errors
    /// As the store says.
    pub async fn dropped(&self, maildrop: &Maildrop, id: MessageId) -> Result<Option<Vec<u8>>> {
        let (of, mailboxes) = (maildrop.of, maildrop.mailboxes.clone());
        let packed = self
            .store
            .read(move |read| match read.message(id)? {
                Some(found) if found.owner == Some(of) && mailboxes.contains(&found.mailbox) => {
                    read.body_packed(found.body)
                }
                Some(_) | None => Ok(None),
            })
            .await?;
        let Some(packed) = packed else {
            return Ok(None);
        };
        let unpacked = move || decompress(&packed);
        let raw = tokio::task::spawn_blocking(unpacked)
            .await
            .map_err(internal)??;
        Ok(Some(raw))
    }

    /// Removes messages of a maildrop, in bounded writes; those that are gone are passed over.
    ///
    /// # Errors
    /// As the store says; what was removed until then stays so.
    pub async fn remove_dropped(&self, maildrop: &Maildrop, ids: Vec<MessageId>) -> Result<()> {
        for step in ids.chunks(EXPIRE_STEP as usize) {
            let (of, mailboxes) = (maildrop.of, maildrop.mailboxes.clone());
            let step = step.to_vec();
            self.store
                .write(move |write| {
                    for id in step {
                        let found = write.message(id)?;
                        let own = found.is_some_and(|found| {
                            found.owner == Some(of) && mailboxes.contains(&found.mailbox)
                        });
                        if own {
                            write.remove_message(id)?;
                        }
                    }
                    Ok(())
                })
                .await?;
        }
        Ok(())
    }
}
