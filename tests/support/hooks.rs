//! Somebody who receives webhooks: Node, which checks the signatures; see `hooks.js`.

use serde_json::Value;
use tempfile::TempDir;

use crate::authority::Authority;
use crate::process::Running;
use crate::{place, wait};

/// A running receiver.
pub struct Hooks {
    server: Running,
    folder: TempDir,
    /// Where it listens, without a path: `http://127.0.0.1:1234`.
    pub url: String,
}

/// Over what it is called.
pub enum Over<'a> {
    /// HTTP.
    Plain,
    /// HTTPS, with this certificate.
    Tls(&'a Authority),
}

impl Hooks {
    /// Starts one.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start(over: &Over<'_>) -> Self {
        let folder = TempDir::new().expect("a folder");
        let key = folder.path().join("key");
        std::fs::write(&key, "").expect("written");
        let mut command = place::node();
        command.arg("hooks.js").arg(&key);
        let scheme = match over {
            Over::Plain => "http",
            Over::Tls(authority) => {
                command.arg(&authority.certificate).arg(&authority.key);
                "https"
            }
        };
        let mut server = Running::start(&mut command);
        let said: Value = serde_json::from_str(&server.first_line()).expect("a line of JSON");
        let url = format!("{scheme}://127.0.0.1:{}", said["port"]);
        Self {
            server,
            folder,
            url,
        }
    }

    /// Says whose signature is to be expected: by public key, or by shared secret.
    ///
    /// # Panics
    /// When its folder is gone.
    pub fn expect_key(&self, key: &str) {
        std::fs::write(self.folder.path().join("key"), key).expect("written");
    }

    /// Every request so far: `method`, `url`, `headers`, `signed`, `body` (its text).
    ///
    /// # Panics
    /// When the receiver wrote something else.
    pub fn requests(&self) -> Vec<Value> {
        let lines = self.server.lines();
        lines
            .iter()
            .skip(1)
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect()
    }

    /// Waits until there are `count` requests.
    ///
    /// # Panics
    /// When there are not.
    pub fn wait_for(&self, count: usize) -> Vec<Value> {
        let what = format!("{count} webhook calls");
        wait::until(&what, || {
            Some(self.requests()).filter(|all| all.len() >= count)
        })
    }
}
