//! SMTP providers.

use super::{Security, Stage, given, told};

given! {
    /// `relay.make`
    pub struct RelayMake {
        pub name: String,
        pub host: String,
        pub port: u16,
        pub security: Security,
        pub user: Option<String>,
        pub password: Option<String>,
        /// What it takes in an hour, in a day; null: anything.
        pub hourly: Option<u32>,
        pub daily: Option<u32>,
        /// The sender of mail that names none.
        pub sender: Option<String>,
    }

    /// `relay.set`: null leaves.
    pub struct RelaySet {
        pub id: i64,
        /// 0 lifts the limit.
        pub hourly: Option<u32>,
        /// 0 lifts the limit.
        pub daily: Option<u32>,
        /// Empty takes it away.
        pub sender: Option<String>,
    }

    /// `relay.order`
    pub struct RelayOrder {
        /// All of them, the one to be tried first in front.
        pub ids: Vec<i64>,
    }
}

told! {
    /// A relay.
    pub struct RelayRow {
        pub id: i64,
        pub name: String,
        pub host: String,
        pub port: u16,
        pub security: Security,
        pub user: Option<String>,
        /// Tried first.
        pub first: bool,
        pub hourly: Option<u32>,
        pub daily: Option<u32>,
        /// Counted where there is a limit.
        pub this_hour: u32,
        pub today: u32,
        pub sender: Option<String>,
        pub created_at: String,
    }

    /// `relay.test`
    pub struct RelayTested {
        pub ok: bool,
        /// What went wrong, in words.
        pub fault: Option<String>,
        pub stage: Option<Stage>,
        /// In words; null where there was none.
        pub tls: Option<String>,
        pub conversation: Vec<String>,
    }
}
