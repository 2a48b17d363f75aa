//! The one command that the page may call.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;
use tauri::{AppHandle, Manager as _, State};
use tauri_plugin_dialog::DialogExt as _;
use tokio::sync::oneshot;

use super::Begun;
use crate::shell::{Asks, Shell};

/// The first that the page asks once somebody is there.
const FIRST: &str = "overview.show";

/// Runs a command; an error is `{"error": {…}}`.
#[tauri::command]
pub(super) async fn call(
    app: AppHandle,
    shell: State<'_, Arc<Shell>>,
    name: String,
    input: Value,
) -> Result<Value, Value> {
    let done = shell.call(&name, input, &Dialog(&app)).await;
    if name == FIRST && done.is_ok() {
        tell_usable(&app);
    }
    done.map_err(|no| no.0)
}

/// Tells once how long it took until there was something to see.
fn tell_usable(app: &AppHandle) {
    static TOLD: AtomicBool = AtomicBool::new(false);
    if !TOLD.swap(true, Ordering::Relaxed) {
        let ms = app.state::<Begun>().0.elapsed().as_millis();
        tracing::info!(ms, "usable");
    }
}

/// The platform's dialog.
struct Dialog<'a>(&'a AppHandle);

impl Asks for Dialog<'_> {
    fn place_for(&self, name: &str) -> posthouse::outside::Future<'_, Option<PathBuf>> {
        let (chosen, choice) = oneshot::channel();
        let mut dialog = self.0.dialog().file().set_file_name(name);
        if let Some(window) = self.0.get_webview_window(super::window::MAIN) {
            dialog = dialog.set_parent(&window);
        }
        dialog.save_file(move |path| {
            // Who does not wait any more has no use for it.
            let _ = chosen.send(path);
        });
        Box::pin(async move { choice.await.ok()??.into_path().ok() })
    }
}
