//! Table `event`, the log.

use rusqlite::{Row, named_params};

use super::{Read, Write, row};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::feed::Change;
use crate::ids::{DeliveryId, DomainId, EmailId, EventId, MailboxId, MessageId, OrganizationId};
use crate::model::delivery::Route;
use crate::model::event::{Event, EventKind, Facts, Incoming};

/// An event to be written.
pub struct NewEvent {
    /// Whose.
    pub organization: OrganizationId,
    /// To which domain's mail.
    pub domain: Option<DomainId>,
    /// To which email.
    pub email: Option<EmailId>,
    /// To which recipient.
    pub delivery: Option<DeliveryId>,
    /// What.
    pub kind: EventKind,
    /// In words.
    pub detail: Option<String>,
    /// What it says beside its words.
    pub facts: Facts,
}

const COLUMNS: &str = "id, organization_id, domain_id, email_id, delivery_id, kind, detail, route,
    relay, url, user_agent, ip, message_id, mailbox_id, at";

fn event(found: &Row<'_>) -> rusqlite::Result<Event> {
    Ok(Event {
        id: EventId(found.get("id")?),
        organization: OrganizationId(found.get("organization_id")?),
        domain: found.get::<_, Option<i64>>("domain_id")?.map(DomainId),
        email: found.get::<_, Option<i64>>("email_id")?.map(EmailId),
        delivery: found.get::<_, Option<i64>>("delivery_id")?.map(DeliveryId),
        kind: row::word(found, "kind", EventKind::parse)?,
        detail: found.get("detail")?,
        facts: Facts {
            route: row::word_or_none(found, "route", Route::parse)?,
            relay: found.get("relay")?,
            url: found.get("url")?,
            user_agent: found.get("user_agent")?,
            ip: found.get("ip")?,
            message: incoming(found)?,
        },
        at: row::time(found, "at")?,
    })
}

fn incoming(found: &Row<'_>) -> rusqlite::Result<Option<Incoming>> {
    let Some(id) = found.get("message_id")? else {
        return Ok(None);
    };
    Ok(Some(Incoming {
        id: MessageId(id),
        routed_by: found.get::<_, Option<i64>>("mailbox_id")?.map(MailboxId),
    }))
}

impl Read<'_> {
    /// The events after `after`, in order.
    ///
    /// # Errors
    /// As SQLite says; so for every function here.
    pub fn events_after(&self, after: EventId, rows: u32) -> Result<Vec<Event>> {
        self.list(
            &format!("SELECT {COLUMNS} FROM event WHERE id > :after ORDER BY id LIMIT :rows"),
            named_params! {":after": after.0, ":rows": rows},
            event,
        )
    }

    /// The events of one email, in order.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn events_of(&self, email: EmailId) -> Result<Vec<Event>> {
        self.list(
            &format!("SELECT {COLUMNS} FROM event WHERE email_id = :email ORDER BY id LIMIT 10000"),
            named_params! {":email": email.0},
            event,
        )
    }

    /// One event.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn event(&self, id: EventId) -> Result<Option<Event>> {
        self.find(
            &format!("SELECT {COLUMNS} FROM event WHERE id = :id"),
            named_params! {":id": id.0},
            event,
        )
    }

    /// The number of the last event before `at`. The log runs in time, so this is a search
    /// from its end.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn event_before(&self, at: Timestamp) -> Result<EventId> {
        let found = self.find(
            "SELECT id FROM event WHERE at < :at ORDER BY id DESC LIMIT 1",
            named_params! {":at": at.0},
            |found| found.get(0),
        )?;
        Ok(EventId(found.unwrap_or(0)))
    }

    /// The number of the last event.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn last_event(&self) -> Result<EventId> {
        let found = self.find("SELECT ifnull(max(id), 0) FROM event", [], |found| {
            found.get(0)
        })?;
        Ok(EventId(found.unwrap_or(0)))
    }
}

impl Write<'_> {
    /// Writes an event, and tells the feed.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn add_event(&self, new: &NewEvent, now: Timestamp) -> Result<EventId> {
        self.execute(
            "INSERT INTO event (organization_id, domain_id, email_id, delivery_id, kind, detail, route,
             relay, url, user_agent, ip, message_id, mailbox_id, at)
             VALUES (:of, :domain, :email, :delivery, :kind, :detail, :route, :relay, :url,
             :user_agent, :ip, :message, :mailbox, :now)",
            named_params! {
                ":of": new.organization.0,
                ":domain": new.domain.map(|id| id.0),
                ":email": new.email.map(|id| id.0),
                ":delivery": new.delivery.map(|id| id.0),
                ":kind": new.kind.as_str(),
                ":detail": new.detail,
                ":route": new.facts.route.map(Route::as_str),
                ":relay": new.facts.relay,
                ":url": new.facts.url,
                ":user_agent": new.facts.user_agent,
                ":ip": new.facts.ip,
                ":message": new.facts.message.map(|one| one.id.0),
                ":mailbox": new.facts.message.and_then(|one| one.routed_by).map(|id| id.0),
                ":now": now.0,
            },
        )?;
        let id = EventId(self.last_id());
        self.tell(Change::Event(id));
        Ok(id)
    }
}
