//! A folder of ten thousand messages read and searched over IMAP, beside Debian's Dovecot: the
//! same mail, the same commands, the same run. And what those cost who only wait.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use posthouse::feed::Feed;
use posthouse::store::Store;
use posthouse_tests::dovecot::{Dovecot, Reader};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::process::Child;
use tokio::time::Instant;

use crate::MAIL_BYTES;
use crate::accept::{start_with, stop};
use crate::report::memory_mb;

/// Messages of the folder.
const MESSAGES: usize = 10_000;
/// How often each command is timed after its first time.
const AGAIN: usize = 5;
/// Whose folder it is, and who only waits.
const READER: &str = "kim@example.test";
const WAITER: &str = "lee@example.test";
/// How many wait, and how many messages lie in the folder that they have open.
pub const WAITING: usize = 1_000;
pub const WAITED_FOR: usize = 100;
/// One message in a thousand says it.
const RARE: &str = "mirabelle";

/// What is asked: a name for people, and the command.
const COMMANDS: [(&str, &str); 11] = [
    (
        "FETCH flags, sizes, dates",
        "FETCH 1:* (UID FLAGS RFC822.SIZE INTERNALDATE)",
    ),
    ("FETCH envelopes", "FETCH 1:* (UID ENVELOPE)"),
    (
        "FETCH header fields",
        "FETCH 1:* (UID BODY.PEEK[HEADER.FIELDS (FROM TO SUBJECT DATE)])",
    ),
    ("FETCH structures", "FETCH 1:* (UID BODYSTRUCTURE)"),
    ("FETCH whole messages", "FETCH 1:* (UID BODY.PEEK[])"),
    ("SEARCH UNSEEN", "SEARCH UNSEEN"),
    ("SEARCH FROM, every tenth", "SEARCH FROM writer3@"),
    (
        "SEARCH SUBJECT, one in a thousand",
        "SEARCH SUBJECT mirabelle",
    ),
    ("SEARCH TEXT, one in a thousand", "SEARCH TEXT mirabelle"),
    ("SEARCH TEXT, none", "SEARCH TEXT pomegranate"),
    ("SEARCH SENTSINCE, half", "SEARCH SENTSINCE 15-Jul-2026"),
];

/// How long one command took, in milliseconds: the first time, and the median of those after.
#[derive(Clone, Copy)]
pub struct Took {
    pub first: f64,
    pub again: f64,
}

/// One command, there and here.
pub struct Round {
    pub what: &'static str,
    pub ours: Took,
    pub dovecot: Took,
}

/// What was measured.
pub struct Figures {
    pub rounds: Vec<Round>,
    /// Of the whole server: before anybody came, and with all who wait.
    pub before_mb: f64,
    pub waiting_mb: f64,
}

/// Measures both, turn by turn.
pub async fn run(posthouse: &Path) -> Figures {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (mut server, ours) = serve(posthouse, folder.path()).await;
    let passwords = [READER, WAITER].map(|who| mailbox(posthouse, folder.path(), who));
    let process = server.id().expect("a running server");
    let dovecot = Dovecot::start(&[Reader {
        name: READER,
        password: &passwords[0],
        quota: None,
    }]);
    let mut here = Session::open(&ours, READER, &passwords[0]).await;
    let mut there = Session::open(&dovecot.imap(), READER, &passwords[0]).await;
    here.fill(MESSAGES).await;
    there.fill(MESSAGES).await;
    indexed(folder.path()).await;
    let mut rounds = Vec::new();
    for (what, command) in COMMANDS {
        let (theirs, their_bytes) = there.time(command).await;
        let (ours, our_bytes) = here.time(command).await;
        // Both said about the same, or one of them did not do it. The words after OK differ.
        let (less, more) = (their_bytes.min(our_bytes), their_bytes.max(our_bytes));
        assert!(
            (less + 200) * 5 > more * 4,
            "{command}: {our_bytes} and {their_bytes} bytes"
        );
        rounds.push(Round {
            what,
            ours,
            dovecot: theirs,
        });
    }
    drop((here, there, dovecot));
    let mut lee = Session::open(&ours, WAITER, &passwords[1]).await;
    lee.fill(WAITED_FOR).await;
    drop(lee);
    stop(&mut server, process).await;
    let (before_mb, waiting_mb) = waiting(posthouse, folder.path(), &passwords[1]).await;
    Figures {
        rounds,
        before_mb,
        waiting_mb,
    }
}

/// Starts the server anew and has all who wait come; its memory before and then.
async fn waiting(posthouse: &Path, data: &Path, password: &str) -> (f64, f64) {
    let (mut server, ours) = serve(posthouse, data).await;
    let process = server.id().expect("a running server");
    let before = memory_mb(process, "VmRSS");
    let mut all = Vec::new();
    for _ in 0..WAITING {
        let mut one = Session::open(&ours, WAITER, password).await;
        one.socket.write_all(b"w IDLE\r\n").await.expect("heard");
        one.until(b"+ ").await;
        all.push(one);
    }
    let then = memory_mb(process, "VmRSS");
    drop(all);
    stop(&mut server, process).await;
    (before, then)
}

