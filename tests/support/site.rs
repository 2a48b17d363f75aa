//! One Posthouse: a data folder, a configuration file, and the real binary over them.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::http::{self, Reply};
use crate::place;
use crate::process::Running;

/// A data folder and a configuration; the server may run on it or not.
pub struct Site {
    folder: TempDir,
}

impl Default for Site {
    fn default() -> Self {
        Self::new()
    }
}

impl Site {
    /// An empty one, that listens on a port of the system's choice.
    ///
    /// # Panics
    /// When there is no room for it.
    pub fn new() -> Self {
        let made = Self {
            folder: TempDir::new().expect("a folder"),
        };
        made.configure("[server]\nhttp = \"127.0.0.1:0\"\n");
        made
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A file beside the data folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes the configuration file anew.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn configure(&self, toml: &str) {
        std::fs::write(self.file("posthouse.toml"), toml).expect("written");
    }

    /// The binary with a command and this site's folders.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(place::posthouse());
        command.args(arguments);
        command.arg("--data").arg(self.data());
        command.arg("--config").arg(self.file("posthouse.toml"));
        command
            .env_remove("POSTHOUSE_DATA")
            .env_remove("POSTHOUSE_CONFIG");
        // Whatever the file says of them, tests share no ports.
        for listener in ["INBOUND", "SUBMISSION", "CAPTURE"] {
            command.env(format!("POSTHOUSE_SMTP_{listener}"), "127.0.0.1:0");
        }
        command.env("POSTHOUSE_IMAP_STARTTLS", "127.0.0.1:0");
        command.env("POSTHOUSE_POP3_STARTTLS", "127.0.0.1:0");
        command
    }

    /// Starts the server and waits until it is ready.
    ///
    /// # Panics
    /// When it does not start.
    pub fn serve(&self) -> Serving {
        self.serve_with(&[])
    }

    /// Starts the server with more arguments.
    ///
    /// # Panics
    /// When it does not start.
    pub fn serve_with(&self, arguments: &[&str]) -> Serving {
        let mut all = vec!["serve", "--json"];
        all.extend(arguments);
        Serving::start(&mut self.command(&all))
    }

    /// Runs a command with `--json`; the value it prints.
    ///
    /// # Panics
    /// When it fails or prints no JSON.
    #[track_caller]
    pub fn cli(&self, arguments: &[&str]) -> Value {
        let ran = self.run(arguments);
        assert_eq!(ran.code, 0, "{arguments:?}: {} {}", ran.out, ran.err);
        serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{arguments:?}: {}", ran.out))
    }

    /// Runs a command with `--json`, whatever comes of it.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        Ran::of(self.command(arguments).arg("--json"))
    }

    /// Runs a command for a person: what it says.
    ///
    /// # Panics
    /// When it fails.
    #[track_caller]
    pub fn say(&self, arguments: &[&str]) -> String {
        let ran = Ran::of(&mut self.command(arguments));
        assert_eq!(ran.code, 0, "{arguments:?}: {} {}", ran.out, ran.err);
        ran.out
    }
}

/// A command that has ended.
#[derive(Debug)]
pub struct Ran {
    /// Its exit code.
    pub code: i32,
    /// Its standard output.
    pub out: String,
    /// Its standard error.
    pub err: String,
}

