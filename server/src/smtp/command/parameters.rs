//! Parameters of MAIL and RCPT: each known, each given once (RFC 5321 section 4.1.2).

use super::super::limits::{ENVID_BYTES, ORCPT_BYTES};
use super::Wrong;

/// What an envelope's addresses are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charset {
    Ascii,
    /// RFC 6531.
    Utf8,
}

/// Keywords and values, the keywords in capitals.
fn pairs(given: &str) -> Result<Vec<(String, Option<&str>)>, Wrong> {
    let mut pairs: Vec<(String, Option<&str>)> = Vec::new();
    for one in given.split(' ').filter(|one| !one.is_empty()) {
        let (keyword, value) = match one.split_once('=') {
            Some((keyword, value)) => (keyword, Some(value)),
            None => (one, None),
        };
        let keyword = keyword.to_ascii_uppercase();
        if pairs.iter().any(|(known, _)| *known == keyword) {
            return Err(Wrong::Value);
        }
        pairs.push((keyword, value));
    }
    Ok(pairs)
}

/// The size that MAIL announces, and what it says of addresses.
pub(super) fn mail(given: &str) -> Result<(Option<u64>, Charset), Wrong> {
    let (mut size_bytes, mut charset) = (None, Charset::Ascii);
    for (keyword, value) in pairs(given)? {
        let good = match (keyword.as_str(), value) {
            ("SIZE", Some(value)) => {
                size_bytes = number(value);
                size_bytes.is_some()
            }
            ("SMTPUTF8", None) => {
                charset = Charset::Utf8;
                true
            }
            // RFC 6152 section 2; there is no BINARYMIME here.
            ("BODY", Some(value)) => is_one_of(value, &["7BIT", "8BITMIME"]),
            // RFC 3461 sections 4.3 and 4.4.
            ("RET", Some(value)) => is_one_of(value, &["FULL", "HDRS"]),
            ("ENVID", Some(value)) => {
                xtext_bytes(value).is_some_and(|bytes| (1..=ENVID_BYTES).contains(&bytes))
            }
            // RFC 4954 section 5: whom a relay has authenticated. We believe none.
            ("AUTH", Some(value)) => value == "<>" || xtext_bytes(value).is_some(),
            ("SIZE" | "SMTPUTF8" | "BODY" | "RET" | "ENVID" | "AUTH", _) => false,
            _ => return Err(Wrong::Parameter),
        };
        if !good {
            return Err(Wrong::Value);
        }
    }
    Ok((size_bytes, charset))
}

/// Checks what RCPT asks for (RFC 3461 sections 4.1 and 4.2).
pub(super) fn rcpt(given: &str) -> Result<(), Wrong> {
    for (keyword, value) in pairs(given)? {
        let good = match (keyword.as_str(), value) {
            ("NOTIFY", Some(value)) => is_notify(value),
            ("ORCPT", Some(value)) => value.split_once(';').is_some_and(|(kind, address)| {
                let kind_good =
                    !kind.is_empty() && kind.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
                // RFC 6533 section 3 writes other scripts as they are, or as \x{…}.
                let bytes = xtext_bytes(address)
                    .or_else(|| kind.eq_ignore_ascii_case("utf-8").then_some(address.len()));
                kind_good && bytes.is_some_and(|bytes| (1..=ORCPT_BYTES).contains(&bytes))
            }),
            ("NOTIFY" | "ORCPT", None) => false,
            _ => return Err(Wrong::Parameter),
        };
        if !good {
            return Err(Wrong::Value);
        }
    }
    Ok(())
}

/// NEVER alone, or any of the others, each once.
fn is_notify(value: &str) -> bool {
    let value = value.to_ascii_uppercase();
    if value == "NEVER" {
        return true;
    }
    let mut seen: Vec<&str> = Vec::new();
    value.split(',').all(|word| {
        let fresh = !seen.contains(&word);
        seen.push(word);
        fresh && is_one_of(word, &["SUCCESS", "FAILURE", "DELAY"])
    })
}

fn is_one_of(value: &str, words: &[&str]) -> bool {
    words.iter().any(|word| value.eq_ignore_ascii_case(word))
}

/// Up to 20 digits (RFC 1870 section 3).
pub(super) fn number(text: &str) -> Option<u64> {
    let digits = (1..=20).contains(&text.len()) && text.bytes().all(|one| one.is_ascii_digit());
    // Past what we count in is past every bound just the same.
    digits.then(|| text.parse().unwrap_or(u64::MAX))
}

/// How many bytes an xtext stands for (RFC 3461 section 4).
fn xtext_bytes(text: &str) -> Option<usize> {
    let mut bytes = text.bytes();
    let mut count = 0;
    while let Some(one) = bytes.next() {
        count += 1;
        match one {
            b'+' => {
                for _ in 0..2 {
                    bytes
                        .next()
                        .filter(|hex| matches!(hex, b'0'..=b'9' | b'A'..=b'F'))?;
                }
            }
            b'=' => return None,
            b'!'..=b'~' => {}
            _ => return None,
        }
    }
    Some(count)
}
