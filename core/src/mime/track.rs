//! Rewrites a page so that opening it and following its links is told.
//!
//! The page is read once and written once a recipient. Reading only finds places: whatever is
//! not a link's target stays as it was, byte for byte.
//!
//! Followed are `href`s of `a` and `area` that are absolute http or https URLs. Left alone
//! are:
//! - other schemes, fragments, relative references, and what a template left behind;
//! - links that unsubscribe: the word is in the target, in the link's text, or in its `rel`,
//!   `id`, `class`, `title` or `alt`; or the target is in the sender's own List-Unsubscribe;
//! - links with the attribute `data-no-track`;
//! - links made here, so that rewriting twice does no harm;
//! - what only some readers see: comments, conditional ones too, and `noscript`;
//! - targets over a bound, and links after so many of them.

use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::rc::Rc;

use lol_html::errors::RewritingError;
use lol_html::html_content::{Attribute, Element};
use lol_html::{HtmlRewriter, MemorySettings, Settings, element, end_tag, text};

use super::links::{LinkKey, PublicUrl, Target, Ticket};
use crate::limits::{TRACKED_LINKS, TRACKED_PARSING_BYTES, TRACKED_TEXT_BYTES};

/// A transparent GIF of one pixel.
pub const PIXEL_GIF: [u8; 43] = *b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff\
    !\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

/// Read behind the page: seen as an image, it says that the page ends where an image can be.
const PROBE: &str = "<img>";
/// What a target or its link says when it is to unsubscribe, lower case.
const UNSUBSCRIBE: &str = "unsubscribe";
/// Attributes in which it may say so.
const SAYING: [&str; 5] = ["rel", "id", "class", "title", "alt"];
/// What templates leave behind, and no URL has.
const LEFTOVERS: [&str; 6] = ["{{", "{%", "<%", "${", "*|", "%%"];

/// The page is not one that can be rewritten with certainty; it is sent as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    /// It nests too deep, or ends within a huge comment or tag.
    #[error("takes too much memory to read")]
    Memory,
    /// It depends on more than a streaming reader knows what is text in it and what is markup.
    #[error("can be read in two ways")]
    Ambiguous,
}

/// A page with the places in it where it is followed.
#[derive(Debug)]
pub struct Page<'a> {
    html: &'a str,
    base: &'a PublicUrl,
    /// In the order of their places.
    edits: Vec<Edit>,
}

#[derive(Debug)]
struct Edit {
    /// What is replaced: an `href`'s value without its quotes, or nothing.
    place: Range<usize>,
    by: By,
}

#[derive(Debug)]
enum By {
    Link(Target),
    Image,
}

/// Rewrites `html` for one recipient. `list_unsubscribe` is the header's value, if the sender
/// gave one.
///
/// # Errors
/// See [`Unread`].
pub fn rewrite(
    html: &str,
    base: &PublicUrl,
    list_unsubscribe: Option<&str>,
    key: &LinkKey,
    ticket: &Ticket,
) -> Result<String, Unread> {
    Ok(Page::read(html, base, list_unsubscribe)?.write(key, ticket))
}

impl<'a> Page<'a> {
    /// Finds the places. `list_unsubscribe` as in [`rewrite`].
    ///
    /// # Errors
    /// See [`Unread`].
    pub fn read(
        html: &'a str,
        base: &'a PublicUrl,
        list_unsubscribe: Option<&str>,
    ) -> Result<Self, Unread> {
        let alone = |target: &Target| {
            base.owns(target) || bracketed(list_unsubscribe).any(|url| url == target.as_str())
        };
        let Places { links, end } = places(html, &alone)?;
        let followed = links.into_iter().filter(|link| !link.unsubscribes);
        let mut edits: Vec<Edit> = followed
            .map(|link| Edit {
                place: link.place,
                by: By::Link(link.target),
            })
            .collect();
        if let Some(end) = end {
            let index = edits.partition_point(|edit| edit.place.end <= end);
            let image = Edit {
                place: end..end,
                by: By::Image,
            };
            edits.insert(index, image);
        }
        Ok(Self { html, base, edits })
    }

    /// The page for one recipient.
    #[must_use]
    pub fn write(&self, key: &LinkKey, ticket: &Ticket) -> String {
        let mut out = String::with_capacity(self.html.len() + self.edits.len() * 256);
        let mut done = 0;
        for Edit { place, by } in &self.edits {
            out.push_str(&self.html[done..place.start]);
            match by {
                By::Link(target) => out.push_str(&key.click(self.base, ticket, target)),
                By::Image => {
                    out.push_str("<img src=\"");
                    out.push_str(&key.open(self.base, ticket));
                    out.push_str("\" width=\"1\" height=\"1\" alt=\"\" style=\"border:0\">");
                }
            }
            done = place.end;
        }
        out.push_str(&self.html[done..]);
        out
    }
}

