//! What can go wrong, without a transport's words.
//!
//! Not `non_exhaustive`: every wire matches it in full, so that a new variant does not
//! compile until each has decided what it says.

use std::fmt;

/// The engine's one error.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// Not now; the same call may succeed later.
    #[error("busy: {0}")]
    Busy(Busy),
    /// Something that exists stands in the way.
    #[error("conflict: {0}")]
    Conflict(Conflict),
    /// The caller is known and may not.
    #[error("denied: {0}")]
    Denied(Denied),
    /// A fault of ours; logged once at the boundary, never shown.
    #[error("internal: {0}")]
    Internal(String),
    /// The input is wrong; every problem found, in the order of the fields.
    #[error("invalid: {}", list(.0))]
    Invalid(Vec<Problem>),
    /// There is no such thing, or it is somebody else's.
    #[error("no such {0}")]
    Missing(Missing),
    /// Past a bound.
    #[error("too large: {0}")]
    TooLarge(TooLarge),
    /// The caller is not known.
    #[error("credential {0}")]
    Unknown(Unknown),
}

fn list(problems: &[Problem]) -> String {
    let mut text = String::new();
    for problem in problems {
        if !text.is_empty() {
            text.push_str("; ");
        }
        text.push_str(&problem.to_string());
    }
    text
}

macro_rules! reasons {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),* }

        impl $name {
            /// Every one, for tables of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$variant => $text),* })
            }
        }
    };
}

/// Why not now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Busy {
    /// The writer's queue is full.
    WriteQueue,
    /// The database takes no writes: disk full, read-only, or locked.
    Storage,
    /// The key's rate is used up; milliseconds until it is not.
    Rate {
        /// Milliseconds to wait.
        wait_ms: u64,
    },
    /// Every relay is at its limit; milliseconds until one is not.
    Limit {
        /// Milliseconds to wait.
        wait_ms: u64,
    },
    /// The engine is closing.
    Closing,
}

impl fmt::Display for Busy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WriteQueue => f.write_str("too many writes are waiting"),
            Self::Storage => {
                f.write_str("the database takes no writes (disk full, read-only or locked)")
            }
            Self::Rate { wait_ms } => write!(f, "rate used up for {wait_ms} ms"),
            Self::Limit { wait_ms } => write!(f, "every relay is at its limit for {wait_ms} ms"),
            Self::Closing => f.write_str("closing"),
        }
    }
}

reasons! {
    /// What stands in the way.
    Conflict {
        /// The name, host or address is in use.
        Taken = "already taken",
        /// A request with this Idempotency-Key is running.
        InProgress = "a request with this Idempotency-Key is in progress",
        /// There are as many as there may be.
        Full = "there are as many as there may be",
        /// The thing is in a state that does not allow it.
        State = "not possible in its present state",
        /// A live key needs a relay or direct delivery.
        NoRoute = "nothing may leave yet: add a relay, or enable direct delivery for the organization",
    }
}

reasons! {
    /// Why a known caller may not.
    Denied {
        /// The organization is disabled.
        Disabled = "the organization is disabled",
        /// The organization has no active plan.
        NoPlan = "the organization has no active plan",
        /// The domain's DKIM record is not verified, and mail could leave.
        NotVerified = "the domain's DKIM record is not verified",
        /// The From domain is not the key's.
        FromDomain = "the From domain is not the key's domain",
        /// The key's scopes do not cover it.
        Scope = "the key does not allow this",
        /// It is somebody else's.
        Owner = "it belongs to somebody else",
        /// The mailbox is suspended or removed.
        Suspended = "the mailbox is shut",
        /// The sender's domain does not want it accepted.
        Policy = "the sender's domain asks that it be refused (DMARC)",
        /// What the month holds for nothing is used up, and nothing pays for more.
        FreeTier = "the month's free allowance is used up and there is no payment method",
        /// What may be spent in a month is used up.
        SpendCap = "the month's spend cap is reached",
    }
}

reasons! {
    /// What there is none of.
    Missing {
        /// An organization.
        Organization = "organization",
        /// A domain.
        Domain = "domain",
        /// A key.
        Key = "key",
        /// An email.
        Email = "email",
        /// A delivery.
        Delivery = "delivery",
        /// A mailbox.
        Mailbox = "mailbox",
        /// A folder of a mailbox.
        Folder = "folder",
        /// A message.
        Message = "message",
        /// A webhook.
        Webhook = "webhook",
        /// A suppression.
        Suppression = "suppression",
        /// A relay.
        Relay = "relay",
        /// A user.
        User = "user",
        /// A template.
        Template = "template",
        /// A webhook's delivery.
        WebhookDelivery = "webhook delivery",
        /// A task.
        Task = "task",
    }
}

