//! The page itself, as it was built into this program.

use axum::body::Body;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::Response;
use rust_embed::Embed;

/// Made by `make console`; a program that was built without it says how to get it.
#[derive(Embed)]
#[folder = "../desktop/ui/dist"]
#[allow_missing = true]
struct Dist;

/// Nothing but our own files; frames for mail, which are shut in by what they are served with.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; frame-src 'self'; \
    manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const ABSENT: &str = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
    <title>Posthouse</title></head><body>\n<h1>Posthouse is running</h1>\n\
    <p>This program was built without the console. To get it, have Node.js and npm, and run \
    <code>make console</code> where Posthouse is built, then build it again.</p>\n\
    <p>Everything can be done by the command line meanwhile: <code>posthouse --help</code>.</p>\n\
    </body></html>\n";

/// Whether the page was built into this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Built {
    /// It was.
    In,
    /// It was not.
    Not,
}

/// Looks whether it was.
#[must_use]
pub fn page_built() -> Built {
    match Dist::get("index.html") {
        Some(_) => Built::In,
        None => Built::Not,
    }
}

/// The file at `path`, where the page has one; None where this path is nobody's.
#[must_use]
pub fn page(method: &Method, path: &str) -> Option<Response> {
    if !matches!(*method, Method::GET | Method::HEAD) {
        return None;
    }
    let name = match path {
        "/" | "/index.html" => "index.html",
        path => path.strip_prefix('/')?,
    };
    let bytes = match Dist::get(name) {
        Some(file) => file.data.into_owned(),
        None if name == "index.html" => ABSENT.as_bytes().to_vec(),
        None => return None,
    };
    // Their names change with what is in them.
    let caching = match name.starts_with("assets/") {
        true => "public, max-age=31536000, immutable",
        false => "no-cache",
    };
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = StatusCode::OK;
    for (name, value) in [
        (CONTENT_TYPE, media(name)),
        (CACHE_CONTROL, caching),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ] {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    Some(response)
}

fn media(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_a_page_whether_or_not_it_was_built() {
        for path in ["/", "/index.html"] {
            let page = page(&Method::GET, path).unwrap();
            let header = |name: &str| page.headers()[name].to_str().unwrap();
            assert_eq!(header("content-type"), "text/html; charset=utf-8");
            assert!(header("content-security-policy").starts_with("default-src 'none';"));
            assert!(!header("content-security-policy").contains("unsafe"));
            assert_eq!(header("cache-control"), "no-cache");
        }
        for (method, path) in [
            (Method::POST, "/"),
            (Method::GET, "/nobodys"),
            (Method::GET, "/../Cargo.toml"),
            (Method::GET, "//etc/passwd"),
            (Method::GET, "/assets/../../../Cargo.toml"),
        ] {
            assert!(page(&method, path).is_none(), "{method} {path}");
        }
    }
}
