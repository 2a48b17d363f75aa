//! The menus of the window and of the tray.

use tauri::AppHandle;
use tauri::menu::{IsMenuItem, Menu, MenuBuilder, MenuItemBuilder, Submenu, SubmenuBuilder};
use tauri::tray::TrayIconBuilder;

use crate::menu::{Item, MENUS, TRAY as ITEMS};

/// What the tray's icon is called.
pub(super) const TRAY: &str = "tray";

fn item(app: &AppHandle, item: &Item) -> tauri::Result<tauri::menu::MenuItem<tauri::Wry>> {
    let made = MenuItemBuilder::with_id(item.id, item.text);
    match item.keys {
        Some(keys) => made.accelerator(keys).build(app),
        None => made.build(app),
    }
}

fn submenu(app: &AppHandle, name: &str, items: &[Item]) -> tauri::Result<Submenu<tauri::Wry>> {
    let mut menu = SubmenuBuilder::new(app, name);
    for one in items {
        menu = menu.item(&item(app, one)?);
    }
    menu.build()
}

/// Gives the window its menus. The platform's own for editing make its keys work on macOS.
pub(super) fn set(app: &AppHandle) -> tauri::Result<()> {
    let edit = SubmenuBuilder::new(app, "Edit")
        .undo()
        .redo()
        .separator()
        .cut()
        .copy()
        .paste()
        .select_all()
        .build()?;
    let mut all: Vec<Submenu<tauri::Wry>> = Vec::new();
    for (name, items) in MENUS {
        all.push(submenu(app, name, items)?);
        if all.len() == 1 {
            all.push(edit.clone());
        }
    }
    let all: Vec<&dyn IsMenuItem<tauri::Wry>> = all
        .iter()
        .map(|menu| menu as &dyn IsMenuItem<tauri::Wry>)
        .collect();
    app.set_menu(Menu::with_items(app, &all)?)?;
    Ok(())
}

/// Puts an icon into the tray; whether there is one now.
pub(super) fn tray(app: &AppHandle) -> bool {
    match make(app) {
        Ok(()) => true,
        Err(error) => {
            tracing::info!(%error, "there is no tray");
            false
        }
    }
}

fn make(app: &AppHandle) -> tauri::Result<()> {
    let mut menu = MenuBuilder::new(app);
    for one in ITEMS {
        menu = menu.item(&item(app, one)?);
    }
    let menu = menu.build()?;
    let mut tray = TrayIconBuilder::with_id(TRAY)
        .tooltip("Posthouse")
        .menu(&menu)
        .show_menu_on_left_click(true);
    if let Some(icon) = app.default_window_icon() {
        tray = tray.icon(icon.clone());
    }
    tray.build(app)?;
    Ok(())
}
