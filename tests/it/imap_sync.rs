//! A mailbox and a copy of it on disk are brought together by programs as people use them, after
//! changes on both sides, until they agree.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use posthouse_tests::site::{Ran, Serving, Site};
use posthouse_tests::smtp::Client;

use super::imap_clients::host_and_port;
use super::imap_dialogue::mailbox;

const KIM: &str = "kim@example.test";
const FOLDERS: [&str; 3] = ["INBOX", "Archive", "Work/2026"];
const ROUNDS: u64 = 4;

/// Numbers that look like chance and are the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        // The multiplier and the increment of Knuth's MMIX.
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % bound
    }
}

/// The far side, spoken to in IMAP.
struct Far {
    client: Client,
    number: u32,
}

impl Far {
    fn sign_in(server: &Serving, password: &str) -> Self {
        let client = Client::connect(&server.imap("starttls"));
        let mut far = Self { client, number: 0 };
        far.client.hear();
        far.ask(&format!("LOGIN {KIM} {password}"));
        far
    }

    /// What is said until the command is done, which has to go well.
    fn ask(&mut self, command: &str) -> Vec<String> {
        self.number += 1;
        let tag = format!("a{} ", self.number);
        self.client.say(format!("{tag}{command}\r\n").as_bytes());
        let mut said = Vec::new();
        loop {
            let line = self.client.hear().expect("an answer");
            if let Some(ended) = line.strip_prefix(&tag) {
                assert!(ended.starts_with("OK"), "{command}: {ended}");
                return said;
            }
            said.push(line);
        }
    }

    fn uids(&mut self) -> Vec<u32> {
        let said = self.ask("UID SEARCH ALL");
        let found = said.iter().find_map(|line| line.strip_prefix("* SEARCH"));
        let words = found.unwrap_or_default().split_ascii_whitespace();
        words.map(|word| word.parse().expect("a number")).collect()
    }

    fn append(&mut self, folder: &str, subject: &str) {
        let raw = mail(subject).replace('\n', "\r\n");
        let size = raw.len();
        self.ask(&format!("APPEND {folder} (\\Seen) {{{size}+}}\r\n{raw}"));
    }

    /// New mail, marks, moves and removals.
    fn change(&mut self, chance: &mut Chance, round: u64) {
        for (at, folder) in FOLDERS.into_iter().enumerate() {
            self.append(folder, &format!("far {round} {at}"));
            self.ask(&format!("SELECT {folder}"));
            for uid in self.uids() {
                let to = FOLDERS[(at + 1) % FOLDERS.len()];
                match chance.below(8) {
                    0 => self.ask(&format!("UID STORE {uid} +FLAGS.SILENT (\\Flagged)")),
                    1 => self.ask(&format!("UID STORE {uid} -FLAGS.SILENT (\\Seen \\Flagged)")),
                    2 => self.ask(&format!("UID MOVE {uid} {to}")),
                    3 => {
                        self.ask(&format!("UID STORE {uid} +FLAGS.SILENT (\\Deleted)"));
                        self.ask(&format!("UID EXPUNGE {uid}"))
                    }
                    _ => Vec::new(),
                };
            }
        }
    }
}

fn mail(subject: &str) -> String {
    format!(
        "From: Kim <kim@example.test>\nSubject: {subject}\nMessage-ID: <{}@example.test>\n\nHello.\n",
        subject.replace(' ', ".")
    )
}

/// The files of a Maildir's messages.
fn messages(maildir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for name in ["cur", "new"] {
        let Ok(entries) = fs::read_dir(maildir.join(name)) else {
            continue;
        };
        found.extend(entries.map(|entry| entry.expect("an entry").path()));
    }
    found.sort();
    found
}

/// New mail, marks and removals, as a mail program makes them in a Maildir.
fn change_near(near: &Path, chance: &mut Chance, round: u64) {
    for (at, folder) in FOLDERS.into_iter().enumerate() {
        let maildir = near.join(folder);
        for file in messages(&maildir) {
            let name = file.file_name().expect("a name").to_string_lossy();
            let base = name.split(":2,").next().expect("a base").to_owned();
            match chance.below(6) {
                0 => fs::rename(&file, maildir.join(format!("cur/{base}:2,FS"))),
                1 => fs::rename(&file, maildir.join(format!("cur/{base}:2,"))),
                2 => fs::remove_file(&file),
                _ => Ok(()),
            }
            .expect("changed");
        }
        let name = format!("170000{round}.{at}.near:2,S");
        let text = mail(&format!("near {round} {at}"));
        fs::write(maildir.join("cur").join(name), text).expect("written");
    }
}