/// The server, and where it speaks IMAP.
async fn serve(posthouse: &Path, data: &Path) -> (Child, String) {
    let flags = [
        ["--imap-starttls", "127.0.0.1:0"],
        ["--imap-connections", "2000"],
        ["--imap-connections-per-address", "2000"],
    ];
    let (server, hello) = start_with(posthouse, data, flags.as_flattened()).await;
    let address = hello["imap"]["starttls"].as_str().expect("a listener");
    (server, address.replace("imap://", ""))
}

/// Makes a mailbox; its password.
fn mailbox(posthouse: &Path, data: &Path, address: &str) -> String {
    let made = Command::new(posthouse)
        .args(["mailbox", "create", address, "--json", "--data"])
        .arg(data)
        .output()
        .expect("the posthouse binary");
    let made: Value = serde_json::from_slice(&made.stdout).expect("JSON");
    made["password"].as_str().expect("a password").to_owned()
}

/// Waits until all mail is indexed.
async fn indexed(data: &Path) {
    let (store, _) = Store::open(&data.join("posthouse.db"), Feed::new(1)).expect("the database");
    let due = || store.read(|read| read.texts_due(1));
    while !due().await.expect("readable").is_empty() {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    store.close().await;
}

/// One reader's connection.
struct Session {
    socket: TcpStream,
    commands: usize,
}

impl Session {
    async fn open(address: &str, name: &str, password: &str) -> Self {
        let socket = TcpStream::connect(address).await.expect("a listener");
        socket.set_nodelay(true).expect("a socket");
        let mut session = Self {
            socket,
            commands: 0,
        };
        session.until(b"* OK").await;
        session.ask(&format!("LOGIN {name} {password}")).await;
        session.ask("SELECT INBOX").await;
        session
    }

    /// Puts messages into the folder, many under way at once.
    async fn fill(&mut self, messages: usize) {
        const UNDER_WAY: usize = 50;
        for from in (0..messages).step_by(UNDER_WAY) {
            let mut out = Vec::new();
            for number in from..(from + UNDER_WAY).min(messages) {
                let mail = mail(number);
                let head = format!("f{number} APPEND INBOX {{{}+}}\r\n", mail.len());
                out.extend_from_slice(head.as_bytes());
                out.extend_from_slice(mail.as_bytes());
                out.extend_from_slice(b"\r\n");
            }
            out.extend_from_slice(b"x NOOP\r\n");
            self.socket.write_all(&out).await.expect("heard");
            self.until(b"x OK").await;
        }
    }

    /// How long a command takes, and how many bytes its answer has.
    async fn time(&mut self, command: &str) -> (Took, usize) {
        let start = Instant::now();
        let bytes = self.ask(command).await;
        let first = start.elapsed();
        let mut times = Vec::new();
        for _ in 0..AGAIN {
            let start = Instant::now();
            self.ask(command).await;
            times.push(start.elapsed());
        }
        times.sort_unstable();
        let ms = |time: Duration| time.as_secs_f64() * 1_000.0;
        let took = Took {
            first: ms(first),
            again: ms(times[AGAIN / 2]),
        };
        (took, bytes)
    }

    /// Says a command; the bytes of its answer.
    async fn ask(&mut self, command: &str) -> usize {
        self.commands += 1;
        let tag = format!("t{}", self.commands);
        let line = format!("{tag} {command}\r\n");
        self.socket.write_all(line.as_bytes()).await.expect("heard");
        self.until(format!("{tag} OK").as_bytes()).await
    }

    /// Reads up to a whole line that begins so; the bytes that were read.
    async fn until(&mut self, start: &[u8]) -> usize {
        let mut piece = vec![0; 256 * 1024];
        let (mut last, mut bytes) = (Vec::new(), 0);
        loop {
            let read = self.socket.read(&mut piece).await.expect("an answer");
            assert!(
                read > 0,
                "it hung up before {:?}",
                String::from_utf8_lossy(start)
            );
            bytes += read;
            last.extend_from_slice(&piece[..read]);
            last.drain(..last.len().saturating_sub(1024));
            let whole = last.strip_suffix(b"\r\n").unwrap_or_default();
            let line = whole.rsplit(|byte| *byte == b'\n').next();
            if line.is_some_and(|line| line.starts_with(start)) {
                return bytes;
            }
        }
    }
}

/// A message of several thousand bytes, another for each number.
fn mail(number: usize) -> String {
    let month = 1 + number * 12 / MESSAGES;
    let rare = if number % 1_000 == 500 { RARE } else { "plum" };
    let mut mail = format!(
        "From: Writer {writer} <writer{writer}@far.test>\r\nTo: Kim <{READER}>\r\n\
         Subject: Number {number}, about {rare}\r\nDate: {day} {month} 2026 12:00:00 +0000\r\n\
         Message-ID: <{number}@far.test>\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\n",
        writer = number % 10,
        day = 1 + number % 28,
        month = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
        ][month - 1],
    );
    // Words of two to four syllables, none of them what is searched for.
    let mut seed = number as u64 + 1;
    let mut next = |most: usize| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % most
    };
    const SYLLABLES: [&str; 16] = [
        "ba", "ce", "di", "fo", "gu", "ha", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "wu",
        "za",
    ];
    while mail.len() < MAIL_BYTES {
        for _ in 0..8 {
            for _ in 0..2 + next(3) {
                mail += SYLLABLES[next(SYLLABLES.len())];
            }
            mail.push(' ');
        }
        mail += "\r\n";
    }
    mail
}
