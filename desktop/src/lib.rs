//! Posthouse on the desktop: the console's page in a window, over the engine in this process or
//! a server's console. What needs no window is here by itself; `app` puts it into one.

#[cfg(feature = "app")]
pub mod app;
pub mod asked;
pub mod connection;
pub mod files;
pub mod folder;
pub mod frames;
pub mod keychain;
pub mod mailto;
pub mod master_key;
pub mod menu;
pub mod news;
pub mod no;
pub mod opened;
pub mod remote;
pub mod shell;
