//! One recipient of an email, and the tries to reach it.

use super::words::words;
use crate::clock::Timestamp;
use crate::ids::{AttemptId, DeliveryId, EmailId, RelayId};

words! {
    /// Where a delivery stands.
    State {
        /// Accepted, not tried.
        Queued = "queued",
        /// A try is under way.
        Sending = "sending",
        /// Tried; will be tried again.
        Deferred = "deferred",
        /// Waits for a person.
        Held = "held",
        /// The next hop, or a mailbox here, has it.
        Delivered = "delivered",
        /// Its owner complained after it was delivered.
        Complained = "complained",
        /// Given up.
        Bounced = "bounced",
        /// Not sent, because the address is suppressed.
        Suppressed = "suppressed",
        /// A person decided that it is never sent.
        Burned = "burned",
        /// Its sender took it back before its time came.
        Canceled = "canceled",
    }

    /// How a delivery leaves, or stays.
    Route {
        /// A mailbox here.
        Local = "local",
        /// An SMTP provider.
        Relay = "relay",
        /// The recipient's MX.
        Direct = "direct",
        /// Kept here; nothing leaves.
        Capture = "capture",
        /// An outcome played through for an address that names it.
        Simulated = "simulated",
    }

    /// The field that a recipient was named in.
    RecipientField {
        /// To.
        To = "to",
        /// Cc.
        Cc = "cc",
        /// Bcc.
        Bcc = "bcc",
    }

    /// How far a try got.
    AttemptState {
        /// Written down; the socket may have been opened.
        Planned = "planned",
        /// The peer greeted us.
        Connected = "connected",
        /// The content may have been sent, in part or whole.
        DataSent = "data_sent",
        /// The outcome is written down.
        Settled = "settled",
    }

    /// What a try came to.
    Outcome {
        /// The peer took it.
        Sent = "sent",
        /// Not now.
        Deferred = "deferred",
        /// Never.
        Refused = "refused",
        /// Cut off by a stop or crash before any content went out.
        NotSent = "not_sent",
        /// Cut off after content may have gone out, with no answer written down.
        Unknown = "unknown",
    }

    /// How far a conversation with a mail server came.
    Stage {
        /// Reaching the port.
        Connect = "connect",
        /// The server's first words.
        Greeting = "greeting",
        /// STARTTLS and the handshake.
        Tls = "tls",
        /// EHLO.
        Hello = "hello",
        /// AUTH.
        Auth = "auth",
        /// MAIL FROM.
        Mail = "mail",
        /// RCPT TO.
        Rcpt = "rcpt",
        /// DATA.
        Data = "data",
        /// The content; its end was not sent, so the server cannot have taken the message.
        Content = "content",
        /// After the end of the content. Without a reply nobody knows whether the server took it.
        Answer = "answer",
    }

    /// Who said that a delivery bounced.
    BouncedBy {
        /// The next hop, when it was handed over.
        Peer = "peer",
        /// We, who gave it up.
        Us = "us",
        /// A report that came after it was handed over.
        Report = "report",
    }

    /// Why a delivery waits for a person.
    HeldBecause {
        /// Its key's mode.
        Mode = "mode",
        /// A crash left it unknown whether it was sent.
        Unknown = "unknown",
    }
}

impl Stage {
    /// When that is, to end a sentence with.
    #[must_use]
    pub const fn when(self) -> &'static str {
        match self {
            Self::Connect => "while connecting",
            Self::Greeting => "waiting for the greeting",
            Self::Tls => "while securing the connection",
            Self::Hello => "at EHLO",
            Self::Auth => "while logging in",
            Self::Mail => "at MAIL FROM",
            Self::Rcpt => "at RCPT TO",
            Self::Data => "at DATA",
            Self::Content => "while sending the content",
            Self::Answer => "waiting for the answer to the content",
        }
    }
}

/// One recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its id.
    pub id: DeliveryId,
    /// Of which email.
    pub email: EmailId,
    /// The recipient.
    pub address: String,
    /// Where it was named.
    pub field: RecipientField,
    /// Where it stands.
    pub state: State,
    /// Why it waits for a person.
    pub held_because: Option<HeldBecause>,
    /// Who said that it bounced.
    pub bounced_by: Option<BouncedBy>,
    /// How it left, once known.
    pub route: Option<Route>,
    /// Tries so far.
    pub attempts: u32,
    /// When it is tried next.
    pub next_at: Option<Timestamp>,
    /// The last thing a peer, or we, said of it.
    pub last_answer: Option<String>,
    /// When the next hop, or a mailbox here, took it.
    pub sent_at: Option<Timestamp>,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// One try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Its id.
    pub id: AttemptId,
    /// Of which delivery.
    pub delivery: DeliveryId,
    /// First is 1.
    pub number: u32,
    /// How far it got.
    pub state: AttemptState,
    /// What it came to, once settled.
    pub outcome: Option<Outcome>,
    /// How it went.
    pub route: Route,
    /// By which provider.
    pub relay: Option<RelayId>,
    /// What DNS said on the way to the recipient's mail server, a line an answer.
    pub dns: Option<String>,
    /// `host [address]:port`, once chosen.
    pub peer: Option<String>,
    /// Protocol version, cipher and the certificate's verdict, or why there was no TLS.
    pub tls: Option<String>,
    /// The step that failed.
    pub stage: Option<Stage>,
    /// The last reply.
    pub reply: Option<Answer>,
    /// The SMTP conversation.
    pub transcript: Option<String>,
    /// When it was written down.
    pub planned_at: Timestamp,
    /// When the peer greeted.
    pub connected_at: Option<Timestamp>,
    /// Before the content went out.
    pub data_sent_at: Option<Timestamp>,
    /// When the outcome was written down.
    pub settled_at: Option<Timestamp>,
}

/// What a peer said, or what stood in the way of hearing it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The SMTP code, if a peer said it.
    pub code: Option<u16>,
    /// The enhanced code (RFC 3463), if any.
    pub enhanced: Option<String>,
    /// The words.
    pub text: String,
}

impl Answer {
    /// Words without a code: ours, not a peer's.
    pub fn ours(text: impl Into<String>) -> Self {
        Self {
            code: None,
            enhanced: None,
            text: text.into(),
        }
    }

    /// In one line, as a peer would have said it. The text of a reply may begin with its
    /// enhanced code; it is not said twice.
    #[must_use]
    pub fn line(&self) -> String {
        let mut line = String::new();
        if let Some(code) = self.code {
            line.push_str(&code.to_string());
            line.push(' ');
        }
        if let Some(enhanced) = &self.enhanced
            && !self.text.starts_with(enhanced.as_str())
        {
            line.push_str(enhanced);
            line.push(' ');
        }
        line.push_str(&self.text);
        line
    }
}

/// One recipient as accepted, before it has a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// The address.
    pub address: super::address::Address,
    /// Where it was named first.
    pub field: RecipientField,
}
