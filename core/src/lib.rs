//! Posthouse: the email engine. Every rule and all persistence; no transport of its own.

pub mod clock;
pub mod error;
pub mod feed;
pub mod ids;
pub mod limits;
pub mod mime;
pub mod model;
pub mod outside;
pub mod seal;
pub mod store;
