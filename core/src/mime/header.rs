//! Header values: encoded (RFC 2047), folded, and never with a character that
//! could end a field. Lines stay within 78 characters where a fold is possible.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lettre::message::header::{HeaderName, HeaderValue};

use super::compose::Reason;
use crate::model::address::{Mailbox, quote_phrase};

/// RFC 5322 2.1.1: a line should have no more.
const LINE_SOFT: usize = 78;
/// The longest text that is written in one piece, well within the 998 of RFC
/// 5322 2.1.1 beside a field's name.
const WORD_MAX: usize = 900;
/// RFC 2047 2: an encoded word has at most 75 characters, of which 12 are its
/// frame, which leaves 15 groups of four.
const ENCODED_WORD_OCTETS: usize = 45;

/// Refuses every control character: CR, LF and NUL would end a field, and
/// none of the others has a place in one.
pub(super) fn refuse_controls(text: &str) -> Result<(), Reason> {
    if text.chars().any(char::is_control) {
        return Err(Reason::Control);
    }
    Ok(())
}

/// A field whose value is ready for the wire.
pub(super) fn field(name: &'static str, encoded: String) -> HeaderValue {
    HeaderValue::dangerous_new_pre_encoded(
        HeaderName::new_from_ascii_str(name),
        String::new(),
        encoded,
    )
}

/// Writes a value word by word and folds before a word that would not fit.
struct Folding {
    out: String,
    column: usize,
}

impl Folding {
    fn new(field_name: &str) -> Self {
        Self {
            out: String::new(),
            column: field_name.len() + ": ".len(),
        }
    }

    /// Appends a word after one blank, or after a fold.
    fn word(&mut self, word: &str) {
        if !self.out.is_empty() {
            if self.column + 1 + word.len() > LINE_SOFT {
                self.out.push_str("\r\n");
                self.column = 0;
            }
            self.out.push(' ');
            self.column += 1;
        }
        self.out.push_str(word);
        self.column += word.len();
    }
}

/// Free text, such as a subject: as it is where every reader shows exactly
/// that, else as encoded words throughout.
pub(super) fn unstructured(name: &str, text: &str) -> Result<String, Reason> {
    refuse_controls(text)?;
    let mut folding = Folding::new(name);
    if is_plain(text) {
        text.split(' ').for_each(|word| folding.word(word));
    } else {
        encoded_words(text).for_each(|word| folding.word(&word));
    }
    Ok(folding.out)
}

/// Whether folding and unfolding give this text back, and nothing in it reads
/// as an encoded word.
fn is_plain(text: &str) -> bool {
    text.is_ascii()
        && !text.contains("=?")
        && (text.is_empty()
            || text
                .split(' ')
                .all(|word| !word.is_empty() && word.len() < LINE_SOFT - 12))
}

/// RFC 2047 encoded words of whole characters; a reader puts them together
/// again without the blanks between them.
fn encoded_words(text: &str) -> impl Iterator<Item = String> + '_ {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (word, tail) = rest.split_at(rest.floor_char_boundary(ENCODED_WORD_OCTETS));
        rest = tail;
        Some(format!("=?utf-8?B?{}?=", STANDARD.encode(word)))
    })
}

/// A list of mailboxes, a fold at most between words and after commas.
pub(super) fn mailboxes(name: &str, list: &[Mailbox]) -> Result<String, Reason> {
    let mut folding = Folding::new(name);
    for (index, mailbox) in list.iter().enumerate() {
        let comma = if index + 1 < list.len() { "," } else { "" };
        let address = mailbox.address.as_str();
        // Needs SMTPUTF8 (RFC 6531) all the way and has no other form.
        if !address.is_ascii() {
            return Err(Reason::NotAscii);
        }
        match mailbox.name.as_deref().filter(|name| !name.is_empty()) {
            None => folding.word(&format!("{address}{comma}")),
            Some(shown) => {
                phrase(&mut folding, shown)?;
                folding.word(&format!("<{address}>{comma}"));
            }
        }
    }
    Ok(folding.out)
}

fn phrase(folding: &mut Folding, name: &str) -> Result<(), Reason> {
    refuse_controls(name)?;
    // In one piece, though that may make the line longer than it should be:
    // some readers end the name where a fold is inside its quotes.
    if is_plain(name) && name.len() < WORD_MAX / 2 {
        folding.word(&quote_phrase(name));
    } else {
        encoded_words(name).for_each(|word| folding.word(&word));
    }
    Ok(())
}

/// Message identifiers with blanks between them (RFC 5322 3.6.4). Takes them
/// with or without angle brackets and writes them with.
pub(super) fn message_ids(name: &str, text: &str) -> Result<String, Reason> {
    refuse_controls(text)?;
    let mut folding = Folding::new(name);
    let mut rest = text.trim_matches(' ');
    if rest.is_empty() {
        return Err(Reason::Malformed);
    }
    while !rest.is_empty() {
        let (id, tail) = match rest.strip_prefix('<') {
            Some(inside) => inside.split_once('>').ok_or(Reason::Malformed)?,
            None => rest.split_at(rest.find([' ', '<']).unwrap_or(rest.len())),
        };
        folding.word(&format!("<{}>", identifier(id)?));
        rest = tail.trim_start_matches(' ');
    }
    Ok(folding.out)
}

/// Checks what stands between the angle brackets of a Message-ID or
/// Content-ID. Looser than RFC 5322 3.6.4, since replies have to name what
/// others wrote: any printable ASCII but blanks and angle brackets.
pub(super) fn identifier(id: &str) -> Result<&str, Reason> {
    refuse_controls(id)?;
    if !id.is_ascii() {
        return Err(Reason::NotAscii);
    }
    if id.is_empty() || id.contains([' ', '<', '>']) {
        return Err(Reason::Malformed);
    }
    if id.len() > WORD_MAX {
        return Err(Reason::TooLong);
    }
    Ok(id)
}

/// A structured value copied as it was given, folded at its blanks.
pub(super) fn verbatim(name: &str, text: &str) -> Result<String, Reason> {
    refuse_controls(text)?;
    if !text.is_ascii() {
        return Err(Reason::NotAscii);
    }
    let mut folding = Folding::new(name);
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        if word.len() > WORD_MAX {
            return Err(Reason::TooLong);
        }
        folding.word(word);
    }
    if folding.out.is_empty() {
        return Err(Reason::Malformed);
    }
    Ok(folding.out)
}
