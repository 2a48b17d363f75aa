//! Addresses that were asked for, and what they do with their mail.

use super::{Switch, given, told};

given! {
    /// `address.reserve`
    pub struct AddressReserve {
        pub address: String,
        /// A person's words about it.
        pub info: Option<String>,
    }

    /// `address.release`
    pub struct AddressRelease {
        pub address: String,
        /// Its mail goes too.
        pub remove_mail: bool,
    }

    /// `address.route`: null leaves, empty switches off.
    pub struct AddressRoute {
        pub address: String,
        pub info: Option<String>,
        /// Another address here that its mail goes to as well.
        pub forward: Option<String>,
        pub socket: Option<Switch>,
        pub webhook_url: Option<String>,
        pub slack_url: Option<String>,
    }
}

told! {
    /// An address.
    pub struct AddressRow {
        pub address: String,
        pub info: String,
        pub forward: Option<String>,
        pub socket: Switch,
        pub webhook_url: Option<String>,
        pub slack_url: Option<String>,
        /// Its routing holds for all of its domain that have none of their own.
        pub catch_all: bool,
        /// Another address for it, that does not tell it.
        pub alias: String,
        pub created_at: Option<String>,
    }
}
