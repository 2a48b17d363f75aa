//! Bytes and structure: composing a message, reading one, signing one.
//! Nothing here does I/O or knows the time.

pub mod anchors;
mod body;
mod charset;
pub mod compose;
pub mod content;
mod content_type;
mod entity;
pub mod envelope;
pub mod find;
pub mod grams;
mod header;
pub mod headers;
pub mod keys;
pub mod links;
pub mod mbox;
pub mod notification;
pub mod outline;
pub mod page;
pub mod parts;
mod people;
pub mod posted;
mod raw_addresses;
pub mod read;
pub mod report;
pub mod section;
pub mod sign;
pub mod structure;
pub mod submission;
pub mod template;
pub mod track;
pub mod tree;
mod typed;
mod urls;
pub mod verify;
mod walk;

#[cfg(test)]
mod tests;
