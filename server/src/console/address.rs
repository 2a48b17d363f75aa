//! Addresses that were asked for, and what they do with their mail.

use posthouse::model::organization::Role;
use posthouse::ops::mail::addresses::AddressView;
use posthouse::ops::mail::reserving::{AddressChange, HookChange, Letting};

use super::call::Call;
use super::convert::{cleared, time};
use super::trouble::Outcome;
use super::wire::{AddressRelease, AddressReserve, AddressRoute, AddressRow, Done, Nothing, Rows};
use crate::dialects::address_forms;

fn row(from: AddressView) -> AddressRow {
    let [program, chat] = address_forms();
    let hook = |form: &str| {
        let mut hooks = from.hooks.iter();
        hooks
            .find(|hook| hook.form == form)
            .map(|hook| hook.url.clone())
    };
    AddressRow {
        webhook_url: hook(program),
        slack_url: hook(chat),
        address: from.address,
        info: from.info,
        forward: from.forward,
        socket: from.socket.into(),
        catch_all: from.catch_all,
        alias: from.alias,
        created_at: from.times.map(|(made, _)| time(made)),
    }
}

pub async fn list(call: Call, _: Nothing) -> Outcome<Rows<AddressRow>> {
    let all = call.engine.addresses(call.caller(Role::Reader)?).await?;
    Ok(Rows {
        rows: all.into_iter().map(row).collect(),
    })
}

pub async fn reserve(call: Call, asked: AddressReserve) -> Outcome<AddressRow> {
    let caller = call.caller(Role::Member)?;
    let change = AddressChange {
        info: asked.info,
        ..AddressChange::default()
    };
    let made = call
        .engine
        .reserve_address(caller, &asked.address, change)
        .await?;
    Ok(row(made))
}

pub async fn release(call: Call, asked: AddressRelease) -> Outcome<Done> {
    let caller = call.caller(Role::Member)?;
    let mail = match asked.remove_mail {
        true => Letting::Remove,
        false => Letting::Keep,
    };
    call.engine
        .release_address(caller, &asked.address, mail)
        .await?;
    Ok(Done {})
}

pub async fn route(call: Call, asked: AddressRoute) -> Outcome<AddressRow> {
    let caller = call.caller(Role::Member)?;
    let [program, chat] = address_forms();
    let hook = |form, url: Option<String>| {
        url.map(|url| HookChange {
            form,
            url: cleared(Some(url)),
            words: None,
        })
    };
    let hooks = [
        hook(program, asked.webhook_url),
        hook(chat, asked.slack_url),
    ];
    let change = AddressChange {
        info: asked.info,
        forward: cleared(asked.forward),
        socket: asked.socket.map(Into::into),
        hooks: hooks.into_iter().flatten().collect(),
    };
    let changed = call
        .engine
        .route_address(caller, &asked.address, change)
        .await?;
    Ok(row(changed))
}
