//! One attempt: from the planned row to its outcome, every step of it in the ledger.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::watch;

use super::lanes::Slot;
use super::pool::{Kept, Pool};
use super::route::{by_mx, by_relay};
use super::settle::{End, Rules, settle};
use crate::engine::Posthouse;
use crate::error::{Error, Missing, Result, internal};
use crate::ids::{AttemptId, RelayId, random};
use crate::limits::ATTEMPT_DEADLINE;
use crate::mime::sign::{SigningKey, sign};
use crate::model::delivery::{Answer, Outcome, Route};
use crate::model::domain::{Algorithm, TlsPolicy};
use crate::ops::domains::DKIM_PURPOSE;
use crate::ops::send::return_path;
use crate::outside::smtp::{Conversation, Failure, Kind, Line, Reply, Shape, Stage};
use crate::outside::tls::{TlsFacts, Verdict};
use crate::store::{Due, Settlement, decompress};

/// Waits between tries to write an outcome down, while the database takes no writes.
const SETTLE_GAP: Duration = Duration::from_secs(1);

/// A planned attempt.
pub(super) struct Work {
    pub(super) due: Due,
    pub(super) attempt: AttemptId,
    pub(super) relay: Option<RelayId>,
    pub(super) slot: Slot,
    /// Whether content may have gone out.
    data_sent: AtomicBool,
}

impl Work {
    pub(super) fn new(due: Due, attempt: AttemptId, relay: Option<RelayId>, slot: Slot) -> Self {
        Self {
            due,
            attempt,
            relay,
            slot,
            data_sent: AtomicBool::new(false),
        }
    }

    fn route(&self) -> Route {
        if self.relay.is_some() {
            Route::Relay
        } else {
            Route::Direct
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
pub(super) async fn run(
    engine: &Posthouse,
    pool: &Pool,
    work: Work,
    mut stopped: watch::Receiver<bool>,
) {
    let end = match tokio::time::timeout(ATTEMPT_DEADLINE, attempt(engine, pool, &work)).await {
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
    let route = work.route();
    let Work {
        due, attempt, slot, ..
    } = work;
    let rules = Rules {
        retry: engine.settings().retry.clone(),
        after_crash: engine.settings().after_crash,
        dice: u32::from_be_bytes(random(engine.entropy())),
    };
    let settlement = Settlement::new(end.outcome, end.peer, end.tls, end.answer, &end.transcript);
    let settlement = match settlement {
        Ok(settlement) => settlement,
        Err(error) => {
            tracing::error!(delivery = %due.id, %error, "an outcome could not be made ready");
            return;
        }
    };
    loop {
        let (due, settlement, rules) = (due.clone(), settlement.clone(), rules.clone());
        let now = engine.now();
        let written = engine
            .store
            .write(move |write| settle(write, &due, attempt, route, &settlement, &rules, now))
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
        peer: None,
        tls: None,
        transcript: String::new(),
    }
}

async fn attempt(engine: &Posthouse, pool: &Pool, work: &Work) -> Result<End> {
    let outgoing = outgoing(engine, &work.due).await?;
    match work.relay {
        Some(relay) => by_relay(engine, pool, work, relay, &outgoing).await,
        None => by_mx(engine, pool, work, &outgoing).await,
    }
}

/// Loads the MIME and signs it, off the async threads.
async fn outgoing(engine: &Posthouse, due: &Due) -> Result<Outgoing> {
    let (of, domain, body) = (due.organization, due.domain, due.body);
    let (packed, domain, keys) = engine
        .store
        .read(move |read| {
            let packed = read
                .body_packed(body)?
                .ok_or(Error::Missing(Missing::Message))?;
            let found = read
                .domain(of, domain)?
                .ok_or(Error::Missing(Missing::Domain))?;
            Ok((packed, found, read.dkim_keys(domain)?))
        })
        .await?;
    let sender = return_path(due.uuid, &domain, &engine.settings().bounce_host());
    let (vault, now) = (engine.vault.clone(), engine.now());
    let tls = domain.tls;
    let raw = tokio::task::spawn_blocking(move || -> Result<Vec<u8>> {
        let raw = decompress(&packed)?;
        // A signature whose key nobody can look up helps nobody: the Ed25519 one waits for
        // its record. The RSA key was looked up before the first mail could leave.
        let opened = keys
            .iter()
            .filter(|key| key.algorithm == Algorithm::Rsa || key.verified)
            .map(|key| Ok((key, vault.open(DKIM_PURPOSE, &key.private_sealed)?)))
            .collect::<Result<Vec<_>>>()?;
        let keys: Vec<SigningKey<'_>> = opened
            .iter()
            .map(|(key, private)| SigningKey {
                domain: &domain.host,
                selector: &key.selector,
                algorithm: key.algorithm,
                private_der: private,
            })
            .collect();
        let mut signed = sign(&raw, &keys, now.0).map_err(internal)?;
        signed.extend_from_slice(&raw);
        Ok(signed)
    })
    .await
    .map_err(internal)??;
    Ok(Outgoing { raw, sender, tls })
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
        (kind, None) => Answer::ours(format!("{} ({})", kind, stage_words(failure.stage))),
    };
    let transcript = text(said) + &text(&failure.transcript);
    End {
        outcome,
        answer,
        peer,
        tls,
        transcript,
    }
}

fn stage_words(stage: Stage) -> &'static str {
    match stage {
        Stage::Connect => "while connecting",
        Stage::Greeting => "waiting for the greeting",
        Stage::Tls => "while securing the connection",
        Stage::Hello => "at EHLO",
        Stage::Auth => "while logging in",
        Stage::Mail => "at MAIL FROM",
        Stage::Rcpt => "at RCPT TO",
        Stage::Data => "at DATA",
        Stage::Content => "while sending the content",
        Stage::Answer => "waiting for the answer to the content",
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
