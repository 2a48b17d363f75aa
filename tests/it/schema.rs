//! The database's shape, and the files that made it.

use std::collections::BTreeMap;
use std::path::Path;

use posthouse_tests::place;
use sha2::{Digest as _, Sha256};

/// Compares with a golden file, or rewrites it when `BLESS` is set.
fn golden(file: &str, is: &str) {
    let path = place::here("it").join(file);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, is).expect("written");
    }
    let was = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        was == is,
        "{file} differs; BLESS=1 rewrites it, then read what changed"
    );
}

#[test]
fn the_migrations_make_this_schema() {
    golden(
        "schema.sql",
        &posthouse::store::schema().expect("the migrations run"),
    );
}

/// A released migration never changes: databases that ran it do not run it again.
#[test]
fn the_migrations_are_these_files() {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(place::workspace().join("migrations")).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        files.insert(
            version(&path),
            (name, std::fs::read(&path).expect("readable")),
        );
    }
    let line = |(name, text): &(String, Vec<u8>)| {
        let digest = Sha256::digest(text);
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{hex}  {name}\n")
    };
    golden(
        "migrations.sha256",
        &files.values().map(line).collect::<String>(),
    );
}

fn version(path: &Path) -> u32 {
    let stem = path.file_stem().expect("a name").to_string_lossy();
    let number = stem
        .strip_prefix('V')
        .and_then(|rest| rest.split("__").next()?.parse().ok());
    number.unwrap_or_else(|| panic!("{stem} is not V<number>__<concern>"))
}
