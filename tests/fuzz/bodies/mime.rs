//! A whole message, as each of its readers reads it.

use posthouse::mime::content::content;
use posthouse::mime::page::{clean, dirty, text};
use posthouse::mime::parts::{attachment, attachments};
use posthouse::mime::read::summary;
use posthouse::mime::submission::written;

pub fn read(raw: &[u8]) {
    let listed = content(raw);
    let parts = attachments(raw);
    assert_eq!(
        listed.attachments.len(),
        parts.len(),
        "one truth about attachments"
    );
    if let Some(first) = parts.first() {
        let (_, bytes) = attachment(raw, &first.checksum).expect("listed");
        assert_eq!(bytes.len() as u64, first.size_bytes);
    }
    let said = [&listed.subject, &listed.message_id, &listed.in_reply_to];
    for text in said.into_iter().flatten().chain(&listed.links) {
        assert!(!text.contains(['\r', '\n', '\0']), "{text:?}");
    }
    for one in [&listed.from, &listed.to, &listed.reply_to]
        .into_iter()
        .flatten()
    {
        let both = format!("{}{}", one.name, one.address);
        assert!(!both.contains(['\r', '\n', '\0']), "{both:?}");
    }
    let _ = (summary(raw), written(raw), dirty(raw), text(raw));
    assert_harmless(&clean(raw));
}

/// Elements that run, load or ask.
const ACTING: [&str; 24] = [
    "a", "applet", "audio", "base", "body", "button", "embed", "form", "frame", "html", "iframe",
    "img", "input", "link", "math", "meta", "object", "script", "select", "style", "svg",
    "template", "textarea", "video",
];

/// Every tag is a name, and attributes without a URL in them.
fn assert_harmless(page: &str) {
    let written = "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head><body>\
                   <pre style=\"white-space: pre-wrap\">";
    if let Some(text) = page.strip_prefix(written) {
        let text = text
            .strip_suffix("</pre></body></html>\n")
            .expect("its end");
        assert!(!text.contains(['<', '>']), "{page}");
        return;
    }
    for tag in page.split('<').skip(1) {
        let (tag, _) = tag.split_once('>').expect("a tag ends");
        let tag = tag.strip_prefix('/').unwrap_or(tag);
        let mut words = tag.split(' ');
        let name = words.next().expect("split gives one");
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        assert!(name.bytes().all(plain) && !ACTING.contains(&name), "{page}");
        for word in words {
            let (name, value) = word.split_once('=').expect("a value");
            assert!(!name.starts_with("on") && name != "style", "{page}");
            assert!(!value.contains([':', '/', '(']), "{page}");
        }
    }
}
