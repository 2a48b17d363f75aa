//! Results of checks that others claim to be ours.

use std::borrow::Cow;

use crate::mime::headers::head;

/// The message without the Authentication-Results fields that name `host` as who made the
/// check (RFC 8601 section 5): only ours may.
#[must_use]
pub fn without_claims<'a>(raw: &'a [u8], host: &str) -> Cow<'a, [u8]> {
    let fields = head(raw);
    let mut kept: Vec<u8> = Vec::new();
    let mut forged = false;
    let mut rest = fields;
    while !rest.is_empty() {
        let (field, after) = rest.split_at(end_of(rest));
        if claims(field, host) {
            forged = true;
        } else {
            kept.extend_from_slice(field);
        }
        rest = after;
    }
    if !forged {
        return Cow::Borrowed(raw);
    }
    kept.extend_from_slice(&raw[fields.len()..]);
    Cow::Owned(kept)
}

/// Where the first field ends: after the line end that no blank follows.
fn end_of(text: &[u8]) -> usize {
    let mut from = 0;
    while let Some(offset) = memchr::memchr(b'\n', &text[from..]) {
        from += offset + 1;
        if !matches!(text.get(from), Some(b' ' | b'\t')) {
            return from;
        }
    }
    text.len()
}

fn claims(field: &[u8], host: &str) -> bool {
    let Some(colon) = memchr::memchr(b':', field) else {
        return false;
    };
    let (name, value) = (&field[..colon], &field[colon + 1..]);
    name.trim_ascii()
        .eq_ignore_ascii_case(b"authentication-results")
        && server(value).eq_ignore_ascii_case(host.as_bytes())
}

/// The authserv-id of a field: the first word or quoted text after comments and blanks
/// (RFC 8601 section 2.2).
fn server(value: &[u8]) -> Vec<u8> {
    let mut depth = 0_usize;
    let mut bytes = value.iter().copied();
    let mut id = Vec::new();
    let mut quoted = false;
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' if depth > 0 || quoted => {
                let escaped = bytes.next();
                if quoted {
                    id.extend(escaped);
                }
            }
            b'"' if depth == 0 => {
                if quoted {
                    break;
                }
                quoted = true;
            }
            _ if quoted => id.push(byte),
            b'(' => {
                if !id.is_empty() {
                    break;
                }
                depth += 1;
            }
            b')' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            b';' => break,
            byte if byte.is_ascii_whitespace() => {
                if !id.is_empty() {
                    break;
                }
            }
            byte => id.push(byte),
        }
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_claims_to_be_ours_goes() {
        for (field, forged) in [
            ("Authentication-Results: h.test; spf=pass", true),
            ("authentication-results :\r\n\tH.test;\r\n spf=pass", true),
            (
                "Authentication-Results: (a (b\\) c)) h.test 1; spf=pass",
                true,
            ),
            ("Authentication-Results: \"h.test\"; spf=pass", true),
            ("Authentication-Results: \"h\\.test\"; spf=pass", true),
            ("Authentication-Results: h.test(x); spf=pass", true),
            ("Authentication-Results: h.test", true),
            ("Authentication-Results: far.test; h.test", false),
            ("Authentication-Results: h.test.far.test; spf=pass", false),
            ("Authentication-Results: (h.test) far.test; spf=pass", false),
            ("X-Authentication-Results: h.test; spf=pass", false),
        ] {
            let raw =
                format!("Subject: a\r\n{field}\r\nTo: b\r\n\r\nAuthentication-Results: h.test\r\n");
            let kept = without_claims(raw.as_bytes(), "h.test");
            let expected = match forged {
                true => "Subject: a\r\nTo: b\r\n\r\nAuthentication-Results: h.test\r\n",
                false => raw.as_str(),
            };
            assert_eq!(String::from_utf8_lossy(&kept), expected, "{field}");
        }
    }
}
