//! Servers with certificates, for the tests of the ports.

use std::sync::{Arc, LazyLock};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::TlsAcceptor;

use super::tls::Trust;

/// An authority of our own and a server with a certificate from it.
pub(super) struct Authority {
    /// Trusts the authority.
    pub trust: Arc<Trust>,
    /// Shows the certificate.
    pub acceptor: TlsAcceptor,
}

/// An authority that has certified `name`.
pub(super) fn authority(name: &str) -> Authority {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages.push(KeyUsagePurpose::KeyCertSign);
    let key = KeyPair::generate().unwrap();
    let root = params.self_signed(&key).unwrap();
    let issuer = Issuer::new(params, key);
    let key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(vec![name.to_owned()]).unwrap();
    let leaf = leaf.signed_by(&key, &issuer).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![leaf.der().clone()],
            PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())),
        )
        .unwrap();
    Authority {
        trust: Arc::new(Trust::new(root.pem().as_bytes()).unwrap()),
        acceptor: TlsAcceptor::from(Arc::new(config)),
    }
}

/// Trusts nobody that a test could be.
pub(super) fn strangers() -> Arc<Trust> {
    // Reading the authorities of the machine takes a while in a debug build.
    static STRANGERS: LazyLock<Arc<Trust>> = LazyLock::new(|| Arc::new(Trust::new(b"").unwrap()));
    STRANGERS.clone()
}
