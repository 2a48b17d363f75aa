//! Bytes as text, in the charset that they say, or that they most likely are in.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use mail_parser::decoders::charsets::map::charset_decoder;
use memchr::memchr;

/// Text in its charset. What says nothing of it, or something unknown, or ASCII, is UTF-8
/// where it can be, else the Western charset that most such mail is in.
pub(super) fn decode_text(bytes: &[u8], charset: Option<&str>) -> String {
    let said = charset.map(str::trim).filter(|said| {
        let ascii = ["us-ascii", "ascii", "ansi_x3.4-1968"];
        !said.is_empty() && !ascii.iter().any(|name| said.eq_ignore_ascii_case(name))
    });
    let decoder = said.and_then(|said| match said.to_ascii_lowercase().as_str() {
        // Mail-parser drops the character behind what is shifted.
        "utf-7" => Some(utf7 as fn(&[u8]) -> String),
        _ => charset_decoder(said.as_bytes()),
    });
    let text = match (decoder, std::str::from_utf8(bytes)) {
        (Some(decoder), _) => decoder(bytes),
        (None, Ok(text)) => text.to_owned(),
        (None, Err(_)) => charset_decoder(b"windows-1252")
            .map_or_else(|| String::from_utf8_lossy(bytes).into_owned(), |f| f(bytes)),
    };
    match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    }
}

/// RFC 2152. What is no UTF-7 is taken as it stands.
fn utf7(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = memchr(b'+', rest) {
        text += &String::from_utf8_lossy(&rest[..at]);
        rest = &rest[at + 1..];
        let shifted = |b: &u8| b.is_ascii_alphanumeric() || b"+/".contains(b);
        let end = rest.iter().position(|b| !shifted(b)).unwrap_or(rest.len());
        let units = utf16(&rest[..end]);
        if units.is_empty() {
            text.push('+');
            rest = rest.strip_prefix(b"-").unwrap_or(rest);
            continue;
        }
        text += &String::from_utf16_lossy(&units);
        rest = &rest[end..];
        rest = rest.strip_prefix(b"-").unwrap_or(rest);
    }
    text + &String::from_utf8_lossy(rest)
}

/// Whole units only: what is over is padding.
fn utf16(shifted: &[u8]) -> Vec<u16> {
    let lenient = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let whole = shifted.len() - usize::from(shifted.len() % 4 == 1);
    let bytes = GeneralPurpose::new(&STANDARD, lenient).decode(&shifted[..whole]);
    let bytes = bytes.unwrap_or_default();
    let units = bytes.chunks_exact(2);
    units
        .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first three are of RFC 2152.
    #[test]
    fn what_is_shifted_is_read() {
        for (raw, text) in [
            ("A+ImIDkQ.", "A\u{2262}\u{391}."),
            ("Hi Mom -+Jjo--!", "Hi Mom -\u{263a}-!"),
            ("+ZeVnLIqe-", "\u{65e5}\u{672c}\u{8a9e}"),
            ("2 +- 2", "2 + 2"),
            ("+AKM-1 is +AKM", "\u{a3}1 is \u{a3}"),
            ("+2D3cqQ-", "\u{1f4a9}"),
            ("+2D0-x", "\u{fffd}x"),
            ("1 + 1, a+b+", "1 + 1, a+b+"),
            ("", ""),
        ] {
            assert_eq!(decode_text(raw.as_bytes(), Some("UTF-7")), text, "{raw}");
        }
        assert_eq!(decode_text(b"\xe4+AKM-", Some("utf-7")), "\u{fffd}\u{a3}");
    }
}
