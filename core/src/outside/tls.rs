//! TLS as a client: whom we trust, and what a handshake showed.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustls::client::Resumption;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    ClientConfig, ClientConnection, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};
use rustls_platform_verifier::Verifier;

/// What the certificate of the peer was worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is the named host's, by an authority that this machine trusts.
    Valid,
    /// It is not, and why.
    Invalid(String),
}

/// What a TLS connection turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFacts {
    /// `TLSv1.2` or `TLSv1.3`.
    pub version: &'static str,
    /// The cipher suite by its name at IANA, such as `TLS13_AES_256_GCM_SHA384`.
    pub cipher: &'static str,
    /// What the certificate was worth.
    pub certificate: Verdict,
}

/// The given extra root certificates cannot be used, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("extra root certificates: {0}")]
pub struct BadRoots(String);

/// Whom we trust: the authorities of this machine and the extra ones that were given.
#[derive(Debug, Clone)]
pub struct Trust {
    provider: Arc<CryptoProvider>,
    authorities: Arc<Authorities>,
}

/// Those who vouch for certificates, read when the first one is to be checked: most
/// commands need none. A machine without any (a bare container) must still start; what it
/// cannot do fails with this reason when it is tried.
#[derive(Debug)]
struct Authorities {
    extra: Vec<CertificateDer<'static>>,
    verifier: OnceLock<Result<Arc<Verifier>, String>>,
}

impl Trust {
    /// Trusts the authorities of this machine and the certificates in `extra_roots_pem` (PEM,
    /// any number of them, may be empty).
    ///
    /// # Errors
    /// [`BadRoots`] when the PEM text holds something that is no certificate.
    pub fn new(extra_roots_pem: &[u8]) -> Result<Self, BadRoots> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut extra = Vec::new();
        let mut check = RootCertStore::empty();
        for root in CertificateDer::pem_slice_iter(extra_roots_pem) {
            let root = root.map_err(|error| BadRoots(error.to_string()))?;
            check
                .add(root.clone())
                .map_err(|error| BadRoots(error.to_string()))?;
            extra.push(root);
        }
        if extra.is_empty() && !extra_roots_pem.trim_ascii().is_empty() {
            return Err(BadRoots("no certificate found in the text".to_owned()));
        }
        let verifier = OnceLock::new();
        Ok(Self {
            provider,
            authorities: Arc::new(Authorities { extra, verifier }),
        })
    }

    fn verifier(&self) -> Result<Arc<Verifier>, String> {
        let read = || {
            let extra = self.authorities.extra.clone();
            Verifier::new_with_extra_roots(extra, self.provider.clone())
                .map(Arc::new)
                .map_err(|error| error.to_string())
        };
        self.authorities.verifier.get_or_init(read).clone()
    }

    /// A configuration that goes on only with a valid certificate.
    ///
    /// # Errors
    /// The reason, when this machine has no authorities to check with.
    pub fn verified(&self) -> Result<ClientConfig, String> {
        let verifier = self.verifier()?;
        self.config(verifier)
    }

    /// A configuration that goes on with any certificate (RFC 7435), and the witness that
    /// remembers what the certificate was worth. For one connection only.
    ///
    /// # Errors
    /// The reason, when the TLS library refuses its own defaults.
    pub fn witnessed(&self) -> Result<(ClientConfig, Arc<Witness>), String> {
        let witness = Arc::new(Witness {
            provider: self.provider.clone(),
            verifier: self.verifier(),
            verdict: Mutex::new(None),
        });
        let mut config = self.config(witness.clone())?;
        // A resumed session shows no certificate, so the witness would see none.
        config.resumption = Resumption::disabled();
        Ok((config, witness))
    }

    fn config(&self, verifier: Arc<dyn ServerCertVerifier>) -> Result<ClientConfig, String> {
        Ok(ClientConfig::builder_with_provider(self.provider.clone())
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_no_client_auth())
    }
}

/// Lets every certificate pass and remembers what the real verification says of it.
/// The peer still has to prove that it holds the key of what it showed.
#[derive(Debug)]
pub struct Witness {
    provider: Arc<CryptoProvider>,
    verifier: Result<Arc<Verifier>, String>,
    verdict: Mutex<Option<Verdict>>,
}

impl Witness {
    /// The verdict on the certificate that was shown.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.verdict
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
            .unwrap_or_else(|| Verdict::Invalid("the server showed no certificate".to_owned()))
    }
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verdict = match &self.verifier {
            Err(reason) => Verdict::Invalid(reason.clone()),
            Ok(verifier) => match verifier.verify_server_cert(
                end_entity,
                intermediates,
                server_name,
                ocsp_response,
                now,
            ) {
                Ok(_) => Verdict::Valid,
                Err(error) => Verdict::Invalid(error.to_string()),
            },
        };
        *self.verdict.lock().unwrap_or_else(PoisonError::into_inner) = Some(verdict);
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, cert, dss, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, cert, dss, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

/// What a finished handshake agreed on.
#[must_use]
pub fn facts(connection: &ClientConnection, certificate: Verdict) -> TlsFacts {
    TlsFacts {
        version: match connection.protocol_version() {
            Some(rustls::ProtocolVersion::TLSv1_3) => "TLSv1.3",
            Some(rustls::ProtocolVersion::TLSv1_2) => "TLSv1.2",
            _ => "unknown",
        },
        cipher: connection
            .negotiated_cipher_suite()
            .and_then(|suite| suite.suite().as_str())
            .unwrap_or("unknown"),
        certificate,
    }
}
