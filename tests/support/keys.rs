//! Keys with permissions of their own, made beside a running server.

use posthouse::error::Error;
use posthouse::ops::scoped_keys::NewScopedKey;
use posthouse_server::boot;
use posthouse_server::config::{Config, Layers};
use posthouse_server::data::Data;

use crate::site::Site;

/// Makes a key in an organization, the first one unless it is named; its id and token.
///
/// # Panics
/// When it is not made.
pub fn make(site: &Site, organization: Option<&str>, new: NewScopedKey) -> (i64, String) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let made: Result<_, Error> = runtime.block_on(async {
        let data = Data::at(&site.data());
        let master = data.master_key(None).expect("a master key").expect("one");
        let config = Config::load(&Layers::default()).expect("the defaults");
        let engine = boot::open(&data, master, &config)
            .await
            .expect("a database");
        let operator = engine.operator(organization).await?;
        let made = engine.create_scoped_key(&operator, new).await;
        engine.close().await;
        made
    });
    let (key, token) = made.expect("a key");
    (key.id.0, token)
}
