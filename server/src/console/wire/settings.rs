//! What the operator and the organization decided.

use super::{Mode, Switch, given, told};

given! {
    /// `settings.set`: null leaves. What is the operator's stands in the configuration file.
    pub struct SettingsSet {
        /// The organization's name.
        pub name: Option<String>,
        /// Live mail without a relay goes to the recipients' own servers.
        pub direct: Option<Switch>,
        /// Mail that it captures is starred.
        pub capture_private: Option<Switch>,
        /// What becomes of mail that people write by hand.
        pub hand_mode: Option<Mode>,
        /// What each mailbox keeps; 0: for ever, or any number.
        pub keep_days: Option<u64>,
        pub keep_messages: Option<u64>,
        pub keep_bytes: Option<u64>,
    }
}

told! {
    /// `settings.show`
    pub struct SettingsShown {
        pub name: String,
        pub direct: Switch,
        pub capture_private: Switch,
        /// What becomes of mail that people write by hand; null where the key for it was revoked.
        pub hand_mode: Option<Mode>,
        pub keep_days: Option<u64>,
        pub keep_messages: Option<u64>,
        pub keep_bytes: Option<u64>,
        /// Our own host name.
        pub host: String,
        /// Where links in mail begin.
        pub public_url: String,
        /// The mode of keys where none is said.
        pub default_mode: Mode,
        /// Every setting of the operator's, as it holds; empty where it is not known here.
        pub file: Vec<SettingRow>,
    }

    /// A setting of the operator's.
    pub struct SettingRow {
        /// Such as `server.host`.
        pub name: String,
        pub value: String,
        pub about: String,
    }
}
