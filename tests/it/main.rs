//! Posthouse as a whole, against real clients and real servers.

mod peers;
mod schema;
mod tidy;
