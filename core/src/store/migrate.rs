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

#[cfg(test)]
mod tests {
    use refinery::Target;

    use super::*;

    /// A database as the first release left it.
    const FIRST_RELEASE: i32 = 10;
    const ROWS: &str = "
      INSERT INTO organization (id, name, created_at) VALUES (1, 'acme', 5);
      INSERT INTO domain (id, organization_id, host, dkim_verified, webhook_public,
        webhook_private_sealed, created_at, modified_at)
      VALUES (1, 1, 'd.test', 1, x'00', x'00', 5, 6);
      INSERT INTO key (id, organization_id, domain_id, shape, hash, prefix, scopes, mode, created_at)
      VALUES (1, 1, 1, 's', x'01', 'p', 'send', 'live', 5);
      INSERT INTO body (id, hash, size_bytes, uses, content) VALUES (1, x'02', 1, 1, x'03');
      INSERT INTO email (id, uuid, organization_id, domain_id, key_id, body_id, message_id, from_text,
        to_text, created_at)
      VALUES (1, x'000102030405060708090a0b0c0d0e0f', 1, 1, 1, 1, 'm@h', 'a@d.test', 'b@x', 7);
      INSERT INTO delivery (id, email_id, address, address_key, lane, field, state, attempts,
        last_answer, updated_at)
      VALUES (1, 1, 'b@x', 'b@x', 'x', 'to', 'delivered', 1, '250 ok', 8),
        (2, 1, 'c@x', 'c@x', 'x', 'cc', 'bounced', 1, '550 5.1.1 no', 9),
        (3, 1, 'e@x', 'e@x', 'x', 'cc', 'bounced', 9, 'given up after 9 tries: 451 no', 9),
        (4, 1, 'f@x', 'f@x', 'x', 'cc', 'queued', 0, NULL, 7);
      INSERT INTO attempt (id, delivery_id, number, state, route, planned_at)
      VALUES (1, 1, 1, 'settled', 'direct', 7);
      INSERT INTO event (id, organization_id, domain_id, email_id, delivery_id, kind, at)
      VALUES (1, 1, 1, 1, 1, 'delivered', 8);
      INSERT INTO relay (id, organization_id, name, host, port, security, is_default, created_at)
      VALUES (1, 1, 'spare', 'h', 25, 'plain', 0, 5), (2, 1, 'main', 'h', 25, 'plain', 1, 5);
      INSERT INTO webhook (id, organization_id, form, url_sealed, url_shown, kinds, active, cursor,
        created_at, modified_at)
      VALUES (1, 1, 'f', x'04', 'https://h/', 'delivered', 1, 0, 5, 5);
      INSERT INTO mailbox (id, organization_id, address, kind, uid_next, created_at)
      VALUES (1, 1, 'b@x', 'reserved', 2, 7), (2, 1, 'e@d.test', 'reserved', 3, 7);
      INSERT INTO message (id, mailbox_id, uid, body_id, email_id, delivery_id, seen, from_text, size_bytes,
        received_at)
      VALUES (1, 1, 1, 1, 1, 1, 0, 'a@d.test', 10, 8), (2, 2, 1, 1, 1, 3, 1, 'a@d.test', 10, 8),
        (3, 2, 2, 1, 1, 3, 0, 'a@d.test', 10, 9);";

    #[test]
    fn a_database_of_the_first_release_keeps_everything() {
        let mut connection = Connection::open_in_memory().unwrap();
        embedded::migrations::runner()
            .set_target(Target::Version(FIRST_RELEASE))
            .run(&mut connection)
            .unwrap();
        connection.execute_batch(ROWS).unwrap();
        let migrated = migrate(&mut connection).unwrap();
        assert!(!migrated.fresh && migrated.steps > 0);
        let all = |sql: &str| -> Vec<String> {
            let mut statement = connection.prepare(sql).unwrap();
            let rows = statement.query_map([], |row| row.get(0)).unwrap();
            rows.collect::<rusqlite::Result<_>>().unwrap()
        };
        assert_eq!(
            all(
                "SELECT format('%s %s %s %s', state, bounced_by, sent_at, last_answer) FROM delivery"
            ),
            [
                "delivered  8 250 ok",
                "bounced peer  550 5.1.1 no",
                "bounced us  given up after 9 tries: 451 no",
                "queued   ",
            ]
        );
        assert_eq!(
            all(
                "SELECT format('%s %s %s %s', hex(uuid), domain_id, message_id, created_at) FROM email"
            ),
            ["000102030405060708090A0B0C0D0E0F 1 m@h 7"]
        );
        assert_eq!(
            all("SELECT format('%s %s %s', host, verified_at, mail_from) FROM domain"),
            ["d.test 6 "]
        );
        assert_eq!(
            all(
                "SELECT format('%s %s %s: %s %s %s', address, kind, domain_id, messages, unread, bytes)
                 FROM mailbox"
            ),
            ["b@x implicit : 1 1 10", "e@d.test implicit 1: 2 1 20"]
        );
        assert_eq!(
            all(
                "SELECT format('%s %s %s %s', id, organization_id, domain_id, folder) FROM message"
            ),
            ["1 1  inbox", "2 1 1 inbox", "3 1 1 inbox"]
        );
        assert_eq!(
            all(
                "SELECT format('%s: %s %s %s %s', organization_id, messages, unread, starred, bytes) FROM kept"
            ),
            ["1: 3 2 0 30"]
        );
        assert_eq!(
            all("SELECT name FROM relay ORDER BY position"),
            ["main", "spare"]
        );
        let uuids = all(
            "SELECT hex(uuid) FROM organization UNION ALL SELECT hex(uuid) FROM key
             UNION ALL SELECT hex(uuid) FROM domain UNION ALL SELECT hex(uuid) FROM webhook",
        );
        for uuid in &uuids {
            let uuid = uuid::Uuid::try_parse(uuid).unwrap();
            assert_eq!(uuid.get_version_num(), 4, "{uuid}");
            assert_eq!(uuid.get_variant(), uuid::Variant::RFC4122, "{uuid}");
        }
        assert_eq!(uuids.len(), 4);
        let pointing = connection.execute("DELETE FROM email WHERE id = 1", []);
        assert!(pointing.is_err(), "foreign keys are on again");
    }
}
