//! A message or a part of one, in two pieces: its header fields and its body.
//!
//! Fields are found and parts are decoded here, so that mail-parser is given one value at a
//! time: it never walks what others nested.

use std::borrow::Cow;

use mail_parser::decoders::base64::base64_decode;
use mail_parser::parsers::MessageStream;
use mail_parser::{ContentType, HeaderValue};
use memchr::memchr;

use super::charset::decode_text;
use crate::limits::{HEADER_BYTES, HEADER_FIELDS, MIME_FIELD_BYTES};

/// Header fields and body. No copy.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entity<'a> {
    /// Up to the first empty line, which it ends with. Empty where there is no field.
    pub(super) head: &'a [u8],
    pub(super) body: &'a [u8],
}

/// A header field as it stands in the message.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    /// All of it.
    pub(super) raw: &'a [u8],
    pub(super) name: &'a [u8],
    /// What follows the colon, folds and line end included.
    pub(super) value: &'a [u8],
}

impl<'a> Entity<'a> {
    /// Whether an empty line ends the header.
    pub(super) fn has_empty_line(&self) -> bool {
        matches!(self.head, b"\n" | b"\r\n")
            || self.head.ends_with(b"\n\n")
            || self.head.ends_with(b"\n\r\n")
    }

    /// Bytes without any header field are all body: plain text (RFC 2045 5.2).
    pub(super) fn of(raw: &'a [u8]) -> Self {
        let head = head_of(raw);
        let (mut head, mut body) = raw.split_at(head);
        let empty = matches!(head, b"\n" | b"\r\n");
        if !empty && Lines(head).next().is_none() {
            (head, body) = (&raw[..0], raw);
        }
        Self { head, body }
    }

    /// The fields in order, up to [`HEADER_FIELDS`] and [`HEADER_BYTES`].
    pub(super) fn lines(&self) -> impl Iterator<Item = Line<'a>> + use<'a> {
        let end = self.head.len().min(HEADER_BYTES);
        Lines(&self.head[..end]).take(HEADER_FIELDS)
    }

    /// The value of the last field of this name, whatever its case.
    pub(super) fn value(&self, name: &str) -> Option<&'a [u8]> {
        self.lines()
            .filter(|line| line.name.eq_ignore_ascii_case(name.as_bytes()))
            .last()
            .map(|line| line.value)
    }

    /// Free text, decoded and on one line.
    pub(super) fn text_of(&self, name: &str) -> Option<String> {
        self.value(name).and_then(unstructured)
    }

    /// What a `Content-Type` or `Content-Disposition` says (RFC 2045 5.1, RFC 2183). One that
    /// begins with its parameters says what stands for nothing said.
    pub(super) fn typed(&self, name: &str, unsaid: &str) -> Option<ContentType<'static>> {
        let value = self.value(name)?.trim_ascii_start();
        let mut value = parsable(&value[..value.len().min(MIME_FIELD_BYTES)]);
        if value.starts_with(b";") {
            value = Cow::Owned([unsaid.as_bytes(), &value].concat());
        }
        match MessageStream::new(&value).parse_content_type().into_owned() {
            HeaderValue::ContentType(kind) => Some(kind),
            _ => None,
        }
    }

    /// The body without its transfer encoding (RFC 2045 6). One that is not what the field
    /// says is given as it is.
    pub(super) fn decoded(&self) -> Cow<'a, [u8]> {
        match self.encoding() {
            Encoding::Base64 => Cow::Owned(base64(self.body)),
            Encoding::QuotedPrintable => Cow::Owned(quoted_printable(self.body)),
            Encoding::Plain => Cow::Borrowed(self.body),
        }
    }

    pub(super) fn encoding(&self) -> Encoding {
        let Some(said) = self.text_of("Content-Transfer-Encoding") else {
            return Encoding::Plain;
        };
        match said.to_ascii_lowercase().as_str() {
            "base64" => Encoding::Base64,
            "quoted-printable" => Encoding::QuotedPrintable,
            _ => Encoding::Plain,
        }
    }
}

/// How a body is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Base64,
    QuotedPrintable,
    Plain,
}

