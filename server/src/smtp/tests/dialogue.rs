//! Dialogues as files, read alike by the tests of the session and by those of the program.
//!
//! `= words` says which listener it is. `C: line` is sent with CRLF, `C- text` as it is, with
//! `\r`, `\n`, `\0`, `\t`, `\\` and `\xNN`. `S: line` is exactly what is answered, where
//! `{{id}}` is any word. `T:` is a handshake, `X:` the end of the connection, by the server.
//! `{{name}}` is a known value, `{{base64 TEXT}}` an encoded text, `{{repeat TEXT COUNT}}` a
//! text many times. `#` begins a remark.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A file.
#[derive(Debug)]
pub struct Dialogue {
    /// Words about the listener.
    pub listener: Vec<String>,
    pub turns: Vec<Turn>,
}

/// One thing that happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    Client(Vec<u8>),
    /// A line without its end.
    Server(String),
    Handshake,
    Closed,
}

/// Reads a file, with values that it knows by name.
///
/// # Panics
/// When it is not of the form above.
pub fn parse(text: &str, known: &[(&str, &str)]) -> Dialogue {
    let mut dialogue = Dialogue {
        listener: Vec::new(),
        turns: Vec::new(),
    };
    for line in text.lines().filter(|line| !line.is_empty()) {
        let (mark, rest) = line.split_at(line.len().min(2));
        let rest = fill(rest.strip_prefix(' ').unwrap_or(rest), known);
        dialogue.turns.push(match mark {
            "= " => {
                dialogue.listener = rest.split_whitespace().map(str::to_owned).collect();
                continue;
            }
            "# " | "#" => continue,
            "C:" => Turn::Client(format!("{rest}\r\n").into_bytes()),
            "C-" => Turn::Client(unescape(&rest)),
            "S:" => Turn::Server(rest),
            "T:" => Turn::Handshake,
            "X:" => Turn::Closed,
            other => panic!("{other:?} begins nothing: {line}"),
        });
    }
    assert!(!dialogue.listener.is_empty(), "no listener is said");
    dialogue
}

/// A text with its names and repetitions filled in.
///
/// # Panics
/// When a repetition is not of its form.
pub fn fill(text: &str, known: &[(&str, &str)]) -> String {
    let mut text = text.to_owned();
    for (name, value) in known {
        text = text.replace(&format!("{{{{{name}}}}}"), value);
    }
    for word in ["repeat ", "base64 "] {
        while let Some(start) = text.find(&format!("{{{{{word}")) {
            let end = start + text[start..].find("}}").expect("an end of {{");
            let inner = &text[start + 2 + word.len()..end];
            let filled = if word == "repeat " {
                let (what, count) = inner.rsplit_once(' ').expect("a text and a count");
                what.repeat(count.parse().expect("a count"))
            } else {
                STANDARD.encode(unescape(inner))
            };
            text.replace_range(start..end + 2, &filled);
        }
    }
    text
}

/// A text with `\r`, `\n`, `\0`, `\t`, `\\` and `\xNN` in it, as bytes.
///
/// # Panics
/// When there is another escape.
pub fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(one) = rest.next() {
        bytes.push(match one {
            b'\\' => match rest.next() {
                Some(b'r') => b'\r',
                Some(b'n') => b'\n',
                Some(b't') => b'\t',
                Some(b'0') => 0,
                Some(b'\\') => b'\\',
                Some(b'x') => {
                    let hex: String = rest.by_ref().take(2).map(char::from).collect();
                    u8::from_str_radix(&hex, 16).expect("two hexadecimal digits")
                }
                other => panic!("\\{other:?} is no escape: {text}"),
            },
            plain => plain,
        });
    }
    bytes
}

/// Whether what was said is what the file has.
pub fn fits(expected: &str, said: &str) -> bool {
    match expected.split_once("{{id}}") {
        None => expected == said,
        Some((start, end)) => said
            .strip_prefix(start)
            .and_then(|rest| rest.strip_suffix(end))
            .is_some_and(|id| !id.is_empty() && !id.contains(' ')),
    }
}
