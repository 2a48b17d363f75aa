//! `GET /console/files/…`: what is put away as a file, or shown in a frame of its own.

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Path, Request, State};
use axum::response::Response;
use futures_util::stream;
use posthouse::error::{Error, Missing, Unknown, internal};
use posthouse::ids::{MessageId, SuppressionId};
use posthouse::mime::page::{Images, readable};
use posthouse::mime::parts::files;
use posthouse::model::key::Caller;
use posthouse::model::organization::Role;
use posthouse::ops::emails::EmailRef;
use tokio::fs::File;
use tokio::io::AsyncReadExt as _;

use super::super::backup;
use super::super::call::Visitor;
use super::super::convert::uuid;
use super::super::table::{Table, refusing};
use super::super::trouble::{Outcome, Trouble};
use super::frame::frame;
use super::visitor::{Number, visitor};
use crate::cli::zone::zone_file;
use crate::http::file::{Disposition, stranger};

/// For how long a copy of the database can be fetched.
const BACKUP_AGE: Duration = Duration::from_secs(3600);
/// Of a file, what is in memory at a time, in bytes.
const PIECE_BYTES: usize = 256 * 1024;

/// Whoever has the machine asks, among a request's extensions: nothing that comes over a
/// network puts it there.
#[derive(Clone)]
pub(super) struct Here;

/// What there is to be had.
enum What {
    /// A message as it came.
    Message(MessageId),
    /// Its html, cleaned of all that acts.
    Html(MessageId, Images),
    /// One of its files, by its place among them.
    Attachment(MessageId, usize),
    /// An email as it was submitted, by its UUID.
    Email(String),
    /// The records of the domain with this host.
    Zone(String),
    /// What a template under work comes to.
    Preview(String),
    /// Every address that is not sent to.
    Suppressions,
    /// The copy of the database that `backup.make` made.
    Backup,
}

impl What {
    /// None for what is nowhere; with `?remote=1`, images are fetched from wherever they are.
    fn of(path: &str, query: Option<&str>) -> Option<Self> {
        let images = match query {
            Some("remote=1") => Images::Remote,
            Some(_) | None => Images::None,
        };
        let message = |id: &str| id.parse().map(MessageId).ok();
        let parts: Vec<&str> = path.split('/').collect();
        Some(match parts[..] {
            ["message", id, "raw"] => Self::Message(message(id)?),
            ["message", id, "html"] => Self::Html(message(id)?, images),
            ["message", id, "attachment", at] => Self::Attachment(message(id)?, at.parse().ok()?),
            ["email", id, "raw"] => Self::Email(id.to_owned()),
            ["domain", host, "zone"] => Self::Zone(host.to_owned()),
            ["preview", token] => Self::Preview(token.to_owned()),
            ["suppressions"] => Self::Suppressions,
            ["backup"] => Self::Backup,
            _ => return None,
        })
    }

    const fn least(&self) -> Role {
        match self {
            Self::Message(_)
            | Self::Html(..)
            | Self::Attachment(..)
            | Self::Email(_)
            | Self::Zone(_)
            | Self::Preview(_)
            | Self::Suppressions => Role::Reader,
            Self::Backup => Role::Owner,
        }
    }

    async fn made(self, table: &Table, caller: &Caller) -> Outcome<Response> {
        match self {
            Self::Message(id) => {
                let (_, raw) = table.engine().message_raw(caller, id).await?;
                Ok(eml(&format!("message-{id}.eml"), raw))
            }
            Self::Html(id, images) => {
                let (_, raw) = table.engine().message_raw(caller, id).await?;
                let html = tokio::task::spawn_blocking(move || readable(&raw, images));
                Ok(frame(html.await.map_err(internal)?, images))
            }
            Self::Attachment(id, at) => attachment(table, caller, id, at).await,
            Self::Email(id) => {
                let which = EmailRef::Uuid(uuid("id", &id)?);
                let email = table.engine().email(caller, which).await?.email;
                let raw = table.engine().email_raw(caller, email.id).await?;
                Ok(eml(&format!("email-{}.eml", email.id), raw))
            }
            Self::Zone(host) => zone(table, caller, &host).await,
            Self::Preview(token) => {
                let html = table.previews().found(caller.organization(), &token);
                let html = html.ok_or(Error::Missing(Missing::Template))?;
                Ok(frame(html, Images::None))
            }
            Self::Suppressions => suppressions(table, caller).await,
            Self::Backup => backup(table, caller).await,
        }
    }
}