/// The URLs of a List-Unsubscribe value (RFC 2369 2): in angle brackets, commas between.
fn bracketed(value: Option<&str>) -> impl Iterator<Item = &str> {
    let pieces = value.unwrap_or_default().split('<').skip(1);
    pieces.filter_map(|piece| Some(piece.split_once('>')?.0.trim()))
}

/// A link that may be followed.
struct Link {
    place: Range<usize>,
    target: Target,
    unsubscribes: bool,
}

/// What reading finds.
struct Places {
    links: Vec<Link>,
    /// Where the image can go.
    end: Option<usize>,
}

/// The links read so far, and the beginning of the last one's text.
#[derive(Default)]
struct Reading {
    links: Vec<Link>,
    /// The text belongs to the last of `links`, lower case; None when it matters no more.
    said: Option<String>,
}

impl Reading {
    fn anchor(&mut self, html: &str, element: &Element<'_, '_>, alone: &dyn Fn(&Target) -> bool) {
        self.said = None;
        let found = followed(html, element.attributes()).filter(|link| !alone(&link.target));
        if let Some(link) = found.filter(|_| self.links.len() < TRACKED_LINKS) {
            self.links.push(link);
            self.said = Some(String::new());
        }
    }

    fn text(&mut self, text: &str) {
        let Some(said) = &mut self.said else {
            return;
        };
        let room = TRACKED_TEXT_BYTES.saturating_sub(said.len());
        said.push_str(&text[..text.floor_char_boundary(room)].to_ascii_lowercase());
        if said.contains(UNSUBSCRIBE) {
            if let Some(link) = self.links.last_mut() {
                link.unsubscribes = true;
            }
            self.said = None;
        }
    }
}

fn places(html: &str, alone: &dyn Fn(&Target) -> bool) -> Result<Places, Unread> {
    let reading = RefCell::new(Reading::default());
    let body_end = Rc::new(Cell::new(None));
    let page_end = Cell::new(None);
    let settings = Settings::new()
        .append_element_content_handler(element!("a[href], area[href]", |anchor| {
            reading.borrow_mut().anchor(html, anchor, alone);
            Ok(())
        }))
        .append_element_content_handler(text!("a[href]", |chunk| {
            reading.borrow_mut().text(chunk.as_str());
            Ok(())
        }))
        .append_element_content_handler(element!("body", |body| {
            let seen = Rc::clone(&body_end);
            body.on_end_tag(end_tag!(move |tag| {
                seen.set(Some(tag.source_location().bytes().start));
                Ok(())
            }))
        }))
        .append_element_content_handler(element!("img", |image| {
            let at = image.source_location().bytes().start;
            if at == html.len() {
                page_end.set(Some(at));
            }
            Ok(())
        }))
        .with_memory_settings(
            MemorySettings::new().with_max_allowed_memory_usage(TRACKED_PARSING_BYTES),
        )
        .with_strict(true);
    read(html, settings).map_err(|error| match error {
        RewritingError::ParsingAmbiguity(_) => Unread::Ambiguous,
        // The handlers never fail.
        _ => Unread::Memory,
    })?;
    Ok(Places {
        links: reading.into_inner().links,
        end: body_end.get().or(page_end.get()),
    })
}

/// What the rewriter writes is not looked at.
fn read(html: &str, settings: Settings<'_, '_>) -> Result<(), RewritingError> {
    let mut reader = HtmlRewriter::new(settings, |_: &[u8]| {});
    reader.write(html.as_bytes())?;
    reader.write(PROBE.as_bytes())?;
    reader.end()
}

/// The link of an element with these attributes, if it is of a kind that is followed.
fn followed(html: &str, attributes: &[Attribute<'_>]) -> Option<Link> {
    let named = |name: &str| attributes.iter().find(|one| one.name() == name);
    if named("data-no-track").is_some() {
        return None;
    }
    let place = named("href")?.value_source_location()?.bytes();
    let written = html.get(place.clone())?;
    let value = htmlize::unescape_attribute(written);
    if LEFTOVERS.iter().any(|leftover| value.contains(leftover)) {
        return None;
    }
    let says = |text: &str| text.to_ascii_lowercase().contains(UNSUBSCRIBE);
    if says(&value)
        || SAYING
            .iter()
            .any(|name| named(name).is_some_and(|one| says(&one.value())))
    {
        return None;
    }
    Some(Link {
        place,
        target: Target::parse(&value)?,
        unsubscribes: false,
    })
}
