//! Structures of messages (RFC 9051 section 7.5.2).

use posthouse::mime::structure::{Parameters, Structure, Within};

use super::envelope::envelope;
use super::{nstring, number, string};

/// How much is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::imap) enum Extent {
    /// `BODY`.
    Basic,
    /// `BODYSTRUCTURE`.
    Full,
}

/// With the name that it is asked for by.
pub(in crate::imap) fn named_structure(out: &mut Vec<u8>, part: &Structure, extent: Extent) {
    let name: &[u8] = match extent {
        Extent::Basic => b"BODY ",
        Extent::Full => b"BODYSTRUCTURE ",
    };
    out.extend_from_slice(name);
    structure(out, part, extent);
}

fn structure(out: &mut Vec<u8>, part: &Structure, extent: Extent) {
    out.push(b'(');
    match &part.within {
        Within::Parts(parts) => {
            for part in parts {
                structure(out, part, extent);
            }
            out.push(b' ');
            string(out, part.kind.1.as_bytes());
            if extent == Extent::Full {
                out.push(b' ');
                parameters(out, &part.parameters);
                extension(out, part);
            }
        }
        Within::Nothing | Within::Message(_) => single(out, part, extent),
    }
    out.push(b')');
}

fn single(out: &mut Vec<u8>, part: &Structure, extent: Extent) {
    string(out, part.kind.0.as_bytes());
    out.push(b' ');
    string(out, part.kind.1.as_bytes());
    out.push(b' ');
    parameters(out, &part.parameters);
    out.push(b' ');
    nstring(out, part.id.as_deref());
    out.push(b' ');
    nstring(out, part.description.as_deref());
    out.push(b' ');
    string(out, &part.encoding);
    count(out, part.size_bytes);
    if let Within::Message(inner) = &part.within {
        out.push(b' ');
        envelope(out, &inner.0);
        out.push(b' ');
        structure(out, &inner.1, extent);
        count(out, part.lines);
    } else if part.kind.0 == "TEXT" {
        count(out, part.lines);
    }
    if extent == Extent::Full {
        out.push(b' ');
        nstring(out, part.md5.as_deref());
        extension(out, part);
    }
}

fn count(out: &mut Vec<u8>, count: usize) {
    number(out, " ", count, "");
}

/// Disposition, languages and location.
fn extension(out: &mut Vec<u8>, part: &Structure) {
    out.push(b' ');
    match &part.disposition {
        Some((value, said)) => {
            out.push(b'(');
            string(out, value);
            out.push(b' ');
            parameters(out, said);
            out.push(b')');
        }
        None => out.extend_from_slice(b"NIL"),
    }
    out.push(b' ');
    match part.languages.as_slice() {
        [] => out.extend_from_slice(b"NIL"),
        [one] => string(out, one),
        several => list(out, several.iter().map(Vec::as_slice)),
    }
    out.push(b' ');
    nstring(out, part.location.as_deref());
}

fn parameters(out: &mut Vec<u8>, parameters: &Parameters) {
    match parameters.is_empty() {
        true => out.extend_from_slice(b"NIL"),
        false => list(
            out,
            parameters
                .iter()
                .flat_map(|(name, value)| [name.as_slice(), value.as_slice()]),
        ),
    }
}

fn list<'a>(out: &mut Vec<u8>, texts: impl Iterator<Item = &'a [u8]>) {
    out.push(b'(');
    for (index, text) in texts.enumerate() {
        if index > 0 {
            out.push(b' ');
        }
        string(out, text);
    }
    out.push(b')');
}

#[cfg(test)]
mod tests {
    use posthouse::mime::structure::structure as read;
    use posthouse::mime::tree::Part;

    use super::*;

    fn shown(raw: &str, extent: Extent) -> String {
        let mut out = Vec::new();
        structure(&mut out, &read(&Part::of(raw.as_bytes())), extent);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn structures_are_as_the_rfc_has_them() {
        let plain = "Content-Type: text/plain; charset=utf-8\r\n\r\none\r\ntwo\r\n";
        let basic = "(\"TEXT\" \"PLAIN\" (\"charset\" \"utf-8\") NIL NIL \"7BIT\" 10 2)";
        assert_eq!(shown(plain, Extent::Basic), basic);
        let full = basic.replace(" 2)", " 2 NIL NIL NIL NIL)");
        assert_eq!(shown(plain, Extent::Full), full);
        let bare = "(\"TEXT\" \"PLAIN\" (\"CHARSET\" \"us-ascii\") NIL NIL \"7BIT\" 1 0)";
        assert_eq!(shown("\r\nx", Extent::Basic), bare);
        let mixed = "Content-Type: multipart/mixed; boundary=x\r\nContent-Language: de, en\r\n\r\n\
            --x\r\n\r\na\r\n--x\r\nContent-Type: image/png; name=\"a b\"\r\nContent-ID: <1>\r\n\
            Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment\r\n\r\nAA==\r\n\
            --x\r\nContent-Type: message/rfc822\r\n\r\nSubject: in\r\n\r\nb\r\n--x--\r\n";
        let first = "(\"TEXT\" \"PLAIN\" (\"CHARSET\" \"us-ascii\") NIL NIL \"7BIT\" 1 0 \
            NIL NIL NIL NIL)";
        let image = "(\"IMAGE\" \"PNG\" (\"name\" \"a b\") \"<1>\" NIL \"BASE64\" 4 NIL \
            (\"ATTACHMENT\" NIL) NIL NIL)";
        let inner = "(\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 16 \
            (NIL \"in\" NIL NIL NIL NIL NIL NIL NIL NIL) \
            (\"TEXT\" \"PLAIN\" (\"CHARSET\" \"us-ascii\") NIL NIL \"7BIT\" 1 0 NIL NIL NIL NIL) \
            2 NIL NIL NIL NIL)";
        assert_eq!(
            shown(mixed, Extent::Full),
            format!(
                "({first}{image}{inner} \"MIXED\" (\"boundary\" \"x\") NIL (\"de\" \"en\") NIL)"
            )
        );
    }
}
