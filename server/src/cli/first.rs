//! The first start: an organization, a domain, and credentials for both.

use posthouse::Posthouse;
use posthouse::model::key::{Mode, Scope};
use posthouse::ops::founding::Founding;
use posthouse::ops::keys::NewKey;
use serde::Serialize;

use crate::dialects::kind::{Bound, KeyKind, Names};
use crate::dialects::{KEY_KINDS, MANAGING, SENDING};
use crate::refusal::Refusal;

/// The domain that a new installation begins with; reserved (RFC 6761), so nobody's.
pub const DOMAIN: &str = "example.test";
/// The organization that a new installation begins with.
pub const ORGANIZATION: &str = "default";
/// The name of the keys that a new installation begins with.
pub const NAME: &str = "first";

/// What the first start made. Its tokens are shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct First {
    /// The organization's name.
    pub organization: String,
    /// Manages domains and keys.
    pub organization_token: String,
    /// The domain's host.
    pub domain: String,
    /// The domain's id.
    pub domain_id: i64,
    /// Sends from the domain, in mode capture.
    pub server_token: String,
    /// Keys of the other APIs, in mode capture, that may do everything there.
    pub keys: Vec<FirstKey>,
}

/// A key of one of the APIs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FirstKey {
    /// The kind of key.
    pub api: &'static str,
    /// Its token.
    pub token: String,
}

/// Makes the first organization when there is none: all of it, or nothing. None when there
/// is one.
///
/// # Errors
/// As the engine says.
pub async fn found(engine: &Posthouse) -> Result<Option<First>, Refusal> {
    let made = |kind: &KeyKind| NewKey {
        // Whatever the settings say: what was just unpacked sends nothing.
        mode: Some(Mode::Capture),
        ..kind.new_key((kind.live.token)(engine.entropy()), Some(NAME))
    };
    let (organization_key, domain_key) = (made(MANAGING), made(SENDING));
    let (organization_token, server_token) =
        (organization_key.token.clone(), domain_key.token.clone());
    let mut more_keys = Vec::new();
    let mut keys = Vec::new();
    for kind in KEY_KINDS.iter().filter(|kind| kind.names == Names::Unique) {
        let key = NewKey {
            scopes: vec![Scope::All],
            ..made(kind)
        };
        keys.push(FirstKey {
            api: kind.name,
            token: key.token.clone(),
        });
        more_keys.push(key);
    }
    let mut user_keys = Vec::new();
    for kind in KEY_KINDS.iter().filter(|kind| kind.bound == Bound::User) {
        let key = made(kind);
        keys.push(FirstKey {
            api: kind.name,
            token: key.token.clone(),
        });
        user_keys.push(key);
    }
    let founding = Founding {
        organization: ORGANIZATION.to_owned(),
        host: DOMAIN.to_owned(),
        organization_key,
        domain_key,
        more_keys,
        user_keys,
    };
    let founded = engine.found(founding).await?;
    Ok(founded.map(|founded| First {
        organization: founded.organization.name,
        organization_token,
        domain: founded.domain.host,
        domain_id: founded.domain.id.0,
        server_token,
        keys,
    }))
}

#[cfg(test)]
mod tests {
    use posthouse::ids::SystemEntropy;
    use posthouse::model::client::ClientPlaces;

    use super::*;
    use crate::boot;
    use crate::config::{Config, Layers};
    use crate::data::Data;

    #[tokio::test]
    async fn the_first_start_is_made_once_and_works() {
        let folder = tempfile::tempdir().unwrap();
        let data = Data::at(folder.path());
        let config = Config::load(&Layers::default()).unwrap();
        let key = data
            .make_master_key(&data.lock().unwrap(), &SystemEntropy)
            .unwrap();
        // A start that was cut off before it made anything.
        let engine = boot::open(&data, key.clone(), &config, ClientPlaces::default())
            .await
            .unwrap();
        engine.close().await;

        let engine = boot::open(&data, key, &config, ClientPlaces::default())
            .await
            .unwrap();
        let first = found(&engine).await.unwrap().unwrap();
        assert_eq!(
            (first.organization.as_str(), first.domain.as_str()),
            (ORGANIZATION, DOMAIN)
        );
        let manages = engine
            .authenticate(MANAGING.live.shape, &first.organization_token)
            .await
            .unwrap();
        assert_eq!(manages.needs(Scope::Domains).ok(), Some(()));
        let sends = engine
            .authenticate(SENDING.live.shape, &first.server_token)
            .await
            .unwrap();
        let key = sends.key().unwrap();
        assert_eq!(
            (key.mode, key.domain.map(|id| id.0)),
            (Mode::Capture, Some(first.domain_id))
        );
        let further = |kind: &&KeyKind| kind.names == Names::Unique || kind.bound == Bound::User;
        let kinds = KEY_KINDS.iter().filter(further);
        assert_eq!(
            first.keys.iter().map(|key| key.api).collect::<Vec<_>>(),
            kinds.clone().map(|kind| kind.name).collect::<Vec<_>>()
        );
        for (kind, made) in kinds.zip(&first.keys) {
            let shape = kind.live.shape;
            let caller = engine.authenticate(shape, &made.token).await.unwrap();
            let key = caller.key().unwrap();
            assert_eq!((key.mode, key.domain), (Mode::Capture, None));
            assert_eq!(key.user.is_some(), kind.bound == Bound::User);
            assert_eq!(key.may(Scope::Send), kind.bound != Bound::User);
        }
        assert_eq!(found(&engine).await.unwrap(), None);
        engine.close().await;
    }
}
