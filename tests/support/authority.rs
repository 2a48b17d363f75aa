//! A certificate authority for one test.

use std::path::{Path, PathBuf};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};

/// Files of an authority and of one certificate that it issued.
pub struct Authority {
    /// The authority's certificate, PEM.
    pub root: PathBuf,
    /// The issued certificate, PEM.
    pub certificate: PathBuf,
    /// Its private key, PEM.
    pub key: PathBuf,
}

impl Authority {
    /// Makes an authority in `folder`, and a certificate for these host names and addresses.
    ///
    /// # Panics
    /// When a name is not one, or the folder cannot be written.
    pub fn make(folder: &Path, names: &[&str]) -> Self {
        let made = Self {
            root: folder.join("root.pem"),
            certificate: folder.join("certificate.pem"),
            key: folder.join("key.pem"),
        };
        let root_key = KeyPair::generate().expect("a key");
        let mut root = CertificateParams::new(Vec::new()).expect("no names");
        root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        root.distinguished_name
            .push(rcgen::DnType::CommonName, "Authority of one test");
        let root_certificate = root.self_signed(&root_key).expect("signed");
        let issuer = Issuer::new(root, root_key);

        let key = KeyPair::generate().expect("a key");
        let names = names
            .iter()
            .map(|&name| name.to_owned())
            .collect::<Vec<_>>();
        let leaf = CertificateParams::new(names).expect("names of hosts");
        let certificate = leaf.signed_by(&key, &issuer).expect("signed");
        for (path, text) in [
            (&made.root, root_certificate.pem()),
            (&made.certificate, certificate.pem()),
            (&made.key, key.serialize_pem()),
        ] {
            std::fs::write(path, text).expect("the folder can be written");
        }
        made
    }
}
