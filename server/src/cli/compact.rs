//! `posthouse compact`: the database without its empty space.

use clap::Args;
use posthouse::store::Space;
use serde_json::json;

use super::desk::Desk;
use super::out::Progress;
use super::table::size;
use crate::refusal::Refusal;

/// Write the database anew without its empty space, while the server is stopped
///
/// Mail that is removed leaves space behind that new mail takes; a running server gives back
/// what is left over, by and by. Databases made before it could do that need this once.
/// It takes as much space again as the database while it runs.
#[derive(Debug, Args)]
pub struct Compact {}

impl Compact {
    /// Runs it.
    ///
    /// # Errors
    /// When the server runs, or the disk is full.
    pub async fn run(self, desk: &Desk) -> Result<(), Refusal> {
        let lock = desk.data.lock()?;
        let progress = Progress::start("Writing the database anew …");
        let compacted = desk.engine.compact().await;
        drop(progress);
        drop(lock);
        let (before, after) = compacted?;
        let bytes = |space: Space| space.pages * space.page_bytes;
        let (before, after) = (bytes(before), bytes(after));
        let shape = json!({"before_bytes": before, "after_bytes": after});
        Ok(desk.out.answer(&shape, |to| {
            writeln!(
                to,
                "The database takes {}; it took {}.",
                size(after),
                size(before)
            )
        })?)
    }
}
