//! The dialogues of `cases/imap`, cut off behind everything that is said: nothing is half
//! done, and the listener goes on.

use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use posthouse_tests::site::Site;
use posthouse_tests::smtp::Client;

use super::dialogue::{Dialogue, Turn};
use super::imap_dialogue::{dialogues, mailbox};

/// Connections at a time.
const CALLERS: usize = 8;

/// A caller's own address, so that nobody pays for another's mistakes.
fn caller() -> Ipv4Addr {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    Ipv4Addr::from(u32::from(Ipv4Addr::new(127, 2, 0, 1)) + number)
}

/// Where a dialogue can be cut: behind each thing said, and before the next.
fn cuts(dialogue: &Dialogue) -> Vec<usize> {
    let says = |turn: &Turn| matches!(turn, Turn::Client(_));
    let turns = &dialogue.turns;
    let at = |length: &usize| {
        turns[..*length].last().is_some_and(says) || turns.get(*length).is_none_or(says)
    };
    (0..=turns.len()).filter(at).collect()
}

/// The first word of a line that ends what is said to a command.
fn ends(line: &str) -> Option<&str> {
    let (word, rest) = line.split_once(' ')?;
    let result = ["OK ", "NO ", "BAD "]
        .iter()
        .any(|end| rest.starts_with(end));
    (word == "+" || (result && word != "*")).then_some(word)
}

fn hear_until(client: &mut Client, word: &str) {
    let start = format!("{word} ");
    while client.hear().is_some_and(|said| !said.starts_with(&start)) {}
}

/// Says the first `length` turns, hears what ends each command, and hangs up. What stands in
/// the mailbox by now is another matter.
fn speak_until(dialogue: &Dialogue, length: usize, address: &str, authority: &Path) {
    let mut client = Client::connect_from(caller(), address);
    for turn in &dialogue.turns[..length] {
        match turn {
            Turn::Client(bytes) => client.say(bytes),
            Turn::Server(line) if line.starts_with("* OK [CAPABILITY") => drop(client.hear()),
            Turn::Server(line) => {
                if let Some(word) = ends(line) {
                    hear_until(&mut client, word);
                }
            }
            Turn::Handshake => client.handshake(authority),
            Turn::Closed => {}
        }
    }
    client.hang_up();
}

#[test]
#[ignore = "hundreds of connections: make test"]
fn a_client_that_goes_leaves_nothing_half_done() {
    let site = Site::new();
    let server = site.serve_with(&["--imap-connections-per-address", "512"]);
    let (address, authority) = (server.imap("starttls"), server.smtp_authority());
    let mut cut = 0;
    for (_, dialogue) in dialogues(&site, |words| words.len() == 1) {
        let (cuts, next) = (cuts(&dialogue), AtomicU32::new(0));
        std::thread::scope(|scope| {
            for _ in 0..CALLERS {
                scope.spawn(|| {
                    loop {
                        let at = next.fetch_add(1, Ordering::Relaxed) as usize;
                        let Some(length) = cuts.get(at) else {
                            return;
                        };
                        speak_until(&dialogue, *length, &address, &authority);
                    }
                });
            }
        });
        cut += cuts.len();
    }
    assert!(cut > 300, "{cut}");
    // What was added was added whole, and the mailbox can be read.
    let password = mailbox(&site, "after@example.test");
    let mut client = Client::connect(&address);
    client.say(format!("a LOGIN after@example.test {password}\r\nb SELECT INBOX\r\n").as_bytes());
    let mut said = String::new();
    while !said.starts_with("b ") {
        said = client.hear().expect("an answer");
    }
    assert!(said.starts_with("b OK"), "{said}");
    let list = site.cli(&["message", "list", "--address", "append@example.test"]);
    let sizes = list.as_array().expect("a list").iter();
    let sizes: Vec<i64> = sizes.filter_map(|one| one["size_bytes"].as_i64()).collect();
    assert!(
        !sizes.is_empty() && sizes.iter().all(|size| [16, 18].contains(size)),
        "{sizes:?}"
    );
    let (_, log) = server.process.stop();
    assert!(!log.contains("panicked"), "{log}");
}
