//! What the engine's refusals are in IMAP (RFC 5530).

use posthouse::error::{Busy, Conflict, Denied, Error, Missing, Reason, TooLarge};

use super::step::Refusal;
use super::words::{self, NONEXISTENT};

/// Why something is not done.
pub(super) fn refuse(error: &Error) -> Refusal {
    match error {
        Error::Internal(cause) => {
            tracing::error!(cause, "a command could not be carried out");
            words::server_bug()
        }
        Error::Busy(Busy::Storage) => {
            Refusal::new("UNAVAILABLE", "Nothing can be written now, try later")
        }
        Error::Busy(Busy::WriteQueue | Busy::Rate { .. } | Busy::Limit { .. } | Busy::Closing) => {
            Refusal::new("UNAVAILABLE", "Too much to do now, try later")
        }
        Error::Conflict(Conflict::Taken) => {
            Refusal::new("ALREADYEXISTS", "There is such a folder already")
        }
        Error::Conflict(Conflict::InProgress) => Refusal::new("INUSE", "It is in use"),
        Error::Conflict(Conflict::Full) => Refusal::new("LIMIT", "There are too many"),
        Error::Conflict(Conflict::State | Conflict::NoRoute) => {
            Refusal::new("CANNOT", "This folder has to stay as it is")
        }
        Error::Missing(Missing::Folder) => Refusal::new(NONEXISTENT, "There is no such folder"),
        Error::Missing(_) => Refusal::new(NONEXISTENT, "It is not there"),
        Error::Denied(Denied::Suspended) => Refusal::new("NOPERM", "The mailbox is shut"),
        Error::Denied(_) => Refusal::new("NOPERM", "This is not allowed"),
        Error::TooLarge(TooLarge::Mailbox) => Refusal::new("OVERQUOTA", "The mailbox is full"),
        Error::TooLarge(TooLarge::Message | TooLarge::Request | TooLarge::Hops) => {
            Refusal::new("TOOBIG", "It is too large")
        }
        Error::Invalid(problems) if problems.iter().any(|one| one.reason == Reason::TooMany) => {
            Refusal::new("LIMIT", "There are too many")
        }
        Error::Invalid(_) => Refusal::new("CANNOT", error.to_string()),
        Error::Unknown(_) => words::wrong_password(),
    }
}

/// As [`refuse`], for a folder that something is to be put into: the client may make it
/// (RFC 9051 section 6.3.12).
pub(super) fn to_folder(error: &Error) -> Refusal {
    match error {
        Error::Missing(Missing::Folder) => Refusal::new("TRYCREATE", "There is no such folder"),
        error => refuse(error),
    }
}

/// Why nobody is signed in.
pub(super) fn sign_in(error: &Error) -> Refusal {
    match error {
        Error::Busy(Busy::Rate { .. }) => too_many_wrong(),
        error => refuse(error),
    }
}

pub(super) fn too_many_wrong() -> Refusal {
    Refusal::new("UNAVAILABLE", "Too many wrong passwords, try later")
}

#[cfg(test)]
mod tests {
    use posthouse::error::{Field, Unknown};

    use super::*;

    #[test]
    fn each_refusal_has_its_code() {
        let cases = [
            (Error::Busy(Busy::WriteQueue), "UNAVAILABLE"),
            (Error::Busy(Busy::Storage), "UNAVAILABLE"),
            (Error::Conflict(Conflict::Taken), "ALREADYEXISTS"),
            (Error::Conflict(Conflict::State), "CANNOT"),
            (Error::Missing(Missing::Folder), "NONEXISTENT"),
            (Error::Denied(Denied::Suspended), "NOPERM"),
            (Error::TooLarge(TooLarge::Mailbox), "OVERQUOTA"),
            (Error::TooLarge(TooLarge::Message), "TOOBIG"),
            (Error::Internal(String::from("it broke")), "SERVERBUG"),
            (Error::Unknown(Unknown::Wrong), "AUTHENTICATIONFAILED"),
            (Field::Name.error(Reason::TooMany), "LIMIT"),
            (Field::Name.error(Reason::Malformed), "CANNOT"),
        ];
        for (error, code) in cases {
            let refusal = refuse(&error);
            assert_eq!(refusal.code, Some(code), "{error}");
            assert!(!refusal.words.contains("it broke"));
        }
        let missing = Error::Missing(Missing::Folder);
        assert_eq!(to_folder(&missing).code, Some("TRYCREATE"));
        let limited = Error::Busy(Busy::Rate { wait_ms: 5 });
        assert_eq!(sign_in(&limited), too_many_wrong());
    }
}
