//! Keys for the doors of an organization.

use posthouse::model::key::{Mode, Scope};
use posthouse::ops::scoped_keys::NewScopedKey;
use posthouse_server::dialects::mailstack;
use posthouse_tests::keys;
use posthouse_tests::site::Site;

/// A Mailstack key that may do everything.
pub fn mailstack(site: &Site, mode: Mode) -> String {
    let new = NewScopedKey {
        shape: mailstack::LIVE_SHAPE,
        shapes: &[mailstack::LIVE_SHAPE, mailstack::TEST_SHAPE],
        token: mailstack::live_token,
        name: format!("everything, {mode}"),
        scopes: vec![Scope::All],
        mode: Some(mode),
        expires_at: None,
    };
    keys::make(site, None, new).1
}
