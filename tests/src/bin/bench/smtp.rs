//! Mail taken over SMTP, each on disk when it is answered, beside Debian's postfix: the same
//! client (smtp-source, postfix's own), the same mails, the same run.

use std::net::UdpSocket;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use posthouse_tests::postfix::Postfix;

use crate::accept::{start_with, stop};
use crate::{CLIENTS, MAIL_BYTES};

/// Mails of one figure, a connection each at least.
const MAILS: usize = 6_000;
/// Whom they are for, at each.
const OURS: &str = "kim@example.test";
const THEIRS: &str = "inbox@far.test";

/// What one number of connections came to.
pub struct Round {
    pub connections: usize,
    pub ours: f64,
    pub postfix: f64,
}

/// Measures both, turn by turn.
pub async fn run(posthouse: &Path) -> Vec<Round> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let dns = nothing_known();
    let flags = ["--smtp-inbound", "127.0.0.1:0", "--dns-servers", &dns];
    let (mut server, hello) = start_with(posthouse, folder.path(), &flags).await;
    let ours = hello["smtp"]["inbound"]
        .as_str()
        .expect("a listener")
        .replace("smtp://", "");
    let port = free_port();
    let postfix = Postfix::start("127.0.0.1", port);
    let theirs = format!("127.0.0.1:{port}");
    let mut rounds = Vec::new();
    for connections in CLIENTS {
        // Once, unmeasured: what is made on first use is made.
        source(&ours, OURS, connections, connections * 4);
        source(&theirs, THEIRS, connections, connections * 4);
        rounds.push(Round {
            connections,
            ours: source(&ours, OURS, connections, MAILS),
            postfix: source(&theirs, THEIRS, connections, MAILS),
        });
    }
    drop(postfix);
    let process = server.id().expect("a running server");
    stop(&mut server, process).await;
    rounds
}

/// Sends `mails` over so many connections; how many a second were taken.
fn source(to: &str, recipient: &str, connections: usize, mails: usize) -> f64 {
    let start = Instant::now();
    let ended = Command::new("smtp-source")
        .args(["-d", "-s", &connections.to_string()])
        .args(["-m", &mails.to_string()])
        .args(["-l", &MAIL_BYTES.to_string()])
        .args(["-f", "ann@far.test", "-t", recipient, to])
        .output()
        .expect("smtp-source (Debian: postfix)");
    let seconds = start.elapsed().as_secs_f64();
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{said}");
    mails as f64 / seconds
}

/// A name server that knows no name, so that looking up senders costs no more than asking.
fn nothing_known() -> String {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a port");
    let address = socket.local_addr().expect("an address").to_string();
    std::thread::spawn(move || {
        let mut query = [0; 512];
        while let Ok((length, from)) = socket.recv_from(&mut query) {
            // QR, RD and RA set, NXDOMAIN; the question as it came, no other records
            // (RFC 1035 section 4.1.1).
            let mut answer = query[..length].to_vec();
            if let Some(header) = answer.get_mut(2..4) {
                header.copy_from_slice(&[0x81, 0x83]);
                let question = question_end(&answer);
                answer.truncate(question);
                answer[6..12].fill(0);
                // Whoever asked may be gone.
                let _ = socket.send_to(&answer, from);
            }
        }
    });
    address
}

/// Where the only question ends: its name, its type and its class.
fn question_end(message: &[u8]) -> usize {
    let mut at = 12;
    while let Some(&length) = message.get(at) {
        at += 1 + usize::from(length);
        if length == 0 {
            break;
        }
    }
    (at + 4).min(message.len())
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}
