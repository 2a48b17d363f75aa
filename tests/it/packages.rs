//! The desktop app's packages: what they need, and that what they hold runs.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use posthouse_tests::desktop::{Driver, Home, Screen};
use posthouse_tests::journey::walk;
use posthouse_tests::place;
use serde_json::json;

#[track_caller]
fn said(program: &str, arguments: &[&str]) -> String {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive");
    let ran = command.env("LC_ALL", "C").output().expect("it starts");
    let words = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{program} {arguments:?}: {words}");
    String::from_utf8_lossy(&ran.stdout).into_owned()
}

/// The libraries that the app is linked with.
fn libraries() -> Vec<String> {
    let binary = place::desktop();
    let headers = said("objdump", &["-p", binary.to_str().expect("text")]);
    let needed = headers
        .lines()
        .filter_map(|line| line.trim().strip_prefix("NEEDED"));
    needed.map(|name| name.trim().to_owned()).collect()
}

/// The newest C library that one of its symbols is of.
fn c_library() -> (u32, u32) {
    let binary = place::desktop();
    let symbols = said("objdump", &["-T", binary.to_str().expect("text")]);
    let versions = symbols.split("GLIBC_").skip(1).filter_map(version);
    versions.max().expect("a version")
}

/// The first two numbers of a version.
fn version(text: &str) -> Option<(u32, u32)> {
    let end = text.find(|one: char| one != '.' && !one.is_ascii_digit());
    let mut parts = text[..end.unwrap_or(text.len())].split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// The package of Debian that a library comes in.
fn owner(library: &str) -> String {
    let found = said("dpkg", &["-S", &format!("*/{library}")]);
    let line = found.lines().find(|line| !line.contains("-dev"));
    let name = line.and_then(|line| line.split(':').next());
    name.expect("a package").to_owned()
}

/// Removed with the test, whatever becomes of it.
struct Installed;

impl Installed {
    fn of(package: &Path) -> Self {
        let made = Self;
        let path = package.to_str().expect("text");
        said(
            "apt-get",
            &["install", "-y", "-qq", "--no-install-recommends", path],
        );
        made
    }
}

impl Drop for Installed {
    fn drop(&mut self) {
        let mut command = Command::new("apt-get");
        // What is not there needs no removing.
        drop(command.args(["remove", "-y", "-qq", "posthouse"]).output());
    }
}

#[test]
#[ignore = "installs a package: make test"]
fn the_deb_is_installed_started_and_removed() {
    let package = place::package("deb");
    let path = package.to_str().expect("text");
    let depends = said("dpkg-deb", &["-f", path, "Depends"]);
    let names: BTreeSet<&str> = depends
        .split(',')
        .map(|one| one.split_whitespace().next().expect("a name"))
        .collect();
    for library in libraries() {
        let owner = owner(&library);
        assert!(
            names.contains(owner.as_str()),
            "{library} of {owner}: {depends}"
        );
    }
    // This one is looked for only once it runs.
    assert!(names.contains("libayatana-appindicator3-1"), "{depends}");
    let (_, after) = depends.split_once("libc6 (>= ").expect("a version");
    assert!(
        version(after).expect("a version") >= c_library(),
        "{depends}"
    );

    let installed = Installed::of(&package);
    let entry = said("cat", &["/usr/share/applications/Posthouse.desktop"]);
    for line in [
        "Exec=posthouse-desktop %U",
        "MimeType=message/rfc822;x-scheme-handler/mailto;",
        "Icon=posthouse-desktop",
    ] {
        assert!(entry.lines().any(|one| one == line), "{line}: {entry}");
    }
    let (screen, home) = (Screen::start(), Home::new());
    let driver = Driver::start(&home, &screen);
    let mut about = driver.about(&home, "packages", &[]);
    about["application"] = json!("/usr/bin/posthouse-desktop");
    about["sees"] = json!(["First steps"]);
    walk("desktop_start", &about, |what, _| panic!("{what}"));
    home.at_rest();
    drop(installed);
    assert!(!Path::new("/usr/bin/posthouse-desktop").exists());
}

#[test]
#[ignore = "reads a package: make test"]
fn the_rpm_says_what_it_needs() {
    let package = place::package("rpm");
    let needs = said(
        "rpm",
        &["-qp", "--requires", package.to_str().expect("text")],
    );
    let is_there = |library: &str| {
        let mut lines = needs.lines();
        lines.any(|line| line.starts_with(&format!("{library}(")))
    };
    for library in libraries() {
        // The loader comes with the C library.
        assert!(
            library.starts_with("ld-") || is_there(&library),
            "{library}: {needs}"
        );
    }
    assert!(is_there("libayatana-appindicator3.so.1"), "{needs}");
    let (major, minor) = c_library();
    assert!(
        needs.contains(&format!("libc.so.6(GLIBC_{major}.{minor})")),
        "{needs}"
    );
    let files = said("rpm", &["-qpl", package.to_str().expect("text")]);
    for file in [
        "/usr/bin/posthouse-desktop",
        "/usr/share/applications/Posthouse.desktop",
    ] {
        assert!(files.lines().any(|line| line == file), "{file}: {files}");
    }
}
