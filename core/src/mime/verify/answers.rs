//! What DNS said so far, in the shape in which mail-auth looks things up.

use std::borrow::Borrow;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Instant;

use mail_auth::common::parse::TxtRecordParser;
use mail_auth::common::verify::DomainKey;
use mail_auth::dkim::Atps;
use mail_auth::dmarc::Dmarc;
use mail_auth::hickory_resolver::proto::op::ResponseCode;
use mail_auth::spf::Spf;
use mail_auth::{DnsError, DnssecStatus, Error, MX, RecordSet, ResolverCache, Txt};

/// What a check has to know; names in lower case, without a dot at the end.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Question {
    /// The texts at a name.
    Texts(String),
    /// The mail servers of a name.
    Exchangers(String),
    /// The addresses of a name.
    Addresses(String),
}

/// What DNS says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// These texts.
    Texts(Vec<String>),
    /// These hosts, the preferred first.
    Exchangers(Vec<String>),
    /// These addresses.
    Addresses(Vec<IpAddr>),
    /// There are none.
    Absent,
    /// Nobody knows.
    Unsure,
}

/// Names for which SPF asks only whether they have an address end in this.
const MARK: &str = ".exists.invalid";

/// What is known, and what was looked for in vain.
#[derive(Default)]
pub struct Answers {
    known: HashMap<Question, Answer>,
    wanted: RefCell<Vec<Question>>,
    unsure: Cell<bool>,
}

impl Answers {
    /// Adds an answer.
    pub fn add(&mut self, question: Question, answer: Answer) {
        self.known.insert(question, answer);
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    pub(super) fn begin(&self) {
        self.wanted.borrow_mut().clear();
        self.unsure.set(false);
    }

    pub(super) fn wanted(&self) -> Vec<Question> {
        self.wanted.borrow().clone()
    }

    /// Whether something was looked for that DNS could not tell.
    pub(super) fn was_unsure(&self) -> bool {
        self.unsure.get()
    }

    fn find(&self, question: Question) -> &Answer {
        let found = self.known.get(&question);
        if found.is_none() {
            let mut wanted = self.wanted.borrow_mut();
            if !wanted.contains(&question) {
                wanted.push(question);
            }
        }
        let answer = found.unwrap_or(&Answer::Unsure);
        if *answer == Answer::Unsure {
            self.unsure.set(true);
        }
        answer
    }
}

/// Collects the bytes of the name that is hashed: a cache of mail-auth is asked with a key of
/// which nothing else is known than that it can be hashed.
#[derive(Default)]
struct Heard(Vec<u8>);

impl Hasher for Heard {
    fn finish(&self) -> u64 {
        0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// The end of a text.
    fn write_u8(&mut self, _: u8) {}
}

fn name_of(key: &(impl Hash + ?Sized)) -> String {
    let mut heard = Heard::default();
    key.hash(&mut heard);
    let name = String::from_utf8_lossy(&heard.0).to_ascii_lowercase();
    name.trim_end_matches('.').to_owned()
}

fn set<T>(records: Vec<T>) -> RecordSet<T> {
    RecordSet {
        rrset: records.into(),
        dnssec_status: DnssecStatus::Indeterminate,
    }
}

/// Which records are looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// SPF.
    Senders,
    /// DKIM and ARC.
    Keys,
    /// DMARC.
    Policies,
}

/// Texts, each parsed as what is looked for.
pub(super) struct Texts<'a>(&'a Answers, Kind);

impl<'a> Texts<'a> {
    pub(super) const fn new(answers: &'a Answers, kind: Kind) -> Self {
        Self(answers, kind)
    }

    fn look(&self, name: String) -> Txt {
        let Self(answers, kind) = *self;
        // Whom to tell of a failure is nobody's business here.
        if kind == Kind::Keys && name.starts_with("_report.") {
            return Txt::Error(absent());
        }
        let atps = name.contains("._atps.");
        match answers.find(Question::Texts(name)) {
            Answer::Texts(texts) => match kind {
                Kind::Senders if texts.iter().any(|text| quirk_unknown_mechanism(text)) => {
                    Txt::Error(Error::ParseError)
                }
                Kind::Senders => {
                    let texts: Vec<String> = texts.iter().map(|text| quirk_exists(text)).collect();
                    // RFC 7208 section 4.5.
                    only::<Spf>(&texts, Error::ParseError)
                }
                // RFC 9989 section 4.10: several are none.
                Kind::Policies => only::<Dmarc>(texts, absent()),
                Kind::Keys if atps => first::<Atps>(texts),
                Kind::Keys => first::<DomainKey>(texts),
            },
            Answer::Absent | Answer::Exchangers(_) | Answer::Addresses(_) => Txt::Error(absent()),
            Answer::Unsure => Txt::Error(Error::Dns(DnsError::Resolver(String::from("unsure")))),
        }
    }
}

const fn absent() -> Error {
    Error::Dns(DnsError::RecordNotFound(ResponseCode::NoError))
}

/// The one text that is of this kind.
fn only<T: TxtRecordParser + Into<Txt>>(texts: &[String], several: Error) -> Txt {
    let mut found = texts
        .iter()
        .map(|text| T::parse(text.as_bytes()))
        .filter(|parsed| !matches!(parsed, Err(Error::Dns(DnsError::InvalidRecordType))));
    match (found.next(), found.next()) {
        (None, _) => Txt::Error(absent()),
        (Some(one), None) => one.into(),
        (Some(_), Some(_)) => Txt::Error(several),
    }
}

