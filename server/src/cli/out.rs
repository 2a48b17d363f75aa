//! What a command prints: a JSON value for programs, or lines and tables for people.

use std::io::{self, IsTerminal as _, Write};

use serde::Serialize;

use super::harmless::Harmless;
use crate::refusal::Refusal;

/// For whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Where a command's answer goes.
#[derive(Clone, Copy, Debug)]
pub struct Out {
    style: Style,
}

impl Out {
    /// Standard output, in this style.
    #[must_use]
    pub const fn new(style: Style) -> Self {
        Self { style }
    }

    /// For whom.
    #[must_use]
    pub const fn style(&self) -> Style {
        self.style
    }

    /// Prints `value` as JSON, or what `text` writes.
    ///
    /// # Errors
    /// As standard output says.
    pub fn answer<T: Serialize>(
        &self,
        value: &T,
        text: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut to = io::BufWriter::new(io::stdout().lock());
        match self.style {
            Style::Json => {
                serde_json::to_writer(&mut to, value).map_err(io::Error::from)?;
                to.write_all(b"\n")?;
            }
            Style::Text => text(&mut Harmless::new(&mut to))?,
        }
        to.flush()
    }

    /// Prints `value` as JSON, or `bytes` as they are: a person has sent them to a file.
    ///
    /// # Errors
    /// As standard output says.
    pub fn bytes<T: Serialize>(&self, value: &T, bytes: &[u8]) -> io::Result<()> {
        match self.style {
            Style::Json => self.answer(value, |_| Ok(())),
            Style::Text => {
                let mut to = io::stdout().lock();
                to.write_all(bytes)?;
                to.flush()
            }
        }
    }

    /// Says on standard error why the command was refused.
    pub fn refuse(&self, refusal: &Refusal) {
        let Some(words) = &refusal.words else {
            return;
        };
        let mut to = io::stderr().lock();
        // There is nowhere left to tell that standard error cannot be written.
        let _ = match self.style {
            Style::Json => {
                let value = serde_json::json!({"error": words, "hint": refusal.hint});
                writeln!(to, "{value}")
            }
            Style::Text => match &refusal.hint {
                None => writeln!(to, "posthouse: {words}"),
                Some(hint) => writeln!(to, "posthouse: {words}\n  {hint}"),
            },
        };
    }
}

/// One line on standard error that says how far long work is, while a person is looking.
pub struct Progress {
    shown: bool,
}

impl Progress {
    /// Shows `words`, when standard error is a terminal.
    #[must_use]
    pub fn start(words: &str) -> Self {
        let progress = Self {
            shown: io::stderr().is_terminal(),
        };
        progress.tell(words);
        progress
    }

    /// Shows `words` in place of what was there.
    pub fn tell(&self, words: &str) {
        if self.shown {
            // CSI K erases the line that was there (ECMA-48 EL). Nothing depends on it.
            let mut to = io::stderr().lock();
            let _ = write!(to, "\r\x1b[K{words}").and_then(|()| to.flush());
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.tell("");
    }
}
