//! Domains.

use posthouse::model::domain::Switch;
use posthouse::ops::mail::addresses::AddressView;
use posthouse::ops::mail::domains::DomainView;

use super::super::wire::domain::{Domain, DomainInfo};
use super::address::address;

/// A domain. Its mail is nobody else's, and it is not one of the vendor's own.
pub(in super::super) fn domain(view: DomainView) -> Domain {
    let DomainView {
        domain,
        owner,
        receives_here,
        socket,
        faults,
    } = view;
    Domain {
        created: domain.created_at.rfc3339_millis(),
        updated: domain.modified_at.rfc3339_millis(),
        enablews: socket == Switch::On,
        hosted: false,
        is_default: false,
        is_private: true,
        last_verification_errors: faults.join("; "),
        owner,
        verification_txt: format!("mailsac_{}", domain.uuid.simple()),
        verified: domain.is_verified(),
        verified_mx: receives_here,
        id: domain.host,
    }
}

/// A domain, what it holds, and whose routing holds for addresses without their own.
pub(in super::super) fn domain_info(
    (view, messages, catch_all): (DomainView, u64, Option<AddressView>),
) -> DomainInfo {
    DomainInfo {
        domain: domain(view),
        total_messages: messages,
        catch_all_address: catch_all.map(address),
    }
}
