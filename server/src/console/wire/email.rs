//! What was submitted to be sent.

use super::{given, told, words};

words! {
    /// What became of an email. Of several recipients the one that fared worst speaks.
    EmailStatus = posthouse::model::fate::Fate {
        Queued,
        Scheduled,
        /// A relay has it, or it is kept here.
        Sent,
        Delivered,
        Complained,
        Refused,
        Bounced,
        Failed,
        Canceled,
    }

    /// Where one recipient's copy stands.
    DeliveryState = posthouse::model::delivery::State {
        Queued, Sending, Deferred, Held, Delivered, Complained, Bounced, Suppressed, Burned, Canceled,
    }

    /// How a copy leaves, or stays.
    Route = posthouse::model::delivery::Route { Local, Relay, Direct, Capture, Simulated }

    /// The field that a recipient was named in.
    RecipientField = posthouse::model::delivery::RecipientField { To, Cc, Bcc }

    /// What a try came to.
    Outcome = posthouse::model::delivery::Outcome { Sent, Deferred, Refused, NotSent, Unknown }

    /// How far a conversation came.
    Stage = posthouse::model::delivery::Stage {
        Connect, Greeting, Tls, Hello, Auth, Mail, Rcpt, Data, Content, Answer,
    }
}

given! {
    /// `email.list`
    pub struct EmailsAsked {
        pub before: Option<String>,
        /// 50 unless said, 200 at most.
        pub limit: Option<u32>,
        /// Only one domain's, by host.
        pub domain: Option<String>,
        /// Only with a copy that stands so.
        pub state: Option<DeliveryState>,
        /// Only with this in subject, sender or recipients: of the newest 20,000.
        pub search: Option<String>,
    }

    /// `email.send`
    pub struct EmailSend {
        /// One address, with or without a name.
        pub from: String,
        pub to: Vec<String>,
        pub cc: Vec<String>,
        pub bcc: Vec<String>,
        pub reply_to: Option<String>,
        pub subject: String,
        pub text: Option<String>,
        pub html: Option<String>,
        /// It is kept here, whatever the console's key may cause.
        pub test: bool,
    }
}

told! {
    /// An email in a list.
    pub struct EmailRow {
        /// Its UUID.
        pub id: String,
        pub at: String,
        pub from: String,
        pub to: Vec<String>,
        pub subject: Option<String>,
        pub status: EmailStatus,
        pub tags: Vec<String>,
    }

    /// `email.show`
    pub struct EmailShown {
        /// Its UUID.
        pub id: String,
        /// Its number, as the command line has it.
        pub number: i64,
        /// Without angle brackets.
        pub message_id: String,
        pub at: String,
        /// When it is to be sent, if not at once.
        pub send_at: Option<String>,
        pub from: String,
        pub to: Vec<String>,
        pub cc: Vec<String>,
        pub bcc: Vec<String>,
        pub reply_to: Option<String>,
        pub subject: Option<String>,
        pub status: EmailStatus,
        pub tags: Vec<String>,
        /// The host of the domain it was sent from.
        pub domain: Option<String>,
        /// What was said last, where it did not arrive.
        pub trouble: Option<String>,
        /// It waits for a person: `email.release` and `email.burn` decide.
        pub held: bool,
        /// It can be taken back: `email.cancel`.
        pub cancelable: bool,
        pub deliveries: Vec<DeliveryShown>,
        pub events: Vec<EventShown>,
        pub text: Option<String>,
        pub has_html: bool,
        pub raw_url: String,
    }

    /// One recipient of an email.
    pub struct DeliveryShown {
        pub id: i64,
        pub recipient: String,
        pub field: RecipientField,
        pub state: DeliveryState,
        pub route: Option<Route>,
        pub next_at: Option<String>,
        /// The last thing a peer, or we, said of it.
        pub last_answer: Option<String>,
        pub sent_at: Option<String>,
        pub updated_at: String,
        /// The message it was kept as here, if it was.
        pub message: Option<i64>,
        pub attempts: Vec<AttemptShown>,
    }

    /// One try.
    pub struct AttemptShown {
        /// From 1.
        pub number: u32,
        pub at: String,
        pub ended_at: Option<String>,
        pub route: Route,
        /// `host [address]:port`, once chosen.
        pub host: Option<String>,
        /// Null while it is under way.
        pub outcome: Option<Outcome>,
        /// The last reply, in a line.
        pub answer: Option<String>,
        /// Protocol, cipher and the certificate's verdict, or why there was no TLS.
        pub tls: Option<String>,
        /// The step that failed.
        pub failed_at: Option<Stage>,
        /// What DNS said on the way, a line an answer.
        pub dns: Vec<String>,
        pub steps: Vec<AttemptStep>,
        /// The SMTP conversation, a line each.
        pub conversation: Vec<String>,
    }

    /// A step of a try.
    pub struct AttemptStep {
        pub step: AttemptStepKind,
        pub at: String,
    }

    /// Something that happened.
    pub struct EventShown {
        pub at: String,
        pub kind: EventKind,
        /// In words.
        pub text: Option<String>,
        /// To which recipient.
        pub recipient: Option<String>,
        /// The link that was followed.
        pub url: Option<String>,
    }

    /// `email.send`
    pub struct EmailSent {
        /// The email's UUID.
        pub id: String,
        pub message_id: String,
    }

    /// `email.release`, `email.burn`
    pub struct EmailDecided {
        /// How many recipients it was about.
        pub recipients: u64,
    }
}

words! {
    /// How far a try got.
    AttemptStepKind { Planned, Connected, DataSent, Settled }

    /// What happened.
    EventKind = posthouse::model::event::EventKind {
        Queued, Delivered, Deferred, Bounced, Spam, Held, Released, Burned, Suppressed, Canceled,
        Complained, Opened, Clicked, Unsubscribed, Received, Unknown,
    }
}
