//! The dialogues of `cases/smtp`, spoken with the real program.

#[path = "../../server/src/smtp/tests/dialogue.rs"]
mod dialogue;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use posthouse_tests::place;
use posthouse_tests::site::{Serving, Site};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use self::dialogue::{Dialogue, Turn, fits, parse};

/// Long, where an answer takes no time.
const PATIENCE: Duration = Duration::from_secs(20);

trait Line: Read + Write + Send {}
impl<T: Read + Write + Send> Line for T {}

/// A client that says what a file has.
struct Client {
    /// For the handshake.
    tcp: TcpStream,
    line: BufReader<Box<dyn Line>>,
}

impl Client {
    fn connect(address: &str) -> Self {
        let tcp = TcpStream::connect(address).expect("it listens");
        tcp.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        let line: Box<dyn Line> = Box::new(tcp.try_clone().expect("a second handle"));
        Self {
            tcp,
            line: BufReader::new(line),
        }
    }

    /// What is said next: a line without its end; None at the end of the connection.
    fn hear(&mut self) -> Option<String> {
        let mut line = Vec::new();
        let count = self.line.read_until(b'\n', &mut line).expect("an answer");
        let line = String::from_utf8(line).expect("text");
        (count > 0).then(|| line.trim_end_matches("\r\n").to_owned())
    }

    fn say(&mut self, bytes: &[u8]) {
        let line = self.line.get_mut();
        line.write_all(bytes).expect("the server reads");
        line.flush().expect("the server reads");
    }

    fn handshake(&mut self, authority: &Path) {
        assert!(self.line.buffer().is_empty(), "something came before TLS");
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
        self.line = BufReader::new(Box::new(StreamOwned::new(tls, tcp)));
    }
}

fn files() -> Vec<PathBuf> {
    let folder = place::here("cases/smtp");
    let entries = std::fs::read_dir(folder).expect("the cases");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("one").path()).collect();
    files.sort();
    files
}

/// What goes otherwise than a file has it.
fn speak(dialogue: &Dialogue, address: &str, authority: &Path) -> Result<(), String> {
    let mut client = Client::connect(address);
    for turn in &dialogue.turns {
        match turn {
            Turn::Client(bytes) => client.say(bytes),
            Turn::Server(expected) => {
                let said = client.hear();
                if !said.as_deref().is_some_and(|said| fits(expected, said)) {
                    return Err(format!("{said:?} and not {expected:?}"));
                }
            }
            Turn::Handshake => client.handshake(authority),
            Turn::Closed => {
                let said = client.hear();
                if said.is_some() {
                    return Err(format!("{said:?} and not the end"));
                }
            }
        }
    }
    Ok(())
}

fn at(server: &Serving, listener: &str) -> String {
    let address = server.said["smtp"][listener].as_str();
    address
        .unwrap_or_else(|| panic!("no {listener} in {}", server.said))
        .to_owned()
}

/// The dialogues that `takes` takes, each with its own connection, all at once.
fn speak_all(server: &Serving, takes: impl Fn(&[String]) -> bool) {
    let token = server.first("server_token");
    let known = [
        ("host", "localhost"),
        ("token", token.as_str()),
        ("kim", "kim@example.test"),
    ];
    let authority = server.said["smtp"]["dev_ca"].as_str().map(PathBuf::from);
    let authority = authority.expect("a development CA");
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let speaking: Vec<_> = files()
            .into_iter()
            .filter_map(|path| {
                let text = std::fs::read_to_string(&path).expect("a file");
                let dialogue = parse(&text, &known);
                takes(&dialogue.listener).then_some((path, dialogue))
            })
            .map(|(path, dialogue)| {
                let address = at(server, &dialogue.listener[0]);
                let authority = &authority;
                scope.spawn(move || {
                    let spoken = speak(&dialogue, &address, authority);
                    spoken.err().map(|why| format!("{}: {why}", path.display()))
                })
            })
            .collect();
        assert!(!speaking.is_empty());
        let spoken = speaking
            .into_iter()
            .map(|one| one.join().expect("no panic"));
        spoken.flatten().collect()
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn has(words: &[String], word: &str) -> bool {
    words.iter().any(|one| one == word)
}

#[test]
fn each_line_has_its_answer() {
    let site = Site::new();
    let server = site.serve();
    speak_all(&server, |words| {
        // Bounds that no setting moves are for the tests of the session.
        let bounded = has(words, "size=1000");
        !bounded && (words[0] != "submission" || has(words, "plain"))
    });
    let (_, log) = server.process.stop();
    assert!(!log.contains("panicked"), "{log}");
}

#[test]
fn keys_are_shown_under_tls_where_that_is_set() {
    let site = Site::new();
    let server = site.serve_with(&["--smtp-submission-plain", "never"]);
    speak_all(&server, |words| {
        words[0] == "submission" && !has(words, "plain")
    });
}
