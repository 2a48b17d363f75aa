//! A key that is made, and the APIs that there are keys of.

use std::io::{self, Write};

use clap::Args;
use clap::builder::PossibleValuesParser;
use posthouse::clock::Timestamp;
use posthouse::model::domain::Domain;
use posthouse::model::key::{Caller, Key, Mode, Scope};
use posthouse::ops::keys::{Keeping, NewKey};
use posthouse::ops::scoped_keys::NewScopedKey;

use super::desk::Desk;
use super::key::meaning;
use super::shape;
use super::table::{Table, moment};
use super::words::{Until, one_of, until};
use crate::dialects::kind::{Bound, KeyKind, Names};
use crate::dialects::{KEY_KINDS, SENDING};
use crate::refusal::{Exit, Refusal};

/// The host in an example, where there is no domain.
const EXAMPLE_HOST: &str = "example.test";

/// Make a key; its token is shown once
#[derive(Debug, Args)]
pub struct Create {
    /// The API that it is for; `posthouse key apis` tells of each
    #[arg(long, value_name = "NAME", value_parser = api(), default_value = SENDING.name)]
    api: String,
    /// The domain that it sends from, by host or id, where the API's keys are bound to one
    #[arg(long, value_name = "DOMAIN")]
    domain: Option<String>,
    /// What it may do, in the API's words; may be given more than once
    #[arg(long = "scope", value_name = "SCOPE", value_delimiter = ',')]
    scopes: Vec<String>,
    /// What its mail may do [default: the setting sending.default_mode]
    #[arg(long, value_parser = one_of(Mode::ALL, Mode::as_str))]
    mode: Option<Mode>,
    /// From when it is refused: a day, a moment, or a time from now such as 90d
    #[arg(long, value_name = "WHEN", value_parser = until)]
    expires: Option<Until>,
    /// A test key of the API: its mail is kept here, always
    #[arg(long, conflicts_with = "mode")]
    test: bool,
    /// A name for it
    #[arg(long)]
    name: Option<String>,
    /// The person whose it is, where the API's keys are bound to one [default: the first]
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
}

fn api() -> PossibleValuesParser {
    PossibleValuesParser::new(KEY_KINDS.iter().map(|kind| kind.name))
}

fn wrong(words: impl Into<String>) -> Refusal {
    Refusal::new(Exit::Usage, words)
        .hint("`posthouse key apis` tells what the keys of each API are like.")
}

impl Create {
    /// Runs it.
    ///
    /// # Errors
    /// `Exit::Usage` for what the API's keys have not, and as the engine says.
    pub async fn run(self, desk: &Desk) -> Result<(), Refusal> {
        let found = KEY_KINDS.iter().find(|kind| kind.name == self.api);
        // The parser lets no other name through.
        let kind = found.unwrap_or(SENDING);
        let caller = desk.caller().await?;
        let domain = match (kind.bound, &self.domain) {
            (Bound::Organization | Bound::User, None) => None,
            (Bound::Domain, Some(named)) => Some(desk.domain(&caller, named).await?),
            (Bound::Domain, None) => {
                return Err(wrong(
                    "keys of this API are bound to a domain: give --domain HOST",
                ));
            }
            (Bound::Organization | Bound::User, Some(_)) => {
                return Err(wrong("keys of this API are not bound to a domain"));
            }
        };
        if self.user.is_some() && kind.bound != Bound::User {
            return Err(wrong("keys of this API are not bound to a person"));
        }
        let (key, token) = self.make(desk, &caller, kind, domain.as_ref()).await?;
        let host = match &domain {
            Some(domain) => domain.host.clone(),
            None => a_host(desk, &caller).await?,
        };
        tell(desk, kind, (&key, token), domain.as_ref(), &host)
    }

    async fn make(
        self,
        desk: &Desk,
        caller: &Caller,
        kind: &'static KeyKind,
        domain: Option<&Domain>,
    ) -> Result<(Key, String), Refusal> {
        let make = match (self.test, &kind.test) {
            (false, _) => &kind.live,
            (true, Some(test)) => test,
            (true, None) => return Err(wrong("this API has no test keys")),
        };
        let scopes = self.scopes_of(kind)?;
        let mode = if self.test {
            Some(Mode::Capture)
        } else {
            self.mode
        };
        let expires_at = self.expires.map(|until| until.from(desk.engine.now()));
        match kind.names {
            Names::Free => {
                let token = (make.token)(desk.engine.entropy());
                let new = NewKey {
                    domain: domain.map(|domain| domain.id),
                    scopes,
                    mode,
                    expires_at,
                    ..kind.new_key(token, self.name.as_deref())
                };
                let token = new.token.clone();
                let made = match kind.bound {
                    Bound::Domain | Bound::Organization => {
                        desk.engine.create_key(caller, new).await?
                    }
                    Bound::User => {
                        let user = self.user.as_deref();
                        desk.engine.create_user_key(caller, new, user).await?
                    }
                };
                Ok((made, token))
            }
            Names::Unique => {
                let new = NewScopedKey {
                    shape: make.shape,
                    shapes: kind.shapes,
                    token: make.token,
                    name: self
                        .name
                        .ok_or_else(|| wrong("keys of this API have a name each: give --name"))?,
                    scopes,
                    mode,
                    expires_at,
                };
                Ok(desk.engine.create_scoped_key(caller, new).await?)
            }
        }
    }

