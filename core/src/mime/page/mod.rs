//! A message as something to look at: its page as it came, its page without anything that
//! acts, and its text.

mod clean;
mod inline;
mod plain;
mod tokens;

use super::body::Body;
use super::read::shown_text;
use crate::limits::{PAGE_BYTES, SHOWN_BYTES};

/// The html as it was sent, with the images that it calls by `cid:` put into it as data URLs
/// where they fit into [`SHOWN_BYTES`]. Whatever the sender wrote runs: show it only where it
/// can do no harm. A page of the text where there is no html.
#[must_use]
pub fn dirty(raw: &[u8]) -> String {
    let body = Body::of(raw);
    match &body.html {
        Some(html) => inline::inlined(cut(&html.text(), SHOWN_BYTES), &body.attachments),
        None => page_of(&text_of(&body)),
    }
}

/// The html without scripts, images, links, forms and styles: a few elements and text, all
/// written anew. Of the first [`PAGE_BYTES`] of a page. A page of the text where there is no
/// html.
#[must_use]
pub fn clean(raw: &[u8]) -> String {
    of(raw, clean::cleaned)
}

fn of(raw: &[u8], shown: impl Fn(&str) -> String) -> String {
    let body = Body::of(raw);
    match &body.html {
        Some(html) => shown(cut(&html.text(), PAGE_BYTES)),
        None => page_of(&text_of(&body)),
    }
}

/// Whether a page has the sender's images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Images {
    /// It has none.
    None,
    /// It has those that are fetched over HTTP: whoever sent them learns of it.
    Remote,
}

/// As [`clean`], for a person: with links, which open in a window of their own, and with
/// images or without.
#[must_use]
pub fn readable(raw: &[u8], images: Images) -> String {
    of(raw, |html| clean::readable(html, images))
}

/// Whether a page calls for images that are fetched over HTTP.
#[must_use]
pub fn has_remote_images(raw: &[u8]) -> bool {
    let body = Body::of(raw);
    body.html
        .as_ref()
        .is_some_and(|html| clean::has_remote_images(cut(&html.text(), PAGE_BYTES)))
}

/// The text, with `\n` for line ends, up to [`SHOWN_BYTES`]. Made from the first
/// [`PAGE_BYTES`] of the html where there is no text, or a blank one.
#[must_use]
pub fn text(raw: &[u8]) -> String {
    text_of(&Body::of(raw))
}

pub(super) fn text_of(body: &Body<'_>) -> String {
    let text = body.text.as_ref().map(shown_text).unwrap_or_default();
    match &body.html {
        Some(html) if text.trim().is_empty() => plain::plain(cut(&html.text(), PAGE_BYTES)),
        Some(_) | None => cut(&text, SHOWN_BYTES).to_owned(),
    }
}

fn page_of(text: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head>\
         <body><pre style=\"white-space: pre-wrap\">{}</pre></body></html>\n",
        htmlize::escape_text(text)
    )
}

fn cut(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}
