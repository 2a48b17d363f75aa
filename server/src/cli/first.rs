//! The first start: an organization, a domain, and credentials for both.

use posthouse::Posthouse;
use posthouse::model::key::{Mode, Scope};
use posthouse::ops::founding::Founding;
use posthouse::ops::keys::{Keeping, NewKey};
use serde::Serialize;

use crate::dialects::{ORGANIZATION_SHAPE, SERVER_SHAPE, organization_token, server_token};
use crate::refusal::Refusal;

/// The domain that a new installation begins with; reserved (RFC 6761), so nobody's.
pub const DOMAIN: &str = "example.test";
/// The organization that a new installation begins with.
pub const ORGANIZATION: &str = "default";

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
}

/// Makes the first organization when there is none: all of it, or nothing. None when there
/// is one.
///
/// # Errors
/// As the engine says.
pub async fn found(engine: &Posthouse) -> Result<Option<First>, Refusal> {
    let organization_token = organization_token(engine.entropy());
    let server_token = server_token(engine.entropy());
    let founding = Founding {
        organization: ORGANIZATION.to_owned(),
        host: DOMAIN.to_owned(),
        organization_key: organization_key(organization_token.clone(), Some("first")),
        domain_key: NewKey {
            // Whatever the settings say: what was just unpacked sends nothing.
            mode: Some(Mode::Capture),
            ..domain_key(server_token.clone(), Some("first"))
        },
    };
    let founded = engine.found(founding).await?;
    Ok(founded.map(|founded| First {
        organization: founded.organization.name,
        organization_token,
        domain: founded.domain.host,
        domain_id: founded.domain.id.0,
        server_token,
    }))
}

/// A key to manage an organization's domains and keys with.
#[must_use]
pub fn organization_key(token: String, name: Option<&str>) -> NewKey {
    NewKey {
        shape: ORGANIZATION_SHAPE,
        token,
        prefix: None,
        keeping: Keeping::HashOnly,
        name: name.map(str::to_owned),
        domain: None,
        scopes: vec![Scope::Domains],
        mode: None,
        expires_at: None,
    }
}

/// A key to send with; still without its domain.
#[must_use]
pub fn domain_key(token: String, name: Option<&str>) -> NewKey {
    NewKey {
        shape: SERVER_SHAPE,
        token,
        prefix: None,
        keeping: Keeping::Readable,
        name: name.map(str::to_owned),
        domain: None,
        scopes: vec![Scope::Send],
        mode: None,
        expires_at: None,
    }
}

#[cfg(test)]
mod tests {
    use posthouse::ids::SystemEntropy;

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
        let engine = boot::open(&data, key.clone(), &config).await.unwrap();
        engine.close().await;

        let engine = boot::open(&data, key, &config).await.unwrap();
        let first = found(&engine).await.unwrap().unwrap();
        assert_eq!(
            (first.organization.as_str(), first.domain.as_str()),
            (ORGANIZATION, DOMAIN)
        );
        let manages = engine
            .authenticate(ORGANIZATION_SHAPE, &first.organization_token)
            .await
            .unwrap();
        assert_eq!(manages.needs(Scope::Domains).ok(), Some(()));
        let sends = engine
            .authenticate(SERVER_SHAPE, &first.server_token)
            .await
            .unwrap();
        let key = sends.key().unwrap();
        assert_eq!(
            (key.mode, key.domain.map(|id| id.0)),
            (Mode::Capture, Some(first.domain_id))
        );
        assert_eq!(found(&engine).await.unwrap(), None);
        engine.close().await;
    }
}
