//! The app: a window, its menus, the tray, and the one command that the page may call.

mod call;
mod chain;
mod frame;
mod menus;
mod watch;
mod window;

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Parser as _;
use posthouse_server::house;
use tauri::{AppHandle, Manager as _, RunEvent, Wry};

use crate::asked::{Asked, Wanted};
use crate::folder;
use crate::menu::Does;
use crate::shell::Shell;

/// How long an end waits for what is under way.
const GRACE: Duration = Duration::from_secs(5);

/// Since when the program runs.
struct Begun(Instant);

/// Runs until somebody quits.
#[must_use]
pub fn main() -> ExitCode {
    let begun = Begun(Instant::now());
    let asked = Asked::parse();
    house::log();
    match run(begun, asked) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("posthouse-desktop: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(begun: Begun, asked: Asked) -> Result<(), Box<dyn std::error::Error>> {
    let usual = folder::data(None);
    let data = folder::data(asked.data.clone())
        .ok_or("there is no folder for data on this machine; name one with --data DIR")?;
    let data = std::path::absolute(data)?;
    let here = std::env::current_dir().unwrap_or_default();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    tauri::async_runtime::set(runtime.handle().clone());
    let is_usual = usual.is_some_and(|usual| usual == data);
    let shell = Arc::new(Shell::new(data.clone(), Arc::new(chain::Platform)));
    let wanted = asked.wanted(&here);
    let opening = shell.clone();
    let context = tauri::generate_context!();
    window::has_page(&context)?;
    let app = tauri::Builder::default()
        .plugin(single(&data, is_usual))
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_notification::init())
        .plugin(remembering(&data))
        .manage(begun)
        .manage(shell.clone())
        .manage(window::Waiting::default())
        .invoke_handler(tauri::generate_handler![call::call])
        .on_menu_event(|app, event| {
            if let Some(does) = crate::menu::does(event.id().as_ref()) {
                act(app, does);
            }
        })
        .register_asynchronous_uri_scheme_protocol("mail", frame::answer)
        .setup(move |app| {
            let handle = app.handle();
            menus::set(handle)?;
            let tray = menus::tray(handle);
            window::make(handle, asked.hidden && tray)?;
            for one in &wanted {
                show(handle, one);
            }
            // The page asks at once; by then it is half done.
            tauri::async_runtime::spawn(async move { drop(opening.house().await) });
            tauri::async_runtime::spawn(watch::watch(handle.clone()));
            tauri::async_runtime::spawn(told_to_stop(handle.clone()));
            Ok(())
        })
        .build(context)?;
    app.run(move |app, event| match event {
        RunEvent::Exit => runtime.block_on(shell.close(GRACE)),
        #[cfg(target_os = "macos")]
        RunEvent::Opened { urls } => {
            for url in urls {
                let text = std::ffi::OsString::from(url.as_str());
                show(app, &crate::asked::wanted(&text, std::path::Path::new("/")));
            }
        }
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => window::raise(app),
        _ => {
            let _ = app;
        }
    });
    Ok(())
}

/// A second start hands over what it was asked, and ends. Another data folder is another app.
fn single(data: &std::path::Path, is_usual: bool) -> tauri::plugin::TauriPlugin<Wry> {
    let builder = tauri_plugin_single_instance::Builder::new().callback(|app, arguments, cwd| {
        window::raise(app);
        let asked = Asked::again(&arguments);
        for one in asked
            .iter()
            .flat_map(|asked| asked.wanted(&PathBuf::from(&cwd)))
        {
            show(app, &one);
        }
    });
    match is_usual {
        true => builder.build(),
        false => builder.dbus_id(folder::name(data)).build(),
    }
}

/// Size and place of the window, in the data folder.
fn remembering(data: &std::path::Path) -> tauri::plugin::TauriPlugin<Wry> {
    use tauri_plugin_window_state::{Builder, StateFlags};
    let file = data.join("window.json");
    Builder::new()
        .with_state_flags(StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED)
        .with_filename(file.to_string_lossy())
        .build()
}

/// Shows what somebody wants to see.
fn show(app: &AppHandle, wanted: &Wanted) {
    match wanted {
        Wanted::Place(place) => window::go(app, place),
        Wanted::File(path) => {
            let place = app.state::<Arc<Shell>>().open(path);
            window::go(app, &place);
        }
    }
}

fn act(app: &AppHandle, does: Does) {
    match does {
        Does::Goes(place) => window::go(app, place),
        Does::Searches => window::run(app, crate::menu::SEARCHES),
        Does::Reloads => window::run(app, "location.reload();"),
        Does::Shows => window::raise(app),
        Does::ComesHome => {
            app.state::<Arc<Shell>>().come_home();
            window::run(app, "location.hash = '#/overview'; location.reload();");
        }
        Does::Quits => app.exit(0),
    }
}

/// Ends in good order when the system asks for it.
async fn told_to_stop(app: AppHandle) {
    if let Err(error) = asked_to_stop().await {
        tracing::warn!(%error, "signals are not heard");
        return;
    }
    app.exit(0);
}

#[cfg(unix)]
async fn asked_to_stop() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        ended = tokio::signal::ctrl_c() => ended,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn asked_to_stop() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}
