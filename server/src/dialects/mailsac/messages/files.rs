//! The files that came with a message.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use posthouse::Posthouse;
use posthouse::mime::parts::{attachment, attachments};

use super::super::calls::{Parts, admit_reader, either, parts};
use super::super::convert::message::file as described;
use super::super::refuse::{self, Door, refuse};
use crate::http::answer::json;
use crate::http::file::{Disposition, stranger};

/// `GET …/attachments`.
pub(super) async fn list(
    State(engine): State<Posthouse>,
    path: Parts<(String, String)>,
    request: Request,
) -> Response {
    let answer = async {
        let asked = admit_reader(&engine, request).await?;
        let (email, id) = parts(path)?;
        let found = engine
            .mail_read(&asked.caller, &email, &id, |raw| attachments(&raw))
            .await
            .map_err(|error| refuse(Door::Message, error))?;
        let list: Vec<_> = found.into_iter().map(described).collect();
        Ok(json(StatusCode::OK, &list))
    };
    either(answer.await)
}

/// `GET …/attachments/{attachmentIdentifier}`: an MD5, a content id or a file's name.
pub(super) async fn file(
    State(engine): State<Posthouse>,
    path: Parts<(String, String, String)>,
    request: Request,
) -> Response {
    let answer = async {
        let asked = admit_reader(&engine, request).await?;
        let (email, id, which) = parts(path)?;
        let look = move |raw: Vec<u8>| attachment(&raw, &which);
        let (about, bytes) = engine
            .mail_read(&asked.caller, &email, &id, look)
            .await
            .map_err(|error| refuse(Door::Message, error))?
            .ok_or_else(refuse::not_found)?;
        let name = about.file_name.unwrap_or(about.checksum);
        Ok(stranger(
            &about.content_type,
            Disposition::Saved(&name),
            bytes,
        ))
    };
    either(answer.await)
}
