//! Answers of POP3, in pieces that can be compared.

use super::wire::Wire;

/// What is said to a command. Words are left out, numbers stay; a unique id is only there.
pub fn hear(wire: &mut Wire, command: &str) -> Vec<String> {
    let Some(first) = wire.line() else {
        return Vec::new();
    };
    let first = String::from_utf8_lossy(&first).into_owned();
    let mut words = command.split(' ');
    let name = words.next().unwrap_or_default().to_ascii_uppercase();
    let bare = words.next().is_none();
    let (status, rest) = first.split_once(' ').unwrap_or((&first, ""));
    let mut pieces = vec![match (status, name.as_str()) {
        ("+OK", "STAT") => first.clone(),
        ("+OK", "LIST") if !bare => first.clone(),
        ("+OK", "UIDL") if !bare => unique(rest, "+OK "),
        ("-ERR", _) if rest.starts_with('[') => {
            let code = rest.split_inclusive(']').next().unwrap_or_default();
            format!("-ERR {code}")
        }
        (status, _) => status.to_owned(),
    }];
    let several = match name.as_str() {
        "CAPA" | "RETR" | "TOP" => true,
        "LIST" | "UIDL" | "AUTH" => bare,
        _ => false,
    };
    if status == "+OK" && several {
        loop {
            let line = wire.line().expect("a line");
            if line == b"." {
                break;
            }
            let line = line.escape_ascii().to_string();
            pieces.push(match name.as_str() {
                "UIDL" => unique(&line, ""),
                _ => line,
            });
        }
        if matches!(name.as_str(), "CAPA" | "AUTH") {
            pieces.sort();
        }
    }
    pieces
}

fn unique(line: &str, before: &str) -> String {
    let (number, id) = line.split_once(' ').unwrap_or((line, ""));
    // RFC 1939 section 7.
    let fine = (1..=70).contains(&id.len()) && id.bytes().all(|one| one.is_ascii_graphic());
    let kind = if fine { "<id>" } else { "<no id>" };
    format!("{before}{number} {kind}")
}
