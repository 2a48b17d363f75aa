//! The links that a person reading a message can follow.

use std::cell::RefCell;
use std::collections::HashSet;

use linkify::{LinkFinder, LinkKind};
use lol_html::html_content::TextType;
use lol_html::{HtmlRewriter, MemorySettings, Settings, doc_text, element};

use super::links::Target;
use crate::limits::{LINKED_TEXT_BYTES, LINKS, TRACKED_PARSING_BYTES};

/// Web URLs, each once, in the order in which they were found, up to [`LINKS`].
#[derive(Debug, Default)]
pub(super) struct Urls {
    pub(super) found: Vec<String>,
    known: HashSet<String>,
}

impl Urls {
    /// Those of a plain text, of its first [`LINKED_TEXT_BYTES`].
    pub(super) fn of_text(&mut self, text: &str) {
        let text = &text[..text.floor_char_boundary(LINKED_TEXT_BYTES)];
        let mut finder = LinkFinder::new();
        finder.kinds(&[LinkKind::Url]);
        for link in finder.links(text) {
            if self.found.len() == LINKS {
                return;
            }
            self.keep(link.as_str());
        }
    }

    /// Those that a page leads to or shows, of its first [`LINKED_TEXT_BYTES`]. Of a page
    /// that cannot be read to its end, those before that.
    pub(super) fn of_html(&mut self, html: &str) {
        let html = &html[..html.floor_char_boundary(LINKED_TEXT_BYTES)];
        let urls = RefCell::new(self);
        let settings = Settings::new()
            .append_element_content_handler(element!("a[href], area[href]", |found| {
                if let Some(href) = found.get_attribute("href") {
                    let href = htmlize::unescape_attribute(href.as_str());
                    urls.borrow_mut().keep(&href);
                }
                Ok(())
            }))
            .append_document_content_handler(doc_text!(|chunk| {
                if chunk.text_type() == TextType::Data && chunk.as_str().contains("://") {
                    urls.borrow_mut()
                        .of_text(&htmlize::unescape(chunk.as_str()));
                }
                Ok(())
            }))
            .with_strict(false)
            .with_memory_settings(
                MemorySettings::new().with_max_allowed_memory_usage(TRACKED_PARSING_BYTES),
            );
        let mut reader = HtmlRewriter::new(settings, |_: &[u8]| {});
        if reader.write(html.as_bytes()).is_ok() {
            let _ = reader.end();
        }
    }

    fn keep(&mut self, url: &str) {
        if self.found.len() == LINKS {
            return;
        }
        let Some(target) = Target::parse(url) else {
            return;
        };
        if self.known.insert(target.as_str().to_owned()) {
            self.found.push(target.as_str().to_owned());
        }
    }
}