    fn scopes_of(&self, kind: &KeyKind) -> Result<Vec<Scope>, Refusal> {
        let mut scopes = Vec::new();
        let ordinary = kind.ordinary.iter().map(|word| (*word).to_owned());
        let words = match self.scopes.is_empty() {
            true => ordinary.collect(),
            false => self.scopes.clone(),
        };
        for word in words {
            let known = (kind.scopes)(&word).filter(|scopes| !scopes.is_empty());
            let Some(meant) = known else {
                return Err(
                    Refusal::new(Exit::Usage, format!("{word} is no scope of this API"))
                        .hint(format!("Its scopes are: {}.", kind.words.join(", "))),
                );
            };
            for scope in meant {
                if !scopes.contains(scope) {
                    scopes.push(*scope);
                }
            }
        }
        Ok(scopes)
    }
}

/// A host that mail of a key without a domain can be from.
async fn a_host(desk: &Desk, caller: &Caller) -> Result<String, Refusal> {
    let domains = desk.domains(caller).await?;
    let verified = domains.iter().find(|domain| domain.is_verified());
    let host = verified.or(domains.first()).map(|domain| &domain.host);
    Ok(host.map_or_else(|| EXAMPLE_HOST.to_owned(), Clone::clone))
}

fn tell(
    desk: &Desk,
    kind: &KeyKind,
    (key, token): (&Key, String),
    domain: Option<&Domain>,
    host: &str,
) -> Result<(), Refusal> {
    let shape = shape::Key::of(key, Some(token.clone()));
    let call = (kind.call)(&token, host);
    let sends = key.may(Scope::Send);
    let what = match domain {
        Some(domain) => format!("It sends from {}", domain.host),
        None => format!("Its scopes: {}", kind.words_for(&key.scopes).join(", ")),
    };
    let shown = match kind.keeping {
        Keeping::Readable => "`posthouse key list --show-tokens` shows it again",
        Keeping::HashOnly => "it is shown only now",
    };
    let mode = match sends {
        true => format!("; {}", meaning(key.mode)),
        false => String::new(),
    };
    Ok(desk.out.answer(&shape, |to| {
        writeln!(
            to,
            "{token}\n\nThis is key {}, for {}; {shown}. {what}{mode}.",
            key.id, kind.name
        )?;
        if let Some(end) = key.expires_at {
            writeln!(to, "It is refused from {} on.", moment(end))?;
        }
        if let Some(domain) = domain
            && key.mode.can_leave()
            && !domain.is_verified()
        {
            writeln!(
                to,
                "Its mail is refused until the domain is verified: posthouse domain records {0}, then posthouse domain verify {0}",
                domain.host
            )?;
        }
        if sends || call.body.is_none() {
            return writeln!(to, "Try it:\n\n{}", desk.curl.line(&call));
        }
        let (field, credential) = &call.credential;
        writeln!(to, "It goes into the header: {field}: {credential}")
    })?)
}

/// Lists the APIs that there are keys of.
///
/// # Errors
/// As standard output says.
pub fn apis(desk: &Desk) -> Result<(), Refusal> {
    let shapes: Vec<_> = KEY_KINDS.iter().map(shape::KeyKind::of).collect();
    let mut table = Table::new(["API", "FOR", "BOUND TO", "TEST KEYS"]);
    for kind in &KEY_KINDS {
        table.row([
            kind.name.to_owned(),
            kind.about.to_owned(),
            match kind.bound {
                Bound::Domain => String::from("a domain"),
                Bound::Organization => String::from("-"),
                Bound::User => String::from("a person"),
            },
            match kind.test {
                Some(_) => String::from("yes"),
                None => String::from("-"),
            },
        ]);
    }
    Ok(desk.out.answer(&shapes, |to| {
        table.write(to, "")?;
        KEY_KINDS.iter().try_for_each(|kind| explain(to, kind))
    })?)
}

fn explain(to: &mut dyn Write, kind: &KeyKind) -> io::Result<()> {
    let call = (kind.call)("$TOKEN", EXAMPLE_HOST);
    let (field, credential) = &call.credential;
    let more = match (kind.bound, kind.names) {
        (Bound::Domain, _) => " --domain HOST",
        (Bound::Organization | Bound::User, Names::Unique) => " --name NAME",
        (Bound::Organization | Bound::User, Names::Free) => "",
    };
    writeln!(to, "\n{}", kind.name)?;
    writeln!(to, "  posthouse key create --api {}{more}", kind.name)?;
    writeln!(to, "  {} with {field}: {credential}", call.path)?;
    let others: Vec<&str> = kind
        .words
        .iter()
        .copied()
        .filter(|word| !kind.ordinary.contains(word))
        .collect();
    if others.is_empty() {
        return Ok(());
    }
    writeln!(to, "  --scope {} [default]", kind.ordinary.join(","))?;
    for some in others.chunks(6) {
        writeln!(to, "          {}", some.join(" "))?;
    }
    Ok(())
}

impl Until {
    fn from(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(at) => at,
            Self::After(gap) => now.plus(gap),
        }
    }
}
