//! The connections that only read.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{CachedStatement, Connection};
use tokio::sync::Semaphore;

use super::failed;
use crate::error::{Result, internal};
use crate::limits::READERS;

/// The read side of the database: one snapshot, and the functions that look at rows.
pub struct Read<'a> {
    connection: &'a Connection,
}

impl<'a> Read<'a> {
    pub(super) fn new(connection: &'a Connection) -> Self {
        Self { connection }
    }

    /// A statement, prepared once a connection.
    pub(super) fn prepare(&self, sql: &str) -> Result<CachedStatement<'a>> {
        self.connection.prepare_cached(sql).map_err(failed)
    }

    pub(super) fn last_id(&self) -> i64 {
        self.connection.last_insert_rowid()
    }

    /// The first row of `sql` as `convert` reads it, or None.
    pub(super) fn find<T>(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
        convert: impl FnOnce(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        match self.prepare(sql)?.query_row(params, convert) {
            Ok(row) => Ok(Some(row)),
            Err(rusqlite::Error::QueryReturnedNoRows) => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    /// Every row of `sql`; the statement bounds how many.
    pub(super) fn list<T>(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
        convert: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let mut statement = self.prepare(sql)?;
        let rows = statement.query_map(params, convert).map_err(failed)?;
        rows.collect::<rusqlite::Result<Vec<T>>>().map_err(failed)
    }

    /// Runs `sql`; the number of rows it changed.
    pub(super) fn execute(&self, sql: &str, params: impl rusqlite::Params) -> Result<usize> {
        self.prepare(sql)?.execute(params).map_err(failed)
    }

    /// SQLite's own check of the whole file; empty means sound. Reads everything.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn integrity(&self) -> Result<Vec<String>> {
        let lines: Vec<String> = self.list("PRAGMA integrity_check", [], |row| row.get(0))?;
        let foreign: Vec<String> = self.list("PRAGMA foreign_key_check", [], |row| {
            row.get::<_, String>(0)
                .map(|table| format!("a row of {table} refers to one that is not there"))
        })?;
        Ok(lines
            .into_iter()
            .filter(|line| line != "ok")
            .chain(foreign)
            .collect())
    }
}

/// A fixed set of connections, each used by one look at a time.
#[derive(Clone)]
pub(super) struct Readers {
    free: Arc<Mutex<Vec<Connection>>>,
    permits: Arc<Semaphore>,
}

impl Readers {
    pub(super) fn open(path: &Path) -> Result<Self> {
        let mut free = Vec::with_capacity(READERS);
        for _ in 0..READERS {
            free.push(connect(path)?);
        }
        Ok(Self {
            free: Arc::new(Mutex::new(free)),
            permits: Arc::new(Semaphore::new(READERS)),
        })
    }

    pub(super) async fn run<T, F>(&self, look: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Read<'_>) -> Result<T> + Send + 'static,
    {
        let permit = self
            .permits
            .clone()
            .acquire_owned()
            .await
            .map_err(internal)?;
        let free = self.free.clone();
        tokio::task::spawn_blocking(move || {
            let lent = Lent::take(free)?;
            let outcome = lent.look(look);
            drop(lent);
            drop(permit);
            outcome
        })
        .await
        .map_err(internal)?
    }
}

/// A connection that goes back to the set even when the look panics.
struct Lent {
    connection: Option<Connection>,
    free: Arc<Mutex<Vec<Connection>>>,
}

impl Lent {
    fn take(free: Arc<Mutex<Vec<Connection>>>) -> Result<Self> {
        let connection = free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Ok(Self { connection, free })
    }

    fn look<T>(&self, look: impl FnOnce(&Read<'_>) -> Result<T>) -> Result<T> {
        let connection = self
            .connection
            .as_ref()
            .ok_or_else(|| internal("no reading connection is free"))?;
        snapshot(connection, look)
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take()
            && is_free(&connection)
        {
            self.free
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(connection);
        }
    }
}

/// A connection that cannot change anything.
pub(super) fn connect(path: &Path) -> Result<Connection> {
    let connection = super::connect(path)?;
    connection
        .execute_batch("PRAGMA query_only = ON")
        .map_err(failed)?;
    Ok(connection)
}

/// Every look sees one snapshot, however many statements it runs. It ends with COMMIT: a
/// ROLLBACK would make SQLite prepare every statement anew.
pub(super) fn snapshot<T>(
    connection: &Connection,
    look: impl FnOnce(&Read<'_>) -> Result<T>,
) -> Result<T> {
    let read = Read::new(connection);
    read.execute("BEGIN", [])?;
    let outcome = look(&read);
    read.execute("COMMIT", [])?;
    outcome
}

/// Ends the snapshot that a panicking look left open; false when the connection is lost.
pub(super) fn is_free(connection: &Connection) -> bool {
    if connection.is_autocommit() {
        return true;
    }
    match connection.execute_batch("ROLLBACK") {
        Ok(()) => true,
        Err(error) => {
            tracing::error!(%error, "a reading connection is lost");
            false
        }
    }
}
