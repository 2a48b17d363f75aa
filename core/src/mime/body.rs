//! What a message shows and what it carries beside.

use super::charset::decode_text;
use super::walk::{Leaf, OutOfBounds, leaves};
use mail_parser::ContentType;

/// The leaves of a message, by what they are for.
pub(super) struct Body<'a> {
    /// The first part to be shown that is plain text.
    pub(super) text: Option<Leaf<'a>>,
    /// As `text`, for HTML.
    pub(super) html: Option<Leaf<'a>>,
    /// Every other leaf, in order.
    pub(super) attachments: Vec<Leaf<'a>>,
    /// Of a message past the bounds there are only the leaves before them.
    pub(super) whole: Result<(), OutOfBounds>,
}

impl<'a> Body<'a> {
    pub(super) fn of(raw: &'a [u8]) -> Self {
        let (mut text, mut html, mut attachments) = (None, None, Vec::new());
        let whole = leaves(raw, |leaf| {
            let place = match leaf.kind.as_str() {
                "text/plain" => &mut text,
                "text/html" => &mut html,
                _ => return attachments.push(leaf),
            };
            if place.is_none() && leaf.is_shown() {
                *place = Some(leaf);
            } else {
                attachments.push(leaf);
            }
        });
        Self {
            text,
            html,
            attachments,
            whole,
        }
    }
}

impl Leaf<'_> {
    /// Whether it is part of what a reader sees first: neither called an attachment nor named
    /// like a file.
    fn is_shown(&self) -> bool {
        let attached = self
            .disposition
            .as_ref()
            .is_some_and(ContentType::is_attachment);
        !attached && self.file_name().is_none()
    }

    /// The name to keep it under, on one line (RFC 2183 2.3, and RFC 2045's old `name`).
    pub(super) fn file_name(&self) -> Option<String> {
        let of = |kind: &Option<ContentType<'_>>, attribute: &str| {
            kind.as_ref()?
                .attribute(attribute)
                .map(super::entity::one_line)
        };
        of(&self.disposition, "filename").or_else(|| of(&self.content_type, "name"))
    }

    /// Without angle brackets (RFC 2392).
    pub(super) fn content_id(&self) -> Option<String> {
        let id = self.entity.text_of("Content-ID")?;
        Some(id.trim().trim_matches(['<', '>']).to_owned())
    }

    /// Decoded, in its charset; line ends as they were.
    pub(super) fn text(&self) -> String {
        let charset = self.content_type.as_ref();
        let charset = charset.and_then(|kind| kind.attribute("charset"));
        decode_text(&self.entity.decoded(), charset)
    }
}
