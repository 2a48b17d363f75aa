//! Which files a frame of the page may show, and where the page may go.

use url::{Host, Url};

/// Whether this is the html of a mail or of a template, and nothing else of the console's.
#[must_use]
pub fn is_frame(path: &str) -> bool {
    if let Some(token) = path.strip_prefix("/console/files/preview/") {
        return !token.is_empty()
            && token
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    }
    let path = path.strip_suffix("?remote=1").unwrap_or(path);
    let within = path
        .strip_prefix("/console/files/message/")
        .or_else(|| path.strip_prefix("/opened/"));
    let id = within.and_then(|rest| rest.strip_suffix("/html"));
    id.is_some_and(|id| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The policy that a console gives a frame, for a frame in this window: the page around it is
/// of another scheme here. None for what would let it run.
#[must_use]
pub fn policy(consoles: &str) -> Option<String> {
    let shuts = consoles.starts_with("sandbox") && !consoles.contains("allow-scripts");
    let around = "frame-ancestors tauri: http://tauri.localhost";
    shuts.then(|| consoles.replace("frame-ancestors 'self'", around))
}

/// Where a link leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leads {
    /// It stays in the window: the page itself, and frames of it.
    Within,
    /// To a browser.
    Outside,
    /// Nowhere.
    Nowhere,
}

/// Where this address leads from the page.
#[must_use]
pub fn leads(url: &Url) -> Leads {
    let local = |name: &str| matches!(url.host(), Some(Host::Domain(host)) if host == name);
    match url.scheme() {
        "tauri" | "mail" if local("localhost") => Leads::Within,
        // What those are on Windows.
        "http" | "https" if local("tauri.localhost") || local("mail.localhost") => Leads::Within,
        "about" if matches!(url.path(), "srcdoc" | "blank") => Leads::Within,
        "http" | "https" | "mailto" => Leads::Outside,
        _ => Leads::Nowhere,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_shows_html_of_mail_alone() {
        for path in [
            "/console/files/message/7/html",
            "/console/files/message/7/html?remote=1",
            "/opened/1/html",
            "/console/files/preview/aB9-_",
        ] {
            assert!(is_frame(path), "{path}");
        }
        for path in [
            "/console/files/message/7/raw",
            "/console/files/message/../../backup/html",
            "/console/files/message//html",
            "/console/files/backup",
            "/console/files/preview/../backup",
            "/opened/1/html?remote=2",
            "/opened/1/html/",
            "/",
        ] {
            assert!(!is_frame(path), "{path}");
        }
    }

    #[test]
    fn a_frame_keeps_its_policy() {
        let made = policy("sandbox allow-popups; default-src 'none'; frame-ancestors 'self'");
        assert_eq!(
            made.as_deref(),
            Some(
                "sandbox allow-popups; default-src 'none'; frame-ancestors tauri: http://tauri.localhost"
            )
        );
        for other in [
            "",
            "default-src 'none'",
            "sandbox allow-scripts; default-src 'none'",
        ] {
            assert_eq!(policy(other), None, "{other}");
        }
    }

    #[test]
    fn the_window_shows_nobody_elses_page() {
        for (url, where_to) in [
            ("tauri://localhost/index.html#/inbox", Leads::Within),
            ("mail://localhost/opened/1/html", Leads::Within),
            ("http://mail.localhost/opened/1/html", Leads::Within),
            ("about:srcdoc", Leads::Within),
            ("https://shop.test/", Leads::Outside),
            ("http://tauri.localhost.shop.test/", Leads::Outside),
            ("mailto:kim@shop.test", Leads::Outside),
            ("tauri://shop.test/", Leads::Nowhere),
            ("file:///etc/passwd", Leads::Nowhere),
            ("javascript:alert(1)", Leads::Nowhere),
            ("data:text/html,x", Leads::Nowhere),
        ] {
            assert_eq!(leads(&Url::parse(url).unwrap()), where_to, "{url}");
        }
    }
}
