//! `/api/mailstats`: who writes to whom most often among what is nobody's, and who is shut
//! out.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use posthouse::Posthouse;
use posthouse::ops::mail::public::{By, Span};

use super::super::convert::account::figures;
use super::super::refuse::{Door, Said, refuse};
use super::super::wire::account::Blacklisted;
use super::{Answer, Parts, admit, either, parts, wrong};
use crate::http::answer::json;

/// What is counted when nothing is asked.
const LAST: Duration = Duration::from_secs(24 * 60 * 60);

/// `GET /mailstats/top-addresses`.
pub(in super::super) async fn addresses(
    State(engine): State<Posthouse>,
    request: Request,
) -> Response {
    either(top(&engine, request, By::Address).await)
}

/// `GET /mailstats/top-senders`.
pub(in super::super) async fn senders(
    State(engine): State<Posthouse>,
    request: Request,
) -> Response {
    either(top(&engine, request, By::Sender).await)
}

/// `GET /mailstats/top-domains`.
pub(in super::super) async fn domains(
    State(engine): State<Posthouse>,
    request: Request,
) -> Response {
    either(top(&engine, request, By::Host).await)
}

async fn top(engine: &Posthouse, request: Request, by: By) -> Answer {
    let asked = admit(engine, request).await?;
    let to = asked.query.moment("endDate").map_err(wrong)?;
    let to = to.unwrap_or_else(|| engine.now());
    let from = asked.query.moment("startDate").map_err(wrong)?;
    let from = from.unwrap_or_else(|| to.minus(LAST));
    let part = asked.query.stretch().map_err(wrong)?;
    let found = engine
        .public_figures(&asked.caller, by, Span { from, to })
        .await
        .map_err(|error| refuse(Door::Account, error))?;
    Ok(json(StatusCode::OK, &figures(found, part)))
}

/// `GET /mailstats/blacklist`. Who sends too much is slowed down for a while, and nobody is
/// shut out for good, so that the list is empty.
pub(in super::super) async fn blacklist(
    State(engine): State<Posthouse>,
    request: Request,
) -> Response {
    let answer = async {
        admit(&engine, request).await?;
        let shut_out: [&str; 0] = [];
        Ok::<_, Said>(json(StatusCode::OK, &shut_out))
    };
    either(answer.await)
}

/// `GET /mailstats/blacklist/{domainOrIP}`.
pub(in super::super) async fn blacklisted(
    State(engine): State<Posthouse>,
    path: Parts<String>,
    request: Request,
) -> Response {
    let answer = async {
        admit(&engine, request).await?;
        parts(path)?;
        let blacklisted = false;
        Ok(json(StatusCode::OK, &Blacklisted { blacklisted }))
    };
    either(answer.await)
}
