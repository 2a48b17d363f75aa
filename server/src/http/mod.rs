//! What all HTTP dialects share: reading requests within bounds, finding the caller's
//! credential, answering, one log line a request, and the routes that are nobody's.

pub mod answer;
pub mod body;
pub mod credential;
pub mod dialect;
pub mod file;
pub mod json;
mod log;
pub mod media;
mod proxied;
mod router;
pub mod socket;
mod track;

pub use dialect::Dialect;
pub use proxied::{Proxies, unwrapped};
pub use router::{either_slash, router, with_console};
