//! The same conversations with Posthouse and with Debian's Dovecot: whatever they answer
//! otherwise stands in `cases/conformance/differences.toml`, with its reason.

mod answer;
mod corpus;
mod differences;
mod pop3;
mod script;
mod structure;
mod talk;
mod value;
mod wire;

use std::collections::BTreeMap;

use posthouse_tests::dovecot::{Dovecot, Reader};
use posthouse_tests::place;
use posthouse_tests::site::Site;

use differences::{Difference, Side, judge};
use script::Script;
use talk::{Said, Server, talk};

const PASSWORD: &str = "secret-of-theirs";
/// What the mailbox of `quota` may hold, for each of them.
const QUOTA: (&str, &str) = ("4KB", "*:storage=4k");

fn scripts() -> Vec<Script> {
    let entries = std::fs::read_dir(place::here("cases/conformance")).expect("the cases");
    let paths = entries.map(|entry| entry.expect("one").path());
    let talks = paths.filter(|path| path.extension().is_some_and(|end| end == "talk"));
    let mut scripts: Vec<Script> = talks.map(|path| Script::read(&path)).collect();
    scripts.sort_by(|one, other| one.name.cmp(&other.name));
    scripts
}

fn user(script: &Script) -> String {
    format!("{}@example.test", script.name)
}

/// A mailbox in ours; its password.
fn mailbox(site: &Site, script: &Script) -> String {
    let user = user(script);
    let mut command = vec!["mailbox", "create", user.as_str()];
    if script.name == "quota" {
        command.extend(["--quota", QUOTA.0]);
    }
    let made = site.cli(&command);
    made["password"].as_str().expect("a password").to_owned()
}

/// What only one of two says to the same.
fn compare(ours: Vec<Said>, theirs: Vec<Said>) -> Vec<Difference> {
    assert_eq!(ours.len(), theirs.len());
    let mut found = Vec::new();
    for ((at, ours), (_, theirs)) in ours.into_iter().zip(theirs) {
        let mut counts: BTreeMap<String, i32> = BTreeMap::new();
        for piece in ours {
            *counts.entry(piece).or_default() += 1;
        }
        for piece in theirs {
            *counts.entry(piece).or_default() -= 1;
        }
        for (piece, count) in counts.into_iter().filter(|(_, count)| *count != 0) {
            let side = if count > 0 {
                Side::Posthouse
            } else {
                Side::Dovecot
            };
            let at = at.clone();
            found.push(Difference { at, side, piece });
        }
    }
    found
}

#[test]
#[ignore = "real servers: make test"]
fn answers_are_as_dovecot_has_them() {
    let scripts = scripts();
    assert!(scripts.len() > 10);
    let names: Vec<String> = scripts.iter().map(user).collect();
    let readers: Vec<Reader<'_>> = names
        .iter()
        .map(|name| Reader {
            name,
            password: PASSWORD,
            quota: name.starts_with("quota@").then_some(QUOTA.1),
        })
        .collect();
    let dovecot = Dovecot::start(&readers);
    let site = Site::new();
    let server = site.serve_with(&["--imap-connections-per-address", "512"]);
    let (imap, pop3) = (server.imap("starttls"), server.pop3("starttls"));
    let found: Vec<Difference> = std::thread::scope(|scope| {
        let spoken: Vec<_> = scripts
            .iter()
            .map(|script| {
                let (site, dovecot, imap, pop3) = (&site, &dovecot, &imap, &pop3);
                scope.spawn(move || {
                    let theirs = Server {
                        imap: dovecot.imap(),
                        pop3: dovecot.pop3(),
                        user: user(script),
                        password: PASSWORD.to_owned(),
                    };
                    let ours = Server {
                        imap: imap.clone(),
                        pop3: pop3.clone(),
                        user: user(script),
                        password: mailbox(site, script),
                    };
                    compare(talk(script, &ours), talk(script, &theirs))
                })
            })
            .collect();
        let spoken = spoken.into_iter();
        spoken
            .flat_map(|one| one.join().expect("no panic"))
            .collect()
    });
    let list = place::here("cases/conformance/differences.toml");
    let list = std::fs::read_to_string(list).expect("the list");
    judge(&list, &found);
    let (_, log) = server.process.stop();
    assert!(!log.contains("panicked"), "{log}");
}
