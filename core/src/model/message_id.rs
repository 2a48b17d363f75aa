//! Message-IDs: each holds its email's UUID, so that an email is found by either.

use uuid::Uuid;

use super::email::MessageIdTerms;
use crate::clock::Timestamp;

/// Base 32 (RFC 4648 section 6) in lower case: a UUID is 26 characters of it.
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
const CHARACTERS: usize = 26;

/// The Message-ID of the email `uuid`, without angle brackets.
#[must_use]
pub fn message_id(terms: MessageIdTerms, uuid: Uuid, host: &str, now: Timestamp) -> String {
    match terms {
        MessageIdTerms::Uuid => format!("{uuid}@{host}"),
        MessageIdTerms::Dated => {
            format!("{}.{}@{host}", base32(uuid), now.0.div_euclid(1000))
        }
    }
}

/// The UUID in a Message-ID, with or without angle brackets; None when it is not ours. An
/// email found by it has to be asked for its whole Message-ID.
#[must_use]
pub fn uuid_in(message_id: &str) -> Option<Uuid> {
    let (local, _) = bare(message_id).rsplit_once('@')?;
    match local.split_once('.') {
        None => Uuid::try_parse(local).ok(),
        Some((text, _)) => from_base32(text),
    }
}

/// A Message-ID without its angle brackets.
#[must_use]
pub fn bare(message_id: &str) -> &str {
    let text = message_id.trim();
    let text = text.strip_prefix('<').unwrap_or(text);
    text.strip_suffix('>').unwrap_or(text)
}

fn base32(uuid: Uuid) -> String {
    let number = uuid.as_u128();
    (0..CHARACTERS)
        .rev()
        .map(|place| {
            let digit = usize::try_from((number >> (5 * place)) & 31).unwrap_or(0);
            char::from(ALPHABET[digit])
        })
        .collect()
}

fn from_base32(text: &str) -> Option<Uuid> {
    if text.len() != CHARACTERS {
        return None;
    }
    let mut number: u128 = 0;
    for (at, byte) in text.bytes().enumerate() {
        let digit = ALPHABET.iter().position(|own| *own == byte)?;
        // 26 characters hold two bits more than a UUID.
        if at == 0 && digit > 7 {
            return None;
        }
        number = (number << 5) | u128::try_from(digit).ok()?;
    }
    Some(Uuid::from_u128(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_706_600_000_999);

    #[test]
    fn both_forms_give_the_uuid_back() {
        for number in [0, 1, u128::MAX, 0x0198_c0de_0000_7aaa_8bbb_0123_4567_89ab] {
            let uuid = Uuid::from_u128(number);
            for terms in [MessageIdTerms::Uuid, MessageIdTerms::Dated] {
                let id = message_id(terms, uuid, "mail.example", NOW);
                assert_eq!(uuid_in(&id), Some(uuid), "{id}");
                assert_eq!(uuid_in(&format!(" <{id}>")), Some(uuid), "{id}");
            }
        }
    }

    #[test]
    fn the_dated_form_has_the_second() {
        let id = message_id(MessageIdTerms::Dated, Uuid::from_u128(1), "h.example", NOW);
        assert_eq!(id, "aaaaaaaaaaaaaaaaaaaaaaaaab.1706600000@h.example");
    }

    #[test]
    fn what_is_not_ours_has_no_uuid() {
        for text in [
            "",
            "@",
            "a@b",
            "abc123.17@h",
            "zaaaaaaaaaaaaaaaaaaaaaaaaa.1@h",
        ] {
            assert_eq!(uuid_in(text), None, "{text}");
        }
    }
}
