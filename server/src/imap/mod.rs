//! IMAP4rev1 and IMAP4rev2 (RFC 3501, RFC 9051): people read their mail.
//!
//! `frame`, `command`, `view`, `search`, `show` and `session` are pure: bytes and answers go
//! in, steps come out. `driver` alone knows sockets, deadlines and TLS, and `clerk` alone the
//! engine.

mod clerk;
pub mod command;
mod driver;
pub mod frame;
mod limits;
mod listen;
mod pattern;
mod refuse;
#[cfg(test)]
mod samples;
mod search;
mod session;
mod set;
mod show;
mod step;
#[cfg(test)]
mod together;
mod utf7;
mod view;
mod words;

pub use listen::Door;
