//! Asks the DNS what the checks of a message's origin have to know.

use std::sync::Arc;

use futures_util::future::join_all;
use tokio::task::spawn_blocking;
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
///
/// The message is read anew for each round of questions: hashing it again costs less than a
/// thread that waits for DNS, of which a slow name server could tie up all there are.
pub(super) async fn authenticate(
    engine: Posthouse,
    arrival: Arc<Arrival>,
    host: String,
) -> Result<Finding> {
    let patience = match arrival.remote.ip().to_canonical().is_loopback() {
        true => AUTHENTICATE_NEAR,
        false => AUTHENTICATE,
    };
    let end = Instant::now() + patience;
    let host = Arc::new(host);
    let mut answers = Answers::default();
    loop {
        let (arrival, host) = (arrival.clone(), host.clone());
        let check = move || {
            let trimmed = trimmed(&arrival.raw);
            let check = Check::new(claim(&arrival, &host), trimmed.as_deref());
            let found = check.with(&answers);
            (found, answers)
        };
        let (found, known) = spawn_blocking(check).await.map_err(internal)?;
        let wanted = match found {
            Ok(finding) => return Ok(finding),
            Err(wanted) => wanted,
        };
        answers = known;
        // A message cannot have us ask for ever more.
        let over = answers.len() >= AUTHENTICATE_NAMES;
        let asked = wanted.into_iter().map(async |question| {
            let answer = match over {
                true => Answer::Unsure,
                false => look(&engine, &question, end).await,
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
