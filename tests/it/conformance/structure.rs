//! Envelopes and structures of messages, taken to pieces with names.

use super::value::Value;

const ENVELOPE: [&str; 10] = [
    "date",
    "subject",
    "from",
    "sender",
    "reply-to",
    "to",
    "cc",
    "bcc",
    "in-reply-to",
    "message-id",
];

/// The fields of an envelope.
pub fn envelope(start: &str, value: &Value, pieces: &mut Vec<String>) {
    let fields = value.list();
    pieces.push(format!("{start} of {}", fields.len()));
    for (name, field) in ENVELOPE.iter().zip(fields) {
        pieces.push(format!("{start} {name} {field}"));
    }
}

/// The parts of a structure, each by its path; what is so in any case of letters is in small
/// ones (RFC 2045 section 5.1).
pub fn body(start: &str, path: &str, value: &Value, pieces: &mut Vec<String>) {
    let fields = value.list();
    let parts = fields
        .iter()
        .take_while(|field| matches!(field, Value::List(_)));
    let parts = parts.count();
    let here = format!("{start} [{path}]");
    let below = |number: usize| match path {
        "" => number.to_string(),
        path => format!("{path}.{number}"),
    };
    if parts > 0 {
        for (at, part) in fields[..parts].iter().enumerate() {
            body(start, &below(at + 1), part, pieces);
        }
        if let Some(subtype) = fields.get(parts) {
            pieces.push(format!("{here} multipart/{}", subtype.lower()));
        }
        let mut rest = fields.iter().skip(parts + 1);
        if let Some(found) = rest.next() {
            parameters(&here, found, pieces);
            extension(&here, rest, pieces);
        }
        return;
    }
    let [
        kind,
        subtype,
        parameter,
        id,
        description,
        encoding,
        bytes,
        rest @ ..,
    ] = fields
    else {
        return pieces.push(format!("{here} is {value}"));
    };
    let (kind, subtype) = (kind.lower().to_string(), subtype.lower().to_string());
    pieces.push(format!("{here} {kind}/{subtype}"));
    parameters(&here, parameter, pieces);
    pieces.push(format!("{here} id {id}"));
    pieces.push(format!("{here} description {description}"));
    pieces.push(format!("{here} encoding {}", encoding.lower()));
    pieces.push(format!("{here} bytes {bytes}"));
    let mut rest = rest.iter();
    if kind == "\"message\"" && subtype == "\"rfc822\"" {
        let (said, inner) = (rest.next(), rest.next());
        if let (Some(said), Some(inner)) = (said, inner) {
            envelope(&format!("{here} envelope"), said, pieces);
            let path = match path {
                "" => "m".to_owned(),
                path => format!("{path}.m"),
            };
            body(start, &path, inner, pieces);
        }
    }
    if kind == "\"text\"" || kind == "\"message\"" && subtype == "\"rfc822\"" {
        let lines = rest.next().map(Value::to_string).unwrap_or_default();
        pieces.push(format!("{here} lines {lines}"));
    }
    if let Some(md5) = rest.next() {
        pieces.push(format!("{here} md5 {md5}"));
        extension(&here, rest, pieces);
    }
}

fn extension<'a>(here: &str, mut rest: impl Iterator<Item = &'a Value>, pieces: &mut Vec<String>) {
    match rest.next() {
        Some(Value::List(said)) => {
            let kind = said.first().map(Value::lower);
            let kind = kind.map(|kind| kind.to_string()).unwrap_or_default();
            pieces.push(format!("{here} disposition {kind}"));
            if let Some(found) = said.get(1) {
                parameters(&format!("{here} disposition"), found, pieces);
            }
        }
        Some(other) => pieces.push(format!("{here} disposition {other}")),
        None => {}
    }
    for (name, value) in ["language", "location"].iter().zip(&mut rest) {
        pieces.push(format!("{here} {name} {value}"));
    }
    pieces.extend(rest.map(|value| format!("{here} more {value}")));
}

fn parameters(here: &str, value: &Value, pieces: &mut Vec<String>) {
    for pair in value.list().chunks(2) {
        if let [name, value] = pair {
            pieces.push(format!("{here} parameter {}={value}", name.lower()));
        }
    }
}
