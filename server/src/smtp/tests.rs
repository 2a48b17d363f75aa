//! Dialogues, as the files in `tests/cases/smtp` have them: as they are, cut off anywhere,
//! and cut into any pieces.

mod dialogue;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use proptest::prelude::*;

use self::dialogue::{Dialogue, Turn, fits, parse, unescape};
use super::manner::{Manner, Role};
use super::step::{Answer, Question, Step, Taking};
use super::talk::Talk;
use super::words;
use crate::net::manner::{PlainAuth, StartTls};

const HOST: &str = "mail.example.test";
/// What the files know by name.
const KNOWN: [(&str, &str); 3] = [
    ("host", HOST),
    ("token", "right"),
    ("kim", "kim@example.test"),
];

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/cases/smtp");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert!(files.len() > 5, "the files are not here");
    files
}

fn dialogues() -> impl Iterator<Item = (String, Dialogue)> {
    files().into_iter().map(|path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(path).unwrap();
        (name, parse(&text, &KNOWN))
    })
}

fn manner(words: &[String]) -> Manner {
    let has = |word: &str| words.iter().any(|one| one == word);
    let size = words.iter().find_map(|one| one.strip_prefix("size="));
    Manner {
        role: match words[0].as_str() {
            "inbound" => Role::Inbound,
            "submission" => Role::Submission,
            "capture" => Role::Capture,
            other => panic!("there is no role {other}"),
        },
        host: HOST.to_owned(),
        starttls: StartTls::Offered,
        plain_auth: if has("plain") {
            PlainAuth::Allowed
        } else {
            PlainAuth::Refused
        },
        size_bytes: size.map_or(50_000_000, |size| size.parse().unwrap()),
    }
}

/// A client, and an engine that knows one key, one domain and one mailbox.
struct Client {
    talk: Talk,
    role: Role,
    said: Vec<u8>,
    taken: Vec<Taking>,
    closed: bool,
    handshakes: usize,
    /// Those that are done.
    agreed: usize,
}

impl Client {
    fn new(manner: Manner) -> Self {
        let role = manner.role;
        let mut client = Self {
            talk: Talk::new(Arc::new(manner), None),
            role,
            said: Vec::new(),
            taken: Vec::new(),
            closed: false,
            handshakes: 0,
            agreed: 0,
        };
        client.run();
        client
    }

    fn push(&mut self, bytes: &[u8]) {
        // As the driver has it: never more than it reads at once.
        for piece in bytes.chunks(super::limits::READ_BYTES) {
            // What comes during a handshake is the handshake's.
            if !self.closed && self.handshakes == self.agreed {
                self.talk.push(piece);
                self.run();
            }
        }
    }

    fn run(&mut self) {
        while let Some(step) = self.talk.step() {
            match step {
                Step::Say(reply) => reply.write(self.talk.statuses(), &mut self.said),
                Step::Ask(question) => {
                    let answer = self.answer(question);
                    self.talk.answer(answer);
                }
                Step::StartTls => self.handshakes += 1,
                Step::Close => self.closed = true,
            }
        }
    }

    fn secured(&mut self) {
        self.agreed += 1;
        self.talk.secured(String::from("TLSv1.3"));
        self.run();
    }

    fn answer(&mut self, question: Question) -> Answer {
        match question {
            Question::Credential { password, .. } if password == "right" => Answer::Yes,
            Question::Credential { .. } => Answer::No(words::wrong_credential()),
            Question::Begin => Answer::Yes,
            Question::Recipient { to, .. } => match (self.role, to.split_once('@')) {
                (Role::Submission | Role::Capture, _) => Answer::Yes,
                (Role::Inbound, Some(("kim", "example.test")) | None) => Answer::Yes,
                (Role::Inbound, Some((_, "example.test"))) => Answer::No(words::no_mailbox()),
                (Role::Inbound, Some(_)) => Answer::No(words::not_ours()),
            },
            Question::Take(taking) => {
                self.taken.push(*taking);
                Answer::Taken(self.taken.len().to_string())
            }
        }
    }

