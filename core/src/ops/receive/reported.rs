//! What a report does to the delivery that it is about.

use super::Home;
use super::pack::Parcel;
use super::put::put;
use crate::clock::Timestamp;
use crate::error::Result;
use crate::ids::MessageId;
use crate::limits::TRACKED_EVENTS;
use crate::mime::report::{Action, ComplaintReport, DeliveryReport, Feedback, Report};
use crate::model::address::Address;
use crate::model::bounce::{BounceKind, BounceSource};
use crate::model::content::Content;
use crate::model::delivery::{BouncedBy, Route, State};
use crate::model::event::{EventKind, Facts};
use crate::model::mailbox::Folder;
use crate::ops::bounces::suppress_for;
use crate::store::{Holder, NewBounce, NewEvent, Write};

/// What came back says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// It will not arrive.
    Failed {
        status: Option<String>,
        words: String,
        kind: BounceKind,
    },
    /// It is late.
    Delayed(String),
    /// Somebody did not want it.
    Complained(String),
    /// Something that changes nothing: that it arrived, or is no spam.
    Nothing,
    /// Nothing that can be read: a person's answer, or a program's.
    Unread,
}

/// Takes a message that came back to `address`, the return path of mail to `of`. What is no
/// report that can be read is kept, in the organization's mailbox `bounces` at that host.
pub(super) fn take_back(
    write: &Write<'_>,
    parcel: &Parcel,
    of: &Holder,
    address: &Address,
    now: Timestamp,
) -> Result<Vec<MessageId>> {
    let from = parcel.trace.from.as_deref();
    let said = said(
        parcel.report.as_ref(),
        &parcel.content,
        from,
        &of.address_key,
    );
    tell(write, of, said, now)?;
    if parcel.report.is_some() {
        return Ok(Vec::new());
    }
    let place = format!("bounces@{}", address.domain());
    let home = Home {
        original: Some(address.key()),
        owner: Some(of.organization),
        domain: None,
        mailbox: write.mailbox_of(Some(of.organization), &place)?,
        address: place,
        routed_by: None,
        by: None,
    };
    let taken = put(write, parcel, vec![(home, Folder::Inbox)], now)?;
    Ok(taken.messages)
}

/// What a message that came back to the return path of `address` says. `from` is the
/// envelope's sender.
fn said(report: Option<&Report>, content: &Content, from: Option<&str>, address: &str) -> Said {
    match report {
        Some(Report::Complaint(complaint)) => complained(complaint),
        Some(Report::Delivery(report)) => told(report, address),
        None if from.is_none() && is_daemon(content) => Said::Failed {
            status: None,
            words: match &content.subject {
                Some(subject) => format!("reported as undeliverable: {subject}"),
                None => String::from("reported as undeliverable"),
            },
            // Nobody knows how final it is.
            kind: BounceKind::Soft,
        },
        None => Said::Unread,
    }
}

pub(super) fn complained(complaint: &ComplaintReport) -> Said {
    let what = match complaint.feedback_type {
        Feedback::NotSpam => return Said::Nothing,
        Feedback::Abuse => "abuse",
        Feedback::Fraud => "fraud",
        Feedback::Virus => "virus",
        Feedback::Other => "other",
    };
    let by = complaint.user_agent.as_deref();
    let by = by.map_or_else(String::new, |agent| format!(", told by {agent}"));
    Said::Complained(format!("complained of ({what}){by}"))
}

/// The entry of the recipient that the return path is of; where it went on to others under
/// other names, the one that fared worst.
fn told(report: &DeliveryReport, address: &str) -> Said {
    let worst = |action: Action| report.recipients.iter().find(|one| one.action == action);
    let own = report
        .recipients
        .iter()
        .find(|one| one.address.eq_ignore_ascii_case(address));
    let Some(one) = own
        .or_else(|| worst(Action::Failed))
        .or_else(|| worst(Action::Delayed))
    else {
        return Said::Nothing;
    };
    let words = |what: &str| match (&one.diagnostic, &one.status) {
        (Some(diagnostic), _) => diagnostic.clone(),
        (None, Some(status)) => format!("{what} ({status})"),
        (None, None) => what.to_owned(),
    };
    match one.action {
        Action::Failed => Said::Failed {
            words: words("reported as undeliverable"),
            // RFC 3463 section 2: given up, for a reason that may pass.
            kind: match &one.status {
                Some(status) if status.starts_with("4.") => BounceKind::Soft,
                Some(_) | None => BounceKind::Hard,
            },
            status: one.status.clone(),
        },
        Action::Delayed => Said::Delayed(words("reported as late")),
        Action::Delivered | Action::Relayed | Action::Expanded => Said::Nothing,
    }
}

/// Whether a mail system wrote it.
fn is_daemon(content: &Content) -> bool {
    content.from.iter().any(|from| {
        let local = from.address.split('@').next().unwrap_or_default();
        local.eq_ignore_ascii_case("mailer-daemon") || local.eq_ignore_ascii_case("postmaster")
    })
}

/// Writes down what was said of a recipient's mail. Whatever was known to be over stays so.
pub(super) fn tell(write: &Write<'_>, of: &Holder, said: Said, now: Timestamp) -> Result<()> {
    let Some(delivery) = write.delivery(of.delivery)? else {
        return Ok(());
    };
    let (state, kind, event, status, words) = match said {
        Said::Failed {
            status,
            words,
            kind,
        } => (State::Bounced, kind, EventKind::Bounced, status, words),
        Said::Complained(words) => {
            let kind = BounceKind::Complaint;
            (State::Complained, kind, EventKind::Complained, None, words)
        }
        Said::Delayed(words) => {
            let seen = write.times_done(of, EventKind::Deferred, None)?.count;
            if delivery.state == State::Delivered && seen < TRACKED_EVENTS {
                write.add_event(&happened(of, EventKind::Deferred, words, None), now)?;
            }
            return Ok(());
        }
        Said::Nothing | Said::Unread => return Ok(()),
    };
    let over = match delivery.state {
        State::Queued | State::Sending | State::Deferred | State::Held | State::Delivered => false,
        State::Bounced => state == State::Bounced,
        State::Complained | State::Suppressed | State::Burned | State::Canceled => true,
    };
    if over {
        return Ok(());
    }
    write.end_delivery(of.delivery, state, None, Some(&words), now)?;
    if state == State::Bounced {
        write.set_bounced_by(of.delivery, BouncedBy::Report)?;
    }
    // RFC 3463 section 3.8: security or policy; the recipient did nothing wrong.
    let policy = |status: &str| status.starts_with("5.7.") || status.starts_with("4.7.");
    let about_us = status.as_deref().is_some_and(policy);
    let bounce = NewBounce {
        organization: of.organization,
        address: of.address_key.clone(),
        kind,
        subtype: status,
        diagnostic: Some(words.clone()),
        source: BounceSource::Smtp,
        email: Some(of.email),
    };
    write.add_bounce(&bounce, now)?;
    write.add_event(&happened(of, event, words, delivery.route), now)?;
    if !about_us {
        suppress_for(write, &bounce, of.domain, now)?;
    }
    Ok(())
}

fn happened(of: &Holder, kind: EventKind, words: String, route: Option<Route>) -> NewEvent {
    NewEvent {
        organization: of.organization,
        domain: of.domain,
        email: Some(of.email),
        delivery: Some(of.delivery),
        kind,
        detail: Some(words),
        facts: Facts {
            route,
            ..Facts::default()
        },
    }
}
