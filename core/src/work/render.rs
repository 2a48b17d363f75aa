//! An event as the body of a webhook call.

use crate::engine::Posthouse;
use crate::error::Result;
use crate::ids::{EmailId, numbered_uuid};
use crate::mime::read::summary;
use crate::model::event::{Event, EventKind};
use crate::model::notice::Notice;
use crate::model::webhook::Webhook;
use crate::ops::mail::received;
use crate::store::{NewWebhookDelivery, Read, decompress};

/// Whether a webhook hears of an event. One of a mailbox hears of the mail that its routing
/// holds for, and of nothing else.
pub(super) fn wants(webhook: &Webhook, event: &Event) -> bool {
    let meant = match (webhook.mailbox, event.facts.message) {
        (None, _) => webhook.domain.is_none() || webhook.domain == event.domain,
        (Some(mailbox), Some(incoming)) => incoming.routed_by == Some(mailbox),
        (Some(_), None) => false,
    };
    meant && event.organization == webhook.organization && webhook.kinds.contains(&event.kind)
}

/// The delivery of `event` to `webhook`; None when its form has no word for it, or when what
/// it tells of is gone.
pub(super) fn rendered(
    engine: &Posthouse,
    read: &Read<'_>,
    webhook: &Webhook,
    event: &Event,
) -> Result<Option<NewWebhookDelivery>> {
    let Some(form) = engine.forms.get(webhook.form.as_str()) else {
        return Ok(None);
    };
    let words = webhook.words.as_deref();
    let body = match (event.kind, event.email, event.facts.message) {
        (EventKind::Received, _, Some(_)) => {
            received(engine, read, event)?.and_then(|received| form.received(&received, words))
        }
        (_, Some(email), _) => {
            notice(engine, read, event, email)?.and_then(|notice| form.body(&notice, words))
        }
        (_, None, _) => None,
    };
    Ok(body.map(|body| NewWebhookDelivery {
        webhook: webhook.id,
        event: event.id,
        body,
    }))
}

fn notice(
    engine: &Posthouse,
    read: &Read<'_>,
    event: &Event,
    email: EmailId,
) -> Result<Option<Notice>> {
    let Some(email) = read.email(event.organization, email)? else {
        return Ok(None);
    };
    let Some(organization) = read.organization(event.organization)? else {
        return Ok(None);
    };
    let packed = read.body_packed(email.body)?;
    let parts = packed
        .map(|packed| decompress(&packed))
        .transpose()?
        .map(|raw| summary(&raw));
    let (html, text) = parts.map_or((None, None), |parts| (parts.html, parts.text));
    let deliveries = read.deliveries_of(email.id)?;
    let recipient = event.delivery.and_then(|id| {
        deliveries
            .iter()
            .find(|delivery| delivery.id == id)
            .map(|delivery| delivery.address.clone())
    });
    Ok(Some(Notice {
        event_uuid: numbered_uuid(organization.uuid, event.id.0),
        event: event.clone(),
        recipient,
        email,
        deliveries,
        html,
        text,
        now: engine.now(),
    }))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::clock::Timestamp;
    use crate::ids::{DomainId, EventId, MailboxId, MessageId, OrganizationId, WebhookId};
    use crate::model::event::{Facts, Incoming};
    use crate::model::webhook::Activity;

    fn event(routed_by: Option<i64>) -> Event {
        Event {
            id: EventId(1),
            organization: OrganizationId(1),
            domain: Some(DomainId(1)),
            email: None,
            delivery: None,
            kind: EventKind::Received,
            detail: None,
            facts: Facts {
                message: Some(Incoming {
                    id: MessageId(1),
                    routed_by: routed_by.map(MailboxId),
                }),
                ..Facts::default()
            },
            at: Timestamp(0),
        }
    }

    fn webhook(domain: Option<i64>, mailbox: Option<i64>) -> Webhook {
        Webhook {
            id: WebhookId(1),
            uuid: Uuid::nil(),
            organization: OrganizationId(1),
            domain: domain.map(DomainId),
            mailbox: mailbox.map(MailboxId),
            form: String::new(),
            url_shown: String::new(),
            kinds: vec![EventKind::Received],
            words: None,
            secret_hint: None,
            activity: Activity::On,
            stopped_because: None,
            cursor: EventId(0),
            created_at: Timestamp(0),
            modified_at: Timestamp(0),
        }
    }

    #[test]
    fn a_mailboxs_webhook_hears_of_what_its_routing_holds_for() {
        for (domain, mailbox, routed_by, heard) in [
            (None, None, None, true),
            (None, None, Some(5), true),
            (Some(1), None, Some(5), true),
            (Some(2), None, Some(5), false),
            (None, Some(5), Some(5), true),
            (None, Some(5), Some(6), false),
            (None, Some(5), None, false),
        ] {
            let (webhook, event) = (webhook(domain, mailbox), event(routed_by));
            let case = format!("{domain:?} {mailbox:?} {routed_by:?}");
            assert_eq!(wants(&webhook, &event), heard, "{case}");
        }
        let mut bounced = event(None);
        (bounced.kind, bounced.facts) = (EventKind::Bounced, Facts::default());
        let mut own = webhook(None, Some(5));
        own.kinds = EventKind::ALL.to_vec();
        assert!(!wants(&own, &bounced));
        own.mailbox = None;
        assert!(wants(&own, &bounced));
        own.organization = OrganizationId(2);
        assert!(!wants(&own, &bounced));
    }
}
