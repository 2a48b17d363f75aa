//! The credential that a request shows.

use std::borrow::Cow;

use axum::http::HeaderMap;

/// The value of the first of `names` (lower case) that is there and not blank, trimmed.
/// Bytes that are no text become replacement characters, which no token holds.
pub fn shown<'a>(headers: &'a HeaderMap, names: &[&'static str]) -> Option<Cow<'a, str>> {
    names
        .iter()
        .filter_map(|name| headers.get(*name))
        .map(|value| trimmed(String::from_utf8_lossy(value.as_bytes())))
        .find(|token| !token.is_empty())
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
}
