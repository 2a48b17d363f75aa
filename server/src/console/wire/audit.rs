//! Who changed what.

use super::told;

told! {
    /// A change.
    pub struct AuditRow {
        pub id: i64,
        pub at: String,
        /// The person's name then; `this machine` for the desktop and the command line.
        pub who: String,
        /// Null where it was no person, or they are no more.
        pub user: Option<i64>,
        /// The command.
        pub what: String,
        /// What it was about: an address, a host, a number.
        pub target: Option<String>,
        /// What was said beside, as JSON; never a secret or a text of mail.
        pub detail: Option<String>,
        /// From where.
        pub remote: Option<String>,
    }
}
