//! DKIM signatures (RFC 6376, RFC 8463), relaxed in header and body.

use mail_auth::common::crypto::{
    DkimKey, Ed25519Key, HashContext, HashImpl, RsaKey, Sha256, SigningKey as _,
};
use mail_auth::common::headers::{HeaderStream, Writable, Writer};
use mail_auth::dkim::canonicalize::CanonicalHeaders;
use mail_auth::dkim::{Canonicalization, Signature};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

pub use crate::model::domain::Algorithm;

/// Signed in every message, there or not: a field that is absent and listed
/// cannot be added on the way (RFC 6376 5.4).
const ALWAYS: [&str; 8] = [
    "from",
    "subject",
    "date",
    "message-id",
    "to",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
];

/// Signed where present. Left out where absent, since lists and gateways
/// rightly add some of them. The last two have to be (RFC 8058 4).
const WHERE_PRESENT: [&str; 6] = [
    "cc",
    "reply-to",
    "in-reply-to",
    "references",
    "list-unsubscribe",
    "list-unsubscribe-post",
];

/// A DKIM key ready to sign. Reading an RSA key takes half as long as signing with it, so
/// whoever signs often keeps these.
pub struct LoadedKey(DkimKey);

impl LoadedKey {
    /// Reads a private key, PKCS#8 in DER.
    ///
    /// # Errors
    /// [`SignError::BadKey`].
    pub fn load(algorithm: Algorithm, private_der: &[u8]) -> Result<Self, SignError> {
        match algorithm {
            Algorithm::Rsa => RsaKey::<Sha256>::from_key_der(PrivateKeyDer::Pkcs8(
                PrivatePkcs8KeyDer::from(private_der),
            ))
            .map(DkimKey::Rsa),
            Algorithm::Ed25519 => {
                Ed25519Key::from_pkcs8_maybe_unchecked_der(private_der).map(DkimKey::Ed25519)
            }
        }
        .map(Self)
        .map_err(|_| SignError::BadKey)
    }
}

/// A DKIM key and where its record is: `selector._domainkey.domain`.
#[derive(Clone, Copy)]
pub struct SigningKey<'a> {
    pub domain: &'a str,
    pub selector: &'a str,
    pub key: &'a LoadedKey,
}

/// Why a message was not signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    #[error("the DKIM key cannot be read as PKCS#8 of its algorithm")]
    BadKey,
    #[error("the message has no From field")]
    MissingFrom,
    #[error("the signature could not be computed")]
    Failed,
}

/// Signs a message with every key. Returns the `DKIM-Signature` fields, CRLF
/// ended, in the order of the keys: they go before `raw`, which has to use
/// CRLF throughout. `now_ms` becomes `t=`.
///
/// # Errors
/// See [`SignError`]; no signature is returned when one of them fails.
pub fn sign(raw: &[u8], keys: &[SigningKey<'_>], now_ms: i64) -> Result<Vec<u8>, SignError> {
    if !Fields::of(raw).any(|(name, _)| name.eq_ignore_ascii_case(b"from")) {
        return Err(SignError::MissingFrom);
    }
    let mut fields = Vec::with_capacity(keys.len() * 768);
    for key in keys {
        sign_with(raw, key, now_ms)?.write(&mut fields, true);
    }
    Ok(fields)
}

fn sign_with(raw: &[u8], key: &SigningKey<'_>, now_ms: i64) -> Result<Signature, SignError> {
    let LoadedKey(secret) = key.key;
    let mut signature = Signature {
        v: 1,
        a: secret.algorithm(),
        d: key.domain.to_owned(),
        s: key.selector.to_owned(),
        h: signed_names(raw),
        t: u64::try_from(now_ms / 1000).unwrap_or(0),
        ch: Canonicalization::Relaxed,
        cb: Canonicalization::Relaxed,
        ..Signature::default()
    };
    let (_, headers, names, body) = signature.canonicalize(Fields::of(raw));
    let mut hasher = Sha256::hasher();
    body.write(&mut hasher);
    signature.bh = hasher.complete().as_ref().to_vec();
    signature.h = names;
    signature.b = secret
        .sign(Signable {
            headers,
            signature: &signature,
        })
        .map_err(|_| SignError::Failed)?;
    Ok(signature)
}

/// The names to sign. `from` stands there twice, so that a second From field
/// breaks the signature (RFC 6376 8.15).
fn signed_names(raw: &[u8]) -> Vec<String> {
    let present = |wanted: &&&str| {
        Fields::of(raw).any(|(name, _)| name.eq_ignore_ascii_case(wanted.as_bytes()))
    };
    ALWAYS
        .iter()
        .chain(WHERE_PRESENT.iter().filter(present))
        .chain(&["from"])
        .map(|&name| name.to_owned())
        .collect()
}

struct Signable<'a> {
    headers: CanonicalHeaders<'a>,
    signature: &'a Signature,
}

impl Writable for Signable<'_> {
    fn write(self, writer: &mut impl Writer) {
        self.headers.write(writer);
        self.signature.write(writer, false);
    }
}

/// The header fields of a message: name, and the bytes after the colon to the
/// end of the field's last line.
struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    fn of(raw: &'a [u8]) -> Self {
        Self { rest: raw }
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = (&'a [u8], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        while !self.rest.is_empty() && !self.rest.starts_with(b"\r\n") {
            let (field, rest) = self.rest.split_at(field_end(self.rest));
            self.rest = rest;
            // A line without a colon is no field, and is signed by nobody.
            if let Some(colon) = field.iter().position(|&b| b == b':') {
                return Some((field[..colon].trim_ascii_end(), &field[colon + 1..]));
            }
        }
        None
    }
}

impl<'a> HeaderStream<'a> for Fields<'a> {
    fn next_header(&mut self) -> Option<(&'a [u8], &'a [u8])> {
        self.next()
    }

    /// mail-auth 0.13.3 hashes a body wrongly that ends in lines of blanks
    /// only; RFC 6376 3.4.4 ignores them, so it never gets to see them. Drop
    /// this with 0.15, which is right.
    fn body(&mut self) -> &'a [u8] {
        while self.next().is_some() {}
        without_blank_end(self.rest.get(2..).unwrap_or_default())
    }
}

/// Where the first field ends: after the CRLF that no blank follows.
fn field_end(text: &[u8]) -> usize {
    let mut from = 0;
    while let Some(offset) = text[from..].iter().position(|&b| b == b'\n') {
        from += offset + 1;
        if !matches!(text.get(from), Some(b' ' | b'\t')) {
            return from;
        }
    }
    text.len()
}

/// The body up to the end of its last line that is not blank.
pub(super) fn without_blank_end(body: &[u8]) -> &[u8] {
    let Some(last) = body
        .iter()
        .rposition(|b| !matches!(b, b' ' | b'\t' | b'\r' | b'\n'))
    else {
        return b"";
    };
    match body[last..].iter().position(|&b| b == b'\n') {
        Some(offset) => &body[..=last + offset],
        None => body,
    }
}
