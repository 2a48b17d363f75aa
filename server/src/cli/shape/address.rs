//! Addresses that keep mail.

use posthouse::ops::mail::addresses::{AddressView, HookView};
use serde::Serialize;

use super::time_or_none;

#[derive(Debug, Serialize)]
pub struct Address {
    pub address: String,
    pub owner: Option<String>,
    pub implicit: bool,
    pub info: String,
    pub forward: Option<String>,
    pub socket: &'static str,
    pub webhooks: Vec<Hook>,
    pub catch_all: bool,
    /// Another address for it, that does not tell it.
    pub alias: String,
    pub created_at: Option<String>,
    pub updated_at: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct Hook {
    pub form: String,
    pub url: String,
}

impl Address {
    pub fn of(from: &AddressView) -> Self {
        Self {
            address: from.address.clone(),
            owner: from.owner.clone(),
            implicit: from.implicit,
            info: from.info.clone(),
            forward: from.forward.clone(),
            socket: from.socket.as_str(),
            webhooks: from.hooks.iter().map(Hook::of).collect(),
            catch_all: from.catch_all,
            alias: from.alias.clone(),
            created_at: time_or_none(from.times.map(|(made, _)| made)),
            updated_at: time_or_none(from.times.map(|(_, changed)| changed)),
        }
    }
}

impl Hook {
    fn of(from: &HookView) -> Self {
        Self {
            form: from.form.clone(),
            url: from.url.clone(),
        }
    }
}
