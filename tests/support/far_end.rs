//! The far end of a delivery: a real SMTP server (aiosmtpd) that refuses, delays and drops
//! as a recipient's local part tells it to; see `far_end.py`.

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::Value;
use tempfile::TempDir;

use crate::authority::Authority;
use crate::process::Running;
use crate::{place, wait};

/// What it does with STARTTLS.
#[derive(Clone, Copy)]
pub enum StartTls {
    /// Does not offer it.
    Off,
    /// Speaks it.
    On,
    /// Offers it and says 454.
    Refused,
    /// Offers it, says 220, and does not speak it.
    Broken,
}

/// A step at which it refuses everybody.
#[derive(Clone, Copy)]
pub enum Step {
    /// The first words.
    Greeting,
    /// MAIL FROM.
    Mail,
    /// RCPT TO.
    Rcpt,
    /// After the content.
    Data,
}

/// A message that arrived.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// The envelope's sender.
    pub from: String,
    /// The envelope's recipients.
    pub to: Vec<String>,
    /// The content, byte for byte.
    pub data: Vec<u8>,
    /// Whether it came over TLS.
    pub tls: bool,
    /// The user that it came from, where the server asks for one.
    pub auth: Option<String>,
    /// The port that the sender called from: one for each connection.
    pub peer: u64,
    /// When it was taken, in milliseconds of the machine's clock.
    pub at_ms: i64,
}

impl Arrived {
    /// The content's text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.data).into_owned()
    }
}

/// A running server.
pub struct FarEnd {
    server: Running,
    folder: TempDir,
    /// Its port.
    pub port: u16,
    /// The authority that signed its certificate.
    pub root: PathBuf,
}

/// How to run one.
pub struct Manner<'a> {
    /// The loopback address, as 127.0.0.2.
    pub host: &'a str,
    /// The port; 0 for any.
    pub port: u16,
    /// STARTTLS.
    pub starttls: StartTls,
    /// `user:password` that it asks for.
    pub auth: Option<&'a str>,
    /// Takes connections and never says a word.
    pub silent: bool,
    /// Answers to RCPT, by local part; lines end with CRLF but for the last.
    pub says: &'a [(&'a str, &'a str)],
    /// Says this to everybody at that step.
    pub refuses: Option<(Step, &'a str)>,
}

impl<'a> Manner<'a> {
    /// A friendly server without TLS.
    pub fn plain(host: &'a str, port: u16) -> Self {
        Self {
            host,
            port,
            starttls: StartTls::Off,
            auth: None,
            silent: false,
            says: &[],
            refuses: None,
        }
    }

    /// One that refuses everybody.
    pub fn refusing(host: &'a str, step: Step, reply: &'a str) -> Self {
        Self {
            refuses: Some((step, reply)),
            ..Self::plain(host, 0)
        }
    }
}

impl FarEnd {
    /// Starts one.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start(manner: &Manner<'_>) -> Self {
        let folder = TempDir::new().expect("a folder");
        let authority = Authority::make(folder.path(), &[manner.host, "localhost", "mx.far.test"]);
        let mut command = place::python();
        command.arg(place::here("support/far_end.py"));
        command.args(["--host", manner.host, "--port", &manner.port.to_string()]);
        command.args([
            "--starttls",
            match manner.starttls {
                StartTls::Off => "off",
                StartTls::On => "on",
                StartTls::Refused => "refused",
                StartTls::Broken => "broken",
            },
        ]);
        command
            .arg("--certificate")
            .arg(&authority.certificate)
            .arg("--key")
            .arg(&authority.key);
        command.arg("--go").arg(folder.path().join("go"));
        if let Some(auth) = manner.auth {
            command.args(["--auth", auth]);
        }
        let says: serde_json::Map<String, Value> = manner
            .says
            .iter()
            .map(|(local, answer)| ((*local).to_owned(), Value::from(*answer)))
            .collect();
        command.arg("--says").arg(Value::from(says).to_string());
        if manner.silent {
            command.arg("--silent");
        }
        if let Some((step, reply)) = manner.refuses {
            let step = match step {
                Step::Greeting => "greeting",
                Step::Mail => "mail",
                Step::Rcpt => "rcpt",
                Step::Data => "data",
            };
            command.args(["--refuse", step, "--with", reply]);
        }
        let mut server = Running::start(&mut command);
        let said: Value = serde_json::from_str(&server.first_line()).expect("a line of JSON");
        let port = said["port"]
            .as_u64()
            .and_then(|port| u16::try_from(port).ok());
        Self {
            server,
            folder,
            port: port.expect("a port"),
            root: authority.root,
        }
    }

    /// Everything that arrived so far.
    ///
    /// # Panics
    /// When the server wrote something else.
    pub fn arrived(&self) -> Vec<Arrived> {
        let lines = self.said();
        let messages = lines.iter().filter(|line| line.get("data").is_some());
        messages.map(arrived).collect()
    }

    /// How many messages arrived so far, without a look into them.
    pub fn count(&self) -> usize {
        let messages = self.server.lines();
        let messages = messages.iter().filter(|line| line.starts_with("{\"from\""));
        messages.count()
    }

    /// How many connections it was called by so far.
    pub fn connections(&self) -> usize {
        let calls = |line: &&Value| line.get("connection").is_some();
        self.said().iter().filter(calls).count()
    }

    fn said(&self) -> Vec<Value> {
        let lines = self.server.lines();
        let value = |line: &String| {
            serde_json::from_str(line).unwrap_or_else(|_| panic!("not JSON: {line}"))
        };
        lines.iter().map(value).collect()
    }

    /// What arrived for this address.
    pub fn arrived_for(&self, address: &str) -> Vec<Arrived> {
        let for_it = |one: &Arrived| one.to.iter().any(|to| to == address);
        self.arrived().into_iter().filter(for_it).collect()
    }

    /// Waits for the first message to this address.
    pub fn message_for(&self, address: &str) -> Arrived {
        let what = format!("mail for {address}");
        wait::until(&what, || self.arrived_for(address).into_iter().next())
    }

    /// Lets the answers for `late-*` out.
    ///
    /// # Panics
    /// When its folder is gone.
    pub fn answer_late_ones(&self) {
        std::fs::write(self.folder.path().join("go"), "").expect("written");
    }
}

fn arrived(value: &Value) -> Arrived {
    let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
    let to = value["to"].as_array().expect("a list");
    Arrived {
        from: text("from"),
        to: to
            .iter()
            .map(|one| one.as_str().expect("text").to_owned())
            .collect(),
        data: BASE64.decode(text("data")).expect("base64"),
        tls: value["tls"].as_bool().expect("yes or no"),
        auth: value["auth"].as_str().map(str::to_owned),
        peer: value["peer"].as_u64().expect("a port"),
        at_ms: value["at_ms"].as_i64().expect("a time"),
    }
}
