//! Looking for mail in all of an account.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use posthouse::Posthouse;
use posthouse::ops::mail::looking::Wanted;

use super::super::calls::{admit, either, wrong};
use super::super::convert::mail::list as mails;
use super::super::convert::message::wanted;
use super::super::refuse::{self, Door, refuse};
use super::super::wire::message::Hits;
use crate::http::answer::json;

/// `GET /inbox-filter`: all conditions hold.
pub(super) async fn filter(State(engine): State<Posthouse>, request: Request) -> Response {
    let answer = async {
        let asked = admit(&engine, request).await?;
        let wanted = wanted(&asked.query).map_err(wrong)?;
        if wanted == Wanted::default() {
            return Err(refuse::bad(
                "At least one of andSubjectIncludes, andFrom, andTo and andRead is required",
            ));
        }
        let found = engine
            .mail_wanted(&asked.caller, wanted)
            .await
            .map_err(|error| refuse(Door::Account, error))?;
        let (query, messages) = (None, mails(&found));
        Ok(json(StatusCode::OK, &Hits { query, messages }))
    };
    either(answer.await)
}

/// `GET /inbox-search`: in sender, recipients or subject.
pub(super) async fn search(State(engine): State<Posthouse>, request: Request) -> Response {
    let answer = async {
        let asked = admit(&engine, request).await?;
        let query = asked.query.last("query").map(str::to_owned);
        let wanted = Wanted {
            anywhere: query.clone(),
            ..Wanted::default()
        };
        let found = engine
            .mail_wanted(&asked.caller, wanted)
            .await
            .map_err(|error| refuse(Door::Account, error))?;
        let (query, messages) = (Some(query.unwrap_or_default()), mails(&found));
        Ok(json(StatusCode::OK, &Hits { query, messages }))
    };
    either(answer.await)
}
