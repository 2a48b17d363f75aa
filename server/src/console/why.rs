//! The whole story of an email.

use posthouse::limits::WHY_DNS;
use posthouse::model::delivery::{Attempt, Delivery};
use posthouse::model::event::Event;
use posthouse::model::organization::Role;
use posthouse::ops::emails::EmailRef;
use posthouse::ops::why as w;

use super::call::Call;
use super::convert::{time, time_or_none, uuid};
use super::domain::record;
use super::trouble::Outcome;
use super::wire::{
    AttemptShown, AttemptStep, AttemptStepKind, EventShown, RecipientDomain, RecipientHost,
    RecipientStory, RefusalTold, Story, WhyAsked,
};

fn lines(text: Option<&str>) -> Vec<String> {
    let lines = text.unwrap_or_default().lines();
    lines.map(str::to_owned).collect()
}

/// A try as it is shown.
pub(super) fn attempt(from: &Attempt) -> AttemptShown {
    let steps = [
        (AttemptStepKind::Planned, Some(from.planned_at)),
        (AttemptStepKind::Connected, from.connected_at),
        (AttemptStepKind::DataSent, from.data_sent_at),
        (AttemptStepKind::Settled, from.settled_at),
    ];
    let steps = steps.into_iter().filter_map(|(step, at)| {
        Some(AttemptStep {
            step,
            at: time(at?),
        })
    });
    AttemptShown {
        number: from.number,
        at: time(from.planned_at),
        ended_at: time_or_none(from.settled_at),
        route: from.route.into(),
        host: from.peer.clone(),
        outcome: from.outcome.map(Into::into),
        answer: from.reply.as_ref().map(|reply| reply.line()),
        tls: from.tls.clone(),
        failed_at: from.stage.map(Into::into),
        dns: lines(from.dns.as_deref()),
        steps: steps.collect(),
        conversation: lines(from.transcript.as_deref()),
    }
}

/// Events as they are shown, with the recipients that they are about.
pub(super) fn events(all: &[Event], deliveries: &[Delivery]) -> Vec<EventShown> {
    let recipient = |event: &Event| {
        let mut all = deliveries.iter();
        let found = all.find(|one| Some(one.id) == event.delivery)?;
        Some(found.address.clone())
    };
    all.iter()
        .map(|event| EventShown {
            at: time(event.at),
            kind: event.kind.into(),
            text: event.detail.clone(),
            recipient: recipient(event),
            url: event.facts.url.clone(),
        })
        .collect()
}

pub async fn why(call: Call, asked: WhyAsked) -> Outcome<Story> {
    let caller = call.caller(Role::Reader)?;
    let id = EmailRef::Uuid(uuid("id", &asked.id)?);
    let email = call.engine.email(caller, id).await?.email;
    let questions = match asked.dns {
        true => w::Questions::Ask { within: WHY_DNS },
        false => w::Questions::Skip,
    };
    let story = call.engine.why(caller, email.id, questions).await?;
    let (records, records_not_asked) = match &story.records {
        w::Now::Said(said) => (Some(said.iter().map(record).collect()), None),
        w::Now::NotAsked(why) => (None, Some(why.as_str().to_owned())),
    };
    Ok(Story {
        id: email.uuid.to_string(),
        domain: story.host.clone(),
        records,
        records_not_asked,
        recipients: story.recipients.iter().map(recipient).collect(),
    })
}

fn recipient(from: &w::RecipientStory) -> RecipientStory {
    let (dns, dns_not_asked) = match &from.dns {
        w::Now::Said(said) => (Some(domain(said)), None),
        w::Now::NotAsked(why) => (None, Some(why.as_str().to_owned())),
    };
    RecipientStory {
        recipient: from.delivery.address.clone(),
        state: from.delivery.state.into(),
        route: from.route.clone(),
        standing: from.standing.clone(),
        refusal: from.refusal.as_ref().map(refusal),
        next_step: from.next_step.clone(),
        dns,
        dns_not_asked,
        events: events(&from.events, std::slice::from_ref(&from.delivery)),
        attempts: from.attempts.iter().map(attempt).collect(),
        message: from.message.map(|id| id.0),
    }
}

fn refusal(from: &w::Refusal) -> RefusalTold {
    let of_code = from.code.iter().map(|code| code.source.to_owned());
    let of_known = from.known.iter().flat_map(|known| known.sources.to_vec());
    RefusalTold {
        attempt: from.attempt,
        by: from.by.clone(),
        stage: from.stage.map(Into::into),
        line: from.line.clone(),
        force: from.force.as_str().to_owned(),
        meaning: from.meaning().map(str::to_owned),
        next_step: from.next_step.clone(),
        sources: of_known.chain(of_code).collect(),
    }
}

fn domain(from: &w::DomainNow) -> RecipientDomain {
    let hosts = from.hosts.iter().map(|host| RecipientHost {
        preference: host.preference,
        host: host.host.clone(),
        addresses: host
            .addresses
            .as_deref()
            .unwrap_or_default()
            .iter()
            .map(ToString::to_string)
            .collect(),
        error: host.addresses.as_ref().err().map(ToString::to_string),
    });
    RecipientDomain {
        domain: from.domain.clone(),
        takes: from.takes.as_str().to_owned(),
        hosts: hosts.collect(),
        lines: from.lines.clone(),
    }
}
