//! All mail of an account: listed, searched, counted.

use std::ops::ControlFlow;

use super::reading::until;
use super::{Loose, Shown, account, loosely};
use crate::clock::Timestamp;
use crate::engine::Posthouse;
use crate::error::Result;
use crate::ids::OrganizationId;
use crate::limits::{LIST_ROWS, MAIL_ROWS, MAIL_SKIP, SCAN_STEP, SEARCH_ROWS, SEARCH_SCAN};
use crate::model::domain::DomainSort;
use crate::model::key::{Caller, Key, Scope};
use crate::model::mailbox::{Kept, Marking, Message};
use crate::model::organization::{Organization, Standing, User};
use crate::model::page::{Direction, Page};
use crate::store::{Before, Read};

/// A part of a list of mail, newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// How many, up to [`MAIL_ROWS`].
    pub rows: u32,
    /// How many to leave out first, up to [`MAIL_SKIP`].
    pub skip: u32,
    /// Only what came after this.
    pub since: Option<Timestamp>,
    /// Only what came until this.
    pub until: Option<Timestamp>,
}

/// What mail is looked for; texts in any case, anywhere in what they are looked for in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// In the subject.
    pub subject: Option<String>,
    /// In the senders' names or addresses.
    pub from: Option<String>,
    /// In the recipients' names or addresses, or the inbox to the letter.
    pub to: Option<String>,
    /// Read or not.
    pub marking: Option<Marking>,
    /// In any of subject, senders and recipients.
    pub anywhere: Option<String>,
}

/// Who a caller is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// What it is called.
    pub name: String,
    /// Its organization.
    pub organization: Organization,
    /// The key that was shown.
    pub key: Option<Key>,
    /// The people of the organization.
    pub users: Vec<User>,
    /// The labels of its newest mail.
    pub labels: Vec<String>,
}

/// What an account has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holdings {
    /// The addresses that it asked for.
    pub addresses: Vec<String>,
    /// Its domains.
    pub domains: Vec<String>,
    /// Its mail.
    pub kept: Kept,
}

impl Posthouse {
    /// The starred messages of the caller's organization, newest first.
    ///
    /// # Errors
    /// `Denied::Scope`.
    pub async fn mail_starred(&self, caller: &Caller, stretch: Stretch) -> Result<Vec<Shown>> {
        caller.needs(Scope::Mail)?;
        let of = caller.organization();
        let found = self
            .store
            .read(move |read| {
                let list = |before, page| read.messages_starred(of, before, page);
                loosely(read, cut(stretch, list)?)
            })
            .await?;
        self.shown(found).await
    }

    /// The messages of the caller's organization, newest first, and what it keeps in all.
    ///
    /// # Errors
    /// `Denied::Scope`.
    pub async fn mail_of_all(
        &self,
        caller: &Caller,
        stretch: Stretch,
    ) -> Result<(Vec<Shown>, Kept)> {
        caller.needs(Scope::Mail)?;
        let of = caller.organization();
        let (found, kept) = self
            .store
            .read(move |read| {
                let list = |before, page| read.messages(of, before, page);
                Ok((loosely(read, cut(stretch, list)?)?, read.kept(Some(of))?))
            })
            .await?;
        Ok((self.shown(found).await?, kept))
    }

    /// The newest messages of the caller's organization that are wanted: at most
    /// [`SEARCH_ROWS`] of the newest [`SEARCH_SCAN`].
    ///
    /// # Errors
    /// `Denied::Scope`.
    pub async fn mail_wanted(&self, caller: &Caller, wanted: Wanted) -> Result<Vec<Shown>> {
        caller.needs(Scope::Mail)?;
        let of = caller.organization();
        let wanted = wanted.lower();
        let found = self
            .store
            .read(move |read| {
                let mut hits: Vec<Message> = Vec::new();
                scan(read, Some(of), Before::END, SEARCH_SCAN, |message| {
                    if wanted.is(&message) {
                        hits.push(message);
                    }
                    match hits.len() < SEARCH_ROWS {
                        true => ControlFlow::Continue(()),
                        false => ControlFlow::Break(()),
                    }
                })?;
                let loose: Vec<Loose> = loosely(read, hits)?;
                Ok(loose)
            })
            .await?;
        self.shown(found).await
    }

