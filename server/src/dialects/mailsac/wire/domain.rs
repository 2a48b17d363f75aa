//! Domains.

use serde::Serialize;

use super::address::Address;

/// A domain.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Domain {
    #[serde(rename = "_id")]
    pub(in super::super) id: String,
    pub(in super::super) created: String,
    pub(in super::super) updated: String,
    pub(in super::super) enablews: bool,
    pub(in super::super) hosted: bool,
    pub(in super::super) is_default: bool,
    pub(in super::super) is_private: bool,
    pub(in super::super) last_verification_errors: String,
    pub(in super::super) owner: String,
    pub(in super::super) verification_txt: String,
    pub(in super::super) verified: bool,
    pub(in super::super) verified_mx: bool,
}

/// A domain and what is in it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct DomainInfo {
    pub(in super::super) domain: Domain,
    pub(in super::super) total_messages: u64,
    pub(in super::super) catch_all_address: Option<Address>,
}
