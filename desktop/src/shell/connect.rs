//! Which console is shown: servers are added, shown and removed.

use std::time::Duration;

use posthouse::ids::{SystemEntropy, random};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Shell, locked, secret};
use crate::connection::{Connections, HERE, Server, address};
use crate::no::No;
use crate::remote::Remote;

/// How long a server that is removed has to hear that the session is over.
const FAREWELL: Duration = Duration::from_secs(5);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Added {
    name: String,
    url: String,
    user: String,
    password: String,
}

impl Shell {
    pub(super) async fn keep_token(&self, remote: &Remote) -> Result<(), No> {
        let id = locked(&self.connections)
            .at(remote.base())
            .map(|server| server.id.clone());
        let Some(id) = id else { return Ok(()) };
        let token = remote.token();
        self.secrets(move |secrets| match token {
            Some(token) => secrets.keep(&secret(&id), &token).map(|kept| {
                tracing::info!(?kept, "the session with a server is kept");
            }),
            None => {
                secrets.forget(&secret(&id));
                Ok(())
            }
        })
        .await?
        .map_err(No::internal)
    }

    /// Signs in there, and keeps the connection where that is taken. The password is not kept.
    pub(super) async fn add(&self, added: Added) -> Result<Value, No> {
        if added.name.trim().is_empty() {
            return Err(No::field("name", "Give it a name to find it by."));
        }
        let url = address(&added.url)?;
        let remote = Remote::at(url.clone(), None)?;
        let sign_in = json!({"name": added.user, "password": added.password});
        let signed_in = remote.call("session.sign_in", &sign_in).await;
        // Who is not known there is still who they are here.
        signed_in.map_err(|no| match no.0["error"]["kind"] == "unknown" {
            true => No::field("password", no.message()),
            false => no,
        })?;
        let known = locked(&self.connections).at(&url).map(|one| one.id.clone());
        let number = Uuid::from_bytes(random(&SystemEntropy));
        let server = Server {
            id: known.unwrap_or_else(|| number.simple().to_string()),
            name: added.name.trim().to_owned(),
            url,
        };
        self.change(|all| {
            all.add(server);
            Ok(())
        })?;
        *locked(&self.remote) = None;
        self.keep_token(&remote).await?;
        Ok(json!({}))
    }

    pub(super) fn show(&self, id: &str) -> Result<Value, No> {
        self.change(|all| all.show(id))?;
        self.turns.send_modify(|turn| *turn += 1);
        Ok(json!({}))
    }

    /// Shows this machine.
    pub fn come_home(&self) {
        if let Err(no) = self.show(HERE) {
            tracing::warn!(why = no.message(), "this machine cannot be shown");
        }
    }

    pub(super) async fn remove(&self, id: &str) -> Result<Value, No> {
        let url = {
            let mut all = locked(&self.connections).clone();
            all.show(id)?;
            all.active().map(|server| server.url.clone())
        };
        self.change(|all| {
            all.remove(id);
            Ok(())
        })?;
        let name = secret(id);
        let token = self.secrets(move |secrets| {
            let token = secrets.get(&name);
            secrets.forget(&name);
            token
        });
        if let (Some(url), Some(token)) = (url, token.await?) {
            let remote = Remote::at(url, Some(token))?;
            let farewell = async {
                remote.call("session.show", &json!({})).await?;
                remote.call("session.sign_out", &json!({})).await
            };
            if !matches!(tokio::time::timeout(FAREWELL, farewell).await, Ok(Ok(_))) {
                tracing::info!("the server was not told that the session is over");
            }
        }
        self.turns.send_modify(|turn| *turn += 1);
        Ok(json!({}))
    }

    fn change(&self, change: impl FnOnce(&mut Connections) -> Result<(), No>) -> Result<(), No> {
        let mut all = locked(&self.connections);
        let mut changed = all.clone();
        change(&mut changed)?;
        std::fs::create_dir_all(&self.folder).map_err(No::internal)?;
        changed.write(&self.folder).map_err(No::internal)?;
        *all = changed;
        Ok(())
    }
}
