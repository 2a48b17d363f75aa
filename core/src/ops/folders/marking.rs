//! How a person's messages are marked, and letting go of those marked deleted.

use super::folder;
use crate::engine::Posthouse;
use crate::error::{Field, Reason, Result};
use crate::feed::Change;
use crate::ids::FolderId;
use crate::limits::{FOLDER_STEP, LABEL_CHARACTERS, LABELS};
use crate::model::folder::{FlagChange, Flags, Item};
use crate::model::owner::Owner;
use crate::store::Write;

/// What became of marking messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marked {
    /// How they are marked now, by number; those that were already so too.
    pub items: Vec<Item>,
    /// The numbers of those that had changed since, and were left alone (RFC 7162 section
    /// 3.1.3).
    pub unchanged: Vec<u32>,
}

/// What a marking step is told.
#[derive(Clone)]
struct Marking {
    owner: Owner,
    folder: FolderId,
    change: FlagChange,
    unchanged_since: Option<u64>,
}

impl Posthouse {
    /// Marks messages of a folder; numbers that are not there are passed over. With
    /// `unchanged_since`, only those that did not change after that modification sequence.
    ///
    /// # Errors
    /// `Missing::Folder`, `Denied::Suspended`; `Invalid` tags: too many, or too long.
    pub async fn set_flags(
        &self,
        owner: &Owner,
        id: FolderId,
        uids: Vec<u32>,
        change: FlagChange,
        unchanged_since: Option<u64>,
    ) -> Result<Marked> {
        let marking = Marking {
            owner: owner.clone(),
            folder: id,
            change,
            unchanged_since,
        };
        let mut marked = Marked::default();
        for step in uids.chunks(FOLDER_STEP) {
            let (marking, step) = (marking.clone(), step.to_vec());
            let more = self
                .store
                .write(move |write| mark(write, &marking, &step))
                .await?;
            marked.items.extend(more.items);
            marked.unchanged.extend(more.unchanged);
        }
        Ok(marked)
    }

    /// Removes the messages of a folder that are marked deleted: all, or only those of these
    /// numbers. The numbers removed, ascending.
    ///
    /// # Errors
    /// `Missing::Folder`, `Denied::Suspended`.
    pub async fn expunge(
        &self,
        owner: &Owner,
        id: FolderId,
        only: Option<Vec<u32>>,
    ) -> Result<Vec<u32>> {
        let own = owner.clone();
        let mut deleted = self
            .store
            .read(move |read| {
                folder(read, &own, id)?;
                read.deleted_in(id)
            })
            .await?;
        if let Some(only) = only {
            let only: std::collections::HashSet<u32> = only.into_iter().collect();
            deleted.retain(|(uid, _)| only.contains(uid));
        }
        let mut gone = Vec::with_capacity(deleted.len());
        for step in deleted.chunks(FOLDER_STEP) {
            let (own, step) = (owner.clone(), step.to_vec());
            let removed = self
                .store
                .write(move |write| {
                    folder(write, &own, id)?;
                    let mut removed = Vec::new();
                    for (uid, message) in step {
                        // It may have been moved, or marked otherwise, since.
                        let still = write
                            .item(id, uid)?
                            .is_some_and(|item| item.id == message && item.flags.deleted);
                        if still && write.remove_message(message)? {
                            removed.push(uid);
                        }
                    }
                    Ok(removed)
                })
                .await?;
            gone.extend(removed);
        }
        Ok(gone)
    }
}

fn mark(write: &Write<'_>, marking: &Marking, uids: &[u32]) -> Result<Marked> {
    let Marking { owner, change, .. } = marking;
    folder(write, owner, marking.folder)?;
    let mut marked = Marked::default();
    let mut told = false;
    for &uid in uids {
        let Some(item) = write.item(marking.folder, uid)? else {
            continue;
        };
        if marking
            .unchanged_since
            .is_some_and(|since| item.modseq > since)
        {
            marked.unchanged.push(uid);
            continue;
        }
        let flags = change.of(&item.flags);
        if flags == item.flags {
            marked.items.push(item);
            continue;
        }
        bounded(&flags)?;
        write.set_flags(item.id, &flags, owner.address())?;
        told = true;
        marked.items.extend(write.item(marking.folder, uid)?);
    }
    if told {
        write.tell(Change::Marked(owner.mailbox));
    }
    Ok(marked)
}

/// Refuses more words, or longer ones, than any door takes.
pub(super) fn bounded(flags: &Flags) -> Result<()> {
    if flags.keywords.len() > LABELS {
        return Err(Field::Tags.error(Reason::TooMany));
    }
    let long = |word: &String| word.chars().count() > LABEL_CHARACTERS;
    if flags.keywords.iter().any(long) {
        return Err(Field::Tags.error(Reason::TooLong));
    }
    Ok(())
}
