//! Mailbox files: mboxrd (RFC 4155, with quoting that can be undone), and the names of files in
//! Maildir folders. Marks go along: in `Status` and `X-Status` as mail programs write them, and in
//! the letters behind a Maildir name.

use crate::clock::Timestamp;
use crate::model::folder::Flags;

/// What begins a message in a mailbox file.
const FROM: &[u8] = b"From ";
/// Fields that hold marks.
const STATUS: &[u8] = b"Status:";
const X_STATUS: &[u8] = b"X-Status:";

/// Appends a message to a mailbox file: lines end in LF.
pub fn write_mbox(raw: &[u8], flags: &Flags, received_at: Timestamp, out: &mut Vec<u8>) {
    out.extend_from_slice(format!("From - {}\n", asctime(received_at)).as_bytes());
    out.extend_from_slice(&marks(flags));
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if is_from(line) {
            out.push(b'>');
        }
        out.extend_from_slice(line);
        out.push(b'\n');
    }
    out.push(b'\n');
}

/// The fields that hold the marks; they stand before all others.
fn marks(flags: &Flags) -> Vec<u8> {
    let status = match flags.seen {
        true => "RO",
        false => "O",
    };
    let mut more = String::new();
    for (set, letter) in [
        (flags.answered, 'A'),
        (flags.flagged, 'F'),
        (flags.draft, 'T'),
        (flags.deleted, 'D'),
    ] {
        if set {
            more.push(letter);
        }
    }
    format!("Status: {status}\nX-Status: {more}\n").into_bytes()
}

/// Whether a line would begin a message, were it not quoted.
fn is_from(line: &[u8]) -> bool {
    let quotes = line.iter().take_while(|byte| **byte == b'>').count();
    line[quotes..].starts_with(FROM)
}

/// Whether a line, its end or not, begins a message of a mailbox file.
#[must_use]
pub fn begins(line: &[u8]) -> bool {
    line.starts_with(FROM)
}

/// The moment in the line that begins a message, where it can be read.
#[must_use]
pub fn begun_at(line: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(line).ok()?;
    let (_, date) = text.trim_end().strip_prefix("From ")?.split_once(' ')?;
    let date = jiff::civil::DateTime::strptime("%a %b %e %H:%M:%S %Y", date.trim()).ok()?;
    let zoned = date.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(Timestamp(zoned.timestamp().as_millisecond()))
}

/// A message from the lines of a mailbox file between two beginnings: with CRLF at each line's
/// end, without the fields that hold marks, and the marks.
#[must_use]
pub fn read_mbox(lines: &[u8]) -> (Vec<u8>, Flags) {
    // The empty line before the next beginning is no line of the message.
    let lines = lines.strip_suffix(b"\n").unwrap_or(lines);
    let mut raw = Vec::with_capacity(lines.len() + lines.len() / 32);
    let mut flags = Flags::default();
    let mut in_head = true;
    for line in lines.split_inclusive(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if in_head && let Some(value) = field(line, STATUS) {
            flags.seen |= value.contains(&b'R');
            continue;
        }
        if in_head && let Some(value) = field(line, X_STATUS) {
            flags.answered |= value.contains(&b'A');
            flags.flagged |= value.contains(&b'F');
            flags.draft |= value.contains(&b'T');
            flags.deleted |= value.contains(&b'D');
            continue;
        }
        in_head = in_head && !line.is_empty();
        let quoted = line.starts_with(b">") && is_from(line);
        raw.extend_from_slice(if quoted { &line[1..] } else { line });
        raw.extend_from_slice(b"\r\n");
    }
    (raw, flags)
}

fn field<'a>(line: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let start = line.get(..name.len())?;
    start
        .eq_ignore_ascii_case(name)
        .then(|| &line[name.len()..])
}

fn asctime(at: Timestamp) -> String {
    let at = jiff::Timestamp::from_millisecond(at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    at.strftime("%a %b %e %H:%M:%S %Y").to_string()
}

/// The letters of a Maildir name for marks, in their order.
#[must_use]
pub fn maildir_letters(flags: &Flags) -> String {
    let letters = [
        (flags.draft, 'D'),
        (flags.flagged, 'F'),
        (flags.answered, 'R'),
        (flags.seen, 'S'),
        (flags.deleted, 'T'),
    ];
    let set = letters.into_iter().filter(|(set, _)| *set);
    set.map(|(_, letter)| letter).collect()
}

/// The marks behind a Maildir name.
#[must_use]
pub fn maildir_flags(name: &str) -> Flags {
    let letters = name.rsplit_once(":2,").map_or("", |(_, letters)| letters);
    Flags {
        seen: letters.contains('S'),
        answered: letters.contains('R'),
        flagged: letters.contains('F'),
        deleted: letters.contains('T'),
        draft: letters.contains('D'),
        keywords: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(words: &str) -> Flags {
        Flags {
            seen: words.contains("seen"),
            answered: words.contains("answered"),
            flagged: words.contains("flagged"),
            deleted: words.contains("deleted"),
            draft: words.contains("draft"),
            keywords: Vec::new(),
        }
    }

    const RAW: &str = "From: a@b.test\r\nStatus-Of-It: x\r\n\r\nFrom here\r\n>From there\r\n\r\n";

    #[test]
    fn what_is_written_is_read_again() {
        let at = Timestamp(1_700_000_000_000);
        for words in ["", "seen", "answered flagged", "seen draft deleted"] {
            let mut file = Vec::new();
            write_mbox(RAW.as_bytes(), &flags(words), at, &mut file);
            let text = String::from_utf8(file).unwrap();
            let (first, rest) = text.split_once('\n').unwrap();
            assert_eq!(first, "From - Tue Nov 14 22:13:20 2023");
            assert_eq!(begun_at(first.as_bytes()), Some(at));
            assert!(!rest.lines().any(|line| begins(line.as_bytes())), "{rest}");
            let (raw, found) = read_mbox(rest.as_bytes());
            assert_eq!(String::from_utf8(raw).unwrap(), RAW);
            assert_eq!(found, flags(words), "{words}");
        }
    }

    #[test]
    fn what_others_wrote_is_read_too() {
        let (raw, found) = read_mbox(b"Subject: x\nstatus: RO\n\nStatus: R\n>>From a\n>x\n\n");
        assert_eq!(raw, b"Subject: x\r\n\r\nStatus: R\r\n>From a\r\n>x\r\n");
        assert_eq!(found, flags("seen"));
        for line in ["From ", "From a@b.test", "From a@b.test soon", "From: a"] {
            assert_eq!(begun_at(line.as_bytes()), None, "{line}");
        }
    }

    #[test]
    fn a_maildir_name_tells_the_marks() {
        for (name, words, letters) in [
            ("1.M2.h:2,", "", ""),
            ("1.M2.h", "", ""),
            ("1.M2.h:2,FS", "flagged seen", "FS"),
            ("1.M2.h:2,DRTa", "draft answered deleted", "DRT"),
        ] {
            assert_eq!(maildir_flags(name), flags(words), "{name}");
            assert_eq!(maildir_letters(&flags(words)), letters);
        }
    }
}
