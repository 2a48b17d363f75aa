//! Tells the page what changes in the console that it shows, and the person of new mail.

use std::sync::Arc;
use std::time::Duration;

use posthouse_server::console::changes::Changes;
use posthouse_server::console::wire::{Changed, ChangedKind};
use serde_json::{Value, json};
use tauri::{AppHandle, Emitter as _, Manager as _};
use tauri_plugin_notification::NotificationExt as _;

use crate::news::News;
use crate::no::No;
use crate::shell::{Shell, Through};

/// Before a server is asked again that does not tell.
const AGAIN: Duration = Duration::from_secs(5);
/// How much of the newest mail is looked at.
const LOOKED_AT: u32 = 20;

/// Goes on as long as the app does.
pub(super) async fn watch(app: AppHandle) {
    let shell = app.state::<Arc<Shell>>().inner().clone();
    let mut turns = shell.turns();
    loop {
        turns.mark_unchanged();
        let relayed = async {
            if let Err(no) = relay(&app, &shell).await {
                tracing::debug!(why = no.message(), "changes are not heard of");
            }
            tokio::time::sleep(AGAIN).await;
        };
        tokio::select! {
            () = relayed => {}
            turned = turns.changed() => {
                if turned.is_err() {
                    return;
                }
            }
        }
    }
}

async fn relay(app: &AppHandle, shell: &Shell) -> Result<(), No> {
    let through = shell.through().await?;
    let mut ears = match &through {
        Through::Here(house) => Ears::Here(Changes::of(house.engine())),
        Through::There(remote) => Ears::There(remote.events().await?),
    };
    let mut news = News::default();
    tell_news(app, shell, &mut news).await?;
    // What was said while nobody listened is not said again.
    tell(app, &all());
    while let Some(changes) = ears.next().await {
        let is_mail = |change: &Value| change["what"] == "message" || change["what"] == "all";
        let mail = changes.iter().any(is_mail);
        for change in &changes {
            tell(app, change);
        }
        if mail {
            tell_news(app, shell, &mut news).await?;
        }
    }
    Ok(())
}

enum Ears {
    Here(Changes),
    There(crate::remote::Events),
}

impl Ears {
    /// What changes next; None when no more is told.
    async fn next(&mut self) -> Option<Vec<Value>> {
        match self {
            Self::Here(changes) => {
                let heard = changes.heard().await;
                let told = changes.gather(heard).await?;
                Some(
                    told.iter()
                        .filter_map(|one| serde_json::to_value(one).ok())
                        .collect(),
                )
            }
            Self::There(events) => Some(vec![events.next().await?]),
        }
    }
}

fn all() -> Value {
    let changed = Changed {
        what: ChangedKind::All,
        id: None,
    };
    serde_json::to_value(changed).unwrap_or_default()
}

fn tell(app: &AppHandle, change: &Value) {
    if let Err(error) = app.emit("change", change) {
        tracing::warn!(%error, "the page cannot be told");
    }
}

async fn tell_news(app: &AppHandle, shell: &Shell, news: &mut News) -> Result<(), No> {
    let asked = json!({"mailbox": null, "folder": null, "before": null, "limit": LOOKED_AT, "search": null});
    let list = shell.console("message.list", asked).await?;
    for notice in news.of(&list) {
        let shown = app
            .notification()
            .builder()
            .title(notice.title)
            .body(notice.body)
            .show();
        match shown {
            Ok(()) => tracing::info!(place = notice.place, "told of new mail"),
            Err(error) => tracing::info!(%error, "nobody can be told of new mail"),
        }
    }
    Ok(())
}
