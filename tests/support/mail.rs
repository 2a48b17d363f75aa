//! A message as others read it: dkimpy, and Python's email package.

use std::io::Write as _;
use std::net::SocketAddr;
use std::process::Stdio;

use serde_json::Value;

use crate::place;

/// What they found; see `read_mail.py` for the keys.
pub struct Read(pub Value);

/// Has a message read, with DKIM keys from this name server.
///
/// # Panics
/// When the readers fail.
pub fn read(message: &[u8], dns: SocketAddr) -> Read {
    let mut reader = place::python()
        .arg(place::here("support/read_mail.py"))
        .arg(dns.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python starts");
    reader
        .stdin
        .take()
        .expect("piped")
        .write_all(message)
        .expect("taken");
    let output = reader.wait_with_output().expect("an end");
    assert!(output.status.success(), "read_mail.py failed");
    Read(serde_json::from_slice(&output.stdout).expect("JSON"))
}

impl Read {
    /// The one value of a header.
    ///
    /// # Panics
    /// When there are several.
    pub fn header(&self, name: &str) -> Option<&str> {
        let headers = self.0["headers"].as_array().expect("a list");
        let mut found = headers.iter().filter(|pair| pair[0] == name);
        let first = found.next()?[1].as_str();
        assert!(found.next().is_none(), "two headers {name}");
        first
    }

    /// The types of the parts, outermost first.
    pub fn types(&self) -> Vec<&str> {
        self.parts()
            .iter()
            .filter_map(|part| part["type"].as_str())
            .collect()
    }

    /// The parts.
    ///
    /// # Panics
    /// When there are none.
    pub fn parts(&self) -> &[Value] {
        self.0["parts"].as_array().expect("a list")
    }

    /// Each DKIM signature's algorithm.
    ///
    /// # Panics
    /// When one of them does not verify, or there is none.
    pub fn verified_signatures(&self) -> Vec<String> {
        let all = self.0["signatures"].as_array().expect("a list");
        assert!(!all.is_empty(), "no DKIM signature");
        let mut algorithms: Vec<String> = Vec::new();
        for one in all {
            assert_eq!(one["passed"], true, "{one}");
            algorithms.push(one["algorithm"].as_str().expect("text").to_owned());
        }
        algorithms.sort();
        algorithms
    }

    /// Checks what RFC 5322 asks of every message.
    ///
    /// # Panics
    /// When the message breaks it.
    pub fn assert_sound(&self) {
        assert_eq!(self.0["defects"], serde_json::json!([]), "headers");
        for part in self.parts() {
            assert_eq!(part["defects"], serde_json::json!([]), "{part}");
        }
        assert!(
            self.0["longest_line"].as_u64().expect("a number") <= 998,
            "long lines"
        );
        assert_eq!(self.0["bare"], false, "bare CR or LF");
    }
}