    /// The lines said since the last time.
    fn heard(&mut self) -> Vec<String> {
        let said = String::from_utf8(std::mem::take(&mut self.said)).unwrap();
        said.split_terminator("\r\n").map(str::to_owned).collect()
    }
}

/// What the client sends, between handshakes.
fn sent(dialogue: &Dialogue) -> Vec<Vec<u8>> {
    let mut segments = vec![Vec::new()];
    for turn in &dialogue.turns {
        match turn {
            Turn::Client(bytes) => segments.last_mut().unwrap().extend_from_slice(bytes),
            Turn::Handshake => segments.push(Vec::new()),
            Turn::Server(_) | Turn::Closed => {}
        }
    }
    segments
}

/// Everything a client sends, in the pieces that `cut` makes of it.
fn whole<'a>(
    dialogue: &'a Dialogue,
    segments: &'a [Vec<u8>],
    mut cut: impl FnMut(&'a [u8]) -> Vec<&'a [u8]>,
) -> Client {
    let mut client = Client::new(manner(&dialogue.listener));
    for (index, segment) in segments.iter().enumerate() {
        if index > 0 && client.handshakes == index {
            client.secured();
        }
        for piece in cut(segment) {
            client.push(piece);
        }
    }
    client
}

#[test]
fn each_line_has_its_answer() {
    for (name, dialogue) in dialogues() {
        let mut client = Client::new(manner(&dialogue.listener));
        let mut heard = client.heard().into_iter();
        let mut handshakes = 0;
        for turn in &dialogue.turns {
            match turn {
                Turn::Server(expected) => {
                    let said = heard.next().unwrap_or_default();
                    assert!(
                        fits(expected, &said),
                        "{name}: {said:?} and not {expected:?}"
                    );
                    continue;
                }
                Turn::Client(bytes) => {
                    assert_eq!(heard.next(), None, "{name}");
                    client.push(bytes);
                }
                Turn::Handshake => {
                    handshakes += 1;
                    assert_eq!(
                        (heard.next(), client.handshakes),
                        (None, handshakes),
                        "{name}"
                    );
                    client.secured();
                }
                Turn::Closed => assert!(client.closed, "{name}"),
            }
            heard = match turn {
                Turn::Closed => heard,
                _ => client.heard().into_iter(),
            };
        }
        assert_eq!(heard.next(), None, "{name}");
        let closed = dialogue.turns.last() == Some(&Turn::Closed);
        assert_eq!(client.closed, closed, "{name}");
    }
}

/// Whatever is cut off, nothing is taken but messages that have come to their end.
#[test]
fn nothing_is_taken_before_its_end() {
    for (name, dialogue) in dialogues() {
        let segments = sent(&dialogue);
        let all: usize = segments.iter().map(Vec::len).sum();
        let mut taken_before = 0;
        // Long dialogues are about bounds; each of their bytes would be tried for long.
        let step = (all / 4_000).max(1);
        for length in (0..=all).step_by(step).chain([all]) {
            let mut left = length;
            let cut = |segment: &Vec<u8>| {
                let here = segment.len().min(left);
                left -= here;
                segment[..here].to_vec()
            };
            let segments: Vec<Vec<u8>> = segments.iter().map(cut).collect();
            let client = whole(&dialogue, &segments, |segment| vec![segment]);
            let sent: Vec<u8> = segments.concat();
            if step == 1 && client.taken.len() > taken_before {
                assert_eq!(client.taken.len(), taken_before + 1, "{name} at {length}");
                let chunked = String::from_utf8_lossy(&sent).contains("BDAT");
                let ended = sent.ends_with(b"\r\n.\r\n");
                assert!(ended || chunked, "{name} at {length}");
            }
            taken_before = client.taken.len();
        }
    }
}

