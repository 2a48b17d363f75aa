//! Names that an organization sends from, and the records they publish.

use uuid::Uuid;

use super::words::words;
use crate::clock::Timestamp;
use crate::ids::{DomainId, MailboxId, OrganizationId};

/// A domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Domain {
    /// Its id.
    pub id: DomainId,
    /// Its UUID.
    pub uuid: Uuid,
    /// Whose it is.
    pub organization: OrganizationId,
    /// The host name, lower case, A-labels.
    pub host: String,
    /// A person's name for it.
    pub name: Option<String>,
    /// The RSA DKIM key's selector.
    pub selector: String,
    /// What to publish for the RSA DKIM key.
    pub dkim_record: String,
    /// The RSA DKIM record was found.
    pub dkim_verified: bool,
    /// The return-path CNAME and the DMARC record were found.
    pub advanced_verified: bool,
    /// The host of its own return path, when it was given one.
    pub mail_from: Option<String>,
    /// The MX and SPF records of its own return path were found.
    pub mail_from_verified: bool,
    /// Since when it is verified.
    pub verified_at: Option<Timestamp>,
    /// Whether opens and clicks of its mail are told.
    pub tracking: Switch,
    /// Whether its mail is given one-click unsubscribing.
    pub unsubscribe: Switch,
    /// What its mail asks of TLS on the way to the recipients' own servers.
    pub tls: TlsPolicy,
    /// What it takes in.
    pub receives: Receives,
    /// What it makes of mail that fails DMARC.
    pub dmarc: DmarcRule,
    /// The mailbox whose routing holds for addresses without their own, and which gets the
    /// mail of unknown ones where only known ones are taken.
    pub catch_all: Option<MailboxId>,
    /// How many mailboxes of people it may have; None: any number.
    pub mailbox_limit: Option<u32>,
    /// The raw Ed25519 key that webhooks are checked with.
    pub webhook_public: [u8; 32],
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub modified_at: Timestamp,
}

impl Domain {
    /// Whether mail may leave in its name: its DKIM record stands, and so do the records
    /// of the return path that it was given, if it was given one.
    #[must_use]
    pub const fn is_verified(&self) -> bool {
        self.dkim_verified && (self.mail_from.is_none() || self.mail_from_verified)
    }
}

words! {
    /// A record that a domain publishes.
    RecordKind {
        /// The RSA DKIM key.
        Dkim = "dkim",
        /// The Ed25519 DKIM key.
        DkimEd25519 = "dkim-ed25519",
        /// The CNAME of the return path.
        ReturnPath = "return-path",
        /// The DMARC policy.
        Dmarc = "dmarc",
        /// The SPF policy.
        Spf = "spf",
        /// The MX for receiving.
        Mx = "mx",
        /// The MX of its own return path.
        MailFromMx = "mail-from-mx",
        /// The SPF policy of its own return path.
        MailFromSpf = "mail-from-spf",
    }

    /// What DNS said of a record.
    Verdict {
        /// The record is there.
        Match = "match",
        /// There is another record at the name.
        Mismatch = "mismatch",
        /// There is no record at the name.
        Absent = "absent",
        /// DNS did not answer properly; nothing is known.
        Unsure = "unsure",
    }

    /// Whether sending needs the record.
    Need {
        /// Live mail is refused without it.
        Required = "required",
        /// Mail is more trusted with it.
        Recommended = "recommended",
        /// Only to receive.
        Receiving = "receiving",
    }

    /// Whether something is added to a domain's mail.
    Switch {
        /// It is not.
        Off = "off",
        /// It is.
        On = "on",
    }

    /// Which addresses a domain takes mail for.
    Receives {
        /// All: a mailbox is made when mail comes.
        Any = "any",
        /// Those that somebody asked for, and the rest for the catch-all, if there is one.
        Known = "known",
        /// None.
        Nothing = "nothing",
    }

    /// What is made of mail that fails DMARC (RFC 7489 section 6.6.2).
    DmarcRule {
        /// What the sender's domain asks for: refused, or put with the unwanted.
        Enforce = "enforce",
        /// It is taken, and says that it failed.
        Flag = "flag",
        /// It is taken.
        Ignore = "ignore",
    }

    /// What a domain's mail asks of TLS on direct delivery.
    TlsPolicy {
        /// TLS where it works (RFC 7435).
        Opportunistic = "opportunistic",
        /// TLS with a valid certificate, or it waits.
        Required = "required",
    }

    /// How a domain list is ordered.
    DomainSort {
        /// By when it was made.
        CreatedAt = "created_at",
        /// By id.
        Id = "id",
        /// By name.
        Name = "name",
    }
}

/// A record to publish, and what was found of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Which.
    pub kind: RecordKind,
    /// `TXT`, `CNAME` or `MX`.
    pub record_type: &'static str,
    /// Where, as an absolute name without the last dot.
    pub name: String,
    /// What is expected there.
    pub expected: String,
    /// Whether sending needs it.
    pub need: Need,
    /// The last look, if there was one.
    pub checked: Option<Checked>,
}

/// One look at a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// What it came to.
    pub verdict: Verdict,
    /// The values found, or why nothing could be told.
    pub found: Vec<String>,
    /// When.
    pub at: Timestamp,
}

words! {
    /// How a DKIM key signs.
    Algorithm {
        /// RSA with SHA-256.
        Rsa = "rsa",
        /// Ed25519 with SHA-256 (RFC 8463).
        Ed25519 = "ed25519",
    }
}

/// A DKIM key as stored, its private half still sealed.
#[derive(Clone, Debug)]
pub struct DkimKey {
    /// Where its record is published.
    pub selector: String,
    /// How it signs.
    pub algorithm: Algorithm,
    /// RSA: SubjectPublicKeyInfo; Ed25519: 32 raw bytes.
    pub public: Vec<u8>,
    /// PKCS#8, sealed.
    pub private_sealed: Vec<u8>,
    /// Its record was found.
    pub verified: bool,
}
