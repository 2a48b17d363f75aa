//! DKIM keys, unsealed and read once, ready to sign.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::{Result, internal};
use crate::mime::sign::{LoadedKey, SigningKey, sign};
use crate::model::domain::{Algorithm, DkimKey, Domain};
use crate::ops::domains::DKIM_PURPOSE;
use crate::seal::Vault;

/// Keys kept ready; past that all are read again.
const KEYS: usize = 512;

/// The keys at hand, by their sealed form: a key that changes is another one.
#[derive(Clone)]
pub(super) struct Signing {
    vault: Vault,
    loaded: Arc<Mutex<HashMap<Vec<u8>, Arc<LoadedKey>>>>,
}

impl Signing {
    pub(super) fn new(vault: Vault) -> Self {
        Self {
            vault,
            loaded: Arc::default(),
        }
    }

    /// `raw` with its signatures before it. Takes about a third of a millisecond.
    ///
    /// A signature whose key nobody can look up helps nobody: the Ed25519 one waits for its
    /// record, and so does the RSA one where a provider let mail leave before it was found.
    pub(super) fn signed(
        &self,
        raw: &[u8],
        domain: &Domain,
        keys: &[DkimKey],
        now_ms: i64,
    ) -> Result<Vec<u8>> {
        let loaded = keys
            .iter()
            .filter(|key| match key.algorithm {
                Algorithm::Rsa => domain.dkim_verified,
                Algorithm::Ed25519 => key.verified,
            })
            .map(|key| Ok((key, self.load(key)?)))
            .collect::<Result<Vec<_>>>()?;
        let keys: Vec<SigningKey<'_>> = loaded
            .iter()
            .map(|(key, loaded)| SigningKey {
                domain: &domain.host,
                selector: &key.selector,
                key: loaded,
            })
            .collect();
        let mut signed = sign(raw, &keys, now_ms).map_err(internal)?;
        signed.extend_from_slice(raw);
        Ok(signed)
    }

    fn load(&self, key: &DkimKey) -> Result<Arc<LoadedKey>> {
        let kept = |loaded: &HashMap<_, Arc<LoadedKey>>| loaded.get(&key.private_sealed).cloned();
        let at_hand = kept(&self.loaded.lock().unwrap_or_else(PoisonError::into_inner));
        if let Some(loaded) = at_hand {
            return Ok(loaded);
        }
        let private = self.vault.open(DKIM_PURPOSE, &key.private_sealed)?;
        let loaded = Arc::new(LoadedKey::load(key.algorithm, &private).map_err(internal)?);
        let mut all = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= KEYS {
            all.clear();
        }
        all.insert(key.private_sealed.clone(), loaded.clone());
        Ok(loaded)
    }
}
