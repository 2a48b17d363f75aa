//! A person's folders: listed, made, renamed, removed.

use super::{folder, open};
use crate::engine::Posthouse;
use crate::error::{Conflict, Error, Field, Missing, Reason, Result};
use crate::ids::MailboxId;
use crate::limits::{EXPIRE_STEP, FOLDER_NAME_BYTES, FOLDERS};
use crate::model::domain::Switch;
use crate::model::folder::{FolderStanding, INBOX, LEVEL, NameFault, folder_name};
use crate::model::mailbox::Folder;
use crate::model::owner::Owner;
use crate::store::{Read, Write};

/// A name that was asked for.
fn named(text: &str) -> Result<String> {
    folder_name(text, FOLDER_NAME_BYTES).map_err(|fault| {
        Field::Name.error(match fault {
            NameFault::Malformed => Reason::Malformed,
            NameFault::TooLong => Reason::TooLong,
        })
    })
}

/// The folders of a mailbox: the inbox, then by name.
pub(in crate::ops) fn inbox_first(
    read: &Read<'_>,
    mailbox: MailboxId,
) -> Result<Vec<FolderStanding>> {
    let mut folders = read.folders_of(mailbox)?;
    folders.sort_by_key(|folder| folder.role != Some(Folder::Inbox));
    Ok(folders)
}

fn found(read: &Read<'_>, owner: &Owner, name: &str) -> Result<FolderStanding> {
    open(read, owner)?;
    read.folder_named(owner.mailbox, name)?
        .ok_or(Error::Missing(Missing::Folder))
}

impl Posthouse {
    /// The owner's folders: the inbox, then by name.
    ///
    /// # Errors
    /// `Denied::Suspended`.
    pub async fn folders(&self, owner: &Owner) -> Result<Vec<FolderStanding>> {
        let owner = owner.clone();
        self.store
            .read(move |read| {
                open(read, &owner)?;
                inbox_first(read, owner.mailbox)
            })
            .await
    }

    /// The names that the owner is subscribed to and that are no folder any more.
    ///
    /// # Errors
    /// `Denied::Suspended`.
    pub async fn subscriptions_left(&self, owner: &Owner) -> Result<Vec<String>> {
        let owner = owner.clone();
        self.store
            .read(move |read| {
                open(read, &owner)?;
                read.subscriptions_left(owner.mailbox)
            })
            .await
    }

    /// The folder of this name; the inbox in any case of letters.
    ///
    /// # Errors
    /// `Missing::Folder`, `Denied::Suspended`.
    pub async fn folder(&self, owner: &Owner, name: &str) -> Result<FolderStanding> {
        let name = named(name).map_err(|_| Error::Missing(Missing::Folder))?;
        let owner = owner.clone();
        self.store
            .look(move |read| found(read, &owner, &name))
            .await
    }

    /// Makes a folder, with those above it that are not there.
    ///
    /// # Errors
    /// `Invalid` name, also of too many; `Conflict::Taken`; `Denied::Suspended`.
    pub async fn create_folder(&self, owner: &Owner, name: &str) -> Result<FolderStanding> {
        let (owner, name, now) = (owner.clone(), named(name)?, self.now());
        self.store
            .write(move |write| {
                open(write, &owner)?;
                if write.folder_named(owner.mailbox, &name)?.is_some() {
                    return Err(Error::Conflict(Conflict::Taken));
                }
                let mut made = None;
                for (at, _) in name.match_indices(LEVEL).chain([(name.len(), "")]) {
                    let level = &name[..at];
                    if write.folder_named(owner.mailbox, level)?.is_none() {
                        made = Some(write.add_folder(owner.mailbox, (level, None), now)?);
                    }
                }
                if write.folders_of(owner.mailbox)?.len() > FOLDERS {
                    return Err(Field::Name.error(Reason::TooMany));
                }
                made.ok_or(Error::Conflict(Conflict::Taken))
            })
            .await
    }

