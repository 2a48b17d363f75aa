//! From strings as they came to values that cannot be wrong, collecting every problem.

use std::collections::HashSet;

use crate::error::{Field, Problem, Reason};
use crate::limits::{
    ADDRESS_LIST_BYTES, ATTACHMENTS, HEADER_TEXT_CHARACTERS, IDEMPOTENCY_CHARACTERS,
    RECIPIENTS_A_FIELD, TAG_CHARACTERS, TAGS,
};
use crate::mime::compose::Attachment;
use crate::model::address::{AddressError, Mailbox, parse_list};
use crate::model::delivery::{Recipient, RecipientField};
use crate::model::email::{Fields, Submission, SubmittedFile};

/// A submission that parsed, but for `problems`.
pub(super) struct Parsed {
    /// The sender, if it parsed.
    pub(super) from: Option<Mailbox>,
    /// Lists for the headers.
    pub(super) to: Vec<Mailbox>,
    pub(super) cc: Vec<Mailbox>,
    pub(super) reply_to: Vec<Mailbox>,
    /// Everybody it goes to, each once.
    pub(super) recipients: Vec<Recipient>,
    pub(super) attachments: Vec<Attachment>,
    pub(super) html: Option<String>,
    pub(super) text: Option<String>,
    pub(super) in_reply_to: Option<String>,
    pub(super) references: Option<String>,
    pub(super) idempotency: Option<String>,
    /// The fields as they came.
    pub(super) fields: Fields,
    /// What is wrong, beside `from`, in the order of the fields.
    pub(super) problems: Vec<Problem>,
}

fn present(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

pub(super) fn parse(submission: Submission) -> Parsed {
    let mut problems = submission.refused;
    let refused = |problems: &[Problem], field| problems.iter().any(|one| one.field == field);
    let from_text = present(submission.from).unwrap_or_default();
    let to_text = present(submission.to);
    let cc_text = present(submission.cc);
    let bcc_text = present(submission.bcc);
    let reply_to_text = present(submission.reply_to);
    if to_text.is_none() && !refused(&problems, Field::To) {
        problems.push(Field::To.problem(Reason::Absent));
    }
    let to = mailboxes(Field::To, to_text.as_deref(), &mut problems);
    let cc = mailboxes(Field::Cc, cc_text.as_deref(), &mut problems);
    let bcc = mailboxes(Field::Bcc, bcc_text.as_deref(), &mut problems);
    let reply_to = mailboxes(Field::ReplyTo, reply_to_text.as_deref(), &mut problems);
    let html = present(submission.html);
    let text = present(submission.text);
    let body_refused = refused(&problems, Field::Html) || refused(&problems, Field::Text);
    if html.is_none() && text.is_none() && !body_refused {
        problems.push(Field::Html.problem(Reason::Absent));
        problems.push(Field::Text.problem(Reason::Absent));
    }
    let subject = header_text(Field::Subject, submission.subject, &mut problems);
    let in_reply_to = header_text(Field::InReplyTo, submission.in_reply_to, &mut problems);
    let references = header_text(Field::References, submission.references, &mut problems);
    let list_unsubscribe = header_text(
        Field::ListUnsubscribe,
        submission.list_unsubscribe,
        &mut problems,
    );
    let attachments = files(submission.attachments, submission.extensions, &mut problems);
    let tags = submission.tags.filter(|tags| !tags.is_empty());
    check_tags(tags.as_deref(), &mut problems);
    let idempotency = present(submission.idempotency);
    if idempotency
        .as_ref()
        .is_some_and(|token| token.chars().count() > IDEMPOTENCY_CHARACTERS)
    {
        problems.push(Field::IdempotencyKey.problem(Reason::TooLong));
    }
    Parsed {
        from: Some(from_text.as_str())
            .filter(|text| text.len() <= ADDRESS_LIST_BYTES)
            .and_then(|text| Mailbox::parse(text).ok()),
        recipients: recipients(&to, &cc, &bcc),
        to,
        cc,
        reply_to,
        attachments,
        html,
        text,
        in_reply_to,
        references,
        idempotency,
        fields: Fields {
            from: from_text,
            to: to_text.unwrap_or_default(),
            cc: cc_text,
            bcc: bcc_text,
            reply_to: reply_to_text,
            subject,
            list_unsubscribe,
            tags,
        },
        problems,
    }
}

fn mailboxes(field: Field, text: Option<&str>, problems: &mut Vec<Problem>) -> Vec<Mailbox> {
    let Some(text) = text else {
        return Vec::new();
    };
    if text.len() > ADDRESS_LIST_BYTES {
        problems.push(field.problem(Reason::TooLong));
        return Vec::new();
    }
    match parse_list(text) {
        Ok(list) if list.len() > RECIPIENTS_A_FIELD => {
            problems.push(field.problem(Reason::TooMany));
            Vec::new()
        }
        Ok(list) => list,
        Err(error) => {
            let reason = match error {
                AddressError::TooMany => Reason::TooMany,
                _ => Reason::Malformed,
            };
            problems.push(field.problem(reason));
            Vec::new()
        }
    }
}

fn header_text(field: Field, text: Option<String>, problems: &mut Vec<Problem>) -> Option<String> {
    let text = present(text)?;
    if text.chars().count() > HEADER_TEXT_CHARACTERS {
        problems.push(field.problem(Reason::TooLong));
    }
    // RFC 5322 section 2.2: a field body has no CR or LF of its own, and no other control
    // characters are ever meant; refusing them makes injection impossible.
    if text.chars().any(|c| c.is_control() && c != '\t') {
        problems.push(field.problem(Reason::Malformed));
    }
    Some(text)
}

fn recipients(to: &[Mailbox], cc: &[Mailbox], bcc: &[Mailbox]) -> Vec<Recipient> {
    let mut seen = HashSet::new();
    let fields = [
        (to, RecipientField::To),
        (cc, RecipientField::Cc),
        (bcc, RecipientField::Bcc),
    ];
    fields
        .into_iter()
        .flat_map(|(list, field)| list.iter().map(move |mailbox| (mailbox, field)))
        .filter(|(mailbox, _)| seen.insert(mailbox.address.key()))
        .map(|(mailbox, field)| Recipient {
            address: mailbox.address.clone(),
            field,
        })
        .collect()
}

fn files(
    files: Vec<SubmittedFile>,
    extensions: Option<&'static [&'static str]>,
    problems: &mut Vec<Problem>,
) -> Vec<Attachment> {
    if files.len() > ATTACHMENTS {
        problems.push(Field::Attachments.problem(Reason::TooMany));
        return Vec::new();
    }
    let mut good = Vec::with_capacity(files.len());
    let mut once = |problem: Problem| {
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    };
    for file in files {
        let Some(name) = file.name.filter(|name| !name.is_empty()) else {
            once(Field::AttachmentName.problem(Reason::Absent));
            continue;
        };
        if name.chars().any(char::is_control) {
            once(Field::AttachmentName.problem(Reason::Malformed));
        } else if name.chars().count() > TAG_CHARACTERS {
            once(Field::AttachmentName.problem(Reason::TooLong));
        } else if extensions.is_some_and(|known| !passes(&name, known)) {
            once(Field::AttachmentName.problem(Reason::Forbidden));
        }
        let Some(content) = file.content else {
            once(Field::AttachmentContent.problem(Reason::Malformed));
            continue;
        };
        good.push(Attachment {
            name,
            content_type: file.content_type.filter(|kind| !kind.is_empty()),
            content,
            content_id: file.content_id.filter(|id| !id.is_empty()),
        });
    }
    good
}

