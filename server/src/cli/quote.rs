//! Words that a person can paste into a shell.

/// The word as a POSIX shell reads it back.
#[must_use]
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:@%,=".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// This program, as it was called.
#[must_use]
pub fn program() -> String {
    std::env::args()
        .next()
        .map_or_else(|| String::from("posthouse"), |name| quoted(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_only_where_it_must() {
        assert_eq!(quoted("/var/lib/posthouse"), "/var/lib/posthouse");
        assert_eq!(quoted("my data"), "'my data'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted(""), "''");
    }
}
