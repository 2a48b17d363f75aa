//! The platform's keychain: Secret Service on Linux, Keychain on macOS, Credential Manager on
//! Windows.

use keyring::{Entry, Error};

use crate::keychain::Keychain;

/// What the keychain calls this app.
const APP: &str = "org.posthouse.desktop";

/// The keychain of whoever is signed in to this machine.
pub(super) struct Platform;

fn entry(name: &str) -> Result<Entry, String> {
    if let Err(error) = Entry::store_status() {
        return Err(error.to_string());
    }
    Entry::new(APP, name).map_err(|error| error.to_string())
}

impl Keychain for Platform {
    fn read(&self, name: &str) -> Result<Option<String>, String> {
        match entry(name)?.get_password() {
            Ok(secret) => Ok(Some(secret)),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error.to_string()),
        }
    }

    fn write(&self, name: &str, secret: &str) -> Result<(), String> {
        let written = entry(name)?.set_password(secret);
        written.map_err(|error| error.to_string())
    }

    fn remove(&self, name: &str) -> Result<(), String> {
        match entry(name)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(error.to_string()),
        }
    }
}
