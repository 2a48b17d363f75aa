//! Ports to the world: each a small trait beside its real implementation.
//!
//! The engine holds the traits as objects, so that a test can put a scripted
//! answer where the network was. Nothing in here knows the store or a rule.

pub mod bounds;
pub mod deadline;
pub mod dns;
pub mod http;
pub mod public;
pub mod smtp;
pub mod tls;

#[cfg(test)]
mod testing;

/// What the methods of a port return: boxed, so that the traits are object safe.
pub type Future<'a, T> = std::pin::Pin<Box<dyn std::future::Future<Output = T> + Send + 'a>>;
