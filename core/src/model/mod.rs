//! Values and rules. No SQL, no I/O, no serialisation.

mod words;

pub mod address;
pub mod audit;
pub mod bounce;
pub mod client;
pub mod content;
pub mod delivery;
pub mod domain;
pub mod email;
pub mod event;
pub mod fate;
pub mod folder;
pub mod keep;
pub mod key;
pub mod lint;
pub mod mailbox;
pub mod message_id;
pub mod notice;
pub mod organization;
pub mod owner;
pub mod page;
pub mod plan;
pub mod rate;
pub mod received;
pub mod relay;
pub mod retry;
pub mod session;
pub mod simulate;
pub mod suppression;
pub mod task;
pub mod template;
pub mod trace;
pub mod usage;
pub mod webhook;
