//! The dialogues of `cases/imap`, each spoken with the real program by somebody with a
//! mailbox of their own.

use std::path::{Path, PathBuf};

use posthouse_tests::place;
use posthouse_tests::site::{Serving, Site};
use posthouse_tests::smtp::Client;

use super::dialogue::{Dialogue, Turn, fits, parse};

/// What is told before somebody has signed in, and after.
const STRANGER: &str = "IMAP4rev1 IMAP4rev2 LITERAL+ SASL-IR ENABLE ID";
const KNOWN: &str = "IDLE NAMESPACE UIDPLUS MOVE UNSELECT CHILDREN SPECIAL-USE LIST-EXTENDED \
     LIST-STATUS STATUS=SIZE ESEARCH SEARCHRES WITHIN CONDSTORE QRESYNC QUOTA QUOTA=RES-STORAGE";

fn files() -> Vec<PathBuf> {
    let folder = place::here("cases/imap");
    let entries = std::fs::read_dir(folder).expect("the cases");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("one").path()).collect();
    files.sort();
    files
}

/// A new mailbox; its password.
pub fn mailbox(site: &Site, address: &str) -> String {
    let made = site.cli(&["mailbox", "create", address]);
    made["password"].as_str().expect("a password").to_owned()
}

/// Those that `takes` takes, each by a person of the file's name.
pub fn dialogues(site: &Site, takes: impl Fn(&[String]) -> bool) -> Vec<(PathBuf, Dialogue)> {
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).expect("a file");
        let words = text.lines().find_map(|line| line.strip_prefix("= "));
        let words: Vec<String> = words
            .expect("a listener")
            .split(' ')
            .map(str::to_owned)
            .collect();
        if !takes(&words) {
            return None;
        }
        let stem = path.file_stem().expect("a name").to_string_lossy();
        let address = format!("{stem}@example.test");
        let password = mailbox(site, &address);
        let known = format!("{STRANGER} {KNOWN}");
        let known = [
            ("kim", address.as_str()),
            ("password", password.as_str()),
            ("stranger", STRANGER),
            ("known", known.as_str()),
        ];
        let dialogue = parse(&text, &known);
        Some((path, dialogue))
    };
    files().into_iter().filter_map(read).collect()
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

fn speak_all(server: &Serving, dialogues: &[(PathBuf, Dialogue)]) {
    let (address, authority) = (server.imap("starttls"), server.smtp_authority());
    assert!(!dialogues.is_empty());
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let speaking: Vec<_> = dialogues
            .iter()
            .map(|(path, dialogue)| {
                let (address, authority) = (&address, &authority);
                scope.spawn(move || {
                    let spoken = speak(dialogue, address, authority);
                    spoken.err().map(|why| format!("{}: {why}", path.display()))
                })
            })
            .collect();
        let spoken = speaking
            .into_iter()
            .map(|one| one.join().expect("no panic"));
        spoken.flatten().collect()
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
#[ignore = "a password a file takes its time: make test"]
fn each_line_has_its_answer() {
    let site = Site::new();
    let server = site.serve();
    speak_all(&server, &dialogues(&site, |words| words.len() == 1));
    let (_, log) = server.process.stop();
    assert!(!log.contains("panicked"), "{log}");
}

#[test]
#[ignore = "a password a file takes its time: make test"]
fn passwords_are_shown_under_tls_where_that_is_set() {
    let site = Site::new();
    let server = site.serve_with(&["--imap-plain", "never"]);
    let never = |words: &[String]| words.iter().any(|word| word == "never");
    speak_all(&server, &dialogues(&site, never));
}
