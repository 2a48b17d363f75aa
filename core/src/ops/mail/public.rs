//! Figures of mail that is nobody's.

use std::collections::HashMap;
use std::ops::ControlFlow;

use super::looking::scan;
use super::reading::until;
use super::{Shown, loosely};
use crate::clock::Timestamp;
use crate::engine::Posthouse;
use crate::error::{Error, Missing, Result, internal};
use crate::limits::STATISTICS_SCAN;
use crate::mime::parts::{Attachment, attachment};
use crate::model::key::{Caller, Scope};
use crate::model::mailbox::Message;
use crate::store::{Before, Read, decompress};

/// What mail is counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The MD5 of each attachment.
    Attachment,
    /// The inbox.
    Address,
    /// The sender's address.
    Sender,
    /// The inbox's host, but for the first public one.
    Host,
}

/// Between two moments, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// From then on.
    pub from: Timestamp,
    /// Until then.
    pub to: Timestamp,
}

impl Posthouse {
    /// How often each thing is there in the mail of nobody's that came within `span`, most
    /// often first; of the newest [`STATISTICS_SCAN`].
    ///
    /// # Errors
    /// `Denied::Scope`.
    pub async fn public_figures(
        &self,
        caller: &Caller,
        by: By,
        span: Span,
    ) -> Result<Vec<(String, u64)>> {
        caller.needs(Scope::Mail)?;
        let own = self.settings().public_hosts.first().cloned();
        let counts = self
            .store
            .read(move |read| {
                let mut counts: HashMap<String, u64> = HashMap::new();
                scan(
                    read,
                    None,
                    until(Some(span.to)),
                    STATISTICS_SCAN,
                    |message| {
                        if message.received_at < span.from {
                            return ControlFlow::Break(());
                        }
                        for thing in things(&message, by, own.as_deref()) {
                            *counts.entry(thing).or_default() += 1;
                        }
                        ControlFlow::Continue(())
                    },
                )?;
                Ok(counts)
            })
            .await?;
        let mut all: Vec<(String, u64)> = counts.into_iter().collect();
        all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        Ok(all)
    }

    /// The messages of nobody's with an attachment of this MD5, newest first, of the newest
    /// [`STATISTICS_SCAN`].
    ///
    /// # Errors
    /// `Denied::Scope`.
    pub async fn public_mail_with(
        &self,
        caller: &Caller,
        md5: &str,
        rows: usize,
    ) -> Result<Vec<Shown>> {
        caller.needs(Scope::Mail)?;
        let md5 = md5.to_lowercase();
        let found = self
            .store
            .read(move |read| {
                let messages = with(read, &md5, rows)?;
                loosely(read, messages)
            })
            .await?;
        self.shown(found).await
    }

    /// How many messages of nobody's have an attachment of this MD5, of the newest
    /// [`STATISTICS_SCAN`].
    ///
    /// # Errors
    /// `Denied::Scope`.
    pub async fn public_count_with(&self, caller: &Caller, md5: &str) -> Result<u64> {
        caller.needs(Scope::Mail)?;
        let md5 = md5.to_lowercase();
        self.store
            .read(move |read| {
                let mut count = 0;
                scan(read, None, Before::END, STATISTICS_SCAN, |message| {
                    count += u64::from(has(&message, &md5));
                    ControlFlow::Continue(())
                })?;
                Ok(count)
            })
            .await
    }

    /// An attachment of a message of nobody's, and its bytes.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Message`.
    pub async fn public_attachment(
        &self,
        caller: &Caller,
        md5: &str,
    ) -> Result<(Attachment, Vec<u8>)> {
        caller.needs(Scope::Mail)?;
        let md5 = md5.to_lowercase();
        let wanted = md5.clone();
        let packed = self
            .store
            .read(move |read| match with(read, &wanted, 1)?.first() {
                Some(message) => read.body_packed(message.body),
                None => Ok(None),
            })
            .await?;
        let missing = || Error::Missing(Missing::Message);
        let packed = packed.ok_or_else(missing)?;
        tokio::task::spawn_blocking(move || Ok(attachment(&decompress(&packed)?, &md5)))
            .await
            .map_err(internal)??
            .ok_or_else(missing)
    }
}

fn with(read: &Read<'_>, md5: &str, rows: usize) -> Result<Vec<Message>> {
    let mut found = Vec::new();
    scan(read, None, Before::END, STATISTICS_SCAN, |message| {
        if has(&message, md5) {
            found.push(message);
        }
        match found.len() < rows {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        }
    })?;
    Ok(found)
}

fn has(message: &Message, md5: &str) -> bool {
    let content = message.content.as_ref();
    content.is_some_and(|content| content.attachments.iter().any(|one| one == md5))
}

fn things(message: &Message, by: By, own: Option<&str>) -> Vec<String> {
    let content = message.content.as_ref();
    match by {
        By::Attachment => content.map_or_else(Vec::new, |content| content.attachments.clone()),
        By::Address => vec![message.address.clone()],
        By::Sender => content
            .and_then(|content| content.from.first())
            .map(|from| from.address.to_lowercase())
            .into_iter()
            .collect(),
        By::Host => message
            .address
            .rsplit_once('@')
            .map(|(_, host)| host.to_owned())
            .filter(|host| Some(host.as_str()) != own)
            .into_iter()
            .collect(),
    }
}
