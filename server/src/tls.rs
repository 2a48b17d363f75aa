//! The certificate that HTTPS and SMTP show.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use posthouse::clock::Timestamp;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::config::Config;
use crate::data::Data;
use crate::dev_ca;
use crate::refusal::{Exit, Refusal};

/// What TLS listeners need.
#[derive(Clone, Debug)]
pub struct Tls {
    /// For HTTPS.
    pub http: Arc<ServerConfig>,
    /// For what is not HTTP, and agrees on no protocol within TLS (RFC 7301).
    pub mail: Arc<ServerConfig>,
    /// The PEM file that clients have to trust, when the certificate is the development
    /// CA's.
    pub dev_ca: Option<PathBuf>,
}

/// The certificate of the settings, or, when they name none, one by the development CA.
///
/// # Errors
/// When a file cannot be read, or certificate and key do not fit together.
pub fn tls(config: &Config, data: &Data, now: Timestamp) -> Result<Tls, Refusal> {
    let server = &config.server;
    let (chain, key, dev_ca) = match (&server.certificate.0, &server.certificate_key.0) {
        (Some(certificate), Some(key)) => (chain(certificate)?, private_key(key)?, None),
        // Half of a pair is refused with the settings.
        (None, _) | (_, None) => {
            let leaf = dev_ca::leaf(&data.dev_ca(), &server.host.0, now)?;
            (leaf.chain, leaf.key, Some(leaf.authority))
        }
    };
    let mut config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| {
            Refusal::new(
                Exit::Usage,
                format!("server.certificate and server.certificate_key cannot be used: {error}"),
            )
        })?;
    let mail = Arc::new(config.clone());
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Tls {
        http: Arc::new(config),
        mail,
        dev_ca,
    })
}

fn wrong(setting: &str, path: &Path, error: &dyn std::fmt::Display) -> Refusal {
    Refusal::new(
        Exit::Usage,
        format!("server.{setting}: {}: {error}", path.display()),
    )
    .hint("It has to be a PEM file that Posthouse may read.")
}

fn chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, Refusal> {
    let wrong = |error: &dyn std::fmt::Display| wrong("certificate", path, error);
    let chain = CertificateDer::pem_file_iter(path)
        .map_err(|error| wrong(&error))?
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| wrong(&error))?;
    if chain.is_empty() {
        return Err(wrong(&"there is no certificate in it"));
    }
    Ok(chain)
}

fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>, Refusal> {
    PrivateKeyDer::from_pem_file(path).map_err(|error| wrong("certificate_key", path, &error))
}
