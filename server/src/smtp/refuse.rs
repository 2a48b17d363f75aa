//! What the engine's refusals are in SMTP.

use posthouse::error::{Busy, Conflict, Denied, Error, Field, Missing, Problem, Reason, TooLarge};

use super::reply::Reply;
use super::words;
use crate::dialects::submitting;

/// Why a message with a key of `shape` is not taken. The text is the one that the key's own
/// API has for it.
pub(super) fn refuse(shape: &str, error: Error) -> Reply {
    let (code, status) = code(&error);
    if let Error::Internal(cause) = &error {
        tracing::error!(cause, "a message could not be taken");
    }
    Reply::new(code, status, (submitting(shape).words)(error))
}

/// Why a message, or a recipient, is not taken, in the engine's words.
pub(super) fn plainly(error: Error) -> Reply {
    refuse("", error)
}

/// Why a key is not looked at, or not valid any more.
pub(super) fn credential(error: Error) -> Reply {
    match error {
        Error::Unknown(_) => words::wrong_credential(),
        Error::Busy(Busy::Rate { .. }) => words::too_many_wrong_credentials(),
        Error::Denied(Denied::Suspended) => words::shut_mailbox(),
        Error::Busy(_)
        | Error::Conflict(_)
        | Error::Denied(_)
        | Error::Internal(_)
        | Error::Invalid(_)
        | Error::Missing(_)
        | Error::TooLarge(_) => {
            tracing::error!(%error, "a credential could not be looked at");
            words::no_look_at_credentials()
        }
    }
}

fn code(error: &Error) -> (u16, &'static str) {
    const LATER: (u16, &str) = (451, "4.3.0");
    const REFUSED: (u16, &str) = (550, "5.7.1");
    match error {
        Error::Busy(Busy::Storage) => (452, "4.3.1"),
        Error::Busy(Busy::WriteQueue | Busy::Rate { .. } | Busy::Limit { .. } | Busy::Closing)
        | Error::Internal(_)
        | Error::Conflict(Conflict::InProgress) => LATER,
        Error::TooLarge(TooLarge::Mailbox) => (552, "5.2.2"),
        Error::TooLarge(TooLarge::Message | TooLarge::Request) => (552, "5.3.4"),
        // RFC 3463 section 3.5: a routing loop.
        Error::TooLarge(TooLarge::Hops) => (554, "5.4.6"),
        Error::Missing(Missing::Mailbox) => (550, "5.1.1"),
        Error::Invalid(problems) if problems.iter().any(is_crowd) => (452, "4.5.3"),
        Error::Invalid(_)
        | Error::Conflict(Conflict::Taken | Conflict::Full | Conflict::State | Conflict::NoRoute)
        | Error::Denied(_)
        | Error::Missing(_)
        | Error::Unknown(_) => REFUSED,
    }
}

/// More recipients than one message may have.
fn is_crowd(problem: &Problem) -> bool {
    problem.reason == Reason::TooMany && matches!(problem.field, Field::To | Field::Cc | Field::Bcc)
}

#[cfg(test)]
mod tests {
    use posthouse::error::Unknown;

    use super::*;

    #[test]
    fn later_is_4_and_never_is_5() {
        let cases = [
            (Error::Busy(Busy::WriteQueue), 451),
            (Error::Busy(Busy::Rate { wait_ms: 5 }), 451),
            (Error::Busy(Busy::Storage), 452),
            (Error::Internal(String::from("it broke")), 451),
            (Error::Conflict(Conflict::InProgress), 451),
            (Error::Conflict(Conflict::NoRoute), 550),
            (Error::Denied(Denied::FromDomain), 550),
            (Error::Missing(Missing::Domain), 550),
            (Error::Unknown(Unknown::Revoked), 550),
            (Error::TooLarge(TooLarge::Message), 552),
            (Error::TooLarge(TooLarge::Mailbox), 552),
            (Error::TooLarge(TooLarge::Hops), 554),
            (Error::Denied(Denied::Policy), 550),
            (Field::Bcc.error(Reason::TooMany), 452),
            (Field::Tags.error(Reason::TooMany), 550),
            (Field::To.error(Reason::Absent), 550),
        ];
        for (error, code) in cases {
            let shown = error.to_string();
            let reply = refuse("no such shape", error);
            assert_eq!(reply.code, code, "{shown}");
            assert_eq!(reply.status.as_bytes()[0], code.to_string().as_bytes()[0]);
            assert!(!reply.lines[0].contains("it broke"), "{shown}");
        }
        let revoked = credential(Error::Unknown(Unknown::Revoked));
        assert_eq!(revoked, words::wrong_credential());
        assert_eq!(credential(Error::Busy(Busy::Closing)).code, 454);
    }
}
