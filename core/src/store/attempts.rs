//! Table `attempt`, the ledger.

use rusqlite::{Row, named_params};

use super::bodies::{compress, decompress};
use super::{Read, Write, row};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::ids::{AttemptId, DeliveryId, EmailId, RelayId};
use crate::model::delivery::{Answer, Attempt, AttemptState, Outcome, Route, Stage};

/// A try that was cut off by a stop or a crash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open {
    /// The try.
    pub id: AttemptId,
    /// Of which delivery.
    pub delivery: DeliveryId,
    /// Of which email.
    pub email: EmailId,
    /// How far it got.
    pub state: AttemptState,
    /// By which provider.
    pub relay: Option<RelayId>,
    /// When it was written down.
    pub planned_at: Timestamp,
}

/// How a try ended.
#[derive(Clone, Debug)]
pub struct Settlement {
    /// What it came to.
    pub outcome: Outcome,
    /// `host [address]:port`.
    pub peer: Option<String>,
    /// TLS in words.
    pub tls: Option<String>,
    /// The last thing said.
    pub reply: Answer,
    /// The conversation, compressed.
    transcript: Option<Vec<u8>>,
    /// What DNS said, a line an answer.
    dns: Option<String>,
    /// The step that failed.
    pub stage: Option<Stage>,
}

impl Settlement {
    /// Compresses the conversation; outside the writer.
    ///
    /// # Errors
    /// `Internal`, were compression to fail.
    pub fn new(
        outcome: Outcome,
        peer: Option<String>,
        tls: Option<String>,
        reply: Answer,
        transcript: &str,
    ) -> Result<Self> {
        let transcript = match transcript {
            "" => None,
            text => Some(compress(text.as_bytes())?),
        };
        Ok(Self {
            outcome,
            peer,
            tls,
            reply,
            transcript,
            dns: None,
            stage: None,
        })
    }

    /// With what the try saw of DNS, and the step that failed.
    #[must_use]
    pub fn seen(self, dns: Option<String>, stage: Option<Stage>) -> Self {
        Self { dns, stage, ..self }
    }
}

fn attempt(found: &Row<'_>) -> rusqlite::Result<(Attempt, Option<Vec<u8>>)> {
    let text: Option<String> = found.get("reply_text")?;
    let code: Option<u16> = found.get("reply_code")?;
    let enhanced: Option<String> = found.get("reply_enhanced")?;
    let attempt = Attempt {
        id: AttemptId(found.get("id")?),
        delivery: DeliveryId(found.get("delivery_id")?),
        number: found.get("number")?,
        state: row::word(found, "state", AttemptState::parse)?,
        outcome: row::word_or_none(found, "outcome", Outcome::parse)?,
        route: row::word(found, "route", Route::parse)?,
        relay: found.get::<_, Option<i64>>("relay_id")?.map(RelayId),
        dns: found.get("dns")?,
        peer: found.get("peer")?,
        tls: found.get("tls")?,
        stage: row::word_or_none(found, "stage", Stage::parse)?,
        reply: text.map(|text| Answer {
            code,
            enhanced,
            text,
        }),
        transcript: None,
        planned_at: row::time(found, "planned_at")?,
        connected_at: row::time_or_none(found, "connected_at")?,
        data_sent_at: row::time_or_none(found, "data_sent_at")?,
        settled_at: row::time_or_none(found, "settled_at")?,
    };
    Ok((attempt, found.get("transcript")?))
}

