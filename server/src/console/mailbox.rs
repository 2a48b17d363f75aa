//! The mailboxes of people, and every address that keeps mail.

use posthouse::model::domain::Switch;
use posthouse::model::keep::KeepChange;
use posthouse::model::mailbox::Mailbox;
use posthouse::model::organization::Role;
use posthouse::ops::desk::mailboxes::WantedMailboxes;
use posthouse::ops::mailboxes::MailboxChange;

use super::call::Call;
use super::convert::{kept, limit, page, time, time_or_none};
use super::listener::{client_settings, told_at};
use super::trouble::Outcome;
use super::wire::{
    ByAddress, ClientSettings, Done, FolderRow, MailboxRename, MailboxRow, MailboxSet,
    MailboxShown, MailboxesAsked, Page,
};

pub(super) fn row(from: &Mailbox) -> MailboxRow {
    MailboxRow {
        address: from.address.clone(),
        kind: from.kind.into(),
        name: from.name.clone(),
        quota_bytes: from.quota_bytes,
        used_bytes: from.bytes,
        messages: from.messages,
        unread: from.unread,
        suspended: from.suspended_at.is_some(),
        removed_at: time_or_none(from.removed_at),
        has_password: from.password == Switch::On,
        created_at: time(from.created_at),
    }
}

pub async fn list(call: Call, asked: MailboxesAsked) -> Outcome<Page<MailboxRow>> {
    let caller = call.caller(Role::Reader)?;
    let wanted = WantedMailboxes {
        kind: asked.kind.map(Into::into),
        text: asked.search,
        after: asked.before,
    };
    let rows = limit(asked.limit);
    let found = call.engine.mailboxes_wanted(caller, wanted, rows).await?;
    Ok(page(found.rows.iter().map(row).collect(), found.next, None))
}

pub async fn show(call: Call, asked: ByAddress) -> Outcome<MailboxShown> {
    let caller = call.caller(Role::Reader)?;
    let (mailbox, folders) = call.engine.mailbox(caller, &asked.address).await?;
    let most = |bound: Option<std::num::NonZeroU64>| bound.map(std::num::NonZeroU64::get);
    let folders = folders.into_iter().map(|one| FolderRow {
        name: one.name,
        role: one.role.map(Into::into),
        messages: one.messages,
        unread: one.unread,
    });
    Ok(MailboxShown {
        mailbox: row(&mailbox),
        folders: folders.collect(),
        keep_sent: mailbox.keep_sent.into(),
        keep_days: most(mailbox.keep.days),
        keep_messages: most(mailbox.keep.messages),
        keep_bytes: most(mailbox.keep.bytes),
    })
}

async fn opened(call: &Call, address: &str, open: Switch) -> Outcome<Done> {
    let caller = call.caller(Role::Member)?;
    let change = MailboxChange {
        open: Some(open),
        ..MailboxChange::default()
    };
    call.engine.change_mailbox(caller, address, change).await?;
    Ok(Done {})
}

pub async fn suspend(call: Call, asked: ByAddress) -> Outcome<Done> {
    opened(&call, &asked.address, Switch::Off).await
}

pub async fn resume(call: Call, asked: ByAddress) -> Outcome<Done> {
    opened(&call, &asked.address, Switch::On).await
}

pub async fn rename(call: Call, asked: MailboxRename) -> Outcome<Done> {
    let caller = call.caller(Role::Member)?;
    call.engine
        .rename_mailbox(caller, &asked.address, &asked.to)
        .await?;
    Ok(Done {})
}

pub async fn remove(call: Call, asked: ByAddress) -> Outcome<Done> {
    let caller = call.caller(Role::Member)?;
    call.engine.remove_mailbox(caller, &asked.address).await?;
    Ok(Done {})
}

pub async fn restore(call: Call, asked: ByAddress) -> Outcome<Done> {
    let caller = call.caller(Role::Member)?;
    call.engine.restore_mailbox(caller, &asked.address).await?;
    Ok(Done {})
}

pub async fn set(call: Call, asked: MailboxSet) -> Outcome<MailboxShown> {
    let caller = call.caller(Role::Member)?;
    let change = MailboxChange {
        name: asked.name,
        quota_bytes: asked
            .quota_bytes
            .map(|bytes| Some(bytes).filter(|bytes| *bytes > 0)),
        password: None,
        keep_sent: asked.keep_sent.map(Into::into),
        open: None,
    };
    let keep = KeepChange {
        days: kept(asked.keep_days),
        messages: kept(asked.keep_messages),
        bytes: kept(asked.keep_bytes),
    };
    let address = asked.address;
    call.engine.change_mailbox(caller, &address, change).await?;
    if keep != KeepChange::default() {
        call.engine.set_mailbox_keep(caller, &address, keep).await?;
    }
    show(call, ByAddress { address }).await
}

pub async fn settings(call: Call, asked: ByAddress) -> Outcome<ClientSettings> {
    let caller = call.caller(Role::Reader)?;
    let (mailbox, _) = call.engine.mailbox(caller, &asked.address).await?;
    let profile = told_at("apple.mobileconfig", &mailbox.address);
    let places = &call.engine.settings().places;
    let reads = places.imap.is_some() || places.pop3.is_some();
    Ok(ClientSettings {
        profile_url: (reads && places.submission.is_some()).then_some(profile),
        ..client_settings(&call, mailbox.address)
    })
}
