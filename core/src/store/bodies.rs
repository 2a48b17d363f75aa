//! Table `body`: raw MIME, content-addressed, compressed, counted.

use std::cell::RefCell;

use rusqlite::named_params;
use sha2::{Digest, Sha256};
use zstd::bulk::{Compressor, Decompressor};

use super::{Read, Write};
use crate::error::{Result, internal};
use crate::ids::BodyId;
use crate::limits::MESSAGE_BYTES;

/// A body made ready outside the writer: hashed and compressed.
pub struct PackedBody {
    hash: [u8; 32],
    size_bytes: u64,
    content: Vec<u8>,
}

impl PackedBody {
    /// Hashes and compresses `raw`.
    ///
    /// # Errors
    /// `Internal`, were compression to fail.
    pub fn pack(raw: &[u8]) -> Result<Self> {
        Ok(Self {
            hash: Sha256::digest(raw).into(),
            size_bytes: raw.len() as u64,
            content: compress(raw)?,
        })
    }

    /// The size before compression, in bytes.
    #[must_use]
    pub const fn size_bytes(&self) -> u64 {
        self.size_bytes
    }
}

thread_local! {
    // Making one of these costs more than using it on a small mail.
    static COMPRESSOR: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
    static DECOMPRESSOR: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

/// zstd, level 1: mail is small and mostly text, and accepting it must be quick.
pub(crate) fn compress(raw: &[u8]) -> Result<Vec<u8>> {
    COMPRESSOR.with_borrow_mut(|slot| {
        if slot.is_none() {
            *slot = Some(Compressor::new(1).map_err(internal)?);
        }
        match slot {
            Some(compressor) => compressor.compress(raw).map_err(internal),
            None => Err(internal("no compressor")),
        }
    })
}

/// What `compress` made small. Bounded, so that no stored value can take all memory.
pub(crate) fn decompress(content: &[u8]) -> Result<Vec<u8>> {
    let size = Decompressor::upper_bound(content).unwrap_or(2 * MESSAGE_BYTES);
    let size = size.min(2 * MESSAGE_BYTES);
    DECOMPRESSOR.with_borrow_mut(|slot| {
        if slot.is_none() {
            *slot = Some(Decompressor::new().map_err(internal)?);
        }
        match slot {
            Some(decompressor) => decompressor.decompress(content, size).map_err(internal),
            None => Err(internal("no decompressor")),
        }
    })
}

impl Read<'_> {
    /// A body, still compressed; `decompress` it outside.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn body_packed(&self, id: BodyId) -> Result<Option<Vec<u8>>> {
        self.find(
            "SELECT content FROM body WHERE id = :id",
            named_params! {":id": id.0},
            |found| found.get(0),
        )
    }
}

impl Write<'_> {
    /// Keeps a body for one more user; one that is already kept is only counted.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn add_body(&self, body: &PackedBody) -> Result<BodyId> {
        let id = self.find(
            "INSERT INTO body (hash, size_bytes, uses, content) VALUES (:hash, :size, 1, :content)
             ON CONFLICT (hash) DO UPDATE SET uses = uses + 1 RETURNING id",
            named_params! {
                ":hash": body.hash,
                ":size": i64::try_from(body.size_bytes).map_err(internal)?,
                ":content": body.content,
            },
            |found| found.get(0),
        )?;
        id.map(BodyId).ok_or_else(|| internal("a body has no id"))
    }

    /// Counts one more user of a body.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn use_body(&self, id: BodyId) -> Result<()> {
        self.execute(
            "UPDATE body SET uses = uses + 1 WHERE id = :id",
            named_params! {":id": id.0},
        )?;
        Ok(())
    }

    /// Counts one user of a body less, and frees it when that was the last.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn release_body(&self, id: BodyId) -> Result<()> {
        let left: Option<i64> = self.find(
            "UPDATE body SET uses = uses - 1 WHERE id = :id RETURNING uses",
            named_params! {":id": id.0},
            |found| found.get(0),
        )?;
        if left.is_some_and(|left| left <= 0) {
            self.execute(
                "DELETE FROM body WHERE id = :id",
                named_params! {":id": id.0},
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_back() {
        for raw in [b"".to_vec(), b"x".to_vec(), b"hello ".repeat(100_000)] {
            let packed = PackedBody::pack(&raw).unwrap();
            assert_eq!(decompress(&packed.content).unwrap(), raw);
        }
    }
}
