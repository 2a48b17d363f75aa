//! What lies in a person's folders, and what changed there.

use super::{folder, open};
use crate::engine::Posthouse;
use crate::error::{Error, Missing, Result, internal};
use crate::ids::{FolderId, MessageId};
use crate::limits::FOLDER_ROWS;
use crate::mime::outline::{Head, Outline, Wanted, outline};
use crate::model::folder::{Changes, FolderStanding, Item};
use crate::model::owner::Owner;
use crate::store::{KeptOutline, Read, decompress};

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
            let all = packed.into_iter();
            all.map(|one| one.as_deref().map(decompress).transpose())
                .collect()
        };
        tokio::task::spawn_blocking(unpacked)
            .await
            .map_err(internal)?
    }

    /// The outlines of messages of the owner's, in their order; None for what is gone. They
    /// are read from the messages where they are not kept beside them.
    ///
    /// # Errors
    /// `Denied::Suspended`.
    pub async fn messages_outlines(
        &self,
        owner: &Owner,
        ids: Vec<MessageId>,
        wanted: Wanted,
    ) -> Result<Vec<Option<Outline>>> {
        let owner = owner.clone();
        self.store
            .read(move |read| {
                open(read, &owner)?;
                let kept = read.outlines(owner.mailbox, &ids, wanted)?.into_iter();
                kept.map(|kept| match kept {
                    Some(kept) => unpacked(read, kept, wanted),
                    None => Ok(None),
                })
                .collect()
            })
            .await
    }

    /// The days that the `Date`s of a folder's messages name, counted from 1970-01-01, by uid
    /// ascending; None where one names none. Messages that nobody has read yet are not there.
    ///
    /// # Errors
    /// As `items`.
    pub async fn sent_days(&self, owner: &Owner, id: FolderId) -> Result<Vec<(u32, Option<i64>)>> {
        let owner = owner.clone();
        self.store
            .read(move |read| {
                folder(read, &owner, id)?;
                read.sent_days(id)
            })
            .await
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

/// What is wanted of an outline: of what is kept, else of the message.
fn unpacked(read: &Read<'_>, kept: KeptOutline, wanted: Wanted) -> Result<Option<Outline>> {
    let found = Outline {
        structure: kept.structure,
        head: match wanted.head {
            Head::Nothing => None,
            Head::Listed => kept.listed,
            Head::Whole => kept.head.as_deref().map(decompress).transpose()?,
        },
    };
    let has_structure = found.structure.is_some() == wanted.structure;
    if has_structure && found.head.is_some() == (wanted.head > Head::Nothing) {
        return Ok(Some(found));
    }
    let packed = read.body_packed(kept.body)?;
    let raw = packed.as_deref().map(decompress).transpose()?;
    Ok(raw.map(|raw| outline(&raw, wanted)))
}