/// Whether a file name has one dot and a known extension after it.
fn passes(name: &str, known: &[&str]) -> bool {
    let Some((stem, extension)) = name.split_once('.') else {
        return false;
    };
    !stem.is_empty() && known.iter().any(|one| one.eq_ignore_ascii_case(extension))
}

fn check_tags(tags: Option<&[String]>, problems: &mut Vec<Problem>) {
    let Some(tags) = tags else { return };
    if tags.len() > TAGS {
        problems.push(Field::Tags.problem(Reason::TooMany));
    } else if tags.iter().any(|tag| tag.chars().count() > TAG_CHARACTERS) {
        problems.push(Field::Tags.problem(Reason::TooLong));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_has_one_dot_and_a_known_extension() {
        let known = ["pdf", "jpg"];
        for (name, expected) in [
            ("a.pdf", true),
            ("a.PDF", true),
            ("a.b.pdf", false),
            ("a.exe", false),
            ("pdf", false),
            (".pdf", false),
            ("a.", false),
        ] {
            assert_eq!(passes(name, &known), expected, "{name}");
        }
    }

    #[test]
    fn what_the_wire_refused_is_not_also_absent() {
        let refused: Vec<_> = [Field::To, Field::Html]
            .map(|field| field.problem(Reason::Malformed))
            .into();
        let parsed = parse(Submission {
            cc: Some("x".into()),
            refused: refused.clone(),
            ..Submission::default()
        });
        let cc = Field::Cc.problem(Reason::Malformed);
        assert_eq!(parsed.problems, [refused, vec![cc]].concat());
    }

    #[test]
    fn a_recipient_named_twice_gets_one_copy() {
        let parsed = parse(Submission {
            from: Some("a@b.test".into()),
            to: Some("x@y.test, Kim <X@Y.test>".into()),
            bcc: Some("x@y.test, z@y.test".into()),
            text: Some("hi".into()),
            ..Submission::default()
        });
        assert!(parsed.problems.is_empty(), "{:?}", parsed.problems);
        let got: Vec<_> = parsed
            .recipients
            .iter()
            .map(|one| (one.address.as_str().to_owned(), one.field))
            .collect();
        assert_eq!(
            got,
            [
                ("x@y.test".to_owned(), RecipientField::To),
                ("z@y.test".to_owned(), RecipientField::Bcc)
            ]
        );
    }
}
