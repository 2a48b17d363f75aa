//! `posthouse key`: credentials, and what mail that is sent with them may do.

use std::sync::LazyLock;

use clap::{Args, Subcommand};
use posthouse::clock::Timestamp;
use posthouse::ids::KeyId;
use posthouse::model::key::{Key as Row, Mode, Scope};
use posthouse::ops::keys::KeyChange;
use posthouse::ops::undelivered::SYSTEM_SHAPE;
use serde_json::json;

use super::desk::{Desk, host_of};
use super::issue::{Create, apis};
use super::shape;
use super::table::{Table, moment, moment_or_dash, or_dash};
use super::words::one_of;
use crate::dialects::KEY_SHAPES;
use crate::refusal::Refusal;

/// Keys: who may use which API, and whether their mail leaves
///
/// Every sending key has a mode: capture (mail is kept here), hold (it waits for a person),
/// allow-list (it leaves for listed recipients only, else it is kept here), live (it leaves).
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  posthouse key create --domain acme.test
  posthouse key apis                   the other APIs, and what their keys may do
  posthouse key list --all
  posthouse key allow 3 kim@acme.test staging.acme.test && posthouse key mode 3 allow-list
  posthouse key mode 3 live
  posthouse key rate 3 600")]
pub struct Key {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the keys that are not revoked
    List {
        /// Revoked ones too
        #[arg(long)]
        all: bool,
        /// Only one domain's, by host or id
        #[arg(long, value_name = "DOMAIN")]
        domain: Option<String>,
        /// Show the tokens, where they can be read again
        #[arg(long)]
        show_tokens: bool,
    },
    Create(Create),
    /// List the APIs that there are keys of, with their scopes
    Apis,
    /// Give a key another mode; mail that waits is subject to it too
    Mode {
        /// The key's id
        id: i64,
        /// The mode
        #[arg(value_parser = one_of(Mode::ALL, Mode::as_str))]
        mode: Mode,
    },
    /// Let mail of an allow-list key leave for addresses and domains; without any, list them
    Allow {
        /// The key's id
        id: i64,
        /// Addresses such as kim@acme.test, or domains such as acme.test
        patterns: Vec<String>,
    },
    /// Take an address or a domain off the list again
    Disallow {
        /// The key's id
        id: i64,
        /// As it was allowed
        pattern: String,
    },
    /// Limit how much a key may send
    Rate {
        /// The key's id
        id: i64,
        /// Requests a minute, or off
        #[arg(value_name = "N|off", value_parser = rate)]
        rate: Rate,
    },
    /// Revoke a key: it is refused from now on
    Revoke {
        /// The key's id
        id: i64,
    },
}

/// A limit, or none.
#[derive(Clone, Copy, Debug)]
struct Rate(Option<u32>);

fn rate(text: &str) -> Result<Rate, String> {
    if text == "off" {
        return Ok(Rate(None));
    }
    let limit: Option<u32> = text.parse().ok().filter(|limit| *limit > 0);
    limit.map_or_else(
        || Err(String::from("expected a number from 1 on, or off")),
        |limit| Ok(Rate(Some(limit))),
    )
}

impl Key {
    /// Runs it.
    ///
    /// # Errors
    /// As the engine says.
    pub async fn run(self, desk: &Desk) -> Result<(), Refusal> {
        match self.command {
            Command::List {
                all,
                domain,
                show_tokens,
            } => {
                let which = if all { Which::Ever } else { Which::Valid };
                let tokens = if show_tokens {
                    Tokens::Shown
                } else {
                    Tokens::Hidden
                };
                list(desk, domain.as_deref(), which, tokens).await
            }
            Command::Create(create) => create.run(desk).await,
            Command::Apis => apis(desk),
            Command::Mode { id, mode } => {
                let change = KeyChange {
                    mode: Some(mode),
                    ..KeyChange::default()
                };
                set(desk, id, change).await
            }
            Command::Rate { id, rate } => {
                let change = KeyChange {
                    rate_per_minute: Some(rate.0),
                    ..KeyChange::default()
                };
                set(desk, id, change).await
            }
            Command::Allow { id, patterns } => allow(desk, KeyId(id), &patterns).await,
            Command::Disallow { id, pattern } => disallow(desk, KeyId(id), &pattern).await,
            Command::Revoke { id } => revoke(desk, KeyId(id)).await,
        }
    }
}

/// The shapes of every kind of keys, and of the server's own.
static EVER_SHAPES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let kinds = KEY_SHAPES.iter().copied();
    kinds.chain([SYSTEM_SHAPE]).collect()
});

/// Which keys are listed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    Valid,
    Ever,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tokens {
    Shown,
    Hidden,
}

