//! What the operator and the organization decided.

use posthouse::model::domain::Switch;
use posthouse::model::keep::KeepChange;
use posthouse::model::key::Caller;
use posthouse::model::organization::{Direct, Organization, Role};
use posthouse::ops::organizations::OrganizationChange;

use super::call::Call;
use super::convert::kept;
use super::trouble::Outcome;
use super::wire::{self, Nothing, SettingsSet, SettingsShown};

async fn shown(call: &Call, caller: &Caller, of: Organization) -> Outcome<SettingsShown> {
    let theirs = call.engine.machine_is_of(caller).await.is_ok();
    let most = |bound: Option<std::num::NonZeroU64>| bound.map(std::num::NonZeroU64::get);
    let settings = call.engine.settings();
    Ok(SettingsShown {
        name: of.name,
        direct: match of.direct {
            Direct::On => wire::Switch::On,
            Direct::Off => wire::Switch::Off,
        },
        capture_private: of.capture_private.into(),
        hand_mode: call.engine.hand_mode(caller).await?.map(Into::into),
        keep_days: most(of.keep.days),
        keep_messages: most(of.keep.messages),
        keep_bytes: most(of.keep.bytes),
        host: settings.host.clone(),
        public_url: call.engine.public_url().as_str().to_owned(),
        default_mode: settings.default_mode.into(),
        file: match theirs {
            true => call.place.settings.clone(),
            false => Vec::new(),
        },
    })
}

pub async fn show(call: Call, _: Nothing) -> Outcome<SettingsShown> {
    let caller = call.caller(Role::Reader)?;
    let found = call.engine.organization(caller).await?;
    shown(&call, caller, found).await
}

pub async fn set(call: Call, asked: SettingsSet) -> Outcome<SettingsShown> {
    let caller = call.caller(Role::Owner)?;
    let change = OrganizationChange {
        name: asked.name,
        direct: asked.direct.map(|direct| match direct.into() {
            Switch::On => Direct::On,
            Switch::Off => Direct::Off,
        }),
        capture_private: asked.capture_private.map(Into::into),
        keep: KeepChange {
            days: kept(asked.keep_days),
            messages: kept(asked.keep_messages),
            bytes: kept(asked.keep_bytes),
        },
        ..OrganizationChange::default()
    };
    let changed = call.engine.set_organization(caller, change).await?;
    if let Some(mode) = asked.hand_mode {
        call.engine.set_hand_mode(caller, mode.into()).await?;
    }
    shown(&call, caller, changed).await
}
