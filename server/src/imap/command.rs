//! What a client asks for: bytes to values. The codec reads most of it; what it does not know
//! is read here: extended LIST (RFC 5258), what SEARCH returns (RFC 4731), text in UTF-8, and
//! the saved result (RFC 5182).

mod cursor;
mod list;
mod respell;
mod search;

use imap_codec::CommandCodec;
use imap_codec::decode::Decoder as _;
use imap_codec::imap_types::IntoStatic as _;
use imap_codec::imap_types::command::CommandBody;
use imap_codec::imap_types::extensions::binary::LiteralOrLiteral8;
use imap_codec::imap_types::fetch::MacroOrMessageDataItemNames;
use imap_codec::imap_types::flag::Flag;
use imap_codec::imap_types::mailbox::Mailbox;

use super::frame;
pub use list::{Give, Kind, Listing, Select};
pub use search::{Returns, Seeking};

/// A command and its tag.
#[derive(Debug)]
pub struct Request {
    pub tag: String,
    pub order: Order,
}

/// What is asked for.
#[derive(Debug)]
pub enum Order {
    List(Listing),
    Search(Seeking),
    Append(Appending),
    Other(Box<CommandBody<'static>>),
}

/// A message to be added to a folder.
#[derive(Debug)]
pub struct Appending {
    pub mailbox: Mailbox<'static>,
    pub flags: Vec<Flag<'static>>,
    /// Milliseconds since the epoch.
    pub date_ms: Option<i64>,
    pub raw: Vec<u8>,
}

/// A command that is not understood.
#[derive(Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Empty where there is none.
    pub tag: String,
    pub words: &'static str,
}

/// Reads a whole command with its literals.
///
/// # Errors
/// When it is none that is known, or not in its form.
pub fn parse(mut frame: Vec<u8>) -> Result<Request, Wrong> {
    let tag = frame::tag(&frame);
    let wrong = |words| Wrong {
        tag: tag.clone(),
        words,
    };
    if tag.is_empty() {
        return Err(wrong("A command begins with a tag"));
    }
    let body = &frame[tag.len()..];
    let order = match word(body, 0).as_slice() {
        b"LIST" => Order::List(list::parse(body, Kind::List).ok_or_else(|| wrong(FORM))?),
        b"LSUB" => Order::List(list::parse(body, Kind::Lsub).ok_or_else(|| wrong(FORM))?),
        b"SEARCH" => Order::Search(search::parse(body).ok_or_else(|| wrong(FORM))?),
        b"UID" if word(body, 1) == b"SEARCH" => {
            let mut found = search::parse(&body[4..]).ok_or_else(|| wrong(FORM))?;
            found.uid = true;
            Order::Search(found)
        }
        b"APPEND" => Order::Append(append(&mut frame).ok_or_else(|| wrong(FORM))?),
        _ => Order::Other(Box::new(decoded(&frame).ok_or_else(|| wrong(FORM))?)),
    };
    Ok(Request { tag, order })
}

const FORM: &str = "No such command, or not in its form";

/// The word at this place behind the tag, in capitals.
fn word(body: &[u8], place: usize) -> Vec<u8> {
    let word = body.split(|byte| b" \r\n".contains(byte)).nth(place + 1);
    word.unwrap_or_default().to_ascii_uppercase()
}

fn decoded(frame: &[u8]) -> Option<CommandBody<'static>> {
    let spelled = respell::respell(frame)?;
    match CommandCodec::default().decode(&spelled) {
        Ok(([], command)) if !asks_for_nothing(&command.body) => Some(command.body.into_static()),
        Ok(_) | Err(_) => None,
    }
}

/// The codec takes empty lists of items, of which there are none (RFC 9051 section 9).
fn asks_for_nothing(body: &CommandBody<'_>) -> bool {
    match body {
        CommandBody::Fetch {
            macro_or_item_names: MacroOrMessageDataItemNames::MessageDataItemNames(names),
            ..
        } => names.is_empty(),
        CommandBody::Status { item_names, .. } => item_names.is_empty(),
        _ => false,
    }
}

/// The message is the last literal: it stays in the memory that it came in.
fn append(frame: &mut Vec<u8>) -> Option<Appending> {
    let spelled = respell::respell(frame)?;
    let (rest, command) = CommandCodec::default().decode(&spelled).ok()?;
    let CommandBody::Append {
        mailbox,
        flags,
        date,
        message,
    } = command.body
    else {
        return None;
    };
    let bytes = match &message {
        LiteralOrLiteral8::Literal(literal) => literal.as_ref().len(),
        LiteralOrLiteral8::Literal8(literal) => literal.data.len(),
    };
    let mailbox = mailbox.into_static();
    let flags = flags.into_static();
    let date_ms = date.map(|date| date.as_ref().timestamp_millis());
    let end = frame.len().checked_sub(2).filter(|_| rest.is_empty())?;
    frame.truncate(end);
    frame.drain(..end.checked_sub(bytes)?);
    Some(Appending {
        mailbox,
        flags,
        date_ms,
        raw: std::mem::take(frame),
    })
}

#[cfg(test)]
mod tests;
