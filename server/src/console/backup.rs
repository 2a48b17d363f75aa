//! Copies of the database.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use posthouse::Posthouse;
use posthouse::error::{Denied, Error, internal};
use posthouse::ids::OrganizationId;
use posthouse::model::key::Caller;
use posthouse::model::organization::Role;

use super::call::Call;
use super::convert::time;
use super::trouble::{Outcome, Trouble};
use super::wire::{BackupMade, Nothing};

/// The one copy that there is at a time, until it is fetched or replaced.
const NAME: &str = "console-backup.db";

/// Where the copy is.
pub(super) fn path(folder: &Path) -> PathBuf {
    folder.join(NAME)
}

/// A copy has every organization in it, and settings are the machine's: both are for the first
/// organization alone, whose machine it is.
pub(super) async fn is_theirs(engine: &Posthouse, caller: &Caller) -> posthouse::Result<()> {
    let first = engine.organizations(OrganizationId(0), 1).await?;
    match first.first() {
        Some(first) if first.id == caller.organization() => Ok(()),
        Some(_) | None => Err(Error::Denied(Denied::Scope)),
    }
}

pub async fn make(call: Call, _: Nothing) -> Outcome<BackupMade> {
    is_theirs(&call.engine, call.caller(Role::Owner)?).await?;
    let folder = call.place.backups.as_deref();
    let folder = folder.ok_or(Trouble::Elsewhere(
        "No copies are made here: use `posthouse backup`.",
    ))?;
    let (target, part) = (path(folder), folder.join(format!("{NAME}.part")));
    let made = part.clone();
    let empty = tokio::task::spawn_blocking(move || empty(&made));
    empty.await.map_err(internal)?.map_err(internal)?;
    call.engine.backup(part.clone(), |_, _| {}).await?;
    let size_bytes = tokio::task::spawn_blocking(move || {
        fs::rename(&part, &target)?;
        fs::metadata(&target).map(|about| about.len())
    })
    .await
    .map_err(internal)?
    .map_err(internal)?;
    Ok(BackupMade {
        url: String::from("/console/files/backup"),
        size_bytes,
        made_at: time(call.engine.now()),
        note: String::from(
            "Keep the file master.key beside it: without that, its secrets cannot be read.",
        ),
    })
}

/// An empty file that only its owner reads.
fn empty(path: &Path) -> std::io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map(drop)
}
