//! Every message of `tests/cases/corpus` beside what is read of it. `BLESS=1` writes that
//! anew; a person reads the difference.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::page::is_harmless;
use crate::mime::content::{Named, content};
use crate::mime::envelope::envelope;
use crate::mime::find::{Needle, in_body, in_field, in_header, sent_day, texts};
use crate::mime::grams::{Extent, grams_of};
use crate::mime::headers::fields;
use crate::mime::page::{clean, dirty, text};
use crate::mime::parts::{Attachment, attachment, attachments};
use crate::mime::read::summary;
use crate::mime::report::{Report, ReportedRecipient, report};
use crate::mime::section::{Piece, head_of, section};
use crate::mime::tree::Part;

/// Of a text or page, what the cases show.
const SHOWN_CHARACTERS: usize = 240;

fn messages() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/cases/corpus");
    let entries = std::fs::read_dir(folder).expect("the corpus");
    let mut messages: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    messages.retain(|path| path.extension().is_some_and(|kind| kind == "eml"));
    messages.sort();
    assert!(messages.len() > 70, "the corpus is not here");
    messages
}

#[test]
fn every_message_is_read_as_it_should_be() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut wrong = Vec::new();
    for path in messages() {
        let raw = std::fs::read(&path).expect("readable");
        let beside = path.with_extension("json");
        let expected = std::fs::read_to_string(&beside).expect("what is to be read");
        let expected: Value = serde_json::from_str(&expected).expect("JSON");
        let found = told(&expected["why"], &raw);
        if bless {
            let pretty = serde_json::to_string_pretty(&found).expect("JSON");
            std::fs::write(&beside, pretty + "\n").expect("written");
        } else if found != expected {
            wrong.push(format!("{}: {found:#}", beside.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whole, and cut off anywhere a reader could stumble.
#[test]
fn every_message_can_be_shown() {
    for path in messages() {
        let raw = std::fs::read(&path).expect("readable");
        let cuts = (1..20).map(|piece| raw.len() * piece / 20);
        for end in cuts.chain([raw.len()]) {
            let page = clean(&raw[..end]);
            assert!(is_harmless(&page), "{} to {end}: {page}", path.display());
            let _ = (text(&raw[..end]), dirty(&raw[..end]), report(&raw[..end]));
        }
    }
}

/// What is read of a message; what is empty or absent is left out.
fn told(why: &Value, raw: &[u8]) -> Value {
    let read = content(raw);
    let listed = attachments(raw);
    let summed: Vec<_> = listed.iter().map(|part| part.checksum.clone()).collect();
    assert_eq!(read.attachments, summed, "{why}");
    for part in &listed {
        let (_, bytes) = attachment(raw, &part.checksum).expect("listed");
        assert_eq!(bytes.len() as u64, part.size_bytes, "{why}");
    }
    let seen = summary(raw);
    assert_eq!(seen.attachments.len(), listed.len(), "{why}");
    assert_eq!((&seen.subject, seen.date_ms), (&read.subject, read.date_ms));
    full(json!({
        "why": why,
        "from": people(&read.from),
        "to": people(&read.to),
        "cc": people(&read.cc),
        "bcc": people(&read.bcc),
        "reply_to": people(&read.reply_to),
        "subject": read.subject,
        "message_id": read.message_id,
        "in_reply_to": read.in_reply_to,
        "date_ms": read.date_ms,
        "fields": fields(raw).len(),
        "text": start(&text(raw)),
        "html": seen.html.map(|_| start(&dirty(raw))),
        "clean": start(&clean(raw)),
        "links": read.links,
        "attachments": listed.iter().map(part).collect::<Vec<_>>(),
        "report": report(raw).map(reported),
    }))
}

fn full(value: Value) -> Value {
    let Value::Object(fields) = value else {
        return value;
    };
    let empty = |value: &Value| {
        value.is_null() || *value == json!([]) || *value == json!("") || *value == json!(false)
    };
    let kept = fields.into_iter().filter(|(_, value)| !empty(value));
    Value::Object(kept.collect::<Map<_, _>>())
}

fn people(list: &[Named]) -> Vec<String> {
    let shown = |one: &Named| format!("{} <{}>", one.name, one.address).trim().to_owned();
    list.iter().map(shown).collect()
}

fn start(text: &str) -> String {
    text.chars().take(SHOWN_CHARACTERS).collect()
}

fn part(part: &Attachment) -> Value {
    full(json!({
        "checksum": part.checksum,
        "disposition": part.disposition,
        "content_id": part.content_id,
        "content_type": part.content_type,
        "file_name": part.file_name,
        "size_bytes": part.size_bytes,
        "transfer_encoding": part.transfer_encoding,
        "headers": part.headers.len(),
        "related": part.related,
    }))
}

fn reported(report: Report) -> Value {
    match report {
        Report::Delivery(found) => full(json!({
            "recipients": found.recipients.iter().map(recipient).collect::<Vec<_>>(),
            "original_message_id": found.original_message_id,
            "original_to": found.original_to,
        })),
        Report::Complaint(found) => full(json!({
            "feedback_type": format!("{:?}", found.feedback_type),
            "user_agent": found.user_agent,
            "original_mail_from": found.original_mail_from,
            "original_rcpt_to": found.original_rcpt_to,
            "arrival_date_ms": found.arrival_date_ms,
            "source_ip": found.source_ip.map(|ip| ip.to_string()),
            "original_message_id": found.original_message_id,
            "original_to": found.original_to,
        })),
    }
}

fn recipient(one: &ReportedRecipient) -> Value {
    full(json!({
        "address": one.address,
        "action": format!("{:?}", one.action),
        "status": one.status,
        "diagnostic": one.diagnostic,
    }))
}

/// An index that rules out a message that says something would hide mail: whatever a text has
/// is looked for in each message, and whoever has it has its grams.
#[test]
fn no_message_is_ruled_out_that_says_it() {
    let all: Vec<Vec<u8>> = messages()
        .iter()
        .map(|path| std::fs::read(path).expect("readable"))
        .collect();
    let grams: Vec<Option<HashSet<String>>> = all.iter().map(|raw| indexed(raw)).collect();
    let (mut looked, mut ruled_out) = (0, 0);
    for raw in all.iter().step_by(4) {
        for (needle, query) in needles(raw) {
            for (raw, grams) in all.iter().zip(&grams) {
                let says = in_header(raw, &needle)
                    || in_body(raw, &needle)
                    || in_field(raw, b"Subject", &needle)
                    || in_field(raw, b"From", &needle);
                let out = grams.as_ref().is_some_and(|grams| {
                    !query
                        .split(' ')
                        .filter(|one| !one.is_empty())
                        .all(|one| grams.contains(one))
                });
                assert!(!(says && out), "{needle:?} is ruled out");
                looked += usize::from(says);
                ruled_out += usize::from(out);
            }
        }
    }
    assert!(looked > 100 && ruled_out > 1_000, "{looked} {ruled_out}");
}

/// The grams of a message, if it is indexed in whole.
fn indexed(raw: &[u8]) -> Option<HashSet<String>> {
    let grams = grams_of(raw);
    let words = grams.words.split_whitespace().map(str::to_owned);
    (grams.extent == Extent::Whole).then(|| words.collect())
}

/// Pieces of what a message says, in capitals, and their queries.
fn needles(raw: &[u8]) -> Vec<(Needle, String)> {
    let mut said = Vec::new();
    texts(raw, |text| {
        let words: Vec<&str> = text.split_whitespace().collect();
        said.extend(
            words
                .chunks(3)
                .step_by(5)
                .take(4)
                .map(|some| some.join(" ")),
        );
    });
    let needles = said.iter().map(|text| Needle::new(&text.to_uppercase()));
    let needles = needles.filter_map(|needle| Some((needle.query()?, needle)));
    needles.map(|(query, needle)| (needle, query)).collect()
}

/// A header that is kept beside its message stands for it wherever nothing else is asked for.
#[test]
fn a_head_says_of_itself_what_its_message_does() {
    for path in messages() {
        let raw = std::fs::read(&path).expect("readable");
        let head = head_of(&raw);
        let (whole, alone) = (Part::of(&raw), Part::of(head));
        let names = vec![b"To".to_vec(), b"subject".to_vec()];
        for piece in [
            Piece::Header,
            Piece::Fields(names.clone()),
            Piece::OtherFields(names),
        ] {
            let told = section(&whole, &[], &piece);
            assert_eq!(
                section(&alone, &[], &piece),
                told,
                "{} {piece:?}",
                path.display()
            );
        }
        assert_eq!(envelope(head), envelope(&raw), "{}", path.display());
        assert_eq!(sent_day(head), sent_day(&raw), "{}", path.display());
    }
}
