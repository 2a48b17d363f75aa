//! What is in a site's database, seen from outside.

use serde_json::Value;

use crate::place;
use crate::site::Site;

const ASK: &str = "\
import json, pathlib, sqlite3, sys
file = pathlib.Path(sys.argv[1]).as_uri() + '?mode=ro'
print(json.dumps(sqlite3.connect(file, uri=True).execute(sys.argv[2]).fetchall()))";

/// The rows that a question has for an answer.
///
/// # Panics
/// When it is no question.
#[track_caller]
pub fn rows(site: &Site, question: &str) -> Vec<Vec<Value>> {
    let output = place::python()
        .args(["-c", ASK])
        .arg(site.data().join("posthouse.db"))
        .arg(question)
        .output()
        .expect("Python starts");
    let wrong = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{question}: {wrong}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

const CHANGE: &str = "\
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as database: database.execute(sys.argv[2])";

/// Changes rows, beside the server, which looks at least once a second for what others wrote.
///
/// # Panics
/// When it cannot.
#[track_caller]
pub fn change(site: &Site, statement: &str) {
    let output = place::python()
        .args(["-c", CHANGE])
        .arg(site.data().join("posthouse.db"))
        .arg(statement)
        .output()
        .expect("Python starts");
    let wrong = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{statement}: {wrong}");
}

/// How many rows a table has; a condition may follow its name.
///
/// # Panics
/// When there is no such table.
#[track_caller]
pub fn count(site: &Site, table: &str) -> u64 {
    let rows = rows(site, &format!("SELECT count(*) FROM {table}"));
    rows[0][0].as_u64().expect("a number")
}
