//! Records as lines of a zone file (RFC 1035 section 5.1).

use posthouse::Settings;
use posthouse::model::domain::Record;
use posthouse::ops::records::Verification;

use super::table::moment;
use super::verify::{found_words, needed, title};

/// A character-string holds at most this many octets (RFC 1035 section 3.3).
const STRING_OCTETS: usize = 255;

/// The record on one line, with an absolute name.
#[must_use]
pub fn line(record: &Record) -> String {
    let value = match record.record_type {
        "TXT" => strings(&record.expected),
        // Host names at the end of what is expected are absolute, too.
        _ => format!("{}.", record.expected),
    };
    format!("{}. {} {value}", record.name, record.record_type)
}

/// All that a domain should publish, as lines of a zone file; what is not a record is a comment.
#[must_use]
pub fn zone_file(found: &Verification, settings: &Settings) -> String {
    let mut lines = vec![format!("; Records for {}", found.domain.host)];
    if settings.host == "localhost" {
        lines.push(String::from(
            "; Some lead to localhost: set server.host to this server's own name first (posthouse config).",
        ));
    }
    for record in &found.records {
        let look = record.checked.as_ref().map_or_else(
            || String::from("not looked yet"),
            |checked| format!("{} at {}", found_words(checked.verdict), moment(checked.at)),
        );
        let (title, needed) = (title(record.kind), needed(record.need));
        lines.push(format!("\n; {title}, {needed}: {look}\n{}", line(record)));
    }
    lines.push(String::from(
        "\n; So that people's mail programs find their settings by themselves, recommended",
    ));
    for service in settings.places.records(&found.domain.host) {
        lines.push(format!("{}. SRV {}", service.name, service.value()));
    }
    lines.push(format!(
        "\n; Then: posthouse domain verify {}\n",
        found.domain.host
    ));
    lines.join("\n")
}

/// A text as quoted character-strings; readers join them without a gap.
fn strings(text: &str) -> String {
    // Our records are ASCII, so that any cut is between characters.
    let quoted: Vec<String> = text
        .as_bytes()
        .chunks(STRING_OCTETS)
        .map(|chunk| {
            let text = String::from_utf8_lossy(chunk);
            format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
        })
        .collect();
    quoted.join(" ")
}

#[cfg(test)]
mod tests {
    use posthouse::model::domain::{Need, RecordKind};

    use super::*;

    fn record(record_type: &'static str, expected: &str) -> Record {
        Record {
            kind: RecordKind::Dkim,
            record_type,
            name: String::from("x.acme.test"),
            expected: expected.to_owned(),
            need: Need::Required,
            checked: None,
        }
    }

    #[test]
    fn names_are_absolute() {
        assert_eq!(
            line(&record("MX", "10 mail.test")),
            "x.acme.test. MX 10 mail.test."
        );
        assert_eq!(
            line(&record("CNAME", "mailer.mail.test")),
            "x.acme.test. CNAME mailer.mail.test."
        );
    }

    #[test]
    fn long_texts_are_split() {
        let text = "a".repeat(300);
        assert_eq!(
            line(&record("TXT", &text)),
            format!(
                "x.acme.test. TXT \"{}\" \"{}\"",
                "a".repeat(255),
                "a".repeat(45)
            )
        );
        assert_eq!(
            line(&record("TXT", "v=DMARC1; p=none")),
            "x.acme.test. TXT \"v=DMARC1; p=none\""
        );
    }
}
