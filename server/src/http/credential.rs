//! The credential that a request shows, and what new ones are made of.

use std::borrow::Cow;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use posthouse::ids::{Entropy, random};

/// The value of the first of `names` (lower case) that is there and not blank, trimmed.
/// Bytes that are no text become replacement characters, which no token holds.
pub fn shown<'a>(headers: &'a HeaderMap, names: &[&'static str]) -> Option<Cow<'a, str>> {
    names
        .iter()
        .filter_map(|name| headers.get(*name))
        .map(|value| trimmed(String::from_utf8_lossy(value.as_bytes())))
        .find(|token| !token.is_empty())
}

/// The token of `Authorization: Bearer`, trimmed, unless it is blank. The scheme's case does
/// not matter (RFC 9110 section 11.1).
pub fn bearer(headers: &HeaderMap) -> Option<Cow<'_, str>> {
    let value = headers.get(AUTHORIZATION)?;
    let text = trimmed(String::from_utf8_lossy(value.as_bytes()));
    let (scheme, token) = text.split_once([' ', '\t'])?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return None;
    }
    let token = match &text {
        Cow::Borrowed(text) => Cow::Borrowed(text[scheme.len()..].trim()),
        Cow::Owned(_) => Cow::Owned(token.trim().to_owned()),
    };
    Some(token).filter(|token| !token.is_empty())
}

/// `start` and `count` base62 characters, each equally likely.
pub fn base62(start: &str, count: usize, entropy: &dyn Entropy) -> String {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    digits(DIGITS, start, count, entropy)
}

/// `start` and `count` digits and lower-case letters, each equally likely.
pub fn base36(start: &str, count: usize, entropy: &dyn Entropy) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    digits(DIGITS, start, count, entropy)
}

fn digits<const N: usize>(
    alphabet: &[u8; N],
    start: &str,
    count: usize,
    entropy: &dyn Entropy,
) -> String {
    // The most whole alphabets that a byte counts; bytes past them are thrown again.
    let fair_below = 256 / N * N;
    let mut token = start.to_owned();
    let length = start.len() + count;
    while token.len() < length {
        let fair = random::<64>(entropy)
            .into_iter()
            .filter(|byte| usize::from(*byte) < fair_below);
        token.extend(
            fair.take(length - token.len())
                .map(|byte| char::from(alphabet[usize::from(byte) % N])),
        );
    }
    token
}

fn trimmed(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn takes_the_first_that_is_not_blank() {
        let mut headers = HeaderMap::new();
        assert_eq!(shown(&headers, &["a", "b"]), None);
        headers.insert("b", HeaderValue::from_static("two"));
        headers.insert("a", HeaderValue::from_static("  "));
        assert_eq!(shown(&headers, &["a", "b"]).as_deref(), Some("two"));
        headers.insert("a", HeaderValue::from_static(" one\t"));
        assert_eq!(shown(&headers, &["a", "b"]).as_deref(), Some("one"));
        headers.insert("a", HeaderValue::from_bytes(b"\xff").unwrap());
        assert_eq!(shown(&headers, &["a"]).as_deref(), Some("\u{fffd}"));
    }

    #[test]
    fn a_bearer_shows_one_token() {
        for (value, expected) in [
            ("Bearer abc", Some("abc")),
            ("bearer \t abc  ", Some("abc")),
            ("BEARER\tabc", Some("abc")),
            ("Bearer a b", Some("a b")),
            ("Bearer ", None),
            ("Bearer", None),
            ("Bearerabc", None),
            ("Basic abc", None),
            ("abc", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(AUTHORIZATION, HeaderValue::from_static(value));
            assert_eq!(bearer(&headers).as_deref(), expected, "{value:?}");
        }
        assert_eq!(bearer(&HeaderMap::new()), None);
        let mut headers = HeaderMap::new();
        let value = HeaderValue::from_bytes(b"Bearer a\xff").unwrap();
        headers.insert(AUTHORIZATION, value);
        assert_eq!(bearer(&headers).as_deref(), Some("a\u{fffd}"));
    }
}