impl Read<'_> {
    /// The tries of a delivery, in order, with their conversations.
    ///
    /// # Errors
    /// As SQLite says; so for every function here.
    pub fn attempts_of(&self, delivery: DeliveryId) -> Result<Vec<Attempt>> {
        let rows = self.list(
            "SELECT id, delivery_id, number, state, outcome, route, relay_id, peer, tls, reply_code,
             reply_enhanced, reply_text, transcript, planned_at, connected_at, data_sent_at,
             settled_at, dns, stage FROM attempt WHERE delivery_id = :of ORDER BY id LIMIT 1000",
            named_params! {":of": delivery.0},
            attempt,
        )?;
        rows.into_iter()
            .map(|(attempt, packed)| {
                let transcript = packed
                    .map(|packed| decompress(&packed))
                    .transpose()?
                    .map(|text| String::from_utf8_lossy(&text).into_owned());
                Ok(Attempt {
                    transcript,
                    ..attempt
                })
            })
            .collect()
    }

    /// The tries whose outcome is not written down.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn open_attempts(&self, rows: u32) -> Result<Vec<Open>> {
        self.list(
            "SELECT a.id, a.delivery_id, d.email_id, a.state, a.relay_id, a.planned_at FROM attempt a
             JOIN delivery d ON d.id = a.delivery_id
             WHERE a.state <> 'settled' ORDER BY a.id LIMIT :rows",
            named_params! {":rows": rows},
            |found| {
                Ok(Open {
                    id: AttemptId(found.get(0)?),
                    delivery: DeliveryId(found.get(1)?),
                    email: EmailId(found.get(2)?),
                    state: row::word(found, "state", AttemptState::parse)?,
                    relay: found.get::<_, Option<i64>>("relay_id")?.map(RelayId),
                    planned_at: row::time(found, "planned_at")?,
                })
            },
        )
    }
}

impl Write<'_> {
    /// Writes a try down, before its socket opens, and marks the delivery as being tried.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn plan_attempt(
        &self,
        delivery: DeliveryId,
        route: Route,
        relay: Option<RelayId>,
        now: Timestamp,
    ) -> Result<AttemptId> {
        self.begin_delivery(delivery, route, now)?;
        self.execute(
            "INSERT INTO attempt (delivery_id, number, state, route, relay_id, planned_at)
             SELECT id, attempts, 'planned', :route, :relay, :now FROM delivery WHERE id = :delivery",
            named_params! {
                ":route": route.as_str(),
                ":relay": relay.map(|id| id.0),
                ":now": now.0,
                ":delivery": delivery.0,
            },
        )?;
        Ok(AttemptId(self.last_id()))
    }

    /// Writes down that a peer greeted us.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn attempt_connected(
        &self,
        id: AttemptId,
        peer: &str,
        tls: &str,
        now: Timestamp,
    ) -> Result<()> {
        self.execute(
            "UPDATE attempt SET state = 'connected', peer = :peer, tls = :tls, connected_at = :now
             WHERE id = :id AND state = 'planned'",
            named_params! {":peer": peer, ":tls": tls, ":now": now.0, ":id": id.0},
        )?;
        Ok(())
    }

    /// Writes down that content is about to go out.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn attempt_data_sent(&self, id: AttemptId, now: Timestamp) -> Result<()> {
        self.execute(
            "UPDATE attempt SET state = 'data_sent', data_sent_at = :now WHERE id = :id",
            named_params! {":now": now.0, ":id": id.0},
        )?;
        Ok(())
    }

    /// Writes down what a try came to.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn settle_attempt(&self, id: AttemptId, to: &Settlement, now: Timestamp) -> Result<()> {
        self.execute(
            "UPDATE attempt SET state = 'settled', outcome = :outcome, peer = ifnull(:peer, peer),
             tls = ifnull(:tls, tls), reply_code = :code, reply_enhanced = :enhanced,
             reply_text = :text, transcript = :transcript, dns = :dns, stage = :stage,
             settled_at = :now WHERE id = :id",
            named_params! {
                ":outcome": to.outcome.as_str(),
                ":peer": to.peer,
                ":tls": to.tls,
                ":code": to.reply.code,
                ":enhanced": to.reply.enhanced,
                ":text": to.reply.text,
                ":transcript": to.transcript,
                ":dns": to.dns,
                ":stage": to.stage.map(Stage::as_str),
                ":now": now.0,
                ":id": id.0,
            },
        )?;
        Ok(())
    }
}
