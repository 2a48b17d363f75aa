//! What DNS said, in one line for a person.

use std::net::IpAddr;

use super::super::bounds::DNS_SHOWN;
use super::{DnsError, Found, Mx};

/// What DNS said of the mail servers of `name`, such as
/// `MX of far.test: 10 mx.far.test, 20 backup.far.test`.
#[must_use]
pub fn said_of_mx(name: &str, answer: &Result<Found<Vec<Mx>>, DnsError>) -> String {
    line("MX", name, answer, |mx| match mx.host.as_str() {
        // RFC 7505 section 3.
        "" => String::from("none, it takes no mail (null MX)"),
        host => format!("{} {host}", mx.preference),
    })
}

/// What DNS said of the addresses of `name`, such as
/// `Address of mx.far.test: 192.0.2.1, 2001:db8::1`.
#[must_use]
pub fn said_of_addresses(name: &str, answer: &Result<Found<Vec<IpAddr>>, DnsError>) -> String {
    line("Address", name, answer, ToString::to_string)
}

fn line<T>(
    what: &str,
    name: &str,
    answer: &Result<Found<Vec<T>>, DnsError>,
    word: impl Fn(&T) -> String,
) -> String {
    let found = match answer {
        Ok(found) => found,
        Err(error) => return format!("{what} of {name}: {error}"),
    };
    let mut words: Vec<String> = found.value.iter().take(DNS_SHOWN).map(word).collect();
    if let Some(more) = found.value.len().checked_sub(DNS_SHOWN + 1) {
        words.push(format!("and {} more", more + 1));
    }
    let alias = found
        .names
        .last()
        .map_or_else(String::new, |to| format!(" (an alias of {to})"));
    let sealed = if found.authentic { " (DNSSEC)" } else { "" };
    format!("{what} of {name}{alias}: {}{sealed}", words.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<T>(value: Vec<T>) -> Found<Vec<T>> {
        Found {
            names: Vec::new(),
            value,
            authentic: false,
        }
    }

    fn mx(preference: u16, host: &str) -> Mx {
        Mx {
            preference,
            host: host.to_owned(),
        }
    }

    #[test]
    fn answers_and_failures_are_one_line() {
        let two = Ok(found(vec![mx(10, "a.test"), mx(20, "b.test")]));
        assert_eq!(
            said_of_mx("far.test", &two),
            "MX of far.test: 10 a.test, 20 b.test"
        );
        assert_eq!(
            said_of_mx("null.test", &Ok(found(vec![mx(0, "")]))),
            "MX of null.test: none, it takes no mail (null MX)"
        );
        assert_eq!(
            said_of_mx("gone.test", &Err(DnsError::NoSuchName)),
            "MX of gone.test: no such name"
        );
        let unsure = Err(DnsError::Unsure("time-out".to_owned()));
        assert_eq!(
            said_of_addresses("a.test", &unsure),
            "Address of a.test: no reliable answer: time-out"
        );
    }

    #[test]
    fn aliases_and_dnssec_are_named_and_long_answers_are_cut() {
        let addresses = (0..11).map(|n| IpAddr::from([192, 0, 2, n])).collect();
        let answer = Ok(Found {
            names: vec!["b.test".to_owned(), "c.test".to_owned()],
            authentic: true,
            ..found(addresses)
        });
        let line = said_of_addresses("a.test", &answer);
        assert!(
            line.starts_with("Address of a.test (an alias of c.test): 192.0.2.0, "),
            "{line}"
        );
        assert!(line.ends_with("192.0.2.7, and 3 more (DNSSEC)"), "{line}");
    }
}
