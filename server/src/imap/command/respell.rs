//! A command as the codec knows it: text in UTF-8 as literals, and `$` as a set.

use std::borrow::Cow;

use super::cursor::Cursor;
use crate::imap::set::SAVED;

/// Keys of SEARCH whose argument is a text, which may be a `$`.
const TEXT_KEYS: [&[u8]; 12] = [
    b"BCC",
    b"BODY",
    b"CC",
    b"FROM",
    b"HEADER",
    b"KEYWORD",
    b"SUBJECT",
    b"TEXT",
    b"TO",
    b"UNKEYWORD",
    b"CHARSET",
    b"ANNOTATION",
];

/// Where a command has sets of messages.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Sets {
    #[default]
    Nowhere,
    /// As its first argument.
    First,
    /// Among the keys of SEARCH.
    Anywhere,
}

/// The last words that were passed.
#[derive(Default)]
struct Passed<'a> {
    last: &'a [u8],
    before: &'a [u8],
    /// How many there were.
    count: usize,
    sets: Sets,
}

impl<'a> Passed<'a> {
    fn pass(&mut self, word: &'a [u8]) {
        self.before = std::mem::replace(&mut self.last, word);
        self.count += 1;
        // Behind the tag, or behind UID.
        if self.count == 2 || (self.count == 3 && self.before.eq_ignore_ascii_case(b"UID")) {
            self.sets = match word.to_ascii_uppercase().as_slice() {
                b"SEARCH" => Sets::Anywhere,
                b"FETCH" | b"STORE" | b"COPY" | b"MOVE" | b"EXPUNGE" => Sets::First,
                _ => Sets::Nowhere,
            };
        } else if self.sets == Sets::First {
            self.sets = Sets::Nowhere;
        }
    }

    /// Whether a `$` here is the saved result.
    fn takes_saved(&self) -> bool {
        let is = |word: &[u8], key: &[u8]| word.eq_ignore_ascii_case(key);
        let of_text = TEXT_KEYS.iter().any(|key| is(self.last, key));
        self.sets != Sets::Nowhere && !of_text && !is(self.before, b"HEADER")
    }
}

/// The same command; None when it cannot be one.
pub(super) fn respell(frame: &[u8]) -> Option<Cow<'_, [u8]>> {
    let mut made: Option<Vec<u8>> = None;
    let mut kept = 0;
    let mut at = 0;
    let mut passed = Passed::default();
    while let Some(byte) = frame.get(at) {
        let (end, instead) = match byte {
            b'"' => {
                let mut cursor = Cursor(&frame[at..]);
                let text = cursor.quoted()?;
                passed.pass(b"\"");
                let instead = (!text.is_ascii()).then(|| {
                    [
                        format!("{{{}+}}\r\n", text.len()).as_bytes(),
                        text.as_bytes(),
                    ]
                    .concat()
                });
                (frame.len() - cursor.0.len(), instead)
            }
            b'{' => (literal_end(&frame[at..])?.checked_add(at)?, None),
            b' ' | b'(' | b')' | b'\r' | b'\n' => (at + 1, None),
            _ => {
                let ends = |byte: &u8| b" ()\r\n{\"".contains(byte);
                let length = frame[at..].iter().position(ends);
                let end = length.map_or(frame.len(), |length| at + length);
                let word = &frame[at..end];
                if word == SAVED.as_bytes() {
                    return None;
                }
                let saved = word == b"$" && passed.takes_saved();
                passed.pass(word);
                (end, saved.then(|| SAVED.as_bytes().to_vec()))
            }
        };
        if let Some(instead) = instead {
            let made = made.get_or_insert_default();
            made.extend_from_slice(&frame[kept..at]);
            made.extend_from_slice(&instead);
            kept = end;
        }
        at = end;
    }
    Some(match made {
        None => Cow::Borrowed(frame),
        Some(mut made) => {
            made.extend_from_slice(&frame[kept..]);
            Cow::Owned(made)
        }
    })
}

/// Where the literal at the start ends; what is none is a byte like others.
fn literal_end(rest: &[u8]) -> Option<usize> {
    let end = memchr::memmem::find(rest, b"}\r\n").unwrap_or(0);
    let digits = rest.get(1..end).unwrap_or_default();
    let digits = digits.strip_suffix(b"+").unwrap_or(digits);
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Some(1);
    }
    let bytes: usize = std::str::from_utf8(digits).ok()?.parse().ok()?;
    let end = (end + 3).checked_add(bytes)?;
    (end <= rest.len()).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::respell;

    #[test]
    fn only_what_the_codec_does_not_know_is_written_otherwise() {
        let cases = [
            ("a NOOP\r\n", None),
            ("a LOGIN $ $\r\n", None),
            (
                "a SELECT \"f\u{fc}nf\"\r\n",
                Some("a SELECT {5+}\r\nf\u{fc}nf\r\n"),
            ),
            ("a SELECT \"a\\\"b\"\r\n", None),
            (
                "a UID FETCH $ (FLAGS)\r\n",
                Some("a UID FETCH 4294967295:4294967295 (FLAGS)\r\n"),
            ),
            (
                "a FETCH $ FLAGS\r\n",
                Some("a FETCH 4294967295:4294967295 FLAGS\r\n"),
            ),
            ("a SEARCH SUBJECT $\r\n", None),
            ("a SEARCH HEADER X $\r\n", None),
            (
                "a SEARCH (NOT $ SEEN)\r\n",
                Some("a SEARCH (NOT 4294967295:4294967295 SEEN)\r\n"),
            ),
            (
                "a SEARCH UID $\r\n",
                Some("a SEARCH UID 4294967295:4294967295\r\n"),
            ),
            ("a STORE 1 FLAGS ($Forwarded)\r\n", None),
            ("a SEARCH TEXT {4}\r\n$ \"\u{7f} SEEN\r\n", None),
            ("a APPEND {1}\r\n$ {3+}\r\n\"x\"\r\n", None),
        ];
        for (frame, expected) in cases {
            let found = respell(frame.as_bytes()).unwrap();
            let found = String::from_utf8(found.into_owned()).unwrap();
            assert_eq!(found, expected.unwrap_or(frame));
        }
    }

    #[test]
    fn what_cannot_be_a_command_is_refused() {
        for frame in [
            "a X \"open\r\n",
            "a FETCH 4294967295:4294967295 FLAGS\r\n",
            "a {9}\r\nx",
        ] {
            assert_eq!(respell(frame.as_bytes()), None, "{frame}");
        }
        assert_eq!(respell(b"a X \"\xff\"\r\n"), None);
    }
}
