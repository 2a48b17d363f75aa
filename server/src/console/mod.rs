//! The management surface: one table of commands, served as JSON over HTTP and used
//! in-process by the desktop.

pub mod table;
#[cfg(test)]
mod typescript;
pub mod wire;
