//! Posthouse as a whole, against real clients and real servers.

mod contract;
mod first_start;
mod mailpace_js;
mod peers;
mod schema;
mod tidy;

use serde_json::{Value, json};

/// A small message from the first domain.
fn hello() -> Value {
    json!({"from": "hello@example.test", "to": "kim@customer.example", "subject": "Hello", "textbody": "Hi"})
}
