//! The inside of one tag, taken apart into words, texts and signs.

use super::admitted::Refusal;
use crate::limits;

/// What a piece of a tag is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `name` or `a.b.c`; a keyword too.
    Path,
    /// `12`, `-3`, `4.5`.
    Number,
    /// `'text'` or `"text"`, with its quotes.
    Text,
    /// `==`, `!=`, `<`, `<=`, `>` or `>=`.
    Comparison,
    /// `(`.
    Open,
    /// `)`.
    Close,
}

/// A piece of a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece<'s> {
    pub(super) kind: Kind,
    pub(super) text: &'s str,
    /// Where it begins in the source.
    pub(super) at: usize,
}

/// Whether a dash beside the closing braces takes blanks away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trim {
    Keep,
    Take,
}

/// A tag without its opening braces.
#[derive(Debug)]
pub(super) struct Tag<'s> {
    pub(super) pieces: Vec<Piece<'s>>,
    pub(super) trim: Trim,
    /// Where its closing braces begin, or the dash before them.
    pub(super) close_at: usize,
    /// Where the text behind it begins.
    pub(super) end: usize,
}

/// Takes a tag apart, from behind its opening braces up to `close`.
///
/// # Errors
/// When it is not closed, is too long, or holds something else than pieces.
pub(super) fn read<'s>(source: &'s str, from: usize, close: &str) -> Result<Tag<'s>, Refusal> {
    let mut pieces = Vec::new();
    let mut at = from;
    loop {
        let rest = &source[at..];
        let blank = rest.len() - rest.trim_ascii_start().len();
        at += blank;
        if at - from > limits::TEMPLATE_TAG_BYTES {
            let most = limits::TEMPLATE_TAG_BYTES;
            return Err(Refusal::new(from, format!("a tag of over {most} bytes")));
        }
        let rest = &rest[blank..];
        let tag = |pieces, trim, close_len| Tag {
            pieces,
            trim,
            close_at: at,
            end: at + close_len,
        };
        if rest.starts_with(close) {
            return Ok(tag(pieces, Trim::Keep, close.len()));
        }
        let dashed = rest.strip_prefix('-');
        if dashed.is_some_and(|rest| rest.starts_with(close)) {
            return Ok(tag(pieces, Trim::Take, 1 + close.len()));
        }
        let (kind, length) = piece(rest).map_err(|message| Refusal::new(at, message))?;
        let text = &rest[..length];
        pieces.push(Piece { kind, text, at });
        at += length;
    }
}

/// The piece at the start of `rest`, and its length in bytes.
fn piece(rest: &str) -> Result<(Kind, usize), String> {
    let first = rest.chars().next().ok_or("unexpected end of input")?;
    let sign = ["==", "!=", "<=", ">=", "<", ">"];
    if let Some(sign) = sign.iter().find(|sign| rest.starts_with(**sign)) {
        return Ok((Kind::Comparison, sign.len()));
    }
    match first {
        '(' => Ok((Kind::Open, 1)),
        ')' => Ok((Kind::Close, 1)),
        '"' | '\'' => Ok((Kind::Text, quoted(rest, first)?)),
        _ => word(rest, first),
    }
}

/// The length of a text with its quotes.
fn quoted(rest: &str, quote: char) -> Result<usize, String> {
    let mut escaped = false;
    for (at, one) in rest.char_indices().skip(1) {
        match one {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if one == quote => return Ok(at + 1),
            _ => {}
        }
    }
    Err(format!("the text has no closing {quote}"))
}

/// A number or a path: letters and digits of any script, `_`, dots, and dashes
/// that do not end it, since `{{ name-}}` ends in a dash that takes blanks.
fn word(rest: &str, first: char) -> Result<(Kind, usize), String> {
    let of_name = |one: char| one.is_alphanumeric() || matches!(one, '_' | '-' | '.');
    let end = rest.find(|one| !of_name(one)).unwrap_or(rest.len());
    let text = rest[..end].trim_end_matches('-');
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|one| one.is_ascii_digit());
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    if digits(whole.strip_prefix('-').unwrap_or(whole)) && digits(part) {
        return Ok((Kind::Number, text.len()));
    }
    if text.is_empty() || first == '-' || first == '.' {
        return Err(format!("unexpected {first:?}"));
    }
    let names = text.split('.');
    if names.clone().any(str::is_empty) {
        return Err("a dot without a name behind it".to_owned());
    }
    let most = limits::TEMPLATE_DEPTH;
    if names.count() > most {
        return Err(format!("more than {most} names in one path"));
    }
    Ok((Kind::Path, text.len()))
}
