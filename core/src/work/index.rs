//! Reads what people's mail says into the index, a few messages a write, well after they were
//! accepted: nobody waits for it, and a search reads what is not indexed yet.

use crate::clock::Timestamp;
use crate::engine::Posthouse;
use crate::error::{Result, internal};
use crate::limits::{INDEX_STEP, INDEX_STEP_BYTES};
use crate::mime::grams::{Extent, Grams, grams_of};
use crate::store::{Unread, decompress};

/// Indexes what is due next.
pub(super) async fn step(engine: Posthouse, now: Timestamp) -> Result<Option<Timestamp>> {
    let due = engine.store.read(|read| read.texts_due(INDEX_STEP)).await?;
    let mut bytes = 0;
    let within = |one: &Unread| {
        bytes += one.size_bytes;
        bytes <= INDEX_STEP_BYTES || bytes == one.size_bytes
    };
    let due: Vec<Unread> = due.into_iter().take_while(within).collect();
    if due.is_empty() {
        return Ok(None);
    }
    let packed = engine
        .store
        .read(move |read| {
            let one = |unread: Unread| Ok((read.body_packed(unread.body)?, unread));
            due.into_iter().map(one).collect::<Result<Vec<_>>>()
        })
        .await?;
    let read = tokio::task::spawn_blocking(move || {
        let one =
            |(packed, unread): (Option<Vec<u8>>, Unread)| Some((text(&unread, &packed?), unread));
        packed.into_iter().filter_map(one).collect::<Vec<_>>()
    });
    let read = read.await.map_err(internal)?;
    engine
        .store
        .write_later(move |write| {
            let mut all = read.iter();
            all.try_for_each(|(grams, unread)| write.index_text(unread, grams))
        })
        .await?;
    Ok(Some(now))
}

/// What a body says; nothing for certain of one that cannot be unpacked, so that a search looks
/// at it and says so.
fn text(unread: &Unread, packed: &[u8]) -> Grams {
    match decompress(packed) {
        Ok(raw) => grams_of(&raw),
        Err(error) => {
            tracing::error!(%error, body = unread.body.0, "a body cannot be unpacked");
            Grams {
                words: String::new(),
                extent: Extent::Part,
            }
        }
    }
}
