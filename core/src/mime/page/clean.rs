//! A page without anything that acts or loads.
//!
//! Nothing of the page is passed on: what comes out are elements and attributes of the lists
//! below, and text in which nothing is a tag. However a browser reads the sender's page, it
//! has only that to read.

use lol_html::html_content::Element;

use super::Images;
use super::tokens::{Reader, read};
use crate::limits::TRACKED_URL_BYTES;

const ELEMENTS: [&str; 64] = [
    "abbr",
    "address",
    "article",
    "aside",
    "b",
    "bdi",
    "bdo",
    "big",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "ins",
    "kbd",
    "li",
    "main",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
];
const VOID: [&str; 3] = ["br", "col", "hr"];
/// None of them names anything that is loaded, and a value is only ever a word.
const ATTRIBUTES: [&str; 10] = [
    "align", "bgcolor", "border", "colspan", "dir", "height", "lang", "rowspan", "valign", "width",
];
const VALUE_BYTES: usize = 32;
/// Elements within elements: browsers stop at about 500 themselves.
const DEPTH: usize = 100;

pub(super) fn cleaned(html: &str) -> String {
    read::<Clean>(html).ended()
}

/// With links, which open elsewhere, and images or none.
pub(super) fn readable(html: &str, images: Images) -> String {
    let page = match images {
        Images::None => read::<WithLinks>(html).0,
        Images::Remote => read::<WithImages>(html).0.0,
    };
    page.ended()
}

pub(super) fn has_remote_images(html: &str) -> bool {
    read::<WithImages>(html).0.0.remote
}

#[derive(Default)]
struct Clean {
    out: String,
    open: Vec<&'static str>,
    /// An image that is fetched over HTTP was called for.
    remote: bool,
}

/// The same with links to the web and to addresses of mail, and nothing else of theirs.
#[derive(Default)]
struct WithLinks(Clean);

impl Reader for WithLinks {
    fn open(&mut self, element: &Element<'_, '_>) {
        let out = &mut self.0;
        if element.tag_name() != "a" {
            return out.open(element);
        }
        let target = element.get_attribute("href").unwrap_or_default();
        let target = htmlize::unescape_attribute(target.trim());
        // One within another ends it, as in browsers.
        out.close("a");
        let Some(target) = leads_to(&target).filter(|_| out.open.len() < DEPTH) else {
            return;
        };
        // It never takes the frame's place, and is not told where it was.
        let attributes = "target=\"_blank\" rel=\"noopener noreferrer\"";
        out.out
            .extend(["<a href=\"", &target, "\" ", attributes, ">"]);
        out.open.push("a");
    }

    fn close(&mut self, name: &str) {
        self.0.close(name);
    }

    fn text(&mut self, text: &str) {
        self.0.text(text);
    }
}

/// The same with images that are fetched over HTTP, and nothing else of theirs but their size.
#[derive(Default)]
struct WithImages(WithLinks);

impl Reader for WithImages {
    fn open(&mut self, element: &Element<'_, '_>) {
        if element.tag_name() != "img" {
            return self.0.open(element);
        }
        let source = element.get_attribute("src").unwrap_or_default();
        let source = htmlize::unescape_attribute(source.trim());
        let Some(source) = remote(&source) else {
            return;
        };
        let out = &mut self.0.0;
        out.remote = true;
        out.out.extend(["<img src=\"", &source, "\""]);
        for attribute in ["align", "border", "height", "width"] {
            out.attribute(element, attribute);
        }
        out.out.push('>');
    }

    fn close(&mut self, name: &str) {
        self.0.close(name);
    }

    fn text(&mut self, text: &str) {
        self.0.text(text);
    }
}

/// A URL that is fetched over HTTP, written so that it ends no attribute.
fn remote(source: &str) -> Option<String> {
    let url = url::Url::parse(source).ok()?;
    (is_web(&url) && source.len() <= TRACKED_URL_BYTES)
        .then(|| htmlize::escape_attribute(url.as_str()).into_owned())
}

fn is_web(url: &url::Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.host().is_some()
}

