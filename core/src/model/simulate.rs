//! Outcome addresses: recipients on one reserved domain, whose name says what becomes of
//! their mail. Nothing leaves for them, whatever the key's mode.

use std::time::Duration;

/// The domain. The top level is reserved (RFC 6761 section 6.2): it is nobody's.
pub const DOMAIN: &str = "simulator.test";
/// No outcome takes longer than this.
const LONGEST_SLOW: Duration = Duration::from_secs(60);
/// No outcome is put off for longer than this.
const LONGEST_DEFER: Duration = Duration::from_secs(24 * 3600);

/// What is played through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Script {
    /// `delivered@`.
    Delivered,
    /// `bounce+5.1.1@`: refused with this enhanced code.
    Bounce(String),
    /// `defer+4.2.2-300s@`: refused once for now with this code, delivered when the time is
    /// over.
    Defer(String, Duration),
    /// `complaint@`: delivered, then complained of.
    Complaint,
    /// `suppressed@`: as an address on the suppression list.
    Suppressed,
    /// `slow+8s@`: delivered, by a server that takes its time.
    Slow(Duration),
    /// None of these: refused, with a list of them.
    Unknown,
}

/// What an address asks for; None for any other domain. `key` is in the form that addresses
/// are compared in.
#[must_use]
pub fn script(key: &str) -> Option<Script> {
    let (local, domain) = key.rsplit_once('@')?;
    (domain == DOMAIN).then(|| named(local).unwrap_or(Script::Unknown))
}

fn named(local: &str) -> Option<Script> {
    let (name, said) = match local.split_once('+') {
        Some((name, said)) => (name, Some(said)),
        None => (local, None),
    };
    match (name, said) {
        // A tag behind these names tells recipients apart, as elsewhere.
        ("delivered", _) => Some(Script::Delivered),
        ("complaint", _) => Some(Script::Complaint),
        ("suppressed", _) => Some(Script::Suppressed),
        ("bounce", None) => Some(Script::Bounce(String::from("5.1.1"))),
        ("bounce", Some(code)) => Some(Script::Bounce(enhanced(code, '5')?)),
        ("defer", Some(said)) => {
            let (code, wait) = said.split_once('-')?;
            let wait = seconds(wait).filter(|wait| *wait <= LONGEST_DEFER)?;
            Some(Script::Defer(enhanced(code, '4')?, wait))
        }
        ("slow", Some(wait)) => seconds(wait)
            .filter(|wait| *wait <= LONGEST_SLOW)
            .map(Script::Slow),
        _ => None,
    }
}

/// An enhanced status code (RFC 3463 section 2) of this class.
fn enhanced(text: &str, class: char) -> Option<String> {
    let mut parts = text.split('.');
    let fits = |part: Option<&str>| {
        part.is_some_and(|part| {
            (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    let whole = parts.next()?.chars().eq([class]) && fits(parts.next()) && fits(parts.next());
    (whole && parts.next().is_none()).then(|| text.to_owned())
}

fn seconds(text: &str) -> Option<Duration> {
    let number = text.strip_suffix('s')?;
    number.parse().ok().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_becomes_of_its_mail() {
        let seconds = Duration::from_secs;
        for (local, expected) in [
            ("delivered", Script::Delivered),
            ("delivered+kim", Script::Delivered),
            ("bounce", Script::Bounce("5.1.1".into())),
            ("bounce+5.7.26", Script::Bounce("5.7.26".into())),
            ("bounce+4.2.2", Script::Unknown),
            ("bounce+5.1", Script::Unknown),
            ("bounce+5.1.1.1", Script::Unknown),
            (
                "defer+4.2.2-300s",
                Script::Defer("4.2.2".into(), seconds(300)),
            ),
            ("defer+4.2.2-0s", Script::Defer("4.2.2".into(), seconds(0))),
            ("defer+5.2.2-300s", Script::Unknown),
            ("defer+4.2.2-99999999s", Script::Unknown),
            ("defer", Script::Unknown),
            ("complaint", Script::Complaint),
            ("suppressed", Script::Suppressed),
            ("slow+8s", Script::Slow(seconds(8))),
            ("slow+61s", Script::Unknown),
            ("kim", Script::Unknown),
        ] {
            let address = format!("{local}@simulator.test");
            assert_eq!(script(&address), Some(expected), "{local}");
        }
        assert_eq!(script("delivered@example.com"), None);
        assert_eq!(script("delivered@sub.simulator.test"), None);
    }
}
