//! Addresses that must not be sent to.

use std::io::Cursor;

use posthouse::ids::SuppressionId;
use posthouse::model::organization::Role;
use posthouse::model::suppression::SuppressionReason;
use posthouse::ops::suppression_csv::{Effect, ImportTerms};

use super::call::Call;
use super::convert::{limit, number, page, time};
use super::email::domain_id;
use super::trouble::Outcome;
use super::webhook::hosts;
use super::wire::{
    Done, Page, SuppressionAdd, SuppressionAdded, SuppressionImport, SuppressionRemove,
    SuppressionRow, SuppressionsAsked, SuppressionsImported,
};

pub async fn list(call: Call, asked: SuppressionsAsked) -> Outcome<Page<SuppressionRow>> {
    let caller = call.caller(Role::Reader)?;
    let domain = domain_id(&call, caller, asked.domain.as_deref()).await?;
    let before = number(asked.before.as_deref())?.map(SuppressionId);
    let found = call
        .engine
        .suppressions_holding(caller, (domain, asked.search), before, limit(asked.limit))
        .await?;
    let hosts = hosts(&call, caller).await?;
    let rows = found.rows.into_iter().map(|one| SuppressionRow {
        id: one.id.0,
        address: one.address,
        reason: one.reason.into(),
        detail: one.detail,
        domain: one.domain.and_then(|id| hosts.get(&id).cloned()),
        created_at: time(one.created_at),
    });
    Ok(page(rows.collect(), found.next, None))
}

pub async fn add(call: Call, asked: SuppressionAdd) -> Outcome<SuppressionAdded> {
    let caller = call.caller(Role::Member)?;
    let domain = domain_id(&call, caller, asked.domain.as_deref()).await?;
    let why = (SuppressionReason::Manual, asked.detail.as_deref());
    let added = call
        .engine
        .suppress(caller, domain, &asked.address, why)
        .await?;
    Ok(SuppressionAdded { added })
}

pub async fn remove(call: Call, asked: SuppressionRemove) -> Outcome<Done> {
    let caller = call.caller(Role::Member)?;
    let domain = domain_id(&call, caller, asked.domain.as_deref()).await?;
    call.engine
        .unsuppress(caller, domain, &asked.address)
        .await?;
    Ok(Done {})
}

pub async fn import(call: Call, asked: SuppressionImport) -> Outcome<SuppressionsImported> {
    let caller = call.caller(Role::Member)?;
    let terms = ImportTerms {
        domain: None,
        reason: SuppressionReason::Manual,
        effect: match asked.rehearse {
            true => Effect::Rehearsed,
            false => Effect::Written,
        },
    };
    let sheet = Cursor::new(asked.csv.into_bytes());
    let done = call
        .engine
        .import_suppressions(caller, sheet, terms, |_| {})
        .await?;
    Ok(SuppressionsImported {
        rows: done.rows,
        added: done.added,
        already: done.already,
        spared: done.spared,
        bad: done.bad,
        faults: done
            .faults
            .iter()
            .map(|bad| format!("line {}: {}", bad.line, bad.fault))
            .collect(),
        stopped: done.stopped.as_ref().map(ToString::to_string),
    })
}
