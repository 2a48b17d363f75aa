//! Who calls, and what they have.

use posthouse::model::domain::Switch;
use posthouse::model::mailbox::Kept;
use posthouse::ops::mail::Shown;
use posthouse::ops::mail::looking::{Account, Holdings, Stretch};

use super::super::wire::account::{Figure, Inbox, Me, Stats};
use super::mail::shown;

/// What is shown for a number that has no bound here.
const UNBOUNDED: u32 = 1_000_000_000;

/// Who calls. What the vendor bills is without bounds here, and what it holds back is not.
pub(in super::super) fn me(account: Account) -> Me {
    let Account {
        name,
        organization,
        key,
        users,
        labels,
    } = account;
    let used_at = key.as_ref().and_then(|key| key.last_used_at);
    Me {
        id: name,
        email: String::new(),
        invoice_email: String::new(),
        capture_private: organization.capture_private == Switch::On,
        message_limit: UNBOUNDED,
        private_domain: UNBOUNDED,
        private_address_credits: UNBOUNDED,
        whitelist_access: 1,
        month_calls: 0,
        api_monthly_limit: UNBOUNDED,
        billing_hold: None,
        disabled: None,
        recents: Vec::new(),
        labels,
        company: organization.name,
        address: String::new(),
        firehose: 1,
        allow_public_domains: 1,
        view_analytics: 1,
        api_access: 1,
        ws_domain: 1,
        many_keys: 1,
        internal_unlimited: 1,
        last_login: used_at.unwrap_or(organization.created_at).rfc3339_millis(),
        allow_multiple_users: 1,
        user_limit: u32::try_from(users.len().max(1)).unwrap_or(u32::MAX),
        disable_spam: true,
        stripe_id: None,
        month_disabled: 0,
        month_warning: 0,
        api_key_name: key.and_then(|key| key.name).unwrap_or_default(),
    }
}

/// All mail of an account.
pub(in super::super) fn inbox(stretch: Stretch, (found, kept): (Vec<Shown>, Kept)) -> Inbox {
    let Stretch {
        rows,
        skip,
        since,
        until: _,
    } = stretch;
    Inbox {
        messages: found.iter().map(shown).collect(),
        unread: kept.unread,
        limit: rows,
        skip,
        since: since.map(|since| since.rfc3339_millis()),
    }
}

/// What an account has. Calls are not counted here.
pub(in super::super) fn stats(holdings: Holdings) -> Stats {
    let Holdings {
        addresses,
        domains,
        kept,
    } = holdings;
    let Kept {
        messages,
        unread: _,
        starred,
        bytes,
    } = kept;
    Stats {
        default_domain: domains.first().cloned().unwrap_or_default(),
        addresses,
        domains,
        starred_messages: starred,
        stored_messages: messages,
        inbox_bytes: bytes,
        last_month_ops: 0,
        non_owned_inboxes: Vec::new(),
    }
}

/// A part of a list of figures.
pub(in super::super) fn figures(found: Vec<(String, u64)>, part: Stretch) -> Vec<Figure> {
    let count = |rows: u32| usize::try_from(rows).unwrap_or(usize::MAX);
    found
        .into_iter()
        .skip(count(part.skip))
        .take(count(part.rows))
        .map(|(id, n)| Figure { id, n })
        .collect()
}
