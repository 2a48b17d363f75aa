//! The Mailsac API: addresses that keep mail, the mail they keep, and where it goes from there.

mod calls;
mod convert;
mod hooks;
pub mod kind;
mod messages;
mod refuse;
mod socket;
#[cfg(test)]
mod tests;
mod wire;

use axum::Router;
use axum::response::Response;
use axum::routing::{MethodRouter, get, post, put};
use posthouse::Posthouse;

use crate::http::{Dialect, either_slash};

pub use hooks::{Hooks, Slack};

/// The Mailsac API.
pub struct Mailsac;

/// Where the web socket is.
const SOCKET: &str = "/incoming-messages";

/// A path below `/api`, and what answers there.
type Route = (&'static str, MethodRouter<Posthouse>);

impl Dialect for Mailsac {
    fn name(&self) -> &'static str {
        "mailsac"
    }

    fn owns(&self, path: &str) -> bool {
        let below = |start: &str| {
            path.strip_prefix(start)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        (below("/api") && !below("/api/v1")) || below(SOCKET)
    }

    fn router(&self, engine: Posthouse) -> Router {
        let routes = [addresses(), messages::routes(), account(), figures()];
        let socket = either_slash(Router::new(), SOCKET, get(socket::open));
        routes
            .into_iter()
            .flatten()
            .fold(socket, |router, (path, to)| {
                either_slash(router, &format!("/api{path}"), to)
            })
            .with_state(engine)
    }

    fn no_route(&self) -> Response {
        refuse::not_found().response()
    }

    fn wrong_method(&self) -> Response {
        refuse::wrong_method().response()
    }

    fn fault(&self) -> Response {
        refuse::fault().response()
    }
}

fn addresses() -> Vec<Route> {
    use calls::{addresses as on, validations};
    vec![
        ("/addresses", get(on::list)),
        (
            "/addresses/{email}",
            get(on::one)
                .post(on::reserve)
                .put(on::route)
                .delete(on::release),
        ),
        ("/addresses/{email}/availability", get(on::available)),
        ("/private-addresses-bulk", post(on::reserve_all)),
        ("/private-address-forwarding/{email}", put(on::route)),
        ("/validations/addresses", post(validations::all)),
        ("/validations/addresses/{email}", get(validations::one)),
    ]
}

fn account() -> Vec<Route> {
    use calls::{account as on, domains, outgoing};
    vec![
        ("/inbox", get(on::inbox)),
        ("/me", get(on::me)),
        ("/me/stats", get(on::stats)),
        ("/domains", get(domains::list)),
        ("/domains/{domain}", get(domains::one)),
        ("/domains/{domain}/messages", get(domains::messages)),
        (
            "/domains/{domain}/delete-all-domain-mail",
            post(domains::purge).put(domains::purge),
        ),
        ("/outgoing-messages", post(outgoing::send)),
    ]
}

fn figures() -> Vec<Route> {
    use calls::figures as on;
    vec![
        ("/mailstats/top-addresses", get(on::addresses)),
        ("/mailstats/top-senders", get(on::senders)),
        ("/mailstats/top-domains", get(on::domains)),
        ("/mailstats/blacklist", get(on::blacklist)),
        ("/mailstats/blacklist/{which}", get(on::blacklisted)),
    ]
}