impl Ran {
    /// Runs one to its end.
    ///
    /// # Panics
    /// When it cannot be started or dies of a signal.
    pub fn of(command: &mut Command) -> Self {
        let output = command.output().expect("the command starts");
        Self {
            code: output.status.code().expect("an exit code"),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// A server that runs.
pub struct Serving {
    /// The process.
    pub process: Running,
    /// The first line that it printed.
    pub said: Value,
    client: reqwest::blocking::Client,
}

impl Serving {
    /// Starts `posthouse serve --json …`.
    ///
    /// # Panics
    /// When the first line is not the one promised.
    pub fn start(command: &mut Command) -> Self {
        let mut process = Running::start(command);
        let line = process.first_line();
        let said: Value =
            serde_json::from_str(&line).unwrap_or_else(|_| panic!("not JSON: {line}"));
        assert_eq!(said["ready"], true, "{said}");
        Self {
            process,
            said,
            client: http::client(),
        }
    }

    /// Its HTTP address with the scheme.
    ///
    /// # Panics
    /// When HTTP is off.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.said["http"].as_str().expect("HTTP is on"))
    }

    /// Its HTTP address, host and port.
    pub fn address(&self) -> String {
        self.url("").trim_start_matches("http://").to_owned()
    }

    /// Where one of its listeners for mail is, host and port.
    ///
    /// # Panics
    /// When it is off.
    pub fn smtp(&self, listener: &str) -> String {
        let address = self.said["smtp"][listener].as_str();
        address.map_or_else(|| panic!("no {listener} in {}", self.said), str::to_owned)
    }

    /// Where one of its listeners for reading mail is, host and port.
    ///
    /// # Panics
    /// When it is off.
    pub fn imap(&self, listener: &str) -> String {
        let address = self.said["imap"][listener].as_str();
        address.map_or_else(|| panic!("no {listener} in {}", self.said), str::to_owned)
    }

    /// Where one of its listeners for fetching mail is, host and port.
    ///
    /// # Panics
    /// When it is off.
    pub fn pop3(&self, listener: &str) -> String {
        let address = self.said["pop3"][listener].as_str();
        address.map_or_else(|| panic!("no {listener} in {}", self.said), str::to_owned)
    }

    /// The authority of its certificate.
    ///
    /// # Panics
    /// When it has a certificate of somebody else's.
    pub fn smtp_authority(&self) -> PathBuf {
        let path = self.said["smtp"]["dev_ca"].as_str();
        path.map(PathBuf::from).expect("a development CA")
    }

    /// A credential that the first start printed.
    ///
    /// # Panics
    /// When this was not a first start.
    pub fn first(&self, key: &str) -> String {
        let value = &self.said["first_start"][key];
        value
            .as_str()
            .map_or_else(|| panic!("no {key} in {}", self.said), str::to_owned)
    }

    /// The key of an API that the first start printed.
    ///
    /// # Panics
    /// When this was not a first start, or made none.
    pub fn first_key(&self, api: &str) -> String {
        let keys = self.said["first_start"]["keys"].as_array();
        let key = keys.and_then(|keys| keys.iter().find(|key| key["api"] == api));
        let token = key.and_then(|key| key["token"].as_str());
        token.map_or_else(|| panic!("no {api} key in {}", self.said), str::to_owned)
    }

    /// Posts JSON with a bearer's key.
    pub fn post(&self, token: &str, path: &str, body: &Value) -> Reply {
        http::ask(
            self.client
                .post(self.url(path))
                .bearer_auth(token)
                .json(body),
        )
    }

    /// Submits an email.
    pub fn send(&self, token: &str, message: &Value) -> Reply {
        let request = self.client.post(self.url("/api/v1/send"));
        http::ask(request.header("MailPace-Server-Token", token).json(message))
    }

    /// Submits an email that has to be accepted; its id.
    ///
    /// # Panics
    /// When it is not.
    #[track_caller]
    pub fn accepted(&self, token: &str, message: &Value) -> i64 {
        let reply = self.send(token, message);
        assert_eq!(reply.status, 200, "{}", reply.body);
        reply.json()["id"].as_i64().expect("an id")
    }

    /// Asks with an organization token.
    pub fn organization(&self, token: &str, method: &str, path: &str, body: &Value) -> Reply {
        let method = method.parse().expect("a method");
        let request = self.client.request(method, self.url(path));
        let request = request.header("MailPace-Organization-Token", token);
        http::ask(if body.is_null() {
            request
        } else {
            request.json(body)
        })
    }

    /// Asks with a bearer's key; a body of null is none.
    pub fn bearer(&self, key: &str, method: &str, path: &str, body: &Value) -> Reply {
        let method = method.parse().expect("a method");
        let request = self.client.request(method, self.url(path));
        let request = request.bearer_auth(key);
        http::ask(if body.is_null() {
            request
        } else {
            request.json(body)
        })
    }

    /// A plain GET.
    pub fn get(&self, path: &str) -> Reply {
        http::ask(self.client.get(self.url(path)))
    }
}

/// The configuration of a site that delivers: names from `dns`, directly to `port`.
pub fn delivering(dns: std::net::SocketAddr, port: u16, waits: &Waits, more: &str) -> String {
    let Waits { first, longest } = waits;
    let mut toml = String::new();
    write!(
        toml,
        "[server]\nhttp = \"127.0.0.1:0\"\nhost = \"post.test\"\n\
         [dns]\nservers = [\"{dns}\"]\n[sending]\ndirect_port = {port}\n\
         retry_first = \"{first}\"\nretry_longest = \"{longest}\"\n{more}\n"
    )
    .expect("a string takes it");
    toml
}

/// How long mail that was put off waits.
pub struct Waits {
    /// At first, as `1s`.
    pub first: &'static str,
    /// At most.
    pub longest: &'static str,
}

impl Waits {
    /// Such that a test can wait for the next tries.
    pub const SHORT: Self = Self {
        first: "1s",
        longest: "2s",
    };
    /// Such that no test sees the second try.
    pub const LONG: Self = Self {
        first: "1h",
        longest: "1h",
    };
}
