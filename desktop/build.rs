//! The page that is built into the app may not have been made: an empty folder stands for it,
//! and the app is built again when there is something in it.

fn main() {
    let page = "ui/dist";
    // Where nothing can be made there is no page, which the app says of itself.
    let _ = std::fs::create_dir_all(page);
    println!("cargo::rerun-if-changed={page}");
    #[cfg(feature = "app")]
    app();
}

/// Of the commands that a page may be allowed, ours has one.
#[cfg(feature = "app")]
fn app() {
    let commands = tauri_build::AppManifest::new().commands(&["call"]);
    let attributes = tauri_build::Attributes::new().app_manifest(commands);
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo::error={error:#}");
    }
}
