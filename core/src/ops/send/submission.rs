//! From strings as they came to values that cannot be wrong, collecting every problem.

use std::collections::HashSet;

use super::content::Content;
use super::files::files;
use crate::clock::Timestamp;
use crate::error::{Field, Problem, Reason};
use crate::limits::{
    ADDRESS_LIST_BYTES, HEADER_TEXT_CHARACTERS, IDEMPOTENCY_CHARACTERS, METADATA_BYTES,
    RECIPIENTS_A_FIELD, SEND_AHEAD, SHOWN_CHARACTERS,
};
use crate::mime::compose::Attachment;
use crate::model::address::{Address, AddressError, Mailbox, first_bad, parse_list};
use crate::model::delivery::{Recipient, RecipientField};
use crate::model::email::{Fields, Posted, SenderTerms, Submission, Terms};

/// A submission that parsed, but for `problems`.
pub(super) struct Parsed {
    pub(super) terms: Terms,
    /// The sender, if it parsed.
    pub(super) from: Option<Mailbox>,
    /// A name for a sender that is still to be found.
    pub(super) from_name: Option<String>,
    /// Lists for the headers.
    pub(super) to: Vec<Mailbox>,
    pub(super) cc: Vec<Mailbox>,
    pub(super) reply_to: Vec<Mailbox>,
    /// Everybody it goes to, each once.
    pub(super) recipients: Vec<Recipient>,
    pub(super) attachments: Vec<Attachment>,
    pub(super) in_reply_to: Option<String>,
    pub(super) references: Option<String>,
    pub(super) idempotency: Option<String>,
    /// Subject and bodies, before a template and variables.
    pub(super) content: Content,
    pub(super) send_at: Option<Timestamp>,
    pub(super) metadata: Option<String>,
    /// The fields as they came; the subject comes with the content.
    pub(super) fields: Fields,
    /// What is wrong, in the order of the fields; the sender's problem is among them unless
    /// the terms have it told alone.
    pub(super) problems: Vec<Problem>,
    /// Where among them the content's belong.
    pub(super) content_at: usize,
    /// The message itself, where its sender's own program wrote it.
    pub(super) posted: Option<Posted>,
}

impl Parsed {
    /// What there is to compose, roughly.
    pub(super) fn size_bytes(&self) -> usize {
        let files: usize = self.attachments.iter().map(|file| file.content.len()).sum();
        let posted = self.posted.as_ref().map_or(0, |posted| posted.raw.len());
        posted + files + self.content.size_bytes()
    }
}

fn present(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

pub(super) fn parse(submission: Submission, now: Timestamp) -> Parsed {
    let terms = submission.terms;
    let mut problems = Vec::new();
    let from_text = present(submission.from).unwrap_or_default();
    let mut from_name = submission.from_name.filter(|name| !name.trim().is_empty());
    let (from, from_text) = sender(from_text, &mut from_name, terms.sender, &mut problems);
    problems.extend(submission.refused);
    let to_text = present(submission.to);
    let cc_text = present(submission.cc);
    let bcc_text = present(submission.bcc);
    let reply_to_text = present(submission.reply_to);
    let posted = submission.posted;
    if to_text.is_none() && posted.is_none() && !refused(&problems, Field::To) {
        problems.push(Field::To.problem(Reason::Absent));
    }
    let lists = [&to_text, &cc_text, &bcc_text];
    let [to, cc, bcc] = addressees(lists, terms.recipients, &mut problems);
    let reply_to = mailboxes(Field::ReplyTo, reply_to_text.as_deref(), &mut problems);
    let content_at = problems.len();
    let content = Content {
        template: present(submission.template),
        variables: submission.variables,
        subject: present(submission.subject),
        html: present(submission.html),
        text: present(submission.text),
    };
    let in_reply_to = header_text(Field::InReplyTo, submission.in_reply_to, &mut problems);
    let references = header_text(Field::References, submission.references, &mut problems);
    let unsubscribe = submission.list_unsubscribe;
    let list_unsubscribe = header_text(Field::ListUnsubscribe, unsubscribe, &mut problems);
    let attachments = files(submission.attachments, submission.extensions, &mut problems);
    let tags = submission.tags.filter(|tags| !tags.is_empty());
    check_tags(tags.as_deref(), terms.tags, &mut problems);
    let extras = Extras {
        idempotency: present(submission.idempotency),
        metadata: present(submission.metadata),
        send_at: submission.send_at,
    };
    extras.check(now, &mut problems);
    Parsed {
        terms,
        recipients: match &posted {
            Some(posted) => envelope(&posted.recipients, &to, &cc),
            None => recipients(&to, &cc, &bcc),
        },
        to,
        cc,
        reply_to,
        attachments,
        in_reply_to,
        references,
        idempotency: extras.idempotency,
        content,
        send_at: extras.send_at.filter(|at| *at > now),
        metadata: extras.metadata,
        fields: Fields {
            from: from_text,
            to: to_text.unwrap_or_default(),
            cc: cc_text,
            bcc: bcc_text,
            reply_to: reply_to_text,
            subject: None,
            list_unsubscribe,
            tags,
        },
        from,
        from_name,
        problems,
        content_at,
        posted,
    }
}

/// Whether the wire has refused a field already.
pub(super) fn refused(problems: &[Problem], field: Field) -> bool {
    problems.iter().any(|one| one.field == field)
}

/// The sender, and what is kept as its text; `name` wins over the one beside the address, and
/// is left where there is no address.
fn sender(
    text: String,
    name: &mut Option<String>,
    terms: SenderTerms,
    problems: &mut Vec<Problem>,
) -> (Option<Mailbox>, String) {
    let parsed = Some(&text)
        .filter(|text| text.len() <= ADDRESS_LIST_BYTES)
        .and_then(|text| Mailbox::parse(text).ok());
    let Some(mailbox) = parsed else {
        match (text.as_str(), terms) {
            (_, SenderTerms::KeyDomain) | ("", SenderTerms::Provider) => {}
            ("", SenderTerms::OwnDomain) => problems.push(Field::From.problem(Reason::Absent)),
            (_, SenderTerms::OwnDomain | SenderTerms::Provider) => {
                problems.push(Field::From.problem(Reason::Malformed).of(shown(&text)));
            }
        }
        return (None, text);
    };
    let Some(name) = name.take() else {
        return (Some(mailbox), text);
    };
    match named(&name, &mailbox) {
        Some(named) => {
            let text = named.to_string();
            (Some(named), text)
        }
        None => {
            problems.push(Field::From.problem(Reason::Malformed).of(shown(&name)));
            (Some(mailbox), text)
        }
    }
}

/// A mailbox under this name, if it is fit to be one.
pub(super) fn named(name: &str, mailbox: &Mailbox) -> Option<Mailbox> {
    let text = Mailbox {
        name: Some(name.trim().to_owned()),
        address: mailbox.address.clone(),
    }
    .to_string();
    Mailbox::parse(&text).ok()
}

/// The start of a piece of the input.
pub(super) fn shown(text: &str) -> String {
    text.trim().chars().take(SHOWN_CHARACTERS).collect()
}

/// The lists of to, cc and bcc.
fn addressees(
    lists: [&Option<String>; 3],
    most: usize,
    problems: &mut Vec<Problem>,
) -> [Vec<Mailbox>; 3] {
    let [to, cc, bcc] = lists;
    let parsed = [(Field::To, to), (Field::Cc, cc), (Field::Bcc, bcc)]
        .map(|(field, text)| mailboxes(field, text.as_deref(), problems));
    if parsed.iter().map(Vec::len).sum::<usize>() > most {
        problems.push(Field::To.problem(Reason::TooMany));
    }
    parsed
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
            let problem = match error {
                AddressError::TooMany => field.problem(Reason::TooMany),
                _ => {
                    let bad = first_bad(text).unwrap_or_default();
                    field.problem(Reason::Malformed).of(shown(bad))
                }
            };
            problems.push(problem);
            Vec::new()
        }
    }
}

