//! Address fields as they are written (RFC 5322 3.4), groups too: encoded words stay encoded.

use serde::{Deserialize, Serialize};

use crate::limits::ADDRESSES_READ;

/// One of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Written {
    /// A mailbox; an absent domain is empty.
    Mailbox {
        /// The name before it, else the comment behind it.
        name: Option<Vec<u8>>,
        /// The way it was to take (RFC 5322 4.4).
        route: Option<Vec<u8>>,
        local: Vec<u8>,
        domain: Vec<u8>,
    },
    /// A group of this name begins.
    Begin(Vec<u8>),
    /// The group ends.
    End,
}

/// A piece of a structured field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// Neither blank nor special.
    Word(Vec<u8>),
    /// Between quotes, its escapes undone.
    Quoted(Vec<u8>),
    /// Between parentheses, without those.
    Comment(Vec<u8>),
    /// One of `<>,;:@`, and in `;` what separates parameters.
    Special(u8),
}

/// The pieces of a field's value, folds undone.
pub(super) fn tokens(value: &[u8]) -> Vec<Token> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(byte) = value.get(at).copied() {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => at += 1,
            b'"' => found.push(Token::Quoted(quoted(value, &mut at))),
            b'(' => found.push(Token::Comment(comment(value, &mut at))),
            b'<' | b'>' | b',' | b';' | b':' | b'@' => {
                found.push(Token::Special(byte));
                at += 1;
            }
            b'[' => {
                let end = memchr::memchr(b']', &value[at..]).map_or(value.len(), |n| at + n + 1);
                found.push(Token::Word(value[at..end].to_vec()));
                at = end;
            }
            _ => {
                let ends = |b: &u8| b" \t\r\n\"(<>,;:@".contains(b);
                let length = value[at..].iter().position(ends);
                let end = length.map_or(value.len(), |n| at + n);
                found.push(Token::Word(value[at..end].to_vec()));
                at = end;
            }
        }
    }
    found
}

fn quoted(value: &[u8], at: &mut usize) -> Vec<u8> {
    let mut text = Vec::new();
    *at += 1;
    while let Some(byte) = value.get(*at).copied() {
        *at += 1;
        match byte {
            b'"' => break,
            b'\\' => {
                text.extend(value.get(*at));
                *at += 1;
            }
            b'\r' | b'\n' => {}
            _ => text.push(byte),
        }
    }
    text
}

fn comment(value: &[u8], at: &mut usize) -> Vec<u8> {
    let mut text = Vec::new();
    let mut depth = 0_usize;
    while let Some(byte) = value.get(*at).copied() {
        *at += 1;
        match byte {
            b'(' => depth += 1,
            b')' => depth -= 1,
            b'\\' => {
                text.extend(value.get(*at));
                *at += 1;
                continue;
            }
            b'\r' | b'\n' => continue,
            _ => {}
        }
        match depth {
            0 => break,
            1 if byte == b'(' => {}
            _ => text.push(byte),
        }
    }
    text
}

/// What has been read of one of a list.
#[derive(Default)]
struct Reading {
    words: Vec<Vec<u8>>,
    comment: Option<Vec<u8>>,
    /// What stands between angle brackets.
    angle: Option<Vec<Token>>,
    /// An at sign stood outside of them, before this word.
    at: Option<usize>,
}

/// All of a field's value, at most [`ADDRESSES_READ`].
pub(super) fn written(value: &[u8]) -> Vec<Written> {
    let mut found = Vec::new();
    let mut reading = Reading::default();
    let mut in_angle = false;
    let mut in_group = false;
    for token in tokens(value) {
        if found.len() >= ADDRESSES_READ {
            break;
        }
        match token {
            Token::Special(b'>') => in_angle = false,
            token if in_angle => reading.angle.get_or_insert_default().push(token),
            Token::Special(b'<') => {
                in_angle = true;
                reading.angle = Some(Vec::new());
            }
            Token::Special(b',') => found.extend(std::mem::take(&mut reading).mailbox()),
            Token::Special(b';') => {
                found.extend(std::mem::take(&mut reading).mailbox());
                if in_group {
                    found.push(Written::End);
                }
                in_group = false;
            }
            Token::Special(b':') if !in_group => {
                let name = std::mem::take(&mut reading).words.join(&b' ');
                found.push(Written::Begin(name));
                in_group = true;
            }
            Token::Special(b'@') => reading.at = Some(reading.words.len()),
            Token::Special(_) => {}
            Token::Word(word) | Token::Quoted(word) => reading.words.push(word),
            Token::Comment(text) => reading.comment = Some(text),
        }
    }
    found.extend(reading.mailbox());
    if in_group {
        found.push(Written::End);
    }
    found
}

impl Reading {
    fn mailbox(self) -> Option<Written> {
        let comment = self.comment.filter(|text| !text.is_empty());
        if let Some(angle) = self.angle {
            let name = self.words.join(&b' ');
            let name = Some(name).filter(|name| !name.is_empty()).or(comment);
            let (route, local, domain) = in_brackets(angle);
            return Some(Written::Mailbox {
                name,
                route,
                local,
                domain,
            });
        }
        if self.words.is_empty() {
            return None;
        }
        let at = self.at.unwrap_or(self.words.len());
        Some(Written::Mailbox {
            name: comment,
            route: None,
            local: self.words[..at].concat(),
            domain: self.words[at..].concat(),
        })
    }
}

/// Route, local part and domain.
fn in_brackets(angle: Vec<Token>) -> (Option<Vec<u8>>, Vec<u8>, Vec<u8>) {
    let colon = angle.iter().position(|one| *one == Token::Special(b':'));
    let routed = angle.first() == Some(&Token::Special(b'@'));
    let (route, address) = match colon.filter(|_| routed) {
        Some(colon) => (Some(joined(&angle[..colon])), &angle[colon + 1..]),
        None => (None, &angle[..]),
    };
    let at = Token::Special(b'@');
    match address.iter().rposition(|one| *one == at) {
        Some(at) => (route, joined(&address[..at]), joined(&address[at + 1..])),
        None => (route, joined(address), Vec::new()),
    }
}

fn joined(tokens: &[Token]) -> Vec<u8> {
    let mut text = Vec::new();
    for token in tokens {
        match token {
            Token::Word(word) | Token::Quoted(word) => text.extend_from_slice(word),
            Token::Special(byte) => text.push(*byte),
            Token::Comment(_) => {}
        }
    }
    text
}
