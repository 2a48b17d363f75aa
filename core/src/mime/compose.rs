//! Composes a message: header fields, text, HTML, inline images, attachments.
//!
//! What comes out is 7-bit, CRLF-ended, with no line over 998 characters, and
//! never ends in lines of blanks only.

use std::time::{Duration, UNIX_EPOCH};

use lettre::message::header::{
    ContentDisposition, ContentTransferEncoding, ContentType, Date, Header, HeaderName,
    HeaderValue, Headers, MIME_VERSION_1_0,
};
use lettre::message::{Body, MultiPart, SinglePart};

use super::content_type::content_type;
use super::header;
use crate::model::address::Mailbox;

/// The last second of the year 9999, in milliseconds: a later one has no
/// RFC 5322 form.
const DATE_MAX_MS: i64 = 253_402_300_799_000;

/// Whether one POST to List-Unsubscribe's URL unsubscribes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OneClick {
    /// It does; List-Unsubscribe-Post says so.
    Offered,
    /// Nothing is said.
    Unsaid,
}

/// A message to be composed. There is no Bcc here on purpose.
#[derive(Debug, Clone)]
pub struct Draft {
    pub from: Mailbox,
    /// May be empty; then there is no To field.
    pub to: Vec<Mailbox>,
    pub cc: Vec<Mailbox>,
    pub reply_to: Vec<Mailbox>,
    pub subject: Option<String>,
    pub html: Option<String>,
    pub text: Option<String>,
    /// One or more message identifiers, with or without angle brackets.
    pub in_reply_to: Option<String>,
    /// As `in_reply_to`.
    pub references: Option<String>,
    /// The field's value, copied.
    pub list_unsubscribe: Option<String>,
    pub one_click: OneClick,
    pub attachments: Vec<Attachment>,
    /// Without angle brackets.
    pub message_id: String,
    /// Milliseconds since the epoch.
    pub date_ms: i64,
}

/// A file that goes with a message.
#[derive(Debug, Clone)]
pub struct Attachment {
    pub name: String,
    /// A MIME type; by the name's extension when absent.
    pub content_type: Option<String>,
    pub content: Vec<u8>,
    /// Without `cid:` and angle brackets. When present the part is inline and
    /// HTML can show it.
    pub content_id: Option<String>,
}

/// A field of the draft that cannot stand in a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{field} {reason}")]
pub struct ComposeError {
    /// The draft's field: `subject`, `to`, `attachment.name` and so on.
    pub field: &'static str,
    pub reason: Reason,
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    #[error("holds a control character")]
    Control,
    #[error("holds a character outside ASCII, which has no form here")]
    NotAscii,
    #[error("is malformed")]
    Malformed,
    #[error("has a piece too long for a header line")]
    TooLong,
    #[error("is out of range")]
    OutOfRange,
}

impl Reason {
    pub(super) fn of(self, field: &'static str) -> ComposeError {
        ComposeError {
            field,
            reason: self,
        }
    }
}

/// Composes the message. `seed` makes the MIME boundaries: the same draft and
/// seed give the same bytes. It has to be random, or a sender could write
/// text that has to be searched twice.
///
/// # Errors
/// When a field cannot be written as it is; nothing is dropped or repaired.
pub fn compose(draft: &Draft, seed: u64) -> Result<Vec<u8>, ComposeError> {
    let headers = headers(draft)?;
    let mut boundaries = Boundaries {
        seed,
        next: 0,
        draft,
    };
    let content = content(draft, &mut boundaries)?;
    let attached: usize = draft.attachments.iter().map(|a| a.content.len()).sum();
    let mut out = Vec::with_capacity(2048 + attached / 2 * 3);
    out.extend_from_slice(headers.to_string().as_bytes());
    match content {
        Part::Single(part) => out.extend_from_slice(&part.formatted()),
        Part::Multi(part) => out.extend_from_slice(&part.formatted()),
    }
    Ok(out)
}

