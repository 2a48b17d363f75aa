//! What the database knows of a submission, found in one short look for a whole call.

use std::collections::HashMap;

use super::content::Found;
use super::submission::Parsed;
use crate::clock::Timestamp;
use crate::error::{Error, Missing, Result};
use crate::ids::{EmailId, OrganizationId};
use crate::limits::IDEMPOTENCY_AGE;
use crate::model::delivery::Recipient;
use crate::model::domain::Domain;
use crate::model::email::{Accepted, IdempotencyTerms, Replayed, SenderTerms, WayOutTerms};
use crate::model::key::{Key, Mode};
use crate::model::organization::{Direct, Metering};
use crate::model::relay::{Relay, RelayRoom, RelaySender};
use crate::model::simulate::{Script, script};
use crate::model::template::TemplateText;
use crate::model::usage::{Month, Usage};
use crate::store::Read;

/// What is asked of one email.
pub(super) struct Question {
    terms: (SenderTerms, WayOutTerms),
    from_domain: Option<String>,
    recipients: Vec<Recipient>,
    template: Option<uuid::Uuid>,
    idempotency: (IdempotencyTerms, Option<String>),
}

/// What is known of one email.
pub(super) struct Known {
    /// The sender's domain, where it is one of the organization's.
    pub(super) domain: Option<Domain>,
    /// What an earlier call with this Idempotency-Key came to.
    pub(super) earlier: Option<Accepted>,
    /// Whether each recipient is suppressed.
    pub(super) suppressed: Vec<bool>,
    pub(super) template: Found,
}

impl Known {
    pub(super) fn take_template(&mut self) -> Found {
        std::mem::replace(&mut self.template, Found::NotNamed)
    }
}

/// What is known for all of a call.
pub(super) struct Common {
    /// This month's usage, where it limits what is sent.
    pub(super) usage: Option<Usage>,
    pub(super) relays: Vec<Relay>,
    pub(super) rooms: Vec<RelayRoom>,
    pub(super) direct: Direct,
}

impl Common {
    /// The sender of mail that names none.
    pub(super) fn default_sender(&self) -> Option<&RelaySender> {
        self.relays.first()?.sender.as_ref()
    }
}

impl Question {
    pub(super) fn of(parsed: &Parsed) -> Self {
        Self {
            terms: (parsed.terms.sender, parsed.terms.way_out),
            from_domain: parsed
                .from
                .as_ref()
                .map(|from| from.address.domain().to_owned()),
            recipients: parsed.recipients.clone(),
            template: parsed.content.template(),
            idempotency: (parsed.terms.idempotency, parsed.idempotency.clone()),
        }
    }
}

/// Answers every question.
pub(super) fn look(
    read: &Read<'_>,
    of: OrganizationId,
    key: &Key,
    questions: &[Question],
    now: Timestamp,
) -> Result<(Common, Vec<Known>)> {
    let common = common(read, of, key, questions, now)?;
    let default_host = common
        .default_sender()
        .and_then(|sender| sender.email.rsplit_once('@'))
        .map(|(_, host)| host.to_owned());
    let mut domains = HashMap::new();
    let mut templates = HashMap::new();
    let known = questions
        .iter()
        .map(|question| {
            let host = match question.terms.0 {
                SenderTerms::KeyDomain => None,
                SenderTerms::OwnDomain => question.from_domain.clone(),
                SenderTerms::Provider => question
                    .from_domain
                    .clone()
                    .or_else(|| default_host.clone()),
            };
            let domain = match domains.get(&host) {
                Some(known) => Option::clone(known),
                None => {
                    let found = domain(read, of, key, question.terms.0, host.as_deref())?;
                    domains.insert(host, found.clone());
                    found
                }
            };
            let template = match question.template {
                None => Found::NotNamed,
                Some(uuid) => template(read, of, uuid, &mut templates)?,
            };
            Ok(Known {
                suppressed: suppressed(read, of, domain.as_ref(), &question.recipients)?,
                earlier: earlier(read, of, key, &question.idempotency, now)?,
                domain,
                template,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    Ok((common, known))
}

fn common(
    read: &Read<'_>,
    of: OrganizationId,
    key: &Key,
    questions: &[Question],
    now: Timestamp,
) -> Result<Common> {
    let provided = questions.iter().any(|question| {
        question.terms.0 == SenderTerms::Provider || question.terms.1 == WayOutTerms::Now
    });
    let organization = read
        .organization(of)?
        .ok_or(Error::Missing(Missing::Organization))?;
    let metered = organization.metering == Metering::On && key.mode != Mode::Capture;
    let month = Month::of(now);
    Ok(Common {
        usage: match metered {
            true => Some(Usage::new(&organization, month, read.sent_in(of, month)?)),
            false => None,
        },
        relays: if provided {
            read.relays(of)?
        } else {
            Vec::new()
        },
        rooms: if provided {
            read.relay_rooms(of, now)?
        } else {
            Vec::new()
        },
        direct: organization.direct,
    })
}

fn domain(
    read: &Read<'_>,
    of: OrganizationId,
    key: &Key,
    terms: SenderTerms,
    host: Option<&str>,
) -> Result<Option<Domain>> {
    match (terms, key.domain, host) {
        (SenderTerms::KeyDomain, Some(id), _) => read.domain(of, id),
        (SenderTerms::KeyDomain, None, _) | (_, _, None) => Ok(None),
        (_, _, Some(host)) => read.domain_of_host(of, host),
    }
}

fn template(
    read: &Read<'_>,
    of: OrganizationId,
    uuid: uuid::Uuid,
    seen: &mut HashMap<uuid::Uuid, Option<Option<TemplateText>>>,
) -> Result<Found> {
    let found = match seen.get(&uuid) {
        Some(found) => found.clone(),
        None => {
            let found = match read.template(of, uuid)? {
                Some(template) => Some(read.published(template.id)?),
                None => None,
            };
            seen.insert(uuid, found.clone());
            found
        }
    };
    Ok(match found {
        None => Found::Missing,
        Some(None) => Found::Unpublished,
        Some(Some(text)) => Found::Published(text),
    })
}

fn suppressed(
    read: &Read<'_>,
    of: OrganizationId,
    domain: Option<&Domain>,
    recipients: &[Recipient],
) -> Result<Vec<bool>> {
    recipients
        .iter()
        .map(|recipient| {
            let address = recipient.address.key();
            match script(&address) {
                Some(Script::Suppressed) => Ok(true),
                Some(_) => Ok(false),
                None => Ok(read
                    .suppressed(of, domain.map(|domain| domain.id), &address)?
                    .is_some()),
            }
        })
        .collect()
}

fn earlier(
    read: &Read<'_>,
    of: OrganizationId,
    key: &Key,
    (terms, token): &(IdempotencyTerms, Option<String>),
    now: Timestamp,
) -> Result<Option<Accepted>> {
    let Some(token) = token else { return Ok(None) };
    match read.idempotent(&terms.holder(key), token, now.minus(IDEMPOTENCY_AGE))? {
        Some(id) => replay(read, of, id),
        None => Ok(None),
    }
}

fn replay(read: &Read<'_>, of: OrganizationId, id: EmailId) -> Result<Option<Accepted>> {
    let Some(email) = read.email(of, id)? else {
        return Ok(None);
    };
    let deliveries = read.deliveries_of(id)?;
    Ok(Some(Accepted {
        id,
        uuid: email.uuid,
        message_id: email.message_id,
        from: email.fields.from,
        deliveries: deliveries
            .into_iter()
            .map(|delivery| (delivery.id, delivery.address))
            .collect(),
        replayed: Replayed::Yes,
    }))
}
