//! The engine from outside: real store, scripted world.

mod batch;
mod blocklist;
mod delivering;
mod ledger;
mod now;
mod provided;
mod lint;
mod script;
mod sending;
mod storing;
mod suppressing;
mod batches;
mod delivering;
mod ledger;
mod metering;
mod outcomes;
mod relays;
mod scoped_keys;
mod script;
mod sending;
mod storing;
mod templates;
mod webhooks;
mod why;
mod world;
