//! Conversations as files, spoken with either server.
//!
//! `C: command` is sent with a tag, and heard until its end; `D:` is a second connection and
//! `P:` one by POP3. `C> line` goes on with a command that waits for more. `C- text` is sent
//! as it is, and a NOOP behind it. `C~ text` waits until this is said. `K: name` keeps the last
//! HIGHESTMODSEQ, to be written as `{{modseq name}}`. `= each` plays the file with each message
//! of `cases/corpus`, which is `{{message}}`, in a folder `{{name}}`.
//!
//! `{{literal TEXT}}` is a literal that waits for nobody (RFC 7888), `{{wait TEXT}}` one that
//! does, and `{{corpus NAME}}` a message as one. `{{user}}` and `{{password}}` are known,
//! `{{uidvalidity}}` is the last that was told. `#` begins a remark.

use std::path::Path;

use crate::dialogue::{fill, unescape};

/// A connection of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    First,
    Second,
    Pop3,
}

/// One thing that happens.
#[derive(Clone, Debug)]
pub enum Deed {
    /// A command without its tag.
    Ask(Line, String),
    /// What a command waits for.
    GoOn(Line, String),
    /// No command, perhaps.
    Raw(Line, String),
    /// Until this is said.
    Await(Line, String),
    /// The last HIGHESTMODSEQ gets a name.
    Keep(String),
}

/// A file.
#[derive(Debug)]
pub struct Script {
    pub name: String,
    pub each: bool,
    pub deeds: Vec<Deed>,
}

impl Script {
    /// Reads a file.
    ///
    /// # Panics
    /// When it is not of the form above.
    pub fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).expect("a file");
        let name = path.file_stem().expect("a name").to_string_lossy();
        let name = name.into_owned();
        let mut script = Self {
            name: name.clone(),
            each: false,
            deeds: Vec::new(),
        };
        for line in text.lines().filter(|line| !line.is_empty()) {
            let (mark, rest) = line.split_at(line.len().min(2));
            let rest = rest.strip_prefix(' ').unwrap_or(rest).to_owned();
            match mark {
                "# " | "#" => {}
                "= " if rest == "each" => script.each = true,
                "K:" => script.deeds.push(Deed::Keep(rest)),
                mark => {
                    let deed = deed(mark, rest);
                    script
                        .deeds
                        .push(deed.unwrap_or_else(|| panic!("{name}: {line}")));
                }
            }
        }
        script
    }
}

fn deed(mark: &str, rest: String) -> Option<Deed> {
    let mut mark = mark.chars();
    let line = match mark.next()? {
        'C' => Line::First,
        'D' => Line::Second,
        'P' => Line::Pop3,
        _ => return None,
    };
    Some(match mark.next()? {
        ':' => Deed::Ask(line, rest),
        '>' => Deed::GoOn(line, rest),
        '-' => Deed::Raw(line, rest),
        '~' => Deed::Await(line, rest),
        _ => return None,
    })
}

/// A piece of what is sent.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece {
    Bytes(Vec<u8>),
    /// To be sent when the server has asked for it.
    Awaited(Vec<u8>),
}

/// What a text stands for, with `known` values by name and the bytes of messages by theirs.
///
/// # Panics
/// When it has an unknown `{{`.
pub fn pieces(text: &str, known: &[(&str, &str)], message: impl Fn(&str) -> Vec<u8>) -> Vec<Piece> {
    let text = fill(text, known);
    let mut pieces = Vec::new();
    let mut bytes = Vec::new();
    let mut parts = text.split("{{");
    bytes.extend_from_slice(parts.next().unwrap_or_default().as_bytes());
    for part in parts {
        let (hole, rest) = part.split_once("}}").expect("an end of {{");
        let (word, value) = hole.split_once(' ').unwrap_or((hole, ""));
        let literal = match word {
            "literal" | "wait" => unescape(value),
            "message" | "corpus" => message(value),
            other => panic!("{other} is not known: {text}"),
        };
        if word == "wait" {
            bytes.extend_from_slice(format!("{{{}}}\r\n", literal.len()).as_bytes());
            pieces.push(Piece::Bytes(std::mem::take(&mut bytes)));
            pieces.push(Piece::Awaited(literal));
        } else {
            bytes.extend_from_slice(format!("{{{}+}}\r\n", literal.len()).as_bytes());
            bytes.extend(literal);
        }
        bytes.extend_from_slice(rest.as_bytes());
    }
    pieces.push(Piece::Bytes(bytes));
    pieces
}
