//! Names that are sent from and received at.

use super::{Switch, given, told, words};

words! {
    /// What DNS said of a record.
    RecordVerdict { Right, Missing, Wrong, Unknown }

    /// What a record is for.
    RecordPurpose = posthouse::model::domain::RecordKind {
        Dkim, DkimEd25519, ReturnPath, Dmarc, Spf, Mx, MailFromMx, MailFromSpf,
    }

    /// Whether sending needs a record.
    RecordNeed = posthouse::model::domain::Need { Required, Recommended, Receiving }

    /// Which addresses a domain takes mail for.
    Receives = posthouse::model::domain::Receives { Any, Known, Nothing }

    /// What is made of mail that fails DMARC.
    DmarcRule = posthouse::model::domain::DmarcRule { Enforce, Flag, Ignore }

    /// What a domain's mail asks of TLS.
    TlsPolicy = posthouse::model::domain::TlsPolicy { Opportunistic, Required }
}

given! {
    /// `domain.add`
    pub struct DomainAdd {
        pub host: String,
        /// A person's name for it.
        pub name: Option<String>,
    }

    /// `domain.set`: null leaves.
    pub struct DomainSet {
        /// Which.
        pub host: String,
        /// Empty takes it away.
        pub name: Option<String>,
        pub tls: Option<TlsPolicy>,
        pub tracking: Option<Switch>,
        pub unsubscribe: Option<Switch>,
        pub receives: Option<Receives>,
        pub dmarc: Option<DmarcRule>,
        /// An address at it; empty: nobody's.
        pub catch_all: Option<String>,
    }
}

told! {
    /// A domain in a list.
    pub struct DomainRow {
        pub host: String,
        pub name: Option<String>,
        pub verified: bool,
        /// Mail may leave in its name.
        pub sending: bool,
        /// Records that are not as they should be.
        pub problems: u32,
        pub created_at: String,
    }

    /// `domain.show`, `domain.add`, `domain.check`, `domain.set`
    pub struct DomainShown {
        pub host: String,
        pub id: i64,
        pub uuid: String,
        pub name: Option<String>,
        pub verified: bool,
        pub sending: bool,
        pub problems: u32,
        pub verified_at: Option<String>,
        pub created_at: String,
        pub tls: TlsPolicy,
        pub tracking: Switch,
        pub unsubscribe: Switch,
        pub receives: Receives,
        pub dmarc: DmarcRule,
        /// The address that gets the mail of those that nobody made.
        pub catch_all: Option<String>,
        pub mailbox_limit: Option<u32>,
        pub records: Vec<RecordShown>,
        /// The records as a zone file.
        pub zone_url: String,
    }

    /// A record to publish, and what was found of it.
    pub struct RecordShown {
        pub purpose: RecordPurpose,
        /// `TXT`, `CNAME` or `MX`.
        #[serde(rename = "type")]
        pub record_type: String,
        /// Absolute, without the last dot.
        pub name: String,
        pub expected: String,
        /// The record as a line of a zone file.
        pub line: String,
        /// What is there, or why nothing could be told.
        pub found: Vec<String>,
        /// `unknown` where nobody looked, or DNS did not answer.
        pub verdict: RecordVerdict,
        pub need: RecordNeed,
        /// Live mail is refused without it.
        pub required: bool,
        /// What it is for and what is wrong, in a sentence.
        pub why: String,
        pub checked_at: Option<String>,
    }

    /// `domain.setup`, `mailbox.settings`
    pub struct ClientSettings {
        /// The address, or `name@host` where none was said.
        pub user: String,
        pub rows: Vec<ClientSetting>,
        /// Where programs find them by themselves; null where nothing answers.
        pub autoconfig_url: Option<String>,
        /// A profile for Apple's programs; null where there is none.
        pub profile_url: Option<String>,
    }

    /// One way for a mail program.
    pub struct ClientSetting {
        pub protocol: ClientProtocol,
        pub host: String,
        pub port: u16,
        pub security: Security,
        pub user: String,
    }
}

words! {
    /// What a mail program speaks.
    ClientProtocol { Imap, Pop3, Submission }

    /// How a connection is secured.
    Security { Plain, Starttls, Tls }
}
