//! Organizations, their people and their usage.

use std::collections::BTreeMap;

use posthouse::model::domain::Switch;
use posthouse::model::organization as o;
use posthouse::model::usage as u;
use serde::Serialize;

use super::{Keep, time, time_or_none};

#[derive(Debug, Serialize)]
pub struct Organization {
    pub id: i64,
    pub uuid: String,
    pub name: String,
    pub standing: &'static str,
    pub direct: &'static str,
    pub metering: &'static str,
    pub payment: &'static str,
    pub spend_cap_cents: Option<u32>,
    pub enum_style: &'static str,
    pub signature_format: &'static str,
    pub capture_private: &'static str,
    /// What each of its mailboxes keeps; null is without end.
    pub keep: Keep,
    pub created_at: String,
}

impl Organization {
    pub fn of(from: &o::Organization) -> Self {
        Self {
            id: from.id.0,
            uuid: from.uuid.to_string(),
            name: from.name.clone(),
            standing: from.standing.as_str(),
            direct: from.direct.as_str(),
            metering: from.metering.as_str(),
            payment: from.payment.as_str(),
            spend_cap_cents: from.spend_cap_cents,
            enum_style: from.enum_style.as_str(),
            signature_format: from.signature_format.as_str(),
            capture_private: from.capture_private.as_str(),
            keep: Keep::of(from.keep),
            created_at: time(from.created_at),
        }
    }
}

#[derive(Debug, Serialize)]
pub struct OrganizationCounts {
    #[serde(flatten)]
    pub organization: Organization,
    /// Deliveries by state.
    pub deliveries: BTreeMap<&'static str, i64>,
    pub usage: Usage,
}

#[derive(Debug, Serialize)]
pub struct Usage {
    /// Such as `2026-11`; UTC.
    pub month: String,
    /// Recipients accepted.
    pub sent: u64,
    pub free_a_month: u64,
    pub free: u64,
    pub billable: u64,
    pub cents_a_thousand: u64,
    pub payment: &'static str,
    pub spend_cap_cents: Option<u32>,
}

impl Usage {
    pub fn of(from: &u::Usage) -> Self {
        Self {
            month: from.month.name(),
            sent: from.sent,
            free_a_month: u::FREE_A_MONTH,
            free: from.free(),
            billable: from.billable(),
            cents_a_thousand: u::CENTS_A_THOUSAND,
            payment: from.payment.as_str(),
            spend_cap_cents: from.spend_cap_cents,
        }
    }
}

#[derive(Debug, Serialize)]
pub struct User {
    pub id: i64,
    pub name: String,
    pub role: &'static str,
    pub has_password: bool,
    pub seen_at: Option<String>,
    pub created_at: String,
}

impl User {
    pub fn of(from: &o::User) -> Self {
        Self {
            id: from.id.0,
            name: from.name.clone(),
            role: from.role.as_str(),
            has_password: from.password == Switch::On,
            seen_at: time_or_none(from.seen_at),
            created_at: time(from.created_at),
        }
    }
}
