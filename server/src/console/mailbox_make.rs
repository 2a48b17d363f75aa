//! Mailboxes made, singly and in bulk, and their passwords.

use posthouse::Posthouse;
use posthouse::error::{Conflict, Denied, Error, Missing};
use posthouse::ids::random;
use posthouse::limits::PROVISIONED_AT_ONCE;
use posthouse::model::key::Caller;
use posthouse::model::organization::Role;
use posthouse::ops::mailboxes::{MailboxChange, NewMailbox};

use super::call::Call;
use super::refuse::refuse;
use super::trouble::{Outcome, Trouble};
use super::wire::{
    MadeOutcome, MailboxMade, MailboxMake, MailboxMakeMany, MailboxPassword, MailboxResult,
    MailboxesMade,
};

/// What a password is made of: no two letters that look the same.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// Four groups of five letters: 100 bits.
fn fresh(engine: &Posthouse) -> String {
    let bytes: [u8; 20] = random(engine.entropy());
    let mut text = String::with_capacity(23);
    for (at, byte) in bytes.into_iter().enumerate() {
        if at > 0 && at % 5 == 0 {
            text.push('-');
        }
        text.push(char::from(LETTERS[usize::from(byte % 32)]));
    }
    text
}

/// A password, and what of it is shown once.
fn chosen(engine: &Posthouse, given: Option<String>) -> (String, Option<String>) {
    match given.filter(|text| !text.is_empty()) {
        Some(text) => (text, None),
        None => {
            let text = fresh(engine);
            (text.clone(), Some(text))
        }
    }
}

async fn one(
    engine: &Posthouse,
    caller: &Caller,
    asked: MailboxMake,
) -> posthouse::Result<MailboxMade> {
    let (password, shown) = chosen(engine, asked.password);
    let new = NewMailbox {
        address: asked.address,
        name: asked.name,
        quota_bytes: asked.quota_bytes.filter(|bytes| *bytes > 0),
        password: Some(password),
    };
    let made = engine.make_mailbox(caller, new).await?;
    Ok(MailboxMade {
        address: made.address,
        password: shown,
    })
}

pub async fn make(call: Call, asked: MailboxMake) -> Outcome<MailboxMade> {
    let caller = call.caller(Role::Member)?;
    Ok(one(&call.engine, caller, asked).await?)
}

/// Each by itself: one that cannot be made does not keep the others from it. A fault of ours,
/// or a database that takes no writes, ends it, and what was made before stays.
pub async fn make_many(call: Call, asked: MailboxMakeMany) -> Outcome<MailboxesMade> {
    let caller = call.caller(Role::Member)?;
    if asked.lines.len() > usize::try_from(PROVISIONED_AT_ONCE).unwrap_or(usize::MAX) {
        let words = "are too many at once: 100 at most";
        return Err(Trouble::Field("lines", words.into()));
    }
    let mut results = Vec::with_capacity(asked.lines.len());
    for line in asked.lines {
        let address = line.address.trim().to_lowercase();
        results.push(match one(&call.engine, caller, line).await {
            Ok(made) => MailboxResult {
                address: made.address,
                outcome: MadeOutcome::Made,
                text: None,
                password: made.password,
            },
            Err(error) => MailboxResult {
                address,
                outcome: outcome(&error),
                text: Some(refuse("mailbox", error.into()).message),
                password: None,
            },
        });
    }
    Ok(MailboxesMade { results })
}

const fn outcome(error: &Error) -> MadeOutcome {
    match error {
        Error::Conflict(Conflict::Taken) => MadeOutcome::Exists,
        Error::Conflict(Conflict::Full) => MadeOutcome::Full,
        Error::Invalid(_) => MadeOutcome::Malformed,
        Error::Missing(Missing::Domain) | Error::Denied(Denied::Owner) => MadeOutcome::NotOurs,
        Error::Conflict(_)
        | Error::Missing(_)
        | Error::Denied(_)
        | Error::Busy(_)
        | Error::Internal(_)
        | Error::TooLarge(_)
        | Error::Unknown(_) => MadeOutcome::Failed,
    }
}

pub async fn password(call: Call, asked: MailboxPassword) -> Outcome<MailboxMade> {
    let caller = call.caller(Role::Member)?;
    let (password, shown) = chosen(&call.engine, asked.password);
    let change = MailboxChange {
        password: Some(password),
        ..MailboxChange::default()
    };
    let changed = call
        .engine
        .change_mailbox(caller, &asked.address, change)
        .await?;
    Ok(MailboxMade {
        address: changed.address,
        password: shown,
    })
}
