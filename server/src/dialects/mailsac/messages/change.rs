//! What a reader changes of a message.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use posthouse::Posthouse;
use posthouse::model::mailbox::{Folder, Marking};
use posthouse::ops::mail::Shown;
use posthouse::ops::mail::changing::MailChange;

use super::super::calls::{Answer, Asked, Parts, admit, either, parts, wrong};
use super::super::convert::mail::shown as mail;
use super::super::convert::message::{filed, labelled, marked};
use super::super::refuse::{self, Door, Said, refuse};
use super::super::wire::ask::Wrong;
use crate::http::answer::json;

/// Labels that one call writes (section 7).
const LABELS_AT_ONCE: usize = 3;

/// Makes a change that needs nothing but the path.
async fn change(
    engine: &Posthouse,
    asked: &Asked,
    (email, id): (&str, &str),
    change: MailChange,
) -> Result<Shown, Said> {
    engine
        .change_mail(&asked.caller, email, id, change)
        .await
        .map_err(|error| refuse(Door::Message, error))
}

/// `PUT …/star`.
pub(super) async fn star(
    State(engine): State<Posthouse>,
    path: Parts<(String, String)>,
    request: Request,
) -> Response {
    let answer = async {
        let asked = admit(&engine, request).await?;
        let (email, id) = parts(path)?;
        let shown = change(&engine, &asked, (&email, &id), MailChange::ToggleStar).await?;
        Ok(json(StatusCode::OK, &mail(&shown)))
    };
    either(answer.await)
}

/// `PUT …/labels`.
pub(super) async fn relabel(
    State(engine): State<Posthouse>,
    path: Parts<(String, String)>,
    request: Request,
) -> Response {
    let answer = async {
        let mut asked = admit(&engine, request).await?;
        let (email, id) = parts(path)?;
        let labels = asked.fields()?.texts("labels").map_err(wrong)?;
        let labels = labels.ok_or_else(|| refuse::bad("labels is required"))?;
        if labels.len() > LABELS_AT_ONCE {
            return Err(refuse::bad("labels has too many items"));
        }
        let shown = change(&engine, &asked, (&email, &id), MailChange::Labels(labels)).await?;
        Ok(json(StatusCode::OK, &labelled(shown)))
    };
    either(answer.await)
}

/// `PUT …/labels/{label}`.
pub(super) async fn label(
    State(engine): State<Posthouse>,
    path: Parts<(String, String, String)>,
    request: Request,
) -> Response {
    either(relabelled(&engine, path, request, MailChange::Label).await)
}

/// `DELETE …/labels/{label}`.
pub(super) async fn unlabel(
    State(engine): State<Posthouse>,
    path: Parts<(String, String, String)>,
    request: Request,
) -> Response {
    either(relabelled(&engine, path, request, MailChange::Unlabel).await)
}

async fn relabelled(
    engine: &Posthouse,
    path: Parts<(String, String, String)>,
    request: Request,
    how: fn(String) -> MailChange,
) -> Answer {
    let asked = admit(engine, request).await?;
    let (email, id, label) = parts(path)?;
    let shown = change(engine, &asked, (&email, &id), how(label)).await?;
    Ok(json(StatusCode::OK, &labelled(shown)))
}

/// `PUT …/folder/{folder}`.
pub(super) async fn folder(
    State(engine): State<Posthouse>,
    path: Parts<(String, String, String)>,
    request: Request,
) -> Response {
    let answer = async {
        let asked = admit(&engine, request).await?;
        let (email, id, folder) = parts(path)?;
        let folder = Folder::parse(&folder).ok_or_else(|| wrong(Wrong("folder")))?;
        let shown = change(&engine, &asked, (&email, &id), MailChange::Folder(folder)).await?;
        Ok(json(StatusCode::OK, &filed(shown)))
    };
    either(answer.await)
}

/// `PUT …/read/{readBoolean}`.
pub(super) async fn read(
    State(engine): State<Posthouse>,
    path: Parts<(String, String, String)>,
    request: Request,
) -> Response {
    let answer = async {
        let asked = admit(&engine, request).await?;
        let (email, id, read) = parts(path)?;
        let marking = match read.as_str() {
            "true" => Marking::Read,
            "false" => Marking::Unread,
            _ => return Err(wrong(Wrong("readBoolean"))),
        };
        let shown = change(&engine, &asked, (&email, &id), MailChange::Mark(marking)).await?;
        Ok(json(StatusCode::OK, &marked(shown)))
    };
    either(answer.await)
}
