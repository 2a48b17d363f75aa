//! Values as they are written to a client.

pub(super) mod envelope;
pub(super) mod message;
pub(super) mod structure;

use std::fmt::Display;
use std::io::Write as _;

use jiff::tz::TimeZone;
use posthouse::clock::Timestamp;
use posthouse::mime::outline::Wanted;
use posthouse::model::folder::Flags;

use super::utf7;

/// How much of a message has to be read, the more the later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reads {
    Nothing,
    Outline(Wanted),
    Bytes,
}

impl Reads {
    /// What has the one and the other.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Outline(one), Self::Outline(other)) => Self::Outline(one.and(other)),
            (one, other) => one.max(other),
        }
    }
}

/// How names of folders are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Names {
    /// In modified UTF-7 (RFC 3501 section 5.1.3).
    #[default]
    Utf7,
    /// In UTF-8 (RFC 9051 section 5.1).
    Utf8,
}

/// Longer text is written as a literal.
const QUOTED_BYTES: usize = 512;

/// A string: quoted where that can be, else a literal.
pub(super) fn string(out: &mut Vec<u8>, text: &[u8]) {
    let fits = |byte: &u8| matches!(byte, b' '..=b'~');
    if text.len() <= QUOTED_BYTES && text.iter().all(fits) {
        quoted(out, text);
    } else {
        literal(out, text);
    }
}

fn quoted(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'"');
    for byte in text {
        if matches!(byte, b'"' | b'\\') {
            out.push(b'\\');
        }
        out.push(*byte);
    }
    out.push(b'"');
}

/// A literal. It may hold no NUL (RFC 9051 section 4.3), in whose place 0x80 stands.
pub(super) fn literal(out: &mut Vec<u8>, text: &[u8]) {
    number(out, "{", text.len(), "}\r\n");
    let start = out.len();
    out.extend_from_slice(text);
    let mut from = start;
    while let Some(at) = memchr::memchr(0, &out[from..]) {
        out[from + at] = 0x80;
        from += at + 1;
    }
}

/// As [`literal`], with NULs as they are where there are any (RFC 3516 section 4.4).
pub(super) fn binary(out: &mut Vec<u8>, bytes: &[u8]) {
    if memchr::memchr(0, bytes).is_none() {
        literal(out, bytes);
    } else {
        number(out, "~{", bytes.len(), "}\r\n");
        out.extend_from_slice(bytes);
    }
}

fn number(out: &mut Vec<u8>, before: &str, number: impl Display, after: &str) {
    // A vector takes all that is written.
    let _ = write!(out, "{before}{number}{after}");
}

/// A string, or NIL.
pub(super) fn nstring(out: &mut Vec<u8>, text: Option<&[u8]>) {
    match text {
        Some(text) => string(out, text),
        None => out.extend_from_slice(b"NIL"),
    }
}

/// The name of a folder.
pub(super) fn name(out: &mut Vec<u8>, name: &str, names: Names) {
    match names {
        Names::Utf7 => string(out, utf7::encode(name).as_bytes()),
        Names::Utf8 => quoted(out, name.as_bytes()),
    }
}

/// Flags in parentheses. Words that cannot be keywords of IMAP are left out.
pub(super) fn flags(out: &mut Vec<u8>, flags: &Flags) {
    let system = [
        (flags.answered, "\\Answered"),
        (flags.flagged, "\\Flagged"),
        (flags.deleted, "\\Deleted"),
        (flags.seen, "\\Seen"),
        (flags.draft, "\\Draft"),
    ];
    let system = system.into_iter().filter(|flag| flag.0).map(|flag| flag.1);
    let words = flags.keywords.iter().map(String::as_str);
    out.push(b'(');
    let start = out.len();
    for flag in system.chain(words.filter(|word| is_keyword(word))) {
        if out.len() > start {
            out.push(b' ');
        }
        out.extend_from_slice(flag.as_bytes());
    }
    out.push(b')');
}

/// Whether a word can be a keyword: an atom.
pub(super) fn is_keyword(word: &str) -> bool {
    let fine = |byte: u8| byte.is_ascii_graphic() && !br#"(){%*"\]"#.contains(&byte);
    !word.is_empty() && word.bytes().all(fine)
}

/// When a message came, in UTC: `" 9-Mar-2024 08:15:30 +0000"`.
pub(super) fn date(out: &mut Vec<u8>, at: Timestamp) {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let at = jiff::Timestamp::from_millisecond(at.0).unwrap_or(jiff::Timestamp::MAX);
    let at = TimeZone::UTC.to_datetime(at);
    let month = usize::try_from(at.month()).unwrap_or(1);
    let text = format!(
        "\"{:2}-{}-{:04} {:02}:{:02}:{:02} +0000\"",
        at.day(),
        MONTHS[month - 1],
        at.year(),
        at.hour(),
        at.minute(),
        at.second()
    );
    out.extend_from_slice(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(show: impl Fn(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        show(&mut out);
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn strings_are_quoted_where_they_can_be() {
        let cases: [(&[u8], &str); 6] = [
            (b"", "\"\""),
            (b"a b", "\"a b\""),
            (b"a\"\\b", "\"a\\\"\\\\b\""),
            ("ü".as_bytes(), "{2}\r\nü"),
            (b"a\r\nb", "{4}\r\na\r\nb"),
            (b"a\tb", "{3}\r\na\tb"),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(|out| string(out, text)), expected);
        }
        assert!(shown(|out| string(out, &[b'x'; 600])).starts_with("{600}\r\nxx"));
        let mut out = Vec::new();
        literal(&mut out, b"a\0b\0");
        assert_eq!(out, b"{4}\r\na\x80b\x80");
        assert_eq!(shown(|out| binary(out, b"a\0b")), "~{3}\r\na\0b");
        assert_eq!(shown(|out| nstring(out, None)), "NIL");
    }

    #[test]
    fn names_are_written_as_the_client_reads_them() {
        assert_eq!(shown(|out| name(out, "Grün", Names::Utf7)), "\"Gr&APw-n\"");
        assert_eq!(shown(|out| name(out, "Grün", Names::Utf8)), "\"Grün\"");
    }

    #[test]
    fn only_keywords_are_shown() {
        let marks = Flags {
            seen: true,
            deleted: true,
            keywords: ["$Junk", "two words", "", "ü", "x)"]
                .map(str::to_owned)
                .to_vec(),
            ..Flags::default()
        };
        assert_eq!(shown(|out| flags(out, &marks)), "(\\Deleted \\Seen $Junk)");
        assert_eq!(shown(|out| flags(out, &Flags::default())), "()");
    }

    #[test]
    fn dates_are_in_utc() {
        let text = shown(|out| date(out, Timestamp(1_709_972_130_999)));
        assert_eq!(text, "\" 9-Mar-2024 08:15:30 +0000\"");
    }
}
