//! What DNS said while an attempt looked for its mail server, kept for the story of it.

use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::limits::MX_TRIED;
use crate::outside::dns::{DnsError, Found, Mx, said_of_addresses, said_of_mx};

/// Lines that are kept: the MX, and the addresses of each host that is tried.
const LINES: usize = 1 + MX_TRIED;

/// The answers of DNS so far, in turn. An attempt that is cut off keeps what it saw.
#[derive(Default)]
pub(super) struct Seen(Mutex<Vec<String>>);

impl Seen {
    pub(super) fn mx(&self, name: &str, answer: &Result<Found<Vec<Mx>>, DnsError>) {
        self.keep(said_of_mx(name, answer));
    }

    pub(super) fn addresses(&self, name: &str, answer: &Result<Found<Vec<IpAddr>>, DnsError>) {
        self.keep(said_of_addresses(name, answer));
    }

    /// A line an answer; `None` when nothing was asked.
    pub(super) fn text(&self) -> Option<String> {
        let lines = self.lines();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    fn keep(&self, line: String) {
        let mut lines = self.lines();
        // Without an MX the domain is looked up twice as a host, with the same answer.
        if lines.len() < LINES && !lines.contains(&line) {
            lines.push(line);
        }
    }

    // A panic elsewhere leaves a list of lines that is as good as before.
    fn lines(&self) -> MutexGuard<'_, Vec<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