fn headers(draft: &Draft) -> Result<Headers, ComposeError> {
    let mut headers = Headers::with_capacity(12);
    let mut put = |value: HeaderValue| headers.insert_raw(value);
    let lists = [
        ("from", "From", std::slice::from_ref(&draft.from)),
        ("to", "To", draft.to.as_slice()),
        ("cc", "Cc", draft.cc.as_slice()),
        ("reply_to", "Reply-To", draft.reply_to.as_slice()),
    ];
    for (field, name, list) in lists {
        if !list.is_empty() {
            let value = header::mailboxes(name, list).map_err(|r| r.of(field))?;
            put(header::field(name, value));
        }
    }
    if let Some(subject) = &draft.subject {
        let value = header::unstructured("Subject", subject).map_err(|r| r.of("subject"))?;
        put(header::field("Subject", value));
    }
    let id = header::identifier(&draft.message_id).map_err(|r| r.of("message_id"))?;
    put(header::field("Message-ID", format!("<{id}>")));
    let threads = [
        ("in_reply_to", "In-Reply-To", &draft.in_reply_to),
        ("references", "References", &draft.references),
    ];
    for (field, name, value) in threads {
        if let Some(ids) = value {
            let value = header::message_ids(name, ids).map_err(|r| r.of(field))?;
            put(header::field(name, value));
        }
    }
    put(date(draft.date_ms)?);
    if let Some(text) = &draft.list_unsubscribe {
        let value =
            header::verbatim("List-Unsubscribe", text).map_err(|r| r.of("list_unsubscribe"))?;
        put(header::field("List-Unsubscribe", value));
    }
    if draft.one_click == OneClick::Offered {
        // RFC 8058 3.1: the field has no other value.
        let value = "List-Unsubscribe=One-Click".to_owned();
        put(header::field("List-Unsubscribe-Post", value));
    }
    headers.set(MIME_VERSION_1_0);
    Ok(headers)
}

/// The `Date` field of a moment.
pub(super) fn date(date_ms: i64) -> Result<HeaderValue, ComposeError> {
    let ms = u64::try_from(date_ms)
        .ok()
        .filter(|_| date_ms <= DATE_MAX_MS)
        .ok_or(Reason::OutOfRange.of("date"))?;
    Ok(Date::new(UNIX_EPOCH + Duration::from_millis(ms)).display())
}

enum Part {
    Single(SinglePart),
    Multi(MultiPart),
}

/// mixed( alternative( text, related( html, inline… ) ), attachment… ), less
/// every level that would have one member.
fn content(draft: &Draft, boundaries: &mut Boundaries<'_>) -> Result<Part, ComposeError> {
    let shown = |a: &&Attachment| a.content_id.is_some() && draft.html.is_some();
    let inline: Vec<_> = draft.attachments.iter().filter(shown).collect();
    let attached: Vec<_> = draft.attachments.iter().filter(|a| !shown(a)).collect();

    let mut body = match (&draft.text, &draft.html) {
        (_, None) => text(draft.text.as_deref().unwrap_or_default(), Kind::Plain),
        (text_body, Some(html)) => {
            let mut rich = text(html, Kind::Html);
            if !inline.is_empty() {
                rich = Part::Multi(with_files("related", rich, &inline, boundaries)?);
            }
            match text_body {
                None => rich,
                Some(plain) => {
                    let plain = text(plain, Kind::Plain);
                    let both = add(boundaries.multipart("alternative"), plain);
                    Part::Multi(add(both, rich))
                }
            }
        }
    };
    if !attached.is_empty() {
        body = Part::Multi(with_files("mixed", body, &attached, boundaries)?);
    }
    Ok(body)
}

fn add(to: MultiPart, part: Part) -> MultiPart {
    match part {
        Part::Single(part) => to.singlepart(part),
        Part::Multi(part) => to.multipart(part),
    }
}

fn with_files(
    subtype: &str,
    first: Part,
    files: &[&Attachment],
    boundaries: &mut Boundaries<'_>,
) -> Result<MultiPart, ComposeError> {
    let mut whole = add(boundaries.multipart(subtype), first);
    for file in files {
        whole = whole.singlepart(attachment(file)?);
    }
    Ok(whole)
}

enum Kind {
    Plain,
    Html,
}

