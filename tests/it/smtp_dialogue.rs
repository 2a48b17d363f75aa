//! The dialogues of `cases/smtp`, spoken with the real program.

use std::path::{Path, PathBuf};

use posthouse_tests::place;
use posthouse_tests::site::{Serving, Site};
use posthouse_tests::smtp::Client;

use super::dialogue::{Dialogue, Turn, fits, parse};

fn files() -> Vec<PathBuf> {
    let folder = place::here("cases/smtp");
    let entries = std::fs::read_dir(folder).expect("the cases");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("one").path()).collect();
    files.sort();
    files
}

/// All of them, as this server would have them.
pub fn dialogues(server: &Serving) -> Vec<(PathBuf, Dialogue)> {
    let token = server.first("server_token");
    let known = [
        ("host", "localhost"),
        ("token", token.as_str()),
        ("kim", "kim@example.test"),
    ];
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).expect("a file");
        let dialogue = parse(&text, &known);
        (path, dialogue)
    };
    files().into_iter().map(read).collect()
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

/// The dialogues that `takes` takes, each with its own connection, all at once.
pub fn speak_all(server: &Serving, takes: impl Fn(&[String]) -> bool) {
    let authority = server.smtp_authority();
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let speaking: Vec<_> = dialogues(server)
            .into_iter()
            .filter(|(_, dialogue)| takes(&dialogue.listener))
            .map(|(path, dialogue)| {
                let address = server.smtp(&dialogue.listener[0]);
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

pub fn has(words: &[String], word: &str) -> bool {
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
