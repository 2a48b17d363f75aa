//! Bytes and structure: composing a message, reading one, signing one.
//! Nothing here does I/O or knows the time.

pub mod anchors;
mod body;
mod charset;
pub mod compose;
pub mod content;
mod content_type;
mod entity;
mod header;
pub mod headers;
pub mod keys;
pub mod links;
pub mod notification;
pub mod page;
pub mod parts;
mod people;
pub mod posted;
pub mod read;
pub mod report;
pub mod sign;
pub mod submission;
pub mod template;
pub mod track;
mod urls;
pub mod verify;
mod walk;

#[cfg(test)]
mod tests;
