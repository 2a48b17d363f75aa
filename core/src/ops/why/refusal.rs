//! The last no that a recipient's mail met: who said it, where, and what it means.

use super::codes::{Explained, explain};
use super::known::{Known, recognise};
use crate::model::delivery::{Attempt, Outcome, Stage};

/// A refusal, read.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The try that met it.
    pub attempt: u32,
    /// The host that said it; `None` when it was this machine, because it could not reach
    /// one or DNS said enough.
    pub by: Option<String>,
    /// The step at which it was said.
    pub stage: Option<Stage>,
    /// The words, with their codes, on one line.
    pub line: String,
    /// Whether it was for good.
    pub force: Force,
    /// The enhanced code, explained.
    pub code: Option<Explained>,
    /// The provider's refusal that it is, when it is recognised.
    pub known: Option<&'static Known>,
    /// What to do about it, if that is known.
    pub next_step: Option<String>,
}

/// How long a refusal holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Force {
    /// Another try may go better.
    Temporary,
    /// No other try will.
    Permanent,
}

impl Force {
    /// The word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Temporary => "temporary",
            Self::Permanent => "permanent",
        }
    }
}

/// Reads the end of a try, when that was a refusal, of mail from the domain `host` to
/// `address`.
pub(super) fn refusal(attempt: &Attempt, host: Option<&str>, address: &str) -> Option<Refusal> {
    let force = match attempt.outcome? {
        Outcome::Deferred => Force::Temporary,
        Outcome::Refused => Force::Permanent,
        Outcome::Sent | Outcome::NotSent | Outcome::Unknown => return None,
    };
    let answer = attempt.reply.as_ref()?;
    let code = answer.enhanced.as_deref().and_then(explain);
    let known = recognise(answer);
    let step = match (known, &code) {
        (Some(known), _) => Some(known.next_step.as_str()),
        (None, Some(code)) => Some(code.next_step),
        (None, None) => None,
    };
    let next_step = step.map(|step| {
        step.replace("{domain}", host.unwrap_or("DOMAIN"))
            .replace("{address}", address)
    });
    Some(Refusal {
        attempt: attempt.number,
        by: answer.code.and_then(|_| attempt.peer.clone()),
        stage: attempt.stage,
        line: answer.line(),
        force,
        code,
        known,
        next_step,
    })
}

impl Refusal {
    /// What it means, in plain words: the provider's meaning where it is known.
    #[must_use]
    pub fn meaning(&self) -> Option<&str> {
        let known = self.known.map(|known| known.meaning.as_str());
        known.or_else(|| self.code.as_ref().map(|code| code.meaning.as_str()))
    }
}
