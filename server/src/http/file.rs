//! Answers with what a stranger wrote. A browser that is shown one on this origin must be
//! able to do nothing there in the stranger's name.

use axum::body::Body;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName,
    REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// A page's origin is its own, nothing in it runs, and it loads what a mail reader would:
/// images, fonts and styles. `sandbox` alone would do; the rest holds where it is not known.
const ALONE: &str = "sandbox; default-src 'none'; img-src * data:; media-src * data:; \
    font-src * data:; style-src * 'unsafe-inline'; base-uri 'none'; form-action 'none'";
/// The characters of a file's name, its ending included.
const NAME_CHARACTERS: usize = 100;
/// Of an ending, which is kept where a name is too long.
const ENDING_CHARACTERS: usize = 16;
/// What stands in `filename*` as it is (RFC 8187 section 3.2.1).
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Whether a browser shows something or puts it away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disposition<'a> {
    /// Shown.
    Shown,
    /// Put away under this name, made safe.
    Saved(&'a str),
}

/// An answer of these bytes. What is no media type is `application/octet-stream`.
pub fn stranger(media: &str, disposition: Disposition<'_>, bytes: impl Into<Body>) -> Response {
    let mut response = Response::new(bytes.into());
    *response.status_mut() = StatusCode::OK;
    let mut set = |name: HeaderName, value| response.headers_mut().insert(name, value);
    let media = HeaderValue::from_str(media)
        .ok()
        .filter(|_| media.contains('/'));
    set(
        CONTENT_TYPE,
        media.unwrap_or(HeaderValue::from_static("application/octet-stream")),
    );
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, ALONE),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "private, no-store"),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ] {
        set(name, HeaderValue::from_static(value));
    }
    if let Disposition::Saved(name) = disposition {
        set(CONTENT_DISPOSITION, saved(&safe(name)));
    }
    response
}

/// RFC 6266 section 4: the name in ASCII for those who read no more, and as it is.
fn saved(name: &str) -> HeaderValue {
    let plain: String = name
        .chars()
        .map(|one| if one.is_ascii() { one } else { '_' })
        .collect();
    let value = if plain == name && !name.contains('%') {
        format!("attachment; filename=\"{name}\"")
    } else {
        let plain = plain.replace('%', "_");
        let whole = utf8_percent_encode(name, PLAIN);
        format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}")
    };
    HeaderValue::from_str(&value).unwrap_or(HeaderValue::from_static("attachment"))
}

/// A name that leads nowhere on any system, hides nothing of itself, and shows its ending.
fn safe(name: &str) -> String {
    let clean: String = name
        .chars()
        .filter(|one| !is_unseen(*one))
        .map(|one| match one {
            '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
            one if one.is_whitespace() => ' ',
            one => one,
        })
        .collect();
    let clean = clean.trim_matches(['.', ' ']);
    if clean.is_empty() {
        return String::from("attachment");
    }
    let clean = match is_device(clean) {
        true => format!("_{clean}"),
        false => clean.to_owned(),
    };
    let count = clean.chars().count();
    if count <= NAME_CHARACTERS {
        return clean;
    }
    let ending = clean
        .rsplit_once('.')
        .map_or(0, |(_, ending)| ending.chars().count() + 1);
    let ending = if ending > ENDING_CHARACTERS {
        0
    } else {
        ending
    };
    let start = clean.chars().take(NAME_CHARACTERS - ending);
    start.chain(clean.chars().skip(count - ending)).collect()
}

/// Control characters, and those that turn the direction of what follows or have no width:
/// `gpj.exe` must not look like `exe.jpg`.
fn is_unseen(one: char) -> bool {
    one.is_control()
        || matches!(one, '\u{ad}' | '\u{61c}' | '\u{feff}')
        || ('\u{200b}'..='\u{200f}').contains(&one)
        || ('\u{2028}'..='\u{202e}').contains(&one)
        || ('\u{2060}'..='\u{206f}').contains(&one)
}

/// Names that Windows takes for a device, whatever their ending.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end();
    let stem = stem.to_ascii_uppercase();
    let numbered = |start: &str| {
        stem.strip_prefix(start)
            .is_some_and(|rest| rest.len() == 1 && rest.bytes().all(|byte| byte.is_ascii_digit()))
    };
    ["CON", "PRN", "AUX", "NUL"].contains(&stem.as_str()) || numbered("COM") || numbered("LPT")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_nowhere_and_hides_nothing() {
        let long = format!("{}.tar.gz", "x".repeat(200));
        let cut = format!("{}.gz", "x".repeat(97));
        for (name, expected) in [
            ("horse.png", "horse.png"),
            ("Grüße 1.pdf", "Grüße 1.pdf"),
            ("../../etc/passwd", "_.._etc_passwd"),
            ("C:\\x\\y.exe", "C__x_y.exe"),
            ("a\r\nSet-Cookie: x", "aSet-Cookie_ x"),
            ("a\"b'c.txt", "a_b'c.txt"),
            ("exe\u{202e}gpj.exe", "exegpj.exe"),
            (".htaccess", "htaccess"),
            ("x.txt. . ", "x.txt"),
            ("con.txt", "_con.txt"),
            ("LPT1", "_LPT1"),
            ("console.txt", "console.txt"),
            ("..", "attachment"),
            ("", "attachment"),
            ("\u{200b}", "attachment"),
            (&long, &cut),
        ] {
            assert_eq!(safe(name), expected, "{name:?}");
        }
        let no_ending = format!("a.{}", "y".repeat(200));
        assert_eq!(safe(&no_ending).chars().count(), NAME_CHARACTERS);
    }

    #[test]
    fn a_name_is_told_to_everyone() {
        for (name, expected) in [
            ("horse.png", "attachment; filename=\"horse.png\""),
            (
                "Grüße 1.pdf",
                "attachment; filename=\"Gr__e 1.pdf\"; filename*=UTF-8''Gr%C3%BC%C3%9Fe%201.pdf",
            ),
            (
                "100%41.txt",
                "attachment; filename=\"100_41.txt\"; filename*=UTF-8''100%2541.txt",
            ),
        ] {
            assert_eq!(saved(name), expected, "{name}");
        }
    }

    #[test]
    fn what_a_stranger_wrote_stays_alone() {
        let page = stranger("text/html; charset=utf-8", Disposition::Shown, "<b>Hi</b>");
        let header = |name: &str| page.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "text/html; charset=utf-8");
        assert!(header("content-security-policy").starts_with("sandbox; default-src 'none';"));
        assert!(!header("content-security-policy").contains("script"));
        assert!(!header("content-security-policy").contains("allow-"));
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("referrer-policy"), "no-referrer");
        assert_eq!(page.headers().get("content-disposition"), None);
        for media in ["", "plain", "text/\r\nx"] {
            let file = stranger(media, Disposition::Saved("a"), Vec::new());
            assert_eq!(file.headers()["content-type"], "application/octet-stream");
            let disposition = &file.headers()["content-disposition"];
            assert_eq!(disposition, "attachment; filename=\"a\"");
        }
    }
}
