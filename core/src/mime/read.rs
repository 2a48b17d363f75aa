//! Reads a message: hostile bytes in, a summary out.
//!
//! The structure is walked here, within bounds on parts and depth; each leaf
//! is then given to mail-parser alone. Its own walk recurses into nested
//! messages as deep as they go.

use mail_parser::{
    Address, ContentType, Encoding, Message, MessageParser, MessagePart, MimeHeaders, PartType,
};

use crate::limits::{MIME_DEPTH, MIME_PARTS};
use crate::model::address::quote_phrase;

/// What a message says. Texts of header fields are decoded, on one line, as
/// they were written: they were not checked. Absent fields are `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// `Name <address>`, with commas between several. So are `to` and `cc`.
    pub from: Option<String>,
    pub to: Option<String>,
    pub cc: Option<String>,
    pub subject: Option<String>,
    /// Milliseconds since the epoch.
    pub date_ms: Option<i64>,
    /// Without angle brackets.
    pub message_id: Option<String>,
    /// The first part to be shown that is plain text, lines ended by `\n`.
    pub text: Option<String>,
    /// As `text`, for HTML. Never made from the text.
    pub html: Option<String>,
    /// Every other leaf, in order.
    pub attachments: Vec<AttachmentSummary>,
}

/// What is known of an attachment without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachmentSummary {
    pub name: Option<String>,
    /// Lower-case `type/subtype`, without parameters.
    pub content_type: String,
    /// Decoded.
    pub size_bytes: u64,
    /// Without angle brackets.
    pub content_id: Option<String>,
    /// Meant to be shown within the text.
    pub inline: bool,
}

/// Reads any bytes. A message past [`MIME_PARTS`] or [`MIME_DEPTH`] gives its
/// header fields only.
#[must_use]
pub fn summary(raw: &[u8]) -> Summary {
    let mut summary = Summary::default();
    let parser = MessageParser::new();
    if let Some(message) = headers_of(&parser, raw) {
        summary.from = message.from().and_then(addresses);
        summary.to = message.to().and_then(addresses);
        summary.cc = message.cc().and_then(addresses);
        summary.subject = message.subject().map(one_line);
        summary.date_ms = message
            .date()
            .filter(|date| date.is_valid())
            .map(|date| date.to_timestamp().saturating_mul(1000));
        summary.message_id = message.message_id().map(one_line);
    }
    let mut walk = Walk {
        parser,
        parts: 0,
        text: None,
        html: None,
        attachments: Vec::new(),
    };
    if walk.entity(raw, 0).is_ok() {
        summary.text = walk.text;
        summary.html = walk.html;
        summary.attachments = walk.attachments;
    }
    summary
}

/// More parts or levels than are looked at.
struct OutOfBounds;

struct Walk {
    parser: MessageParser,
    parts: usize,
    text: Option<String>,
    html: Option<String>,
    attachments: Vec<AttachmentSummary>,
}

impl Walk {
    fn entity(&mut self, raw: &[u8], depth: usize) -> Result<(), OutOfBounds> {
        self.parts += 1;
        if self.parts > MIME_PARTS || depth > MIME_DEPTH {
            return Err(OutOfBounds);
        }
        let Some(head) = headers_of(&self.parser, raw) else {
            // No header fields: plain text (RFC 2045 5.2).
            let body = String::from_utf8_lossy(raw);
            self.keep_text(with_lf(&body));
            return Ok(());
        };
        let kind = head.parts.first().and_then(|part| part.content_type());
        let body = body_of(raw);
        if let Some(boundary) = kind.and_then(boundary) {
            for part in Sections::of(body, boundary.as_bytes()) {
                self.entity(part, depth + 1)?;
            }
        } else if kind.is_some_and(|kind| kind.ctype() == "message") {
            self.attach(&head, body.len());
        } else {
            self.leaf(raw, &head, depth);
        }
        Ok(())
    }

    fn leaf(&mut self, raw: &[u8], head: &Message<'_>, depth: usize) {
        let Some(message) = self.parser.parse(raw) else {
            return self.attach(head, body_of(raw).len());
        };
        let Some(part) = message.parts.first() else {
            return self.attach(head, body_of(raw).len());
        };
        let shown = part.attachment_name().is_none()
            && !part
                .content_disposition()
                .is_some_and(ContentType::is_attachment);
        match &part.body {
            PartType::Text(text) if shown && self.text.is_none() && is_plain(part) => {
                self.keep_text(shown_text(text, part, depth));
            }
            PartType::Html(html) if shown && self.html.is_none() => {
                self.html = Some(shown_text(html, part, depth));
            }
            PartType::Text(_)
            | PartType::Html(_)
            | PartType::Binary(_)
            | PartType::InlineBinary(_)
            | PartType::Message(_)
            | PartType::Multipart(_) => self.attach(head, part.len()),
        }
    }

