//! The story of an email, as a person reads it: what came of it and what to do first, the
//! evidence after.

use std::io::{self, Write};

use posthouse::model::delivery::{Attempt, AttemptState, Outcome};
use posthouse::model::domain::{Record, RecordKind, Verdict};
use posthouse::model::event::Event;
use posthouse::model::key::Mode;
use posthouse::ops::why::{NotAsked, Now, RecipientStory, Refusal, Story};

use super::table::{moment, or_dash};
use super::wrap::{entry, labelled, sentences};

/// Writes the whole story.
///
/// # Errors
/// As `to` says.
pub fn tell(to: &mut dyn Write, story: &Story) -> io::Result<()> {
    let email = &story.email;
    let subject = or_dash(email.fields.subject.as_deref());
    writeln!(to, "Email {}: {}", email.id, on_one_line(&subject))?;
    labelled(to, "From", &email.fields.from)?;
    let accepted = format!(
        "{} with key {} ({})",
        moment(email.created_at),
        story.key.id,
        mode(story.key.mode)
    );
    labelled(to, "Accepted", &accepted)?;
    labelled(to, "Message-ID", &format!("<{}>", email.message_id))?;
    match &story.records {
        Now::Said(records) => labelled(to, "Records now", &standing_of(records))?,
        Now::NotAsked(why @ NotAsked::Provider) => labelled(to, "Records now", why.as_str())?,
        Now::NotAsked(NotAsked::NothingLeft | NotAsked::Unwanted | NotAsked::TooMany) => {}
    }
    for recipient in &story.recipients {
        tell_recipient(to, recipient)?;
    }
    Ok(())
}

const fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Capture => "mode capture: nothing leaves",
        Mode::Hold => "mode hold: a person decides",
        Mode::AllowList => "mode allow-list: only listed recipients",
        Mode::Live => "mode live",
    }
}

/// Which of the sending domain's records stand.
fn standing_of(records: &[Record]) -> String {
    let mut parts = Vec::new();
    for (verdict, words) in [
        (Verdict::Absent, "missing"),
        (Verdict::Mismatch, "not as it should be"),
        (Verdict::Unsure, "no reliable answer"),
        (Verdict::Match, "in place"),
    ] {
        let checked = |record: &&Record| {
            let checked = record.checked.as_ref();
            checked.is_some_and(|checked| checked.verdict == verdict)
        };
        let names: Vec<&str> = records.iter().filter(checked).map(name_of).collect();
        if !names.is_empty() {
            parts.push(format!("{} ({words})", names.join(", ")));
        }
    }
    parts.join("; ")
}

fn name_of(record: &Record) -> &'static str {
    match record.kind {
        RecordKind::Dkim => "DKIM",
        RecordKind::DkimEd25519 => "DKIM (Ed25519)",
        RecordKind::ReturnPath => "return path",
        RecordKind::Dmarc => "DMARC",
        RecordKind::Spf => "SPF",
        RecordKind::Mx => "MX",
        RecordKind::MailFromMx => "MX of the return path",
        RecordKind::MailFromSpf => "SPF of the return path",
    }
}

fn tell_recipient(to: &mut dyn Write, story: &RecipientStory) -> io::Result<()> {
    let delivery = &story.delivery;
    writeln!(
        to,
        "\n{}  {}  ({}, delivery {})\n",
        delivery.address,
        delivery.state.as_str().to_uppercase(),
        delivery.field,
        delivery.id,
    )?;
    sentences(to, &story.standing)?;
    writeln!(to)?;
    if let Some(refusal) = &story.refusal {
        tell_refusal(to, refusal)?;
    }
    if let Some(step) = &story.next_step {
        labelled(to, "What to do", step)?;
    }
    labelled(to, "Route", &story.route)?;
    tell_dns(to, story)?;
    writeln!(to)?;
    for event in &story.events {
        let what = format!("{}  {:<9}", moment(event.at), event.kind);
        entry(to, &what, &on_one_line(&said(event)))?;
    }
    tell_attempts(to, &story.attempts)
}

