//! The shape of the sources: layers, sizes, words. `exceptions.txt` lists what breaks a rule
//! for now; a line there that is no longer needed fails too.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use posthouse_tests::place;

/// As many exceptions as there may be. Only ever made smaller.
const EXCEPTIONS: usize = 2;
const LINES: usize = 400;
const LINES_WALL: usize = 500;
const VENDORS: [&str; 5] = ["mailpace", "mailstack", "mailapi", "mailpass", "mailsac"];
const BANNED: [&str; 5] = ["manager", "service", "helper", "util", "processor"];

/// The engine's modules, and what each may use besides the ground they all stand on.
const LAYERS: [(&str, &[&str]); 9] = [
    ("model", &[]),
    ("mime", &["model"]),
    ("password", &["model"]),
    ("feed", &["mime", "model"]),
    ("outside", &["feed", "mime", "model"]),
    ("store", &["feed", "mime", "model"]),
    (
        "engine",
        &["store", "outside", "feed", "mime", "password", "model"],
    ),
    (
        "ops",
        &[
            "engine", "store", "outside", "feed", "mime", "password", "model",
        ],
    ),
    (
        "work",
        &["ops", "engine", "store", "outside", "feed", "mime", "model"],
    ),
];
/// The ground: used by all, using only each other.
const GROUND: [&str; 5] = ["clock", "error", "ids", "limits", "seal"];
/// A dialect's modules, and what each may use.
const DIALECT: [(&str, &[&str]); 7] = [
    ("wire", &[]),
    ("convert", &["wire"]),
    ("refuse", &["wire"]),
    ("calls", &["convert", "refuse", "wire"]),
    ("hooks", &["convert", "refuse", "wire"]),
    ("messages", &["calls", "convert", "refuse", "wire"]),
    (
        "mod",
        &["calls", "messages", "hooks", "convert", "refuse", "wire"],
    ),
];

/// Folders of what is not written here.
const MADE: [&str; 5] = [".git", "target", "node_modules", "dist", "dist-fake"];

/// A file of the sources.
struct Source {
    /// From the top of the workspace.
    path: String,
    text: String,
}

impl Source {
    /// Its lines without comments, numbered from 1.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate();
        lines.map(|(index, line)| (index + 1, line.split("//").next().unwrap_or_default()))
    }
}

/// Every text file that belongs to the project.
fn sources() -> Vec<Source> {
    let top = place::workspace();
    let mut found = Vec::new();
    walk(&top, &mut |path: PathBuf| {
        let Ok(text) = std::fs::read_to_string(&path) else {
            return;
        };
        let path = path.strip_prefix(&top).expect("below the top");
        found.push(Source {
            path: path.to_string_lossy().into_owned(),
            text,
        });
    });
    assert!(found.len() > 100, "the sources are not here");
    found
}

fn walk(folder: &Path, take: &mut impl FnMut(PathBuf)) {
    for entry in std::fs::read_dir(folder).expect("readable") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        match path.is_dir() {
            // What is made of the sources is none of them.
            true if MADE.contains(&name.as_str()) => {}
            true => walk(&path, take),
            false => take(path),
        }
    }
}

fn rust() -> Vec<Source> {
    sources()
        .into_iter()
        .filter(|source| source.path.ends_with(".rs"))
        .collect()
}

/// Fails for what breaks a rule and is not excepted, and for what is excepted and does not.
fn judge(rule: &str, broken: BTreeSet<String>) {
    let listed = include_str!("exceptions.txt")
        .lines()
        .filter(|line| !line.starts_with('#'));
    let listed: Vec<&str> = listed.collect();
    assert!(
        listed.len() <= EXCEPTIONS,
        "more exceptions than {EXCEPTIONS}"
    );
    let of_rule = listed
        .iter()
        .filter_map(|line| line.strip_prefix(rule)?.strip_prefix(' '));
    let excepted: BTreeSet<String> = of_rule.map(str::to_owned).collect();
    let new: Vec<_> = broken.difference(&excepted).collect();
    let stale: Vec<_> = excepted.difference(&broken).collect();
    assert!(new.is_empty(), "{rule}: {new:#?}");
    assert!(
        stale.is_empty(),
        "{rule}: no exception needed any more: {stale:#?}"
    );
}

#[test]
fn the_engine_imports_one_way() {
    let mut broken = BTreeSet::new();
    for source in rust() {
        let Some(inside) = source.path.strip_prefix("core/src/") else {
            continue;
        };
        let own = inside.split(['/', '.']).next().unwrap_or_default();
        let allowed = LAYERS
            .iter()
            .find(|(name, _)| *name == own)
            .map(|(_, allowed)| *allowed);
        if allowed.is_none() && !GROUND.contains(&own) {
            assert_eq!(own, "lib", "{} is in no layer", source.path);
            continue;
        }
        for (line, code) in source.code() {
            for used in code.split("crate::").skip(1).flat_map(first_names) {
                let fine = used == own
                    || GROUND.contains(&used.as_str())
                    || allowed.unwrap_or_default().contains(&used.as_str());
                let module = LAYERS.iter().any(|(name, _)| *name == used);
                if module && !fine {
                    broken.insert(format!("{}:{line} uses {used}", source.path));
                }
            }
        }
    }
    judge("layer", broken);
}

/// The first names of a path or of a group of paths: `a` of `a::b`; `a`, `b` of `{a::c, b}`.
fn first_names(path: &str) -> Vec<String> {
    let name = |text: &str| {
        let text = text.trim();
        let end = text.find(|one: char| !one.is_alphanumeric() && one != '_');
        text[..end.unwrap_or(text.len())].to_owned()
    };
    match path.strip_prefix('{') {
        Some(group) => group.split(',').map(name).collect(),
        None => vec![name(path)],
    }
}