    fn keep_text(&mut self, text: String) {
        if self.text.is_none() {
            self.text = Some(text);
        } else {
            self.attachments.push(AttachmentSummary {
                name: None,
                content_type: "text/plain".to_owned(),
                size_bytes: text.len() as u64,
                content_id: None,
                inline: true,
            });
        }
    }

    fn attach(&mut self, head: &Message<'_>, size: usize) {
        let Some(part) = head.parts.first() else {
            return;
        };
        let content_type = part.content_type().map_or_else(
            || "text/plain".to_owned(),
            |kind| {
                format!(
                    "{}/{}",
                    kind.ctype(),
                    kind.subtype().unwrap_or("octet-stream")
                )
            },
        );
        self.attachments.push(AttachmentSummary {
            name: part.attachment_name().map(one_line),
            content_type: one_line(&content_type).to_ascii_lowercase(),
            size_bytes: size as u64,
            content_id: part
                .content_id()
                .map(|id| one_line(id.trim_matches(['<', '>']))),
            inline: part
                .content_disposition()
                .is_some_and(ContentType::is_inline),
        });
    }
}

/// The header fields of an entity; `None` when it begins with its body.
fn headers_of<'x>(parser: &MessageParser, raw: &'x [u8]) -> Option<Message<'x>> {
    parser
        .parse_headers(&raw[..raw.len() - body_of(raw).len()])
        .filter(|message| !message.headers().is_empty())
}

fn is_plain(part: &MessagePart<'_>) -> bool {
    part.content_type()
        .is_none_or(|kind| kind.ctype() == "text" && kind.subtype().is_none_or(|s| s == "plain"))
}

fn boundary<'a>(kind: &'a ContentType<'_>) -> Option<&'a str> {
    kind.attribute("boundary")
        .filter(|boundary| kind.ctype() == "multipart" && !boundary.is_empty())
}

/// What follows the first empty line.
fn body_of(raw: &[u8]) -> &[u8] {
    let mut rest = raw;
    while !rest.is_empty() {
        let (line, tail) = split_line(rest);
        rest = tail;
        if matches!(line, b"\n" | b"\r\n") {
            break;
        }
    }
    rest
}

fn split_line(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|&b| b == b'\n');
    text.split_at(end.map_or(text.len(), |end| end + 1))
}

/// The parts of a multipart body (RFC 2046 5.1.1). One without a closing line
/// ends with the text; what stands before the first and after the last is no
/// part.
struct Sections<'a> {
    rest: Option<&'a [u8]>,
    boundary: &'a [u8],
}

impl<'a> Sections<'a> {
    fn of(body: &'a [u8], boundary: &'a [u8]) -> Self {
        let mut sections = Self {
            rest: Some(body),
            boundary,
        };
        sections.section();
        sections
    }

    /// The text up to the next delimiter, and moves behind that.
    fn section(&mut self) -> Option<&'a [u8]> {
        let text = self.rest.take()?;
        let mut rest = text;
        while !rest.is_empty() {
            let start = text.len() - rest.len();
            let (line, tail) = split_line(rest);
            rest = tail;
            if let Some(end) = line
                .strip_prefix(b"--")
                .and_then(|line| line.strip_prefix(self.boundary))
            {
                match end.trim_ascii_end() {
                    b"" => self.rest = Some(tail),
                    b"--" => {}
                    // A longer line that merely begins alike.
                    _ => continue,
                }
                return Some(without_line_end(&text[..start]));
            }
        }
        Some(text)
    }
}

impl<'a> Iterator for Sections<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        self.section()
    }
}

/// The line end before a delimiter is the delimiter's.
fn without_line_end(text: &[u8]) -> &[u8] {
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    text.strip_suffix(b"\r").unwrap_or(text)
}

fn addresses(list: &Address<'_>) -> Option<String> {
    let texts: Vec<_> = list
        .iter()
        .filter_map(|one| {
            let name = one.name().filter(|name| !name.is_empty());
            match (name, one.address()) {
                (Some(name), Some(address)) => Some(format!("{} <{address}>", quote_phrase(name))),
                (None, Some(text)) | (Some(text), None) => Some(text.to_owned()),
                (None, None) => None,
            }
        })
        .map(|text| one_line(&text))
        .collect();
    (!texts.is_empty()).then(|| texts.join(", "))
}

/// A header text without control characters: an encoded word can hold any.
fn one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}

/// A body of its own ends in the line end that ends the message, which is none
/// of the text; base64 hides that one.
fn shown_text(text: &str, part: &MessagePart<'_>, depth: usize) -> String {
    let mut text = with_lf(text);
    if depth == 0 && part.encoding != Encoding::Base64 && text.ends_with('\n') {
        text.pop();
    }
    text
}

fn with_lf(text: &str) -> String {
    if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n")
    } else {
        text.to_owned()
    }
}
