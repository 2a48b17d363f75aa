//! Send: check, compose, and one write. The answer goes out after the commit.

use std::sync::PoisonError;

use uuid::Uuid;

use super::submission::{Parsed, parse};
use crate::clock::Timestamp;
use crate::engine::Posthouse;
use crate::error::{
    Busy, Conflict, Denied, Error, Field, Missing, Problem, Reason, Result, TooLarge, internal,
};
use crate::feed::Change;
use crate::ids::{DomainId, EmailId, KeyId, OrganizationId, random};
use crate::limits::{IDEMPOTENCY_AGE, MESSAGE_BYTES};
use crate::mime::compose::{ComposeError, Draft, OneClick, compose};
use crate::model::address::Mailbox;
use crate::model::delivery::{Recipient, RecipientField};
use crate::model::domain::Domain;
use crate::model::email::{Accepted, Replayed, Submission};
use crate::model::event::EventKind;
use crate::model::key::{Caller, Key, Mode, Scope};
use crate::model::organization::Standing;
use crate::model::rate::Bucket;
use crate::store::{NewEmail, NewEvent, PackedBody, Read};

/// Bodies up to this many bytes are composed where the request runs: moving to another
/// thread would take longer.
const SMALL_BYTES: usize = 32 * 1024;

/// An email ready for its one write.
struct Ready {
    email: NewEmail,
    recipients: Vec<Recipient>,
    mode: Mode,
    body: PackedBody,
    idempotency: Option<String>,
}

/// What the database knows of a submission.
struct Known {
    domain: Domain,
    earlier: Option<EmailId>,
    blocked: Vec<Problem>,
}

/// A running request's claim on its Idempotency-Key.
struct Claim<'a> {
    engine: &'a Posthouse,
    of: (KeyId, String),
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        self.engine
            .running
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&self.of);
    }
}

impl Posthouse {
    /// Accepts an email to be sent. It is on disk when this returns.
    ///
    /// Checked in this order: the organization's standing; the domain's verification, unless
    /// the key's mode keeps all mail here; the sender; everything else at once; the size;
    /// the key's rate.
    ///
    /// # Errors
    /// `Denied`, `Invalid` (the sender's problem comes alone), `TooLarge::Message`,
    /// `Busy::Rate`, `Conflict::InProgress` while the same Idempotency-Key is under way.
    pub async fn send(&self, caller: &Caller, submission: Submission) -> Result<Accepted> {
        caller.needs(Scope::Send)?;
        let key = caller.key().ok_or(Error::Denied(Denied::Scope))?.clone();
        let domain = key.domain.ok_or(Error::Denied(Denied::Scope))?;
        let now = self.now();
        let mut parsed = parse(submission);
        let claim = parsed
            .idempotency
            .clone()
            .map(|token| self.claim(key.id, token))
            .transpose()?;
        let known = self
            .known(caller.organization(), &key, domain, &parsed, now)
            .await?;
        if let Some(id) = known.earlier {
            return Ok(Accepted {
                id,
                replayed: Replayed::Yes,
            });
        }
        may_send(caller.standing, &key, &known.domain)?;
        let from = parsed
            .from
            .take()
            .ok_or_else(|| Field::From.error(Reason::Malformed))?;
        if from.address.domain() != known.domain.host {
            return Err(Error::Denied(Denied::FromDomain));
        }
        parsed.problems.extend(known.blocked);
        if !parsed.problems.is_empty() {
            return Err(Error::Invalid(parsed.problems));
        }
        let ready = self
            .compose(caller.organization(), &key, domain, from, parsed, now)
            .await?;
        self.spend_rate(&key, now)?;
        let id = self.accept(ready, now).await?;
        drop(claim);
        Ok(Accepted {
            id,
            replayed: Replayed::No,
        })
    }

    fn claim(&self, key: KeyId, token: String) -> Result<Claim<'_>> {
        let of = (key, token);
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if !running.insert(of.clone()) {
            return Err(Error::Conflict(Conflict::InProgress));
        }
        Ok(Claim { engine: self, of })
    }

    async fn known(
        &self,
        of: OrganizationId,
        key: &Key,
        domain: DomainId,
        parsed: &Parsed,
        now: Timestamp,
    ) -> Result<Known> {
        let recipients = parsed.recipients.clone();
        let idempotency = parsed.idempotency.clone();
        let key = key.id;
        self.store
            .look(move |read| {
                let domain = read
                    .domain(of, domain)?
                    .ok_or(Error::Missing(Missing::Domain))?;
                let earlier = match idempotency {
                    Some(token) => read.idempotent(key, &token, now.minus(IDEMPOTENCY_AGE))?,
                    None => None,
                };
                let blocked = blocked(read, of, domain.id, &recipients)?;
                Ok(Known {
                    domain,
                    earlier,
                    blocked,
                })
            })
            .await
    }

    async fn compose(
        &self,
        of: OrganizationId,
        key: &Key,
        domain: DomainId,
        from: Mailbox,
        parsed: Parsed,
        now: Timestamp,
    ) -> Result<Ready> {
        let millis = u64::try_from(now.0).unwrap_or(0);
        let uuid =
            uuid::Builder::from_unix_timestamp_millis(millis, &random(self.entropy())).into_uuid();
        let message_id = format!("{uuid}@{}", self.settings().bounce_host());
        let size_bytes = parsed
            .attachments
            .iter()
            .map(|file| file.content.len())
            .sum::<usize>()
            + parsed.html.as_ref().map_or(0, String::len)
            + parsed.text.as_ref().map_or(0, String::len);
        let (key, mode) = (key.id, key.mode);
        let email = NewEmail {
            uuid,
            organization: of,
            domain,
            key,
            message_id,
            fields: parsed.fields.clone(),
        };
        let seed = u64::from_be_bytes(random(self.entropy()));
        let make = move || make_ready(email, mode, from, parsed, (now, seed));
        if size_bytes <= SMALL_BYTES {
            make()
        } else {
            tokio::task::spawn_blocking(make).await.map_err(internal)?
        }
    }

    fn spend_rate(&self, key: &Key, now: Timestamp) -> Result<()> {
        let Some(per_minute) = key.rate_per_minute else {
            return Ok(());
        };
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        buckets
            .entry(key.id)
            .or_insert_with(Bucket::full)
            .take(per_minute, now)
            .map_err(|wait_ms| Error::Busy(Busy::Rate { wait_ms }))
    }

    async fn accept(&self, ready: Ready, now: Timestamp) -> Result<EmailId> {
        self.store
            .write(move |write| {
                let body = write.add_body(&ready.body)?;
                let id = write.add_email(&ready.email, body, now)?;
                for recipient in &ready.recipients {
                    write.add_delivery(id, recipient, lane(ready.mode, recipient), now)?;
                }
                write.add_event(
                    &NewEvent {
                        organization: ready.email.organization,
                        domain: Some(ready.email.domain),
                        email: Some(id),
                        delivery: None,
                        kind: EventKind::Queued,
                        detail: None,
                    },
                    now,
                )?;
                if let Some(token) = &ready.idempotency {
                    write.set_idempotent(ready.email.key, token, id, now)?;
                }
                write.tell(Change::Email(id));
                Ok(id)
            })
            .await
    }
}

