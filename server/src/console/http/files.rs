//! `GET /console/files/…`: what is put away as a file, or shown in a frame of its own.

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Path, Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use futures_util::stream;
use posthouse::error::{Error, Missing, internal};
use posthouse::ids::{MessageId, SuppressionId};
use posthouse::mime::page::{Images, clean_with};
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
use super::visitor::{Number, visitor};
use crate::cli::zone::line;
use crate::http::file::{Disposition, stranger};

/// For how long a copy of the database can be fetched.
const BACKUP_AGE: Duration = Duration::from_secs(3600);
/// Of a file, what is in memory at a time, in bytes.
const PIECE_BYTES: usize = 256 * 1024;

/// Whoever shows a session, where their role is `least` or more.
async fn caller(table: &Table, headers: &HeaderMap, least: Role) -> Outcome<Caller> {
    match visitor(table, headers).await? {
        Visitor::Person(session, _) => Ok(session.caller(least)?.clone()),
        Visitor::Nobody | Visitor::Machine(_) => {
            Err(Error::Unknown(posthouse::error::Unknown::Absent).into())
        }
    }
}

async fn told(
    request: Request,
    noun: &str,
    made: impl Future<Output = Outcome<Response>>,
) -> Response {
    let number = Number::of(request.extensions());
    match made.await {
        Ok(response) => response,
        Err(trouble) => super::answer(refusing(noun, trouble), number),
    }
}

/// A number of a path; what is none is nobody's.
fn message_id(text: &str) -> Outcome<MessageId> {
    let missing = || Trouble::Engine(Error::Missing(Missing::Message));
    text.parse().map(MessageId).map_err(|_| missing())
}

pub(super) async fn message_raw(
    State(table): State<Table>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let caller = caller(&table, request.headers(), Role::Reader).await;
    told(request, "message", async {
        let (_, raw) = table
            .engine()
            .message_raw(&caller?, message_id(&id)?)
            .await?;
        let name = format!("message-{id}.eml");
        Ok(stranger("message/rfc822", Disposition::Saved(&name), raw))
    })
    .await
}

/// Cleaned of all that acts; with `?remote=1`, images are fetched from wherever they are.
pub(super) async fn message_html(
    State(table): State<Table>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let caller = caller(&table, request.headers(), Role::Reader).await;
    let images = match request.uri().query() {
        Some("remote=1") => Images::Remote,
        Some(_) | None => Images::None,
    };
    told(request, "message", async {
        let (_, raw) = table
            .engine()
            .message_raw(&caller?, message_id(&id)?)
            .await?;
        let html = tokio::task::spawn_blocking(move || clean_with(&raw, images))
            .await
            .map_err(internal)?;
        Ok(stranger(
            "text/html; charset=utf-8",
            Disposition::Shown,
            html,
        ))
    })
    .await
}

pub(super) async fn attachment(
    State(table): State<Table>,
    Path((id, at)): Path<(String, usize)>,
    request: Request,
) -> Response {
    let caller = caller(&table, request.headers(), Role::Reader).await;
    told(request, "message", async {
        let (_, raw) = table
            .engine()
            .message_raw(&caller?, message_id(&id)?)
            .await?;
        let found = tokio::task::spawn_blocking(move || files(&raw).into_iter().nth(at))
            .await
            .map_err(internal)?;
        let (about, bytes) = found.ok_or(Error::Missing(Missing::Message))?;
        let name = about.file_name.unwrap_or(about.checksum);
        Ok(stranger(
            &about.content_type,
            Disposition::Saved(&name),
            bytes,
        ))
    })
    .await
}

pub(super) async fn email_raw(
    State(table): State<Table>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let caller = caller(&table, request.headers(), Role::Reader).await;
    told(request, "email", async {
        let caller = caller?;
        let which = EmailRef::Uuid(uuid("id", &id)?);
        let email = table.engine().email(&caller, which).await?.email;
        let raw = table.engine().email_raw(&caller, email.id).await?;
        let name = format!("email-{}.eml", email.id);
        Ok(stranger("message/rfc822", Disposition::Saved(&name), raw))
    })
    .await
}

pub(super) async fn zone(
    State(table): State<Table>,
    Path(host): Path<String>,
    request: Request,
) -> Response {
    let caller = caller(&table, request.headers(), Role::Reader).await;
    told(request, "domain", async {
        let caller = caller?;
        let domain = table.engine().domain_of_host(&caller, &host).await?;
        let found = table.engine().domain_records(&caller, domain.id).await?;
        let mut text = String::new();
        for record in &found.records {
            text.push_str(&line(record));
            text.push('\n');
        }
        let name = format!("{}.zone", domain.host);
        let media = "text/plain; charset=utf-8";
        Ok(stranger(media, Disposition::Saved(&name), text))
    })
    .await
}

pub(super) async fn suppressions(State(table): State<Table>, request: Request) -> Response {
    let caller = caller(&table, request.headers(), Role::Reader).await;
    told(request, "suppression", async {
        let caller = caller?;
        // The first page is looked at before anything is said, so that a refusal can be.
        let engine = table.engine().clone();
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
        let media = "text/csv; charset=utf-8";
        Ok(stranger(
            media,
            Disposition::Saved("suppressions.csv"),
            body,
        ))
    })
    .await
}

/// The copy of the database that `backup.make` made, within the hour.
pub(super) async fn backup(State(table): State<Table>, request: Request) -> Response {
    let caller = caller(&table, request.headers(), Role::Owner).await;
    told(request, "backup", async {
        backup::is_theirs(table.engine(), &caller?).await?;
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
        let name = "posthouse-backup.db";
        let media = "application/vnd.sqlite3";
        Ok(stranger(media, Disposition::Saved(name), pieces(file)))
    })
    .await
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
