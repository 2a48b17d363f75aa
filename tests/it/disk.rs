//! No room, and a database that somebody else holds: 5xx, reads go on, and it recovers by
//! itself.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use posthouse_tests::place;
use posthouse_tests::site::{Ran, Serving, Site};
use posthouse_tests::wait;
use serde_json::Value;

/// A small file system on a folder. Only root may make one.
struct Small(PathBuf);

impl Small {
    fn mount(folder: &Path) -> Self {
        std::fs::create_dir_all(folder).expect("made");
        let mut mount = Command::new("mount");
        let ran = Ran::of(
            mount
                .args(["-t", "tmpfs", "-o", "size=16m", "tmpfs"])
                .arg(folder),
        );
        assert_eq!(ran.code, 0, "this test has to be run by root: {}", ran.err);
        Self(folder.to_owned())
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        Ran::of(Command::new("umount").arg("-l").arg(&self.0));
    }
}

fn reads_go_on(server: &Serving, organization_token: &str) {
    let list = server.organization(organization_token, "GET", "/api/v1/domains", &Value::Null);
    assert_eq!(list.status, 200, "{}", list.body);
    assert_eq!(server.get("/healthz").status, 200);
}

fn count(site: &Site) -> usize {
    site.cli(&["email", "list", "--limit", "200"])
        .as_array()
        .map(Vec::len)
        .expect("a list")
}

#[test]
#[ignore = "mounts a file system: make test"]
fn a_full_disk_is_told_and_survived() {
    let site = Site::new();
    let _small = Small::mount(&site.data());
    let server = site.serve();
    let (token, organization) = (
        server.first("server_token"),
        server.first("organization_token"),
    );
    let mut accepted = 1;
    assert_eq!(server.send(&token, &super::hello()).status, 200);

    let filler = site.data().join("filler");
    let filled = std::fs::write(&filler, vec![7; 64 * 1024 * 1024]);
    assert!(filled.is_err(), "the disk is not full");
    // A little of the log file may still be free inside what SQLite already has.
    let refused = wait::until("a refusal", || {
        let reply = server.send(&token, &super::hello());
        accepted += usize::from(reply.status == 200);
        (reply.status != 200).then_some(reply)
    });
    assert!((500..600).contains(&refused.status), "{refused:?}");
    reads_go_on(&server, &organization);

    std::fs::remove_file(&filler).expect("removed");
    wait::until("sending again", || {
        let reply = server.send(&token, &super::hello());
        accepted += usize::from(reply.status == 200);
        (reply.status == 200).then_some(())
    });
    assert_eq!(
        count(&site),
        accepted,
        "what was refused left nothing behind"
    );
    assert_eq!(site.run(&["check"]).code, 0);
}

/// The database and its log, read-only even for whoever has them open. Only root may.
struct ReadOnly(Vec<PathBuf>);

impl ReadOnly {
    fn make(data: &Path) -> Self {
        let files = Self(vec![
            data.join("posthouse.db"),
            data.join("posthouse.db-wal"),
        ]);
        let ran = files.chattr("+i");
        assert_eq!(ran.code, 0, "this test wants root and ext4: {}", ran.err);
        files
    }

    fn chattr(&self, flag: &str) -> Ran {
        Ran::of(Command::new("chattr").arg(flag).args(&self.0))
    }
}

impl Drop for ReadOnly {
    fn drop(&mut self) {
        self.chattr("-i");
    }
}

#[test]
#[ignore = "makes files read-only: make test"]
fn a_read_only_database_is_told_and_survived() {
    let site = Site::new();
    let server = site.serve();
    let (token, organization) = (
        server.first("server_token"),
        server.first("organization_token"),
    );
    assert_eq!(server.send(&token, &super::hello()).status, 200);
    let read_only = ReadOnly::make(&site.data());
    let refused = server.send(&token, &super::hello());
    assert!((500..600).contains(&refused.status), "{refused:?}");
    assert_eq!(server.get("/readyz").status, 503);
    reads_go_on(&server, &organization);
    drop(read_only);
    wait::until("sending again", || {
        (server.send(&token, &super::hello()).status == 200).then_some(())
    });
    assert_eq!(count(&site), 2, "what was refused left nothing behind");
    assert_eq!(site.run(&["check"]).code, 0);
}

#[test]
#[ignore = "waits for locks: make test"]
fn a_database_that_is_held_is_told_and_survived() {
    let site = Site::new();
    let server = site.serve();
    let (token, organization) = (
        server.first("server_token"),
        server.first("organization_token"),
    );
    assert_eq!(server.send(&token, &super::hello()).status, 200);
    let mut holder = place::python()
        .arg("-c")
        .arg(
            "import sqlite3, sys\n\
             held = sqlite3.connect(sys.argv[1], isolation_level=None)\n\
             held.execute('BEGIN IMMEDIATE')\n\
             print('held', flush=True)\n\
             sys.stdin.read()\n",
        )
        .arg(site.data().join("posthouse.db"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python starts");
    let mut said = [0; 4];
    let out = holder.stdout.as_mut().expect("piped");
    std::io::Read::read_exact(out, &mut said).expect("held");
    let refused = server.send(&token, &super::hello());
    assert!((500..600).contains(&refused.status), "{refused:?}");
    reads_go_on(&server, &organization);
    drop(holder.stdin.take());
    holder.wait().expect("an end");
    wait::until("sending again", || {
        (server.send(&token, &super::hello()).status == 200).then_some(())
    });
    assert_eq!(count(&site), 2);
}
