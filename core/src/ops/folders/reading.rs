//! What lies in a person's folders, and what changed there.

use super::{folder, open};
use crate::engine::Posthouse;
use crate::error::{Error, Missing, Result, internal};
use crate::ids::{FolderId, MessageId};
use crate::limits::FOLDER_ROWS;
use crate::model::folder::{Changes, FolderStanding, Item};
use crate::model::owner::Owner;
use crate::store::decompress;

/// What a mailbox holds and may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// What it holds, in bytes.
    pub used_bytes: u64,
    /// What it may hold, in bytes.
    pub most_bytes: Option<u64>,
    /// Its messages.
    pub messages: u64,
}

impl Posthouse {
    /// A folder and its messages with numbers above `after`, ascending, up to
    /// [`FOLDER_ROWS`].
    ///
    /// # Errors
    /// `Missing::Folder`, `Denied::Suspended`; so for every function of an owner's.
    pub async fn items(
        &self,
        owner: &Owner,
        id: FolderId,
        after: u32,
    ) -> Result<(FolderStanding, Vec<Item>)> {
        let owner = owner.clone();
        self.store
            .read(move |read| {
                let folder = folder(read, &owner, id)?;
                Ok((folder, read.items_after(id, after, FOLDER_ROWS)?))
            })
            .await
    }

    /// What changed in a folder after a modification sequence.
    ///
    /// # Errors
    /// As `items`.
    pub async fn changes(&self, owner: &Owner, id: FolderId, since: u64) -> Result<Changes> {
        let owner = owner.clone();
        self.store
            .read(move |read| {
                let folder = folder(read, &owner, id)?;
                if folder.modseq <= since {
                    return Ok(Changes {
                        folder,
                        items: Vec::new(),
                        vanished: Vec::new(),
                    });
                }
                Ok(Changes {
                    items: read.items_changed(id, since)?,
                    vanished: read.vanished_since(&folder, since)?,
                    folder,
                })
            })
            .await
    }

    /// The bytes of a message of the owner's.
    ///
    /// # Errors
    /// `Missing::Message`, `Denied::Suspended`.
    pub async fn message_bytes(&self, owner: &Owner, id: MessageId) -> Result<Vec<u8>> {
        let mut all = self.messages_bytes(owner, vec![id]).await?;
        all.pop().flatten().ok_or(Error::Missing(Missing::Message))
    }

    /// The bytes of messages of the owner's, in their order; None for what is gone. All are
    /// in memory at once: ask for as many as fit.
    ///
    /// # Errors
    /// `Denied::Suspended`.
    pub async fn messages_bytes(
        &self,
        owner: &Owner,
        ids: Vec<MessageId>,
    ) -> Result<Vec<Option<Vec<u8>>>> {
        let owner = owner.clone();
        let packed = self
            .store
            .read(move |read| {
                open(read, &owner)?;
                let one = |id: &MessageId| match read.body_in(owner.mailbox, *id)? {
                    Some(body) => read.body_packed(body),
                    None => Ok(None),
                };
                ids.iter().map(one).collect::<Result<Vec<_>>>()
            })
            .await?;
        let unpacked = move || {
            let one = |packed: Option<Vec<u8>>| packed.map(|packed| decompress(&packed));
            packed
                .into_iter()
                .map(|packed| one(packed).transpose())
                .collect()
        };
        tokio::task::spawn_blocking(unpacked)
            .await
            .map_err(internal)?
    }

    /// What the owner's mailbox holds and may hold.
    ///
    /// # Errors
    /// `Denied::Suspended`.
    pub async fn allowance(&self, owner: &Owner) -> Result<Allowance> {
        let owner = owner.clone();
        self.store
            .read(move |read| {
                let mailbox = open(read, &owner)?;
                Ok(Allowance {
                    used_bytes: mailbox.bytes,
                    most_bytes: mailbox.quota_bytes,
                    messages: mailbox.messages,
                })
            })
            .await
    }
}