/// Whether this key may send for this domain at all.
fn may_send(standing: Standing, key: &Key, domain: &Domain) -> Result<()> {
    match standing {
        Standing::Disabled => return Err(Error::Denied(Denied::Disabled)),
        Standing::NoPlan => return Err(Error::Denied(Denied::NoPlan)),
        Standing::Active => {}
    }
    // A key that keeps all mail here proves nothing about the domain to anybody, so it does
    // not wait for DNS: that is what lets an application run on a laptop unchanged.
    if key.mode.can_leave() && !domain.dkim_verified {
        return Err(Error::Denied(Denied::NotVerified));
    }
    Ok(())
}

fn blocked(
    read: &Read<'_>,
    of: OrganizationId,
    domain: DomainId,
    recipients: &[Recipient],
) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for recipient in recipients {
        if read
            .suppressed(of, domain, &recipient.address.key())?
            .is_none()
        {
            continue;
        }
        let field = match recipient.field {
            RecipientField::To => Field::To,
            RecipientField::Cc => Field::Cc,
            RecipientField::Bcc => Field::Bcc,
        };
        let problem = field.problem(Reason::Blocked);
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    }
    Ok(problems)
}

/// Mail that waits is looked at lane by lane; mail that stays here has lanes of its own, so
/// that it never waits behind mail that leaves.
fn lane(mode: Mode, recipient: &Recipient) -> &str {
    match mode {
        Mode::Capture => "capture",
        Mode::Hold => "hold",
        Mode::AllowList | Mode::Live => recipient.address.domain(),
    }
}

/// What the composer could not write, as a problem of the field it came in.
fn unfit(error: &ComposeError) -> Error {
    let field = match error.field {
        "from" => Field::From,
        "to" => Field::To,
        "cc" => Field::Cc,
        "reply_to" => Field::ReplyTo,
        "subject" => Field::Subject,
        "in_reply_to" => Field::InReplyTo,
        "references" => Field::References,
        "list_unsubscribe" => Field::ListUnsubscribe,
        "attachment.name" => Field::AttachmentName,
        "attachment.content_type" => Field::AttachmentType,
        "attachment.content_id" => Field::AttachmentId,
        other => {
            return internal(format!(
                "the composer does not take {other}: {}",
                error.reason
            ));
        }
    };
    field.error(Reason::Malformed)
}

fn make_ready(
    email: NewEmail,
    mode: Mode,
    from: Mailbox,
    parsed: Parsed,
    (now, seed): (Timestamp, u64),
) -> Result<Ready> {
    let draft = Draft {
        from,
        to: parsed.to,
        cc: parsed.cc,
        reply_to: parsed.reply_to,
        subject: parsed.fields.subject,
        html: parsed.html,
        text: parsed.text,
        in_reply_to: parsed.in_reply_to,
        references: parsed.references,
        list_unsubscribe: parsed.fields.list_unsubscribe,
        one_click: OneClick::Unsaid,
        attachments: parsed.attachments,
        message_id: email.message_id.clone(),
        date_ms: now.0,
    };
    let raw = compose(&draft, seed).map_err(|error| unfit(&error))?;
    if raw.len() > MESSAGE_BYTES {
        return Err(Error::TooLarge(TooLarge::Message));
    }
    Ok(Ready {
        email,
        recipients: parsed.recipients,
        mode,
        body: PackedBody::pack(&raw)?,
        idempotency: parsed.idempotency,
    })
}

/// The return path of an email: its UUID says which email a bounce is of.
pub(crate) fn return_path(uuid: Uuid, domain: &Domain, bounce_host: &str) -> String {
    if domain.advanced_verified {
        format!("bounces+{uuid}@mailer.{}", domain.host)
    } else {
        format!("bounces+{uuid}@{bounce_host}")
    }
}