reasons! {
    /// Which bound was passed.
    TooLarge {
        /// The composed message.
        Message = "message",
        /// The request's body.
        Request = "request body",
        /// More than fits into the mailbox.
        Mailbox = "more than the mailbox holds",
        /// It came through so many servers that it must be going round in a loop.
        Hops = "the way it came: it is in a loop",
    }
}

reasons! {
    /// Why the caller is not known.
    Unknown {
        /// No credential was shown.
        Absent = "absent",
        /// No such credential, or of another kind.
        Wrong = "unknown",
        /// Revoked.
        Revoked = "revoked",
        /// Past its expiry.
        Expired = "expired",
    }
}

/// One thing wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Which field.
    pub field: Field,
    /// What is wrong with it.
    pub reason: Reason,
    /// The part of the input that it is about, or what a parser said of it.
    pub detail: Option<String>,
}

impl Problem {
    /// The same problem, told of this part of the input, or in these words.
    #[must_use]
    pub fn of(self, detail: impl Into<String>) -> Self {
        Self {
            detail: Some(detail.into()),
            ..self
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.field, self.reason)?;
        match &self.detail {
            Some(detail) => write!(f, ": {detail}"),
            None => Ok(()),
        }
    }
}

impl Field {
    /// This field is wrong because of `reason`.
    #[must_use]
    pub fn problem(self, reason: Reason) -> Problem {
        Problem {
            field: self,
            reason,
            detail: None,
        }
    }

    /// The error that says only this.
    #[must_use]
    pub fn error(self, reason: Reason) -> Error {
        Error::Invalid(vec![self.problem(reason)])
    }
}

reasons! {
    /// A field of some input.
    Field {
        /// The sender.
        From = "from",
        /// Recipients.
        To = "to",
        /// Copied recipients.
        Cc = "cc",
        /// Blind recipients.
        Bcc = "bcc",
        /// Where answers go.
        ReplyTo = "reply-to",
        /// The subject.
        Subject = "subject",
        /// The html body.
        Html = "html body",
        /// The text body.
        Text = "text body",
        /// In-Reply-To.
        InReplyTo = "in-reply-to",
        /// References.
        References = "references",
        /// List-Unsubscribe.
        ListUnsubscribe = "list-unsubscribe",
        /// Tags.
        Tags = "tags",
        /// The number of attachments.
        Attachments = "attachments",
        /// An attachment's file name.
        AttachmentName = "attachment name",
        /// An attachment's content.
        AttachmentContent = "attachment content",
        /// An attachment's type.
        AttachmentType = "attachment type",
        /// An attachment's Content-ID.
        AttachmentId = "attachment content id",
        /// The Idempotency-Key.
        IdempotencyKey = "idempotency key",
        /// A domain's host name.
        Host = "host",
        /// A name given by a person.
        Name = "name",
        /// An address.
        Address = "address",
        /// A URL.
        Url = "url",
        /// Whose form a webhook has.
        Form = "webhook form",
        /// Event kinds.
        Kinds = "event kinds",
        /// A port.
        Port = "port",
        /// A login.
        Login = "login",
        /// A password.
        Password = "password",
        /// An allow-list pattern.
        Pattern = "pattern",
        /// A rate.
        Rate = "rate",
        /// A template that mail is made from.
        Template = "template",
        /// What stands for a template's placeholders.
        Variables = "variables",
        /// When to send.
        SendAt = "send time",
        /// What a sender keeps with an email.
        Metadata = "metadata",
        /// What a key may do.
        Scopes = "scopes",
        /// From when a key is refused.
        ExpiresAt = "expiry",
        /// How much of something.
        Limit = "limit",
        /// A spend cap.
        SpendCap = "spend cap",
        /// What a mailbox may hold.
        Quota = "quota",
    }
}

reasons! {
    /// What is wrong with a field.
    Reason {
        /// It is needed and is not there.
        Absent = "is needed",
        /// It does not parse.
        Malformed = "is malformed",
        /// It is on the block list.
        Blocked = "contains a blocked address",
        /// There are too many.
        TooMany = "has too many",
        /// It is too long.
        TooLong = "is too long",
        /// Another has it.
        Taken = "is already taken",
        /// It is of a kind that is not let through.
        Forbidden = "is not allowed",
        /// There is no such thing.
        Unknown = "is not known",
        /// It exists, but only as a draft.
        Unpublished = "is not published",
        /// It is past, or too far ahead.
        OutOfRange = "is out of range",
        /// Its domain is not one that this caller has proved.
        Unverified = "is of a domain that is not verified",
    }
}

/// A fault of ours, from anything that can be printed.
pub fn internal(cause: impl fmt::Display) -> Error {
    Error::Internal(cause.to_string())
}

/// The engine's result.
pub type Result<T> = std::result::Result<T, Error>;
