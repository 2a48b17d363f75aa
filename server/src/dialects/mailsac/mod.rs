//! The Mailsac API: mail for any address, read and told.

mod convert;
mod hooks;
mod wire;

pub use hooks::{FORM, Hooks, SLACK_FORM, Slack, TO_FROM};
