//! Where things are, and which ports are free.

use std::net::{TcpListener, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The top of the workspace.
///
/// # Panics
/// When the sources have moved since the build.
pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("tests/ is in the workspace")
        .to_owned()
}

/// A file of this package.
pub fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The server's binary.
///
/// # Panics
/// As [`built`].
pub fn posthouse() -> PathBuf {
    built("posthouse")
}

/// The desktop app's binary.
///
/// # Panics
/// As [`built`].
pub fn desktop() -> PathBuf {
    built("posthouse-desktop")
}

/// A binary of ours, beside the one that runs.
///
/// # Panics
/// When it is not built, or is older than its sources: a test against yesterday's program
/// proves nothing.
fn built(program: &str) -> PathBuf {
    let me = std::env::current_exe().expect("this program has a path");
    let profile = me.ancestors().find(|folder| folder.join("deps").is_dir());
    let binary = profile.expect("built by cargo").join(program);
    let built =
        modified(&binary).unwrap_or_else(|| panic!("no {binary:?}: cargo build --workspace"));
    let sources = std::fs::read_to_string(binary.with_extension("d")).unwrap_or_default();
    for source in sources.split_whitespace().skip(1) {
        let newer = modified(Path::new(source)).is_some_and(|changed| changed > built);
        assert!(
            !newer,
            "{source} changed after the build: cargo build --workspace"
        );
    }
    binary
}

fn modified(path: &Path) -> Option<std::time::SystemTime> {
    path.metadata().ok()?.modified().ok()
}

/// The Python of the virtual environment that `make test` makes.
///
/// # Panics
/// When it is not there.
pub fn python() -> Command {
    let program = workspace().join("target/venv/bin/python");
    assert!(program.exists(), "no {program:?}: make peers");
    let mut command = Command::new(program);
    command
        .env("PYTHONUNBUFFERED", "1")
        .env("PYTHONWARNINGS", "ignore");
    command
}

/// Node, in the folder where `make test` installs its packages.
///
/// # Panics
/// When they are not installed.
pub fn node() -> Command {
    let folder = here("node");
    assert!(
        folder.join("node_modules").is_dir(),
        "no node_modules in {folder:?}: make peers"
    );
    let mut command = Command::new("node");
    command.current_dir(folder);
    command
}

/// A port that is free on `host`, for TCP and UDP both, chosen by the system.
///
/// # Panics
/// When there is none.
pub fn free_port(host: &str) -> u16 {
    for _ in 0..50 {
        let tcp = TcpListener::bind((host, 0)).expect("a port of the system's choice");
        let port = tcp.local_addr().expect("bound").port();
        if UdpSocket::bind((host, port)).is_ok() {
            return port;
        }
    }
    panic!("no port of {host} is free for both TCP and UDP");
}
