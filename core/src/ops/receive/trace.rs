//! The header field that says how a message came (RFC 5321 section 4.4).

use std::net::IpAddr;

use super::Arrival;
use crate::clock::Timestamp;

/// The Received field for `arrival`, its line ends included.
pub(super) fn received(arrival: &Arrival, host: &str, now: Timestamp) -> String {
    let helo: String = arrival
        .helo
        .chars()
        .filter(|c| c.is_ascii_graphic() && !"()<>\\".contains(*c))
        .take(255)
        .collect();
    let literal = match arrival.remote.ip() {
        IpAddr::V4(address) => format!("[{address}]"),
        IpAddr::V6(address) => format!("[IPv6:{address}]"),
    };
    // RFC 3848.
    let with = match &arrival.tls {
        Some(_) => "ESMTPS",
        None => "ESMTP",
    };
    let tls = arrival
        .tls
        .as_deref()
        .map(|tls| format!("\r\n\t({tls})"))
        .unwrap_or_default();
    // One recipient may be named; several must not be told of each other.
    let recipient = match arrival.recipients.as_slice() {
        [one] => format!("\r\n\tfor <{one}>"),
        _ => String::new(),
    };
    format!(
        "Received: from {helo} ({literal})\r\n\tby {host} with {with}{tls}{recipient};\r\n\t{}\r\n",
        now.rfc5322()
    )
}
