//! Names that are sent from and received at.

use posthouse::ids::MailboxId;
use posthouse::model::domain::{Need, Record, RecordKind, Verdict};
use posthouse::model::key::Caller;
use posthouse::model::organization::Role;
use posthouse::model::page::Page;
use posthouse::ops::domains::DomainChange;
use posthouse::ops::overview::amiss;
use posthouse::ops::records::Verification;

use super::call::Call;
use super::convert::{cleared, time, time_or_none};
use super::listener::client_settings;
use super::trouble::Outcome;
use super::wire::{
    ByHost, ClientSettings, DomainAdd, DomainRow, DomainSet, DomainShown, Done, Nothing,
    RecordShown, RecordVerdict, Rows,
};
use crate::cli::zone::line;

fn verdict(record: &Record) -> RecordVerdict {
    match record.checked.as_ref().map(|checked| checked.verdict) {
        Some(Verdict::Match) => RecordVerdict::Right,
        Some(Verdict::Absent) => RecordVerdict::Missing,
        Some(Verdict::Mismatch) => RecordVerdict::Wrong,
        Some(Verdict::Unsure) | None => RecordVerdict::Unknown,
    }
}

const fn purpose(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::Dkim => "Receivers check with it that mail is signed by you (DKIM).",
        RecordKind::DkimEd25519 => "A second, shorter key that mail is signed with (DKIM).",
        RecordKind::ReturnPath => "Bounces come back by it, and SPF agrees with your domain.",
        RecordKind::Dmarc => "It says what receivers do with mail that is not yours (DMARC).",
        RecordKind::Spf => "It says which servers send for you (SPF).",
        RecordKind::Mx => "Mail for addresses at the domain comes here by it.",
        RecordKind::MailFromMx => "Bounces to the domain's own return path come here by it.",
        RecordKind::MailFromSpf => "It says that we send for the domain's own return path (SPF).",
    }
}

fn why(record: &Record) -> String {
    let what = purpose(record.kind);
    let state = match (verdict(record), record.checked.is_some()) {
        (RecordVerdict::Right, _) => return what.to_owned(),
        (RecordVerdict::Missing, _) => {
            "There is no record at this name yet: publish it where your DNS is managed."
        }
        (RecordVerdict::Wrong, _) => {
            "Something else stands at this name: change it to what is expected."
        }
        (RecordVerdict::Unknown, true) => "DNS did not answer: check it again in a while.",
        (RecordVerdict::Unknown, false) => "Nobody has looked yet: check it.",
    };
    format!("{what} {state}")
}

/// A record as it is shown.
pub(super) fn record(from: &Record) -> RecordShown {
    let checked = from.checked.as_ref();
    RecordShown {
        purpose: from.kind.into(),
        record_type: from.record_type.to_owned(),
        line: line(from),
        name: from.name.clone(),
        expected: from.expected.clone(),
        found: checked.map(|one| one.found.clone()).unwrap_or_default(),
        verdict: verdict(from),
        need: from.need.into(),
        required: from.need == Need::Required,
        why: why(from),
        checked_at: checked.map(|one| time(one.at)),
    }
}

pub(super) fn row(from: &Verification) -> DomainRow {
    let domain = &from.domain;
    DomainRow {
        host: domain.host.clone(),
        name: domain.name.clone(),
        verified: domain.is_verified(),
        sending: domain.is_verified(),
        problems: amiss(&from.records),
        created_at: time(domain.created_at),
    }
}

async fn shown(call: &Call, caller: &Caller, from: Verification) -> Outcome<DomainShown> {
    let Verification { domain, records } = from;
    let catch_all = match domain.catch_all {
        Some(MailboxId(id)) => call.engine.mailbox_address(caller, MailboxId(id)).await?,
        None => None,
    };
    Ok(DomainShown {
        id: domain.id.0,
        uuid: domain.uuid.to_string(),
        name: domain.name.clone(),
        verified: domain.is_verified(),
        sending: domain.is_verified(),
        problems: amiss(&records),
        verified_at: time_or_none(domain.verified_at),
        created_at: time(domain.created_at),
        tls: domain.tls.into(),
        tracking: domain.tracking.into(),
        unsubscribe: domain.unsubscribe.into(),
        receives: domain.receives.into(),
        dmarc: domain.dmarc.into(),
        catch_all,
        mailbox_limit: domain.mailbox_limit,
        records: records.iter().map(record).collect(),
        zone_url: format!("/console/files/domain/{}/zone", domain.host),
        host: domain.host,
    })
}

pub async fn list(call: Call, _: Nothing) -> Outcome<Rows<DomainRow>> {
    let caller = call.caller(Role::Reader)?;
    let all = call.engine.all_domain_records(caller, Page::WHOLE).await?;
    Ok(Rows {
        rows: all.iter().map(row).collect(),
    })
}

pub async fn show(call: Call, asked: ByHost) -> Outcome<DomainShown> {
    let caller = call.caller(Role::Reader)?;
    let domain = call.engine.domain_of_host(caller, &asked.host).await?;
    let records = call.engine.domain_records(caller, domain.id).await?;
    shown(&call, caller, records).await
}

pub async fn add(call: Call, asked: DomainAdd) -> Outcome<DomainShown> {
    let caller = call.caller(Role::Member)?;
    let name = asked.name.as_deref();
    let made = call
        .engine
        .create_sending_domain(caller, &asked.host, name, None)
        .await?;
    shown(&call, caller, made).await
}

pub async fn check(call: Call, asked: ByHost) -> Outcome<DomainShown> {
    let caller = call.caller(Role::Member)?;
    let domain = call.engine.domain_of_host(caller, &asked.host).await?;
    let found = call.engine.verify_domain(caller, domain.id).await?;
    shown(&call, caller, found).await
}

pub async fn set(call: Call, asked: DomainSet) -> Outcome<DomainShown> {
    let caller = call.caller(Role::Member)?;
    let domain = call.engine.domain_of_host(caller, &asked.host).await?;
    let change = DomainChange {
        host: None,
        name: cleared(asked.name),
        tls: asked.tls.map(Into::into),
        tracking: asked.tracking.map(Into::into),
        unsubscribe: asked.unsubscribe.map(Into::into),
        receives: asked.receives.map(Into::into),
        dmarc: asked.dmarc.map(Into::into),
        catch_all: cleared(asked.catch_all),
    };
    call.engine.set_domain(caller, domain.id, change).await?;
    let records = call.engine.domain_records(caller, domain.id).await?;
    shown(&call, caller, records).await
}

pub async fn remove(call: Call, asked: ByHost) -> Outcome<Done> {
    let caller = call.caller(Role::Owner)?;
    let domain = call.engine.domain_of_host(caller, &asked.host).await?;
    call.engine.remove_domain(caller, domain.uuid).await?;
    Ok(Done {})
}

pub async fn setup(call: Call, asked: ByHost) -> Outcome<ClientSettings> {
    let caller = call.caller(Role::Reader)?;
    let domain = call.engine.domain_of_host(caller, &asked.host).await?;
    Ok(client_settings(&call, format!("name@{}", domain.host)))
}
