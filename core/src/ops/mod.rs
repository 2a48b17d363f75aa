//! Verbs: what the engine does for a caller, one file a family.

pub mod backup;
pub mod blocklist;
pub mod bounces;
pub mod callers;
pub mod domains;
pub mod emails;
pub mod events;
pub mod founding;
pub mod keys;
pub mod messages;
pub mod organizations;
pub mod readable_keys;
pub mod receive;
pub mod records;
pub mod relays;
pub mod scheduled;
pub mod scoped_keys;
pub mod send;
pub mod suppression_csv;
pub mod suppressions;
pub mod templates;
pub mod track;
pub mod usage;
pub mod validating;
pub mod webhooks;
pub mod why;
