//! Bytes and structure: composing a message, reading one, signing one.
//! Nothing here does I/O or knows the time.

pub mod anchors;
pub mod compose;
mod content_type;
mod header;
pub mod keys;
pub mod links;
pub mod read;
pub mod sign;
pub mod template;
pub mod track;

#[cfg(test)]
mod tests;
