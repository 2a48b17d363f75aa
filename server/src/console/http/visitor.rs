//! Who asks, as far as their browser tells: the cookie of their session, and the proof that
//! one of our own pages asks in their name.

use std::net::{IpAddr, Ipv4Addr};

use axum::http::header::COOKIE;
use axum::http::{Extensions, HeaderMap, HeaderValue};
use posthouse::Error;
use posthouse::error::{Unknown, internal};
use posthouse::limits::SESSION_LONGEST;

use super::super::call::{Keeps, Visitor};
use super::super::session::csrf;
use super::super::table::Table;
use super::super::trouble::{Outcome, Trouble};
use crate::http::socket::origin::is_ours;
use crate::net::{Peer, Transport};

/// The cookie that a session's token is in.
const COOKIE_NAME: &str = "posthouse_session";

/// What a request is called in the log, among its extensions.
#[derive(Clone, Debug)]
pub(crate) struct Number(pub(crate) String);

impl Number {
    pub(super) fn of(extensions: &Extensions) -> Option<String> {
        extensions.get::<Self>().map(|number| number.0.clone())
    }
}

/// From where a request came.
pub(super) fn remote(extensions: &Extensions) -> IpAddr {
    extensions
        .get::<Peer>()
        .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0.ip())
}

/// The token in the cookies, if there is just one.
fn token(headers: &HeaderMap) -> Option<&str> {
    let mut found = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(name, _)| *name == COOKIE_NAME)
        .map(|(_, token)| token);
    let first = found.next();
    first.filter(|token| found.next().is_none() && !token.is_empty())
}

/// Who shows the cookie of a session.
///
/// # Errors
/// `Unknown` where it is none, or over; as the store says.
pub(super) async fn visitor(table: &Table, headers: &HeaderMap) -> Outcome<Visitor> {
    let Some(token) = token(headers) else {
        return Err(Error::Unknown(Unknown::Absent).into());
    };
    let session = table.engine().session(token).await.map_err(|error| {
        match error {
            // Of a cookie nobody knows whether it was ever right.
            Error::Unknown(Unknown::Wrong) => Error::Unknown(Unknown::Revoked),
            other => other,
        }
    })?;
    Ok(Visitor::Person(Box::new(session), token.to_owned()))
}

/// Refuses what no page of ours asks. A stranger's page can neither set our header without
/// asking first (which nobody answers), nor know the token that our pages are given.
///
/// # Errors
/// `Forged`.
pub(super) fn is_our_page(table: &Table, visitor: &Visitor, headers: &HeaderMap) -> Outcome<()> {
    let said = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let ours = match said("sec-fetch-site") {
        Some(site) => matches!(site, "same-origin" | "none"),
        None => is_ours(headers, table.engine().public_url().as_str()),
    };
    let meant = match visitor {
        Visitor::Nobody | Visitor::Machine(_) => true,
        Visitor::Person(_, token) => said("x-csrf-token").is_some_and(|shown| csrf(token) == shown),
    };
    if ours && meant && said("x-posthouse-console") == Some("1") {
        return Ok(());
    }
    Err(Trouble::Forged)
}

/// What the browser is told to keep. Only our own pages' calls carry it, and no script reads it.
///
/// # Errors
/// `Internal` for a token that fits into no header.
pub(super) fn cookie(
    keeps: &Keeps,
    headers: &HeaderMap,
    extensions: &Extensions,
) -> Outcome<HeaderValue> {
    let by_proxy = headers.get("x-forwarded-proto");
    let secure = extensions.get::<Transport>() == Some(&Transport::Tls)
        || by_proxy.is_some_and(|scheme| scheme == "https");
    let secure = if secure { "; Secure" } else { "" };
    let (token, seconds) = match keeps {
        Keeps::Token(token) => (token.as_str(), SESSION_LONGEST.as_secs()),
        Keeps::Nothing => ("", 0),
    };
    let text = format!(
        "{COOKIE_NAME}={token}; Path=/console; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}"
    );
    Ok(HeaderValue::from_str(&text).map_err(internal)?)
}
