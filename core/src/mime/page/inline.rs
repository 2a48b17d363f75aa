//! Images that a page calls by their Content-ID (RFC 2392), put into it.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use memchr::memmem;
use percent_encoding::percent_decode_str;

use crate::limits::{LINKS, SHOWN_BYTES};
use crate::mime::walk::Leaf;

/// The longest line a message may have (RFC 5322 2.1.1): no identifier is longer.
const ID_BYTES: usize = 998;

/// The page with each `cid:` URL of an image as a data URL, where that fits. Only where a URL
/// can begin, in quotes, in parentheses or behind an equals sign, and the first [`LINKS`].
pub(super) fn inlined(html: &str, parts: &[Leaf<'_>]) -> String {
    let images: HashMap<String, &Leaf<'_>> = parts
        .iter()
        .filter(|leaf| is_image(&leaf.kind))
        .filter_map(|leaf| Some((leaf.content_id()?, leaf)))
        .collect();
    let mut made: HashMap<String, String> = HashMap::new();
    let mut out = String::with_capacity(html.len());
    let mut done = 0;
    let urls = memmem::find_iter(html.as_bytes(), "cid:")
        .filter(|at| html[..*at].ends_with(['"', '\'', '(', '=']));
    for at in urls.take(LINKS) {
        let id = called(&html[at..]);
        let Some(image) = images.get(&name(id)) else {
            continue;
        };
        let data = made.entry(name(id)).or_insert_with(|| data_url(image));
        if out.len() + (html.len() - done) + data.len() > SHOWN_BYTES {
            continue;
        }
        out.push_str(&html[done..at]);
        out.push_str(data);
        done = at + "cid:".len() + id.len();
    }
    out.push_str(&html[done..]);
    out
}

/// Nothing in it ends the attribute that it is put into.
fn is_image(kind: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"+-.".contains(&b);
    kind.strip_prefix("image/")
        .is_some_and(|subtype| subtype.bytes().all(plain))
}

/// What stands between `cid:` and the end of the URL.
fn called(text: &str) -> &str {
    let id = &text["cid:".len()..];
    let id = &id[..id.floor_char_boundary(ID_BYTES)];
    let ends = |c: char| c.is_whitespace() || "\"'()<>".contains(c);
    &id[..id.find(ends).unwrap_or(id.len())]
}

fn name(id: &str) -> String {
    let id = htmlize::unescape_attribute(id);
    percent_decode_str(&id).decode_utf8_lossy().into_owned()
}

fn data_url(image: &Leaf<'_>) -> String {
    let data = STANDARD.encode(image.entity.decoded());
    format!("data:{};base64,{data}", image.kind)
}
