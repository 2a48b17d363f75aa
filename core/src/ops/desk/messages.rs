//! Messages of a mailbox or of all, in one folder or any; several of them changed at once.

use super::{Needle, Part};
use crate::engine::Posthouse;
use crate::error::{Error, Field, Missing, Reason, Result};
use crate::ids::{MessageId, OrganizationId};
use crate::limits::{PAGE_ROWS, SCAN_STEP, SEARCH_SCAN};
use crate::model::domain::Switch;
use crate::model::key::Caller;
use crate::model::mailbox::{Folder, Marking, Message};
use crate::model::page::Page;
use crate::ops::mail::account;
use crate::store::{Before, Read, Write};

/// Which messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Only of this mailbox.
    pub address: Option<String>,
    /// Only in this folder.
    pub folder: Option<Folder>,
    /// Only with this in subject, sender, recipients or mailbox.
    pub text: Option<String>,
    /// Only older than this one.
    pub before: Option<MessageId>,
}

/// What to change of several messages; None leaves it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Read or not.
    pub marking: Option<Marking>,
    /// Starred or not.
    pub starred: Option<Switch>,
    /// In this folder.
    pub folder: Option<Folder>,
}

impl Posthouse {
    /// The messages of the caller's mailboxes that are wanted, newest first. At most
    /// [`SEARCH_SCAN`] are looked through; the next part goes on behind them.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Mailbox`.
    pub async fn messages_wanted(
        &self,
        caller: &Caller,
        wanted: Wanted,
        rows: u32,
    ) -> Result<Part<Message, MessageId>> {
        caller.needs_operator()?;
        let of = caller.organization();
        let rows = rows.clamp(1, PAGE_ROWS);
        self.store
            .read(move |read| part(read, of, wanted, rows))
            .await
    }

    /// Changes several messages in one write; how many there were. Those that are not there
    /// any more are left out.
    ///
    /// # Errors
    /// `Denied::Scope`; `Invalid` where there are too many.
    pub async fn mark_messages(
        &self,
        caller: &Caller,
        ids: Vec<MessageId>,
        marks: Marks,
    ) -> Result<u64> {
        let asker = caller.clone();
        self.each_message(caller, ids, move |write, message| {
            mark(write, &asker, message, marks)
        })
        .await
    }

    /// Takes several messages out in one write, starred or not; how many there were.
    ///
    /// # Errors
    /// As `mark_messages`.
    pub async fn remove_messages(&self, caller: &Caller, ids: Vec<MessageId>) -> Result<u64> {
        self.each_message(caller, ids, |write, message| {
            write.remove_message(message.id).map(drop)
        })
        .await
    }

    async fn each_message(
        &self,
        caller: &Caller,
        ids: Vec<MessageId>,
        change: impl Fn(&Write<'_>, &Message) -> Result<()> + Send + 'static,
    ) -> Result<u64> {
        caller.needs_operator()?;
        if ids.len() > usize::try_from(PAGE_ROWS).unwrap_or(usize::MAX) {
            return Err(Field::To.error(Reason::TooMany));
        }
        let of = caller.organization();
        self.store
            .write(move |write| {
                let mut count = 0;
                for id in ids {
                    let message = write.message(id)?;
                    if let Some(message) = message.filter(|one| one.owner == Some(of)) {
                        change(write, &message)?;
                        count += 1;
                    }
                }
                Ok(count)
            })
            .await
    }
}

fn part(
    read: &Read<'_>,
    of: OrganizationId,
    wanted: Wanted,
    rows: u32,
) -> Result<Part<Message, MessageId>> {
    let mailbox = match &wanted.address {
        Some(address) => Some(
            read.mailbox_of(Some(of), &address.trim().to_lowercase())?
                .ok_or(Error::Missing(Missing::Mailbox))?
                .id,
        ),
        None => None,
    };
    let after = match wanted.before {
        Some(id) => read.message(id)?.filter(|one| one.owner == Some(of)),
        None => None,
    };
    let mut before = after.map_or(Before::END, |one| Before(one.received_at, one.id));
    let needle = Needle::new(wanted.text);
    let most = usize::try_from(rows).unwrap_or(usize::MAX);
    let step = match (&needle.0, wanted.folder) {
        (None, None) => rows + 1,
        (Some(_), _) | (_, Some(_)) => SCAN_STEP,
    };
    let (mut found, mut next) = (Vec::new(), None);
    let mut looked_at = 0;
    'all: while looked_at < SEARCH_SCAN {
        let some = match mailbox {
            Some(id) => read.messages_in(id, before, Page::first(step))?,
            None => read.messages(of, before, Page::first(step))?,
        };
        let last = some.len() < usize::try_from(step).unwrap_or(usize::MAX);
        for message in some {
            if found.len() == most {
                next = Some(before.1);
                break 'all;
            }
            before = Before(message.received_at, message.id);
            let texts = [
                Some(message.from.as_str()),
                message.to.as_deref(),
                message.subject.as_deref(),
                Some(message.address.as_str()),
            ];
            let lies = wanted.folder.is_none_or(|folder| folder == message.folder);
            if lies && needle.is_in(&texts) {
                found.push(message);
            }
        }
        if last {
            next = None;
            break;
        }
        next = Some(before.1);
        looked_at += step;
    }
    Ok(Part { rows: found, next })
}

fn mark(write: &Write<'_>, caller: &Caller, message: &Message, marks: Marks) -> Result<()> {
    if let Some(marking) = marks.marking {
        write.set_marking(message.id, marking)?;
    }
    if let Some(folder) = marks.folder.filter(|folder| *folder != message.folder) {
        write.set_folder(message.id, folder)?;
    }
    let of = Some(caller.organization());
    match (marks.starred, &message.starred_by) {
        (Some(Switch::On), None) => {
            let account = account(write, caller)?;
            write.set_starred(message.id, Some(&account), of)
        }
        (Some(Switch::Off), Some(_)) => {
            let mailbox = write
                .mailbox(message.mailbox)?
                .ok_or(Error::Missing(Missing::Message))?;
            write.set_starred(message.id, None, mailbox.owner)
        }
        (Some(Switch::On), Some(_)) | (Some(Switch::Off), None) | (None, _) => Ok(()),
    }
}
