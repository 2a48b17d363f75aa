//! Copies of the database.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use posthouse::error::internal;
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

pub async fn make(call: Call, _: Nothing) -> Outcome<BackupMade> {
    let caller = call.caller(Role::Owner)?;
    call.engine.machine_is_of(caller).await?;
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
