//! Names of folders in modified UTF-7 (RFC 3501 section 5.1.3).

use base64::Engine as _;
use base64::alphabet::IMAP_MUTF7;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &IMAP_MUTF7,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

/// The name as clients of revision 1 are told it.
pub(super) fn encode(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    let mut shifted: Vec<u8> = Vec::new();
    for one in name.chars() {
        if matches!(one, ' '..='~') {
            unshift(&mut shifted, &mut text);
            text.push(one);
            if one == '&' {
                text.push('-');
            }
        } else {
            let mut units = [0; 2];
            for unit in one.encode_utf16(&mut units) {
                shifted.extend_from_slice(&unit.to_be_bytes());
            }
        }
    }
    unshift(&mut shifted, &mut text);
    text
}

fn unshift(shifted: &mut Vec<u8>, text: &mut String) {
    if !shifted.is_empty() {
        text.push('&');
        BASE64.encode_string(&shifted, text);
        text.push('-');
        shifted.clear();
    }
}

/// The name that clients of revision 1 mean; None when it is none. UTF-8 is taken as it is.
pub(super) fn decode(text: &str) -> Option<String> {
    let mut name = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        name += before;
        let (shifted, behind) = after.split_once('-')?;
        if shifted.is_empty() {
            name.push('&');
        } else {
            name += &unshifted(shifted)?;
        }
        rest = behind;
    }
    Some(name + rest)
}

fn unshifted(shifted: &str) -> Option<String> {
    let bytes = BASE64.decode(shifted).ok()?;
    let (pairs, []) = bytes.as_chunks::<2>() else {
        return None;
    };
    let units: Vec<u16> = pairs.iter().map(|pair| u16::from_be_bytes(*pair)).collect();
    let text = String::from_utf16(&units).ok()?;
    // What needs no shift must have none: a name has one form.
    (!text.contains(|one| matches!(one, ' '..='~'))).then_some(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{decode, encode};

    #[test]
    fn names_have_two_forms() {
        // The first is the example of RFC 3501.
        let cases = [
            ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
            ("Entwürfe", "Entw&APw-rfe"),
            ("Q&A", "Q&-A"),
            ("INBOX", "INBOX"),
            ("😀", "&2D3eAA-"),
            ("", ""),
        ];
        for (name, text) in cases {
            assert_eq!(encode(name), text);
            assert_eq!(decode(text).as_deref(), Some(name), "{text}");
        }
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for text in [
            "&", "a&b", "&AA-", "&U,BTFw", "&AGE-", "&2D0-", "&!-", "&U,BTF-",
        ] {
            assert_eq!(decode(text), None, "{text}");
        }
        assert_eq!(decode("Entwürfe").as_deref(), Some("Entwürfe"));
    }

    proptest! {
        #[test]
        fn every_name_comes_back(name in ".*") {
            prop_assert_eq!(decode(&encode(&name)), Some(name));
        }

        #[test]
        fn no_text_does_harm(text in ".*") {
            let _ = decode(&text);
        }
    }
}
