//! The log: a line each on standard error.

use std::io::{self, IsTerminal as _};

use tracing_subscriber::EnvFilter;

use crate::config::{Config, LogFormat};

/// Logs from here on as the settings say.
pub fn start(config: &Config) {
    let server = &config.server;
    let log = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(&server.log.0))
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal());
    match server.log_format {
        LogFormat::Text => log.with_target(false).init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
}

/// Logs of a command: none, unless the environment asks. What goes wrong is its answer.
pub fn quiet() {
    told("off");
}

/// Logs as the environment says, else by this filter.
pub fn told(usual: &str) {
    let filter = std::env::var("POSTHOUSE_LOG").unwrap_or_else(|_| usual.to_owned());
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new(usual));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .with_target(false)
        .init();
}
