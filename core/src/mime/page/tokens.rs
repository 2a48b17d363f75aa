//! A page, tag by tag, in one pass and bounded memory: no tree is built, so that neither
//! depth nor what a browser would mend makes it dear.

use std::cell::RefCell;
use std::rc::Rc;

use lol_html::html_content::{Element, TextType};
use lol_html::{HtmlRewriter, MemorySettings, Settings, doc_text, element, end_tag};

use crate::limits::TRACKED_PARSING_BYTES;

/// What is done with a page.
pub(super) trait Reader {
    fn open(&mut self, element: &Element<'_, '_>);
    /// The end of the innermost open element of this name. Those within that were left open
    /// may not be told of.
    fn close(&mut self, name: &str);
    /// Text as it stands, entities and all; never that of scripts, styles and titles.
    fn text(&mut self, text: &str);
}

/// Gives a page to a reader. Of one that cannot be read to its end, what stands before that.
pub(super) fn read<R: Reader + Default + 'static>(html: &str) -> R {
    let reader = Rc::new(RefCell::new(R::default()));
    let opened = Rc::clone(&reader);
    let texts = Rc::clone(&reader);
    let settings = Settings::new()
        .append_element_content_handler(element!("*", move |element| {
            opened.borrow_mut().open(element);
            if element.can_have_content() {
                let closed = Rc::clone(&opened);
                let name = element.tag_name();
                element.on_end_tag(end_tag!(move |_| {
                    closed.borrow_mut().close(&name);
                    Ok(())
                }))?;
            }
            Ok(())
        }))
        .append_document_content_handler(doc_text!(move |chunk| {
            if chunk.text_type() == TextType::Data {
                texts.borrow_mut().text(chunk.as_str());
            }
            Ok(())
        }))
        .with_strict(false)
        .with_memory_settings(
            MemorySettings::new().with_max_allowed_memory_usage(TRACKED_PARSING_BYTES),
        );
    let mut rewriter = HtmlRewriter::new(settings, |_: &[u8]| {});
    if rewriter.write(html.as_bytes()).is_ok() {
        let _ = rewriter.end();
    }
    reader.take()
}
