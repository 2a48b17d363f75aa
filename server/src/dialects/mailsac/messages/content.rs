//! What a message holds: its bytes, its page, its text, its header.

use axum::extract::{Request, State};
use axum::response::Response;
use posthouse::Posthouse;
use posthouse::mime::headers::{fields, head};
use posthouse::mime::page;

use super::super::calls::{Answer, Parts, admit_reader, either, parts, wrong};
use super::super::convert::ask::Query;
use super::super::convert::mail::grouped;
use super::super::convert::message::{HeadersForm, headers_form, ordered};
use super::super::refuse::{Door, refuse};
use crate::http::file::{Disposition, stranger};

/// A way to show a message.
struct View {
    media: &'static str,
    /// What its file is called behind the message's id.
    ending: &'static str,
    look: fn(&[u8]) -> Vec<u8>,
}

/// Any bytes, so without a charset.
const RAW: View = View {
    media: "text/plain",
    ending: ".eml",
    look: <[u8]>::to_vec,
};
const DIRTY: View = View {
    media: "text/html; charset=utf-8",
    ending: ".html",
    look: |raw| page::dirty(raw).into_bytes(),
};
const BODY: View = View {
    media: "text/html; charset=utf-8",
    ending: ".html",
    look: |raw| page::clean(raw).into_bytes(),
};
const TEXT: View = View {
    media: "text/plain; charset=utf-8",
    ending: ".txt",
    look: |raw| page::text(raw).into_bytes(),
};
const HEAD: View = View {
    media: "text/plain",
    ending: "-headers.txt",
    look: |raw| head(raw).to_vec(),
};
const GROUPED: View = View {
    media: "application/json",
    ending: "-headers.json",
    look: |raw| written(&grouped(&fields(raw))),
};
const ORDERED: View = View {
    media: "application/json",
    ending: "-headers.json",
    look: |raw| written(&ordered(fields(raw))),
};

fn written(value: &impl serde::Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("texts can always be written as JSON")
}

/// `GET /raw/{email}/{id}`.
pub(super) async fn raw(
    State(engine): State<Posthouse>,
    path: Parts<(String, String)>,
    request: Request,
) -> Response {
    either(shown(&engine, path, request, &RAW).await)
}

/// `GET /dirty/{email}/{id}`.
pub(super) async fn dirty(
    State(engine): State<Posthouse>,
    path: Parts<(String, String)>,
    request: Request,
) -> Response {
    either(shown(&engine, path, request, &DIRTY).await)
}

/// `GET /body/{email}/{id}`.
pub(super) async fn body(
    State(engine): State<Posthouse>,
    path: Parts<(String, String)>,
    request: Request,
) -> Response {
    either(shown(&engine, path, request, &BODY).await)
}

/// `GET /text/{email}/{id}`.
pub(super) async fn text(
    State(engine): State<Posthouse>,
    path: Parts<(String, String)>,
    request: Request,
) -> Response {
    either(shown(&engine, path, request, &TEXT).await)
}

/// `GET …/headers` and `GET /headers/{email}/{id}`.
pub(super) async fn headers(
    State(engine): State<Posthouse>,
    path: Parts<(String, String)>,
    request: Request,
) -> Response {
    let query = Query::of(request.uri().query());
    let view = match headers_form(&query) {
        Ok(HeadersForm::Grouped) => &GROUPED,
        Ok(HeadersForm::Ordered) => &ORDERED,
        Ok(HeadersForm::Plain) => &HEAD,
        // Strangers are refused first.
        Err(field) => return either(admit_reader(&engine, request).await.and(Err(wrong(field)))),
    };
    either(shown(&engine, path, request, view).await)
}

async fn shown(
    engine: &Posthouse,
    path: Parts<(String, String)>,
    request: Request,
    view: &View,
) -> Answer {
    let asked = admit_reader(engine, request).await?;
    let (email, id) = parts(path)?;
    let look = view.look;
    let bytes = engine
        .mail_read(&asked.caller, &email, &id, move |raw| look(&raw))
        .await
        .map_err(|error| refuse(Door::Message, error))?;
    let name = format!("{id}{}", view.ending);
    let disposition = match asked.query.is_on("download") {
        true => Disposition::Saved(&name),
        false => Disposition::Shown,
    };
    Ok(stranger(view.media, disposition, bytes))
}
