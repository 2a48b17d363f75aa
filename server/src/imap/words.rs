//! The words of responses.

use super::frame::Fault;
use super::set::shown;
use super::step::{Ending, Refusal};

pub(super) const DONE: &str = "Done";
/// Where [`MODSEQ`] stands, the last change is told to whoever knows of such things.
pub(super) const EXPUNGED: &str = "OK {modseq}Done";
pub(super) const MODSEQ: &str = "{modseq}";
pub(super) const SIGN_IN_FIRST: &str = "Sign in first";
pub(super) const SELECT_FIRST: &str = "Select a folder first";
pub(super) const SIGNED_IN: &str = "Somebody is signed in already";
pub(super) const NOT_HERE: &str = "There is no such command here";
pub(super) const NO_SUCH_NUMBER: &str = "There is no message with such a number";
pub(super) const TOO_MANY_MISTAKES: &str = "Too many mistakes";
pub(super) const NONEXISTENT: &str = "NONEXISTENT";

/// Text of one line: what came from elsewhere cannot break out of it.
fn clean(text: &str) -> String {
    text.chars()
        .map(|one| if matches!(one, ' '..='~') { one } else { '?' })
        .collect()
}

/// What stands behind NO.
pub(super) fn refusal(refusal: &Refusal) -> String {
    let words = clean(&refusal.words);
    match refusal.code {
        Some(code) => format!("[{code}] {words}"),
        None => words,
    }
}

/// A refusal where the command is understood, else what stands behind BAD.
pub(super) fn fault(fault: Fault) -> (Option<Refusal>, &'static str) {
    match fault {
        Fault::LineTooLong => (None, "The line is too long"),
        Fault::TooLong => (None, "The command is too long"),
        Fault::BareEnd => (None, "Lines end in CRLF"),
        Fault::MessageTooLarge => (Some(Refusal::new("TOOBIG", "The message is too large")), ""),
        Fault::NoRoom => (
            Some(Refusal::new(
                "UNAVAILABLE",
                "There is no room for it now, try later",
            )),
            "",
        ),
    }
}

pub(super) const fn ending(ending: Ending) -> &'static str {
    match ending {
        Ending::Silence => "Nothing came for too long",
        Ending::Stop => "The server stops",
    }
}

pub(super) fn appended(uid_validity: u32, uid: u32) -> String {
    format!("OK [APPENDUID {uid_validity} {uid}] Added")
}

/// `OK [COPYUID ...] words`; without a code where there was nothing to copy.
pub(super) fn copied(uid_validity: u32, pairs: &[(u32, u32)], words: &str) -> String {
    match copy_uid(uid_validity, pairs) {
        Some(code) => format!("OK [{code}] {words}"),
        None => format!("OK {words}"),
    }
}

pub(super) fn copy_uid(uid_validity: u32, pairs: &[(u32, u32)]) -> Option<String> {
    if pairs.is_empty() {
        return None;
    }
    let from = shown(pairs.iter().map(|pair| pair.0));
    let to = shown(pairs.iter().map(|pair| pair.1));
    Some(format!("COPYUID {uid_validity} {from} {to}"))
}

pub(super) fn no_name() -> Refusal {
    Refusal::new("CANNOT", "No folder can have such a name")
}

pub(super) fn read_only() -> Refusal {
    Refusal {
        code: None,
        words: "The folder was opened to be looked at only".into(),
    }
}

pub(super) fn no_set_quota() -> Refusal {
    Refusal::new("NOPERM", "The quota is not set here")
}

pub(super) fn no_such_root() -> Refusal {
    Refusal::new(NONEXISTENT, "There is no such quota root")
}

pub(super) fn server_bug() -> Refusal {
    Refusal::new("SERVERBUG", "This went wrong here")
}

pub(super) fn privacy() -> Refusal {
    Refusal::new("PRIVACYREQUIRED", "Not without TLS")
}

pub(super) fn no_mechanism() -> Refusal {
    Refusal {
        code: None,
        words: "There is no such mechanism here".into(),
    }
}

pub(super) fn wrong_password() -> Refusal {
    Refusal::new("AUTHENTICATIONFAILED", "Name or password is wrong")
}

pub(super) fn some_are_gone() -> Refusal {
    Refusal::new("EXPUNGEISSUED", "Some of the messages are gone")
}

pub(super) fn unknown_encoding() -> Refusal {
    Refusal::new("UNKNOWN-CTE", "A part cannot be decoded")
}

pub(super) fn bad_charset() -> Refusal {
    Refusal::new(
        "BADCHARSET (UTF-8 US-ASCII)",
        "There is no such charset here",
    )
}
