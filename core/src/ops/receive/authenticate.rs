//! Asks the DNS what the checks of a message's origin have to know.

use std::sync::Arc;

use futures_util::future::join_all;
use tokio::runtime::Handle;
use tokio::time::{Instant, timeout_at};

use super::Arrival;
use crate::engine::Posthouse;
use crate::error::{Result, internal};
use crate::limits::{AUTHENTICATE, AUTHENTICATE_NAMES, AUTHENTICATE_NEAR};
use crate::mime::verify::{Answer, Answers, Check, Claim, Finding, Question, trimmed};
use crate::outside::dns::{Dns, DnsError, Found};

/// The claim that an arrival makes.
pub(super) fn claim<'a>(arrival: &'a Arrival, host: &'a str) -> Claim<'a> {
    Claim {
        remote: arrival.remote.ip(),
        helo: &arrival.helo,
        from: arrival.from.as_deref(),
        host,
        raw: &arrival.raw,
    }
}

/// Checks where a message comes from. What DNS does not tell in time is unknown, never a
/// reason to refuse.
pub(super) async fn authenticate(
    engine: Posthouse,
    arrival: Arc<Arrival>,
    host: String,
) -> Result<Finding> {
    let runtime = Handle::current();
    let patience = match arrival.remote.ip().to_canonical().is_loopback() {
        true => AUTHENTICATE_NEAR,
        false => AUTHENTICATE,
    };
    let end = Instant::now() + patience;
    // Hashing a large message takes long, and what was read of it refers to it.
    let work = move || {
        let trimmed = trimmed(&arrival.raw);
        let check = Check::new(claim(&arrival, &host), trimmed.as_deref());
        runtime.block_on(rounds(&engine, &check, end))
    };
    tokio::task::spawn_blocking(work).await.map_err(internal)
}

async fn rounds(engine: &Posthouse, check: &Check<'_>, end: Instant) -> Finding {
    let mut answers = Answers::default();
    loop {
        let wanted = match check.with(&answers) {
            Ok(finding) => return finding,
            Err(wanted) => wanted,
        };
        // A message cannot have us ask for ever more.
        let over = answers.len() >= AUTHENTICATE_NAMES;
        let asked = wanted.into_iter().map(async |question| {
            let answer = match over {
                true => Answer::Unsure,
                false => look(engine, &question, end).await,
            };
            (question, answer)
        });
        for (question, answer) in join_all(asked).await {
            answers.add(question, answer);
        }
    }
}

/// What was said lately, else what DNS says now.
async fn look(engine: &Posthouse, question: &Question, end: Instant) -> Answer {
    if let Some(answer) = engine.said.find(question, engine.now()) {
        return answer;
    }
    let answer = timeout_at(end, ask(engine.ports.dns.as_ref(), question))
        .await
        .unwrap_or(Answer::Unsure);
    engine
        .said
        .keep(question.clone(), answer.clone(), engine.now());
    answer
}

async fn ask(dns: &dyn Dns, question: &Question) -> Answer {
    match question {
        Question::Texts(name) => told(dns.txt(name).await, Answer::Texts),
        Question::Exchangers(name) => told(dns.mx(name).await, |found| {
            Answer::Exchangers(found.into_iter().map(|mx| mx.host).collect())
        }),
        Question::Addresses(name) => told(dns.addresses(name).await, Answer::Addresses),
    }
}

fn told<T>(
    found: std::result::Result<Found<T>, DnsError>,
    say: impl FnOnce(T) -> Answer,
) -> Answer {
    match found {
        Ok(Found { value, .. }) => say(value),
        Err(DnsError::NoSuchName | DnsError::NoRecords) => Answer::Absent,
        Err(DnsError::Unsure(_)) => Answer::Unsure,
    }
}
