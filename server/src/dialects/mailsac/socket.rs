//! `/incoming-messages`: mail told over a web socket as it comes in (section 12).
//!
//! A frame names the number of its event; whoever was cut off comes again with the last one
//! it saw as `after`, and hears what came since. That is ours: the contract has no resuming.

use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use posthouse::error::Busy;
use posthouse::feed::Change;
use posthouse::ids::EventId;
use posthouse::ops::mail::listening::{Heard, Listening};
use posthouse::{Error, Posthouse};
use tokio::sync::{Semaphore, broadcast};

use super::calls::caller;
use super::convert::ask::Query;
use super::convert::mail::whole;
use super::refuse::{self, Door, Said, refuse};
use super::wire::socket::{Greeting, Refused, Told};
use crate::http::answer::Fault;
use crate::http::socket::origin::is_ours;
use crate::http::socket::{Close, HEARD_BYTES, Line, Over, Patience, Woken};
use crate::net::Stay;

/// What all frames under way may take, in KiB, over all sockets.
const ROOM_KIB: u32 = 512 * 1024;
/// What a frame takes for each byte of its mail: the mail parsed, and told twice over.
const FRAME_TIMES: u64 = 8;

static ROOM: Semaphore = Semaphore::const_new(ROOM_KIB as usize);

/// What is asked for.
struct Asked {
    key: String,
    addresses: Vec<String>,
    /// The last event that was seen.
    after: Option<String>,
}

/// Why it ends.
enum End {
    Over(Over),
    Refused(Said),
}

impl From<Over> for End {
    fn from(over: Over) -> Self {
        Self::Over(over)
    }
}

impl From<Error> for End {
    fn from(error: Error) -> Self {
        match error {
            Error::Busy(Busy::Closing) => Self::Over(Over::Stopping),
            other => Self::Refused(refuse(Door::Socket, other)),
        }
    }
}

/// `GET /incoming-messages`.
pub(super) async fn open(State(engine): State<Posthouse>, request: Request) -> Response {
    let (mut head, _) = request.into_parts();
    if !is_ours(&head.headers, engine.public_url().as_str()) {
        return refuse::foreign_page().response();
    }
    let stay = head.extensions.get::<Stay>().cloned();
    let upgrade = WebSocketUpgrade::from_request_parts(&mut head, &()).await;
    let (Some(stay), Ok(upgrade)) = (stay, upgrade) else {
        return refuse::no_socket().response();
    };
    let asked = Asked::of(&Query::of(head.uri.query()));
    upgrade
        .max_message_size(HEARD_BYTES)
        .max_frame_size(HEARD_BYTES)
        .on_upgrade(async move |socket| {
            let line = Line::new(socket, stay, Patience::ORDINARY);
            talk(&engine, line, &asked).await;
        })
}

impl Asked {
    fn of(query: &Query) -> Self {
        let list = query.last("addresses").unwrap_or_default();
        Self {
            key: query.last("key").unwrap_or_default().to_owned(),
            addresses: list
                .split(',')
                // Clients write a `+` as it is, which a query takes for a blank.
                .map(|one| one.trim().replace(' ', "+"))
                .filter(|one| !one.is_empty())
                .collect(),
            after: query.last("after").map(str::to_owned),
        }
    }

    /// The event to read on after; `end` where nothing is said, and for one yet to come.
    fn after(&self, end: EventId) -> Result<EventId, Said> {
        let Some(text) = &self.after else {
            return Ok(end);
        };
        match text.parse() {
            Ok(number) => Ok(EventId(number).clamp(EventId(0), end)),
            Err(_) => Err(refuse::bad("after is invalid")),
        }
    }
}

async fn talk(engine: &Posthouse, mut line: Line, asked: &Asked) {
    let mut at = EventId(0);
    let Err(end) = listen(engine, &mut line, asked, &mut at).await;
    match end {
        End::Over(Over::Gone) => {}
        End::Over(Over::Stopping) => line.close(Close::GoingAway, "the server stops").await,
        End::Over(Over::Slow) => {
            tracing::info!(
                event = at.0,
                "a socket is closed: its reader does not keep up"
            );
            let words = format!("too slow; go on with after={at}");
            line.close(Close::Later, &words).await;
        }
        End::Refused(said) => refused(line, said).await,
    }
}

