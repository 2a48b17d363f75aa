//! Sentences for people, in lines that fit a terminal.

use std::io::{self, Write};

/// Columns of a line, where words allow it.
const COLUMNS: usize = 80;
/// Where the text behind a label begins.
const LABEL: usize = 14;

/// A sentence or more, indented by two.
///
/// # Errors
/// As `to` says.
pub fn sentences(to: &mut dyn Write, text: &str) -> io::Result<()> {
    for line in lines(text, COLUMNS - 2) {
        writeln!(to, "  {line}")?;
    }
    Ok(())
}

/// A text behind its label, both indented; further lines stand below the first.
///
/// # Errors
/// As `to` says.
pub fn labelled(to: &mut dyn Write, label: &str, text: &str) -> io::Result<()> {
    hanging(to, label, LABEL, text)
}

/// As [`labelled`], with a label of any length: the line of a list.
///
/// # Errors
/// As `to` says.
pub fn entry(to: &mut dyn Write, label: &str, text: &str) -> io::Result<()> {
    if text.is_empty() {
        return writeln!(to, "  {}", label.trim_end());
    }
    hanging(to, label, label.chars().count() + 4, text)
}

fn hanging(to: &mut dyn Write, label: &str, begin: usize, text: &str) -> io::Result<()> {
    let mut label = label;
    for line in text.lines().flat_map(|text| lines(text, COLUMNS - begin)) {
        writeln!(to, "  {label:<width$}{line}", width = begin - 2)?;
        label = "";
    }
    Ok(())
}

/// Breaks a text between words. What stands between backticks is to be copied whole.
fn lines(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in words(text) {
        let wide = line.chars().count() + 1 + word.chars().count() > columns;
        if wide && !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&word);
    }
    lines.push(line);
    lines
}

fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut open = false;
    for word in text.split_whitespace() {
        match words.last_mut().filter(|_| open) {
            Some(last) => {
                last.push(' ');
                last.push_str(word);
            }
            None => words.push(word.to_owned()),
        }
        open ^= word.matches('`').count() % 2 == 1;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_between_words_and_not_within_commands() {
        assert_eq!(lines("one two  three", 7), ["one two", "three"]);
        assert_eq!(lines("a long-long-word b", 4), ["a", "long-long-word", "b"]);
        assert_eq!(
            lines("do `posthouse key mode 1 live`, and go on", 12),
            ["do", "`posthouse key mode 1 live`,", "and go on"]
        );
    }

    #[test]
    fn further_lines_stand_below_the_first() {
        let mut text = Vec::new();
        labelled(&mut text, "Route", "one\ntwo").unwrap();
        assert_eq!(
            String::from_utf8(text).unwrap(),
            "  Route       one\n              two\n"
        );
        let mut text = Vec::new();
        entry(&mut text, "Try 1", "refused").unwrap();
        entry(&mut text, "queued   ", "").unwrap();
        assert_eq!(
            String::from_utf8(text).unwrap(),
            "  Try 1  refused\n  queued\n"
        );
    }
}
