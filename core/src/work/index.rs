//! Reads what people's mail says into the index, a few messages a write, well after they were
//! accepted: nobody waits for it, and a search reads what is not indexed yet.

use crate::clock::Timestamp;
use crate::engine::Posthouse;
use crate::error::{Result, internal};
use crate::limits::{INDEX_OUTLINE_BYTES, INDEX_STEP, INDEX_STEP_BYTES};
use crate::mime::find::sent_day;
use crate::mime::grams::{Extent, Grams, grams_of};
use crate::mime::outline::listed;
use crate::mime::section::head_of;
use crate::mime::structure::structure;
use crate::mime::tree::Part;
use crate::store::{Indexed, PackedOutline, Unread, compress, decompress};

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
        let one = |(packed, unread): (Option<Vec<u8>>, Unread)| {
            Some(indexed(&unread, &packed?).map(|found| (found, unread)))
        };
        packed
            .into_iter()
            .filter_map(one)
            .collect::<Result<Vec<_>>>()
    });
    let read = read.await.map_err(internal)??;
    engine
        .store
        .write_later(move |write| {
            let mut all = read.iter();
            all.try_for_each(|(found, unread)| write.index_text(unread, found))
        })
        .await?;
    Ok(Some(now))
}

/// What a body says; nothing for certain of one that cannot be unpacked, so that a search looks
/// at it and says so.
fn indexed(unread: &Unread, packed: &[u8]) -> Result<Indexed> {
    let raw = match decompress(packed) {
        Ok(raw) => raw,
        Err(error) => {
            tracing::error!(%error, body = unread.body.0, "a body cannot be unpacked");
            let (words, extent) = (String::new(), Extent::Part);
            return Ok(Indexed {
                grams: Grams { words, extent },
                outline: None,
            });
        }
    };
    Ok(Indexed {
        grams: grams_of(&raw),
        outline: Some(packed_outline(&raw)?),
    })
}

fn packed_outline(raw: &[u8]) -> Result<PackedOutline> {
    let fits = |bytes: &[u8]| bytes.len() <= INDEX_OUTLINE_BYTES;
    let structure = structure(&Part::of(raw)).pack()?;
    let head = Some(head_of(raw)).filter(|head| fits(head));
    Ok(PackedOutline {
        sent_day: sent_day(raw),
        structure: Some(structure).filter(|packed| fits(packed)),
        listed: Some(listed(raw)).filter(|listed| fits(listed)),
        head: head.map(compress).transpose()?,
    })
}
