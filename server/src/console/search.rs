//! One text, looked for everywhere.

use posthouse::model::organization::Role;
use posthouse::model::page::Page;
use posthouse::ops::desk::mailboxes::WantedMailboxes;
use posthouse::ops::desk::messages::Wanted;
use posthouse::store::EmailFilter;

use super::call::Call;
use super::trouble::Outcome;
use super::wire::{Found, SearchAsked};
use super::{domain, email, mailbox, message};

/// How many of each are told.
const ROWS: u32 = 8;

pub async fn all(call: Call, asked: SearchAsked) -> Outcome<Found> {
    let caller = call.caller(Role::Reader)?;
    let text = asked.text.trim().to_lowercase();
    if text.is_empty() {
        return Ok(Found {
            emails: Vec::new(),
            messages: Vec::new(),
            domains: Vec::new(),
            mailboxes: Vec::new(),
        });
    }
    let wanted = Wanted {
        text: Some(text.clone()),
        ..Wanted::default()
    };
    let boxes = WantedMailboxes {
        text: Some(text.clone()),
        ..WantedMailboxes::default()
    };
    let engine = &call.engine;
    let filter = EmailFilter::default();
    let (emails, messages, mailboxes, domains) = tokio::try_join!(
        engine.emails_holding(caller, filter, Some(text.clone()), ROWS),
        engine.messages_wanted(caller, wanted, ROWS),
        engine.mailboxes_wanted(caller, boxes, ROWS),
        engine.all_domain_records(caller, Page::WHOLE),
    )?;
    let most = usize::try_from(ROWS).unwrap_or(usize::MAX);
    let domains = domains.iter().filter(|one| {
        let name = one.domain.name.as_deref().unwrap_or_default();
        one.domain.host.contains(&text) || name.to_lowercase().contains(&text)
    });
    Ok(Found {
        emails: emails
            .rows
            .iter()
            .map(|one| email::row(&call, one))
            .collect(),
        messages: messages.rows.into_iter().map(message::row).collect(),
        domains: domains.take(most).map(domain::row).collect(),
        mailboxes: mailboxes.rows.iter().map(mailbox::row).collect(),
    })
}
