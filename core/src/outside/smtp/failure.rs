//! Why a conversation did not go on.

use super::record::Line;
use super::reply::Reply;
pub use crate::model::delivery::Stage;

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Kind {
    /// The server said no: 4yz or 5yz.
    #[error("refused: {0}")]
    Refused(Reply),
    /// We said no before the server could: it does not offer what this message needs, or
    /// the message or an address is not fit to be sent. Nothing of it was sent.
    #[error("cannot be sent: {0}")]
    Unsendable(String),
    /// The network, or the server closing the connection.
    #[error("network: {0}")]
    Network(String),
    /// Too slow.
    #[error("time-out")]
    Timeout,
    /// The handshake or the certificate.
    #[error("TLS: {0}")]
    Tls(String),
    /// What the server said is no SMTP, or out of turn.
    #[error("protocol: {0}")]
    Protocol(String),
}

impl Kind {
    /// A reply that is not the one asked for: a refusal, or nonsense.
    pub(super) fn of_unexpected(reply: &Reply) -> Self {
        if (400..600).contains(&reply.code) {
            Self::Refused(reply.clone())
        } else {
            Self::Protocol(format!("unexpected reply: {reply}"))
        }
    }
}

/// The end of a conversation, or of a transaction.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{stage:?}: {kind}")]
pub struct Failure {
    /// How far it came.
    pub stage: Stage,
    /// What went wrong.
    pub kind: Kind,
    /// What was said since the transcript was last taken.
    pub transcript: Vec<Line>,
}

impl Failure {
    /// Whether trying this recipient again at this server is pointless.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        let permanent_reply = matches!(&self.kind, Kind::Refused(reply) if reply.code >= 500);
        match self.stage {
            // Local trouble: wrong password, broken TLS. The recipient is not to blame.
            Stage::Connect | Stage::Tls | Stage::Auth => false,
            // RFC 5321 section 3.1: 554 says that there is no mail service here.
            Stage::Greeting => matches!(&self.kind, Kind::Refused(reply) if reply.code == 554),
            Stage::Hello => false,
            Stage::Mail | Stage::Rcpt | Stage::Data | Stage::Content | Stage::Answer => {
                permanent_reply || matches!(self.kind, Kind::Unsendable(_))
            }
        }
    }

    /// Whether the server may have taken the message although it did not say so.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.stage == Stage::Answer && !matches!(self.kind, Kind::Refused(_))
    }

    /// The server's refusal, when it was one.
    #[must_use]
    pub fn reply(&self) -> Option<&Reply> {
        match &self.kind {
            Kind::Refused(reply) => Some(reply),
            _ => None,
        }
    }
}
