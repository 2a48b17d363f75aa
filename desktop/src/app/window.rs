//! The window, and what is said to its page.

use std::error::Error;
use std::sync::{Mutex, PoisonError};

use tauri::utils::assets::AssetKey;
use tauri::webview::{NewWindowResponse, PageLoadEvent};
use tauri::{AppHandle, Context, Manager as _, Url, WebviewUrl, WebviewWindowBuilder, WindowEvent};

use crate::frames::{Leads, leads};
use crate::mailto;
use crate::menu;

/// The one window.
pub(super) const MAIN: &str = "main";

/// Where the page goes once it is there.
#[derive(Default)]
pub(super) struct Waiting(Mutex<Page>);

#[derive(Default)]
enum Page {
    #[default]
    Coming,
    Going(String),
    There,
}

/// Refuses where the app was built without its page.
pub(super) fn has_page(context: &Context) -> Result<(), Box<dyn Error>> {
    let index = AssetKey::from("/index.html");
    if context.assets().get(&index).is_some() {
        return Ok(());
    }
    let words = "this app was built without its page; run `make desktop` where Posthouse is built";
    Err(words.into())
}

pub(super) fn make(app: &AppHandle, hidden: bool) -> tauri::Result<()> {
    let outside = app.clone();
    let new = app.clone();
    let window = WebviewWindowBuilder::new(app, MAIN, WebviewUrl::default())
        .title("Posthouse")
        .inner_size(1240.0, 820.0)
        .min_inner_size(480.0, 400.0)
        .visible(!hidden)
        .on_navigation(move |url| match leads(url) {
            Leads::Within => true,
            Leads::Outside => {
                open(&outside, url);
                false
            }
            Leads::Nowhere => false,
        })
        .on_new_window(move |url, _| {
            if leads(&url) == Leads::Outside {
                open(&new, &url);
            }
            NewWindowResponse::Deny
        })
        .on_page_load(|window, load| {
            if load.event() == PageLoadEvent::Finished {
                arrived(window.app_handle());
            }
        })
        .build()?;
    let app = app.clone();
    window.on_window_event(move |event| {
        if let WindowEvent::CloseRequested { api, .. } = event
            && app.tray_by_id(super::menus::TRAY).is_some()
        {
            // Listeners and notifications go on; the tray brings it back, or ends it.
            api.prevent_close();
            if let Some(window) = app.get_webview_window(MAIN)
                && let Err(error) = window.hide()
            {
                tracing::warn!(%error, "the window cannot be hidden");
            }
        }
    });
    Ok(())
}

/// A link that leads outside.
fn open(app: &AppHandle, url: &Url) {
    if let Some(place) = mailto::place(url.as_str()) {
        return go(app, &place);
    }
    if let Err(error) = open::that_detached(url.as_str()) {
        tracing::warn!(%error, "no browser opens a link");
    }
}

/// The page is there: it goes where somebody wanted it to.
fn arrived(app: &AppHandle) {
    let waiting = app.state::<Waiting>();
    let page = {
        let mut page = waiting.0.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *page, Page::There)
    };
    if let Page::Going(place) = page {
        run(app, &menu::goes(&place));
    }
}

/// Has the page show a place, and the window be seen.
pub(super) fn go(app: &AppHandle, place: &str) {
    let waiting = app.state::<Waiting>();
    let is_there = {
        let mut page = waiting.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &*page {
            Page::There => true,
            Page::Coming | Page::Going(_) => {
                *page = Page::Going(place.to_owned());
                false
            }
        }
    };
    if is_there {
        run(app, &menu::goes(place));
    }
    raise(app);
}

/// Has the page run a script of ours.
pub(super) fn run(app: &AppHandle, script: &str) {
    let Some(window) = app.get_webview_window(MAIN) else {
        return;
    };
    if let Err(error) = window.eval(script) {
        tracing::warn!(%error, "the page cannot be told");
    }
}

/// Shows the window, before all others.
pub(super) fn raise(app: &AppHandle) {
    let Some(window) = app.get_webview_window(MAIN) else {
        return;
    };
    let raised = window
        .show()
        .and_then(|()| window.unminimize())
        .and_then(|()| window.set_focus());
    if let Err(error) = raised {
        tracing::warn!(%error, "the window cannot be raised");
    }
}
