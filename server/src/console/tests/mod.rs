//! The table as a whole, in-process and over HTTP.

mod auditing;
mod events;
mod files;
mod house;
mod mail;
mod managing;
mod roles;
mod signing;
