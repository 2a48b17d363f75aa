//! Cases of requests and exact answers, as files.
//!
//! A file is a list of exchanges. `###` and a title begin one; then the request's line,
//! headers, an empty line and the body; then `HTTP` and the status, headers that the answer
//! must have, an empty line and the exact body. `{{name}}` in a request is a known value.
//! In an answer `{{int}}`, `{{time}}`, `{{second}}`, `{{zoneless}}`, `{{date}}`, `{{uuid}}` and `{{text}}`
//! stand for any such value, `{{int:name}}` also remembers it; `{{id}}` is a UUID of whatever
//! version, `{{json}}` any part of the answer. `{{repeat TEXT COUNT}}` writes a text many times. What the server does by itself
//! takes its time: a title that ends with `(soon)` is asked again until it is right.

use std::collections::BTreeMap;
use std::path::Path;

use crate::http::{self, Reply};
use crate::wait;

/// Values that the cases know by name.
pub type Known = BTreeMap<String, String>;

/// One exchange.
#[derive(Debug)]
pub struct Exchange {
    title: String,
    request: String,
    headers: Vec<String>,
    body: String,
    status: u16,
    answer_headers: Vec<String>,
    answer: String,
}

/// Runs every exchange of a file against the server at `address`; what went wrong, a line
/// each.
///
/// # Panics
/// When the file is not of the form above.
pub fn run(file: &Path, address: &str, known: &mut Known) -> Vec<String> {
    let text = std::fs::read_to_string(file).expect("a file of cases");
    let name = file.file_name().expect("a name").to_string_lossy();
    let exchanges = parse(&text).unwrap_or_else(|why| panic!("{name}: {why}"));
    assert!(!exchanges.is_empty(), "{name} has no cases");
    let mut wrong = Vec::new();
    for exchange in &exchanges {
        if let Err(why) = exchange.run(address, known) {
            wrong.push(format!("{name}, {}: {why}", exchange.title));
        }
    }
    wrong
}

fn parse(text: &str) -> Result<Vec<Exchange>, String> {
    text.split("\n###")
        .skip(usize::from(!text.starts_with("###")))
        .map(exchange)
        .collect()
}

fn exchange(text: &str) -> Result<Exchange, String> {
    let (title, rest) = text.split_once('\n').ok_or("a title and nothing else")?;
    let title = title.trim_start_matches('#').trim().to_owned();
    let halves = rest.split_once("\nHTTP ");
    let (request, answer) = halves.ok_or_else(|| format!("{title}: no answer"))?;
    let (request, headers, body) = message(request.trim_start());
    let (status, answer_headers, answer) = message(answer);
    let status = status
        .parse()
        .map_err(|_| format!("{title}: {status} is no status"))?;
    Ok(Exchange {
        title,
        request,
        headers,
        body,
        status,
        answer_headers,
        answer,
    })
}

/// First line, headers, body.
fn message(text: &str) -> (String, Vec<String>, String) {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let mut lines = head.lines().map(|line| line.trim().to_owned());
    let first = lines.next().unwrap_or_default();
    (
        first,
        lines.filter(|line| !line.is_empty()).collect(),
        body.trim_end().to_owned(),
    )
}

impl Exchange {
    fn run(&self, address: &str, known: &mut Known) -> Result<(), String> {
        let mut once = || {
            let reply = http::raw(address, &self.bytes(address, known));
            self.judge(&reply, known)
        };
        if !self.title.ends_with("(soon)") {
            return once();
        }
        wait::within(wait::PATIENCE, || once().ok()).map_or_else(once, Ok)
    }

    fn bytes(&self, address: &str, known: &Known) -> Vec<u8> {
        let body = fill(&self.body, known);
        let mut text = format!(
            "{} HTTP/1.1\r\nhost: {address}\r\n",
            fill(&self.request, known)
        );
        for header in &self.headers {
            text.push_str(&fill(header, known));
            text.push_str("\r\n");
        }
        text.push_str(&format!(
            "connection: close\r\ncontent-length: {}\r\n\r\n",
            body.len()
        ));
        text.push_str(&body);
        text.into_bytes()
    }

    fn judge(&self, reply: &Reply, known: &mut Known) -> Result<(), String> {
        if reply.status != self.status {
            return Err(format!(
                "{} and not {}: {}",
                reply.status, self.status, reply.body
            ));
        }
        for header in &self.answer_headers {
            let (name, value) = header.split_once(": ").ok_or("a header without a value")?;
            let there = reply.header(name).unwrap_or("(absent)");
            matches(&fill(value, known), there, known).map_err(|why| format!("{name}: {why}"))?;
        }
        matches(&fill(&self.answer, known), &reply.body, known)
    }
}

/// Puts in what is known; what is not stays for [`matches`].
fn fill(text: &str, known: &Known) -> String {
    let mut filled = text.to_owned();
    for (name, value) in known {
        filled = filled.replace(&format!("{{{{{name}}}}}"), value);
    }
    while let Some(start) = filled.find("{{repeat ") {
        let end = start + filled[start..].find("}}").expect("an end of {{repeat");
        let inner = &filled[start + 9..end];
        let (what, count) = inner.rsplit_once(' ').expect("a text and a count");
        let many = what.repeat(count.parse().expect("a count"));
        filled.replace_range(start..end + 2, &many);
    }
    filled
}

