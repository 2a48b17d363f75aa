//! The one write of everything that a call submits.

use super::judge::denied;
use super::ready::Ready;
use crate::clock::Timestamp;
use crate::error::{Error, Missing, Result};
use crate::feed::Change;
use crate::ids::{BodyId, DeliveryId, EmailId, MailboxId};
use crate::model::delivery::{Recipient, State};
use crate::model::email::{Accepted, Replayed};
use crate::model::event::{EventKind, Facts};
use crate::model::key::Mode;
use crate::model::mailbox::{Folder, Marking};
use crate::model::organization::Metering;
use crate::model::simulate;
use crate::model::usage::{Month, Usage};
use crate::store::{NewEvent, NewMessage, Write};

pub(super) const SUPPRESSED: &str = "the address is on the suppression list";

/// Writes an email with all that belongs to it. `Denied` when the month is used up: other
/// calls may have counted since it was looked at.
pub(super) fn accept(write: &Write<'_>, ready: &Ready, now: Timestamp) -> Result<Accepted> {
    count(write, ready, now)?;
    let email = &ready.email;
    let body = write.add_body(&ready.body)?;
    let id = write.add_email(email, body, now)?;
    let due = email.send_at.unwrap_or(now);
    let mut deliveries = Vec::with_capacity(ready.recipients.len());
    let note = ready.copies.note.as_deref();
    write.add_event(&event(ready, id, None, EventKind::Queued, note), now)?;
    for (index, (recipient, skipped)) in ready.recipients.iter().enumerate() {
        let copy = match ready.copies.bodies.get(index) {
            Some(Some(copy)) => Some(write.add_body(copy)?),
            Some(None) | None => None,
        };
        let lane = lane(ready.mode, recipient);
        let delivery = write.add_delivery(id, recipient, lane, copy, (due, now))?;
        if *skipped {
            write.end_delivery(delivery, State::Suppressed, None, Some(SUPPRESSED), now)?;
            let told = event(
                ready,
                id,
                Some(delivery),
                EventKind::Suppressed,
                Some(SUPPRESSED),
            );
            write.add_event(&told, now)?;
        }
        deliveries.push((delivery, recipient.address.as_str().to_owned()));
    }
    if let Some(token) = &ready.idempotency {
        write.set_idempotent(email.key, token, id, now)?;
    }
    if let Some(mailbox) = ready.copy_to {
        copy_to_sent(write, ready, (mailbox, body), now)?;
    }
    write.tell(Change::Email(id));
    Ok(Accepted {
        id,
        uuid: email.uuid,
        message_id: email.message_id.clone(),
        from: ready.from.clone(),
        deliveries,
        replayed: Replayed::No,
    })
}

/// Puts a copy where its sender keeps what they sent; nothing where there is no room for it.
fn copy_to_sent(
    write: &Write<'_>,
    ready: &Ready,
    (mailbox, body): (MailboxId, BodyId),
    now: Timestamp,
) -> Result<()> {
    let Some(mailbox) = write.mailbox(mailbox)? else {
        return Ok(());
    };
    let held = mailbox.bytes.saturating_add(ready.body.size_bytes());
    if mailbox.quota_bytes.is_some_and(|quota| held > quota) {
        return Ok(());
    }
    write.use_body(body)?;
    let fields = &ready.email.fields;
    let new = NewMessage {
        body,
        sent: None,
        place: 0,
        original: None,
        folder: Folder::Sent,
        filed: None,
        starred_by: None,
        from: fields.from.clone(),
        to: Some(fields.to.clone()),
        subject: fields.subject.clone(),
        content: None,
        trace: None,
    };
    let copy = write.add_message(&mailbox, &new, now)?;
    write.set_marking(copy, Marking::Read)
}

fn event(
    ready: &Ready,
    email: EmailId,
    delivery: Option<DeliveryId>,
    kind: EventKind,
    detail: Option<&str>,
) -> NewEvent {
    NewEvent {
        organization: ready.email.organization,
        domain: ready.email.domain,
        email: Some(email),
        delivery,
        kind,
        detail: detail.map(str::to_owned),
        facts: Facts::default(),
    }
}

/// Counts the recipients in this month. Mail that never leaves is not counted.
fn count(write: &Write<'_>, ready: &Ready, now: Timestamp) -> Result<()> {
    if ready.mode == Mode::Capture {
        return Ok(());
    }
    let of = ready.email.organization;
    let month = Month::of(now);
    let going = ready.recipients.iter().filter(|(_, skipped)| !skipped);
    let more = u32::try_from(going.count()).unwrap_or(u32::MAX);
    let organization = write
        .organization(of)?
        .ok_or(Error::Missing(Missing::Organization))?;
    if organization.metering == Metering::On {
        let usage = Usage::new(&organization, month, write.sent_in(of, month)?);
        if let Some(used_up) = usage.refuses(u64::from(more)) {
            return Err(Error::Denied(denied(used_up)));
        }
    }
    write.count_sent(of, month, more)
}

/// Mail that waits is looked at lane by lane; mail that stays here has lanes of its own, so
/// that it never waits behind mail that leaves.
pub(crate) fn lane(mode: Mode, recipient: &Recipient) -> &str {
    let domain = recipient.address.domain();
    match mode {
        _ if domain == simulate::DOMAIN => domain,
        Mode::Capture => "capture",
        Mode::Hold => "hold",
        Mode::AllowList | Mode::Live => domain,
    }
}
