//! A mail in a file that somebody opened: shown as one that is kept, and kept nowhere.

use axum::body::Body;
use axum::http::StatusCode;
use axum::response::Response;
use posthouse::mime::page::{Images, readable};
use posthouse::mime::parts::files;

use super::http::frame;
use super::message::of_file;
use super::wire::MessageShown;
use crate::http::file::{Disposition, stranger};

/// What a reader shows of these bytes. Its files are below `base`.
#[must_use]
pub fn shown(raw: &[u8], base: &str) -> MessageShown {
    of_file(raw, base)
}

/// Whether these bytes begin as a mail does: with a header field.
#[must_use]
pub fn is_mail(raw: &[u8]) -> bool {
    let line = raw.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
    // Of what a name may hold (RFC 5322 section 2.2) no program uses more; and the line that
    // some write before the first field.
    let is_name = !name.is_empty()
        && name.len() < line.len()
        && name
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte));
    is_name || line.starts_with(b"From ")
}

/// One of its files, by what stands behind `base`: `/raw`, `/html`, `/html?remote=1` and
/// `/attachment/0`.
#[must_use]
pub fn file(raw: &[u8], rest: &str) -> Response {
    let page = |images| frame(readable(raw, images), images);
    let found = match rest {
        "/raw" => {
            let name = Disposition::Saved("message.eml");
            Some(stranger("message/rfc822", name, raw.to_vec()))
        }
        "/html" => Some(page(Images::None)),
        "/html?remote=1" => Some(page(Images::Remote)),
        rest => rest
            .strip_prefix("/attachment/")
            .and_then(|at| files(raw).into_iter().nth(at.parse().ok()?))
            .map(|(about, bytes)| {
                let name = about.file_name.unwrap_or(about.checksum);
                stranger(&about.content_type, Disposition::Saved(&name), bytes)
            }),
    };
    found.unwrap_or_else(|| {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_FOUND;
        response
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIL: &[u8] = b"From: Kim <kim@x.test>\r\nTo: hi@shop.test\r\nSubject: Order 9\r\n\
        Date: Sat, 21 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n\
        <p>Hi</p><script>alert(1)</script><img src=\"http://x.test/a.png\">\r\n--b\r\n\
        Content-Type: text/plain\r\nContent-Disposition: attachment; filename=\"a.txt\"\r\n\r\n\
        one\r\n--b--\r\n";

    #[test]
    fn a_file_is_shown_as_a_message_is() {
        let shown = shown(MAIL, "/opened/1");
        assert_eq!(shown.from, "Kim <kim@x.test>");
        assert_eq!(shown.subject.as_deref(), Some("Order 9"));
        assert_eq!(shown.at, "2026-11-21T10:00:00.000Z");
        assert_eq!(shown.html_url.as_deref(), Some("/opened/1/html"));
        assert_eq!(shown.attachments[0].url, "/opened/1/attachment/0");
        assert!(shown.trace.is_none() && shown.email.is_none());
    }

    #[tokio::test]
    async fn its_files_are_a_strangers() {
        use http_body_util::BodyExt as _;
        let text = async |rest: &str| {
            let response = file(MAIL, rest);
            let status = response.status().as_u16();
            let bytes = response.into_body().collect().await.unwrap().to_bytes();
            (status, String::from_utf8_lossy(&bytes).into_owned())
        };
        let (status, html) = text("/html").await;
        assert_eq!(status, 200);
        assert!(
            !html.contains("script") && !html.contains("x.test"),
            "{html}"
        );
        assert!(
            text("/html?remote=1")
                .await
                .1
                .contains("http://x.test/a.png")
        );
        assert_eq!(text("/attachment/0").await, (200, String::from("one")));
        assert_eq!(text("/raw").await.1.as_bytes(), MAIL);
        for nobodys in ["/attachment/1", "/attachment/-1", "", "/../raw"] {
            assert_eq!(text(nobodys).await.0, 404, "{nobodys}");
        }
        let page = file(MAIL, "/html");
        let policy = &page.headers()["content-security-policy"];
        assert!(policy.to_str().unwrap().starts_with("sandbox allow-popups"));
    }

    #[test]
    fn what_is_no_mail_is_told() {
        assert!(is_mail(MAIL) && is_mail(b"From kim Sat Nov 21\nFrom: kim\n\n"));
        for other in [
            &b""[..],
            b"hello\n",
            b"{\"a\": 1}",
            b"\x89PNG\r\n",
            b": x\n",
        ] {
            assert!(!is_mail(other), "{other:?}");
        }
    }
}
