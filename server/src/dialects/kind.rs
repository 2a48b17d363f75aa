//! The kinds of keys that the APIs are called with, told without a vendor's words.

use posthouse::error::Error;
use posthouse::ids::Entropy;
use posthouse::model::email::Terms;
use posthouse::model::key::Scope;
use posthouse::ops::keys::{Keeping, NewKey};
use posthouse::ops::scoped_keys::Token;

/// A kind of keys: what they look like, what they may do, and how they are shown.
pub struct KeyKind {
    /// The word that it is asked for by.
    pub name: &'static str,
    /// What it is for, in a line.
    pub about: &'static str,
    /// What its keys are bound to.
    pub bound: Bound,
    /// Whether two of its keys may have one name.
    pub names: Names,
    /// Whether a token can be read again.
    pub keeping: Keeping,
    /// The shapes of its keys; names are unique among them.
    pub shapes: &'static [&'static str],
    /// Keys whose mail may leave, as far as their mode lets it.
    pub live: Make,
    /// Keys whose mail is always kept here, where the API has such.
    pub test: Option<Make>,
    /// The API's words for what a key may do.
    pub words: &'static [&'static str],
    /// Those of a key that is asked for without any.
    pub ordinary: &'static [&'static str],
    /// What a word stands for; None when the API has no such word.
    pub scopes: fn(&str) -> Option<&'static [Scope]>,
    /// A first call with a token: from this host, where it sends.
    pub call: fn(token: &str, host: &str) -> Call,
}

/// What keys are bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// One domain.
    Domain,
    /// The whole organization.
    Organization,
    /// One person, of the whole organization.
    User,
}

/// Whether two keys may have one name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// They may, or have none.
    Free,
    /// Each has its own.
    Unique,
}

/// How a token is made.
pub struct Make {
    /// Its shape.
    pub shape: &'static str,
    /// What stands before the part that is kept to be shown.
    pub start: &'static str,
    /// Makes one.
    pub token: fn(&dyn Entropy) -> Token,
}

/// A call over HTTP: a POST where there is a body, else a GET.
pub struct Call {
    /// Its path.
    pub path: &'static str,
    /// The header field of the credential, and its value.
    pub credential: (&'static str, String),
    /// A JSON body.
    pub body: Option<String>,
}

impl KeyKind {
    /// How its tokens are made.
    pub fn makes(&self) -> impl Iterator<Item = &Make> {
        std::iter::once(&self.live).chain(&self.test)
    }

    /// A key with this token, that may do what an ordinary one may; still without its domain.
    #[must_use]
    pub fn new_key(&self, token: Token, name: Option<&str>) -> NewKey {
        let scopes = self.ordinary.iter().filter_map(|word| (self.scopes)(word));
        NewKey {
            shape: self.live.shape,
            token: token.whole,
            prefix: Some(token.prefix),
            keeping: self.keeping,
            name: name.map(str::to_owned),
            domain: None,
            scopes: scopes.flatten().copied().collect(),
            mode: None,
            expires_at: None,
        }
    }

    /// What a key may do, in the API's words where it has some.
    #[must_use]
    pub fn words_for(&self, scopes: &[Scope]) -> Vec<String> {
        let mut left = scopes.to_vec();
        let mut found = Vec::new();
        for word in self.words {
            let meant = (self.scopes)(word).unwrap_or_default();
            if !meant.is_empty() && meant.iter().all(|scope| scopes.contains(scope)) {
                left.retain(|scope| !meant.contains(scope));
                found.push((*word).to_owned());
            }
        }
        found.extend(left.iter().map(ToString::to_string));
        found
    }
}

/// A token that is known by its first characters.
#[must_use]
pub fn known_by_its_start(whole: String) -> Token {
    const SHOWN_CHARACTERS: usize = 8;
    Token {
        prefix: whole.chars().take(SHOWN_CHARACTERS).collect(),
        whole,
    }
}

/// How mail that comes in by SMTP with certain keys is understood and refused: as by the
/// keys' own API.
pub struct Submitting {
    /// The shapes of these keys.
    pub shapes: &'static [&'static str],
    /// The API's terms; None for those that the key itself suggests.
    pub terms: Option<Terms>,
    /// File name extensions that the API lets through; None lets all.
    pub extensions: Option<&'static [&'static str]>,
    /// Header fields that say what the API has fields of its own for.
    pub fields: &'static [(&'static str, Extra)],
    /// What the API says of an error, in words.
    pub words: fn(Error) -> String,
}

/// What a header field can say beside what every message has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extra {
    /// Tags, with commas between.
    Tags,
    /// As List-Unsubscribe.
    ListUnsubscribe,
}

/// Keys whose API says nothing of SMTP.
pub const PLAINLY: Submitting = Submitting {
    shapes: &[],
    terms: None,
    extensions: None,
    fields: &[("List-Unsubscribe", Extra::ListUnsubscribe)],
    words: plainly,
};

/// The engine's words, less what is nobody else's business.
#[must_use]
pub fn plainly(error: Error) -> String {
    match error {
        Error::Internal(_) => String::from("it could not be done, through no fault of yours"),
        Error::Busy(_)
        | Error::Conflict(_)
        | Error::Denied(_)
        | Error::Invalid(_)
        | Error::Missing(_)
        | Error::TooLarge(_)
        | Error::Unknown(_) => error.to_string(),
    }
}
