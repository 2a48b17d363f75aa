//! Mail that is kept here.

use crate::engine::Posthouse;
use crate::error::{Error, Missing, Result, internal};
use crate::ids::MessageId;
use crate::mime::read::{Summary, summary};
use crate::model::key::Caller;
use crate::model::mailbox::Message;
use crate::model::page::Page;
use crate::store::{Before, decompress};

impl Posthouse {
    /// The messages of the caller's mailboxes, or of one address, newest first, before
    /// `before`.
    ///
    /// # Errors
    /// `Denied::Scope`.
    pub async fn messages(
        &self,
        caller: &Caller,
        address: Option<&str>,
        before: Option<MessageId>,
        rows: u32,
    ) -> Result<Vec<Message>> {
        caller.needs_operator()?;
        let of = caller.organization();
        let address = address.map(str::to_lowercase);
        let page = Page::first(rows);
        self.store
            .read(move |read| {
                let before = match before {
                    Some(id) => read
                        .message(id)?
                        .filter(|message| message.owner == Some(of)),
                    None => None,
                };
                let before = before.map_or(Before::END, |message| {
                    Before(message.received_at, message.id)
                });
                match address {
                    None => read.messages(of, before, page),
                    Some(address) => match read.mailbox_of(Some(of), &address)? {
                        Some(mailbox) => read.messages_in(mailbox.id, before, page),
                        None => Ok(Vec::new()),
                    },
                }
            })
            .await
    }

    /// One message and its bytes.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Message`.
    pub async fn message_raw(&self, caller: &Caller, id: MessageId) -> Result<(Message, Vec<u8>)> {
        caller.needs_operator()?;
        let of = caller.organization();
        let (message, packed) = self
            .store
            .read(move |read| {
                let missing = || Error::Missing(Missing::Message);
                let message = read
                    .message(id)?
                    .filter(|message| message.owner == Some(of))
                    .ok_or_else(missing)?;
                let packed = read.body_packed(message.body)?.ok_or_else(missing)?;
                Ok((message, packed))
            })
            .await?;
        let raw = tokio::task::spawn_blocking(move || decompress(&packed))
            .await
            .map_err(internal)??;
        Ok((message, raw))
    }

    /// One message, parsed for a reader.
    ///
    /// # Errors
    /// As `message_raw`.
    pub async fn message(&self, caller: &Caller, id: MessageId) -> Result<(Message, Summary)> {
        let (message, raw) = self.message_raw(caller, id).await?;
        let summary = tokio::task::spawn_blocking(move || summary(&raw))
            .await
            .map_err(internal)?;
        Ok((message, summary))
    }
}
