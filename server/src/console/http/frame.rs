//! Html that somebody else wrote, as a page in a frame of ours.

use axum::http::HeaderValue;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::Response;
use posthouse::mime::page::Images;

use crate::http::file::{Disposition, stranger};

/// An origin of its own, and nothing runs; a link opens a window that is as any other. The html
/// was cleaned before: this holds where that should have missed something.
macro_rules! policy {
    ($images:literal) => {
        concat!(
            "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src ",
            $images,
            "; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'self'"
        )
    };
}

pub(in crate::console) fn frame(html: String, images: Images) -> Response {
    let policy = match images {
        Images::None => policy!("data:"),
        Images::Remote => policy!("data: http: https:"),
    };
    let mut response = stranger("text/html; charset=utf-8", Disposition::Shown, html);
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response
}
