//! Addresses.

use posthouse::model::domain::Switch;
use posthouse::ops::mail::addresses::{self, AddressView, HookView};
use posthouse::ops::mail::reserving::{AddressChange, HookChange};
use posthouse::ops::validating::Validated;

use super::super::wire::address::{Address, Availability, Integrity, Released};
use super::super::wire::ask::{Fields, Wrong};

/// The form of an address's webhook.
pub(in super::super) const FORM: &str = "mailsac";
/// The form of an address's Slack webhook.
pub(in super::super) const SLACK_FORM: &str = "slack";
/// The words of a Slack webhook that is told who wrote to whom, too.
pub(in super::super) const TO_FROM: &str = "to-from";

/// An address as it is shown.
pub(in super::super) fn address(view: AddressView) -> Address {
    let AddressView {
        address,
        owner,
        implicit,
        info,
        forward,
        socket,
        hooks,
        catch_all,
        alias,
        times,
    } = view;
    let hook = |form| hooks.iter().find(|hook: &&HookView| hook.form == form);
    let slack = hook(SLACK_FORM);
    let on = socket == Switch::On;
    Address {
        id: address,
        owner,
        forward,
        enablews: on,
        enabledws: on,
        webhook: hook(FORM).map(|hook| hook.url.clone()),
        webhook_slack: slack.map(|hook| hook.url.clone()),
        webhook_slack_to_from: slack.is_some_and(|hook| hook.words.as_deref() == Some(TO_FROM)),
        catch_all,
        password: None,
        info,
        encrypted_inbox: alias,
        implicit,
        created: times.map(|(created, _)| created.rfc3339_millis()),
        updated: times.map(|(_, updated)| updated.rfc3339_millis()),
    }
}

/// What a body wants changed; what it does not name stays.
pub(in super::super) fn change(mut fields: Fields) -> Result<AddressChange, Wrong> {
    let switch = |on| match on {
        true => Switch::On,
        false => Switch::Off,
    };
    let socket = match fields.switch("enablews")? {
        Some(on) => Some(on),
        None => fields.switch("enabledws")?,
    };
    let to_from = fields.switch("webhookSlackToFrom")?;
    let words = to_from.map(|on| on.then(|| TO_FROM.to_owned()));
    let hooks = [
        (FORM, fields.text("webhook")?, None),
        (SLACK_FORM, fields.text("webhookSlack")?, words),
    ];
    let named = hooks
        .into_iter()
        .filter(|(_, url, words)| url.is_some() || words.is_some());
    Ok(AddressChange {
        info: fields.text("info")?.map(Option::unwrap_or_default),
        forward: fields.text("forward")?,
        socket: socket.map(switch),
        hooks: named
            .map(|(form, url, words)| HookChange { form, url, words })
            .collect(),
    })
}

pub(in super::super) fn availability(found: addresses::Availability) -> Availability {
    let addresses::Availability {
        address,
        available,
        owned,
    } = found;
    Availability {
        available,
        email: address,
        owned,
    }
}

pub(in super::super) const fn released(address: String) -> Released {
    Released {
        id: address,
        message: "Address was released.",
    }
}

/// What is known of a stranger's address; of what is none, nothing.
pub(in super::super) fn integrity(known: Validated) -> Integrity {
    let Validated {
        given,
        address,
        disposable,
        servers,
    } = known;
    let part = |part: fn(&posthouse::model::address::Address) -> &str| {
        address.as_ref().map(part).unwrap_or_default().to_owned()
    };
    Integrity {
        valid_format: address.is_some(),
        is_valid_format: address.is_some(),
        local: part(|address| address.local()),
        domain: part(|address| address.domain()),
        is_disposable: !disposable.is_empty(),
        disposable_domains: disposable,
        aliases: servers,
        email: given,
    }
}
