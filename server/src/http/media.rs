//! Content-Type and Accept.

use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CONTENT_TYPE};

/// Whether the body is said to be JSON. Parameters are let through.
pub fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| essence(value).eq_ignore_ascii_case("application/json"))
}

/// Whether the client takes JSON: no Accept at all, or some range that covers it and is not
/// ruled out by a weight of zero (RFC 9110 section 12.5.1).
pub fn admits_json(headers: &HeaderMap) -> bool {
    let mut said = false;
    for value in headers.get_all(ACCEPT) {
        for range in value.to_str().unwrap_or_default().split(',') {
            if range.trim().is_empty() {
                continue;
            }
            said = true;
            let covers = ["application/json", "application/*", "*/*"]
                .iter()
                .any(|known| essence(range).eq_ignore_ascii_case(known));
            if covers && !weighs_nothing(range) {
                return true;
            }
        }
    }
    !said
}

fn essence(value: &str) -> &str {
    value.split(';').next().unwrap_or_default().trim()
}

fn weighs_nothing(range: &str) -> bool {
    range.split(';').skip(1).any(|parameter| {
        parameter.split_once('=').is_some_and(|(name, weight)| {
            name.trim().eq_ignore_ascii_case("q")
                && weight
                    .trim()
                    .parse::<f32>()
                    .is_ok_and(|weight| weight <= 0.0)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn with(name: axum::http::HeaderName, value: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_static(value));
        headers
    }

    #[test]
    fn knows_json_by_its_type() {
        assert!(!is_json(&HeaderMap::new()));
        for (value, expected) in [
            ("application/json", true),
            ("Application/JSON ; charset=utf-8", true),
            ("application/jsonp", false),
            ("text/json", false),
            ("", false),
        ] {
            assert_eq!(is_json(&with(CONTENT_TYPE, value)), expected, "{value}");
        }
    }

    #[test]
    fn knows_who_takes_json() {
        assert!(admits_json(&HeaderMap::new()));
        for (value, expected) in [
            ("application/json", true),
            ("text/html, */*;q=0.1", true),
            ("application/*", true),
            ("application/json, text/plain, */*", true),
            ("", true),
            ("text/html", false),
            ("application/json;q=0", false),
            ("*/*; Q=0.0", false),
        ] {
            assert_eq!(admits_json(&with(ACCEPT, value)), expected, "{value}");
        }
    }
}
