//! The engine from outside: real store, scripted world.

mod batches;
mod blocklist;
mod delivering;
mod forwarding;
mod ledger;
mod lint;
mod loads;
mod metering;
mod now;
mod origin;
mod outcomes;
mod provided;
mod receiving;
mod receiving_known;
mod relays;
mod scheduled;
mod scoped_keys;
mod script;
mod sending;
mod storing;
mod suppressing;
mod templates;
mod tracking;
mod webhooks;
mod why;
mod world;
