//! One attempt: from the planned row to its outcome, every step of it in the ledger.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::watch;

use super::lanes::Slot;
use super::play::play;
use super::pool::{Kept, Pool};
use super::route::{by_mx, by_relay};
use super::seen::Seen;
use super::settle::{End, Rules, settle};
use super::signing::Signing;
use crate::clock::Timestamp;
use crate::engine::Posthouse;
use crate::error::{Error, Missing, Result, internal};
use crate::ids::{AttemptId, RelayId};
use crate::limits::ATTEMPT_DEADLINE;
use crate::mime::links::Ticket;
use crate::model::delivery::{Answer, Outcome, Route};
use crate::model::domain::{Domain, TlsPolicy};
use crate::model::email::Automatic;
use crate::model::simulate::Script;
use crate::ops::send::return_host;
use crate::outside::smtp::{Conversation, Failure, Kind, Line, Reply, Shape};
use crate::outside::tls::{TlsFacts, Verdict};
use crate::store::{Due, Settlement, decompress};

/// Waits between tries to write an outcome down, while the database takes no writes.
const SETTLE_GAP: Duration = Duration::from_secs(1);

/// What all attempts share.
#[derive(Clone)]
pub(super) struct Shared {
    pub(super) engine: Posthouse,
    pub(super) pool: Pool,
    pub(super) signing: Signing,
}

/// A planned attempt.
pub(super) struct Work {
    pub(super) due: Due,
    pub(super) attempt: AttemptId,
    pub(super) exit: Exit,
    pub(super) slot: Slot,
    /// What DNS said on the way.
    pub(super) seen: Seen,
    /// Whether content may have gone out.
    data_sent: AtomicBool,
}

impl Work {
    pub(super) fn new(due: Due, attempt: AttemptId, exit: Exit, slot: Slot) -> Self {
        Self {
            due,
            attempt,
            exit,
            slot,
            seen: Seen::default(),
            data_sent: AtomicBool::new(false),
        }
    }
}

/// By which way an attempt is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Exit {
    /// A relay, which had room since then.
    Relay {
        id: RelayId,
        /// Its place in the order in which relays are tried.
        position: i64,
        taken_at: Timestamp,
    },
    /// The recipient's own servers.
    Direct,
    /// None: its outcome is played through.
    Simulated(Script),
}

impl Exit {
    pub(super) const fn route(&self) -> Route {
        match self {
            Self::Relay { .. } => Route::Relay,
            Self::Direct => Route::Direct,
            Self::Simulated(_) => Route::Simulated,
        }
    }
}

/// An email made ready to leave.
pub(super) struct Outgoing {
    raw: Vec<u8>,
    sender: String,
    pub(super) tls: TlsPolicy,
}

/// Makes the attempt and writes its outcome down. An outcome that cannot be written is
/// tried again until it can, or until the engine stops; the next start settles it then.
pub(super) async fn run(shared: &Shared, work: Work, mut stopped: watch::Receiver<bool>) {
    let engine = &shared.engine;
    let end = match tokio::time::timeout(ATTEMPT_DEADLINE, attempt(shared, &work)).await {
        Ok(Ok(end)) => end,
        Ok(Err(error)) => {
            tracing::error!(delivery = %work.due.id, %error, "an attempt failed on our side");
            ours(format!("a fault on our side: {error}"))
        }
        Err(_) if work.data_sent.load(Ordering::Relaxed) => End {
            outcome: Outcome::Unknown,
            ..ours("the attempt took too long")
        },
        Err(_) => ours("the attempt took too long"),
    };
    let Work {
        due,
        attempt,
        exit,
        slot,
        seen,
        ..
    } = work;
    let rules = Rules::of(engine);
    let settlement = Settlement::new(end.outcome, end.peer, end.tls, end.answer, &end.transcript);
    let settlement = match settlement {
        Ok(settlement) => settlement.seen(seen.text(), end.stage),
        Err(error) => {
            tracing::error!(delivery = %due.id, %error, "an outcome could not be made ready");
            return;
        }
    };
    loop {
        let (due, exit) = (due.clone(), exit.clone());
        let (settlement, rules) = (settlement.clone(), rules.clone());
        let now = engine.now();
        let written = engine
            .store
            .write(move |write| settle(write, &due, attempt, &exit, &settlement, &rules, now))
            .await;
        match written {
            Ok(()) => break,
            Err(error) => tracing::error!(%error, "an outcome could not be written down yet"),
        }
        tokio::select! {
            () = tokio::time::sleep(SETTLE_GAP) => {}
            _ = stopped.changed() => break,
        }
    }
    drop(slot);
}

pub(super) fn ours(words: impl Into<String>) -> End {
    End {
        outcome: Outcome::Deferred,
        answer: Answer::ours(words),
        stage: None,
        peer: None,
        tls: None,
        transcript: String::new(),
    }
}

async fn attempt(shared: &Shared, work: &Work) -> Result<End> {
    let Shared {
        engine,
        pool,
        signing,
    } = shared;
    if let Exit::Simulated(script) = &work.exit {
        return Ok(play(script, &work.due).await);
    }
    let outgoing = outgoing(engine, signing, &work.due).await?;
    match work.exit {
        Exit::Relay { id, .. } => by_relay(engine, pool, work, id, &outgoing).await,
        Exit::Direct | Exit::Simulated(_) => by_mx(engine, pool, work, &outgoing).await,
    }
}

