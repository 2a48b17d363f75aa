//! What is said of a field that is not right: what it has to be, and how to mend it.

use posthouse::error::{Field, Problem, Reason};

/// The words after the field's name, such as `must be a domain name such as example.org`.
pub fn mend(problem: &Problem) -> String {
    let must = must(problem.field);
    let words = match problem.reason {
        Reason::Absent => format!("is needed: it {must}"),
        Reason::Malformed => must.to_owned(),
        Reason::Blocked => String::from(
            "has an address that is suppressed: leave it out, or take it off the list under Suppressions",
        ),
        Reason::TooMany => String::from("has too many: leave some out"),
        Reason::TooLong => String::from("is too long: make it shorter"),
        Reason::Taken => String::from("is in use already: choose another"),
        Reason::Forbidden => forbidden(problem.field).to_owned(),
        Reason::Unknown => unknown(problem.field).to_owned(),
        Reason::Unpublished => String::from("is a draft only: publish it first"),
        Reason::OutOfRange => range(problem.field).to_owned(),
        Reason::Unverified => String::from(
            "is of a domain that is not verified: publish its records and check them under Domains",
        ),
    };
    match &problem.detail {
        Some(detail) => format!("{words} ({detail})"),
        None => words,
    }
}

/// What a field has to be.
const fn must(field: Field) -> &'static str {
    match field {
        Field::From | Field::ReplyTo => {
            "must be an address such as kim@example.org or Kim <kim@example.org>"
        }
        Field::To | Field::Cc | Field::Bcc => {
            "must be addresses such as kim@example.org, with commas between them"
        }
        Field::Address => "must be an address such as kim@example.org",
        Field::Subject => "must be one line of text",
        Field::Html | Field::Text | Field::Template => {
            "must be text whose placeholders are closed, such as {{ name }}"
        }
        Field::InReplyTo | Field::References => {
            "must be Message-IDs such as <1234@example.org>, with spaces between them"
        }
        Field::ListUnsubscribe => "must be addresses such as <https://example.org/leave>",
        Field::Tags => "must be short words, with commas between them",
        Field::Attachments
        | Field::AttachmentName
        | Field::AttachmentContent
        | Field::AttachmentType
        | Field::AttachmentId => "must be files with a name, a type and content in base64",
        Field::IdempotencyKey => "must be a short text that is new for each email",
        Field::Host => "must be a domain name such as example.org",
        Field::Name => "must be one line of text, not too long",
        Field::Url => "must be an address of the web such as https://example.org/hooks",
        Field::Form => "must be one of the forms in the list",
        Field::Kinds => "must be events of the list, one at least",
        Field::Port => "must be a whole number from 1 to 65535",
        Field::Login => "must be the user's name at the provider",
        Field::Password => "must be a password of 10 to 128 characters",
        Field::Pattern => "must be addresses or domains such as kim@example.org or example.org",
        Field::Rate => "must be a whole number above 0",
        Field::Variables => "must be JSON with a value for each placeholder",
        Field::SendAt | Field::ExpiresAt => "must be a moment such as 2030-01-31T12:00:00Z",
        Field::Metadata => "must be short texts by name",
        Field::Scopes => "must be scopes of the list, one at least",
        Field::Limit | Field::Quota | Field::SpendCap => "must be a whole number above 0",
    }
}

const fn forbidden(field: Field) -> &'static str {
    match field {
        Field::Url => "must begin with https://: this server calls nothing without TLS",
        Field::AttachmentName | Field::Attachments => {
            "is a kind of file that is not sent: pack it, or send a link"
        }
        Field::Address => "must be an address at a domain of yours",
        _ => "is not allowed here: take another",
    }
}

const fn unknown(field: Field) -> &'static str {
    match field {
        Field::Template => "is no template of yours: choose one under Templates",
        Field::Host => "is no domain of yours: add it under Domains",
        Field::To | Field::Address => "is no address that has mail here: make it first",
        _ => "is not known here: choose one that is there",
    }
}

const fn range(field: Field) -> &'static str {
    match field {
        Field::ExpiresAt => "must be a moment that is still to come",
        Field::SendAt => "must be a moment that is still to come, and not too far ahead",
        _ => "must be above 0, and not beyond what can be counted",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_says_how_to_mend_it() {
        for (problem, expected) in [
            (
                Field::Host.problem(Reason::Malformed),
                "must be a domain name such as example.org",
            ),
            (
                Field::Address.problem(Reason::Absent),
                "is needed: it must be an address such as kim@example.org",
            ),
            (
                Field::Name.problem(Reason::Taken),
                "is in use already: choose another",
            ),
            (
                Field::ExpiresAt.problem(Reason::OutOfRange),
                "must be a moment that is still to come",
            ),
            (
                Field::From.problem(Reason::Unverified),
                "is of a domain that is not verified: publish its records and check them under Domains",
            ),
        ] {
            assert_eq!(mend(&problem), expected);
        }
        let detailed = Problem {
            detail: Some(String::from("line 1, column 3")),
            ..Field::Html.problem(Reason::Malformed)
        };
        assert!(mend(&detailed).ends_with(" {{ name }} (line 1, column 3)"));
    }
}
