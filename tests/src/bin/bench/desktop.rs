//! The desktop app: how long until there is something to see, and what it holds in memory.

use std::collections::HashMap;
use std::fs;

use posthouse_tests::desktop::{Home, Screen};
use posthouse_tests::place;
use posthouse_tests::process::Running;
use posthouse_tests::wait;

/// How often it is started.
const STARTS: usize = 7;

/// What was measured, the medians.
pub struct Figures {
    /// From the start of the program to its first screen, with a database that is new, in ms.
    pub first_ms: u64,
    /// The same with one that is there.
    pub start_ms: u64,
    /// The program's own memory (PSS), in MB.
    pub own_mb: f64,
    /// With the web view's processes.
    pub all_mb: f64,
}

/// Starts it again and again.
pub fn run() -> Figures {
    let screen = Screen::start();
    let (mut first, mut again) = (Vec::new(), Vec::new());
    let (mut own, mut all) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let home = Home::new();
        for times in [&mut first, &mut again] {
            let mut command = home.command(&place::desktop(), &screen);
            let app = Running::start(command.arg("--data").arg(home.data()));
            times.push(wait::until("something to see", || usable(&app.errors())));
            own.push(pss_kb(app.pid()));
            all.push(family(app.pid()).into_iter().map(pss_kb).sum());
            app.stop();
            home.at_rest();
        }
    }
    let mb = |kb: u64| kb as f64 / 1024.0;
    Figures {
        first_ms: median(first),
        start_ms: median(again),
        own_mb: mb(median(own)),
        all_mb: mb(median(all)),
    }
}

fn median(mut all: Vec<u64>) -> u64 {
    all.sort_unstable();
    all[all.len() / 2]
}

/// What it says of itself once its page has been told what to show.
fn usable(log: &str) -> Option<u64> {
    let (_, after) = log.split_once("usable ms=")?;
    after.split_whitespace().next()?.parse().ok()
}

/// A process and all that came of it.
fn family(pid: u32) -> Vec<u32> {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    let entries = fs::read_dir("/proc").expect("Linux");
    for entry in entries.flatten() {
        let name = entry.file_name();
        let child = name.to_str().and_then(|name| name.parse().ok());
        let stat = fs::read_to_string(entry.path().join("stat")).ok();
        if let (Some(child), Some(parent)) = (child, stat.as_deref().and_then(parent)) {
            children.entry(parent).or_default().push(child);
        }
    }
    let mut found = vec![pid];
    let mut at = 0;
    while let Some(one) = found.get(at) {
        found.extend(children.remove(one).unwrap_or_default());
        at += 1;
    }
    found
}

/// Behind the name, which may have anything in it, and the state.
fn parent(stat: &str) -> Option<u32> {
    let (_, after) = stat.rsplit_once(')')?;
    after.split_whitespace().nth(1)?.parse().ok()
}

/// Its share of the memory that it uses, in kB; 0 once it has ended.
fn pss_kb(pid: u32) -> u64 {
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
    let kb = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    kb.unwrap_or_default()
}
