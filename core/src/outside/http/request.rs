//! Building the request, and what is refused before anything is sent.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http_body_util::Full;
use hyper::Request;
use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, HOST, HeaderName, HeaderValue};
use url::{Position, Url};

use super::{HttpFailure, Plain, Post};

/// Fields that say where the request goes and where it ends. A caller's own would let
/// requests be smuggled.
const OURS: &[&str] = &[
    "connection",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// The port, when the scheme is one that may be used.
pub(super) fn port(post: &Post) -> Result<u16, HttpFailure> {
    let fallback = match (post.url.scheme(), post.plain) {
        ("https", _) => 443,
        ("http", Plain::Allowed) => 80,
        ("http", Plain::Refused) => {
            return Err(HttpFailure::Forbidden("only https is allowed".to_owned()));
        }
        (scheme, _) => {
            let reason = format!("{scheme} is not a scheme for this");
            return Err(HttpFailure::Forbidden(reason));
        }
    };
    Ok(post.url.port().unwrap_or(fallback))
}

/// The request as it goes over the wire.
pub(super) fn build(post: &Post) -> Result<Request<Full<Bytes>>, HttpFailure> {
    let forbidden = |what: &str| HttpFailure::Forbidden(what.to_owned());
    let target = &post.url[Position::BeforePath..Position::AfterQuery];
    // The port is part of it unless it is the scheme's own, which `Url` leaves out.
    let host = &post.url[Position::BeforeHost..Position::AfterPort];
    let mut request = Request::post(target)
        .body(Full::new(post.body.clone()))
        .map_err(|_| forbidden("a path that cannot be asked for"))?;
    let headers = request.headers_mut();
    for (name, value) in &post.headers {
        let field = HeaderName::from_bytes(name.as_bytes());
        let field = field.map_err(|_| forbidden(&format!("header name {name:?}")))?;
        if OURS.contains(&field.as_str()) {
            return Err(forbidden(&format!(
                "header {name} is not the caller's to set"
            )));
        }
        let value = HeaderValue::from_str(value);
        let value = value.map_err(|_| forbidden(&format!("value of header {name}")))?;
        headers.append(field, value);
    }
    let host = HeaderValue::from_str(host).map_err(|_| forbidden("host"))?;
    headers.insert(HOST, host);
    if let Some(basic) = basic(&post.url)
        && !headers.contains_key(AUTHORIZATION)
    {
        let mut value = HeaderValue::from_str(&basic).map_err(|_| forbidden("name"))?;
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
    }
    Ok(request)
}

/// Name and password of the URL as HTTP Basic (RFC 7617).
fn basic(url: &Url) -> Option<String> {
    let password = url.password();
    if url.username().is_empty() && password.is_none() {
        return None;
    }
    let mut pair = unescaped(url.username());
    pair.push(b':');
    pair.extend(unescaped(password.unwrap_or_default()));
    Some(format!("Basic {}", STANDARD.encode(pair)))
}

/// Undoes percent-encoding; what is none stays as it is.
fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let pair = tail.get(..2).filter(|_| *first == b'%');
        let pair = pair.and_then(|pair| std::str::from_utf8(pair).ok());
        let value = pair
            .filter(|pair| pair.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .and_then(|pair| u8::from_str_radix(pair, 16).ok());
        match value {
            Some(value) => {
                bytes.push(value);
                rest = &tail[2..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::super::Reach;
    use super::*;

    fn post(url: &str, headers: &[(&str, &str)]) -> Post {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Post {
            url: url.parse().unwrap(),
            headers: headers.iter().map(own).collect(),
            body: Bytes::from_static(b"{}"),
            reach: Reach::PublicOnly,
            plain: Plain::Refused,
        }
    }

    #[tokio::test]
    async fn a_request_is_built() {
        let cases = [
            ("https://a.test", "/", "a.test", None),
            ("https://a.test:443/x?y=1#z", "/x?y=1", "a.test", None),
            ("https://a.test:8443/%20", "/%20", "a.test:8443", None),
            ("https://[2001:db8::1]:1/", "/", "[2001:db8::1]:1", None),
            (
                "https://Aladdin:open%20sesame@a.test/",
                "/",
                "a.test",
                Some("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
            ),
            (
                "https://k%zz@a.test/",
                "/",
                "a.test",
                Some("Basic ayV6ejo="),
            ),
            (
                "https://bücher.test/ü",
                "/%C3%BC",
                "xn--bcher-kva.test",
                None,
            ),
        ];
        for (url, target, host, basic) in cases {
            let request = build(&post(url, &[("X-A", "1"), ("x-a", "2")])).unwrap();
            assert_eq!(request.uri(), target, "{url}");
            assert_eq!(request.headers()["host"], host, "{url}");
            let authorization = request.headers().get("authorization");
            assert_eq!(authorization.map(|v| v.to_str().unwrap()), basic, "{url}");
            assert_eq!(request.headers().get_all("x-a").iter().count(), 2);
            let body = request.into_body().collect().await.unwrap().to_bytes();
            assert_eq!(body, "{}");
        }
        let own = post("https://a:b@a.test/", &[("Authorization", "Bearer t")]);
        assert_eq!(build(&own).unwrap().headers()["authorization"], "Bearer t");
    }

    #[test]
    fn what_is_not_the_callers_is_refused() {
        let cases = [
            ("Host", "b.test"),
            ("content-length", "1"),
            ("Transfer-Encoding", "chunked"),
            ("a b", "1"),
            ("x", "1\r\nHost: b.test"),
        ];
        for header in cases {
            let result = build(&post("https://a.test/", &[header]));
            assert!(
                matches!(result, Err(HttpFailure::Forbidden(_))),
                "{header:?}"
            );
        }
    }

    #[test]
    fn ports_and_schemes() {
        assert_eq!(port(&post("https://a.test", &[])), Ok(443));
        assert_eq!(port(&post("https://a.test:8443", &[])), Ok(8443));
        for url in ["http://a.test", "ftp://a.test", "ws://a.test"] {
            assert!(matches!(
                port(&post(url, &[])),
                Err(HttpFailure::Forbidden(_))
            ));
        }
        let mut plain = post("http://a.test", &[]);
        plain.plain = Plain::Allowed;
        assert_eq!(port(&plain), Ok(80));
    }
}
