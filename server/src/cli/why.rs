//! The story of an email, as a person reads it.

use std::io::{self, Write};

use posthouse::model::delivery::{Answer, Attempt, AttemptState};
use posthouse::model::key::Mode;
use posthouse::ops::why::{RecipientStory, Story};

use super::table::or_dash;

/// Writes the whole story.
///
/// # Errors
/// As `to` says.
pub fn tell(to: &mut dyn Write, story: &Story) -> io::Result<()> {
    let email = &story.email;
    writeln!(
        to,
        "Email {} from {}: {}",
        email.id,
        email.fields.from,
        or_dash(email.fields.subject.as_deref())
    )?;
    writeln!(
        to,
        "Accepted {} with key {} ({}), Message-ID <{}>",
        email.created_at.rfc3339_millis(),
        story.key.id,
        mode(story.key.mode),
        email.message_id
    )?;
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

fn tell_recipient(to: &mut dyn Write, story: &RecipientStory) -> io::Result<()> {
    let delivery = &story.delivery;
    writeln!(
        to,
        "\n{} ({}, delivery {}): {}",
        delivery.address,
        delivery.field,
        delivery.id,
        delivery.state.as_str().to_uppercase()
    )?;
    writeln!(to, "  {}", story.standing)?;
    if let Some(step) = &story.next_step {
        writeln!(to, "  What to do: {step}")?;
    }
    if !story.events.is_empty() {
        writeln!(to)?;
    }
    for event in &story.events {
        let detail = event
            .detail
            .as_deref()
            .map_or_else(String::new, |detail| format!("  {}", on_one_line(detail)));
        let line = format!(
            "  {}  {:<10}{detail}",
            event.at.rfc3339_millis(),
            event.kind
        );
        writeln!(to, "{}", line.trim_end())?;
    }
    for attempt in &story.attempts {
        tell_attempt(to, attempt)?;
    }
    Ok(())
}

fn on_one_line(text: &str) -> String {
    text.lines().map(str::trim).collect::<Vec<_>>().join(" ")
}

fn tell_attempt(to: &mut dyn Write, attempt: &Attempt) -> io::Result<()> {
    let outcome = attempt.outcome.map_or_else(
        || unsettled(attempt.state).to_owned(),
        |outcome| outcome.as_str().replace('_', " "),
    );
    writeln!(
        to,
        "\n  Try {} at {}: {outcome}",
        attempt.number,
        attempt.planned_at.rfc3339_millis()
    )?;
    let peer = attempt
        .peer
        .as_deref()
        .map_or_else(String::new, |peer| format!(" by {peer}"));
    writeln!(to, "    Route   {}{peer}", attempt.route)?;
    if let Some(tls) = &attempt.tls {
        writeln!(to, "    TLS     {}", on_one_line(tls))?;
    }
    if let Some(reply) = attempt.reply.as_ref().map(Answer::line) {
        writeln!(to, "    Answer  {}", on_one_line(&reply))?;
    }
    let Some(transcript) = attempt
        .transcript
        .as_deref()
        .filter(|text| !text.is_empty())
    else {
        return Ok(());
    };
    writeln!(to, "    Conversation:")?;
    for line in transcript.lines() {
        writeln!(to, "      {line}")?;
    }
    Ok(())
}

const fn unsettled(state: AttemptState) -> &'static str {
    match state {
        AttemptState::Planned => "under way, not connected yet",
        AttemptState::Connected => "under way, connected",
        AttemptState::DataSent => "under way, the content is out, no answer yet",
        AttemptState::Settled => "ended",
    }
}