#[test]
fn a_dialect_imports_one_way_and_none_other() {
    let mut broken = BTreeSet::new();
    for source in rust() {
        let Some(inside) = source.path.strip_prefix("server/src/dialects/") else {
            continue;
        };
        let Some((vendor, file)) = inside.split_once('/') else {
            continue;
        };
        let own = file.split(['/', '.']).next().unwrap_or_default();
        let allowed = DIALECT
            .iter()
            .find(|(name, _)| *name == own)
            .map(|(_, allowed)| *allowed);
        for (line, code) in source.code() {
            for other in VENDORS.iter().filter(|other| **other != vendor) {
                if code.contains(&format!("dialects::{other}"))
                    || code.contains(&format!("super::{other}"))
                {
                    broken.insert(format!("{}:{line} uses {other}", source.path));
                }
            }
            let (near, far) = ("super::".to_owned(), format!("dialects::{vendor}::"));
            let paths = [near, far].map(|start| {
                code.split(start.as_str())
                    .skip(1)
                    .flat_map(first_names)
                    .collect::<Vec<_>>()
            });
            for used in paths.concat() {
                let module = DIALECT.iter().any(|(name, _)| *name == used);
                let fine =
                    used == own || allowed.is_none_or(|allowed| allowed.contains(&used.as_str()));
                if module && !fine {
                    broken.insert(format!("{}:{line} uses {used}", source.path));
                }
            }
        }
    }
    judge("dialect", broken);
}

#[test]
fn a_vendor_is_named_in_its_dialect_only() {
    let mut broken = BTreeSet::new();
    for source in sources() {
        let place = ["core/", "server/src/", "migrations/"];
        // A list of hosts names whom it names.
        let listed = source.path == "core/data/disposable_domains.txt";
        if listed || !place.iter().any(|start| source.path.starts_with(start)) {
            continue;
        }
        let text = format!("{}\n{}", source.path, source.text).to_lowercase();
        for vendor in VENDORS {
            let home = format!("server/src/dialects/{vendor}/");
            let head = source.path == "server/src/dialects/mod.rs";
            if !source.path.starts_with(&home) && !head && text.contains(vendor) {
                broken.insert(format!("{} says {vendor}", source.path));
            }
        }
    }
    judge("vendor", broken);
}

#[test]
fn files_are_short() {
    let written = [".rs", ".ts", ".svelte", ".js", ".py", ".sql"];
    let mut broken = BTreeSet::new();
    for source in sources() {
        let lines = source.text.lines().count();
        let golden = source.path == "tests/it/schema.sql";
        if lines <= LINES || golden || !written.iter().any(|end| source.path.ends_with(end)) {
            continue;
        }
        assert!(
            lines <= LINES_WALL,
            "{} has {lines} lines; {LINES_WALL} is the wall",
            source.path
        );
        broken.insert(source.path);
    }
    judge("lines", broken);
}

#[test]
fn functions_are_short_and_nothing_is_unsafe() {
    let top = place::workspace();
    let read = |name: &str| std::fs::read_to_string(top.join(name)).unwrap_or_default();
    assert!(
        read("clippy.toml").contains("too-many-lines-threshold = 70"),
        "clippy counts lines"
    );
    let manifest = read("Cargo.toml");
    assert!(manifest.contains("too_many_lines = \"deny\""));
    assert!(manifest.contains("unsafe_code = \"forbid\""));
    for package in ["core", "server", "tests"] {
        let own = read(&format!("{package}/Cargo.toml"));
        assert!(
            own.contains("[lints]\nworkspace = true"),
            "{package} has lints of its own"
        );
    }
    let allowed = rust().into_iter().filter(|source| {
        source
            .code()
            .any(|(_, code)| code.trim_start().starts_with('#') && code.contains("too_many_lines"))
    });
    judge("function", allowed.map(|source| source.path).collect());
}

#[test]
fn nothing_has_a_name_that_says_nothing() {
    let mut broken = BTreeSet::new();
    for source in rust() {
        let file = Path::new(&source.path)
            .file_stem()
            .expect("a name")
            .to_string_lossy()
            .to_lowercase();
        if BANNED
            .iter()
            .any(|word| file.trim_end_matches('s') == *word)
        {
            broken.insert(source.path.clone());
        }
        for (line, code) in source.code() {
            let mut words = code
                .split_whitespace()
                .skip_while(|word| !["struct", "enum", "trait", "type", "mod"].contains(word));
            let declared = words.nth(1).unwrap_or_default().to_lowercase();
            if BANNED.iter().any(|word| declared.contains(word)) {
                broken.insert(format!("{}:{line} {declared}", source.path));
            }
        }
    }
    judge("name", broken);
}

#[test]
fn nothing_knows_the_machine_it_was_made_on() {
    let folders = ["home", "root", "work", "Users", "mnt"].map(|name| format!("/{name}/"));
    let mut broken = BTreeSet::new();
    for source in sources() {
        for (line, text) in (1..).zip(source.text.lines()) {
            let starts = |folder: &String| {
                text.match_indices(folder.as_str()).any(|(at, _)| {
                    let before = text[..at].chars().next_back();
                    before.is_none_or(|one| " \"'=(`:".contains(one))
                })
            };
            if folders.iter().any(starts) {
                broken.insert(format!("{}:{line}", source.path));
            }
        }
        if source.path.ends_with("package-lock.json") && source.text.contains("\"resolved\"") {
            broken.insert(format!("{} names a registry", source.path));
        }
    }
    judge("machine", broken);
}