    /// Who the caller is.
    ///
    /// # Errors
    /// `Denied::Scope`.
    pub async fn account(&self, caller: &Caller) -> Result<Account> {
        caller.needs(Scope::Mail)?;
        let (of, asker) = (caller.organization(), caller.clone());
        self.store
            .read(move |read| {
                let missing = crate::error::Error::Missing(crate::error::Missing::Organization);
                let mut labels: Vec<String> = Vec::new();
                for message in read.messages(of, Before::END, Page::first(MAIL_ROWS))? {
                    labels.extend(message.labels);
                }
                labels.sort();
                labels.dedup();
                Ok(Account {
                    name: account(read, &asker)?,
                    organization: read.organization(of)?.ok_or(missing)?,
                    key: asker.key().cloned(),
                    users: read.users(of, LIST_ROWS)?,
                    labels,
                })
            })
            .await
    }

    /// What the caller's account has.
    ///
    /// # Errors
    /// `Denied::Scope`.
    pub async fn holdings(&self, caller: &Caller) -> Result<Holdings> {
        caller.needs(Scope::Mail)?;
        let of = caller.organization();
        self.store
            .read(move |read| {
                let addresses = read.mailboxes_asked_for(of, LIST_ROWS)?;
                let domains =
                    read.domains(of, Page::WHOLE, DomainSort::Name, Direction::Ascending)?;
                Ok(Holdings {
                    addresses: addresses.into_iter().map(|one| one.address).collect(),
                    domains: domains.into_iter().map(|one| one.host).collect(),
                    kept: read.kept(Some(of))?,
                })
            })
            .await
    }
}

impl Account {
    /// Whether an operator disabled it.
    #[must_use]
    pub fn is_disabled(&self) -> bool {
        self.organization.standing == Standing::Disabled
    }
}

/// A stretch of a list that is read newest first.
pub(super) fn cut(
    stretch: Stretch,
    list: impl FnOnce(Before, Page) -> Result<Vec<Message>>,
) -> Result<Vec<Message>> {
    let page = Page {
        rows: stretch.rows.min(MAIL_ROWS),
        skip: stretch.skip.min(MAIL_SKIP),
    };
    let mut messages = list(until(stretch.until), page)?;
    messages.retain(|one| stretch.since.is_none_or(|since| one.received_at > since));
    Ok(messages)
}

/// Tells the newest `most` messages of an organization, or those that are nobody's, one by
/// one, until `each` has had enough.
pub(super) fn scan(
    read: &Read<'_>,
    of: Option<OrganizationId>,
    mut before: Before,
    most: u32,
    mut each: impl FnMut(Message) -> ControlFlow<()>,
) -> Result<()> {
    let mut left = most;
    while left > 0 {
        let step = left.min(SCAN_STEP);
        left -= step;
        let of = of.unwrap_or(OrganizationId(0));
        let page = read.messages(of, before, Page::first(step))?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        before = Before(last.received_at, last.id);
        let full = page.len() == usize::try_from(step).unwrap_or(usize::MAX);
        for message in page {
            if each(message).is_break() {
                return Ok(());
            }
        }
        if !full {
            return Ok(());
        }
    }
    Ok(())
}

impl Wanted {
    fn lower(self) -> Self {
        let lower = |text: Option<String>| text.map(|text| text.to_lowercase());
        Self {
            subject: lower(self.subject),
            from: lower(self.from),
            to: lower(self.to),
            marking: self.marking,
            anywhere: lower(self.anywhere),
        }
    }

    fn is(&self, message: &Message) -> bool {
        let holds = |text: &str, part: &str| text.to_lowercase().contains(part);
        let in_subject = |part: &str| holds(message.subject.as_deref().unwrap_or_default(), part);
        let in_from = |part: &str| holds(&message.from, part);
        let in_to = |part: &str| {
            holds(message.to.as_deref().unwrap_or_default(), part)
                || message.address == part
                || message.content.as_ref().is_some_and(|content| {
                    let copies = content.cc.iter().chain(&content.bcc);
                    copies
                        .into_iter()
                        .any(|one| holds(&one.address, part) || holds(&one.name, part))
                })
        };
        let marked = match self.marking {
            None => true,
            Some(Marking::Read) => message.seen,
            Some(Marking::Unread) => !message.seen,
        };
        marked
            && self.subject.as_deref().is_none_or(in_subject)
            && self.from.as_deref().is_none_or(in_from)
            && self.to.as_deref().is_none_or(in_to)
            && self.anywhere.as_deref().is_none_or(|part| {
                in_subject(part) || in_from(part) || in_to(part) || holds(&message.address, part)
            })
    }
}
