//! Killed with SIGKILL at random moments, again and again, on one data folder: whatever was
//! answered 200 arrives.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{BuildHasher as _, RandomState};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use posthouse_tests::far_end::{FarEnd, Manner};
use posthouse_tests::site::Serving;
use posthouse_tests::wait;
use posthouse_tests::world::World;
use serde_json::json;

const ROUNDS: u64 = 20;
const SENDERS: usize = 6;
const LAST_WAIT: Duration = Duration::from_secs(120);

/// What is sent, and what of it was answered 200.
#[derive(Default)]
struct Sent {
    next: AtomicU64,
    accepted: Mutex<BTreeSet<u64>>,
}

impl Sent {
    /// Sends until the server is gone.
    fn send(&self, url: &str, token: &str) {
        let client = reqwest::blocking::Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(20));
        let client = client.build().expect("a client");
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let message = json!({
                "from": "hello@acme.test", "to": address(number),
                "subject": format!("Number {number}"), "textbody": "x".repeat(2_000),
            });
            let request = client
                .post(url)
                .header("MailPace-Server-Token", token)
                .json(&message);
            // Without an answer nothing was promised.
            let Ok(answer) = request.send() else { return };
            assert_eq!(answer.status(), 200, "{:?}", answer.text());
            if answer.text().is_ok_and(|body| body.contains("pending")) {
                self.accepted.lock().expect("no panic").insert(number);
            }
        }
    }

    fn accepted(&self) -> u64 {
        self.accepted.lock().expect("no panic").len() as u64
    }
}

fn address(number: u64) -> String {
    format!("kim{number}@far.test")
}

#[test]
#[ignore = "twenty crashes: make test"]
fn nothing_accepted_is_lost() {
    let world = World::start("");
    world.domain("acme.test");
    world.site.cli(&["org", "set", "--direct", "on"]);
    let far = world.far_end("far.test", &Manner::plain("127.0.0.2", world.port));
    let token = world.key("acme.test", "live");
    let World { site, server, .. } = &world;
    let seed = RandomState::new();
    let sent = Sent::default();
    let mut recovered = BTreeMap::new();
    let started = Instant::now();
    let mut running: Option<Serving> = None;
    for round in 0..ROUNDS {
        let dice = |what: &str, most: u64| seed.hash_one((round, what)) % most;
        let (process, url) = match &running {
            Some(later) => (&later.process, later.url("/api/v1/send")),
            None => (&server.process, server.url("/api/v1/send")),
        };
        let accepted = sent.accepted() + 1 + dice("accepted", 80);
        let arrived = far.arrived().len() as u64 + 1 + dice("arrived", 80);
        std::thread::scope(|scope| {
            for _ in 0..SENDERS {
                scope.spawn(|| sent.send(&url, &token));
            }
            wait::until("mail to be sent or to arrive", || {
                let enough = sent.accepted() >= accepted || far.arrived().len() as u64 >= arrived;
                enough.then_some(())
            });
            process.signal("KILL");
        });
        let next = wait::until("the end of the killed server", || {
            // The folder's lock goes with the process.
            site.run(&["check"]).code.eq(&0).then(|| site.serve())
        });
        for (class, count) in next.said["recovered"].as_object().expect("an object") {
            *recovered.entry(class.clone()).or_insert(0) += count.as_u64().expect("a count");
        }
        running = Some(next);
    }

    judge(&sent, &far, &recovered, started.elapsed());
}

/// Waits for what was accepted, counts, and prints.
fn judge(sent: &Sent, far: &FarEnd, recovered: &BTreeMap<String, u64>, took: Duration) {
    let accepted = sent.accepted.lock().expect("no panic").clone();
    let mut missing = accepted.clone();
    wait::within(LAST_WAIT, || {
        let arrived = far.arrived();
        let there: BTreeSet<&str> = arrived.iter().map(|one| one.to[0].as_str()).collect();
        missing.retain(|number| !there.contains(address(*number).as_str()));
        missing.is_empty().then_some(())
    });
    let mut copies: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for one in far.arrived() {
        copies
            .entry(one.to[0].clone())
            .or_default()
            .push(message_id(&one.text()));
    }
    let repeats: usize = copies.values().map(|ids| ids.len() - 1).sum();
    println!(
        "{ROUNDS} crashes in {:.0?}: {} accepted, {} lost, {repeats} repeated; {recovered:?}",
        took,
        accepted.len(),
        missing.len()
    );
    assert!(missing.is_empty(), "lost: {missing:?}");
    assert!(accepted.len() as u64 >= ROUNDS, "hardly anything was sent");
    for (address, mut ids) in copies {
        ids.dedup();
        assert_eq!(
            ids.len(),
            1,
            "copies for {address} differ in their Message-ID"
        );
    }
    let unknown = recovered["unknown_resent"];
    assert!(
        repeats as u64 <= unknown,
        "{repeats} repeats, and only {unknown} told as unknown"
    );
}

fn message_id(text: &str) -> String {
    let line = text
        .lines()
        .find(|line| line.to_lowercase().starts_with("message-id:"));
    line.expect("a Message-ID").to_owned()
}
