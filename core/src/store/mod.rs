//! All persistence, and the only folder with SQL.
//!
//! One writer thread commits in groups; a fixed set of `query_only` connections reads.

mod allotted;
mod attempts;
mod audits;
mod bodies;
mod bounces;
mod contents;
mod deliveries;
mod domain_looks;
mod domains;
mod due;
mod emails;
mod events;
mod filing;
mod folders;
mod holders;
mod keys;
mod ledger;
mod looks;
mod mailbox_changes;
mod mailboxes;
mod message_changes;
mod messages;
mod migrate;
mod organizations;
mod people;
mod periods;
mod readers;
mod relay_use;
mod relays;
mod retention;
mod row;
mod space;
mod suppressions;
mod tallies;
mod tasks;
mod templates;
mod text_index;
mod webhook_deliveries;
mod webhook_tries;
mod webhooks;
mod writer;

pub use allotted::Allotted;
pub use attempts::{Open, Settlement};
pub use bodies::PackedBody;
pub(crate) use bodies::{compress, decompress};
pub use bounces::NewBounce;
pub use domain_looks::{DomainLook, Verified};
pub use domains::{NewDkimKey, NewDomain};
pub use due::{Due, Lane};
pub use emails::{EmailFilter, Modes, NewEmail};
pub use events::NewEvent;
pub use holders::{Holder, TimesDone};
pub use keys::{KeyRow, NewKey};
pub use ledger::Ledger;
pub use mailbox_changes::Hook;
pub use mailboxes::ReceivingDomain;
pub use message_changes::Sweep;
pub use messages::{Before, NewMessage, Starred};
pub use migrate::{Migrated, schema};
pub use people::{InvitationRow, SessionRow};
pub use readers::Read;
pub use relays::NewRelay;
pub use retention::{Looked, Past};
pub use space::Space;
pub use suppressions::NewSuppression;
pub use tallies::{Queue, Tally};
pub use tasks::{Given, NewTask, OpenTask, Unmade};
pub use text_index::{Indexed, KeptOutline, PackedOutline, Unread};
pub use webhook_deliveries::{NewWebhookDelivery, WebhookCall, WebhookNext, WebhookOutcome};
pub use webhook_tries::WebhookTry;
pub use webhooks::NewWebhook;
pub use writer::Write;

use self::writer::Urgency;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use crate::error::{Busy, Error, Result, internal};
use crate::feed::Feed;

/// The database.
#[derive(Clone)]
pub struct Store {
    path: PathBuf,
    writer: writer::Writer,
    readers: readers::Readers,
    looks: looks::Looks,
    /// What the next write is to put down beside its own.
    ledger: Option<Ledger>,
}

impl Store {
    /// Opens the database at `path`, making it if there is none, and brings its schema up
    /// to date. Blocks.
    ///
    /// # Errors
    /// `Busy::Storage` when the file cannot be written, `Internal` when it is no database
    /// of ours or is newer than this program.
    pub fn open(path: &Path, feed: Feed) -> Result<(Self, Migrated)> {
        space::begin(path)?;
        let mut connection = connect(path)?;
        let migrated = migrate::migrate(&mut connection)?;
        let readers = readers::Readers::open(path)?;
        let looks = looks::Looks::start(path)?;
        let writer = writer::Writer::start(connection, feed)?;
        Ok((
            Self {
                path: path.to_owned(),
                writer,
                readers,
                looks,
                ledger: None,
            },
            migrated,
        ))
    }

    /// Where the database is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The same database; the first write that succeeds by this handle puts down, in its own
    /// commit, what `ledger` holds.
    #[must_use]
    pub fn with_ledger(&self, ledger: Ledger) -> Self {
        Self {
            ledger: Some(ledger),
            ..self.clone()
        }
    }

    /// The same database, whose writes put nothing down beside their own.
    #[must_use]
    pub fn without_ledger(&self) -> Self {
        Self {
            ledger: None,
            ..self.clone()
        }
    }

    /// Runs `job` in the writer and returns once its commit is on disk. A job that fails
    /// or panics undoes its own changes alone.
    ///
    /// # Errors
    /// The job's own; `Busy::WriteQueue` when too many wait; `Busy::Storage` when the
    /// database takes no writes.
    pub async fn write<T, F>(&self, job: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Write<'_>) -> Result<T> + Send + 'static,
    {
        let Some((ledger, note)) = self.ledger.as_ref().and_then(Ledger::take) else {
            let answer = self.writer.send(Urgency::Now, job)?;
            return answer.await.map_err(|_| Error::Busy(Busy::Closing))?;
        };
        let kept = ledger.kept(&note);
        let both = move |write: &Write<'_>| {
            let done = job(write)?;
            write.add_audit(&note)?;
            Ok(done)
        };
        let answer = self.writer.send(Urgency::Now, both)?;
        let done = answer.await.map_err(|_| Error::Busy(Busy::Closing))?;
        if done.is_ok() {
            kept.written();
        }
        done
    }

