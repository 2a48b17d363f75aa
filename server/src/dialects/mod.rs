//! The vendors' APIs, each in a folder of its own that knows nothing of the others.

use std::sync::{Arc, LazyLock};

use posthouse::model::notice::Form;

use crate::http::Dialect;

pub mod kind;
pub mod mailapi;
pub mod mailpace;
pub mod mailpass;
pub mod mailsac;
pub mod mailstack;

use self::kind::{KeyKind, PLAINLY, Submitting};

/// Every kind of keys; the first sends from one domain, the second manages them.
pub static KEY_KINDS: [KeyKind; 6] = [
    mailpace::kind::SERVER,
    mailpace::kind::ORGANIZATION,
    mailstack::kind::KEY,
    mailpass::kind::KEY,
    mailsac::kind::KEY,
    mailapi::kind::KEY,
];
/// What a new installation sends with.
pub static SENDING: &KeyKind = &KEY_KINDS[0];
/// What an organization's domains are managed with.
pub static MANAGING: &KeyKind = &KEY_KINDS[1];

/// How mail by SMTP is understood, where an API has something to say to it.
static SUBMITTING: [Submitting; 3] = [
    mailpace::kind::SUBMITTING,
    mailpass::kind::SUBMITTING,
    mailstack::kind::SUBMITTING,
];

/// How mail by SMTP with a key of `shape` is understood.
pub fn submitting(shape: &str) -> &'static Submitting {
    let found = SUBMITTING.iter().find(|one| one.shapes.contains(&shape));
    found.unwrap_or(const { &PLAINLY })
}

/// Every dialect spoken.
pub(crate) fn all() -> Vec<Box<dyn Dialect>> {
    vec![
        // Before the one that has all else below /api.
        Box::new(mailapi::MailApi),
        Box::new(mailpace::MailPace),
        Box::new(mailpass::MailPass),
        Box::new(mailsac::Mailsac),
        Box::new(mailstack::Mailstack),
    ]
}

/// Every form of webhooks.
#[must_use]
pub fn forms() -> Vec<Arc<dyn Form>> {
    vec![
        Arc::new(mailpace::Hooks),
        Arc::new(mailpace::Inbound),
        Arc::new(mailstack::Hooks),
        Arc::new(mailsac::Hooks),
        Arc::new(mailsac::Slack),
    ]
}

/// The forms of an address's own webhooks: one for a program, one for a chat.
#[must_use]
pub fn address_forms() -> [&'static str; 2] {
    [mailsac::Hooks.name(), mailsac::Slack.name()]
}

/// The shapes of every kind of keys.
pub static KEY_SHAPES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let shapes = KEY_KINDS.iter().flat_map(|kind| kind.shapes);
    shapes.copied().collect()
});

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use posthouse::ids::SystemEntropy;

    use super::*;

    #[test]
    fn each_kind_of_keys_is_itself() {
        let (mut shapes, mut names) = (HashSet::new(), HashSet::new());
        for kind in &KEY_KINDS {
            for word in kind.words {
                let meant = (kind.scopes)(word);
                assert!(meant.is_some_and(|scopes| !scopes.is_empty()), "{word}");
                assert!(kind.words_for(meant.unwrap()).contains(&(*word).to_owned()));
            }
            assert!(kind.ordinary.iter().all(|word| kind.words.contains(word)));
            assert_eq!((kind.scopes)("nonsense"), None);
            assert!(kind.makes().map(|make| &make.shape).eq(kind.shapes));
            for make in kind.makes() {
                let token = (make.token)(&SystemEntropy);
                assert!(
                    token
                        .whole
                        .starts_with(&format!("{}{}", make.start, token.prefix)),
                    "{}",
                    make.shape
                );
                assert!(token.whole.len() - make.start.len() - token.prefix.len() > 20);
                assert!(shapes.insert(make.shape));
            }
            assert!(names.insert(kind.name));
        }
    }
}
