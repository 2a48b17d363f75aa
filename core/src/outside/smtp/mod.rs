//! Handing one message to one mail server, a step at a time.
//!
//! The steps are apart because the engine writes its ledger between them: an attempt is
//! recorded as "data sent" after [`Conversation::envelope`] and before the first byte of
//! [`Conversation::content`].

mod connect;
mod failure;
mod record;
mod reply;
mod talk;
mod wire;

use std::net::SocketAddr;
use std::time::Duration;

pub use self::connect::SmtpClient;
pub use self::failure::{Failure, Kind, Stage};
pub use self::record::{Line, Side};
pub use self::reply::Reply;
use super::Future;
use super::tls::TlsFacts;

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// Never TLS.
    Plain,
    /// STARTTLS when it is offered, with whatever certificate (RFC 7435). When it is offered
    /// and does not work the connection fails at [`Stage::Tls`]: the caller may come back
    /// with `Plain`.
    Opportunistic,
    /// STARTTLS or nothing, with a valid certificate.
    StartTls,
    /// TLS from the first byte (RFC 8314), with a valid certificate.
    Tls,
}

/// Name and password at a relay.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// The name.
    pub user: String,
    /// The password.
    pub password: String,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Login")
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

/// Where to connect, and as whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The name of the server, for its certificate and for people.
    pub host: String,
    /// The address that is connected to.
    pub address: SocketAddr,
    /// How the connection is protected.
    pub security: Security,
    /// Only ever sent under TLS with a valid certificate, or to this machine itself.
    pub login: Option<Login>,
    /// What we call ourselves in EHLO: a host name, or an address in brackets.
    pub hello: String,
}

/// What the envelope has to know of a message before its content is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Bytes of the message, before escaping.
    pub size_bytes: usize,
    /// Whether BODY=8BITMIME has to be said (RFC 6152).
    pub octets: Octets,
    /// Whether the message can be sent at all.
    pub line_ends: LineEnds,
}

/// Which bytes a message holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Octets {
    /// ASCII only.
    SevenBit,
    /// Others too.
    EightBit,
}

/// How the lines of a message end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineEnds {
    /// All with CRLF.
    Crlf,
    /// Some CR or LF stands alone. RFC 5321 section 2.3.8 forbids to send it, and receivers
    /// that take it for a line end can be led to see two messages in one.
    Bare,
}

impl Shape {
    /// Looks at a whole message.
    #[must_use]
    pub fn of(raw: &[u8]) -> Self {
        let mut line_ends = LineEnds::Crlf;
        let mut before = 0;
        for &byte in raw {
            if (byte == b'\n') != (before == b'\r') {
                line_ends = LineEnds::Bare;
            }
            before = byte;
        }
        if before == b'\r' {
            line_ends = LineEnds::Bare;
        }
        Self {
            size_bytes: raw.len(),
            octets: if raw.is_ascii() {
                Octets::SevenBit
            } else {
                Octets::EightBit
            },
            line_ends,
        }
    }
}

/// Opens conversations.
pub trait Smtp: Send + Sync {
    /// Connects, greets, secures and logs in. `budget` bounds this and the first transaction
    /// together; [`Conversation::alive`] gives the next one its own.
    fn open(
        &self,
        endpoint: Endpoint,
        budget: Duration,
    ) -> Future<'_, Result<Box<dyn Conversation>, Failure>>;
}

/// An open connection. After a [`Failure`] that is not [`Kind::Refused`] or
/// [`Kind::Unsendable`], every further call fails.
pub trait Conversation: Send {
    /// MAIL, RCPT and DATA, up to the server's invitation to send. `from` is empty for the
    /// null sender; addresses come without angle brackets.
    fn envelope<'a>(
        &'a mut self,
        from: &'a str,
        to: &'a str,
        shape: Shape,
    ) -> Future<'a, Result<Reply, Failure>>;

    /// The message, as it was given to [`Shape::of`], and the server's verdict on it.
    /// What arrives is the same bytes; a last line without CRLF gets one.
    fn content<'a>(&'a mut self, raw: &'a [u8]) -> Future<'a, Result<Reply, Failure>>;

    /// RSET: gives up the transaction that a refusal left half done.
    fn reset(&mut self) -> Future<'_, Result<(), Failure>>;

    /// Asks whether a connection that lay idle still answers, resets it and gives the next
    /// transaction `budget`.
    fn alive(&mut self, budget: Duration) -> Future<'_, Result<(), Failure>>;

    /// QUIT. The message's fate is long decided, so nothing can fail here.
    fn quit(&mut self) -> Future<'_, ()>;

    /// What was said since the last call. Secrets are left out, content is a byte count.
    fn transcript(&mut self) -> Vec<Line>;

    /// What TLS turned out to be; `None` on a plain connection.
    fn tls(&self) -> Option<TlsFacts>;
}

#[cfg(test)]
mod tests;