/// The first text that can be read.
fn first<T: TxtRecordParser + Into<Txt>>(texts: &[String]) -> Txt {
    let mut last = Err(absent());
    for text in texts {
        last = T::parse(text.as_bytes());
        if last.is_ok() {
            break;
        }
    }
    last.into()
}

/// mail-auth 0.13.3 takes whatever its cache holds of a name for a proof that it exists, even
/// that there is no address. `exists:NAME` is the same as `a:NAME/0` of any address of NAME
/// (RFC 7208 section 5.7), so it is written so.
fn quirk_exists(text: &str) -> String {
    let terms = text.split(' ').map(|term| {
        let (qualifier, rest) = match term.chars().next() {
            Some('+' | '-' | '~' | '?') => term.split_at(1),
            _ => ("", term),
        };
        match rest.split_at_checked(7) {
            Some((word, name)) if word.eq_ignore_ascii_case("exists:") && !name.is_empty() => {
                let name = name.trim_end_matches('.');
                format!("{qualifier}a:{name}{MARK}/0//0")
            }
            Some(_) | None => term.to_owned(),
        }
    });
    terms.collect::<Vec<_>>().join(" ")
}

/// mail-auth 0.13.3 leaves out a mechanism that it does not know; that is an error (RFC 7208
/// section 4.6). An unknown modifier, `name=value`, is left out by right (section 6).
fn quirk_unknown_mechanism(text: &str) -> bool {
    let Some(terms) = text.strip_prefix("v=spf1 ") else {
        return false;
    };
    terms
        .split(' ')
        .filter(|term| !term.is_empty())
        .any(|term| {
            let term = term.trim_start_matches(['+', '-', '~', '?']);
            let end = term.find([':', '/', '=']).unwrap_or(term.len());
            let name = &term[..end];
            !term[end..].starts_with('=')
                && !["all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists"]
                    .iter()
                    .any(|known| name.eq_ignore_ascii_case(known))
        })
}

/// The mail servers of names.
pub(super) struct Mxs<'a>(&'a Answers);

impl<'a> Mxs<'a> {
    pub(super) const fn new(answers: &'a Answers) -> Self {
        Self(answers)
    }
}

/// The addresses of names.
pub(super) struct Addresses<'a>(&'a Answers);

impl<'a> Addresses<'a> {
    pub(super) const fn new(answers: &'a Answers) -> Self {
        Self(answers)
    }

    fn look<T>(&self, name: &str, ours: impl Fn(&IpAddr) -> Option<T>, any: T) -> RecordSet<T> {
        let (name, exists) = match name.strip_suffix(MARK) {
            Some(name) => (name, true),
            None => (name, false),
        };
        let found = match self.0.find(Question::Addresses(name.to_owned())) {
            Answer::Addresses(found) => found.as_slice(),
            Answer::Absent | Answer::Unsure | Answer::Texts(_) | Answer::Exchangers(_) => &[],
        };
        if exists {
            // An A record, whatever the peer's own address is.
            let some = found.iter().any(IpAddr::is_ipv4);
            return set(some.then_some(any).into_iter().collect());
        }
        set(found.iter().filter_map(ours).collect())
    }
}

macro_rules! caches {
    ($($name:ident, $key:ty, $value:ty, |$self:ident, $asked:ident| $look:expr;)*) => {$(
        impl ResolverCache<$key, $value> for $name<'_> {
            fn get<Q>(&self, $asked: &Q) -> Option<$value>
            where
                $key: Borrow<Q>,
                Q: Hash + Eq + ?Sized,
            {
                let $self = self;
                Some($look)
            }

            fn remove<Q>(&self, _: &Q) -> Option<$value>
            where
                $key: Borrow<Q>,
                Q: Hash + Eq + ?Sized,
            {
                None
            }

            fn insert(&self, _: $key, _: $value, _: Instant) {}
        }
    )*};
}

caches! {
    Texts, Box<str>, Txt, |this, asked| this.look(name_of(asked));
    Mxs, Box<str>, RecordSet<MX>, |this, asked| {
        let hosts = match this.0.find(Question::Exchangers(name_of(asked))) {
            Answer::Exchangers(hosts) => hosts.as_slice(),
            Answer::Absent | Answer::Unsure | Answer::Texts(_) | Answer::Addresses(_) => &[],
        };
        let exchanges = hosts.iter().filter(|host| !host.is_empty());
        set(vec![MX {
            exchanges: exchanges.map(|host| host.as_str().into()).collect(),
            preference: 0,
        }])
    };
    Addresses, Box<str>, RecordSet<Ipv4Addr>, |this, asked| {
        let ours = |address: &IpAddr| match address {
            IpAddr::V4(address) => Some(*address),
            IpAddr::V6(_) => None,
        };
        this.look(&name_of(asked), ours, Ipv4Addr::UNSPECIFIED)
    };
    Addresses, Box<str>, RecordSet<Ipv6Addr>, |this, asked| {
        let ours = |address: &IpAddr| match address {
            IpAddr::V4(_) => None,
            IpAddr::V6(address) => Some(*address),
        };
        this.look(&name_of(asked), ours, Ipv6Addr::UNSPECIFIED)
    };
    // Names of addresses are not asked for: `ptr` is not to be used (RFC 7208 section 5.5),
    // and does not match.
    Addresses, IpAddr, RecordSet<Box<str>>, |_this, _asked| set(Vec::new());
}
