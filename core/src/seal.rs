//! Secrets at rest: XChaCha20-Poly1305 under one master key, and keys derived from it.

use aws_lc_rs::hkdf::{HKDF_SHA256, Prk, Salt};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};

use crate::error::{Result, internal};
use crate::ids::{Entropy, random};

const NONCE_BYTES: usize = 24;

/// The master key, 32 bytes. Never printed.
#[derive(Clone)]
pub struct MasterKey(pub [u8; 32]);

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey")
    }
}

/// Seals and opens secrets, and derives keys. `purpose` is authenticated with each secret, so
/// that a value moved to another column does not open.
#[derive(Clone)]
pub struct Vault {
    cipher: XChaCha20Poly1305,
    /// What keys are derived from; never used to seal.
    root: Prk,
}

impl Vault {
    /// A vault under `key`.
    #[must_use]
    pub fn new(key: &MasterKey) -> Self {
        Self {
            cipher: XChaCha20Poly1305::new(&key.0.into()),
            root: Salt::new(HKDF_SHA256, b"posthouse derived keys").extract(&key.0),
        }
    }

    /// The key for `purpose`: the same one for the same master key, and of no use for telling
    /// the master key or another purpose's (HKDF-SHA256, RFC 5869).
    ///
    /// # Panics
    /// Never: 32 bytes are within what HKDF gives.
    #[must_use]
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        let mut key = [0; 32];
        self.root
            .expand(&[purpose.as_bytes()], HKDF_SHA256)
            .and_then(|okm| okm.fill(&mut key))
            .expect("HKDF-SHA256 gives 32 bytes");
        key
    }

    /// The sealed form: a fresh nonce, then the ciphertext with its tag.
    ///
    /// # Errors
    /// `Internal`, were the cipher to fail.
    pub fn seal(&self, purpose: &str, secret: &[u8], entropy: &dyn Entropy) -> Result<Vec<u8>> {
        let nonce = random::<NONCE_BYTES>(entropy);
        let payload = Payload {
            msg: secret,
            aad: purpose.as_bytes(),
        };
        let sealed = self
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| internal("a secret could not be sealed"))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// The secret that was sealed for `purpose`.
    ///
    /// # Errors
    /// `Internal` when it was sealed with another key, for another purpose, or was changed.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>> {
        let unopened = || {
            internal(format!(
                "a sealed secret ({purpose}) does not open with this master key"
            ))
        };
        let (nonce, rest) = sealed
            .split_first_chunk::<NONCE_BYTES>()
            .ok_or_else(unopened)?;
        let payload = Payload {
            msg: rest,
            aad: purpose.as_bytes(),
        };
        self.cipher
            .decrypt(&XNonce::from(*nonce), payload)
            .map_err(|_| unopened())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::SystemEntropy;

    #[test]
    fn opens_what_it_sealed_and_nothing_else() {
        let vault = Vault::new(&MasterKey([7; 32]));
        let sealed = vault.seal("a", b"secret", &SystemEntropy).unwrap();
        assert_eq!(vault.open("a", &sealed).unwrap(), b"secret");
        assert!(vault.open("b", &sealed).is_err(), "another purpose");
        assert!(
            Vault::new(&MasterKey([8; 32])).open("a", &sealed).is_err(),
            "another key"
        );
        let mut changed = sealed.clone();
        *changed.last_mut().unwrap() ^= 1;
        assert!(vault.open("a", &changed).is_err(), "changed");
        assert!(vault.open("a", &sealed[..10]).is_err(), "cut");
    }

    #[test]
    fn the_same_secret_never_looks_the_same() {
        let vault = Vault::new(&MasterKey([7; 32]));
        let one = vault.seal("a", b"secret", &SystemEntropy).unwrap();
        assert_ne!(one, vault.seal("a", b"secret", &SystemEntropy).unwrap());
    }

    /// Worked out with Python's hmac, from RFC 5869 2.2 and 2.3.
    #[test]
    fn derives_a_key_of_its_own_for_each_purpose() {
        let hex = |bytes: [u8; 32]| bytes.map(|byte| format!("{byte:02x}")).concat();
        let vault = Vault::new(&MasterKey([7; 32]));
        assert_eq!(
            hex(vault.derive("links")),
            "20146678f264c6a37abefd90364dfc2382e1436c1d35d580fa05ac7ed4f97425"
        );
        assert_ne!(vault.derive("links"), vault.derive("link"));
        assert_ne!(
            vault.derive("links"),
            Vault::new(&MasterKey([8; 32])).derive("links")
        );
    }
}
