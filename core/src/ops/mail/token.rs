//! What a message is known by outside: its number, and a tag that nobody can guess.

use aws_lc_rs::{constant_time, hmac};

use crate::engine::Posthouse;
use crate::ids::MessageId;
use crate::model::mailbox::Message;

const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
/// Digits of a number, at least.
const NUMBER_DIGITS: usize = 8;
/// Bytes of a tag.
const TAG_BYTES: usize = 4;

/// Makes and reads tokens.
#[derive(Clone)]
pub(super) struct Tokens(hmac::Key);

impl Posthouse {
    pub(super) fn tokens(&self) -> Tokens {
        let key = self.vault.derive("message-id");
        Tokens(hmac::Key::new(hmac::HMAC_SHA256, &key))
    }
}

impl Tokens {
    /// The number in base 36, the tag in hexadecimal, and behind `-` its place among the
    /// recipients.
    pub(super) fn of(&self, message: &Message) -> String {
        let number = base36(message.id.0.unsigned_abs());
        format!("{number}{}-{}", self.tag(message.id), message.place)
    }

    /// The message that a token of ours stands for, and its place.
    pub(super) fn parse(&self, token: &str) -> Option<(MessageId, u32)> {
        let (whole, place) = token.split_once('-')?;
        if !whole.is_ascii() || !place.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let (number, tag) = whole.split_at_checked(whole.len().checked_sub(2 * TAG_BYTES)?)?;
        let id = MessageId(i64::from_str_radix(number, 36).ok()?);
        let own = base36(id.0.unsigned_abs()) == number;
        let right = constant_time::verify_slices_are_equal(self.tag(id).as_bytes(), tag.as_bytes());
        (own && right.is_ok()).then_some((id, place.parse().ok()?))
    }

    fn tag(&self, id: MessageId) -> String {
        let whole = hmac::sign(&self.0, &id.0.to_be_bytes());
        hex(&whole.as_ref()[..TAG_BYTES])
    }
}

fn base36(mut number: u64) -> String {
    let mut digits = Vec::with_capacity(13);
    while number > 0 || digits.len() < NUMBER_DIGITS {
        digits.push(DIGITS[usize::try_from(number % 36).unwrap_or(0)]);
        number /= 36;
    }
    digits
        .iter()
        .rev()
        .map(|digit| char::from(*digit))
        .collect()
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        use std::fmt::Write as _;
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_made_here_is_a_token() {
        let tokens = Tokens(hmac::Key::new(hmac::HMAC_SHA256, &[7; 32]));
        let others = Tokens(hmac::Key::new(hmac::HMAC_SHA256, &[8; 32]));
        for id in [1, 35, 36, 4_000_000_000_000, i64::MAX] {
            let id = MessageId(id);
            let whole = format!("{}{}-3", base36(id.0.unsigned_abs()), tokens.tag(id));
            assert_eq!(tokens.parse(&whole), Some((id, 3)));
            assert_eq!(others.parse(&whole), None);
            assert_eq!(tokens.parse(&whole.replace("-3", "")), None);
            assert_eq!(tokens.parse(&whole.replace("-3", "-+3")), None);
            assert_eq!(tokens.parse(&format!("0{whole}")), None);
        }
        assert_eq!(base36(36), "00000010");
        for text in ["", "-", "-0", "é-0", "00000001-0", "0000000100000000-0"] {
            assert_eq!(tokens.parse(text), None, "{text}");
        }
    }
}
