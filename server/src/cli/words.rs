//! What arguments are made of.

use std::num::NonZeroU64;
use std::time::Duration;

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

/// How much at most, if that is bounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Most(pub Option<NonZeroU64>);

/// A number above 0, or none.
///
/// # Errors
/// Words for a person.
pub fn most(text: &str) -> Result<Most, String> {
    let number = text
        .parse()
        .ok()
        .filter(|number: &NonZeroU64| i64::try_from(number.get()).is_ok());
    match (text, number) {
        ("none", _) => Ok(Most(None)),
        (_, Some(number)) => Ok(Most(Some(number))),
        (_, None) => Err(String::from("expected a number above 0, or none")),
    }
}

/// So many bytes, if that is bounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room(pub Option<u64>);

/// A size such as 500MB or 2GB, in units of 1024; or none.
///
/// # Errors
/// Words for a person.
pub fn room(text: &str) -> Result<Room, String> {
    if text == "none" {
        return Ok(Room(None));
    }
    let wrong = || String::from("expected a size such as 500MB or 2GB, or none");
    let digits = text.trim_end_matches(|one: char| one.is_ascii_alphabetic());
    let unit: u64 = match text[digits.len()..].to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" => 1 << 10,
        "m" | "mb" => 1 << 20,
        "g" | "gb" => 1 << 30,
        _ => return Err(wrong()),
    };
    let bytes = digits
        .parse()
        .ok()
        .and_then(|count: u64| count.checked_mul(unit));
    match bytes.filter(|&bytes| bytes > 0 && i64::try_from(bytes).is_ok()) {
        Some(bytes) => Ok(Room(Some(bytes))),
        None => Err(wrong()),
    }
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

/// An end: a moment, or so long from now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// Then.
    At(Timestamp),
    /// So long from now.
    After(Duration),
}

/// A day, which ends at its first instant in UTC; a moment in RFC 3339; or hours, days or
/// weeks from now, such as 90d.
///
/// # Errors
/// Words for a person.
pub fn until(text: &str) -> Result<Until, String> {
    let wrong = || String::from("expected 2027-01-01, 2027-01-01T08:00:00Z, or 12h, 90d, 6w");
    if let Some(unit) = text.chars().next_back().filter(char::is_ascii_alphabetic)
        && let Ok(count) = text[..text.len() - 1].parse::<u32>()
    {
        let hours: u64 = match unit {
            'h' => 1,
            'd' => 24,
            'w' => 7 * 24,
            _ => return Err(wrong()),
        };
        let gap = Duration::from_secs(u64::from(count) * hours * 3600);
        return Ok(Until::After(gap));
    }
    Timestamp::parse_rfc3339(text)
        .or_else(|| Timestamp::parse_rfc3339(&format!("{text}T00:00:00Z")))
        .map(Until::At)
        .ok_or_else(wrong)
}

/// What is said when a command that changes something was not told what.
#[must_use]
pub fn nothing_to_change(command: &str) -> Refusal {
    Refusal::new(Exit::Usage, "nothing to change was given").hint(format!(
        "`posthouse {command} --help` shows what can be changed."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_has_a_unit() {
        for (text, expected) in [
            ("none", Some(None)),
            ("1", Some(Some(1))),
            ("500MB", Some(Some(500 << 20))),
            ("2g", Some(Some(2 << 30))),
            ("0", None),
            ("MB", None),
            ("1.5GB", None),
            ("-1", None),
            ("9999999999999GB", None),
            ("1xb", None),
        ] {
            assert_eq!(room(text).ok(), expected.map(Room), "{text}");
        }
    }

    #[test]
    fn an_end_is_a_day_a_moment_or_a_time_from_now() {
        let hours = |hours: u64| Ok(Until::After(Duration::from_secs(hours * 3600)));
        assert_eq!(until("12h"), hours(12));
        assert_eq!(until("90d"), hours(90 * 24));
        assert_eq!(until("6w"), hours(6 * 7 * 24));
        let day = Ok(Until::At(Timestamp(1_798_761_600_000)));
        assert_eq!(until("2027-01-01"), day);
        assert_eq!(until("2027-01-01T01:00:00+01:00"), day);
        for wrong in [
            "",
            "d",
            "90",
            "-1d",
            "90m",
            "soon",
            "2027-13-01",
            "9999999999d",
            "ä",
        ] {
            assert!(until(wrong).is_err(), "{wrong}");
        }
    }
}
