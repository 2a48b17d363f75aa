//! The links of a page, by what they say and where they lead.

use std::cell::RefCell;

use lol_html::html_content::Element;
use lol_html::{HtmlRewriter, MemorySettings, Settings, element, text};
use url::Url;

use crate::limits::{TRACKED_LINKS, TRACKED_PARSING_BYTES, TRACKED_TEXT_BYTES};
use crate::model::address::DomainName;

/// A bare name is taken for a host only with one of these behind it: `notes.md` and
/// `Node.js` are names of other things.
const ENDINGS: [&str; 12] = [
    "com", "org", "net", "edu", "gov", "info", "biz", "eu", "de", "uk", "fr", "example",
];

/// A link whose text names another host than it leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The host in the text.
    pub says: String,
    /// The host of the target.
    pub leads: String,
}

struct Anchor {
    leads: String,
    text: String,
}

/// The links of `html` that say one host and lead to another. A host and one below it are
/// the same here. Of a page that cannot be read to its end, those before that.
#[must_use]
pub fn mismatches(html: &str) -> Vec<Mismatch> {
    let anchors = RefCell::new(Vec::<Option<Anchor>>::new());
    let settings = Settings::new()
        .append_element_content_handler(element!("a[href]", |found| {
            let mut anchors = anchors.borrow_mut();
            if anchors.len() < TRACKED_LINKS {
                anchors.push(anchor(found));
            }
            Ok(())
        }))
        .append_element_content_handler(text!("a[href]", |chunk| {
            if let Some(Some(anchor)) = anchors.borrow_mut().last_mut() {
                let room = TRACKED_TEXT_BYTES.saturating_sub(anchor.text.len());
                let text = chunk.as_str();
                anchor
                    .text
                    .push_str(&text[..text.floor_char_boundary(room)]);
            }
            Ok(())
        }))
        .with_memory_settings(
            MemorySettings::new().with_max_allowed_memory_usage(TRACKED_PARSING_BYTES),
        );
    read(html, settings);
    let anchors = anchors.into_inner().into_iter().flatten();
    anchors.filter_map(mismatch).collect()
}

/// What cannot be read was not found; what the rewriter writes is not looked at.
fn read(html: &str, settings: Settings<'_, '_>) {
    let mut reader = HtmlRewriter::new(settings, |_: &[u8]| {});
    if reader.write(html.as_bytes()).is_ok() {
        let _ = reader.end();
    }
}

fn anchor(element: &Element<'_, '_>) -> Option<Anchor> {
    let written = element.get_attribute("href")?;
    let target = Url::parse(htmlize::unescape_attribute(written.as_str()).trim()).ok()?;
    let web = matches!(target.scheme(), "http" | "https");
    Some(Anchor {
        leads: target.host_str().filter(|_| web)?.to_owned(),
        text: String::new(),
    })
}

fn mismatch(anchor: Anchor) -> Option<Mismatch> {
    let Anchor { leads, text } = anchor;
    let says = host_said(&htmlize::unescape(text.as_str()))?;
    let below = |one: &str, other: &str| {
        one.strip_suffix(other)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    let bare = |host: &str| host.strip_prefix("www.").unwrap_or(host).to_owned();
    let (said, led) = (bare(&says), bare(&leads));
    (!below(&said, &led) && !below(&led, &said)).then_some(Mismatch { says, leads })
}

/// The host that a text names, when it is a URL or a host name and nothing else.
fn host_said(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches(['.', ',', ')']);
    if text.contains(char::is_whitespace) || text.contains('@') {
        return None;
    }
    if let Some((scheme, _)) = text.split_once("://") {
        let web = ["http", "https"].contains(&scheme.to_ascii_lowercase().as_str());
        return Url::parse(text)
            .ok()
            .filter(|_| web)?
            .host_str()
            .map(str::to_owned);
    }
    let host = text.split(['/', '?', '#', ':']).next()?;
    let name = DomainName::parse(host).ok()?;
    let name = name.as_str();
    let ending = name.rsplit('.').next()?;
    (name.starts_with("www.") || ENDINGS.contains(&ending)).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_says_where_it_leads_or_does_not() {
        for (text, href, lies) in [
            ("https://bank.example/login", "https://evil.test/", true),
            ("www.bank.test", "https://evil.test/", true),
            ("bank.example", "http://evil.test/bank.example", true),
            ("<b>bank.</b>example", "https://evil.test/", true),
            ("bank&#46;example", "https://evil.test/", true),
            (" https://BANK.example ", "https://bank.example/x?y", false),
            ("bank.example", "https://www.bank.example/", false),
            ("www.bank.example", "https://click.bank.example/", false),
            ("notbank.example", "https://bank.example/", true),
            ("Log in", "https://evil.test/", false),
            ("Node.js", "https://evil.test/", false),
            ("kim@bank.example", "https://evil.test/", false),
            ("bank.example", "mailto:kim@evil.test", false),
            ("bank.example", "/login", false),
            ("bank.example and more", "https://evil.test/", false),
        ] {
            let html = format!("<p><a href=\"{href}\">{text}</a> bank.example");
            assert_eq!(!mismatches(&html).is_empty(), lies, "{text} {href}");
        }
    }

    #[test]
    fn both_hosts_are_told() {
        let html = "<a href=x>y</a><a href='https://evil.test/'>https://bank.example/</a>";
        let expected = Mismatch {
            says: "bank.example".to_owned(),
            leads: "evil.test".to_owned(),
        };
        assert_eq!(mismatches(html), [expected]);
    }
}
