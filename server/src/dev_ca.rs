//! A certificate authority for development: kept in the data folder, trusted by nobody
//! until they are told to. Its certificates are made anew at each start and kept in memory.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

use posthouse::clock::Timestamp;

use crate::data::write_secret;
use crate::refusal::{Exit, Refusal};

/// Clients refuse certificates that are valid for more than 825 days.
const LEAF_DAYS: i64 = 700;
const DAY_MS: i64 = 86_400_000;

/// A certificate with its chain and key, and where its authority's certificate is.
#[derive(Debug)]
pub struct Leaf {
    /// The PEM file that clients have to trust.
    pub authority: PathBuf,
    /// The certificate and its authority's.
    pub chain: Vec<CertificateDer<'static>>,
    /// The certificate's private key.
    pub key: PrivateKeyDer<'static>,
}

/// A certificate for this machine and `host`, valid from the day before `now`, by the
/// authority in `folder`; the authority is made when there is none.
///
/// # Errors
/// When the folder cannot be read or written, or what is in it is no authority of ours.
pub fn leaf(folder: &Path, host: &str, now: Timestamp) -> Result<Leaf, Refusal> {
    let cannot = |error: &dyn std::fmt::Display| {
        Refusal::new(
            Exit::Refused,
            format!(
                "the development CA in {} cannot be used: {error}",
                folder.display()
            ),
        )
        .hint("Remove that folder to have a new one made; clients have to be told of it again.")
    };
    fs::create_dir_all(folder).map_err(|error| cannot(&error))?;
    let key = authority_key(folder).map_err(|error| cannot(&error))?;
    let path = folder.join("ca.pem");
    let params = authority();
    let certificate = params.self_signed(&key).map_err(|error| cannot(&error))?;
    if !path.exists() {
        write_secret(&path, &certificate.pem()).map_err(|error| cannot(&error))?;
    }
    let leaf_key = KeyPair::generate().map_err(|error| cannot(&error))?;
    let signed = leaf_params(host, now)
        .and_then(|leaf| leaf.signed_by(&leaf_key, &Issuer::new(params, key)))
        .map_err(|error| cannot(&error))?;
    Ok(Leaf {
        authority: fs::canonicalize(&path).map_err(|error| cannot(&error))?,
        chain: vec![signed.der().clone()],
        key: PrivatePkcs8KeyDer::from(leaf_key.serialize_der()).into(),
    })
}

fn authority_key(folder: &Path) -> io::Result<KeyPair> {
    let path = folder.join("ca.key");
    match fs::read_to_string(&path) {
        Ok(pem) => KeyPair::from_pem(&pem).map_err(io::Error::other),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let key = KeyPair::generate().map_err(io::Error::other)?;
            write_secret(&path, &key.serialize_pem())?;
            // A certificate of an earlier key would only mislead.
            match fs::remove_file(folder.join("ca.pem")) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => Ok(key),
            }
        }
        Err(error) => Err(error),
    }
}

/// The same at each start, so that leaves match the certificate that was written down.
fn authority() -> CertificateParams {
    let mut params = CertificateParams::default();
    params
        .distinguished_name
        .push(DnType::CommonName, "Posthouse development CA");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.not_before = date_time_ymd(2024, 1, 1);
    params.not_after = date_time_ymd(2050, 1, 1);
    params
}

fn leaf_params(host: &str, now: Timestamp) -> Result<CertificateParams, rcgen::Error> {
    let mut names = vec![
        String::from("localhost"),
        String::from("127.0.0.1"),
        String::from("::1"),
    ];
    if host != "localhost" {
        names.push(host.to_owned());
    }
    let mut params = CertificateParams::new(names)?;
    params
        .distinguished_name
        .push(DnType::CommonName, "Posthouse development");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.use_authority_key_identifier_extension = true;
    let (year, month, date) = day(now, -1);
    params.not_before = date_time_ymd(year, month, date);
    let (year, month, date) = day(now, LEAF_DAYS);
    params.not_after = date_time_ymd(year, month, date);
    Ok(params)
}

fn day(now: Timestamp, days: i64) -> (i32, u8, u8) {
    let at = jiff::Timestamp::from_millisecond(now.0 + days * DAY_MS).unwrap_or_default();
    let date = at.to_zoned(jiff::tz::TimeZone::UTC).date();
    let part = |number: i8| u8::try_from(number).unwrap_or(1);
    (i32::from(date.year()), part(date.month()), part(date.day()))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rustls::pki_types::pem::PemObject as _;
    use rustls::{ClientConfig, RootCertStore, ServerConfig};
    use tokio_rustls::{TlsAcceptor, TlsConnector};

    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    /// A handshake with `leaf` by a client that trusts what is in the authority's file.
    async fn greeted(leaf: Leaf, name: &'static str) -> bool {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut roots = RootCertStore::empty();
        roots
            .add(CertificateDer::from_pem_file(&leaf.authority).unwrap())
            .unwrap();
        let mut client = ClientConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        client.time_provider = Arc::new(Fixed);
        let server = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(leaf.chain, leaf.key)
            .unwrap();
        let (near, far) = tokio::io::duplex(16 * 1024);
        let accepting = TlsAcceptor::from(Arc::new(server)).accept(far);
        let connecting =
            TlsConnector::from(Arc::new(client)).connect(name.try_into().unwrap(), near);
        let (accepted, connected) = tokio::join!(accepting, connecting);
        accepted.is_ok() && connected.is_ok()
    }

    #[derive(Debug)]
    struct Fixed;

    impl rustls::time_provider::TimeProvider for Fixed {
        fn current_time(&self) -> Option<rustls::pki_types::UnixTime> {
            let at = std::time::Duration::from_millis(NOW.0.unsigned_abs());
            Some(rustls::pki_types::UnixTime::since_unix_epoch(at))
        }
    }

    #[tokio::test]
    async fn clients_that_trust_the_file_accept_every_start() {
        let folder = tempfile::tempdir().unwrap();
        let ca = folder.path().join("dev-ca");
        for name in ["localhost", "127.0.0.1", "::1", "post.test"] {
            let leaf = leaf(&ca, "post.test", NOW).unwrap();
            assert!(greeted(leaf, name).await, "{name}");
        }
        let other = leaf(&ca, "post.test", NOW).unwrap();
        assert!(!greeted(other, "else.test").await);
    }

    #[test]
    fn a_folder_that_holds_something_else_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("ca.key"), "not a key").unwrap();
        let refusal = leaf(folder.path(), "localhost", NOW).unwrap_err();
        assert!(refusal.to_string().contains("development CA"), "{refusal}");
    }
}
