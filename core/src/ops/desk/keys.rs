//! Keys of several kinds, and all that one may send to.

use crate::engine::Posthouse;
use crate::error::Result;
use crate::ids::KeyId;
use crate::model::key::{Caller, Key};
use crate::ops::keys::{checked_pattern, find};

impl Posthouse {
    /// The keys of the caller's organization of these shapes, revoked ones too, by id.
    ///
    /// # Errors
    /// `Denied::Scope`.
    pub async fn keys_of_shapes(
        &self,
        caller: &Caller,
        shapes: Vec<&'static str>,
    ) -> Result<Vec<Key>> {
        caller.needs_operator()?;
        let of = caller.organization();
        self.store
            .read(move |read| read.keys_ever(of, &shapes))
            .await
    }

    /// Gives a key these patterns and no others.
    ///
    /// # Errors
    /// As `allow_pattern`.
    pub async fn set_key_patterns(
        &self,
        caller: &Caller,
        id: KeyId,
        patterns: Vec<String>,
    ) -> Result<()> {
        caller.needs_operator()?;
        let of = caller.organization();
        let patterns = patterns
            .iter()
            .map(|pattern| checked_pattern(pattern))
            .collect::<Result<Vec<_>>>()?;
        self.store
            .write(move |write| {
                find(write, of, None, id)?;
                for gone in write.key_patterns(id)? {
                    if !patterns.contains(&gone) {
                        write.disallow_pattern(id, &gone)?;
                    }
                }
                for pattern in &patterns {
                    write.allow_pattern(id, pattern)?;
                }
                Ok(())
            })
            .await
    }
}
