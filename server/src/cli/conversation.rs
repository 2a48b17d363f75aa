//! A relay that is tried: what was said, and what to do next.

use std::io::{self, Write};

use posthouse::model::delivery::Stage;
use posthouse::ops::relays::RelayTest;
use posthouse::outside::tls::{TlsFacts, Verdict};
use serde_json::json;

use super::desk::Desk;
use super::out::Progress;
use crate::refusal::{Exit, Refusal};

/// Connects to a relay, secures the connection and logs in.
///
/// # Errors
/// `Exit::Refused` when it does not work, and as the engine says.
pub async fn test(desk: &Desk, named: &str) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let id = desk.relay(&caller, named).await?;
    let progress = Progress::start("Connecting …");
    let tested = desk.engine.test_relay(&caller, id).await;
    drop(progress);
    let test = tested?;
    let step = match &test.fault {
        None => String::from(
            "Mail of live keys can leave by it: posthouse key mode ID live. \
             Relays are tried in the order of posthouse relay list.",
        ),
        Some(fault) => advice(fault.stage).to_owned(),
    };
    let shape = json!({
        "id": id.0,
        "ok": test.fault.is_none(),
        "stage": test.fault.as_ref().map(|fault| fault.stage.as_str()),
        "fault": test.fault.as_ref().map(|fault| &fault.words),
        "tls": test.tls.as_ref().map(tls_words),
        "transcript": test.transcript,
        "next_step": step,
    });
    desk.out
        .answer(&shape, |to| tell(to, named, &test, &step))?;
    match test.fault {
        None => Ok(()),
        Some(_) => Err(Refusal::said(Exit::Refused)),
    }
}

fn tell(to: &mut dyn Write, named: &str, test: &RelayTest, step: &str) -> io::Result<()> {
    for line in &test.transcript {
        writeln!(to, "{line}")?;
    }
    if !test.transcript.is_empty() {
        writeln!(to)?;
    }
    match (&test.tls, &test.fault) {
        (Some(tls), _) => writeln!(to, "TLS: {}", tls_words(tls))?,
        (None, None) => writeln!(to, "TLS: none, everybody on the way can read along")?,
        // Where it failed before or in TLS, the fault says so.
        (None, Some(_)) => {}
    }
    match &test.fault {
        None => writeln!(to, "Relay {named} works. {step}"),
        Some(fault) => writeln!(
            to,
            "Relay {named} does not work: {}.\nWhat to do: {step}",
            fault.words
        ),
    }
}

fn tls_words(tls: &TlsFacts) -> String {
    let certificate = match &tls.certificate {
        Verdict::Valid => String::from("valid"),
        Verdict::Invalid(why) => format!("not valid ({why})"),
    };
    format!("{}, {}, certificate {certificate}", tls.version, tls.cipher)
}

/// What a person can do, by how far it came.
const fn advice(stage: Stage) -> &'static str {
    match stage {
        Stage::Connect => {
            "Check host and port, and whether a firewall is between: many networks block port 25, \
             providers take mail on 587 (starttls) and 465 (tls)."
        }
        Stage::Greeting => {
            "If the port speaks TLS from the first byte, as 465 does, add it with --security tls. \
             Otherwise something else may listen there."
        }
        Stage::Tls => {
            "Check that --security fits the port (587: starttls, 465: tls), and that the certificate \
             is for this host name, by an authority that this machine or the setting tls.extra_roots trusts."
        }
        Stage::Hello => {
            "The relay does not like this server's name: look at the setting server.host."
        }
        Stage::Auth => {
            "Check user and password, and whether the provider wants one for applications: \
             remove the relay and add it again with the right ones."
        }
        Stage::Mail | Stage::Rcpt | Stage::Data | Stage::Content | Stage::Answer => {
            "Ask the provider what this answer means."
        }
    }
}