/// What an event says: its words, the link that was followed, and by whom.
fn said(event: &Event) -> String {
    let facts = &event.facts;
    let from = facts.ip.as_ref().map(|ip| format!("from {ip}"));
    let by = facts.user_agent.as_ref().map(|agent| format!("by {agent}"));
    let parts = [event.detail.clone(), facts.url.clone(), from, by];
    parts.into_iter().flatten().collect::<Vec<_>>().join("  ")
}

fn tell_refusal(to: &mut dyn Write, refusal: &Refusal) -> io::Result<()> {
    if let Some(meaning) = refusal.meaning() {
        labelled(to, "That means", meaning)?;
    }
    if let Some(known) = refusal.known {
        let sources = known.sources.join("\n");
        labelled(to, "Known from", &format!("{}\n{sources}", known.who))?;
    }
    if let Some(code) = &refusal.code {
        let code = match refusal.known {
            // Its meaning was told above.
            None => format!("{} ({})", code.code, code.source),
            Some(_) => format!("{}: {} ({})", code.code, code.meaning, code.source),
        };
        labelled(to, "Code", &code)?;
    }
    if let Some(stage) = refusal.stage {
        let by = match &refusal.by {
            Some(by) => format!("by {by}, "),
            None => String::new(),
        };
        let tried = format!("{by}{} (try {})", stage.when(), refusal.attempt);
        labelled(to, "Said", &tried)?;
    }
    Ok(())
}

/// What DNS said at the last try, and says now.
fn tell_dns(to: &mut dyn Write, story: &RecipientStory) -> io::Result<()> {
    let last = story.attempts.last();
    let then = last.and_then(|attempt| attempt.dns.as_deref());
    if let Some(then) = then {
        labelled(to, "DNS then", then)?;
    }
    match &story.dns {
        Now::NotAsked(why) => labelled(to, "DNS now", why.as_str()),
        Now::Said(now) => {
            let now = now.lines.join("\n");
            let same = then == Some(now.as_str());
            labelled(to, "DNS now", if same { "the same" } else { &now })
        }
    }
}

fn on_one_line(text: &str) -> String {
    text.lines().map(str::trim).collect::<Vec<_>>().join(" ")
}

/// How each try ended; the conversation of the last.
fn tell_attempts(to: &mut dyn Write, attempts: &[Attempt]) -> io::Result<()> {
    let Some((last, earlier)) = attempts.split_last() else {
        return Ok(());
    };
    writeln!(to)?;
    for attempt in attempts {
        let when = format!("Try {}  {}", attempt.number, moment(attempt.planned_at));
        entry(to, &when, &ended(attempt))?;
    }
    let said = last.transcript.as_deref().unwrap_or_default();
    for line in said.lines() {
        writeln!(to, "    {line}")?;
    }
    if earlier.iter().any(|attempt| attempt.transcript.is_some()) {
        writeln!(to, "  (--json has the conversations of the tries before.)")?;
    }
    Ok(())
}

fn ended(attempt: &Attempt) -> String {
    let mut ended = match (attempt.outcome, attempt.state) {
        (Some(outcome), _) => outcome.as_str().replace('_', " "),
        (None, AttemptState::Planned) => String::from("under way, not connected yet"),
        (None, AttemptState::Connected) => String::from("under way, connected"),
        (None, AttemptState::DataSent) => {
            String::from("under way, the content is out, no answer yet")
        }
        (None, AttemptState::Settled) => String::from("ended"),
    };
    if let Some(stage) = attempt.stage {
        ended.push(' ');
        ended.push_str(stage.when());
    }
    if attempt.outcome == Some(Outcome::Refused) && attempt.peer.is_none() && attempt.dns.is_some()
    {
        ended.push_str(" by what DNS said; no server was asked");
    }
    for (before, part) in [(", by ", &attempt.peer), (", ", &attempt.tls)] {
        if let Some(part) = part {
            ended.push_str(before);
            ended.push_str(&on_one_line(part));
        }
    }
    ended
}
