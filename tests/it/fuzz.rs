//! What `make fuzz` runs at length, once over everything that is known: seeds, what was found
//! and mended, and the cases that the targets begin with.

use std::path::Path;

use posthouse_tests::place;

#[path = "../fuzz/bodies/mod.rs"]
mod bodies;

/// Runs `read` over the seeds of a target and over some cases; how many there were.
fn over(target: &str, cases: &str, read: fn(&[u8])) -> usize {
    let folders = [
        place::here("fuzz/seeds").join(target),
        place::here("cases").join(cases),
    ];
    folders.iter().map(|folder| each(folder, read)).sum()
}

fn each(folder: &Path, read: fn(&[u8])) -> usize {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let files = entries.map(|entry| entry.expect("an entry").path());
    files
        .map(|path| read(&std::fs::read(path).expect("readable")))
        .count()
}

#[test]
fn every_target_bears_what_is_known() {
    for (target, cases, least, read) in [
        ("mime", "corpus", 70, bodies::mime::read as fn(&[u8])),
        ("folder", "corpus", 70, bodies::folder::read),
        ("headers", "corpus", 70, bodies::headers::read),
        ("report", "corpus", 70, bodies::report::read),
        ("command", "smtp", 10, bodies::command::read),
    ] {
        let count = over(target, cases, read);
        assert!(count > least, "{target} has {count}");
    }
}

/// A target that nobody runs finds nothing.
#[test]
fn every_target_is_run() {
    let read = |path: &str| std::fs::read_to_string(path).expect("readable");
    let top = place::workspace();
    let named = read(&top.join("Makefile").to_string_lossy());
    let line = named.lines().find(|line| line.starts_with("TARGETS :="));
    let mut made: Vec<&str> = line.expect("the targets").split(' ').skip(2).collect();
    let mut there: Vec<String> = std::fs::read_dir(place::here("fuzz/targets"))
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .map(|path| {
            path.file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    made.sort_unstable();
    there.sort_unstable();
    assert_eq!(made, there);
}
