//! Who changed what: written with each change, and listed.

use posthouse::ids::AuditId;
use posthouse::limits::AUDIT_DETAIL_BYTES;
use posthouse::model::audit::Note;
use posthouse::model::organization::Role;
use serde_json::{Map, Value};

use super::call::{Call, Visitor};
use super::convert::{limit, number, page, time};
use super::table::{Command, Effect};
use super::trouble::Outcome;
use super::wire::{AuditRow, Page, Paged};

/// What a change is about, by the fields that say so; the first that is there.
const TARGETS: [&str; 8] = [
    "address", "host", "id", "ids", "delivery", "name", "from", "kind",
];
/// What may be told of an input. Whatever is not here may be a secret or somebody's words.
const TOLD: [&str; 30] = [
    "allowed",
    "bcc",
    "capture_private",
    "catch_all",
    "cc",
    "direct",
    "dmarc",
    "domain",
    "events",
    "expires_at",
    "folder",
    "form",
    "hand_mode",
    "hourly",
    "daily",
    "keep_bytes",
    "keep_days",
    "keep_messages",
    "keep_sent",
    "mode",
    "on",
    "quota_bytes",
    "rate_per_minute",
    "receives",
    "rehearse",
    "role",
    "scopes",
    "shape",
    "to",
    "tls",
];

/// Whoever is at the machine itself.
const MACHINE: &str = "this machine";

/// What is written down of a change; None where nobody decided on one, or the engine writes it
/// itself because only it knows who it was.
pub(super) fn note(command: &Command, call: &Call, input: &Value) -> Option<Note> {
    match command.effect {
        Effect::Reads | Effect::Follows => return None,
        Effect::Changes => {}
    }
    let (organization, user, who) = match &call.visitor {
        Visitor::Nobody => return None,
        Visitor::Person(session, _) => {
            let user = session.user();
            (user.organization, Some(user.id), user.name.clone())
        }
        Visitor::Machine(caller) => (caller.organization(), None, MACHINE.to_owned()),
    };
    // Whoever signs in or takes a way in is somebody else than who asked.
    if matches!(command.name, "session.sign_in" | "session.welcome") {
        return None;
    }
    let remote = match &call.visitor {
        Visitor::Machine(_) => None,
        Visitor::Nobody | Visitor::Person(..) => Some(call.remote.to_string()),
    };
    Some(Note {
        organization,
        user,
        who,
        what: command.name.to_owned(),
        target: target(input),
        detail: detail(input),
        remote,
        at: call.engine.now(),
    })
}

fn target(input: &Value) -> Option<String> {
    let found = TARGETS.iter().find_map(|name| match input.get(name)? {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    })?;
    Some(cut(found))
}

fn detail(input: &Value) -> Option<String> {
    let told: Map<String, Value> = TOLD
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), input.get(name)?.clone())))
        .filter(|(_, value)| !value.is_null())
        .collect();
    (!told.is_empty()).then(|| cut(Value::Object(told).to_string()))
}

fn cut(mut text: String) -> String {
    text.truncate(text.floor_char_boundary(AUDIT_DETAIL_BYTES));
    text
}

pub async fn list(call: Call, asked: Paged) -> Outcome<Page<AuditRow>> {
    let caller = call.caller(Role::Owner)?;
    let rows = limit(asked.limit);
    let before = number(asked.before.as_deref())?.map(AuditId);
    let mut all = call.engine.audits(caller, before, rows + 1).await?;
    let most = usize::try_from(rows).unwrap_or(usize::MAX);
    let more = all.len() > most;
    all.truncate(most);
    let next = all.last().filter(|_| more).map(|one| one.id);
    let rows = all.into_iter().map(|one| AuditRow {
        id: one.id.0,
        at: time(one.note.at),
        who: one.note.who,
        user: one.note.user.map(|id| id.0),
        what: one.note.what,
        target: one.note.target,
        detail: one.note.detail,
        remote: one.note.remote,
    });
    Ok(page(rows.collect(), next, None))
}