/// Folder, subject and marks of each message of a tree of Maildirs.
fn told(tree: &Path) -> BTreeSet<(String, String, String)> {
    let mut told = BTreeSet::new();
    for folder in FOLDERS {
        for file in messages(&tree.join(folder)) {
            let text = fs::read_to_string(&file).expect("a message");
            let subject = text.lines().find_map(|line| line.strip_prefix("Subject: "));
            let name = file.to_string_lossy();
            let letters = name.rsplit_once(":2,").map_or("", |(_, letters)| letters);
            let one = (
                folder.to_owned(),
                subject.expect("a subject").to_owned(),
                letters.to_owned(),
            );
            assert!(told.insert(one), "twice: {}", file.display());
        }
    }
    told
}

fn until_they_agree(site: &Site, server: &Serving, password: &str, near: &Path, sync: impl Fn()) {
    let mut far = Far::sign_in(server, password);
    far.ask("CREATE Work/2026");
    for (at, folder) in FOLDERS.into_iter().enumerate() {
        for number in 0..4 {
            far.append(folder, &format!("first {at} {number}"));
        }
    }
    sync();
    let mut chance = Chance(2026);
    for round in 0..ROUNDS {
        far.change(&mut chance, round);
        change_near(near, &mut chance, round);
        // What one run carries may be news to the next.
        sync();
        sync();
        let exported = site.file(&format!("exported-{round}"));
        let to = exported.display().to_string();
        site.cli(&["mailbox", "export", KIM, &to]);
        let (there, here) = (told(&exported), told(near));
        assert!(there.len() >= 9, "{there:?}");
        assert_eq!(there, here, "round {round}");
    }
}

fn secret(path: &Path, text: &str) {
    fs::write(path, text).expect("written");
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("set");
}

#[test]
#[ignore = "real clients: make test"]
fn mbsync_and_the_mailbox_come_to_agree() {
    let site = Site::new();
    let server = site.serve();
    let password = mailbox(&site, KIM);
    let (near, settings) = (site.file("near"), site.file("mbsyncrc"));
    fs::create_dir_all(&near).expect("a folder");
    let address = server.imap("starttls");
    let (host, port) = host_and_port(&address);
    secret(
        &settings,
        &format!(
            "IMAPAccount kim\nHost {host}\nPort {port}\nUser {KIM}\nPass {password}\n\
             SSLType None\nAuthMechs LOGIN\n\nIMAPStore far\nAccount kim\n\n\
             MaildirStore near\nPath {0}/\nInbox {0}/INBOX\nSubFolders Verbatim\n\n\
             Channel all\nFar :far:\nNear :near:\nPatterns *\nCreate Both\nExpunge Both\n\
             SyncState *\n",
            near.display()
        ),
    );
    until_they_agree(&site, &server, &password, &near, || {
        let mut mbsync = Command::new("mbsync");
        let ran = Ran::of(mbsync.arg("--config").arg(&settings).arg("--all"));
        assert_eq!(ran.code, 0, "{} {}", ran.out, ran.err);
    });
}

#[test]
#[ignore = "real clients: make test"]
fn offlineimap_and_the_mailbox_come_to_agree() {
    let site = Site::new();
    let server = site.serve();
    let password = mailbox(&site, KIM);
    let (near, settings) = (site.file("near"), site.file("offlineimaprc"));
    fs::create_dir_all(&near).expect("a folder");
    let address = server.imap("starttls");
    let (host, port) = host_and_port(&address);
    secret(
        &settings,
        &format!(
            "[general]\naccounts = kim\nmetadata = {}\nui = quiet\n\n[Account kim]\n\
             localrepository = near\nremoterepository = far\n\n[Repository near]\ntype = Maildir\n\
             localfolders = {}\nsep = /\n\n[Repository far]\ntype = IMAP\nremotehost = {host}\n\
             remoteport = {port}\nremoteuser = {KIM}\nremotepass = {password}\nssl = no\n\
             starttls = no\nauth_mechanisms = LOGIN\n",
            site.file("offlineimap").display(),
            near.display()
        ),
    );
    until_they_agree(&site, &server, &password, &near, || {
        let mut offlineimap = Command::new("offlineimap");
        offlineimap.args(["-o", "-u", "quiet", "-c"]).arg(&settings);
        let ran = Ran::of(offlineimap.env("HOME", site.file("")));
        assert_eq!(ran.code, 0, "{} {}", ran.out, ran.err);
    });
}
