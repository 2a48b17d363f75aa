//! Settings for people's mail programs, by themselves: autoconfig (Thunderbird and its kin),
//! autodiscover (Outlook) and a profile (Apple). All of them answer anybody, and say nothing of
//! who has a mailbox.

mod apple;
mod autoconfig;
mod autodiscover;

use axum::Router;
use axum::body::Body;
use axum::extract::{Query, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, HOST};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use posthouse::model::client::ClientPlaces;
use posthouse::{Error, Posthouse};
use serde::Deserialize;

use crate::http::answer::{Fault, fault};
use crate::http::body;

/// What a request of autodiscover may hold, in bytes.
const REQUEST_BYTES: usize = 16 * 1024;
const XML: &str = "text/xml; charset=utf-8";

/// Whom the settings are for.
#[derive(Debug, Deserialize)]
struct Asked {
    #[serde(default)]
    emailaddress: Option<String>,
}

/// The routes.
pub(crate) fn router(engine: Posthouse) -> Router {
    Router::new()
        .route("/mail/config-v1.1.xml", get(autoconfig))
        .route(
            "/.well-known/autoconfig/mail/config-v1.1.xml",
            get(autoconfig),
        )
        .route("/autodiscover/autodiscover.xml", post(autodiscover))
        .route("/Autodiscover/Autodiscover.xml", post(autodiscover))
        .route("/mail/apple.mobileconfig", get(apple))
        .with_state(engine)
        .method_not_allowed_fallback(async || {
            text(
                StatusCode::METHOD_NOT_ALLOWED,
                "This cannot be done here.\n",
            )
        })
}

/// Of an address its domain; without one, the host that was asked, which begins with
/// `autoconfig.` where a domain leads there.
async fn autoconfig(
    State(engine): State<Posthouse>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let domain = match asked.emailaddress.as_deref() {
        Some(address) => domain_of(address).map(str::to_owned),
        None => host(&headers),
    };
    let Some(domain) = domain else {
        return text(
            StatusCode::BAD_REQUEST,
            "Say ?emailaddress=you@example.com\n",
        );
    };
    match engine.client_places(&domain).await {
        Ok(places) => told(XML, autoconfig::answer(&domain, &places)),
        Err(error) => refused(error),
    }
}

async fn autodiscover(State(engine): State<Posthouse>, request: Request) -> Response {
    let now = engine.now();
    let (parts, body) = request.into_parts();
    let address = match body::read(body, &parts.headers, REQUEST_BYTES).await {
        Ok(whole) => autodiscover::address(&whole.bytes),
        Err(_) => None,
    };
    let Some(address) = address else {
        return told(
            XML,
            autodiscover::refusal(now, autodiscover::Wrong::Request),
        );
    };
    let places = match domain_of(&address) {
        Some(domain) => engine.client_places(domain).await,
        None => Err(Error::Missing(posthouse::error::Missing::Domain)),
    };
    match places {
        Ok(places) => told(XML, autodiscover::answer(&address, &places)),
        Err(Error::Missing(_) | Error::Invalid(_)) => told(
            XML,
            autodiscover::refusal(now, autodiscover::Wrong::Address),
        ),
        Err(error) => refused(error),
    }
}

async fn apple(State(engine): State<Posthouse>, Query(asked): Query<Asked>) -> Response {
    let address = asked.emailaddress.unwrap_or_default();
    let Some(domain) = domain_of(&address) else {
        return text(
            StatusCode::BAD_REQUEST,
            "Say ?emailaddress=you@example.com\n",
        );
    };
    let places = match engine.client_places(domain).await {
        Ok(places) => places,
        Err(error) => return refused(error),
    };
    let Some(profile) = apple::profile(&address, &places) else {
        return text(
            StatusCode::NOT_FOUND,
            "Mail is neither read nor sent here.\n",
        );
    };
    let mut response = told("application/x-apple-aspen-config", profile);
    response.headers_mut().insert(
        CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"mail.mobileconfig\""),
    );
    response
}

/// A profile for Apple's programs; None where this server shows no mail.
///
/// # Errors
/// In words, when it could not be written.
pub fn profile(address: &str, places: &ClientPlaces) -> Option<Result<Vec<u8>, String>> {
    apple::profile(address, places)
}

/// The domain of an address of plain form; whoever asks for another has no mailbox here.
fn domain_of(address: &str) -> Option<&str> {
    let (local, domain) = address.rsplit_once('@')?;
    let plain = |byte: u8| byte.is_ascii_graphic() && !b"\"<>()[]:;,\\@".contains(&byte);
    let plain = !local.is_empty() && local.len() <= 64 && local.bytes().all(plain);
    (plain && !domain.is_empty() && domain.len() <= 253).then_some(domain)
}

/// The host that was asked, without its port.
fn host(headers: &HeaderMap) -> Option<String> {
    let host = headers.get(HOST)?.to_str().ok()?;
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    Some(host.strip_prefix("autoconfig.").unwrap_or(host).to_owned())
}

fn told(kind: &'static str, content: Result<Vec<u8>, String>) -> Response {
    match content {
        Ok(content) => {
            let mut response = Response::new(Body::from(content));
            let headers = response.headers_mut();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
            response
        }
        Err(cause) => fault(cause),
    }
}

fn refused(error: Error) -> Response {
    match error {
        Error::Missing(_) | Error::Invalid(_) => text(
            StatusCode::NOT_FOUND,
            "There is no mail of that domain here.\n",
        ),
        Error::Busy(_) => text(StatusCode::SERVICE_UNAVAILABLE, "Busy. Try again soon.\n"),
        error @ (Error::Conflict(_)
        | Error::Denied(_)
        | Error::TooLarge(_)
        | Error::Unknown(_)
        | Error::Internal(_)) => {
            let mut response = text(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong.\n");
            response.extensions_mut().insert(Fault(error.to_string()));
            response
        }
    }
}

fn text(status: StatusCode, words: &'static str) -> Response {
    let mut response = Response::new(Body::from(words));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}

#[cfg(test)]
mod tests;