    /// The same, for what nobody waits for: other writes go first, so that a burst of mail is
    /// accepted before it is worked off. Up to a bound: then it has its turn.
    ///
    /// # Errors
    /// As `write`.
    pub async fn write_later<T, F>(&self, job: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Write<'_>) -> Result<T> + Send + 'static,
    {
        let answer = self.writer.send(Urgency::Later, job)?;
        answer.await.map_err(|_| Error::Busy(Busy::Closing))?
    }

    /// Hands `job` to the writer and does not wait; for notes whose loss costs nothing.
    /// What is written later is written after it.
    pub fn note<F>(&self, job: F)
    where
        F: FnOnce(&Write<'_>) -> Result<()> + Send + 'static,
    {
        if let Err(error) = self.writer.send(Urgency::Now, job) {
            tracing::debug!(%error, "a note was not taken");
        }
    }

    /// Runs `look` on a reading connection, off the async threads.
    ///
    /// # Errors
    /// The look's own.
    pub async fn read<T, F>(&self, look: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Read<'_>) -> Result<T> + Send + 'static,
    {
        self.readers.run(look).await
    }

    /// Runs a short `look` of a few rows, off the async threads and ahead of long ones.
    ///
    /// # Errors
    /// The look's own; `Busy::WriteQueue` when too many wait.
    pub async fn look<T, F>(&self, look: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Read<'_>) -> Result<T> + Send + 'static,
    {
        self.looks.run(look).await
    }

    /// Finishes what is queued and closes the writer. Later writes are `Busy::Closing`.
    pub async fn close(&self) {
        self.writer.close().await;
    }

    /// Copies the whole database to `target` while it is in use, telling `progress` of
    /// pages copied and pages in all. Blocks.
    ///
    /// # Errors
    /// `Busy::Storage` or `Internal`, as SQLite says.
    pub fn backup(&self, target: &Path, mut progress: impl FnMut(u32, u32)) -> Result<()> {
        let source = connect(&self.path)?;
        let mut copy = Connection::open(target).map_err(failed)?;
        let backup = rusqlite::backup::Backup::new(&source, &mut copy).map_err(failed)?;
        loop {
            let step = backup.step(500).map_err(failed)?;
            let at = backup.progress();
            let count = |pages: i32| u32::try_from(pages).unwrap_or(0);
            progress(count(at.pagecount - at.remaining), count(at.pagecount));
            match step {
                rusqlite::backup::StepResult::Done => return Ok(()),
                rusqlite::backup::StepResult::More => {}
                _ => std::thread::sleep(Duration::from_millis(5)),
            }
        }
    }
}

/// How long a connection waits for another that writes.
const PATIENCE: Duration = Duration::from_secs(5);

/// A connection as every one of ours is set up. SQLite's defaults are not what we promise:
/// WAL and FULL make a commit durable, and foreign keys are off unless asked for.
fn connect(path: &Path) -> Result<Connection> {
    let connection = Connection::open(path).map_err(failed)?;
    connection.set_prepared_statement_cache_capacity(128);
    // Without this SQLite peeks at bound values and plans many a statement anew each time.
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .map_err(failed)?;
    connection.busy_timeout(PATIENCE).map_err(failed)?;
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
             PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192; PRAGMA trusted_schema = OFF;",
        )
        .map_err(failed)?;
    Ok(connection)
}

/// SQLite's error in our words. What an operator can mend is `Busy::Storage`; the rest is a
/// fault of ours.
pub(crate) fn failed(error: rusqlite::Error) -> Error {
    use rusqlite::ErrorCode as Code;
    match error.sqlite_error_code() {
        Some(
            Code::DiskFull
            | Code::ReadOnly
            | Code::DatabaseBusy
            | Code::DatabaseLocked
            | Code::CannotOpen
            | Code::SystemIoFailure
            | Code::PermissionDenied,
        ) => {
            tracing::error!(%error, "the database takes no writes");
            Error::Busy(Busy::Storage)
        }
        _ => internal(error),
    }
}
