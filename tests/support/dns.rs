//! Debian's knot on loopback, with zones that a test may change while it runs.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use tempfile::TempDir;

use crate::process::Running;
use crate::{place, wait};

/// A zone that the server is told of and cannot load: every question gets SERVFAIL.
pub const BROKEN_ZONE: &str = "broken";

/// A name server for `test.`, `example.` and the broken zone. Names outside are refused.
pub struct Knot {
    folder: TempDir,
    server: Running,
    address: SocketAddr,
    serial: AtomicU32,
    zones: Mutex<BTreeMap<&'static str, Vec<String>>>,
}

impl Knot {
    /// Starts it on a free port of 127.0.0.1, with empty zones.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start() -> Self {
        let folder = TempDir::new().expect("a folder");
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, place::free_port("127.0.0.1")));
        let config = folder.path().join("knot.conf");
        std::fs::write(&config, configuration(&folder, address)).expect("written");
        std::fs::create_dir(folder.path().join("db")).expect("made");
        let zones = BTreeMap::from([("test", Vec::new()), ("example", Vec::new())]);
        for zone in zones.keys() {
            write_zone(&folder, zone, 1, &[]);
        }
        let server = Running::start(Command::new("knotd").arg("-c").arg(&config));
        let made = Self {
            folder,
            server,
            address,
            serial: AtomicU32::new(1),
            zones: Mutex::new(zones),
        };
        wait::until("an answer from knot", || made.answers().then_some(()));
        made
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Adds records, one a line in the form of a zone file with absolute names, and
    /// publishes them before it returns.
    ///
    /// # Panics
    /// When a name is in none of the zones, or knot does not take the zone.
    pub fn add(&self, records: &str) {
        self.change(records, |zone, record| zone.push(record));
    }

    /// Takes away every record of this name and type, such as `acme.test. TXT`.
    ///
    /// # Panics
    /// When the name is in none of the zones, or knot does not take the zone.
    pub fn remove(&self, name_and_type: &str) {
        let wanted: Vec<String> = name_and_type
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        self.change(name_and_type, |zone, _| {
            zone.retain(|record| !record.split_whitespace().take(2).eq(wanted.iter()));
        });
    }

    /// Stops answering: every question runs into its time-out.
    pub fn pause(&self) {
        self.server.signal("STOP");
    }

    /// Answers again.
    pub fn resume(&self) {
        self.server.signal("CONT");
    }

    /// How many questions it was asked so far, its own tests among them.
    ///
    /// # Panics
    /// When knot does not say.
    pub fn questions(&self) -> u64 {
        let counts = self.control(&["stats", "mod-stats.server-operation"]);
        let all = counts
            .lines()
            .find_map(|line| line.strip_prefix("mod-stats.server-operation[query] = "));
        all.and_then(|count| count.parse().ok())
            .unwrap_or_else(|| panic!("no count of questions in {counts:?}"))
    }

    /// What knot says to a command.
    fn control(&self, command: &[&str]) -> String {
        let socket = self.folder.path().join("knot.sock");
        let output = Command::new("knotc")
            .arg("-s")
            .arg(socket)
            .args(command)
            .output()
            .expect("knotc runs");
        let failed = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "knotc {command:?}: {failed}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn change(&self, records: &str, mut edit: impl FnMut(&mut Vec<String>, String)) {
        let mut zones = self.zones.lock().unwrap_or_else(PoisonError::into_inner);
        let lines = records.lines().map(str::trim);
        for record in lines.filter(|line| !line.is_empty() && !line.starts_with(';')) {
            let name = record
                .split_whitespace()
                .next()
                .expect("not empty")
                .trim_end_matches('.');
            let zone = name.rsplit('.').next().expect("one at least");
            let lines = zones
                .get_mut(zone)
                .unwrap_or_else(|| panic!("no zone for {record}"));
            edit(lines, record.to_owned());
        }
        let serial = self.serial.fetch_add(1, Ordering::Relaxed) + 1;
        for (zone, lines) in zones.iter() {
            write_zone(&self.folder, zone, serial, lines);
            self.control(&["-b", "zone-reload", zone]);
        }
    }

    /// Whether it answers a question for `test. SOA`.
    fn answers(&self) -> bool {
        const QUESTION: &[u8] =
            b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x04test\x00\x00\x06\x00\x01";
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a port");
        let patience = std::time::Duration::from_millis(200);
        socket.set_read_timeout(Some(patience)).expect("a time");
        let mut answer = [0; 512];
        socket.send_to(QUESTION, self.address).is_ok()
            && socket
                .recv(&mut answer)
                .is_ok_and(|size| size > 12 && answer[3] & 15 == 0)
    }
}

fn write_zone(folder: &TempDir, zone: &str, serial: u32, records: &[String]) {
    let mut text = format!("$TTL 1\n{zone}. SOA ns.{zone}. admin.{zone}. {serial} 60 60 600 1\n");
    writeln!(text, "{zone}. NS ns.{zone}.\nns.{zone}. A 127.0.0.1").expect("a string takes it");
    for record in records {
        writeln!(text, "{record}").expect("a string takes it");
    }
    let path: PathBuf = folder.path().join(format!("{zone}.zone"));
    std::fs::write(path, text).expect("written");
}

fn configuration(folder: &TempDir, address: SocketAddr) -> String {
    let folder = folder.path().display();
    let (ip, port) = (address.ip(), address.port());
    format!(
        r#"server:
    rundir: {folder}
    listen: {ip}@{port}
    background-workers: 1
    udp-workers: 1
    tcp-workers: 1
database:
    storage: {folder}/db
control:
    listen: {folder}/knot.sock
log:
  - target: stderr
    any: warning
mod-stats:
  - id: all
    server-operation: on
template:
  - id: default
    global-module: mod-stats/all
    storage: {folder}
    file: "%s.zone"
    zonefile-sync: -1
    journal-content: none
    semantic-checks: off
zone:
  - domain: test
  - domain: example
  - domain: {BROKEN_ZONE}
"#
    )
}
