//! How the tests of this package open an engine.

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use posthouse::mime::keys::{KeyError, KeyPair, generate_rsa2048};
use posthouse::outside::bounds::HTTP_TOTAL;
use posthouse::outside::dns::{Patience, Resolver};
use posthouse::outside::http::{HttpClient, Names};
use posthouse::outside::smtp::SmtpClient;
use posthouse::outside::tls::Trust;
use posthouse::seal::MasterKey;
use posthouse::{Opening, Ports, Settings};

/// An opening with the system's names, and no certificate authority that is trusted.
pub fn opening(path: PathBuf, settings: Settings) -> Opening {
    // A place in the code that logs is registered by whichever test comes there first, and
    // stays silent if nobody listens at that moment, also for a test that reads the log.
    let _ = tracing::subscriber::set_global_default(tracing_subscriber::registry());
    let dns = Arc::new(Resolver::system(Patience::default()).unwrap());
    let trust = Arc::new(Trust::new(b"").unwrap());
    let ports = Ports {
        dns: dns.clone(),
        smtp: Arc::new(SmtpClient::new(trust.clone())),
        http: Arc::new(HttpClient::new(trust, Names::Dns(dns), HTTP_TOTAL)),
    };
    let mut opening = Opening::new(path, MasterKey([7; 32]), settings, ports);
    opening.rsa = same_rsa;
    opening
}

/// One key for every domain: making one takes longer than most tests.
fn same_rsa() -> Result<KeyPair, KeyError> {
    static KEY: LazyLock<KeyPair> = LazyLock::new(|| generate_rsa2048().unwrap());
    Ok(KEY.clone())
}
