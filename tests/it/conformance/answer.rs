//! Answers of IMAP, taken to pieces that can be compared: what the standards leave to a server
//! (words, order, validities, the steps of modification sequences) is the same for all.

use super::structure;
use super::value::{Value, numbers, values};

/// What is known of a conversation so far.
#[derive(Debug, Default)]
pub struct Known {
    /// The UIDVALIDITYs that were told, in their order.
    validities: Vec<String>,
    /// The last HIGHESTMODSEQ that was told.
    pub modseq: u64,
    /// The last that was kept.
    pub kept: Option<u64>,
}

impl Known {
    /// The last UIDVALIDITY that was told for the first time.
    pub fn validity(&self) -> &str {
        self.validities.last().map_or("", String::as_str)
    }

    fn named(&mut self, validity: &str) -> String {
        let known = self.validities.iter().position(|one| one == validity);
        let at = known.unwrap_or_else(|| {
            self.validities.push(validity.to_owned());
            self.validities.len() - 1
        });
        format!("<validity {}>", at + 1)
    }

    /// A modification sequence beside the one that was kept.
    fn beside(&self, modseq: &str) -> &'static str {
        let Ok(modseq) = modseq.parse::<u64>() else {
            return "<no number>";
        };
        match self.kept {
            None => "<modseq>",
            Some(kept) if modseq < kept => "<before>",
            Some(kept) if modseq == kept => "<at>",
            Some(_) => "<after>",
        }
    }

    fn highest(&mut self, modseq: &str) -> &'static str {
        self.modseq = modseq.parse().unwrap_or(self.modseq);
        self.beside(modseq)
    }
}

/// The pieces of what is said to a command, sorted; `tag` is its own.
pub fn pieces(responses: &[Vec<u8>], tag: &str, known: &mut Known) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut gone = Vec::new();
    for response in responses {
        if let Some(number) = expunged(response) {
            gone.push(before(number, &gone));
        } else {
            response_pieces(response, tag, known, &mut pieces);
        }
    }
    pieces.extend(gone.iter().map(|number| format!("EXPUNGE {number}")));
    pieces.sort();
    pieces
}

fn expunged(response: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(response).ok()?;
    text.strip_prefix("* ")?
        .strip_suffix(" EXPUNGE")?
        .parse()
        .ok()
}

/// The number that a message had before these, in this order of telling, were gone.
fn before(number: u64, gone: &[u64]) -> u64 {
    let mut gone = gone.to_vec();
    gone.sort_unstable();
    gone.iter()
        .fold(number, |number, one| number + u64::from(*one <= number))
}

fn response_pieces(response: &[u8], tag: &str, known: &mut Known, pieces: &mut Vec<String>) {
    let text = String::from_utf8_lossy(response);
    let (start, rest) = text.split_once(' ').unwrap_or((&text, ""));
    match start {
        "*" => {}
        "+" => return pieces.push("+".to_owned()),
        _ if start == tag => {
            let (status, rest) = rest.split_once(' ').unwrap_or((rest, ""));
            let code = code(rest, known).join(" + ");
            return pieces.push(format!("-> {status} {code}").trim_end().to_owned());
        }
        other => return pieces.push(format!("-> {other} of another tag")),
    }
    let (word, more) = rest.split_once(' ').unwrap_or((rest, ""));
    match word.to_ascii_uppercase().as_str() {
        "OK" => pieces.extend(code(more, known)),
        status @ ("NO" | "BAD" | "BYE" | "PREAUTH") => pieces.push(status.to_owned()),
        _ => data(&values(&response[2..]), known, pieces),
    }
}

/// What a code in brackets says.
fn code(text: &str, known: &mut Known) -> Vec<String> {
    let code = text.strip_prefix('[').and_then(|text| text.split_once(']'));
    let Some((code, _)) = code else {
        return Vec::new();
    };
    let (word, rest) = code.split_once(' ').unwrap_or((code, ""));
    let set = |text: &str| format!("{:?}", numbers(text));
    let words: Vec<&str> = rest.split(' ').collect();
    match (word, words.as_slice()) {
        ("UIDVALIDITY", [one]) => vec![format!("[UIDVALIDITY {}]", known.named(one))],
        ("HIGHESTMODSEQ", [one]) => vec![format!("[HIGHESTMODSEQ {}]", known.highest(one))],
        ("APPENDUID", [validity, uid]) => {
            vec![format!("[APPENDUID {} {uid}]", known.named(validity))]
        }
        ("COPYUID", [validity, from, to]) => {
            let validity = known.named(validity);
            vec![format!("[COPYUID {validity} {} {}]", set(from), set(to))]
        }
        ("MODIFIED", [one]) => vec![format!("[MODIFIED {}]", set(one))],
        ("PERMANENTFLAGS", _) => {
            let flags = rest.trim_matches(['(', ')']).split(' ');
            flags
                .map(|flag| format!("[PERMANENTFLAGS {flag}]"))
                .collect()
        }
        // CAPABILITY is asked for by itself.
        ("CAPABILITY" | "BADCHARSET", _) => vec![format!("[{word}]")],
        _ => vec![format!("[{code}]")],
    }
}