/// How many bytes the header block has, its empty line counted.
pub(super) fn head_of(raw: &[u8]) -> usize {
    let mut at = 0;
    while at < raw.len() {
        let line = &raw[at..line_end(raw, at)];
        at += line.len();
        if matches!(line, b"\n" | b"\r\n") {
            break;
        }
    }
    at
}

/// Where the line that begins at `at` ends, its line feed counted.
fn line_end(raw: &[u8], at: usize) -> usize {
    memchr(b'\n', &raw[at..]).map_or(raw.len(), |end| at + end + 1)
}

struct Lines<'a>(&'a [u8]);

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    /// Skips what is no field, such as the first line of a mailbox file.
    fn next(&mut self) -> Option<Line<'a>> {
        while !self.0.is_empty() {
            let mut end = line_end(self.0, 0);
            while matches!(self.0.get(end), Some(b' ' | b'\t')) {
                end = line_end(self.0, end);
            }
            let (field, rest) = self.0.split_at(end);
            self.0 = rest;
            if let Some(line) = line(field) {
                return Some(line);
            }
        }
        None
    }
}

/// RFC 5322 2.2, and the blanks before the colon of 4.5.
fn line(field: &[u8]) -> Option<Line<'_>> {
    let colon = memchr(b':', field)?;
    let name = field[..colon].trim_ascii_end();
    let fine = !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
    let value = &field[colon + 1..];
    fine.then_some(Line {
        raw: field,
        name,
        value,
    })
}

/// A value as mail-parser reads it: in UTF-8, and with a line end, without which it reads
/// nothing.
pub(super) fn parsable(value: &[u8]) -> Cow<'_, [u8]> {
    if value.ends_with(b"\n") && std::str::from_utf8(value).is_ok() {
        Cow::Borrowed(value)
    } else {
        Cow::Owned((decode_text(value, None) + "\n").into_bytes())
    }
}

/// Encoded words decoded (RFC 2047), folds and control characters as blanks. None when
/// nothing is left.
pub(super) fn unstructured(value: &[u8]) -> Option<String> {
    let value = parsable(value);
    match MessageStream::new(&value).parse_unstructured() {
        HeaderValue::Text(text) => Some(one_line(&text)),
        _ => None,
    }
}

/// A header text without control characters: an encoded word can hold any.
pub(super) fn one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}

/// Base64 that others wrote something below, such as a list its footer, ends before that.
/// What is mostly something else never was base64.
fn base64(body: &[u8]) -> Vec<u8> {
    if let Some(decoded) = base64_decode(body) {
        return decoded;
    }
    let mut end = 0;
    while end < body.len() {
        let next = line_end(body, end);
        if !is_base64(body[end..next].trim_ascii()) {
            break;
        }
        end = next;
    }
    let encoded = if end * 2 >= body.len() { end } else { 0 };
    match base64_decode(&body[..encoded]) {
        Some(decoded) if !decoded.is_empty() => decoded,
        Some(_) | None => body.to_vec(),
    }
}

fn is_base64(line: &[u8]) -> bool {
    let known = |b: &u8| b.is_ascii_alphanumeric() || b"+/=".contains(b);
    line.len().is_multiple_of(4) && line.iter().all(known)
}

/// An equals sign that escapes nothing stands for itself.
fn quoted_printable(body: &[u8]) -> Vec<u8> {
    let decode = |body: &[u8]| {
        let (end, decoded) = MessageStream::new(body).decode_quoted_printable_mime(b"");
        (end != usize::MAX).then(|| decoded.into_owned())
    };
    decode(body).unwrap_or_else(|| {
        let mut mended = Vec::with_capacity(body.len() + body.len() / 8);
        for (at, byte) in body.iter().enumerate() {
            mended.push(*byte);
            if *byte == b'=' && !escapes(&body[at + 1..]) {
                mended.extend_from_slice(b"3D");
            }
        }
        decode(&mended).unwrap_or(mended)
    })
}

fn escapes(rest: &[u8]) -> bool {
    match rest {
        [] | [b'\n', ..] | [b'\r', b'\n', ..] => true,
        [one, two, ..] => one.is_ascii_hexdigit() && two.is_ascii_hexdigit(),
        [_] => false,
    }
}