/// Loads the MIME and signs it, off the async threads.
async fn outgoing(engine: &Posthouse, signing: &Signing, due: &Due) -> Result<Outgoing> {
    let (of, domain, body) = (due.organization, due.domain, due.body);
    let (packed, domain, keys) = engine
        .store
        .read(move |read| {
            let packed = read
                .body_packed(body)?
                .ok_or(Error::Missing(Missing::Message))?;
            let Some(domain) = domain else {
                return Ok((packed, None, Vec::new()));
            };
            let found = read
                .domain_of_mail(of, domain)?
                .ok_or(Error::Missing(Missing::Domain))?;
            Ok((packed, Some(found), read.dkim_keys(domain)?))
        })
        .await?;
    let sender = match due.automatic {
        // RFC 5321 section 4.5.5.
        Automatic::Yes => String::new(),
        Automatic::No => return_path(engine, due, domain.as_ref()),
    };
    let tls = domain
        .as_ref()
        .map_or(TlsPolicy::Opportunistic, |domain| domain.tls);
    let (signing, now) = (signing.clone(), engine.now());
    let raw = tokio::task::spawn_blocking(move || {
        let raw = decompress(&packed)?;
        match domain {
            Some(domain) => signing.signed(&raw, &domain, &keys, now.0),
            None => Ok(raw),
        }
    })
    .await
    .map_err(internal)??;
    Ok(Outgoing { raw, sender, tls })
}

/// Where a recipient's mail comes back to.
fn return_path(engine: &Posthouse, due: &Due, domain: Option<&Domain>) -> String {
    let ticket = Ticket {
        email: due.uuid,
        recipient: due.position,
    };
    let local = engine.links.key.return_path(&ticket);
    let host = return_host(domain, &engine.settings().bounce_host());
    format!("{local}@{host}")
}

/// One transaction. From here on no other host is tried: the peer has the envelope.
pub(super) async fn converse(
    engine: &Posthouse,
    pool: &Pool,
    work: &Work,
    outgoing: &Outgoing,
    place: String,
    mut kept: Kept,
) -> Result<End> {
    let (id, now) = (work.attempt, engine.now());
    let tls = tls_words(kept.conversation.tls());
    let (peer, words) = (kept.peer.clone(), tls.clone());
    engine
        .store
        .note(move |write| write.attempt_connected(id, &peer, &words, now));
    let spoken = transaction(engine, work, outgoing, kept.conversation.as_mut()).await?;
    let said = kept.conversation.transcript();
    let peer = Some(kept.peer.clone());
    kept.messages += 1;
    Ok(match spoken {
        Ok(reply) => {
            keep(engine, pool, place, kept);
            End {
                outcome: Outcome::Sent,
                answer: answer(&reply),
                stage: None,
                peer,
                tls: Some(tls),
                transcript: text(&said),
            }
        }
        Err(failure) => {
            // A refusal leaves the connection sound; anything else has broken it.
            if failure.reply().is_some() && kept.conversation.reset().await.is_ok() {
                keep(engine, pool, place, kept);
            }
            failed(failure, peer, Some(tls), &said)
        }
    })
}

async fn transaction(
    engine: &Posthouse,
    work: &Work,
    outgoing: &Outgoing,
    conversation: &mut dyn Conversation,
) -> Result<std::result::Result<Reply, Failure>> {
    let shape = Shape::of(&outgoing.raw);
    if let Err(failure) = conversation
        .envelope(&outgoing.sender, &work.due.address, shape)
        .await
    {
        return Ok(Err(failure));
    }
    // On disk before the first byte of content: after a crash nobody can believe that
    // nothing was sent when something was.
    let (id, now) = (work.attempt, engine.now());
    engine
        .store
        .write(move |write| write.attempt_data_sent(id, now))
        .await?;
    work.data_sent.store(true, Ordering::Relaxed);
    Ok(conversation.content(&outgoing.raw).await)
}

fn keep(engine: &Posthouse, pool: &Pool, place: String, mut kept: Kept) {
    kept.since = engine.now();
    if let Some(mut done) = pool.put(place, kept) {
        tokio::spawn(async move { done.conversation.quit().await });
    }
}

pub(super) fn failed(
    failure: Failure,
    peer: Option<String>,
    tls: Option<String>,
    said: &[Line],
) -> End {
    let outcome = if failure.is_unknown() {
        Outcome::Unknown
    } else if failure.is_permanent() {
        Outcome::Refused
    } else {
        Outcome::Deferred
    };
    let answer = match (&failure.kind, failure.reply()) {
        (_, Some(reply)) => answer(reply),
        (Kind::Unsendable(why), None) => Answer {
            code: None,
            enhanced: Some(String::from("5.6.0")),
            text: why.clone(),
        },
        (kind, None) => Answer::ours(format!("{} ({})", kind, failure.stage.when())),
    };
    let transcript = text(said) + &text(&failure.transcript);
    End {
        outcome,
        answer,
        stage: Some(failure.stage),
        peer,
        tls,
        transcript,
    }
}

fn answer(reply: &Reply) -> Answer {
    Answer {
        code: Some(reply.code),
        enhanced: reply.enhanced.clone(),
        text: reply.text.replace('\n', " "),
    }
}

fn text(lines: &[Line]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

fn tls_words(facts: Option<TlsFacts>) -> String {
    match facts {
        None => String::from("no TLS"),
        Some(TlsFacts {
            version,
            cipher,
            certificate: Verdict::Valid,
        }) => {
            format!("{version} {cipher}, certificate valid")
        }
        Some(TlsFacts {
            version,
            cipher,
            certificate: Verdict::Invalid(why),
        }) => {
            format!("{version} {cipher}, certificate not valid: {why}")
        }
    }
}
