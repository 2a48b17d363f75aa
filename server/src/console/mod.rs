//! The management surface: one table of commands, served as JSON over HTTP and used
//! in-process by the desktop.
//!
//! A command is: caller, convert, one call of the engine, convert. `wire` says what goes in and
//! out, `table` who may, `refuse` what is said when it was not done.

mod address;
mod audit;
mod backup;
pub mod call;
pub mod changes;
mod convert;
mod domain;
mod email;
pub mod http;
mod key;
mod key_make;
mod listener;
mod mailbox;
mod mailbox_make;
mod mend;
mod message;
pub mod opened;
mod overview;
pub mod place;
mod preview;
mod refuse;
mod relay;
mod search;
mod session;
mod settings;
mod suppression;
pub mod table;
mod template;
#[cfg(test)]
mod tests;
pub(crate) mod trouble;
#[cfg(test)]
mod typescript;
mod user;
mod webhook;
mod why;
pub mod wire;

pub use call::{Answered, Keeps, Visitor};
pub use place::{Listener, Listeners, Place};
pub use table::Table;
pub use user::path as user_path;
