//! Posthouse: the email engine. Every rule and all persistence; no transport of its own.

pub mod clock;
pub mod engine;
pub mod error;
pub mod feed;
pub mod ids;
pub mod limits;
pub mod mime;
pub mod model;
pub mod ops;
pub mod outside;
mod password;
pub mod seal;
pub mod store;
pub mod work;

pub use engine::{Opening, Ports, Posthouse, Settings};
pub use error::{Error, Result};
