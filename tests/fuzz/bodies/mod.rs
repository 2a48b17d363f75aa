//! What every target does with its bytes. Here, so that the tests run them too.

pub mod command;
pub mod folder;
pub mod headers;
pub mod mime;
pub mod report;
