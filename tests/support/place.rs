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
    is_new(&binary, &binary.with_extension("d"));
    binary
}

/// A package of the desktop app, which `make packages` makes of the binary.
///
/// # Panics
/// When it is not there, or is older than the sources.
pub fn package(kind: &str) -> PathBuf {
    let binary = desktop();
    let folder = binary.with_file_name("bundle").join(kind);
    let found =
        std::fs::read_dir(&folder).unwrap_or_else(|_| panic!("no {folder:?}: make packages"));
    let files = found.map(|entry| entry.expect("an entry").path());
    let mut packages = files.filter(|path| path.extension().is_some_and(|end| end == kind));
    let package = packages.next().expect("a package: make packages");
    is_new(&package, &binary.with_extension("d"));
    package
}

/// Fails where what was made is older than what it was made of.
fn is_new(made: &Path, sources: &Path) {
    let when = modified(made).unwrap_or_else(|| panic!("no {made:?}: make test builds it"));
    let sources = std::fs::read_to_string(sources).unwrap_or_default();
    for source in sources.split_whitespace().skip(1) {
        let newer = modified(Path::new(source)).is_some_and(|changed| changed > when);
        assert!(
            !newer,
            "{source} changed after {made:?} was made: make test"
        );
    }
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
