//! What arguments are made of.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use posthouse::clock::Timestamp;

use crate::refusal::{Exit, Refusal};

/// One of a closed set of words, by the name it is written with.
pub fn one_of<T>(all: &'static [T], name: fn(T) -> &'static str) -> impl TypedValueParser<Value = T>
where
    T: Copy + Send + Sync + 'static,
{
    PossibleValuesParser::new(all.iter().map(move |one| name(*one))).map(move |text| {
        all.iter()
            .copied()
            .find(|one| name(*one) == text)
            .expect("only these words are let through")
    })
}

/// A moment in RFC 3339.
///
/// # Errors
/// Words for a person.
pub fn moment(text: &str) -> Result<Timestamp, String> {
    text.parse::<jiff::Timestamp>()
        .map(|at| Timestamp(at.as_millisecond()))
        .map_err(|_| String::from("expected a moment such as 2024-03-09T08:15:30Z"))
}

/// What is said when a command that changes something was not told what.
#[must_use]
pub fn nothing_to_change(command: &str) -> Refusal {
    Refusal::new(Exit::Usage, "nothing to change was given").hint(format!(
        "`posthouse {command} --help` shows what can be changed."
    ))
}