/// What a refused message smuggles is never a message, and never a command.
#[test]
fn nothing_is_smuggled() {
    let smuggled = "MAIL FROM:<smuggler@evil.test>\r\nRCPT TO:<kim@example.test>\r\nDATA\r\n\
                    Subject: smuggled\r\n\r\nx\r\n.\r\n";
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/cases/smuggling/ends.txt");
    let text = std::fs::read_to_string(file).unwrap();
    let cases: Vec<_> = text
        .lines()
        .filter_map(|line| line.split_once(" | "))
        .collect();
    assert!(cases.len() > 40);
    for (outcome, end) in cases {
        let mut message =
            b"EHLO a.test\r\nMAIL FROM:<a@a.test>\r\nRCPT TO:<kim@example.test>\r\nDATA\r\n\
            Subject: outer\r\n\r\nouter"
                .to_vec();
        message.extend(unescape(end));
        message.extend_from_slice(smuggled.as_bytes());
        message.extend_from_slice(b"QUIT\r\n");
        for size in [1, 2, 3, message.len()] {
            let mut client = Client::new(manner(&[String::from("inbound")]));
            for piece in message.chunks(size) {
                client.push(piece);
            }
            let senders: Vec<_> = client.taken.iter().map(|one| one.from.as_deref()).collect();
            let expected: &[Option<&str>] = match outcome {
                "text" => &[Some("a@a.test")],
                _ => &[],
            };
            assert_eq!(senders, expected, "{end:?}");
            assert!(client.closed, "{end:?}");
            let last = client.heard().pop();
            let quit = last.as_deref() == Some("221 2.0.0 Bye");
            assert_eq!(quit, outcome != "cut", "{end:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// However the network cuts what a client sends, it hears the same.
    #[test]
    fn pieces_do_not_matter(cuts in prop::collection::vec(1_usize..40, 1..60)) {
        for (name, dialogue) in dialogues() {
            let segments = sent(&dialogue);
            let once = whole(&dialogue, &segments, |segment| vec![segment]);
            let mut sizes = cuts.iter().cycle();
            let pieces = whole(&dialogue, &segments, |mut segment| {
                let mut pieces = Vec::new();
                while !segment.is_empty() {
                    let size = sizes.next().copied().unwrap_or(1);
                    let size = if segment.len() > 10_000 { size * 100 } else { size };
                    let (piece, rest) = segment.split_at(size.min(segment.len()));
                    pieces.push(piece);
                    segment = rest;
                }
                pieces
            });
            prop_assert_eq!(
                String::from_utf8_lossy(&once.said),
                String::from_utf8_lossy(&pieces.said),
                "{}", name
            );
            prop_assert_eq!(&once.taken, &pieces.taken, "{}", &name);
            prop_assert_eq!(once.closed, pieces.closed, "{}", &name);
        }
    }

    /// Whatever comes in, it is answered or waited for, and memory stays bounded.
    #[test]
    fn anything_may_come(
        lines in prop::collection::vec(prop_oneof![
            "[A-Z]{4} .{0,40}\r\n",
            "(EHLO a|MAIL FROM:<a@b.test>|RCPT TO:<kim@example.test>|DATA|RSET|BDAT 5)\r\n",
            "(a|\\.|\r|\n|\r\n){1,9}",
            "(BDAT [0-9]{1,21}( LAST)?|AUTH (PLAIN|LOGIN)( =)?|STARTTLS)\r\n",
        ], 0..40),
        role in prop_oneof![Just("inbound"), Just("submission"), Just("capture")],
    ) {
        let mut client = Client::new(manner(&[role.to_owned(), String::from("plain")]));
        for line in lines {
            client.push(line.as_bytes());
            if client.handshakes > client.agreed {
                client.secured();
            }
        }
        for taken in &client.taken {
            prop_assert!(taken.raw.is_empty() || taken.raw.ends_with(b"\r\n"));
        }
    }
}
