//! Somebody at the pages: a journey of `node/journey`, in a browser, with the world around it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::place;

/// Walks a journey to its end. `about` is what it begins with, which says the backend too;
/// `world` answers what it asks for.
///
/// # Panics
/// When it does not come to its end; what was seen then is told.
pub fn walk(journey: &str, about: &Value, world: impl FnMut(&str, &Value) -> Value) {
    walk_by(&mut place::node(), journey, about, world);
}

/// The same, by a node with an environment of its own.
///
/// # Panics
/// As [`walk`].
pub fn walk_by(
    node: &mut Command,
    journey: &str,
    about: &Value,
    mut world: impl FnMut(&str, &Value) -> Value,
) {
    let walker = node
        .args(["journey/walk.js", journey])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let mut walker = Walker(walker.expect("node starts"));
    let mut input = walker.0.stdin.take().expect("piped");
    let output = BufReader::new(walker.0.stdout.take().expect("piped"));
    writeln!(input, "{about}").expect("it reads");
    for line in output.lines() {
        let line = line.expect("text");
        let asked: Value =
            serde_json::from_str(&line).unwrap_or_else(|_| panic!("{journey} said: {line}"));
        let what = asked["ask"].as_str().expect("what is asked");
        writeln!(input, "{}", world(what, &asked)).expect("it reads");
    }
    let status = walker.0.wait().expect("an end");
    assert!(status.success(), "{journey}: {status}; see above");
}

/// Ended with the test, whatever becomes of it.
struct Walker(Child);

impl Drop for Walker {
    fn drop(&mut self) {
        // Already gone is as good.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}
