//! The file: TOML, every table and key known, each value with its line.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

use super::layers::Wrong;
use super::values::Written;
use super::{KEYS, Key, SECTIONS};

/// A value as the file has it.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) text: String,
    pub(super) line: usize,
}

/// A file that was read.
#[derive(Clone, Debug)]
pub(super) struct File {
    pub(super) path: PathBuf,
    pub(super) found: HashMap<(&'static str, &'static str), Found>,
}

impl File {
    pub(super) fn read(path: &Path) -> Result<Self, Wrong> {
        let text = fs::read_to_string(path).map_err(|error| {
            Wrong::new(format!(
                "the configuration file {} cannot be read: {error}",
                path.display()
            ))
        })?;
        Self::parse(path, &text)
    }

    pub(super) fn parse(path: &Path, text: &str) -> Result<Self, Wrong> {
        let at = |offset: usize, words: String| {
            Wrong::new(format!(
                "{} line {}: {words}",
                path.display(),
                line_of(text, offset)
            ))
        };
        let document = DeTable::parse(text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            at(offset, error.message().to_owned())
        })?;
        let mut found = HashMap::new();
        for (section, value) in document.get_ref() {
            let name: &str = section.get_ref();
            let start = section.span().start;
            if !SECTIONS.iter().any(|(known, _)| *known == name) {
                return Err(at(start, unknown_section(name)));
            }
            let DeValue::Table(table) = value.get_ref() else {
                return Err(at(
                    start,
                    format!("{name} is a table: write [{name}] on a line of its own"),
                ));
            };
            for (key, value) in table {
                let start = key.span().start;
                let known = find(name, key.get_ref()).map_err(|words| at(start, words))?;
                let written = text_of(value.get_ref(), known)
                    .map_err(|words| at(value.span().start, words))?;
                let line = line_of(text, value.span().start);
                found.insert(
                    (known.section, known.key),
                    Found {
                        text: written,
                        line,
                    },
                );
            }
        }
        Ok(Self {
            path: path.to_owned(),
            found,
        })
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes()
        .take(offset)
        .filter(|byte| *byte == b'\n')
        .count()
        + 1
}

fn unknown_section(name: &str) -> String {
    // A key before the first table is a common slip.
    if let Some(key) = KEYS.iter().find(|key| key.key == name) {
        return format!("{name} belongs into the table [{}]", key.section);
    }
    let known: Vec<String> = SECTIONS
        .iter()
        .map(|(name, _)| format!("[{name}]"))
        .collect();
    format!("there is no table [{name}]; there are {}", known.join(", "))
}

fn find(section: &str, name: &str) -> Result<&'static Key, String> {
    let here = || KEYS.iter().filter(|key| key.section == section);
    if let Some(key) = here().find(|key| key.key == name) {
        return Ok(key);
    }
    if let Some(elsewhere) = KEYS.iter().find(|key| key.key == name) {
        return Err(format!(
            "{section}.{name} is no setting; it belongs into the table [{}]",
            elsewhere.section
        ));
    }
    let known: Vec<&str> = here().map(|key| key.key).collect();
    Err(format!(
        "{section}.{name} is no setting; [{section}] has {}",
        known.join(", ")
    ))
}

fn text_of(value: &DeValue<'_>, key: &Key) -> Result<String, String> {
    let wrong = |expected: &str| {
        Err(format!(
            "{}.{} is {}, expected {expected}",
            key.section,
            key.key,
            article(value.type_str())
        ))
    };
    match (key.written, value) {
        (Written::Text, DeValue::String(text)) => Ok(text.to_string()),
        (Written::Text, _) => wrong("a text in quotes"),
        (Written::Number, DeValue::Integer(number)) if number.radix() == 10 => {
            Ok(number.as_str().replace('_', ""))
        }
        (Written::Number, _) => wrong("a number without quotes"),
        (Written::Switch, DeValue::Boolean(switch)) => Ok(switch.to_string()),
        (Written::Switch, _) => wrong("true or false, without quotes"),
        (Written::List, DeValue::Array(items)) => {
            let texts: Option<Vec<&str>> =
                items.iter().map(|item| item.get_ref().as_str()).collect();
            texts.map_or_else(
                || wrong("a list of texts in quotes"),
                |texts| Ok(texts.join(",")),
            )
        }
        (Written::List, _) => wrong("a list such as [\"…\"]"),
    }
}

fn article(kind: &str) -> String {
    match kind {
        "integer" | "array" => format!("an {kind}"),
        kind => format!("a {kind}"),
    }
}