fn data(found: &[Value], known: &mut Known, pieces: &mut Vec<String>) {
    let [first, rest @ ..] = found else {
        return;
    };
    let word = first.word().to_ascii_uppercase();
    let several = |name: &str, values: &[Value], pieces: &mut Vec<String>| {
        pieces.extend(values.iter().map(|value| format!("{name} {value}")));
    };
    match (word.as_str(), rest) {
        ("CAPABILITY" | "ENABLED", rest) => {
            pieces.push(word.clone());
            several(&word, rest, pieces);
        }
        ("FLAGS", [flags]) => several("FLAGS", flags.list(), pieces),
        ("LIST" | "LSUB", [attributes, level, name, more @ ..]) => {
            let name = format!("{word} {}", folder(name));
            pieces.push(format!("{name} {level}"));
            several(&name, attributes.list(), pieces);
            // RFC 5258 section 6: its tag is a word or a text.
            let more = more
                .iter()
                .map(|one| one.to_string().replace("(CHILDINFO", "(\"CHILDINFO\""));
            pieces.extend(more.map(|one| format!("{name} {one}")));
        }
        ("STATUS", [name, items]) => {
            let name = format!("STATUS {}", folder(name));
            for pair in items.list().chunks(2) {
                let [item, value] = pair else {
                    continue;
                };
                let value = match item.word() {
                    "UIDVALIDITY" => known.named(value.word()),
                    "HIGHESTMODSEQ" => known.highest(value.word()).to_owned(),
                    _ => value.to_string(),
                };
                pieces.push(format!("{name} {item} {value}"));
            }
        }
        ("SEARCH", rest) => pieces.push(format!("SEARCH {:?}", searched(rest))),
        ("ESEARCH", rest) => esearch(rest, known, pieces),
        ("VANISHED", [earlier @ .., set]) => {
            let earlier = if earlier.is_empty() { "" } else { "(EARLIER) " };
            pieces.push(format!("VANISHED {earlier}{:?}", numbers(set.word())));
        }
        ("ID", _) => pieces.push("ID".to_owned()),
        (_, [kind, rest @ ..]) if word.parse::<u64>().is_ok() => {
            match (kind.word().to_ascii_uppercase().as_str(), rest) {
                ("FETCH", [items]) => fetched(&word, items.list(), known, pieces),
                (kind, _) => pieces.push(format!("{kind} {word}")),
            }
        }
        _ => {
            let words: Vec<String> = found.iter().map(Value::to_string).collect();
            pieces.push(words.join(" "));
        }
    }
}

/// A name is the same as a word and as a text.
fn folder(name: &Value) -> String {
    match name {
        Value::Word(word) => format!("\"{word}\""),
        other => other.to_string(),
    }
}

fn searched(found: &[Value]) -> Vec<u64> {
    let mut all: Vec<u64> = found
        .iter()
        .filter_map(|value| value.word().parse().ok())
        .collect();
    all.sort_unstable();
    all
}

fn esearch(found: &[Value], known: &Known, pieces: &mut Vec<String>) {
    pieces.push("ESEARCH".to_owned());
    let found = match found {
        [Value::List(_), rest @ ..] => rest,
        all => all,
    };
    let mut values = found.iter();
    while let Some(name) = values.next() {
        let word = name.word();
        if word == "UID" {
            pieces.push("ESEARCH UID".to_owned());
            continue;
        }
        let value = values.next().map_or("", Value::word);
        pieces.push(match word {
            "ALL" => format!("ESEARCH ALL {:?}", numbers(value)),
            "MODSEQ" => format!("ESEARCH MODSEQ {}", known.beside(value)),
            word => format!("ESEARCH {word} {value}"),
        });
    }
}

fn fetched(number: &str, items: &[Value], known: &Known, pieces: &mut Vec<String>) {
    for pair in items.chunks(2) {
        let [name, value] = pair else {
            continue;
        };
        let name = name.word().to_ascii_uppercase();
        let start = format!("FETCH {number} {name}");
        match name.as_str() {
            "FLAGS" => {
                pieces.push(start.clone());
                let flags = value.list().iter();
                pieces.extend(flags.map(|flag| format!("{start} {flag}")));
            }
            "ENVELOPE" => structure::envelope(&start, value, pieces),
            "BODY" | "BODYSTRUCTURE" => structure::body(&start, "", value, pieces),
            "MODSEQ" => {
                let modseq = value.list().first().map_or("", Value::word);
                pieces.push(format!("{start} {}", known.beside(modseq)));
            }
            _ => pieces.push(format!("{start} {value}")),
        }
    }
}