/// A text part. lettre ends it with CRLF, which belongs to the boundary behind
/// it (RFC 2046 5.1.1), or where there is none to the message.
fn text(content: &str, kind: Kind) -> Part {
    let content = with_crlf(content);
    let body = if fits_as_is(&content) {
        Body::new(content)
    } else {
        Body::new_with_encoding(content, ContentTransferEncoding::QuotedPrintable)
            .expect("quoted-printable can hold every text")
    };
    let kind = match kind {
        Kind::Plain => ContentType::TEXT_PLAIN,
        Kind::Html => ContentType::TEXT_HTML,
    };
    Part::Single(SinglePart::builder().content_type(kind).body(body))
}

/// Whether lettre's choice of an encoding is safe. It would send control
/// characters as they are (RFC 2045 2.7 forbids NUL, and others get lost on
/// the way), and lines of blanks at the end, which relaxed canonicalization
/// ignores (RFC 6376 3.4.4) but mail-auth 0.13.3, in some receivers, does not.
fn fits_as_is(content: &str) -> bool {
    let end = content.trim_end_matches([' ', '\t', '\r', '\n']);
    let tail = &content[end.len()..];
    let blank_end = match tail.split_once('\n') {
        Some((_, lines)) => lines.contains([' ', '\t']),
        None => end.is_empty() && !tail.is_empty(),
    };
    // Line ends are CRLF by now.
    let control = |b: u8| (b < b' ' && !matches!(b, b'\t' | b'\r' | b'\n')) || b == 0x7f;
    // Every byte is looked at, with no way out of the loop: so it is done many at a time.
    let any_control = content
        .bytes()
        .fold(false, |found, byte| found | control(byte));
    !blank_end && !any_control
}

/// Every line end, CRLF, CR or LF, as CRLF. In one pass: lettre's own does not
/// see a lone CR, and takes quadratic time.
fn with_crlf(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 32);
    let mut rest = text;
    while let Some(at) = memchr::memchr2(b'\r', b'\n', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        out.push_str("\r\n");
        let end = if rest[at..].starts_with("\r\n") { 2 } else { 1 };
        rest = &rest[at + end..];
    }
    out.push_str(rest);
    out
}

fn attachment(file: &Attachment) -> Result<SinglePart, ComposeError> {
    header::refuse_controls(&file.name).map_err(|r| r.of("attachment.name"))?;
    let mut part = SinglePart::builder().content_type(content_type(file)?);
    part = match &file.content_id {
        None => part.header(ContentDisposition::attachment(&file.name)),
        Some(id) => {
            let id = header::identifier(id).map_err(|r| r.of("attachment.content_id"))?;
            part.header(ContentDisposition::inline_with_name(&file.name))
                .header(ContentId(format!("<{id}>")))
        }
    };
    let body = Body::new_with_encoding(file.content.clone(), ContentTransferEncoding::Base64)
        .expect("base64 can hold every content");
    Ok(part.body(body))
}

/// `Content-ID`, as it goes on the wire.
#[derive(Clone)]
struct ContentId(String);

impl Header for ContentId {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Content-ID")
    }

    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(text.to_owned()))
    }

    fn display(&self) -> HeaderValue {
        header::field("Content-ID", self.0.clone())
    }
}

/// Makes boundaries that no text of the draft holds. The encoded parts cannot
/// hold one: `=_` is in neither base64 nor quoted-printable (RFC 2045 6.7).
struct Boundaries<'a> {
    seed: u64,
    next: u64,
    draft: &'a Draft,
}

impl Boundaries<'_> {
    fn multipart(&mut self, subtype: &str) -> MultiPart {
        let kind = format!("multipart/{subtype}; boundary=\"{}\"", self.unused());
        let kind = ContentType::parse(&kind).expect("a boundary of letters and digits parses");
        MultiPart::builder().header(kind).build()
    }

    fn unused(&mut self) -> String {
        loop {
            self.next += 1;
            let boundary = format!("=_{:016x}_{}", self.seed, self.next);
            let held = |text: &Option<String>| text.as_ref().is_some_and(|t| t.contains(&boundary));
            if !held(&self.draft.text) && !held(&self.draft.html) {
                return boundary;
            }
        }
    }
}
