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

pub(super) fn cleaned(html: &str, images: Images) -> String {
    let mut page: Clean = match images {
        Images::None => read(html),
        Images::Remote => read::<WithImages>(html).0,
    };
    page.close_to(0);
    page.out
}

pub(super) fn has_remote_images(html: &str) -> bool {
    read::<WithImages>(html).0.remote
}

#[derive(Default)]
struct Clean {
    out: String,
    open: Vec<&'static str>,
    /// An image that is fetched over HTTP was called for.
    remote: bool,
}

/// The same with images that are fetched over HTTP, and nothing else of theirs but their size.
#[derive(Default)]
struct WithImages(Clean);

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
        let out = &mut self.0;
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
    let fetched = matches!(url.scheme(), "http" | "https") && url.host().is_some();
    (fetched && source.len() <= TRACKED_URL_BYTES)
        .then(|| htmlize::escape_attribute(url.as_str()).into_owned())
}

impl Clean {
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
}
