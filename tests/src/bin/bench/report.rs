//! Where the binary is, what a process holds, and how the aims stand.

use std::path::PathBuf;

use crate::accept::Round;
use crate::lists::Figures;
use crate::{imap, smtp};

/// The release binary, beside this program.
pub fn binary() -> PathBuf {
    let mut path = std::env::current_exe().expect("our own path");
    path.set_file_name("posthouse");
    if !path.exists() {
        eprintln!(
            "bench: {} is not there; use `make bench`, which builds it",
            path.display()
        );
        std::process::exit(2);
    }
    path
}

/// A memory figure of a process, in MB.
pub fn memory_mb(process: u32, field: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("a status");
    let line = status
        .lines()
        .find(|line| line.starts_with(field))
        .expect("the field");
    let kilobytes: f64 = line
        .split_whitespace()
        .nth(1)
        .expect("a number")
        .parse()
        .expect("a number");
    kilobytes * 1024.0 / 1e6
}

/// Prints whether batches are as much faster as they are meant to be.
pub fn batch_aim(single: &[Round], batches: &[(usize, f64)]) {
    let eight = single
        .iter()
        .find(|one| one.clients == crate::batch::CLIENTS);
    let best = batches
        .iter()
        .max_by(|one, other| one.1.total_cmp(&other.1));
    if let (Some(eight), Some((size, per_second))) = (eight, best) {
        let times = per_second / eight.per_second;
        say(
            times >= 3.0,
            format!(
                "batches of {size} at {} clients take {times:.1} times what single sends do (aim: at least 3)",
                eight.clients
            ),
        );
    }
}

/// Prints whether mail is taken as quickly as postfix takes it.
pub fn smtp_aims(rounds: &[smtp::Round]) {
    for one in rounds {
        let part = one.ours / one.postfix;
        say(
            part >= 1.0,
            format!(
                "over SMTP, {} connections, {part:.2} times as many are taken as by postfix (aim: at least 1)",
                one.connections
            ),
        );
    }
}

/// Prints whether lists are as quick with many messages as with few.
pub fn list_aims(lists: &[Figures]) {
    let [few, many] = lists else {
        return;
    };
    for (what, few, many, stored) in [
        ("20 of a mailbox", few.mailbox, many.mailbox, many.stored),
        ("20 of all", few.all, many.all, many.stored),
    ] {
        let times = many.1 / few.1;
        say(
            times <= 2.0,
            format!(
                "p99 of {what} with {stored} stored is {times:.1} times that with a thousand (aim: at most 2)"
            ),
        );
    }
}

/// Prints whether a folder is read and searched as quickly as by Dovecot, and what those cost
/// who wait.
pub fn imap_aims(figures: &imap::Figures) {
    for one in &figures.rounds {
        for (when, ours, theirs) in [
            ("at first", one.ours.first, one.dovecot.first),
            ("again", one.ours.again, one.dovecot.again),
        ] {
            let times = ours / theirs;
            say(
                times <= 1.0,
                format!(
                    "{} {when} takes {times:.2} times as long as by Dovecot (aim: at most 1)",
                    one.what
                ),
            );
        }
    }
    say(
        figures.waiting_mb < 100.0,
        format!(
            "with {} waiting the server has {:.1} MB (aim: under 100 MB)",
            imap::WAITING,
            figures.waiting_mb
        ),
    );
}

fn say(met: bool, words: String) {
    println!("{} {words}", if met { "met:   " } else { "MISSED:" });
}

/// Prints each aim and whether it was met.
pub fn aims(ceilings: &[(&str, f64)], last: &Round, peak_mb: f64) {
    for (words, ceiling) in ceilings {
        let part = last.per_second / ceiling * 100.0;
        say(
            part >= 40.0,
            format!(
                "accept at {} clients is {part:.0} % of the raw ceiling of {words} (aim: at least 40 %)",
                last.clients
            ),
        );
    }
    say(
        last.p99_ms < 25.0,
        format!(
            "p99 at {} clients is {:.2} ms (aim: under 25 ms)",
            last.clients, last.p99_ms
        ),
    );
    say(
        peak_mb < 120.0,
        format!("memory under load is {peak_mb:.1} MB (aim: under 120 MB)"),
    );
}
