//! A client of SMTP that says exactly what it is told to, byte for byte.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Shutdown, SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use tokio::net::TcpSocket;

/// Long, where an answer takes no time.
const PATIENCE: Duration = Duration::from_secs(40);

trait Wire: Read + Write + Send {}
impl<T: Read + Write + Send> Wire for T {}

/// A connection.
pub struct Client {
    tcp: TcpStream,
    wire: BufReader<Box<dyn Wire>>,
}

impl Client {
    /// Connects from 127.0.0.1.
    ///
    /// # Panics
    /// When nobody listens.
    pub fn connect(address: &str) -> Self {
        Self::connect_from(Ipv4Addr::LOCALHOST, address)
    }

    /// Connects from a loopback address, of which there are sixteen million.
    ///
    /// # Panics
    /// When nobody listens.
    pub fn connect_from(source: Ipv4Addr, address: &str) -> Self {
        let address: SocketAddr = address.parse().expect("an address with its port");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .build();
        let connected = runtime.expect("a runtime").block_on(async {
            let socket = TcpSocket::new_v4()?;
            socket.bind(SocketAddr::new(IpAddr::V4(source), 0))?;
            socket.connect(address).await?.into_std()
        });
        let tcp = connected.expect("it listens");
        tcp.set_nonblocking(false).expect("a socket that waits");
        // What is written apart goes out apart.
        tcp.set_nodelay(true).expect("a socket that does not wait");
        tcp.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        let wire: Box<dyn Wire> = Box::new(tcp.try_clone().expect("a second handle"));
        Self {
            tcp,
            wire: BufReader::new(wire),
        }
    }

    /// What is said next: a line without its end; None at the end of the connection.
    ///
    /// # Panics
    /// When nothing comes, or no line, or the connection breaks.
    pub fn hear(&mut self) -> Option<String> {
        let mut line = Vec::new();
        let count = self.wire.read_until(b'\n', &mut line).expect("an answer");
        let line = String::from_utf8(line).expect("text");
        (count > 0).then(|| {
            let whole = line.strip_suffix("\r\n").expect("a line that ends in CRLF");
            whole.to_owned()
        })
    }

    /// What is said until the end of the connection.
    ///
    /// # Panics
    /// As [`Self::hear`].
    pub fn hear_all(&mut self) -> Vec<String> {
        std::iter::from_fn(|| self.hear()).collect()
    }

    /// Says bytes as they are.
    ///
    /// # Panics
    /// When they cannot be.
    pub fn say(&mut self, bytes: &[u8]) {
        self.try_say(bytes).expect("the server reads");
    }

    /// Says bytes as they are, if they can be.
    ///
    /// # Errors
    /// When the other side is gone.
    pub fn try_say(&mut self, bytes: &[u8]) -> io::Result<()> {
        let wire = self.wire.get_mut();
        wire.write_all(bytes)?;
        wire.flush()
    }

    /// Says a line and hears the last line of its answer.
    ///
    /// # Panics
    /// When there is none.
    pub fn ask(&mut self, line: &str) -> String {
        self.say(format!("{line}\r\n").as_bytes());
        self.answer().expect("an answer")
    }

    /// The last line of what is said next; None at the end of the connection.
    ///
    /// # Panics
    /// As [`Self::hear`].
    pub fn answer(&mut self) -> Option<String> {
        loop {
            let line = self.hear()?;
            if line.as_bytes().get(3) != Some(&b'-') {
                return Some(line);
            }
        }
    }

    /// Says no more, and waits until the other side has understood that: what was said has
    /// arrived then.
    pub fn hang_up(mut self) {
        // Whoever closed first has closed.
        drop(self.tcp.shutdown(Shutdown::Write));
        // Under TLS this is no end as it should be.
        drop(io::copy(&mut self.wire, &mut io::sink()));
    }

    /// Goes on under TLS, with a server that calls itself localhost.
    ///
    /// # Panics
    /// When something came before TLS, or the authority cannot be read.
    pub fn handshake(&mut self, authority: &Path) {
        assert!(self.wire.buffer().is_empty(), "something came before TLS");
        let mut roots = RootCertStore::empty();
        let authority = CertificateDer::from_pem_file(authority).expect("a certificate");
        roots.add(authority).expect("an authority");
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = "localhost".try_into().expect("a name");
        let tls = ClientConnection::new(Arc::new(config), name).expect("a connection");
        let tcp = self.tcp.try_clone().expect("a second handle");
        self.wire = BufReader::new(Box::new(StreamOwned::new(tls, tcp)));
    }
}

/// A mail and its envelope.
pub struct Envelope<'a> {
    /// The reverse-path.
    pub from: &'a str,
    /// The forward-paths.
    pub to: &'a [&'a str],
    /// Lines ended by CRLF, dots not yet stuffed.
    pub mail: &'a str,
}

/// Hands a mail to the server at `address`, with a user and a password where they are shown.
///
/// # Panics
/// When any of it is refused.
pub fn hand(address: &str, login: Option<(&str, &str)>, envelope: &Envelope<'_>) {
    let Envelope { from, to, mail } = envelope;
    let mut client = Client::connect(address);
    let greeting = client.answer().expect("a greeting");
    assert!(greeting.starts_with('2'), "{greeting}");
    let mut ask = |line: &str, expected: char| {
        let said = client.ask(line);
        assert!(said.starts_with(expected), "{line}: {said}");
    };
    ask("EHLO mx.far.test", '2');
    if let Some((user, password)) = login {
        let both = STANDARD.encode(format!("\0{user}\0{password}"));
        ask(&format!("AUTH PLAIN {both}"), '2');
    }
    ask(&format!("MAIL FROM:<{from}>"), '2');
    for to in *to {
        ask(&format!("RCPT TO:<{to}>"), '2');
    }
    ask("DATA", '3');
    let stuffed = mail.replace("\r\n.", "\r\n..");
    ask(&format!("{stuffed}."), '2');
    ask("QUIT", '2');
}
