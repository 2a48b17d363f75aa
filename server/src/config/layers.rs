//! Where values come from: flags before the environment before the file before defaults.

use std::collections::HashMap;
use std::path::Path;

use super::file::File;
use super::values::Value;
use super::{KEYS, Key};

/// A setting is wrong; says where it stands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Wrong(String);

impl Wrong {
    pub(super) fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }
}

/// What flags said, by their names.
pub type Flags = HashMap<String, String>;

/// Variables that are no settings and yet ours.
const OTHER_VARIABLES: [&str; 4] = [
    "POSTHOUSE_DATA",
    "POSTHOUSE_CONFIG",
    "POSTHOUSE_MASTER_KEY",
    "POSTHOUSE_RELAY_PASSWORD",
];

/// Everything that was said about settings.
#[derive(Clone, Debug, Default)]
pub struct Layers {
    flags: Flags,
    environment: HashMap<String, String>,
    file: Option<File>,
}

impl Layers {
    /// Gathers what `flags`, the variables of `environment` and the file say.
    ///
    /// # Errors
    /// [`Wrong`] when the file cannot be read, is no TOML, or holds an unknown key.
    pub fn gather(
        flags: Flags,
        environment: impl Iterator<Item = (String, String)>,
        file: Option<&Path>,
    ) -> Result<Self, Wrong> {
        let file = file.map(File::read).transpose()?;
        Ok(Self::of(flags, environment, file))
    }

    pub(super) fn of(
        flags: Flags,
        environment: impl Iterator<Item = (String, String)>,
        file: Option<File>,
    ) -> Self {
        Self {
            flags,
            environment: environment
                .filter(|(name, _)| name.starts_with("POSTHOUSE_"))
                .collect(),
            file,
        }
    }

    /// Variables that look like settings of ours and are none.
    #[must_use]
    pub fn unknown_variables(&self) -> Vec<&str> {
        let mut unknown: Vec<&str> = self
            .environment
            .keys()
            .map(String::as_str)
            .filter(|name| !OTHER_VARIABLES.contains(name))
            .filter(|name| !KEYS.iter().any(|key| key.variable() == *name))
            .collect();
        unknown.sort_unstable();
        unknown
    }

    /// Every setting: its name, what holds of it as it was written, and what it is for.
    #[must_use]
    pub fn told(&self) -> Vec<(String, String, String)> {
        let written = |key: &Key| {
            let by_flag = self.flags.get(&key.flag());
            let by_variable = || self.environment.get(&key.variable());
            let by_file = || {
                let file = self.file.as_ref()?;
                file.found.get(&(key.section, key.key)).map(|one| &one.text)
            };
            let said = by_flag.or_else(by_variable).or_else(by_file);
            said.map_or(key.default, String::as_str).to_owned()
        };
        let told = |key: &Key| {
            let about: Vec<&str> = key.about.iter().map(|line| line.trim()).collect();
            let name = format!("{}.{}", key.section, key.key);
            (name, written(key), about.join(" "))
        };
        KEYS.iter().map(told).collect()
    }

    /// Whether the flag `name` was given: other commands do not see what it says.
    #[must_use]
    pub fn has_flag(&self, name: &str) -> bool {
        self.flags.contains_key(name)
    }

    pub(super) fn value<T: Value>(&self, key: Option<&Key>) -> Result<T, Wrong> {
        let Some(key) = key else {
            return Err(Wrong::new("the table of settings is out of step"));
        };
        let here = Path::new("");
        let parse = |source: &str, text: &str, base: &Path| {
            T::parse(text, base).ok_or_else(|| {
                Wrong::new(format!("{source} is {text:?}, expected {}", T::EXPECTED))
            })
        };
        let flag = key.flag();
        if let Some(text) = self.flags.get(&flag) {
            return parse(&format!("--{flag}"), text, here);
        }
        let variable = key.variable();
        if let Some(text) = self.environment.get(&variable) {
            return parse(&variable, text, here);
        }
        if let Some(file) = &self.file
            && let Some(found) = file.found.get(&(key.section, key.key))
        {
            let source = format!(
                "{} line {}: {}.{}",
                file.path.display(),
                found.line,
                key.section,
                key.key
            );
            // A path in the file is relative to the file.
            let base = file.path.parent().unwrap_or(here);
            return parse(&source, &found.text, base);
        }
        parse(&format!("the default of {}", key.key), key.default, here)
    }
}