async fn refused(mut line: Line, said: Said) {
    let (status, message) = said.told();
    if let Some(Fault(cause)) = said.fault() {
        tracing::error!(cause, "a fault of ours");
    }
    let code = match status {
        status if status == StatusCode::SERVICE_UNAVAILABLE => Close::Later,
        status if status.is_server_error() => Close::Fault,
        _ => Close::Policy,
    };
    let frame = Refused {
        status: status.as_u16(),
        error: message,
    };
    if line.say(json(&frame)).await.is_ok() {
        line.close(code, message).await;
    }
}

/// Tells of mail until something ends it; `at` is the last event that was told of.
async fn listen(
    engine: &Posthouse,
    line: &mut Line,
    asked: &Asked,
    at: &mut EventId,
) -> Result<std::convert::Infallible, End> {
    let asker = caller(engine, &asked.key).await.map_err(End::Refused)?;
    let listening = engine.listen(&asker, &asked.addresses).await?;
    // First, so that nothing comes between the last event and the first that is heard of.
    let mut changes = engine.feed().subscribe();
    let end = engine.last_event().await?;
    *at = asked.after(end).map_err(End::Refused)?;
    line.say(json(&greeting(&listening, *at))).await?;
    let mut read_to = *at;
    loop {
        let (heard, to) = engine.heard(&listening, read_to).await?;
        let more = to != read_to;
        read_to = to;
        if let Some(heard) = heard {
            tell(engine, line, heard).await?;
            *at = to;
        }
        let news = async {
            if !more {
                arrival(&mut changes).await;
            }
        };
        if line.wait(news).await? == Woken::ByTheClock {
            // A key that was taken away meanwhile hears nothing more.
            caller(engine, &asked.key).await.map_err(End::Refused)?;
        }
    }
}

/// Tells of one piece of mail, once there is room for it.
async fn tell(engine: &Posthouse, line: &mut Line, heard: Heard) -> Result<(), End> {
    let kib = heard.size_bytes.saturating_mul(FRAME_TIMES) / 1024 + 64;
    let kib = u32::try_from(kib).unwrap_or(ROOM_KIB).min(ROOM_KIB);
    let mut room = None;
    while room.is_none() {
        // The semaphore is never closed.
        line.wait(async { room = ROOM.acquire_many(kib).await.ok() })
            .await?;
    }
    let event = heard.event.id;
    let Some(received) = engine.told(heard).await? else {
        return Ok(());
    };
    let frame = tokio::task::spawn_blocking(move || {
        let mail = whole(&received);
        json(&Told {
            status: 200,
            event: event.0,
            mail: &mail,
            email: &mail,
        })
    });
    let frame = frame
        .await
        .map_err(|error| Error::Internal(error.to_string()))?;
    line.say(frame).await?;
    drop(room);
    Ok(())
}

/// Waits until mail came in, or until so much happened that it may have.
async fn arrival(changes: &mut broadcast::Receiver<Change>) {
    use broadcast::error::{RecvError, TryRecvError};
    loop {
        match changes.recv().await {
            Ok(Change::Message(..)) | Err(RecvError::Lagged(_) | RecvError::Closed) => break,
            Ok(
                Change::Email(_)
                | Change::Due
                | Change::Delivery(_)
                | Change::Event(_)
                | Change::WebhookDue
                | Change::Removed(..)
                | Change::Marked(_)
                | Change::Task(_),
            ) => {}
        }
    }
    // What came with it is read in one go.
    while let Ok(_) | Err(TryRecvError::Lagged(_)) = changes.try_recv() {}
}

fn greeting(listening: &Listening, at: EventId) -> Greeting<'_> {
    Greeting {
        status: 200,
        msg: "Listening",
        addresses: &listening.addresses,
        domains: &listening.domains,
        event: at.0,
    }
}

fn json(frame: &impl serde::Serialize) -> String {
    serde_json::to_string(frame).expect("texts and numbers can always be written as JSON")
}
