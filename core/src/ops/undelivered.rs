//! Mail that came in and could not be passed on: its sender is told, by mail in the queue.

use uuid::Uuid;

use super::callers::token_hash;
use super::receive::{Back, Returns, folded};
use super::send::lane;
use crate::clock::Timestamp;
use crate::engine::Posthouse;
use crate::error::{Result, internal};
use crate::feed::Change;
use crate::ids::{DomainId, EventId, KeyId, OrganizationId, WebhookId};
use crate::ids::{new_uuid, numbered_uuid, random};
use crate::mime::notification::{FailureReport, SUBJECT, failure_report, wants_no_report};
use crate::model::address::{Address, Mailbox};
use crate::model::delivery::{Recipient, RecipientField};
use crate::model::email::{Automatic, Fields};
use crate::model::event::{Event, EventKind, Facts};
use crate::model::key::{Mode, Scope};
use crate::model::mailbox::Message;
use crate::model::organization::Standing;
use crate::model::trace::AuthResult;
use crate::store::{NewEmail, NewEvent, NewKey, PackedBody, Read, Write, decompress};

/// The shape of the key that an organization's own mail is sent with. Nobody knows its token,
/// and no door takes this shape.
pub const SYSTEM_SHAPE: &str = "system";
/// RFC 3463: it could not be passed on in time.
const STATUS: &str = "5.4.7";

/// Mail that a webhook gave up.
pub(crate) struct Unpassed {
    /// That it came.
    pub(crate) event: EventId,
    pub(crate) webhook: WebhookId,
    /// The webhook's form.
    pub(crate) form: String,
    pub(crate) tries: u32,
}

/// A report ready for its write.
pub(crate) struct Undelivered {
    of: Unpassed,
    organization: OrganizationId,
    domain: DomainId,
    uuid: Uuid,
    message_id: String,
    from: String,
    to: Address,
    body: PackedBody,
    /// The organization's key for such mail, should it have none yet.
    key: NewKey,
}

/// What a report is made of.
struct Failed {
    event: Event,
    message: Message,
    domain: (DomainId, String),
    uuid: Uuid,
    to: Address,
    raw: Vec<u8>,
}

impl Posthouse {
    /// The report that mail could not be passed on; None where there must be none.
    pub(crate) async fn undelivered(&self, of: Unpassed) -> Result<Option<Undelivered>> {
        let (now, returns) = (self.now(), self.returns());
        let (event, webhook) = (of.event, of.webhook);
        let failed = self
            .store
            .read(move |read| failed(read, event, webhook, &returns, now))
            .await?;
        let Some(failed) = failed else {
            return Ok(None);
        };
        let host = self.settings().host.clone();
        let message_id = format!("{}@{}", failed.uuid, self.settings().bounce_host());
        let key = self.system_key(failed.event.organization, now);
        let seed = u64::from_be_bytes(random(self.entropy()));
        let made = move || make(of, failed, &host, message_id, key, seed, now);
        tokio::task::spawn_blocking(made).await.map_err(internal)?
    }

    fn system_key(&self, of: OrganizationId, now: Timestamp) -> NewKey {
        let token: [u8; 32] = random(self.entropy());
        NewKey {
            user: None,
            uuid: new_uuid(now, self.entropy()),
            organization: of,
            domain: None,
            shape: SYSTEM_SHAPE.to_owned(),
            name: Some(String::from("tells senders what failed")),
            hash: token_hash(&format!("{token:02x?}")),
            prefix: SYSTEM_SHAPE.to_owned(),
            token_sealed: None,
            scopes: vec![Scope::Send],
            mode: self.settings().default_mode,
            expires_at: None,
        }
    }
}

/// None for mail that must not be answered, or is gone.
fn failed(
    read: &Read<'_>,
    event: EventId,
    webhook: WebhookId,
    returns: &Returns,
    now: Timestamp,
) -> Result<Option<Failed>> {
    let Some(event) = read.event(event)? else {
        return Ok(None);
    };
    let of = event.organization;
    let (Some(incoming), Some(domain)) = (event.facts.message, event.domain) else {
        return Ok(None);
    };
    let (Some(organization), Some(webhook), Some(message), Some(domain)) = (
        read.organization(of)?,
        read.webhook(of, webhook)?,
        read.message(incoming.id)?,
        read.domain(of, domain)?,
    ) else {
        return Ok(None);
    };
    // What is told to a webhook that was made later is no mail on its way.
    let late = webhook.created_at > event.at;
    if late || organization.standing != Standing::Active {
        return Ok(None);
    }
    let Some(to) = answerable(&message) else {
        return Ok(None);
    };
    if returns.made(&to) || !matches!(returns.back(read, &to, now)?, Back::Not) {
        return Ok(None);
    }
    let Some(packed) = read.body_packed(message.body)? else {
        return Ok(None);
    };
    let raw = decompress(&packed)?;
    let wanted = !wants_no_report(&raw);
    Ok(wanted.then_some(Failed {
        // One event has one report, however often it is told and given up.
        uuid: numbered_uuid(organization.uuid, event.id.0),
        event,
        message,
        domain: (domain.id, domain.host),
        to,
        raw,
    }))
}

