//! Patterns of folders' names (RFC 9051 section 6.3.9).

use posthouse::model::folder::{INBOX, LEVEL};

/// Whether a name matches: `*` is anything, `%` anything within a level, and INBOX is itself
/// in any case of letters.
pub(super) fn matches(pattern: &str, name: &str) -> bool {
    let inbox = pattern.get(..INBOX.len());
    match inbox.filter(|first| first.eq_ignore_ascii_case(INBOX)) {
        Some(_) => glob(&format!("{INBOX}{}", &pattern[INBOX.len()..]), name),
        None => glob(pattern, name),
    }
}

/// Walks the name once, with all places in the pattern where it may be by then.
fn glob(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let mut places = vec![false; pattern.len() + 1];
    places[0] = true;
    skip_wildcards(&pattern, &mut places);
    for one in name.chars() {
        let mut next = vec![false; pattern.len() + 1];
        for (at, wanted) in pattern.iter().enumerate().filter(|(at, _)| places[*at]) {
            match wanted {
                '*' => next[at] = true,
                '%' if one != LEVEL => next[at] = true,
                '%' => {}
                wanted if *wanted == one => next[at + 1] = true,
                _ => {}
            }
        }
        places = next;
        skip_wildcards(&pattern, &mut places);
    }
    places[pattern.len()]
}

/// A wildcard may stand for nothing.
fn skip_wildcards(pattern: &[char], places: &mut [bool]) {
    for (at, wanted) in pattern.iter().enumerate() {
        if places[at] && matches!(wanted, '*' | '%') {
            places[at + 1] = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_match_as_they_should() {
        let cases = [
            ("*", "INBOX", true),
            ("*", "a/b/c", true),
            ("%", "a", true),
            ("%", "a/b", false),
            ("a/%", "a/b", true),
            ("a/%", "a/b/c", false),
            ("a/*", "a/b/c", true),
            ("a/*", "a", false),
            ("a*", "a", true),
            ("%/%", "a/b", true),
            ("%b%", "abc", true),
            ("%b%", "ac", false),
            ("*c", "a/b/c", true),
            ("*%c", "a/b/c", true),
            ("inbox", "INBOX", true),
            ("Inbox/x", "INBOX/x", true),
            ("inb*", "INBOX", false),
            ("sent", "Sent", false),
            ("", "", true),
            ("", "a", false),
            ("ü%", "übung", true),
        ];
        for (pattern, name, expected) in cases {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn many_wildcards_take_no_time() {
        let pattern = "*a".repeat(100);
        assert!(!matches(&pattern, &"a".repeat(99)));
        assert!(matches(&pattern, &"a".repeat(100)));
    }
}
