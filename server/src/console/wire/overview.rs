//! How things stand.

use super::{given, told, words};

given! {
    /// `overview.show`
    pub struct OverviewAsked {
        /// How many days back; 14 unless said, 90 at most.
        pub days: Option<u32>,
    }
}

words! {
    /// How bad it is.
    Severity { Error, Warning }

    /// What is in a bad way.
    ProblemKind {
        /// A domain's records are not as they should be.
        DomainRecords,
        /// Mail waits for a person.
        Held,
        /// It is not known whether mail was sent.
        Unknown,
        /// Mail has been waiting for long.
        Waiting,
        /// A webhook was switched off.
        WebhookOff,
        /// Mail can leave nowhere.
        NoRoute,
        /// A mailbox is nearly full.
        MailboxFull,
        /// The organization may not send.
        Standing,
    }

    /// Where something is looked at.
    View { Overview, Domain, Email, Outbox, Webhook, Relay, Mailbox, Key }

    /// What a newcomer does first.
    FirstStepKind { Domain, Records, Key, Mailbox, Send }
}

told! {
    /// `overview.show`
    pub struct Overview {
        /// Since midnight in UTC.
        pub today: Counts,
        /// The oldest first, today last; a day without any is there too.
        pub series: Vec<Day>,
        pub queue: Queue,
        /// The worst first.
        pub problems: Vec<ProblemShown>,
        pub first_steps: Vec<FirstStep>,
    }

    /// Recipients' copies that were sent, and messages that came.
    pub struct Counts {
        /// Accepted to be sent.
        pub sent: u64,
        pub delivered: u64,
        pub bounced: u64,
        pub received: u64,
    }

    /// One day in UTC.
    pub struct Day {
        /// Such as `2026-03-09`.
        pub day: String,
        pub sent: u64,
        pub delivered: u64,
        pub bounced: u64,
        pub received: u64,
    }

    /// What is on its way.
    pub struct Queue {
        pub waiting: u64,
        /// For a person.
        pub held: u64,
        /// Of these, those of which nobody knows whether they were sent.
        pub unknown: u64,
        /// Since when the oldest waits.
        pub oldest_at: Option<String>,
    }

    /// Something to look after.
    pub struct ProblemShown {
        pub kind: ProblemKind,
        pub severity: Severity,
        /// In a sentence that says how to mend it.
        pub text: String,
        pub target: Target,
    }

    /// Where to look.
    pub struct Target {
        pub view: View,
        /// A domain's host, a mailbox's address, an email's UUID, or a number.
        pub id: Option<String>,
    }

    /// A first step.
    pub struct FirstStep {
        pub step: FirstStepKind,
        pub done: bool,
    }
}
