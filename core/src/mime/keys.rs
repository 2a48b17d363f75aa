//! Key pairs for DKIM and for webhook signatures.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::KeyPair as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::pkcs8::DecodePrivateKey;
use ed25519_dalek::{Signer as _, SigningKey};

use super::sign::Algorithm;

/// What stands before the 32 bytes of an Ed25519 seed in PKCS#8, DER
/// (RFC 8410 7).
const ED25519_PKCS8_PREFIX: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

/// A key could not be made or read. Says nothing of the key itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("the RSA key could not be generated")]
    Generate,
    #[error("the private key is not a PKCS#8 document of the right kind")]
    Malformed,
}

/// A private key and its public half.
#[derive(Clone)]
pub struct KeyPair {
    /// PKCS#8, DER. Secret: seal it before it is stored.
    pub private_der: Vec<u8>,
    /// RSA: `SubjectPublicKeyInfo`, DER. Ed25519: the 32 bytes of the key.
    /// Both are what a DKIM record's `p=` holds.
    pub public: Vec<u8>,
}

/// Makes an RSA key of 2048 bits. Takes some hundred milliseconds of
/// computing: never call it on an asynchronous thread.
///
/// # Errors
/// When the system's random numbers fail.
pub fn generate_rsa2048() -> Result<KeyPair, KeyError> {
    let pair =
        aws_lc_rs::rsa::KeyPair::generate(KeySize::Rsa2048).map_err(|_| KeyError::Generate)?;
    let private: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| KeyError::Generate)?;
    let public: PublicKeyX509Der<'_> =
        pair.public_key().as_der().map_err(|_| KeyError::Generate)?;
    Ok(KeyPair {
        private_der: private.as_ref().to_vec(),
        public: public.as_ref().to_vec(),
    })
}

/// The Ed25519 key of a seed; the seed has to come from a cryptographic source.
#[must_use]
pub fn generate_ed25519(seed: [u8; 32]) -> KeyPair {
    KeyPair {
        private_der: [ED25519_PKCS8_PREFIX.as_slice(), &seed].concat(),
        public: SigningKey::from_bytes(&seed)
            .verifying_key()
            .as_bytes()
            .to_vec(),
    }
}

/// The text of the TXT record for a DKIM key (RFC 6376 3.6.1, RFC 8463 4.2).
/// `public` is [`KeyPair::public`].
#[must_use]
pub fn dkim_record(algorithm: Algorithm, public: &[u8]) -> String {
    let kind = match algorithm {
        Algorithm::Rsa => "rsa",
        Algorithm::Ed25519 => "ed25519",
    };
    format!("v=DKIM1; k={kind}; h=sha256; p={}", STANDARD.encode(public))
}

/// Signs a webhook's body with Ed25519 over exactly its bytes.
///
/// # Errors
/// When `private_der` is not [`KeyPair::private_der`] of an Ed25519 key.
pub fn ed25519_sign(private_der: &[u8], body: &[u8]) -> Result<[u8; 64], KeyError> {
    let key = SigningKey::from_pkcs8_der(private_der).map_err(|_| KeyError::Malformed)?;
    Ok(key.sign(body).to_bytes())
}