fn header_text(field: Field, text: Option<String>, problems: &mut Vec<Problem>) -> Option<String> {
    let text = present(text)?;
    check_header_text(field, &text, HEADER_TEXT_CHARACTERS, problems);
    Some(text)
}

pub(super) fn check_header_text(
    field: Field,
    text: &str,
    characters: usize,
    problems: &mut Vec<Problem>,
) {
    if text.chars().count() > characters {
        problems.push(field.problem(Reason::TooLong));
    }
    // RFC 5322 section 2.2: a field body has no CR or LF of its own, and no other control
    // characters are ever meant; refusing them makes injection impossible.
    if text.chars().any(|c| c.is_control() && c != '\t') {
        problems.push(field.problem(Reason::Malformed));
    }
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

/// The recipients of an envelope, each as the header has it; those it has not are blind
/// copies.
fn envelope(all: &[Address], to: &[Mailbox], cc: &[Mailbox]) -> Vec<Recipient> {
    let named = |list: &[Mailbox], key: &str| list.iter().any(|one| one.address.key() == key);
    let mut seen = HashSet::new();
    all.iter()
        .filter(|address| seen.insert(address.key()))
        .map(|address| Recipient {
            address: address.clone(),
            field: match address.key() {
                key if named(to, &key) => RecipientField::To,
                key if named(cc, &key) => RecipientField::Cc,
                _ => RecipientField::Bcc,
            },
        })
        .collect()
}

fn check_tags(
    tags: Option<&[String]>,
    (most, characters): (usize, usize),
    problems: &mut Vec<Problem>,
) {
    let Some(tags) = tags else { return };
    if tags.len() > most {
        problems.push(Field::Tags.problem(Reason::TooMany));
    } else if tags.iter().any(|tag| tag.chars().count() > characters) {
        problems.push(Field::Tags.problem(Reason::TooLong));
    }
}

/// What goes with an email and is no part of it.
struct Extras {
    idempotency: Option<String>,
    metadata: Option<String>,
    send_at: Option<Timestamp>,
}

impl Extras {
    fn check(&self, now: Timestamp, problems: &mut Vec<Problem>) {
        let token = self.idempotency.as_ref();
        if token.is_some_and(|token| token.chars().count() > IDEMPOTENCY_CHARACTERS) {
            problems.push(Field::IdempotencyKey.problem(Reason::TooLong));
        }
        let metadata = self.metadata.as_ref();
        if metadata.is_some_and(|json| json.len() > METADATA_BYTES) {
            problems.push(Field::Metadata.problem(Reason::TooLong));
        }
        if self.send_at.is_some_and(|at| at > now.plus(SEND_AHEAD)) {
            problems.push(Field::SendAt.problem(Reason::OutOfRange));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_now(submission: Submission) -> Parsed {
        parse(submission, Timestamp(0))
    }

    #[test]
    fn what_the_wire_refused_is_not_also_absent() {
        let refused: Vec<_> = [Field::To, Field::Html]
            .map(|field| field.problem(Reason::Malformed))
            .into();
        let parsed = parse_now(Submission {
            cc: Some("x".into()),
            refused: refused.clone(),
            ..Submission::default()
        });
        let cc = Field::Cc.problem(Reason::Malformed);
        assert_eq!(parsed.problems, [refused, vec![cc.of("x")]].concat());
    }

    #[test]
    fn a_recipient_named_twice_gets_one_copy() {
        let parsed = parse_now(Submission {
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
