//! What recipients ask of us: the image that tells of an opening, the links that tell of a
//! click, and to unsubscribe.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, REFERRER_POLICY, RETRY_AFTER,
    USER_AGENT, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::response::Response;
use axum::routing::get;
use posthouse::mime::track::PIXEL_GIF;
use posthouse::ops::track::Visit;
use posthouse::{Error, Posthouse};

use super::answer::{Fault, uncut};
use super::body;
use crate::net::Peer;

/// How long an answer waits for its event. What takes longer is written none the less, but
/// for a server that is stopped meanwhile.
const RECORDING: Duration = Duration::from_millis(200);
/// What a POST to unsubscribe may hold.
const FORM_BYTES: usize = 16 * 1024;

/// The routes.
pub(super) fn router(engine: Posthouse) -> Router {
    Router::new()
        .route("/t/o/{image}", get(opened))
        .route("/t/c/{token}", get(clicked))
        .route("/t/u/{token}", get(ask).post(unsubscribe))
        .with_state(engine)
        .method_not_allowed_fallback(async || {
            page(
                StatusCode::METHOD_NOT_ALLOWED,
                "Not allowed",
                "<p>This cannot be done here.</p>",
            )
        })
}

/// The image is given to everybody: a broken one would be seen.
async fn opened(State(engine): State<Posthouse>, request: Request) -> Response {
    if request.method() == Method::GET
        && let Some(token) = last(request.uri()).strip_suffix(".gif")
    {
        let (token, visit) = (token.to_owned(), visit(&request));
        record("an opening", async move {
            engine.record_open(&token, visit).await
        })
        .await;
    }
    let mut response = Response::new(Body::from(PIXEL_GIF.as_slice()));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("image/gif"));
    private(headers);
    response
}

/// Redirects to where the sender's link led, and nowhere else, whether or not the click can
/// be written down.
async fn clicked(State(engine): State<Posthouse>, request: Request) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let Ok(click) = engine.click(last(request.uri()), query) else {
        return unknown();
    };
    let Ok(location) = HeaderValue::from_str(click.target()) else {
        return unknown();
    };
    if request.method() == Method::GET {
        let visit = visit(&request);
        record("a click", async move {
            engine.record_click(&click, visit).await
        })
        .await;
    }
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::FOUND;
    let headers = response.headers_mut();
    headers.insert(LOCATION, location);
    private(headers);
    response
}

/// Asks whether it is meant. A GET changes nothing: programs that look for bad links follow
/// every one.
async fn ask(State(engine): State<Posthouse>, request: Request) -> Response {
    match engine.unsubscribing(last(request.uri())).await {
        Ok(host) => page(
            StatusCode::OK,
            "Unsubscribe",
            &format!(
                "<p>Do you want no more mail from {host}?</p>\n<form method=\"post\">\
                 <button name=\"List-Unsubscribe\" value=\"One-Click\">Unsubscribe</button></form>"
            ),
        ),
        Err(error) => refused(error),
    }
}

/// By a mail program's one click (RFC 8058 3.2) or by the form.
async fn unsubscribe(State(engine): State<Posthouse>, request: Request) -> Response {
    let (token, visit) = (last(request.uri()).to_owned(), visit(&request));
    let (parts, form) = request.into_parts();
    let said = match body::read(form, &parts.headers, FORM_BYTES).await {
        Ok(whole) => is_one_click(&whole.bytes),
        Err(_) => false,
    };
    if !said {
        return page(
            StatusCode::BAD_REQUEST,
            "Not understood",
            "<p>To unsubscribe, open the link and press the button.</p>",
        );
    }
    match uncut(async move { engine.unsubscribe(&token, visit).await }).await {
        Ok(host) => page(
            StatusCode::OK,
            "Unsubscribed",
            &format!("<p>You will get no more mail from {host}.</p>"),
        ),
        Err(error) => refused(error),
    }
}

/// Whether a form says List-Unsubscribe=One-Click, URL-encoded or as multipart: both are
/// allowed, and in both the two words stand as they are (RFC 8058 3.2).
fn is_one_click(form: &[u8]) -> bool {
    let form = String::from_utf8_lossy(form);
    form.find("List-Unsubscribe")
        .is_some_and(|at| form[at..].contains("One-Click"))
}

/// The last piece of the path.
fn last(uri: &Uri) -> &str {
    uri.path().rsplit('/').next().unwrap_or_default()
}

fn visit(request: &Request) -> Visit {
    let peer = request.extensions().get::<Peer>();
    let agent = request.headers().get(USER_AGENT);
    Visit {
        ip: peer.map(|Peer(address)| address.ip().to_canonical()),
        user_agent: agent.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()),
    }
}

/// Waits a little for a recording, and logs what does not come to pass.
async fn record(
    what: &'static str,
    recording: impl Future<Output = Result<(), Error>> + Send + 'static,
) {
    match tokio::time::timeout(RECORDING, uncut(recording)).await {
        Ok(Ok(())) => {}
        Ok(Err(error @ Error::Missing(_))) => tracing::debug!(%error, what, "not recorded"),
        Ok(Err(error)) => tracing::warn!(%error, what, "not recorded"),
        Err(_) => tracing::warn!(what, "still being recorded when its answer went out"),
    }
}

/// Kept by nobody, and tells nobody: the address of these pages is a token.
fn private(headers: &mut HeaderMap) {
    let robots = HeaderName::from_static("x-robots-tag");
    for (name, value) in [
        (CACHE_CONTROL, "no-store"),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (robots, "noindex, nofollow"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// A page of plain HTML, without scripts, styles and pictures. `content` is HTML; what is
/// put into it, hosts of domains, has no character that means something there.
fn page(status: StatusCode, title: &str, content: &str) -> Response {
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>{title}</title>\n<h1>{title}</h1>\n{content}\n</html>\n"
    );
    let mut response = Response::new(Body::from(html));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    headers.insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
        ),
    );
    private(headers);
    response
}

fn unknown() -> Response {
    page(
        StatusCode::NOT_FOUND,
        "Not found",
        "<p>This link is not one of ours, or it is damaged.</p>",
    )
}

fn refused(error: Error) -> Response {
    match error {
        Error::Missing(_) => unknown(),
        Error::Busy(_) => {
            tracing::warn!(%error, "unsubscribing has to wait");
            let mut response = page(
                StatusCode::SERVICE_UNAVAILABLE,
                "Not now",
                "<p>This could not be done just now. Please try again in a minute.</p>",
            );
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from_static("60"));
            response
        }
        Error::Conflict(_)
        | Error::Denied(_)
        | Error::Internal(_)
        | Error::Invalid(_)
        | Error::TooLarge(_)
        | Error::Unknown(_) => {
            let mut response = page(
                StatusCode::INTERNAL_SERVER_ERROR,
                "An error of ours",
                "<p>This could not be done. Please try again later.</p>",
            );
            response.extensions_mut().insert(Fault(error.to_string()));
            response
        }
    }
}

#[cfg(test)]
mod tests;
