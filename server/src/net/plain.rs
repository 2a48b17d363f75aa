//! SASL PLAIN (RFC 4616), as every door for mail programs takes it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Who somebody says they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plain {
    pub user: String,
    pub password: String,
}

/// Why a message is none that can be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlainFault {
    /// It is no base64.
    Base64,
    /// It is not `authzid NUL authcid NUL passwd` in UTF-8.
    Form,
    /// It is to act for somebody else, which nobody may.
    Other,
}

/// Reads a message in base64.
///
/// # Errors
/// When it is none, and as [`message`].
pub fn encoded(line: &[u8]) -> Result<Plain, PlainFault> {
    message(&STANDARD.decode(line).map_err(|_| PlainFault::Base64)?)
}

/// Reads a message.
///
/// # Errors
/// When it is not in its form, or acts for somebody else.
pub fn message(bytes: &[u8]) -> Result<Plain, PlainFault> {
    let text = std::str::from_utf8(bytes).map_err(|_| PlainFault::Form)?;
    let mut parts = text.split('\0');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(whom), Some(user), Some(password), None) if whom.is_empty() || whom == user => {
            Ok(Plain {
                user: user.to_owned(),
                password: password.to_owned(),
            })
        }
        (Some(_), Some(_), Some(_), None) => Err(PlainFault::Other),
        _ => Err(PlainFault::Form),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(user: &str, password: &str) -> Result<Plain, PlainFault> {
        Ok(Plain {
            user: user.to_owned(),
            password: password.to_owned(),
        })
    }

    #[test]
    fn a_message_says_who_and_with_which_password() {
        let cases: [(&[u8], Result<Plain, PlainFault>); 11] = [
            // RFC 4616 section 4.
            (b"\0tim\0tanstaaftanstaaf", is("tim", "tanstaaftanstaaf")),
            (b"tim\0tim\0secret", is("tim", "secret")),
            ("\0jörg\0grün".as_bytes(), is("jörg", "grün")),
            (b"\0tim\0", is("tim", "")),
            (b"Ursel\0Kurt\0xipj3plmq", Err(PlainFault::Other)),
            (b"", Err(PlainFault::Form)),
            (b"tim", Err(PlainFault::Form)),
            (b"tim\0secret", Err(PlainFault::Form)),
            (b"\0tim\0secret\0", Err(PlainFault::Form)),
            (b"\0tim\0secret\0more", Err(PlainFault::Form)),
            (b"\0tim\0\xff", Err(PlainFault::Form)),
        ];
        for (bytes, expected) in cases {
            assert_eq!(message(bytes), expected, "{}", bytes.escape_ascii());
            let line = STANDARD.encode(bytes);
            assert_eq!(encoded(line.as_bytes()), expected, "{line}");
        }
    }

    #[test]
    fn what_is_no_base64_says_nothing() {
        for line in ["!", "=", "AHRpbQBz ", "AHRpbQBzZWNyZXQ", "\u{fc}"] {
            let fault = Err(PlainFault::Base64);
            assert_eq!(encoded(line.as_bytes()), fault, "{line}");
        }
    }
}
