//! Files that are often there in the mail of nobody's.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use posthouse::limits::SEARCH_ROWS;
use posthouse::ops::mail::public::{By, Span};
use posthouse::{Error, Posthouse};

use super::super::calls::{Parts, admit, either, parts, wrong};
use super::super::convert::account::figures;
use super::super::convert::mail::list as mails;
use super::super::refuse::{self, Door, Said, refuse};
use super::super::wire::message::Number;
use crate::http::answer::json;
use crate::http::file::{Disposition, stranger};

fn no(error: Error) -> Said {
    match error {
        Error::Missing(_) => refuse::not_found(),
        other => refuse(Door::Account, other),
    }
}

/// `GET /mailstats/common-attachments`.
pub(super) async fn list(State(engine): State<Posthouse>, request: Request) -> Response {
    let answer = async {
        let asked = admit(&engine, request).await?;
        let moment = |name| match asked.query.moment(name) {
            Ok(Some(at)) => Ok(at),
            Ok(None) => Err(refuse::bad(&format!("{name} is required"))),
            Err(field) => Err(wrong(field)),
        };
        let span = Span {
            from: moment("startDate")?,
            to: moment("endDate")?,
        };
        let stretch = asked.query.stretch().map_err(wrong)?;
        let found = engine
            .public_figures(&asked.caller, By::Attachment, span)
            .await
            .map_err(no)?;
        Ok(json(StatusCode::OK, &figures(found, stretch)))
    };
    either(answer.await)
}

/// `GET /mailstats/common-attachments/{md5sum}`.
pub(super) async fn messages(
    State(engine): State<Posthouse>,
    path: Parts<String>,
    request: Request,
) -> Response {
    let answer = async {
        let asked = admit(&engine, request).await?;
        let md5 = parts(path)?;
        let found = engine
            .public_mail_with(&asked.caller, &md5, SEARCH_ROWS)
            .await
            .map_err(no)?;
        Ok(json(StatusCode::OK, &mails(&found)))
    };
    either(answer.await)
}

/// `GET /mailstats/common-attachments/{md5sum}/count`.
pub(super) async fn count(
    State(engine): State<Posthouse>,
    path: Parts<String>,
    request: Request,
) -> Response {
    let answer = async {
        let asked = admit(&engine, request).await?;
        let md5 = parts(path)?;
        let n = engine
            .public_count_with(&asked.caller, &md5)
            .await
            .map_err(no)?;
        Ok(json(StatusCode::OK, &Number { n }))
    };
    either(answer.await)
}

/// `GET /mailstats/common-attachments/{md5sum}/download`.
pub(super) async fn download(
    State(engine): State<Posthouse>,
    path: Parts<String>,
    request: Request,
) -> Response {
    let answer = async {
        let asked = admit(&engine, request).await?;
        let md5 = parts(path)?;
        let (about, bytes) = engine
            .public_attachment(&asked.caller, &md5)
            .await
            .map_err(no)?;
        let name = about.file_name.unwrap_or(about.checksum);
        Ok(stranger(
            &about.content_type,
            Disposition::Saved(&name),
            bytes,
        ))
    };
    either(answer.await)
}
