//! `POST /console/api/{command}`.

use axum::extract::{Path, Request, State};
use axum::http::header::{CACHE_CONTROL, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use posthouse::Error;
use posthouse::error::TooLarge;
use serde_json::Value;

use super::super::call::{Answered, Visitor};
use super::super::table::{Effect, Table, Who, refusing};
use super::super::trouble::{Outcome, Trouble};
use super::visitor::{Number, cookie, is_our_page, remote, visitor};
use crate::http::answer::json;
use crate::http::body::{self, Unread};

/// What goes in, in bytes: sheets and pages are the largest of it.
const INPUT_BYTES: usize = 32 * 1024 * 1024;

pub(super) async fn call(
    State(table): State<Table>,
    Path(name): Path<String>,
    request: Request,
) -> Response {
    let number = Number::of(request.extensions());
    let (parts, body) = request.into_parts();
    let answered = async {
        let command = Table::command(&name).ok_or(Trouble::NoCommand);
        let command = command.map_err(|trouble| refusing(&name, trouble))?;
        let noun = command.noun();
        let who = match visitor(&table, &parts.headers).await {
            Ok(visitor) => Ok(visitor),
            // Whoever was signed in can still sign in.
            Err(Trouble::Engine(Error::Unknown(_))) if command.who == Who::Anybody => {
                Ok(Visitor::Nobody)
            }
            Err(trouble) => Err(refusing(noun, trouble)),
        }?;
        if command.effect != Effect::Reads {
            is_our_page(&table, &who, &parts.headers).map_err(|trouble| refusing(noun, trouble))?;
        }
        let whole = body::read(body, &parts.headers, INPUT_BYTES).await;
        let input = whole
            .map_err(unread)
            .and_then(|whole| input(&whole.bytes))
            .map_err(|trouble| refusing(noun, trouble))?;
        let from = remote(&parts.extensions);
        let answered = table.call(who, from, &name, input).await?;
        told(&answered, &parts).map_err(|trouble| refusing(noun, trouble))
    };
    match answered.await {
        Ok(response) => response,
        Err(refusing) => super::answer(refusing, number),
    }
}

fn told(answered: &Answered, parts: &Parts) -> Outcome<Response> {
    let mut response = json(StatusCode::OK, &answered.json);
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(keeps) = &answered.keeps {
        let cookie = cookie(keeps, &parts.headers, &parts.extensions)?;
        headers.insert(SET_COOKIE, cookie);
    }
    Ok(response)
}

fn input(bytes: &[u8]) -> Outcome<Value> {
    if bytes.trim_ascii().is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_slice(bytes)
        .map_err(|error| Trouble::Input(format!("The input is no JSON: {error}.")))
}

fn unread(why: Unread) -> Trouble {
    match why {
        Unread::TooLarge => Error::TooLarge(TooLarge::Request).into(),
        Unread::Broken => Trouble::Input(String::from("The input broke off.")),
        Unread::Slow => Trouble::Input(String::from("The input came too slowly.")),
    }
}
