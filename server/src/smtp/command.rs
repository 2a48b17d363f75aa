//! Commands: a line in, a value out (RFC 5321 section 4.1.1).
//!
//! Own, and strict: the parser of smtp-proto takes bare line ends, skips CRs, and lets
//! arguments pass where there may be none.

mod parameters;
mod path;

use super::limits::{AUTH_LINE_BYTES, COMMAND_BYTES, ENVELOPE_LINE_BYTES, HELO_BYTES};
pub use parameters::Charset;
pub use path::is_routed;

/// A command that means something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// With the name that the client gives itself.
    Helo(String),
    Ehlo(String),
    Mail(Mail),
    /// With the mailbox.
    Rcpt(String),
    Data,
    Bdat(Chunk),
    /// With the mechanism and the initial response.
    Auth(String, Option<String>),
    StartTls,
    Rset,
    Noop,
    Vrfy,
    Help,
    Quit,
}

/// What MAIL says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The mailbox; None for the null reverse-path.
    pub from: Option<String>,
    /// The size that is announced, in bytes (RFC 1870).
    pub size_bytes: Option<u64>,
    /// Whether addresses may hold more than ASCII.
    pub charset: Charset,
}

/// What BDAT says (RFC 3030 section 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// The bytes that follow.
    pub size_bytes: u64,
    /// Whether the message ends with them.
    pub place: Place,
}

/// Whether more chunks follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Inner,
    Last,
}

/// Why a line is no command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// There is no such command.
    Unknown,
    /// There is, but not here.
    NotHere,
    /// It is how HTTP begins: a browser was made to speak to us.
    Http,
    /// The line is too long for its command.
    TooLong,
    /// An AUTH line is too long.
    AuthTooLong,
    /// It holds control characters, or is no UTF-8.
    Text,
    /// It has to be written like this.
    Form(&'static str),
    /// The sender's address is none.
    Sender,
    /// A recipient's address is none.
    Recipient,
    /// A parameter's value is wrong, or it is given twice.
    Value,
    /// A parameter is not known.
    Parameter,
    /// What follows BDAT cannot be told from commands.
    Chunk,
}

/// Methods of HTTP and a header field of every request of it, as first words.
const HTTP: [&str; 9] = [
    "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "PATCH", "HOST:",
];

/// Reads a line without its end.
///
/// # Errors
/// What is wrong with it.
pub fn parse(line: &[u8]) -> Result<Command, Wrong> {
    let line_bytes = line.len() + 2;
    let verb_end = line.iter().position(|byte| *byte == b' ');
    let (verb, rest) = line.split_at(verb_end.unwrap_or(line.len()));
    let verb = verb.to_ascii_uppercase();
    let (limit_bytes, too_long) = match verb.as_slice() {
        b"MAIL" | b"RCPT" => (ENVELOPE_LINE_BYTES, Wrong::TooLong),
        b"AUTH" => (AUTH_LINE_BYTES, Wrong::AuthTooLong),
        _ => (COMMAND_BYTES, Wrong::TooLong),
    };
    if line_bytes > limit_bytes {
        return Err(too_long);
    }
    let text = |bytes| std::str::from_utf8(bytes).map_err(|_| Wrong::Text);
    let (verb, rest) = (text(&verb)?, text(rest)?);
    if verb.chars().chain(rest.chars()).any(char::is_control) {
        return Err(Wrong::Text);
    }
    let rest = rest.trim_matches(' ');
    match verb {
        "HELO" => host(rest)
            .map(Command::Helo)
            .ok_or(Wrong::Form("HELO host")),
        "EHLO" => host(rest)
            .map(Command::Ehlo)
            .ok_or(Wrong::Form("EHLO host")),
        "MAIL" => mail(rest),
        "RCPT" => rcpt(rest),
        "DATA" => alone(rest, Command::Data, "DATA"),
        "BDAT" => chunk(rest).map(Command::Bdat).ok_or(Wrong::Chunk),
        "AUTH" => auth(rest),
        "STARTTLS" => alone(rest, Command::StartTls, "STARTTLS"),
        "RSET" => alone(rest, Command::Rset, "RSET"),
        "QUIT" => alone(rest, Command::Quit, "QUIT"),
        "NOOP" => Ok(Command::Noop),
        "HELP" => Ok(Command::Help),
        "VRFY" if rest.is_empty() => Err(Wrong::Form("VRFY address")),
        "VRFY" => Ok(Command::Vrfy),
        "EXPN" | "ETRN" | "TURN" | "ATRN" | "BURL" | "SEND" | "SOML" | "SAML" | "LHLO" => {
            Err(Wrong::NotHere)
        }
        word if HTTP.contains(&word) => Err(Wrong::Http),
        _ => Err(Wrong::Unknown),
    }
}

fn alone(rest: &str, command: Command, form: &'static str) -> Result<Command, Wrong> {
    if rest.is_empty() {
        Ok(command)
    } else {
        Err(Wrong::Form(form))
    }
}

/// A domain, or an address in brackets (RFC 5321 section 4.1.3). What is no such thing and
/// does no harm passes: many clients say the name of their machine, whatever that is.
fn host(text: &str) -> Option<String> {
    let fits = |one: char| one.is_ascii_alphanumeric() || "-._:[]".contains(one);
    let good = (1..=HELO_BYTES).contains(&text.len()) && text.chars().all(fits);
    good.then(|| text.to_owned())
}

fn mail(rest: &str) -> Result<Command, Wrong> {
    let form = Wrong::Form("MAIL FROM:<address> [parameters]");
    let (inside, given) = path::split(rest, "FROM:", form)?;
    let from = match path::mailbox(inside) {
        _ if inside.is_empty() => None,
        Some(mailbox) => Some(mailbox.to_owned()),
        None => return Err(Wrong::Sender),
    };
    let (size_bytes, charset) = parameters::mail(given)?;
    Ok(Command::Mail(Mail {
        from,
        size_bytes,
        charset,
    }))
}

fn rcpt(rest: &str) -> Result<Command, Wrong> {
    let form = Wrong::Form("RCPT TO:<address> [parameters]");
    let (inside, given) = path::split(rest, "TO:", form)?;
    // RFC 5321 section 4.5.1: it needs no domain.
    let mailbox = match path::mailbox(inside) {
        _ if inside.eq_ignore_ascii_case("postmaster") => inside,
        Some(mailbox) => mailbox,
        None => return Err(Wrong::Recipient),
    };
    parameters::rcpt(given)?;
    Ok(Command::Rcpt(mailbox.to_owned()))
}

fn chunk(rest: &str) -> Option<Chunk> {
    let (size, place) = match rest.split_once(' ') {
        None => (rest, Place::Inner),
        Some((size, last)) if last.trim().eq_ignore_ascii_case("LAST") => (size, Place::Last),
        Some(_) => return None,
    };
    Some(Chunk {
        size_bytes: parameters::number(size)?,
        place,
    })
}

fn auth(rest: &str) -> Result<Command, Wrong> {
    let mut words = rest.split(' ').filter(|word| !word.is_empty());
    match (words.next(), words.next(), words.next()) {
        (Some(mechanism), initial, None) => Ok(Command::Auth(
            mechanism.to_ascii_uppercase(),
            initial.map(str::to_owned),
        )),
        _ => Err(Wrong::Form("AUTH mechanism [initial-response]")),
    }
}

#[cfg(test)]
mod tests;
