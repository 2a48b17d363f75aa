//! Addresses that must not be sent to.

use super::{given, told, words};

words! {
    /// Why.
    SuppressionReason = posthouse::model::suppression::SuppressionReason {
        Bounce, Complaint, Unsubscribe, Manual,
    }
}

given! {
    /// `suppression.list`
    pub struct SuppressionsAsked {
        pub before: Option<String>,
        /// 50 unless said, 200 at most.
        pub limit: Option<u32>,
        /// In the address.
        pub search: Option<String>,
        /// Only one domain's list, by host; null: all.
        pub domain: Option<String>,
    }

    /// `suppression.add`
    pub struct SuppressionAdd {
        pub address: String,
        /// For one domain's mail, by host; null: the organization's.
        pub domain: Option<String>,
        pub detail: Option<String>,
    }

    /// `suppression.remove`
    pub struct SuppressionRemove {
        pub address: String,
        /// From whose list; null: the organization's.
        pub domain: Option<String>,
    }

    /// `suppression.import`
    pub struct SuppressionImport {
        /// Columns address, reason, domain, detail and created_at in any order.
        pub csv: String,
        /// Only told what would be.
        pub rehearse: bool,
    }
}

told! {
    /// A suppressed address.
    pub struct SuppressionRow {
        pub id: i64,
        pub address: String,
        pub reason: SuppressionReason,
        pub detail: Option<String>,
        pub domain: Option<String>,
        pub created_at: String,
    }

    /// `suppression.add`
    pub struct SuppressionAdded {
        /// It was not on the list already.
        pub added: bool,
    }

    /// `suppression.import`
    pub struct SuppressionsImported {
        pub rows: u64,
        pub added: u64,
        pub already: u64,
        /// Bounces of addresses that bounces may not suppress.
        pub spared: u64,
        pub bad: u64,
        /// The first of the bad ones, in words.
        pub faults: Vec<String>,
        /// Why the rest was not read.
        pub stopped: Option<String>,
    }
}
