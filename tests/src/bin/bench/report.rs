//! Where the binary is, what a process holds, and how the aims stand.

use std::path::PathBuf;

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

/// Prints each aim and whether it was met.
pub fn aims(ceiling: f64, accepted: f64, p99_ms: f64, peak_mb: f64) {
    let say =
        |met: bool, words: String| println!("{} {words}", if met { "met:   " } else { "MISSED:" });
    let part = accepted / ceiling * 100.0;
    say(
        part >= 40.0,
        format!("accept at 64 clients is {part:.0} % of the raw ceiling (aim: at least 40 %)"),
    );
    say(
        p99_ms < 25.0,
        format!("p99 at 64 clients is {p99_ms:.2} ms (aim: under 25 ms)"),
    );
    say(
        peak_mb < 120.0,
        format!("memory under load is {peak_mb:.1} MB (aim: under 120 MB)"),
    );
}
