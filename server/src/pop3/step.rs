//! What a session wants done, asks, and is told.

/// What is to be done next, in this order.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// To be written, line ends and all.
    Say(String),
    /// To be asked; nothing goes on before its answer.
    Ask(Question),
    /// The handshake, once everything is written.
    StartTls,
    /// The end, once everything is written.
    Close,
}

/// What only the engine knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// What lies in whose maildrop.
    Open { user: String, password: String },
    /// The message of this place, from 0: its header and so many lines, or all. What it is is
    /// written by whoever answers.
    Write { place: usize, lines: Option<u64> },
    /// To remove the messages of these places.
    Remove(Vec<usize>),
}

/// What the engine says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The maildrop is open: its messages, by unique name and size in bytes.
    Open(Vec<(String, u64)>),
    /// Done.
    Yes,
    /// Not done; the words after `-ERR`.
    No(String),
    /// The credential is not known; the words after `-ERR`.
    Wrong(String),
}

/// Why the server ends a connection by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The client took too long.
    Silence,
    /// The server stops.
    Stop,
}