pub(super) async fn file(
    State(table): State<Table>,
    Path(path): Path<String>,
    request: Request,
) -> Response {
    let number = Number::of(request.extensions());
    let (headers, query) = (request.headers().clone(), request.uri().query());
    let here = request.extensions().get::<Here>().cloned();
    let what = What::of(&path, query);
    let made = async {
        let who = match here {
            Some(Here) => Visitor::Machine(Box::new(table.engine().operator(None).await?)),
            None => visitor(&table, &headers).await?,
        };
        let what = what.ok_or(Trouble::Engine(Error::Missing(Missing::Message)))?;
        match who {
            Visitor::Person(session, _) => {
                let caller = session.caller(what.least())?;
                what.made(&table, caller).await
            }
            Visitor::Machine(caller) => what.made(&table, &caller).await,
            Visitor::Nobody => Err(Error::Unknown(Unknown::Absent).into()),
        }
    };
    match made.await {
        Ok(response) => response,
        Err(trouble) => {
            let noun = path.split('/').next().unwrap_or_default();
            super::answer(refusing(noun, trouble), number)
        }
    }
}

fn eml(name: &str, raw: Vec<u8>) -> Response {
    stranger("message/rfc822", Disposition::Saved(name), raw)
}

async fn attachment(table: &Table, caller: &Caller, id: MessageId, at: usize) -> Outcome<Response> {
    let (_, raw) = table.engine().message_raw(caller, id).await?;
    let found = tokio::task::spawn_blocking(move || files(&raw).into_iter().nth(at))
        .await
        .map_err(internal)?;
    let (about, bytes) = found.ok_or(Error::Missing(Missing::Message))?;
    let name = about.file_name.unwrap_or(about.checksum);
    let media = &about.content_type;
    Ok(stranger(media, Disposition::Saved(&name), bytes))
}

async fn zone(table: &Table, caller: &Caller, host: &str) -> Outcome<Response> {
    let domain = table.engine().domain_of_host(caller, host).await?;
    let found = table.engine().domain_records(caller, domain.id).await?;
    let text = zone_file(&found, table.engine().settings());
    let name = format!("{}.zone", domain.host);
    let media = "text/plain; charset=utf-8";
    Ok(stranger(media, Disposition::Saved(&name), text))
}

async fn suppressions(table: &Table, caller: &Caller) -> Outcome<Response> {
    // The first page is looked at before anything is said, so that a refusal can be.
    let (engine, caller) = (table.engine().clone(), caller.clone());
    let first = engine
        .suppressions_csv(&caller, None, SuppressionId(0))
        .await?;
    let pages = stream::unfold(Some(first), move |page| {
        let (engine, caller) = (engine.clone(), caller.clone());
        async move {
            let page = page?;
            let next = match page.next {
                Some(after) => {
                    let next = engine.suppressions_csv(&caller, None, after).await;
                    match next {
                        Ok(next) => Some(next),
                        Err(error) => return Some((Err(io::Error::other(error)), None)),
                    }
                }
                None => None,
            };
            Some((Ok(Bytes::from(page.text)), next))
        }
    });
    let body = Body::from_stream(pages);
    let saved = Disposition::Saved("suppressions.csv");
    Ok(stranger("text/csv; charset=utf-8", saved, body))
}

/// The copy of the database that was made within the hour.
async fn backup(table: &Table, caller: &Caller) -> Outcome<Response> {
    table.engine().machine_is_of(caller).await?;
    let gone = Trouble::Elsewhere("There is no copy any more: make one.");
    let Some(folder) = table.place().backups.as_deref() else {
        return Err(gone);
    };
    let path = backup::path(folder);
    let Ok(about) = tokio::fs::metadata(&path).await else {
        return Err(gone);
    };
    let age = about.modified().map_err(internal)?.elapsed();
    if age.is_ok_and(|age| age > BACKUP_AGE) {
        tokio::fs::remove_file(&path).await.map_err(internal)?;
        return Err(gone);
    }
    let file = File::open(&path).await.map_err(internal)?;
    let saved = Disposition::Saved("posthouse-backup.db");
    Ok(stranger("application/vnd.sqlite3", saved, pieces(file)))
}

fn pieces(file: File) -> Body {
    let pieces = stream::unfold(Some(file), async |file| {
        let mut file = file?;
        let mut piece = vec![0; PIECE_BYTES];
        match file.read(&mut piece).await {
            Ok(0) => None,
            Ok(length) => {
                piece.truncate(length);
                Some((Ok(Bytes::from(piece)), Some(file)))
            }
            Err(error) => Some((Err(error), None)),
        }
    });
    Body::from_stream(pieces)
}
