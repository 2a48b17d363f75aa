//! How things stand.

use posthouse::model::delivery::State;
use posthouse::model::domain::Need;
use posthouse::model::event::EventKind;
use posthouse::model::key::{Caller, Mode, Scope};
use posthouse::model::mailbox::MailboxKind;
use posthouse::model::organization::{Direct, Role, Standing};
use posthouse::model::page::Page;
use posthouse::model::webhook::Activity;
use posthouse::ops::desk::mailboxes::WantedMailboxes;
use posthouse::ops::overview::Figures;
use posthouse::ops::records::Verification;
use posthouse::store::Tally;

use super::call::Call;
use super::convert::time_or_none;
use super::domain;
use super::trouble::Outcome;
use super::wire::{
    Counts, Day, FirstStep, FirstStepKind, Overview, OverviewAsked, ProblemKind, ProblemShown,
    Queue, Severity, Target, View,
};

/// Days when nothing is said.
const DAYS: u32 = 14;
/// Mail that waits for longer is worth a look, in milliseconds.
const LONG_MS: i64 = 3_600_000;

pub async fn show(call: Call, asked: OverviewAsked) -> Outcome<Overview> {
    let caller = call.caller(Role::Reader)?;
    let days = asked
        .days
        .unwrap_or(DAYS)
        .clamp(1, posthouse::limits::OVERVIEW_DAYS);
    let figures = call.engine.figures(caller, days).await?;
    let domains = call.engine.all_domain_records(caller, Page::WHOLE).await?;
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
        problems: problems(&call, caller, &figures, &domains).await?,
        first_steps: first_steps(&call, caller, &domains).await?,
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

fn problem(
    (kind, severity): (ProblemKind, Severity),
    text: String,
    (view, id): (View, Option<String>),
) -> ProblemShown {
    ProblemShown {
        kind,
        severity,
        text,
        target: Target { view, id },
    }
}

async fn problems(
    call: &Call,
    caller: &Caller,
    figures: &Figures,
    domains: &[Verification],
) -> Outcome<Vec<ProblemShown>> {
    let organization = call.engine.organization(caller).await?;
    let mut all = Vec::new();
    if organization.standing != Standing::Active {
        all.push(problem(
            (ProblemKind::Standing, Severity::Error),
            String::from("The organization may not send: the operator has disabled it, or its plan has lapsed."),
            (View::Overview, None),
        ));
    }
    let leaving = leaving(call, caller).await?;
    if leaving && organization.direct == Direct::Off && call.engine.relays(caller).await?.is_empty()
    {
        all.push(problem(
            (ProblemKind::NoRoute, Severity::Error),
            String::from("Mail can leave nowhere: add a relay, or switch direct delivery on."),
            (View::Relay, None),
        ));
    }
    all.extend(of_queue(call, figures));
    for one in domains {
        let row = domain::row(one);
        let looked = one.records.iter().any(|record| record.checked.is_some());
        let required = one
            .records
            .iter()
            .any(|record| record.need == Need::Required);
        if row.problems > 0 && looked && required {
            let severity = match row.sending {
                true => Severity::Warning,
                false => Severity::Error,
            };
            all.push(problem(
                (ProblemKind::DomainRecords, severity),
                format!(
                    "{} of the records of {} are not as they should be.",
                    row.problems, row.host
                ),
                (View::Domain, Some(row.host)),
            ));
        }
    }
    for webhook in call.engine.webhooks(caller, None).await? {
        if let (Activity::Off, Some(because)) = (webhook.activity, &webhook.stopped_because) {
            all.push(problem(
                (ProblemKind::WebhookOff, Severity::Warning),
                format!("The webhook to {} is off: {because}.", webhook.url_shown),
                (View::Webhook, Some(webhook.id.to_string())),
            ));
        }
    }
    all.sort_by_key(|one| one.severity == Severity::Warning);
    Ok(all)
}

fn of_queue(call: &Call, figures: &Figures) -> Vec<ProblemShown> {
    let queue = &figures.queue;
    let mut all = Vec::new();
    if queue.unknown > 0 {
        all.push(problem(
            (ProblemKind::Unknown, Severity::Error),
            format!("Of {} recipients nobody knows whether their mail was sent: a stop cut it off. Release or burn it.", queue.unknown),
            (View::Outbox, Some(State::Held.to_string())),
        ));
    }
    if queue.held > queue.unknown {
        all.push(problem(
            (ProblemKind::Held, Severity::Warning),
            format!(
                "Mail to {} recipients waits for somebody to release it.",
                queue.held - queue.unknown
            ),
            (View::Outbox, Some(State::Held.to_string())),
        ));
    }
    let oldest = queue
        .oldest_at
        .filter(|at| call.engine.now().0 - at.0 > LONG_MS);
    if queue.waiting > 0 && oldest.is_some() {
        all.push(problem(
            (ProblemKind::Waiting, Severity::Warning),
            String::from("Some mail has been waiting for over an hour: see why it was put off."),
            (View::Outbox, Some(State::Deferred.to_string())),
        ));
    }
    all
}

/// Whether a key's mail is meant to leave.
async fn leaving(call: &Call, caller: &Caller) -> Outcome<bool> {
    let keys = call.engine.keys(caller, None, None).await?;
    Ok(keys
        .iter()
        .any(|key| key.may(Scope::Send) && matches!(key.mode, Mode::AllowList | Mode::Live)))
}

async fn first_steps(
    call: &Call,
    caller: &Caller,
    domains: &[Verification],
) -> Outcome<Vec<FirstStep>> {
    let people = WantedMailboxes {
        kind: Some(MailboxKind::Full),
        ..WantedMailboxes::default()
    };
    let mailboxes = call.engine.mailboxes_wanted(caller, people, 1).await?;
    let filter = posthouse::store::EmailFilter::default();
    let emails = call.engine.emails(caller, filter, 1).await?;
    let keys = call.engine.keys(caller, None, None).await?;
    // What the first start made by itself is nobody's step.
    let own = domains.iter().filter(|one| !is_reserved(&one.domain.host));
    let steps = [
        (FirstStepKind::Domain, own.clone().next().is_some()),
        (
            FirstStepKind::Records,
            own.clone().any(|one| one.domain.is_verified()),
        ),
        (
            FirstStepKind::Key,
            keys.iter()
                .any(|key| key.name.as_deref() != Some(crate::cli::FIRST_KEYS)),
        ),
        (FirstStepKind::Mailbox, !mailboxes.rows.is_empty()),
        (FirstStepKind::Send, !emails.is_empty()),
    ];
    let steps = steps
        .into_iter()
        .map(|(step, done)| FirstStep { step, done });
    Ok(steps.collect())
}

/// A name that is nobody's (RFC 6761), which a new installation begins with.
fn is_reserved(host: &str) -> bool {
    host == crate::cli::FIRST_DOMAIN
}
