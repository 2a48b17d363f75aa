//! The dialogues of `cases/smtp`, cut off behind every line: what was whole is kept, what was
//! not leaves nothing, and the listener goes on.

use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use posthouse_tests::rows::count;
use posthouse_tests::site::{Serving, Site};
use posthouse_tests::smtp::Client;
use posthouse_tests::wait;

use super::dialogue::{Dialogue, Turn};
use super::smtp_dialogue::{dialogues, has, speak_all};

/// Connections at a time.
const CALLERS: usize = 16;

/// A caller's own address, so that nobody pays for another's mistakes.
fn caller() -> Ipv4Addr {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    Ipv4Addr::from(u32::from(Ipv4Addr::new(127, 1, 0, 1)) + number)
}

/// Says and hears the first `length` turns of a dialogue and hangs up.
fn speak_until(dialogue: &Dialogue, length: usize, address: &str, authority: &Path) {
    let mut client = Client::connect_from(caller(), address);
    for turn in &dialogue.turns[..length] {
        match turn {
            Turn::Client(bytes) => client.say(bytes),
            Turn::Server(_) => drop(client.hear()),
            Turn::Handshake => client.handshake(authority),
            Turn::Closed => {}
        }
    }
    client.hang_up();
}

/// How many messages have come to their end in the first `length` turns: their `250` is said,
/// or is what is said next.
fn due(dialogue: &Dialogue, length: usize) -> usize {
    let turns = &dialogue.turns;
    let said_next = turns[length..]
        .iter()
        .take_while(|turn| matches!(turn, Turn::Server(_)));
    let said_next = match turns[..length].last() {
        // Whatever the last words ask for is still answered.
        Some(Turn::Client(_) | Turn::Server(_)) => said_next.count(),
        Some(Turn::Handshake | Turn::Closed) | None => 0,
    };
    let taken = |turn: &&Turn| matches!(turn, Turn::Server(line) if line.contains("{{id}}"));
    turns[..length + said_next].iter().filter(taken).count()
}

/// Every dialogue that `takes` takes, cut off everywhere; how often, and how many messages
/// were whole.
fn cut_all(site: &Site, server: &Serving, takes: impl Fn(&[String]) -> bool) -> (usize, u64) {
    let authority = server.smtp_authority();
    let (mut cut, mut kept) = (0, 0);
    for (path, dialogue) in dialogues(server) {
        if !takes(&dialogue.listener) {
            continue;
        }
        let address = server.smtp(&dialogue.listener[0]);
        let next = AtomicU32::new(0);
        let ends = dialogue.turns.len();
        std::thread::scope(|scope| {
            for _ in 0..CALLERS {
                scope.spawn(|| {
                    loop {
                        let length = next.fetch_add(1, Ordering::Relaxed) as usize;
                        if length > ends {
                            return;
                        }
                        speak_until(&dialogue, length, &address, &authority);
                    }
                });
            }
        });
        let all: usize = (0..=ends).map(|length| due(&dialogue, length)).sum();
        kept += all as u64;
        cut += ends + 1;
        // What is taken is taken though nobody waits for the answer. Each has a body of its
        // own, since each caller has an address of its own.
        let name = path.display();
        let came = wait::within(wait::PATIENCE, || {
            (count(site, "body") >= kept).then_some(())
        });
        assert!(came.is_some(), "{name}: {} of {kept}", count(site, "body"));
        assert_eq!(count(site, "body"), kept, "{name}: too many");
    }
    (cut, kept)
}

#[test]
#[ignore = "many connections: make test"]
fn who_hangs_up_anywhere_leaves_whole_messages_only() {
    let site = Site::new();
    let server = site.serve();
    let takes = |words: &[String]| {
        !has(words, "size=1000") && (words[0] != "submission" || has(words, "plain"))
    };
    let (cut, kept) = cut_all(&site, &server, takes);
    assert!(cut > 500 && kept > 100, "{cut} {kept}");
    speak_all(&server, takes);
    let (_, log) = server.process.stop();
    assert!(!log.contains("panicked"), "{log}");
}

#[test]
#[ignore = "many connections: make test"]
fn under_tls_too() {
    let site = Site::new();
    let server = site.serve_with(&["--smtp-submission-plain", "never"]);
    let takes = |words: &[String]| words[0] == "submission" && !has(words, "plain");
    let (cut, kept) = cut_all(&site, &server, takes);
    assert!(cut > 50 && kept > 3, "{cut} {kept}");
    speak_all(&server, takes);
}
