//! The whole story of an email.

use super::{AttemptShown, DeliveryState, EventShown, RecordShown, Stage, given, told};

given! {
    /// `email.why`
    pub struct WhyAsked {
        /// The email's UUID.
        pub id: String,
        /// Ask DNS what it says now: takes up to four seconds.
        pub dns: bool,
    }
}

told! {
    /// `email.why`
    pub struct Story {
        pub id: String,
        /// The host of the sender's domain; null where a provider gave the mail its sender.
        pub domain: Option<String>,
        /// The sending domain's records as DNS has them now; null where it was not asked.
        pub records: Option<Vec<RecordShown>>,
        /// Why DNS was not asked for them.
        pub records_not_asked: Option<String>,
        pub recipients: Vec<RecipientStory>,
    }

    /// The story of one recipient.
    pub struct RecipientStory {
        pub recipient: String,
        pub state: DeliveryState,
        /// Which way its mail went, in words.
        pub route: String,
        /// Where that leaves it, in a sentence or two.
        pub standing: String,
        pub refusal: Option<RefusalTold>,
        /// What to do about it.
        pub next_step: Option<String>,
        /// What DNS says now of the recipient's domain; null where it was not asked.
        pub dns: Option<RecipientDomain>,
        pub dns_not_asked: Option<String>,
        pub events: Vec<EventShown>,
        pub attempts: Vec<AttemptShown>,
        /// The message it was kept as here.
        pub message: Option<i64>,
    }

    /// A refusal, explained.
    pub struct RefusalTold {
        /// Of which try, from 1.
        pub attempt: u32,
        /// The host that said it; null when it was this machine.
        pub by: Option<String>,
        pub stage: Option<Stage>,
        pub line: String,
        /// `temporary`, `permanent` or what is known of it, in a word.
        pub force: String,
        pub meaning: Option<String>,
        pub next_step: Option<String>,
        /// Where the meaning is from.
        pub sources: Vec<String>,
    }

    /// A recipient's domain, as DNS has it now.
    pub struct RecipientDomain {
        pub domain: String,
        pub takes: String,
        pub hosts: Vec<RecipientHost>,
        pub lines: Vec<String>,
    }

    /// A mail server.
    pub struct RecipientHost {
        pub preference: Option<u16>,
        pub host: String,
        pub addresses: Vec<String>,
        pub error: Option<String>,
    }
}
