//! Space that is freed, and given back to the file system.

use std::path::Path;

use rusqlite::Connection;

use super::{Read, Store, Write, connect, failed};
use crate::error::Result;

/// Pages of the database file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Space {
    /// In all.
    pub pages: u64,
    /// Of these, the empty.
    pub free: u64,
    /// What each takes, in bytes.
    pub page_bytes: u64,
}

/// SQLite moves pages so that empty ones can be cut off only where that was said before the
/// first table, or before all tables are made anew.
pub(super) fn begin(path: &Path) -> Result<()> {
    let connection = Connection::open(path).map_err(failed)?;
    connection.busy_timeout(super::PATIENCE).map_err(failed)?;
    if pages(&connection, "page_count")? == 0 {
        connection
            .execute_batch("PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL")
            .map_err(failed)?;
    }
    Ok(())
}

fn pages(connection: &Connection, pragma: &str) -> Result<u64> {
    let count: i64 = connection
        .pragma_query_value(None, pragma, |row| row.get(0))
        .map_err(failed)?;
    Ok(u64::try_from(count).unwrap_or(0))
}

impl Store {
    /// Writes the whole database anew, without its empty pages, so that space can be given
    /// back from then on too. Nobody else can write meanwhile, and it takes as much space
    /// again. Blocks.
    ///
    /// # Errors
    /// `Busy::Storage` when somebody writes, or the disk is full.
    pub fn compact(&self) -> Result<()> {
        let connection = connect(&self.path)?;
        // Not in memory, where our other connections have what is not kept.
        connection
            .execute_batch(
                "PRAGMA temp_store = FILE; PRAGMA auto_vacuum = INCREMENTAL; VACUUM;
                 PRAGMA wal_checkpoint(TRUNCATE);",
            )
            .map_err(failed)
    }
}

impl Read<'_> {
    /// How the database file is filled.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn space(&self) -> Result<Space> {
        let pragma = |sql: &str| -> Result<u64> {
            let found: Option<i64> = self.find(sql, [], |found| found.get(0))?;
            Ok(found.and_then(|count| count.try_into().ok()).unwrap_or(0))
        };
        Ok(Space {
            pages: pragma("PRAGMA page_count")?,
            free: pragma("PRAGMA freelist_count")?,
            page_bytes: pragma("PRAGMA page_size")?,
        })
    }
}

impl Write<'_> {
    /// Cuts off up to `pages` empty pages; how many. None where the database was made
    /// before that could be done, and was not compacted since.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn give_back(&self, pages: u32) -> Result<u64> {
        let before = self.space()?.free;
        self.list(&format!("PRAGMA incremental_vacuum({pages})"), [], |_| {
            Ok(())
        })?;
        Ok(before.saturating_sub(self.space()?.free))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::Feed;
    use crate::store::PackedBody;

    /// Leaves the space of 200 bodies empty.
    async fn emptied(store: &Store) {
        let filling = store.write(|write| {
            let mut at = 1_u32;
            let mut noise = || {
                at ^= at << 13;
                at ^= at >> 17;
                at ^= at << 5;
                at
            };
            (0..200)
                .map(|_| {
                    let raw: Vec<u8> = (0..8_192).flat_map(|_| noise().to_le_bytes()).collect();
                    write.add_body(&PackedBody::pack(&raw)?)
                })
                .collect::<Result<Vec<_>>>()
        });
        let bodies = filling.await.unwrap();
        let emptying = store.write(move |write| {
            let mut bodies = bodies.into_iter();
            bodies.try_for_each(|body| write.release_body(body))
        });
        emptying.await.unwrap();
    }

    #[tokio::test]
    async fn empty_pages_are_cut_off_some_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let (store, _) = Store::open(&path, Feed::new(16)).unwrap();
        emptied(&store).await;
        let before = store.look(|read| read.space()).await.unwrap();
        assert!(before.free > 100, "{before:?}");
        let cut = store.write(|write| write.give_back(64)).await.unwrap();
        assert_eq!(cut, 64);
        let after = store.look(|read| read.space()).await.unwrap();
        assert_eq!(after.free, before.free - 64);
        assert!(after.pages <= before.pages - 64, "{after:?}");
        while store.write(|write| write.give_back(64)).await.unwrap() > 0 {}
        assert_eq!(store.look(|read| read.space()).await.unwrap().free, 0);
        store.close().await;
    }

    #[tokio::test]
    async fn an_old_database_gives_back_once_it_is_compacted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        // A database of the time before: it has a table when we first see it.
        let old = Connection::open(&path).unwrap();
        old.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE was (here)")
            .unwrap();
        drop(old);
        let (store, _) = Store::open(&path, Feed::new(16)).unwrap();
        emptied(&store).await;
        assert_eq!(store.write(|write| write.give_back(64)).await.unwrap(), 0);
        let before = store.look(|read| read.space()).await.unwrap();
        store.compact().unwrap();
        let after = store.look(|read| read.space()).await.unwrap();
        assert_eq!(after.free, 0);
        assert!(after.pages < before.pages, "{after:?}");
        emptied(&store).await;
        assert_eq!(store.write(|write| write.give_back(64)).await.unwrap(), 64);
        store.close().await;
    }
}
