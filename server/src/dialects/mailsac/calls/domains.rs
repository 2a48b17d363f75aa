//! `/api/domains`: whole domains' mail.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use posthouse::{Error, Posthouse};

use super::super::convert::domain::{domain, domain_info};
use super::super::convert::mail::shown;
use super::super::refuse::{Door, Said, refuse};
use super::{Parts, admit, either, parts, wrong};
use crate::http::answer::{empty, json, uncut};

fn no(error: Error) -> Said {
    refuse(Door::Account, error)
}

/// `GET /domains`.
pub(in super::super) async fn list(State(engine): State<Posthouse>, request: Request) -> Response {
    let answer = async {
        let asked = admit(&engine, request).await?;
        let found = engine.mail_domains(&asked.caller).await.map_err(no)?;
        let list: Vec<_> = found.into_iter().map(domain).collect();
        Ok(json(StatusCode::OK, &list))
    };
    either(answer.await)
}

/// `GET /domains/{domain}`.
pub(in super::super) async fn one(
    State(engine): State<Posthouse>,
    path: Parts<String>,
    request: Request,
) -> Response {
    let answer = async {
        let asked = admit(&engine, request).await?;
        let host = parts(path)?;
        let found = engine.mail_domain(&asked.caller, &host).await.map_err(no)?;
        Ok(json(StatusCode::OK, &domain_info(found)))
    };
    either(answer.await)
}

/// `GET /domains/{domain}/messages`.
pub(in super::super) async fn messages(
    State(engine): State<Posthouse>,
    path: Parts<String>,
    request: Request,
) -> Response {
    let answer = async {
        let asked = admit(&engine, request).await?;
        let (host, stretch) = (parts(path)?, asked.query.stretch().map_err(wrong)?);
        let found = engine
            .mail_at_domain(&asked.caller, &host, stretch)
            .await
            .map_err(no)?;
        let list: Vec<_> = found.iter().map(shown).collect();
        Ok(json(StatusCode::OK, &list))
    };
    either(answer.await)
}

/// `POST /domains/{domain}/delete-all-domain-mail`, and `PUT`.
pub(in super::super) async fn purge(
    State(engine): State<Posthouse>,
    path: Parts<String>,
    request: Request,
) -> Response {
    let answer = async {
        let asked = admit(&engine, request).await?;
        let host = parts(path)?;
        let purge = async move { engine.purge_domain_mail(&asked.caller, &host).await };
        uncut(purge).await.map_err(no)?;
        Ok(empty(StatusCode::NO_CONTENT))
    };
    either(answer.await)
}
