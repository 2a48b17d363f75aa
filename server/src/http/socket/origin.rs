//! Whose page a browser opens a socket for (RFC 6455 section 10.2). A browser sends along what
//! it knows of us whatever page asks, so that a stranger's page must not be let in.

use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderValue};

/// Whether the page is of this host. Who names no page is no browser. `public_url` is where
/// this server is reached from outside, where a proxy names another host.
pub fn is_ours(headers: &HeaderMap, public_url: &str) -> bool {
    let mut origins = headers.get_all(ORIGIN).iter();
    let (Some(origin), None) = (origins.next(), origins.next()) else {
        return !headers.contains_key(ORIGIN);
    };
    let Some((scheme, authority)) = origin.to_str().ok().and_then(split) else {
        return false;
    };
    let origin = whole(scheme, authority);
    let host = headers.get(HOST).map(HeaderValue::to_str);
    let by_host = host.is_some_and(|host| host.is_ok_and(|host| whole(scheme, host) == origin));
    let by_url =
        split(public_url).is_some_and(|(scheme, authority)| whole(scheme, authority) == origin);
    by_host || by_url
}

/// The scheme and the host with its port.
fn split(url: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = url.split_once("://")?;
    let known = ["http", "https"]
        .iter()
        .find(|one| scheme.eq_ignore_ascii_case(one))?;
    let authority = rest.split('/').next().unwrap_or_default();
    (!authority.is_empty() && !authority.contains('@')).then_some((*known, authority))
}

/// The host in lower case, with its port.
fn whole(scheme: &str, authority: &str) -> String {
    let host = authority.to_ascii_lowercase();
    // Behind the `]` of an IPv6 address, or the last colon where there is none.
    let after = host.rfind(']').unwrap_or(0);
    match (host[after..].contains(':'), scheme) {
        (true, _) => host,
        (false, "https") => format!("{host}:443"),
        (false, _) => format!("{host}:80"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_another_host_is_not_ours() {
        for (host, origin, ours) in [
            ("mail.test", None, true),
            ("mail.test", Some("https://mail.test"), true),
            ("mail.test", Some("http://MAIL.test"), true),
            ("mail.test:443", Some("https://mail.test"), true),
            ("mail.test:80", Some("http://mail.test"), true),
            ("mail.test:8025", Some("http://mail.test:8025"), true),
            ("[::1]:8025", Some("http://[::1]:8025"), true),
            ("[::1]", Some("http://[::1]"), true),
            ("inner:8025", Some("https://public.test"), true),
            ("mail.test:8025", Some("http://mail.test"), false),
            ("mail.test:8025", Some("http://mail.test:8026"), false),
            ("mail.test", Some("https://evil.test"), false),
            ("mail.test", Some("https://mail.test.evil.test"), false),
            ("mail.test", Some("https://mail.test@evil.test"), false),
            ("mail.test", Some("https://evil.test/mail.test"), false),
            ("mail.test", Some("null"), false),
            ("mail.test", Some(""), false),
            ("mail.test", Some("file://"), false),
            ("mail.test", Some("ftp://mail.test"), false),
            ("inner:8025", Some("http://public.test"), false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, host.parse().unwrap());
            if let Some(origin) = origin {
                headers.insert(ORIGIN, origin.parse().unwrap());
            }
            assert_eq!(
                is_ours(&headers, "https://public.test/x"),
                ours,
                "{host} {origin:?}"
            );
        }
    }

    #[test]
    fn two_pages_are_nobodys() {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_static("mail.test"));
        for _ in 0..2 {
            headers.append(ORIGIN, HeaderValue::from_static("https://mail.test"));
        }
        assert!(!is_ours(&headers, "https://mail.test"));
    }
}
