//! `mailto:` links (RFC 6068), as the address of a new mail in the page.

use percent_encoding::percent_decode_str;
use url::form_urlencoded::Serializer;

/// The fields that a link may fill in. What else it says, such as files to attach or whom it is
/// from, is left out: whoever made the link is a stranger (RFC 6068 section 7).
const FIELDS: [&str; 4] = ["cc", "bcc", "subject", "body"];

/// Where the page composes what a link asks for; None for what is no such link.
#[must_use]
pub fn place(link: &str) -> Option<String> {
    let (scheme, rest) = link.split_once(':')?;
    if !scheme.eq_ignore_ascii_case("mailto") {
        return None;
    }
    let rest = rest.split('#').next().unwrap_or_default();
    let (to, query) = rest.split_once('?').unwrap_or((rest, ""));
    // A comma within an address is encoded, those between are not.
    let mut to: Vec<String> = to.split(',').filter_map(text).collect();
    let mut more = Vec::new();
    for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
        let name = name.to_ascii_lowercase();
        if name == "to" {
            to.extend(value.split(',').filter_map(text));
        } else if let Some(field) = FIELDS.into_iter().find(|field| *field == name)
            && let Some(value) = text(value)
        {
            more.push((field, value));
        }
    }
    let mut asked = Serializer::new(String::new());
    asked.append_pair("to", &to.join(", "));
    asked.extend_pairs(more);
    Some(format!("#/compose?{}", asked.finish()))
}

/// What is encoded, where it is text and not empty. A plus sign is a plus sign (RFC 6068
/// section 5).
fn text(encoded: &str) -> Option<String> {
    let text = percent_decode_str(encoded).decode_utf8().ok()?;
    // Lines end with CRLF there, and with LF in the page.
    let text = text.replace("\r\n", "\n").trim().to_owned();
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_a_new_mail() {
        for (link, place_of_it) in [
            ("mailto:kim@shop.test", "#/compose?to=kim%40shop.test"),
            ("MAILTO:", "#/compose?to="),
            (
                "mailto:a@x.test,b@x.test?to=c@x.test&cc=d%40x.test",
                "#/compose?to=a%40x.test%2C+b%40x.test%2C+c%40x.test&cc=d%40x.test",
            ),
            (
                "mailto:kim+news@shop.test?subject=caf%C3%A9+1&body=one%0D%0Atwo",
                "#/compose?to=kim%2Bnews%40shop.test&subject=caf%C3%A9%2B1&body=one%0Atwo",
            ),
            (
                "mailto:kim@shop.test?attach=/etc/passwd&from=boss@x.test&Subject=Hi#x",
                "#/compose?to=kim%40shop.test&subject=Hi",
            ),
            (
                "mailto:?subject=%FF&body=%22%3C/script%3E",
                "#/compose?to=&body=%22%3C%2Fscript%3E",
            ),
        ] {
            assert_eq!(place(link).as_deref(), Some(place_of_it), "{link}");
        }
    }

    #[test]
    fn what_is_no_link_is_none() {
        for other in [
            "",
            "kim@shop.test",
            "http://x.test",
            "javascript:alert(1)",
            "mailtoo:x",
        ] {
            assert_eq!(place(other), None, "{other}");
        }
    }
}
