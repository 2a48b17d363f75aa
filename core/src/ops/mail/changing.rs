//! Messages: starred, labelled, moved, marked and taken out.

use super::place::parsed;
use super::reading::found;
use super::{Shown, Whose, account, loosely, place};
use crate::engine::Posthouse;
use crate::error::{Denied, Error, Field, Missing, Reason, Result};
use crate::limits::{LABEL_CHARACTERS, LABELS};
use crate::model::key::{Caller, Scope};
use crate::model::mailbox::{Folder, Marking, Message};
use crate::store::{Sweep, Write};

/// What to change of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailChange {
    /// Starred by the caller's account, or no longer so.
    ToggleStar,
    /// One label more.
    Label(String),
    /// One label less.
    Unlabel(String),
    /// These labels and no others.
    Labels(Vec<String>),
    /// In this folder.
    Folder(Folder),
    /// Read or not.
    Mark(Marking),
}

impl Posthouse {
    /// Changes a message. One that is nobody's becomes the caller's when it is starred, and
    /// nobody's again when no longer.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Message`, `Denied::Owner` when it is another's, `Invalid`
    /// labels (`Field::Tags`).
    pub async fn change_mail(
        &self,
        caller: &Caller,
        address: &str,
        token: &str,
        change: MailChange,
    ) -> Result<Shown> {
        caller.needs(Scope::Mail)?;
        let (of, asker) = (caller.organization(), caller.clone());
        let address = parsed(address).map_err(|_| Error::Missing(Missing::Message))?;
        let (tokens, token) = (self.tokens(), token.to_owned());
        let public = self.settings().public_hosts.clone();
        let change = checked(change)?;
        let loose = self
            .store
            .write(move |write| {
                let message = found(write, of, (&address, &token), &tokens, &public)?;
                apply(write, &asker, &message, change)?;
                let changed = write
                    .message(message.id)?
                    .ok_or(Error::Missing(Missing::Message))?;
                loosely(write, vec![changed])
            })
            .await?;
        let mut shown = self.shown(loose).await?;
        shown.pop().ok_or(Error::Missing(Missing::Message))
    }

    /// Takes one message out, starred or not. The address that it was in.
    ///
    /// # Errors
    /// As `change_mail`.
    pub async fn remove_mail(&self, caller: &Caller, address: &str, token: &str) -> Result<String> {
        caller.needs(Scope::Mail)?;
        let of = caller.organization();
        let address = parsed(address).map_err(|_| Error::Missing(Missing::Message))?;
        let (tokens, token) = (self.tokens(), token.to_owned());
        let public = self.settings().public_hosts.clone();
        self.store
            .write(move |write| {
                let message = found(write, of, (&address, &token), &tokens, &public)?;
                write.remove_message(message.id)?;
                Ok(message.address)
            })
            .await
    }

    /// Takes all messages of an address of the caller's out that are not starred.
    ///
    /// # Errors
    /// `Denied::Scope`; `Denied::Owner` when the address is not the caller's; `Invalid`
    /// address.
    pub async fn purge_mail(&self, caller: &Caller, address: &str) -> Result<()> {
        caller.needs(Scope::Mail)?;
        let (of, address) = (caller.organization(), parsed(address)?);
        let public = self.settings().public_hosts.clone();
        let place = self
            .store
            .read(move |read| place(read, of, &address, &public))
            .await?;
        if place.whose != Whose::Ours {
            return Err(Error::Denied(Denied::Owner));
        }
        for mailbox in &place.mailboxes {
            self.sweep(Sweep::Unstarred(mailbox.id, of)).await?;
        }
        Ok(())
    }
}

fn apply(write: &Write<'_>, caller: &Caller, message: &Message, change: MailChange) -> Result<()> {
    match change {
        MailChange::ToggleStar => star(write, caller, message),
        MailChange::Label(label) => {
            let mut labels = message.labels.clone();
            if !labels.contains(&label) {
                labels.push(label);
            }
            if labels.len() > LABELS {
                return Err(Field::Tags.error(Reason::TooMany));
            }
            write.set_labels(message.id, &labels)
        }
        MailChange::Unlabel(label) => {
            let mut labels = message.labels.clone();
            labels.retain(|one| *one != label);
            write.set_labels(message.id, &labels)
        }
        MailChange::Labels(labels) => write.set_labels(message.id, &labels),
        MailChange::Folder(folder) => write.set_folder(message.id, folder),
        MailChange::Mark(marking) => write.set_marking(message.id, marking),
    }
}

fn star(write: &Write<'_>, caller: &Caller, message: &Message) -> Result<()> {
    let of = caller.organization();
    let mailbox = write
        .mailbox(message.mailbox)?
        .ok_or(Error::Missing(Missing::Message))?;
    match message.starred_by {
        None => {
            let account = account(write, caller)?;
            write.set_starred(message.id, Some(&account), Some(of))
        }
        // What was kept private in an inbox of nobody's goes back to all.
        Some(_) => write.set_starred(message.id, None, mailbox.owner),
    }
}

fn checked(change: MailChange) -> Result<MailChange> {
    let good = |label: String| {
        let label = label.trim().to_owned();
        if label.is_empty() || label.chars().any(char::is_control) {
            return Err(Field::Tags.error(Reason::Malformed));
        }
        if label.chars().count() > LABEL_CHARACTERS {
            return Err(Field::Tags.error(Reason::TooLong));
        }
        Ok(label)
    };
    Ok(match change {
        MailChange::Label(label) => MailChange::Label(good(label)?),
        MailChange::Unlabel(label) => MailChange::Unlabel(good(label)?),
        MailChange::Labels(labels) => {
            if labels.len() > LABELS {
                return Err(Field::Tags.error(Reason::TooMany));
            }
            let mut each: Vec<String> = Vec::new();
            for label in labels {
                let label = good(label)?;
                if !each.contains(&label) {
                    each.push(label);
                }
            }
            MailChange::Labels(each)
        }
        MailChange::ToggleStar | MailChange::Folder(_) | MailChange::Mark(_) => change,
    })
}
