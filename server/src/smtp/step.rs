//! What a session wants done, asks, and is told.

use super::reply::Reply;

/// What is to be done next, in this order.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// To be written.
    Say(Reply),
    /// To be asked; nothing goes on before its answer.
    Ask(Question),
    /// The handshake, once everything is written; then [`Session::secured`](super::session::Session::secured).
    StartTls,
    /// The end, once everything is written.
    Close,
}

/// What only the engine knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Whose credential this is.
    Credential { user: String, password: String },
    /// Whether one more message may begin.
    Begin,
    /// Whether this recipient is taken, for a message of so many bytes where that was said
    /// (RFC 1870).
    Recipient { to: String, size_bytes: Option<u64> },
    /// To take this message.
    Take(Box<Taking>),
}

/// A whole message with its envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taking {
    /// What the client called itself.
    pub helo: String,
    /// TLS's protocol and cipher.
    pub tls: Option<String>,
    /// None for the null reverse-path.
    pub from: Option<String>,
    pub recipients: Vec<String>,
    /// Lines that end in CRLF.
    pub raw: Vec<u8>,
}

/// What the engine says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Yes,
    /// The message is on disk, under this name.
    Taken(String),
    No(Reply),
}

/// What can come in next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wants {
    Line,
    Body,
    /// An answer, or a handshake, or nothing any more.
    Nothing,
}

/// Why the server ends a connection by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The client took too long.
    Silence,
    /// The connection has lasted as long as one may.
    Length,
    /// The server stops.
    Stop,
}
