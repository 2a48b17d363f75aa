//! Return paths: where mail that did not arrive comes back to, and whose it was.
//!
//! `bounces+UUID.POSITION.TAG`: the email, the position of the recipient in hexadecimal
//! digits, and a tag without which nobody's bounce is believed. Mail systems may change the
//! case of a local part, and it holds 64 bytes (RFC 5321 section 4.5.3.1.1).

use aws_lc_rs::constant_time::verify_slices_are_equal;
use uuid::Uuid;

use super::{LinkKey, Purpose, TAG_BYTES, TICKET_BYTES, Ticket};

const PREFIX: &str = "bounces+";
/// Five bits each: 65 bits, against guesses that each cost a conversation with us.
const TAG_CHARACTERS: usize = 13;
/// RFC 4648 section 6, in lower case.
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

impl LinkKey {
    /// The local part of the return path of one recipient's mail.
    #[must_use]
    pub fn return_path(&self, ticket: &Ticket) -> String {
        let Ticket { email, recipient } = ticket;
        let tag = self.return_tag(ticket);
        format!("{PREFIX}{email}.{recipient:x}.{tag}")
    }

    /// Whose return path a local part is, if it is one that was made here.
    #[must_use]
    pub fn returned(&self, local: &str) -> Option<Ticket> {
        let local = local.to_ascii_lowercase();
        let (email, rest) = local.strip_prefix(PREFIX)?.split_once('.')?;
        let (recipient, tag) = rest.split_once('.')?;
        let ticket = Ticket {
            email: Uuid::try_parse(email).ok()?,
            recipient: u16::from_str_radix(recipient, 16).ok()?,
        };
        verify_slices_are_equal(self.return_tag(&ticket).as_bytes(), tag.as_bytes()).ok()?;
        Some(ticket)
    }

    fn return_tag(&self, ticket: &Ticket) -> String {
        let mut bytes = [0; TICKET_BYTES];
        let (email, recipient) = bytes.split_at_mut(TICKET_BYTES - 2);
        email.copy_from_slice(ticket.email.as_bytes());
        recipient.copy_from_slice(&ticket.recipient.to_be_bytes());
        let tag: [u8; TAG_BYTES] = self.tag(Purpose::Return, &bytes, "");
        let mut bits = u128::from_be_bytes(tag);
        let characters = std::iter::repeat_with(|| {
            bits = bits.rotate_left(5);
            char::from(ALPHABET[usize::from(bits.to_le_bytes()[0] & 31)])
        });
        characters.take(TAG_CHARACTERS).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_made_here_is_a_return_path() {
        let key = LinkKey::new(&[7; 32]);
        let ticket = Ticket {
            email: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001),
            recipient: u16::MAX,
        };
        let local = key.return_path(&ticket);
        assert!(local.len() <= 64, "{local}");
        assert!(local.starts_with(&format!("bounces+{}.ffff.", ticket.email)));
        assert_eq!(key.returned(&local), Some(ticket));
        assert_eq!(key.returned(&local.to_uppercase()), Some(ticket));
        assert_eq!(LinkKey::new(&[8; 32]).returned(&local), None);
        let other = Ticket {
            recipient: 0,
            ..ticket
        };
        assert_ne!(key.return_tag(&ticket), key.return_tag(&other));
        // Any one character another way.
        for at in 0..local.len() {
            let mut bytes = local.clone().into_bytes();
            bytes[at] = if bytes[at] == b'3' { b'4' } else { b'3' };
            let changed = String::from_utf8(bytes).unwrap();
            assert_eq!(key.returned(&changed), None, "{changed}");
        }
        for text in ["", "bounces", "bounces+", "bounces+x.0.y", &local[..60]] {
            assert_eq!(key.returned(text), None, "{text}");
        }
    }
}
