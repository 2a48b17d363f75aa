//! What the tests stand on: the real server, its command line, and real peers around it.

pub mod authority;
pub mod case;
pub mod desktop;
pub mod dns;
pub mod dovecot;
pub mod far_end;
pub mod hooks;
pub mod http;
pub mod journey;
pub mod mail;
pub mod place;
pub mod postfix;
pub mod process;
pub mod recorder;
pub mod rows;
pub mod site;
pub mod smtp;
pub mod story;
pub mod surroundings;
pub mod wait;
pub mod world;
