//! Texts of templates as files, and where in them something is wrong.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use posthouse::limits::{TEMPLATE_BYTES, TEMPLATE_VARIABLES_BYTES};
use posthouse::mime::template::{Fault, Part, RenderError, check, render};
use posthouse::model::template::TemplateText;
use serde_json::{Map, Value};

use crate::refusal::{Exit, Refusal};

/// Characters of a line that are shown on each side of a fault.
const SHOWN_CHARACTERS: usize = 40;

/// A text, and where it comes from.
pub struct Source {
    place: String,
    /// The text.
    pub text: String,
}

impl Source {
    /// A text that was given in place of a file.
    #[must_use]
    pub fn given(place: &str, text: String) -> Self {
        Self {
            place: place.to_owned(),
            text,
        }
    }

    /// Reads a file; - is standard input. Of a text that is too long, only so much that it
    /// is seen.
    ///
    /// # Errors
    /// `Exit::Missing` and `Exit::Refused`.
    pub fn read(file: &Path) -> Result<Self, Refusal> {
        let (place, bytes) = read(file, TEMPLATE_BYTES)?;
        let text = String::from_utf8(bytes)
            .map_err(|_| Refusal::new(Exit::Refused, format!("{place} is not UTF-8")))?;
        Ok(Self { place, text })
    }

    /// Whether this can be a part of a template.
    ///
    /// # Errors
    /// `Exit::Refused`, with the place of what is wrong.
    pub fn check(&self, part: Part) -> Result<(), Refusal> {
        check(part, &self.text).map_err(|fault| pointed(&self.place, &self.text, &fault))
    }
}

/// Reads a JSON object from a file; - is standard input.
///
/// # Errors
/// `Exit::Missing` and `Exit::Refused`, with the place of what is wrong.
pub fn read_json(file: &Path) -> Result<Map<String, Value>, Refusal> {
    // JSON has quotes and blanks beside its values.
    let (place, bytes) = read(file, 2 * TEMPLATE_VARIABLES_BYTES)?;
    let wrong = |line: usize, column: usize, words: String| {
        Refusal::new(Exit::Refused, format!("{place}:{line}:{column}: {words}"))
    };
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(values)) => Ok(values),
        Ok(_) => Err(wrong(1, 1, String::from("expected a JSON object"))),
        Err(error) => {
            let words = error.to_string();
            let words = words.split(" at line ").next().unwrap_or_default();
            Err(wrong(error.line(), error.column(), words.to_owned()))
        }
    }
}

fn read(file: &Path, most: usize) -> Result<(String, Vec<u8>), Refusal> {
    let standard = file == Path::new("-");
    let place = if standard {
        String::from("standard input")
    } else {
        file.display().to_string()
    };
    let take = |from: &mut dyn Read| {
        let mut bytes = Vec::new();
        from.take(most as u64 + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes = if standard {
        take(&mut io::stdin().lock())
    } else {
        File::open(file).and_then(|mut file| take(&mut file))
    };
    match bytes {
        Ok(bytes) => Ok((place, bytes)),
        Err(error) => {
            let exit = match error.kind() {
                io::ErrorKind::NotFound => Exit::Missing,
                _ => Exit::Refused,
            };
            Err(Refusal::new(
                exit,
                format!("{place} cannot be read: {error}"),
            ))
        }
    }
}

/// What is wrong with a draft and these values, if its place is known.
#[must_use]
pub fn broken(draft: &TemplateText, variables: &Map<String, Value>) -> Option<Refusal> {
    let parts = [
        (Part::Subject, &draft.subject),
        (Part::Html, &draft.html),
        (Part::Text, &draft.text),
    ];
    parts.into_iter().find_map(|(part, source)| {
        let source = source.as_deref()?;
        match render(part, source, variables) {
            Err(RenderError::Syntax(fault) | RenderError::Run(fault)) => {
                Some(pointed(part.name(), source, &fault))
            }
            Ok(_) | Err(RenderError::VariablesDeep | RenderError::VariablesLarge) => None,
        }
    })
}

/// `place:line:column: what`, and under it the line with a caret below the fault.
fn pointed(place: &str, source: &str, fault: &Fault) -> Refusal {
    let Fault {
        part: _,
        line,
        column,
        message,
    } = fault;
    let words = format!("{place}:{line}:{column}: {message}");
    let place = |number: u32| usize::try_from(number).unwrap_or(usize::MAX) - 1;
    let shown = source.split('\n').nth(place(*line)).unwrap_or_default();
    let at = place(*column);
    let first = at.saturating_sub(SHOWN_CHARACTERS);
    let piece: String = shown
        .chars()
        .skip(first)
        .take(2 * SHOWN_CHARACTERS)
        // A tab would move the caret away from its place.
        .map(|one| if one.is_control() { ' ' } else { one })
        .collect();
    let caret = " ".repeat(at - first);
    Refusal::new(Exit::Refused, words).hint(format!("{}\n  {caret}^", piece.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(source: &str) -> (String, String) {
        let source = Source::given("mail.html", source.to_owned());
        let refusal = source.check(Part::Html).unwrap_err();
        (refusal.words.unwrap(), refusal.hint.unwrap())
    }

    #[test]
    fn a_fault_is_pointed_at() {
        let (words, hint) = told("<p>\n\tDear {{ name }\n</p>\n");
        assert!(words.starts_with("mail.html:2:15: "), "{words}");
        assert_eq!(hint, " Dear {{ name }\n                ^");
        let (words, hint) = told(&format!(
            "{}{{{{ a b }}}}{}",
            "x".repeat(500),
            "y".repeat(500)
        ));
        assert!(words.starts_with("mail.html:1:5"), "{words}");
        let (line, caret) = hint.split_once('\n').unwrap();
        assert_eq!(line.chars().count(), 80);
        assert_eq!(caret, format!("  {}^", " ".repeat(40)));
    }
}
