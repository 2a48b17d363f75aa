//! What a newcomer does first, and how far they are.

use crate::engine::Posthouse;
use crate::error::Result;
use crate::model::key::Caller;
use crate::model::mailbox::MailboxKind;
use crate::store::EmailFilter;

/// A first step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A domain of their own.
    Domain,
    /// Its records are published.
    Records,
    /// A key of their own.
    Key,
    /// A person's mailbox.
    Mailbox,
    /// An email.
    Send,
}

/// How far a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It was done.
    Done,
    /// It was not.
    Open,
}

/// What a first start makes by itself: that is nobody's step.
#[derive(Clone, Copy, Debug)]
pub struct Begun {
    /// The host of the domain.
    pub domain: &'static str,
    /// What the keys are called.
    pub keys: &'static str,
}

impl Posthouse {
    /// Each first step of the caller's organization.
    ///
    /// # Errors
    /// `Denied::Scope`.
    pub async fn first_steps(
        &self,
        caller: &Caller,
        begun: Begun,
    ) -> Result<[(Step, Progress); 5]> {
        caller.needs_operator()?;
        let of = caller.organization();
        let done = self
            .store
            .read(move |read| {
                let (added, verified) = read.has_domain_beside(of, begun.domain)?;
                let keys = read.keys(of, None, None)?;
                let key = keys
                    .iter()
                    .any(|key| key.name.as_deref() != Some(begun.keys));
                let people = (Some(MailboxKind::Full), None);
                let mailbox = !read.mailboxes_page(of, people, "", 1)?.is_empty();
                let sent = !read.emails(of, EmailFilter::default(), 1)?.is_empty();
                Ok([added, verified, key, mailbox, sent])
            })
            .await?;
        let steps = [
            Step::Domain,
            Step::Records,
            Step::Key,
            Step::Mailbox,
            Step::Send,
        ];
        let mut done = done.into_iter();
        Ok(steps.map(|step| match done.next() {
            Some(true) => (step, Progress::Done),
            Some(false) | None => (step, Progress::Open),
        }))
    }
}
