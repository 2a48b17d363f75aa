//! Mail to be sent, from a message and its envelope.
//!
//! The message is read, not passed on: what a submission has no place for does not survive.

use posthouse::ids::DomainId;
use posthouse::mime::headers::{Field, fields};
use posthouse::mime::submission::written;
use posthouse::model::address::{Address, parse_list};
use posthouse::model::email::{SenderTerms, Submission, Terms};

use super::step::Taking;
use crate::dialects::kind::Extra;
use crate::dialects::submitting;

/// The submission that a message with a key of `shape` is, a key that is bound to `domain`.
pub(super) fn submission(taking: &Taking, shape: &str, domain: Option<DomainId>) -> Submission {
    let rules = submitting(shape);
    let mut submission = written(&taking.raw);
    submission.terms = rules.terms.unwrap_or_else(|| ordinary(domain));
    submission.extensions = rules.extensions;
    for Field { name, value } in fields(&taking.raw) {
        let known = rules
            .fields
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(&name));
        match known {
            Some((_, Extra::Tags)) => tags(&mut submission, &value),
            Some((_, Extra::ListUnsubscribe)) => submission.list_unsubscribe = Some(value),
            None => {}
        }
    }
    submission.bcc = unnamed(&taking.recipients, &submission);
    submission
}

fn ordinary(domain: Option<DomainId>) -> Terms {
    let sender = match domain {
        Some(_) => SenderTerms::KeyDomain,
        None => SenderTerms::OwnDomain,
    };
    Terms {
        sender,
        ..Terms::ORDINARY
    }
}

/// One tag, or several with commas between.
fn tags(submission: &mut Submission, value: &str) {
    let tags = value
        .split(',')
        .map(str::trim)
        .filter(|tag| !tag.is_empty());
    let list = submission.tags.get_or_insert_default();
    list.extend(tags.map(str::to_owned));
}

/// The recipients that no header field names: they are blind copies.
fn unnamed(recipients: &[String], submission: &Submission) -> Option<String> {
    let lists = [&submission.to, &submission.cc].into_iter().flatten();
    let named: Vec<String> = lists
        .filter_map(|list| parse_list(list).ok())
        .flatten()
        .map(|mailbox| mailbox.address.key())
        .collect();
    let blind: Vec<&str> = recipients
        .iter()
        .filter(|one| !Address::parse(one).is_ok_and(|one| named.contains(&one.key())))
        .map(String::as_str)
        .collect();
    (!blind.is_empty()).then(|| blind.join(", "))
}
