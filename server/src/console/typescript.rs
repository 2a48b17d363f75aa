//! The same types for the page, as TypeScript: written with `BLESS=1`, held otherwise.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ts_rs::{Config, TS};

use super::table::{COMMANDS, Effect, Who};
use super::wire::{Changed, RefusedBody};

/// What one command takes and gives, by name.
pub(super) struct Types {
    input: String,
    output: String,
}

/// Writes the types and all that they are made of; their names.
pub(super) fn of<I: TS + 'static, O: TS + 'static>(config: &Config) -> Types {
    I::export_all(config).expect("written");
    O::export_all(config).expect("written");
    Types {
        input: I::name(config),
        output: O::name(config),
    }
}

const HEAD: &str = "// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; \
     not to be edited.\n";

/// Every file below the page's `api`, and what is in it.
fn files() -> BTreeMap<PathBuf, String> {
    let folder = tempfile::tempdir().expect("a folder");
    let config = Config::new()
        .with_large_int("number")
        .with_out_dir(folder.path());
    let mut lines = String::new();
    let mut roles = String::new();
    for command in COMMANDS {
        let Types { input, output } = (command.types)(&config);
        let name = command.name;
        lines.push_str(&format!(
            "  '{name}': {{ input: {input}; output: {output} }};\n"
        ));
        let who = match command.who {
            Who::Anybody => "anybody",
            Who::Reader => "reader",
            Who::Member => "member",
            Who::Owner => "owner",
        };
        let changes = command.effect != Effect::Reads;
        roles.push_str(&format!(
            "  '{name}': {{ who: '{who}', changes: {changes} }},\n"
        ));
    }
    RefusedBody::export_all(&config).expect("written");
    Changed::export_all(&config).expect("written");
    let mut names: Vec<String> = fs::read_dir(folder.path())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .map(|path| stem(&path))
        .collect();
    names.sort();
    let mut files = BTreeMap::new();
    for name in &names {
        let made = fs::read_to_string(folder.path().join(format!("{name}.ts"))).expect("read");
        let (_, rest) = made.split_once('\n').expect("a line");
        files.insert(format!("types/{name}.ts").into(), format!("{HEAD}{rest}"));
    }
    let all = names
        .iter()
        .map(|name| format!("export type {{ {name} }} from './{name}';\n"));
    files.insert(
        "types/index.ts".into(),
        format!("{HEAD}{}", all.collect::<String>()),
    );
    let used = names.iter().filter(|name| is_used(&lines, name));
    let used: Vec<&str> = used.map(String::as_str).collect();
    let imports = format!(
        "import type {{\n  {},\n}} from './types';\n",
        used.join(",\n  ")
    );
    let text = format!(
        "{HEAD}{imports}\n/** Every command: what goes in and out. */\n\
         export interface Commands {{\n{lines}}}\n\n\
         export type CommandName = keyof Commands;\n\n\
         /** Who may, and whether it changes something. */\n\
         export const COMMANDS: Record<\n  CommandName,\n  {{ who: 'anybody' | 'reader' | 'member' | 'owner'; changes: boolean }}\n> = {{\n{roles}}};\n"
    );
    files.insert("commands.ts".into(), text);
    files
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .expect("a name")
        .to_string_lossy()
        .into_owned()
}

fn is_used(text: &str, name: &str) -> bool {
    let mut words = text.split(|one: char| !one.is_ascii_alphanumeric());
    words.any(|word| word == name)
}

#[test]
fn the_page_has_these_types() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../desktop/ui/src/lib/api");
    let files = files();
    if std::env::var_os("BLESS").is_some() {
        let _ = fs::remove_dir_all(folder.join("types"));
        fs::create_dir_all(folder.join("types")).expect("a folder");
        for (path, text) in &files {
            fs::write(folder.join(path), text).expect("written");
        }
    }
    for (path, text) in &files {
        let was = fs::read_to_string(folder.join(path)).unwrap_or_default();
        assert!(was == *text, "{} is not current: BLESS=1", path.display());
    }
    for entry in fs::read_dir(folder.join("types")).expect("a folder") {
        let name = entry.expect("an entry").file_name();
        let path = Path::new("types").join(name);
        assert!(files.contains_key(&path), "{} is nobody's", path.display());
    }
}
