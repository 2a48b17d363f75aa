//! Messages: the routes and handlers of one address's mail, of a message's content and files,
//! and of looking for mail.

mod change;
mod content;
mod figures;
mod files;
mod list;
mod one;
mod search;

use axum::routing::{get, put};

use super::Route;

/// The routes, below `/api`.
pub(super) fn routes() -> Vec<Route> {
    [lists(), of_one(), content_of_one()].concat()
}

fn lists() -> Vec<Route> {
    vec![
        ("/addresses/{email}/message-count", get(list::count)),
        (
            "/addresses/{email}/messages",
            get(list::list).delete(list::purge),
        ),
        ("/addresses/starred/messages", get(list::starred)),
        ("/inbox-filter", get(search::filter)),
        ("/inbox-search", get(search::search)),
        ("/mailstats/common-attachments", get(figures::list)),
        (
            "/mailstats/common-attachments/{md5}",
            get(figures::messages),
        ),
        (
            "/mailstats/common-attachments/{md5}/count",
            get(figures::count),
        ),
        (
            "/mailstats/common-attachments/{md5}/download",
            get(figures::download),
        ),
    ]
}

fn of_one() -> Vec<Route> {
    vec![
        (
            "/addresses/{email}/messages/{id}",
            get(one::one).delete(one::remove),
        ),
        ("/addresses/{email}/messages/{id}/star", put(change::star)),
        (
            "/addresses/{email}/messages/{id}/labels",
            put(change::relabel),
        ),
        (
            "/addresses/{email}/messages/{id}/labels/{label}",
            put(change::label).delete(change::unlabel),
        ),
        (
            "/addresses/{email}/messages/{id}/folder/{folder}",
            put(change::folder),
        ),
        (
            "/addresses/{email}/messages/{id}/read/{read}",
            put(change::read),
        ),
    ]
}

fn content_of_one() -> Vec<Route> {
    vec![
        (
            "/addresses/{email}/messages/{id}/headers",
            get(content::headers),
        ),
        (
            "/addresses/{email}/messages/{id}/attachments",
            get(files::list),
        ),
        (
            "/addresses/{email}/messages/{id}/attachments/{file}",
            get(files::file),
        ),
        ("/raw/{email}/{id}", get(content::raw)),
        ("/dirty/{email}/{id}", get(content::dirty)),
        ("/body/{email}/{id}", get(content::body)),
        ("/text/{email}/{id}", get(content::text)),
        ("/headers/{email}/{id}", get(content::headers)),
    ]
}
