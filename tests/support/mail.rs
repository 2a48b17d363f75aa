//! A message as others read it: dkimpy, and Python's email package.

use std::io::Write as _;
use std::net::SocketAddr;
use std::process::Stdio;

use serde_json::Value;
use tempfile::TempDir;

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

/// Has many messages read at once, in their order; as [`read`]. Without a name server their
/// signatures are left out.
///
/// # Panics
/// When the readers fail.
pub fn read_all<'a>(
    messages: impl Iterator<Item = &'a [u8]>,
    dns: Option<SocketAddr>,
) -> Vec<Read> {
    let folder = TempDir::new().expect("a folder");
    let mut reader = place::python();
    let dns = dns.map_or_else(|| String::from("-"), |dns| dns.to_string());
    reader.arg(place::here("support/read_mail.py")).arg(dns);
    for (index, message) in messages.enumerate() {
        let path = folder.path().join(index.to_string());
        std::fs::write(&path, message).expect("written");
        reader.arg(path);
    }
    let output = reader.output().expect("Python starts");
    let failed = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "read_mail.py failed: {failed}");
    let lines = String::from_utf8(output.stdout).expect("text");
    lines
        .lines()
        .map(|line| Read(serde_json::from_str(line).expect("JSON")))
        .collect()
}

impl Read {
    /// The text of the one part of a type, its lines ended as on Unix and without the last end.
    ///
    /// # Panics
    /// When there is none.
    pub fn text_of(&self, kind: &str) -> String {
        let mut found = self.parts().iter().filter(|part| part["type"] == kind);
        let part = found.next().unwrap_or_else(|| panic!("no {kind}"));
        let text = part["text"].as_str().expect("text").replace("\r\n", "\n");
        text.trim_end_matches('\n').to_owned()
    }

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