    /// Gives a folder another name, and those below it. What lies in the inbox is moved
    /// instead, and the inbox stays (RFC 9051 section 6.3.6).
    ///
    /// # Errors
    /// `Missing::Folder`, `Invalid` name, `Conflict::Taken`, `Denied::Suspended`.
    pub async fn rename_folder(&self, owner: &Owner, from: &str, to: &str) -> Result<()> {
        let from = named(from).map_err(|_| Error::Missing(Missing::Folder))?;
        if from == INBOX {
            let to = self.create_folder(owner, to).await?;
            return self.empty_inbox(owner, &to).await;
        }
        let (owner, to) = (owner.clone(), named(to)?);
        self.store
            .write(move |write| rename(write, &owner, &from, &to))
            .await
    }

    async fn empty_inbox(&self, owner: &Owner, to: &FolderStanding) -> Result<()> {
        let inbox = self.folder(owner, INBOX).await?;
        loop {
            let (_, items) = self.items(owner, inbox.id, 0).await?;
            if items.is_empty() {
                return Ok(());
            }
            let uids = items.into_iter().map(|item| item.uid).collect();
            self.shift(owner, inbox.id, uids, to.id).await?;
        }
    }

    /// Removes a folder with what lies in it, in bounded writes; those below it stay.
    ///
    /// # Errors
    /// `Missing::Folder`; `Conflict::State` for those that each mailbox has;
    /// `Denied::Suspended`.
    pub async fn remove_folder(&self, owner: &Owner, name: &str) -> Result<()> {
        let name = named(name).map_err(|_| Error::Missing(Missing::Folder))?;
        loop {
            let (owner, name) = (owner.clone(), name.clone());
            let gone = self
                .store
                .write(move |write| {
                    let found = found(write, &owner, &name)?;
                    if found.role.is_some() {
                        return Err(Error::Conflict(Conflict::State));
                    }
                    let removed = write.remove_items_in(found.id, EXPIRE_STEP)?;
                    let gone = removed < EXPIRE_STEP;
                    if gone {
                        write.remove_folder(&found)?;
                    }
                    Ok(gone)
                })
                .await?;
            if gone {
                return Ok(());
            }
        }
    }

    /// Writes whether the owner wants to see a folder; of one that is gone, that they do not.
    ///
    /// # Errors
    /// `Missing::Folder`, `Denied::Suspended`.
    pub async fn subscribe(&self, owner: &Owner, name: &str, wanted: Switch) -> Result<()> {
        let name = named(name).map_err(|_| Error::Missing(Missing::Folder))?;
        let owner = owner.clone();
        self.store
            .write(move |write| match found(write, &owner, &name) {
                Err(Error::Missing(_))
                    if wanted == Switch::Off
                        && write.forget_subscription(owner.mailbox, &name)? =>
                {
                    Ok(())
                }
                found => {
                    let found = folder(write, &owner, found?.id)?;
                    write.set_subscribed(found.id, wanted)
                }
            })
            .await
    }
}

fn rename(write: &Write<'_>, owner: &Owner, from: &str, to: &str) -> Result<()> {
    let own = found(write, owner, from)?;
    let below = format!("{from}{LEVEL}");
    if to.starts_with(&below) {
        return Err(Field::Name.error(Reason::Malformed));
    }
    for one in write.folders_of(owner.mailbox)? {
        let name = match one.name.strip_prefix(&below) {
            Some(rest) => format!("{to}{LEVEL}{rest}"),
            None if one.id == own.id => to.to_owned(),
            None => continue,
        };
        if name.len() > FOLDER_NAME_BYTES {
            return Err(Field::Name.error(Reason::TooLong));
        }
        if write.folder_named(owner.mailbox, &name)?.is_some() {
            return Err(Error::Conflict(Conflict::Taken));
        }
        write.rename_folder(&one, &name)?;
    }
    Ok(())
}
