//! Plays an outcome through: an attempt as any other, but that nothing is opened for it.

use super::settle::End;
use crate::model::delivery::{Answer, Outcome, Stage};
use crate::model::simulate::{DOMAIN, Script};
use crate::store::Due;

const OUTCOMES: &str = "no such outcome; there are delivered, bounce+5.1.1, defer+4.2.2-300s, \
    complaint, suppressed and slow+8s";

pub(super) async fn play(script: &Script, due: &Due) -> End {
    match script {
        Script::Delivered | Script::Complaint | Script::Suppressed => taken(due),
        Script::Slow(wait) => {
            tokio::time::sleep(*wait).await;
            taken(due)
        }
        Script::Bounce(code) => refused(due, 550, code, "refused, as the address asks"),
        Script::Unknown => refused(due, 550, "5.1.1", OUTCOMES),
        // It was put off once; now its time is over.
        Script::Defer(..) if due.attempts > 0 => taken(due),
        Script::Defer(code, _) => End {
            outcome: Outcome::Deferred,
            ..refused(due, 450, code, "put off, as the address asks")
        },
    }
}

fn taken(due: &Due) -> End {
    let answer = Answer {
        code: Some(250),
        enhanced: Some(String::from("2.0.0")),
        text: String::from("taken, as the address asks"),
    };
    End {
        outcome: Outcome::Sent,
        stage: None,
        ..end(due, answer)
    }
}

fn refused(due: &Due, code: u16, enhanced: &str, text: &str) -> End {
    let answer = Answer {
        code: Some(code),
        enhanced: Some(enhanced.to_owned()),
        text: text.to_owned(),
    };
    End {
        outcome: Outcome::Refused,
        stage: Some(Stage::Rcpt),
        ..end(due, answer)
    }
}

fn end(due: &Due, answer: Answer) -> End {
    End {
        transcript: format!("C: RCPT TO:<{}>\nS: {}\n", due.address, answer.line()),
        answer,
        outcome: Outcome::Sent,
        stage: None,
        peer: Some(DOMAIN.to_owned()),
        tls: None,
    }
}