/// The return path, where a report may go there: it is not null, no machine's, not the
/// mailbox's own, and was checked and not found forged, for then it is a stranger's.
fn answerable(message: &Message) -> Option<Address> {
    let trace = message.trace.as_ref()?;
    let path = trace.from.as_deref().filter(|path| !path.is_empty())?;
    let verdicts = trace.verdicts?;
    let forged = verdicts.spf == AuthResult::Fail || verdicts.dmarc == AuthResult::Fail;
    let address = Address::parse(path).ok()?;
    let key = address.key();
    let own = key == message.address
        || folded(&key) == message.address
        || Some(&key) == message.original.as_ref();
    (!forged && !own && !is_machine(&address)).then_some(address)
}

/// Names that machines and lists have (RFC 3834 section 2).
fn is_machine(address: &Address) -> bool {
    let local = address.local().to_ascii_lowercase();
    local == "mailer-daemon"
        || local.starts_with("owner-")
        || local.ends_with("-owner")
        || local.ends_with("-request")
}

fn make(
    of: Unpassed,
    failed: Failed,
    host: &str,
    message_id: String,
    key: NewKey,
    seed: u64,
    now: Timestamp,
) -> Result<Option<Undelivered>> {
    let (domain, domain_host) = failed.domain;
    let from = format!("Mail Delivery System <postmaster@{domain_host}>");
    let recipient = failed.message.original.as_ref();
    let report = FailureReport {
        from: Mailbox::parse(&from).map_err(internal)?,
        to: Mailbox {
            name: None,
            address: failed.to.clone(),
        },
        host,
        recipient: recipient.unwrap_or(&failed.message.address),
        status: STATUS,
        words: &format!(
            "The recipient's own system did not take it. Times tried: {}.",
            of.tries
        ),
        raw: &failed.raw,
        arrived_ms: failed.message.received_at.0,
        message_id: &message_id,
        date_ms: now.0,
    };
    // A return path that cannot stand in a header is nobody's.
    let Ok(raw) = failure_report(&report, seed) else {
        return Ok(None);
    };
    Ok(Some(Undelivered {
        of,
        organization: failed.event.organization,
        domain,
        uuid: failed.uuid,
        message_id,
        from,
        to: failed.to,
        body: PackedBody::pack(&raw)?,
        key,
    }))
}

/// Puts a report into the queue, in the write that gives the mail up; nothing where it is
/// there already, or where another webhook has the mail or may have it yet. An organization
/// that revoked its key for such mail wants none. It is not counted in the month: nobody
/// asked for it.
pub(crate) fn post(write: &Write<'_>, report: &Undelivered, now: Timestamp) -> Result<()> {
    let (of, told) = (report.organization, report.of.event);
    if write.may_be_taken(told, &report.of.form)? || write.email_by_uuid(of, report.uuid)?.is_some()
    {
        return Ok(());
    }
    let Some(domain) = write.domain(of, report.domain)? else {
        return Ok(());
    };
    let Some((key, mode)) = key_for(write, report, now)? else {
        return Ok(());
    };
    // As for all mail that may leave.
    if mode.can_leave() && !domain.dkim_verified {
        return Ok(());
    }
    let body = write.add_body(&report.body)?;
    let id = write.add_email(&email(report, key), body, now)?;
    let recipient = Recipient {
        address: report.to.clone(),
        field: RecipientField::To,
    };
    let event = NewEvent {
        organization: of,
        domain: Some(report.domain),
        email: Some(id),
        delivery: None,
        kind: EventKind::Queued,
        detail: None,
        facts: Facts::default(),
    };
    write.add_event(&event, now)?;
    write.add_delivery(id, &recipient, lane(mode, &recipient), None, (now, now))?;
    write.tell(Change::Email(id));
    Ok(())
}

fn email(report: &Undelivered, key: KeyId) -> NewEmail {
    NewEmail {
        uuid: report.uuid,
        organization: report.organization,
        domain: Some(report.domain),
        key,
        message_id: report.message_id.clone(),
        fields: Fields {
            from: report.from.clone(),
            to: report.to.as_str().to_owned(),
            cc: None,
            bcc: None,
            reply_to: None,
            subject: Some(SUBJECT.to_owned()),
            list_unsubscribe: None,
            tags: None,
        },
        metadata: None,
        send_at: None,
        automatic: Automatic::Yes,
    }
}

fn key_for(
    write: &Write<'_>,
    report: &Undelivered,
    now: Timestamp,
) -> Result<Option<(KeyId, Mode)>> {
    let ever = write.keys_ever(report.organization, &[SYSTEM_SHAPE])?;
    match ever.last() {
        Some(key) if key.revoked_at.is_some() => Ok(None),
        Some(key) => Ok(Some((key.id, key.mode))),
        None => Ok(Some((write.add_key(&report.key, now)?, report.key.mode))),
    }
}