/// What a person may be led to, written so that it ends no attribute.
fn leads_to(target: &str) -> Option<String> {
    let url = url::Url::parse(target).ok()?;
    let meant = is_web(&url) || url.scheme() == "mailto";
    (meant && target.len() <= TRACKED_URL_BYTES)
        .then(|| htmlize::escape_attribute(url.as_str()).into_owned())
}

impl Clean {
    fn ended(mut self) -> String {
        self.close_to(0);
        self.out
    }

    /// Ends what another of the same name ends, where the sender left that out.
    fn end_before(&mut self, name: &str) {
        let scope: &[&str] = match name {
            "li" => &["ul", "ol"],
            "dd" | "dt" => &["dl"],
            "tr" => &["table"],
            "td" | "th" => &["table", "tr"],
            "p" => &ELEMENTS,
            _ => return,
        };
        let outer = |open: &&'static str| *open != name && scope.contains(open);
        let from = self.open.iter().rposition(outer).map_or(0, |at| at + 1);
        if let Some(at) = self.open[from..].iter().position(|open| *open == name) {
            self.close_to(from + at);
        }
    }

    fn attribute(&mut self, element: &Element<'_, '_>, name: &str) {
        let value = element.get_attribute(name);
        if let Some(value) = value.filter(|value| is_word(value)) {
            self.out.extend([" ", name, "=\"", &value, "\""]);
        }
    }

    fn close_to(&mut self, depth: usize) {
        for name in self.open.drain(depth..).rev() {
            self.out.extend(["</", name, ">"]);
        }
    }
}

impl Reader for Clean {
    fn open(&mut self, element: &Element<'_, '_>) {
        let Some(name) = listed(&ELEMENTS, &element.tag_name()) else {
            return;
        };
        self.end_before(name);
        let void = VOID.contains(&name);
        if !void && self.open.len() == DEPTH {
            return;
        }
        self.out.extend(["<", name]);
        for attribute in ATTRIBUTES {
            self.attribute(element, attribute);
        }
        self.out.push('>');
        if !void {
            self.open.push(name);
        }
    }

    fn close(&mut self, name: &str) {
        if let Some(depth) = self.open.iter().rposition(|open| *open == name) {
            self.close_to(depth);
        }
    }

    /// Entities stay: none of them can become a tag.
    fn text(&mut self, text: &str) {
        for (index, piece) in text.split('<').enumerate() {
            if index > 0 {
                self.out.push_str("&lt;");
            }
            self.out.push_str(&piece.replace('>', "&gt;"));
        }
    }
}

fn listed(list: &[&'static str], name: &str) -> Option<&'static str> {
    let at = list.binary_search(&name).ok()?;
    Some(list[at])
}

fn is_word(value: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"#%.-".contains(&b);
    !value.is_empty() && value.len() <= VALUE_BYTES && value.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_can_be_searched() {
        assert!(ELEMENTS.is_sorted());
    }

    #[test]
    fn links_lead_elsewhere_and_only_into_the_web_or_to_an_address() {
        let out = "target=\"_blank\" rel=\"noopener noreferrer\"";
        for (html, expected) in [
            (
                "<a href=\"https://far.test/?a=1&amp;b=%22\" onclick=\"x()\" target=_top>go</a>",
                format!("<a href=\"https://far.test/?a=1&amp;b=%22\" {out}>go</a>"),
            ),
            (
                "<a href='mailto:kim@far.test'>write",
                format!("<a href=\"mailto:kim@far.test\" {out}>write</a>"),
            ),
            (
                "<b><a href=' http://far.test '>one<a href=http://near.test/>two</b>",
                format!(
                    "<b><a href=\"http://far.test/\" {out}>one</a>\
                     <a href=\"http://near.test/\" {out}>two</a></b>"
                ),
            ),
            ("<a href=\"java\nscript:x()\">no</a>", String::from("no")),
            ("<a href=\"data:text/html,x\">no</a>", String::from("no")),
            ("<a href=\"/console/api/\">no</a>", String::from("no")),
            (
                "<a href=\"blob:https://far.test/1\">no</a>",
                String::from("no"),
            ),
            ("<a name=x>no</a>", String::from("no")),
        ] {
            assert_eq!(readable(html, Images::None), expected, "{html}");
            assert_eq!(readable(html, Images::Remote), expected, "{html}");
            assert!(!cleaned(html).contains("<a"), "{html}");
        }
    }
}