async fn list(
    desk: &Desk,
    domain: Option<&str>,
    which: Which,
    tokens: Tokens,
) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let hosts = desk.hosts(&caller).await?;
    let domain = desk.domain_id(&caller, domain).await?;
    let mut keys = match which {
        Which::Valid => desk.engine.keys(&caller, domain, None).await?,
        Which::Ever => desk.engine.scoped_keys(&caller, &EVER_SHAPES).await?,
    };
    keys.retain(|key| domain.is_none() || key.domain == domain);
    let mut shown = match tokens {
        Tokens::Shown => desk.engine.key_tokens(&caller, &keys).await?,
        Tokens::Hidden => Default::default(),
    };
    let now = desk.engine.now();
    let mut table = Table::new([
        "ID",
        "API",
        "NAME",
        "SCOPES",
        "DOMAIN",
        "MODE",
        "STATE",
        "LAST USED",
        "TOKEN",
    ]);
    let mut shapes = Vec::new();
    for key in &keys {
        let token = shown.remove(&key.id);
        let listed = shape::KeyListed::of(key, token.clone(), now);
        table.row([
            key.id.to_string(),
            listed.key.api.clone(),
            or_dash(key.name.as_deref()),
            listed.key.permissions.join(" "),
            host_of(&hosts, key.domain),
            mode_of(key),
            state_of(key, now),
            moment_or_dash(key.last_used_at),
            token.unwrap_or_else(|| listed.key.masked.clone()),
        ]);
        shapes.push(listed);
    }
    let none = "There are no keys. Make one: posthouse key create --domain HOST";
    Ok(desk.out.answer(&shapes, |to| table.write(to, none))?)
}

/// A key that cannot send has no use for its mode.
fn mode_of(key: &Row) -> String {
    if !key.may(Scope::Send) {
        return String::from("-");
    }
    match key.rate_per_minute {
        Some(rate) => format!("{}, {rate}/min", key.mode),
        None => key.mode.to_string(),
    }
}

fn state_of(key: &Row, now: Timestamp) -> String {
    match (key.revoked_at, key.expires_at) {
        (Some(at), _) => format!("revoked {}", moment(at)),
        (None, Some(end)) if end <= now => format!("expired {}", moment(end)),
        (None, Some(end)) => format!("valid until {}", moment(end)),
        (None, None) => String::from("valid"),
    }
}

/// What a mode does, to end a sentence with.
#[must_use]
pub const fn meaning(mode: Mode) -> &'static str {
    match mode {
        Mode::Capture => "its mail is captured, and nothing leaves",
        Mode::Hold => "its mail waits for `posthouse email release` or `posthouse email burn`",
        Mode::AllowList => {
            "its mail leaves for what `posthouse key allow` lists, and is captured else"
        }
        Mode::Live => "its mail leaves",
    }
}

async fn set(desk: &Desk, id: i64, change: KeyChange) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let key = desk
        .engine
        .set_key(&caller, None, KeyId(id), change)
        .await?;
    let shape = shape::Key::of(&key, None);
    Ok(desk.out.answer(&shape, |to| {
        let rate = key.rate_per_minute.map_or_else(
            || String::from("no limit"),
            |rate| format!("{rate} requests a minute"),
        );
        writeln!(
            to,
            "Key {id}: mode {} ({}); {rate}.",
            key.mode,
            meaning(key.mode)
        )
    })?)
}

async fn allow(desk: &Desk, id: KeyId, patterns: &[String]) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    for pattern in patterns {
        desk.engine.allow_pattern(&caller, id, pattern).await?;
    }
    patterns_of(desk, id).await
}

async fn disallow(desk: &Desk, id: KeyId, pattern: &str) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    // Not on the list is what was asked for, whether it was on it or not.
    desk.engine.disallow_pattern(&caller, id, pattern).await?;
    patterns_of(desk, id).await
}

async fn patterns_of(desk: &Desk, id: KeyId) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let patterns = desk.engine.key_patterns(&caller, id).await?;
    let shape = json!({"id": id.0, "patterns": patterns});
    Ok(desk.out.answer(&shape, |to| {
        if patterns.is_empty() {
            return writeln!(to, "The list of key {id} is empty.");
        }
        writeln!(to, "Mail of key {id} in mode allow-list leaves for:")?;
        for pattern in &patterns {
            writeln!(to, "  {pattern}")?;
        }
        Ok(())
    })?)
}

async fn revoke(desk: &Desk, id: KeyId) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    desk.engine.revoke_key(&caller, None, id).await?;
    let shape = json!({"id": id.0, "revoked": true});
    Ok(desk
        .out
        .answer(&shape, |to| writeln!(to, "Key {id} is revoked."))?)
}
