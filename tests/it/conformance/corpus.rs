//! The messages of `cases/corpus`.

use posthouse_tests::place;

/// Their names.
///
/// # Panics
/// When they cannot be read.
pub fn names() -> Vec<String> {
    let entries = std::fs::read_dir(place::here("cases/corpus")).expect("the corpus");
    let names = entries.filter_map(|entry| {
        let path = entry.expect("an entry").path();
        let stem = path.file_stem()?.to_string_lossy().into_owned();
        (path.extension()? == "eml").then_some(stem)
    });
    let mut names: Vec<String> = names.collect();
    names.sort();
    assert!(names.len() > 60, "{}", names.len());
    names
}

/// The bytes of one.
///
/// # Panics
/// When there is none of this name.
pub fn message(name: &str) -> Vec<u8> {
    let path = place::here(&format!("cases/corpus/{name}.eml"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
