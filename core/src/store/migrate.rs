//! The schema, step by step, from `migrations/`.

use rusqlite::Connection;

use super::failed;
use crate::error::{Busy, Error, Result, internal};

mod embedded {
    refinery::embed_migrations!("../migrations");
}

/// What opening did to the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Migrated {
    /// Steps run now.
    pub steps: usize,
    /// Whether the database was made now.
    pub fresh: bool,
}

pub(super) fn migrate(connection: &mut Connection) -> Result<Migrated> {
    let tables: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(failed)?;
    let read_only = connection.is_readonly(rusqlite::MAIN_DB).map_err(failed)?;
    if read_only {
        return Err(Error::Busy(Busy::Storage));
    }
    // Steps that make a table anew drop the old one, which rows of others point to.
    set_foreign_keys(connection, "OFF")?;
    let report = embedded::migrations::runner().run(connection).map_err(|error| {
        internal(format!(
            "the database's schema could not be brought up to date; it may be from a newer Posthouse: {error}"
        ))
    })?;
    let broken = connection
        .query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| {
            row.get::<_, i64>(0)
        })
        .map_err(failed)?;
    if broken > 0 {
        return Err(internal(format!(
            "{broken} rows point to rows that are not there"
        )));
    }
    set_foreign_keys(connection, "ON")?;
    Ok(Migrated {
        steps: report.applied_migrations().len(),
        fresh: tables == 0,
    })
}

fn set_foreign_keys(connection: &Connection, to: &str) -> Result<()> {
    connection
        .pragma_update(None, "foreign_keys", to)
        .map_err(failed)
}

/// The schema as SQLite has it, one statement after another, by name.
///
/// # Errors
/// `Internal` when a migration does not apply.
pub fn schema() -> Result<String> {
    let mut connection = Connection::open_in_memory().map_err(failed)?;
    migrate(&mut connection)?;
    let mut statement = connection
        .prepare(
            "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL
             AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'refinery_%' ORDER BY type, name",
        )
        .map_err(failed)?;
    let rows = statement
        .query_map([], |row| row.get::<_, String>(0))
        .map_err(failed)?;
    let statements = rows.collect::<rusqlite::Result<Vec<_>>>().map_err(failed)?;
    Ok(statements.join(";\n\n") + ";\n")
}