fn matches(pattern: &str, text: &str, known: &mut Known) -> Result<(), String> {
    let differs = || format!("expected {pattern}\n     got {text}");
    let mut rest = text;
    let mut pieces = pattern.split("{{");
    let first = pieces.next().unwrap_or_default();
    rest = rest.strip_prefix(first).ok_or_else(differs)?;
    for piece in pieces {
        let (hole, literal) = piece.split_once("}}").ok_or("an open {{")?;
        let (kind, name) = hole.split_once(':').unwrap_or((hole, ""));
        // A text goes up to what comes after it; the others cannot hold that.
        let end = match kind {
            "text" if !literal.is_empty() => rest.find(literal).ok_or_else(differs)?,
            "json" => rest.rfind(literal).ok_or_else(differs)?,
            _ => rest.len(),
        };
        let fitting = rest[..end].chars().take_while(|&one| fits(kind, one));
        let value: String = fitting.collect();
        if !is(kind, &value) {
            return Err(format!("{value:?} is not {hole}; {}", differs()));
        }
        rest = rest[value.len()..]
            .strip_prefix(literal)
            .ok_or_else(differs)?;
        if !name.is_empty() {
            known.insert(name.to_owned(), value);
        }
    }
    if rest.is_empty() {
        Ok(())
    } else {
        Err(differs())
    }
}

fn fits(kind: &str, one: char) -> bool {
    match kind {
        "int" => one.is_ascii_digit(),
        "date" => one.is_ascii_digit() || one == '-',
        "time" | "second" | "zoneless" => one.is_ascii_digit() || "-:.TZ".contains(one),
        "uuid" | "id" => one.is_ascii_digit() || ('a'..='f').contains(&one) || one == '-',
        "json" => true,
        _ => one != '"',
    }
}

fn is(kind: &str, value: &str) -> bool {
    // A digit for each 0, any hexadecimal digit for each x, and everything else as it is.
    let shape = match kind {
        "time" => "0000-00-00T00:00:00.000Z",
        "second" => "0000-00-00T00:00:00Z",
        "zoneless" => "0000-00-00T00:00:00",
        "date" => "00-00-0000",
        "uuid" => "xxxxxxxx-xxxx-4xxx-xxxx-xxxxxxxxxxxx",
        "id" => "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
        "int" | "text" | "json" => return !value.is_empty(),
        other => panic!("no kind of value is called {other}"),
    };
    let same = |(shape, one): (char, char)| match shape {
        '0' => one.is_ascii_digit(),
        'x' => one.is_ascii_hexdigit(),
        _ => shape == one,
    };
    shape.len() == value.len() && shape.chars().zip(value.chars()).all(same)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_compared_to_the_letter() {
        let mut known = Known::new();
        assert_eq!(
            matches(r#"{"id":{{int:id}}}"#, r#"{"id":17}"#, &mut known),
            Ok(())
        );
        assert_eq!(known["id"], "17");
        let angled = "<{{text:name}}@h>";
        assert_eq!(matches(angled, "<a.1@h>", &mut known), Ok(()));
        assert_eq!(known["name"], "a.1");
        for (pattern, text) in [
            (r#"{"id":{{int}}}"#, r#"{"id":"17"}"#),
            ("a", "ab"),
            ("ab", "a"),
            ("{{time}}", "2024-03-09T08:15:30Z"),
            ("{{second}}", "2024-03-09T08:15:30"),
            ("{{zoneless}}", "2024-03-09T08:15:30Z"),
            ("{{date}}", "2024-03-09"),
            ("{{uuid}}", "00000000-0000-1000-8000-000000000000"),
            ("{{id}}", "00000000-0000-1000-8000-00000000000"),
            ("{{text}}", ""),
        ] {
            assert!(
                matches(pattern, text, &mut known).is_err(),
                "{pattern} {text}"
            );
        }
    }

    #[test]
    fn a_file_is_a_list_of_exchanges() {
        let text = "### one\nGET /a\n\nHTTP 404\n\nno\n\n### two\nPOST /b\nx: {{v}}\n\n{{repeat ab 2}}\nHTTP 200\ny: 1\n\n";
        let list = parse(text).expect("well-formed");
        assert_eq!(list.len(), 2);
        assert_eq!(
            (
                list[0].request.as_str(),
                list[0].status,
                list[0].answer.as_str()
            ),
            ("GET /a", 404, "no")
        );
        let known = Known::from([("v".to_owned(), "w".to_owned())]);
        let bytes = String::from_utf8(list[1].bytes("h:1", &known)).expect("text");
        assert_eq!(
            bytes,
            "POST /b HTTP/1.1\r\nhost: h:1\r\nx: w\r\nconnection: close\r\ncontent-length: 4\r\n\r\nabab"
        );
        assert_eq!(list[1].answer_headers, ["y: 1"]);
    }
}
