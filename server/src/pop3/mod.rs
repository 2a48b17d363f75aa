//! POP3 (RFC 1939): what came in, fetched and removed.
//!
//! `command` and `session` are pure: lines and answers go in, steps come out. `driver` alone
//! knows sockets and deadlines, and `clerk` alone the engine.

mod clerk;
mod command;
mod driver;
mod limits;
mod listen;
mod session;
mod step;
#[cfg(test)]
mod tests;

pub use listen::Door;
