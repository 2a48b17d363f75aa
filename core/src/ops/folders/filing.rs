//! Messages put into a person's folders, copied and moved between them.

use super::marking::bounded;
use super::{folder, open};
use crate::clock::Timestamp;
use crate::engine::Posthouse;
use crate::error::{Error, Result, TooLarge, internal};
use crate::feed::Change;
use crate::ids::FolderId;
use crate::limits::{FOLDER_STEP, MESSAGE_BYTES};
use crate::mime::content::content;
use crate::model::folder::{Flags, FolderStanding};
use crate::model::mailbox::Folder;
use crate::model::owner::Owner;
use crate::ops::receive::written;
use crate::store::{NewMessage, PackedBody, Write};

/// Where copies lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Of the folder that they lie in.
    pub uid_validity: u32,
    /// The number of each where it was, and where its copy is, in the order of the first.
    pub pairs: Vec<(u32, u32)>,
}

/// Whether messages stay where they were.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stays {
    Yes,
    No,
}

impl Posthouse {
    /// Puts a message into a folder, byte for byte; the folder's number and its own. It came
    /// at `received_at`, or now.
    ///
    /// # Errors
    /// `Missing::Folder`, `Denied::Suspended`; `TooLarge::Message`; `TooLarge::Mailbox` when
    /// there is no room for it; `Invalid` tags.
    pub async fn append(
        &self,
        owner: &Owner,
        id: FolderId,
        raw: Vec<u8>,
        flags: Flags,
        received_at: Option<Timestamp>,
    ) -> Result<(u32, u32)> {
        bounded(&flags)?;
        if raw.len() > MESSAGE_BYTES {
            return Err(Error::TooLarge(TooLarge::Message));
        }
        let owner = owner.clone();
        let read = move || Ok::<_, Error>((content(&raw), PackedBody::pack(&raw)?));
        let (said, body) = tokio::task::spawn_blocking(read)
            .await
            .map_err(internal)??;
        let at = received_at.unwrap_or_else(|| self.now());
        self.store
            .write(move |write| {
                let folder = folder(write, &owner, id)?;
                let mailbox = open(write, &owner)?;
                has_room(mailbox.quota_bytes, mailbox.bytes, body.size_bytes())?;
                let new = NewMessage {
                    body: write.add_body(&body)?,
                    sent: None,
                    place: 0,
                    original: None,
                    folder: folder.role.unwrap_or(Folder::All),
                    filed: Some(id),
                    starred_by: None,
                    from: written(&said.from).unwrap_or_default(),
                    to: written(&said.to),
                    subject: said.subject.clone(),
                    content: Some(said),
                    trace: None,
                };
                let message = write.add_message(&mailbox, &new, at)?;
                if flags != Flags::default() {
                    write.set_flags(message, &flags, owner.address())?;
                }
                let uid = write.uid_of(message)?;
                let uid = uid.ok_or_else(|| internal("a message was not filed"))?;
                Ok((folder.uid_validity, uid))
            })
            .await
    }

    /// Copies messages of a folder into another of the owner's, marks and all; numbers that
    /// are not there are passed over.
    ///
    /// # Errors
    /// `Missing::Folder`, `Denied::Suspended`, `TooLarge::Mailbox`: nothing is copied then.
    pub async fn copy(
        &self,
        owner: &Owner,
        from: FolderId,
        uids: Vec<u32>,
        to: FolderId,
    ) -> Result<Copied> {
        self.carry(owner, from, uids, to, Stays::Yes).await
    }

    /// Moves messages of a folder into another of the owner's (RFC 6851).
    ///
    /// # Errors
    /// As `copy`.
    pub async fn shift(
        &self,
        owner: &Owner,
        from: FolderId,
        uids: Vec<u32>,
        to: FolderId,
    ) -> Result<Copied> {
        self.carry(owner, from, uids, to, Stays::No).await
    }

    async fn carry(
        &self,
        owner: &Owner,
        from: FolderId,
        uids: Vec<u32>,
        to: FolderId,
        stays: Stays,
    ) -> Result<Copied> {
        let (own, all) = (owner.clone(), uids.clone());
        let mut copied = self
            .store
            .read(move |read| {
                folder(read, &own, from)?;
                let folder = folder(read, &own, to)?;
                if stays == Stays::Yes {
                    let mailbox = open(read, &own)?;
                    let mut bytes = 0;
                    for uid in all {
                        bytes += read.item(from, uid)?.map_or(0, |item| item.size_bytes);
                    }
                    has_room(mailbox.quota_bytes, mailbox.bytes, bytes)?;
                }
                Ok(Copied {
                    uid_validity: folder.uid_validity,
                    pairs: Vec::new(),
                })
            })
            .await?;
        for step in uids.chunks(FOLDER_STEP) {
            let (own, step) = (owner.clone(), step.to_vec());
            let pairs = self
                .store
                .write(move |write| {
                    folder(write, &own, from)?;
                    let to = folder(write, &own, to)?;
                    step_of(write, (from, &to), &step, stays)
                })
                .await?;
            copied.pairs.extend(pairs);
        }
        Ok(copied)
    }
}

fn step_of(
    write: &Write<'_>,
    (from, to): (FolderId, &FolderStanding),
    uids: &[u32],
    stays: Stays,
) -> Result<Vec<(u32, u32)>> {
    let mut pairs = Vec::with_capacity(uids.len());
    for &uid in uids {
        let Some(item) = write.item(from, uid)? else {
            continue;
        };
        let there: Option<u32> = match stays {
            Stays::Yes => write.copy_message(item.id, to)?,
            Stays::No => Some(write.file(item.id, to.id)?),
        };
        pairs.extend(there.map(|there| (uid, there)));
    }
    if stays == Stays::No && !pairs.is_empty() {
        write.tell(Change::Marked(to.mailbox));
    }
    Ok(pairs)
}

fn has_room(quota_bytes: Option<u64>, used_bytes: u64, more_bytes: u64) -> Result<()> {
    match quota_bytes {
        Some(quota) if used_bytes.saturating_add(more_bytes) > quota => {
            Err(Error::TooLarge(TooLarge::Mailbox))
        }
        Some(_) | None => Ok(()),
    }
}
