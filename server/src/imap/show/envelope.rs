//! Envelopes (RFC 9051 section 7.5.2).

use posthouse::mime::envelope::{Envelope, Written};

use super::{nstring, string};

pub(in crate::imap) fn envelope(out: &mut Vec<u8>, envelope: &Envelope) {
    out.push(b'(');
    nstring(out, envelope.date.as_deref());
    out.push(b' ');
    nstring(out, envelope.subject.as_deref());
    let lists = [
        &envelope.from,
        &envelope.sender,
        &envelope.reply_to,
        &envelope.to,
        &envelope.cc,
        &envelope.bcc,
    ];
    for list in lists {
        out.push(b' ');
        addresses(out, list);
    }
    out.push(b' ');
    nstring(out, envelope.in_reply_to.as_deref());
    out.push(b' ');
    nstring(out, envelope.message_id.as_deref());
    out.push(b')');
}

fn addresses(out: &mut Vec<u8>, list: &[Written]) {
    if list.is_empty() {
        return out.extend_from_slice(b"NIL");
    }
    out.push(b'(');
    for one in list {
        out.push(b'(');
        match one {
            Written::Mailbox {
                name,
                route,
                local,
                domain,
            } => {
                nstring(out, name.as_deref());
                out.push(b' ');
                nstring(out, route.as_deref());
                out.push(b' ');
                string(out, local);
                out.push(b' ');
                // Without a domain it would be taken for the end of a group.
                string(out, domain);
            }
            Written::Begin(name) => {
                out.extend_from_slice(b"NIL NIL ");
                string(out, name);
                out.extend_from_slice(b" NIL");
            }
            Written::End => out.extend_from_slice(b"NIL NIL NIL NIL"),
        }
        out.push(b')');
    }
    out.push(b')');
}

#[cfg(test)]
mod tests {
    use posthouse::mime::envelope::envelope as read;

    #[test]
    fn an_envelope_has_ten_fields() {
        let shown = |raw: &str| {
            let mut out = Vec::new();
            super::envelope(&mut out, &read(raw.as_bytes()));
            String::from_utf8(out).unwrap()
        };
        let raw = "Date: Sat, 9 Mar 2024 08:15:30 +0000\r\nSubject: a \"b\"\r\n\
            From: Kim <kim@a.test>\r\nTo: G: x@y;, z\r\nMessage-ID: <1@a.test>\r\n\r\n";
        let kim = "((\"Kim\" NIL \"kim\" \"a.test\"))";
        let to = "((NIL NIL \"G\" NIL)(NIL NIL \"x\" \"y\")(NIL NIL NIL NIL)\
            (NIL NIL \"z\" \"\"))";
        assert_eq!(
            shown(raw),
            format!(
                "(\"Sat, 9 Mar 2024 08:15:30 +0000\" \"a \\\"b\\\"\" {kim} {kim} {kim} {to} \
                 NIL NIL NIL \"<1@a.test>\")"
            )
        );
        let nothing = "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)";
        assert_eq!(shown("no header"), nothing);
    }
}
