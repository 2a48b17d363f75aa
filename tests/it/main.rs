//! Posthouse as a whole, against real clients and real servers.

mod bad_input;
mod batch;
mod bounces;
mod cli;
mod cli_address;
mod cli_domain;
mod cli_keep;
mod cli_key;
mod cli_mail;
mod cli_mailbox;
mod cli_org;
mod cli_relay;
mod cli_suppression;
mod cli_template;
mod cli_webhook;
mod client_setup;
mod conformance;
mod console;
mod contract;
mod crash;
mod delivery;
mod desktop;
#[path = "../../server/src/smtp/tests/dialogue.rs"]
mod dialogue;
mod disk;
mod doors;
mod first_start;
mod fuzz;
mod imap_clients;
mod imap_cut;
mod imap_dialogue;
mod imap_extensions;
mod imap_idle;
mod imap_sync;
mod journeys;
mod limits;
mod mailapi;
mod mailpace_js;
mod mailpass;
mod mailpass_now;
mod mailsac;
mod mailsac_js;
mod mailsac_messages;
mod mailstack;
mod mailstack_hooks;
mod modes;
mod names;
mod one_mailbox;
mod origin;
mod outcomes;
mod packages;
mod peers;
mod pop3;
mod providers;
mod readme;
mod retry;
mod schedule;
mod schema;
mod smtp_clients;
mod smtp_cut;
mod smtp_dialogue;
mod smtp_limits;
mod smtp_person;
mod smtp_quota;
mod smtp_relay;
mod smtp_smuggling;
mod sockets;
mod status_matrix;
mod tidy;
mod tracking;
mod undelivered;
mod why;

use serde_json::{Value, json};

/// A small message from the first domain.
fn hello() -> Value {
    json!({"from": "hello@example.test", "to": "kim@customer.example", "subject": "Hello", "textbody": "Hi"})
}
