//! Posthouse as a light self-hosted mail server: the engine behind HTTP and a command line.

pub mod boot;
pub mod cli;
pub mod config;
pub mod console;
pub mod data;
pub mod dev_ca;
pub mod dialects;
pub mod http;
pub mod imap;
pub mod net;
#[cfg(test)]
mod opening;
pub mod pop3;
pub mod refusal;
pub mod setup;
pub mod smtp;
pub mod tls;

pub use cli::house;
