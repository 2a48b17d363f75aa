//! SMTP: mail from other servers, mail to be sent, and mail to be captured.
//!
//! `command`, `data`, `session` and `talk` are pure: bytes, answers and ends of
//! waiting go in, steps come out. `driver` alone knows sockets, deadlines and TLS, and
//! `clerk` alone the engine.

mod clerk;
pub mod command;
pub mod data;
mod driver;
mod limits;
mod listen;
mod manner;
mod refuse;
pub mod reply;
mod session;
pub mod step;
mod submission;
pub mod talk;
#[cfg(test)]
mod tests;
mod words;

pub use listen::Door;
pub use manner::{Manner, Role};
