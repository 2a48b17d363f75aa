//! What a command prints: a JSON value for programs, or lines and tables for people.

use std::io::{self, IsTerminal as _, Write};

use serde::Serialize;

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

    /// For whom it is.
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
            Style::Text => text(&mut to)?,
        }
        to.flush()
    }

    /// Prints bytes as they are.
    ///
    /// # Errors
    /// As standard output says.
    pub fn raw(&self, bytes: &[u8]) -> io::Result<()> {
        let mut to = io::stdout().lock();
        to.write_all(bytes)?;
        to.flush()
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

    /// Shows how far long work is, on one line, when a person is looking.
    pub fn progress(words: &str) {
        let mut to = io::stderr().lock();
        if to.is_terminal() {
            // Erases the line that was there (ECMA-48 EL).
            let _ = write!(to, "\r\x1b[K{words}");
            let _ = to.flush();
        }
    }
}
