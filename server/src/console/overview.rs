//! How things stand.

use posthouse::model::delivery::State;
use posthouse::model::event::EventKind;
use posthouse::model::organization::Role;
use posthouse::ops::overview::{Begun, Figures, Problem, Progress, Step};
use posthouse::store::Tally;

use super::call::Call;
use super::convert::time_or_none;
use super::trouble::Outcome;
use super::wire::{
    Counts, Day, FirstStep, FirstStepKind, Overview, OverviewAsked, ProblemKind, ProblemShown,
    Queue, Severity, Target, View,
};
use crate::cli::{FIRST_DOMAIN, FIRST_KEYS};

/// Days when nothing is said.
const DAYS: u32 = 14;

pub async fn show(call: Call, asked: OverviewAsked) -> Outcome<Overview> {
    let caller = call.caller(Role::Reader)?;
    let days = asked
        .days
        .unwrap_or(DAYS)
        .clamp(1, posthouse::limits::OVERVIEW_DAYS);
    let figures = call.engine.figures(caller, days).await?;
    let problems = call.engine.problems(caller).await?;
    let begun = Begun {
        domain: FIRST_DOMAIN,
        keys: FIRST_KEYS,
    };
    let steps = call.engine.first_steps(caller, begun).await?;
    let series = series(&figures, days);
    let today = series.last().map_or(
        Counts {
            sent: 0,
            delivered: 0,
            bounced: 0,
            received: 0,
        },
        |day| Counts {
            sent: day.sent,
            delivered: day.delivered,
            bounced: day.bounced,
            received: day.received,
        },
    );
    Ok(Overview {
        today,
        queue: Queue {
            waiting: figures.queue.waiting,
            held: figures.queue.held,
            unknown: figures.queue.unknown,
            oldest_at: time_or_none(figures.queue.oldest_at),
        },
        problems: problems.into_iter().map(told).collect(),
        first_steps: steps.map(step).into(),
        series,
    })
}

fn count(tallies: &[Tally], day: i64, kinds: &[EventKind]) -> u64 {
    tallies
        .iter()
        .filter(|one| one.day == day && kinds.contains(&one.kind))
        .map(|one| one.count)
        .sum()
}

fn series(figures: &Figures, days: u32) -> Vec<Day> {
    let first = figures.today - i64::from(days) + 1;
    let tallies = &figures.tallies;
    (first..=figures.today)
        .map(|day| Day {
            day: posthouse::clock::Timestamp(day * 86_400_000)
                .utc_date()
                .to_string(),
            sent: count(tallies, day, &[EventKind::Queued]),
            delivered: count(tallies, day, &[EventKind::Delivered]),
            bounced: count(tallies, day, &[EventKind::Bounced]),
            received: count(tallies, day, &[EventKind::Received]),
        })
        .collect()
}

fn told(problem: Problem) -> ProblemShown {
    let severity = match problem.severity() {
        posthouse::ops::overview::Severity::Error => Severity::Error,
        posthouse::ops::overview::Severity::Warning => Severity::Warning,
    };
    let outbox = |state: State| (View::Outbox, Some(state.to_string()));
    let (kind, text, (view, id)) = match problem {
        Problem::Standing => (
            ProblemKind::Standing,
            String::from(
                "The organization may not send: the operator has disabled it, or its plan has lapsed.",
            ),
            (View::Overview, None),
        ),
        Problem::NoRoute => (
            ProblemKind::NoRoute,
            String::from("Mail can leave nowhere: add a relay, or switch direct delivery on."),
            (View::Relay, None),
        ),
        Problem::Unknown(recipients) => (
            ProblemKind::Unknown,
            format!(
                "Of {recipients} recipients nobody knows whether their mail was sent: a stop cut it off. Release or burn it."
            ),
            outbox(State::Held),
        ),
        Problem::Held(recipients) => (
            ProblemKind::Held,
            format!("Mail to {recipients} recipients waits for somebody to release it."),
            outbox(State::Held),
        ),
        Problem::Waiting(_) => (
            ProblemKind::Waiting,
            String::from("Some mail has been waiting for over an hour: see why it was put off."),
            outbox(State::Deferred),
        ),
        Problem::Records { host, amiss, .. } => (
            ProblemKind::DomainRecords,
            format!("{amiss} of the records of {host} are not as they should be."),
            (View::Domain, Some(host)),
        ),
        Problem::WebhookOff { id, url, because } => (
            ProblemKind::WebhookOff,
            format!("The webhook to {url} is off: {because}."),
            (View::Webhook, Some(id.to_string())),
        ),
        Problem::MailboxFull {
            address,
            used_bytes,
            quota_bytes,
        } => (
            ProblemKind::MailboxFull,
            format!(
                "{address} holds {} % of what it may: give it more room, or have mail deleted.",
                u128::from(used_bytes) * 100 / u128::from(quota_bytes.max(1))
            ),
            (View::Mailbox, Some(address)),
        ),
    };
    ProblemShown {
        kind,
        severity,
        text,
        target: Target { view, id },
    }
}

fn step((step, progress): (Step, Progress)) -> FirstStep {
    FirstStep {
        step: match step {
            Step::Domain => FirstStepKind::Domain,
            Step::Records => FirstStepKind::Records,
            Step::Key => FirstStepKind::Key,
            Step::Mailbox => FirstStepKind::Mailbox,
            Step::Send => FirstStepKind::Send,
        },
        done: progress == Progress::Done,
    }
}
