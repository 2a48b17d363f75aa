//! `posthouse backup` and `posthouse check`: copies of the database, and whether it is sound.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::desk::Desk;
use super::draft::Draft;
use super::out::Progress;
use super::table::size;
use crate::refusal::{Exit, Refusal};

/// Copy the database to a file, while the server runs
///
/// The copy has everything but the master key. Keep that file too, apart from the copy:
/// without it DKIM keys, relay passwords and tokens in the copy cannot be read. To restore,
/// put the copy in place of posthouse.db while the server is stopped, and remove
/// posthouse.db-wal and posthouse.db-shm beside it.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  posthouse backup /var/backups/posthouse-monday.db")]
pub struct Backup {
    /// Where to; must not be there yet
    file: PathBuf,
}

impl Backup {
    /// Runs it.
    ///
    /// # Errors
    /// When the file is there, or cannot be written.
    pub async fn run(self, desk: &Desk) -> Result<(), Refusal> {
        let draft = Draft::make(&self.file)?;
        let progress = Progress::start("Copying …");
        let copied = desk
            .engine
            .backup(draft.path().to_owned(), move |pages, all| {
                let percent = (u64::from(pages) * 100)
                    .checked_div(u64::from(all))
                    .unwrap_or(100);
                progress.tell(&format!("Copying … {percent} %"));
            })
            .await;
        copied?;
        let bytes = draft.keep()?;
        let shape = json!({"file": self.file.display().to_string(), "size_bytes": bytes});
        Ok(desk.out.answer(&shape, |to| {
            writeln!(
                to,
                "Copied the database to {} ({}). Keep the master key too, apart from it.",
                self.file.display(),
                size(bytes)
            )
        })?)
    }
}

/// Read the whole database and say whether it is sound, and the master key its own
///
/// Exits with 0 when it is, with 1 when it is not.
#[derive(Debug, Args)]
pub struct Check {}

impl Check {
    /// Runs it.
    ///
    /// # Errors
    /// `Exit::Refused` when something is wrong.
    pub async fn run(self, desk: &Desk) -> Result<(), Refusal> {
        let progress = Progress::start("Reading the whole database …");
        let checked = desk.engine.check().await;
        drop(progress);
        let problems = checked?;
        let shape = json!({"sound": problems.is_empty(), "problems": problems});
        desk.out.answer(&shape, |to| {
            if problems.is_empty() {
                return writeln!(to, "The database is sound, and the master key is its own.");
            }
            writeln!(to, "The database is damaged:")?;
            for problem in &problems {
                writeln!(to, "  {problem}")?;
            }
            writeln!(
                to,
                "Stop the server, keep a copy of the data folder, and put the last backup in place."
            )
        })?;
        if problems.is_empty() {
            return Ok(());
        }
        Err(Refusal::said(Exit::Refused))
    }
}
