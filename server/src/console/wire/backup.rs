//! Copies of the database.

use super::told;

told! {
    /// `backup.make`
    pub struct BackupMade {
        /// To fetch it from; gone after an hour.
        pub url: String,
        pub size_bytes: u64,
        pub made_at: String,
        /// What to keep beside it, in a sentence.
        pub note: String,
    }
}
