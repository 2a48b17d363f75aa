//! Fields of a value and parameters (RFC 2045 5.1), as they are written: encoded words and
//! the pieces of RFC 2231 stay what they are.

use super::raw_addresses::{Token, tokens};
use crate::limits::MIME_FIELD_BYTES;

/// What such a field says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Typed {
    /// Before the first semicolon.
    pub(super) value: Vec<u8>,
    /// Names and values, in order.
    pub(super) parameters: Vec<(Vec<u8>, Vec<u8>)>,
}

/// Reads any bytes; a parameter without a name or an equals sign is passed over.
pub(super) fn typed(value: &[u8]) -> Typed {
    let value = &value[..value.len().min(MIME_FIELD_BYTES)];
    let mut found = Typed::default();
    let mut first = true;
    let mut name: Option<Vec<u8>> = None;
    let mut text: Vec<u8> = Vec::new();
    let ends = std::iter::once(Token::Special(b';'));
    for token in tokens(value).into_iter().chain(ends) {
        match token {
            Token::Special(b';') => {
                let text = std::mem::take(&mut text);
                match name.take() {
                    _ if first => found.value = text,
                    Some(name) if !name.is_empty() => found.parameters.push((name, text)),
                    Some(_) | None => {}
                }
                first = false;
            }
            Token::Word(word) if !first && name.is_none() => match split(&word) {
                Some((before, after)) => {
                    name = Some([text.as_slice(), before].concat());
                    text = after.to_vec();
                }
                None => text = word,
            },
            Token::Word(word) | Token::Quoted(word) => text.extend_from_slice(&word),
            Token::Special(byte) => text.push(byte),
            Token::Comment(_) => {}
        }
    }
    found
}

fn split(word: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = memchr::memchr(b'=', word)?;
    Some((&word[..at], &word[at + 1..]))
}

#[cfg(test)]
mod tests {
    use super::typed;

    /// A field, its value and its parameters.
    type Case = (
        &'static str,
        &'static str,
        &'static [(&'static str, &'static str)],
    );

    #[test]
    fn parameters_are_as_they_are_written() {
        let cases: [Case; 8] = [
            ("text/plain", "text/plain", &[]),
            (
                " text/html; charset=utf-8\r\n",
                "text/html",
                &[("charset", "utf-8")],
            ),
            (
                "a/b;\r\n name=\"x; \\\"y\\\".pdf\"; size = 5",
                "a/b",
                &[("name", "x; \"y\".pdf"), ("size", "5")],
            ),
            (
                "a/b; filename*0*=utf-8''%c3; filename*1=b",
                "a/b",
                &[("filename*0*", "utf-8''%c3"), ("filename*1", "b")],
            ),
            ("attachment; x", "attachment", &[]),
            ("inline (see; below); f=<a@b>", "inline", &[("f", "<a@b>")]),
            ("; charset=x", "", &[("charset", "x")]),
            ("", "", &[]),
        ];
        for (raw, value, parameters) in cases {
            let found = typed(raw.as_bytes());
            assert_eq!(found.value, value.as_bytes(), "{raw}");
            let shown: Vec<(String, String)> = found
                .parameters
                .iter()
                .map(|(name, value)| {
                    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                    (text(name), text(value))
                })
                .collect();
            let expected: Vec<(String, String)> = parameters
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect();
            assert_eq!(shown, expected, "{raw}");
        }
    }
}
