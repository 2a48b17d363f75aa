//! What a server says when it is ready: where it is, what it made, and where mail goes.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;

use posthouse::Posthouse;
use posthouse::ids::OrganizationId;
use posthouse::model::client::{ClientPlace, ClientPlaces, ClientSecurity};
use posthouse::model::key::{Mode, Scope};
use posthouse::work::Recovered;
use serde::Serialize;

use super::console_open::{ConsoleOpen, page};
use super::curl::Curl;
use super::desk::Found;
use super::first::First;
use super::out::Out;
use super::quote::{program, quoted};
use crate::console::http::{Built, page_built};
use crate::dialects::SENDING;
use crate::refusal::Refusal;

/// Organizations looked at for the summary of modes.
const ORGANIZATIONS: u32 = 1000;

/// Where it listens.
pub struct Addresses {
    /// HTTP.
    pub http: Option<SocketAddr>,
    /// HTTPS.
    pub https: Option<SocketAddr>,
    /// The certificate that clients of HTTPS have to trust.
    pub dev_ca: Option<PathBuf>,
    /// SMTP.
    pub smtp: MailAddresses,
    /// IMAP.
    pub imap: ReadingAddresses,
    /// POP3.
    pub pop3: ReadingAddresses,
}

impl Addresses {
    /// One of them, in no order.
    pub(super) fn any(&self) -> Option<SocketAddr> {
        let (smtp, imap, pop3) = (&self.smtp, &self.imap, &self.pop3);
        let web = self.http.or(self.https);
        let smtp = || smtp.inbound.or(smtp.submission);
        let more = || self.smtp.submissions.or(self.smtp.capture);
        let imap = || imap.starttls.or(imap.tls);
        let pop3 = || pop3.starttls.or(pop3.tls);
        web.or_else(smtp).or_else(more).or_else(imap).or_else(pop3)
    }

    /// Where people's programs find a server called `host`.
    #[must_use]
    pub fn places(&self, host: &str) -> ClientPlaces {
        let place = |tls: Option<SocketAddr>, starttls: Option<SocketAddr>| {
            let tls = tls.map(|address| (address, ClientSecurity::Tls));
            let starttls = starttls.map(|address| (address, ClientSecurity::StartTls));
            tls.or(starttls).map(|(address, security)| ClientPlace {
                host: host.to_owned(),
                port: address.port(),
                security,
            })
        };
        ClientPlaces {
            imap: place(self.imap.tls, self.imap.starttls),
            pop3: place(self.pop3.tls, self.pop3.starttls),
            submission: place(self.smtp.submissions, self.smtp.submission),
            settings: self.https.map(|address| (host.to_owned(), address.port())),
        }
    }
}

/// Where IMAP or POP3 is spoken.
#[derive(Clone, Debug, Serialize)]
pub struct ReadingAddresses {
    /// With STARTTLS.
    pub starttls: Option<SocketAddr>,
    /// With TLS from the start.
    pub tls: Option<SocketAddr>,
}

impl ReadingAddresses {
    /// What is there, in words.
    pub fn words(&self) -> impl Iterator<Item = (SocketAddr, &'static str)> {
        let all = [
            (self.starttls, "shows people their mail"),
            (self.tls, "the same, with TLS from the start"),
        ];
        all.into_iter()
            .filter_map(|(address, words)| address.map(|address| (address, words)))
    }
}

/// Where SMTP is spoken, and for what.
#[derive(Clone, Debug, Serialize)]
pub struct MailAddresses {
    /// Mail for our own recipients.
    pub inbound: Option<SocketAddr>,
    /// Mail to be sent.
    pub submission: Option<SocketAddr>,
    /// The same, with TLS from the start.
    pub submissions: Option<SocketAddr>,
    /// Mail to be captured.
    pub capture: Option<SocketAddr>,
    /// The certificate that clients have to trust.
    pub dev_ca: Option<PathBuf>,
}

impl MailAddresses {
    /// What is there, in words.
    pub fn words(&self) -> impl Iterator<Item = (SocketAddr, &'static str)> {
        let all = [
            (self.inbound, "takes mail for domains of yours"),
            (self.submission, "sends mail of those who show a key"),
            (self.submissions, "the same, with TLS from the start"),
            (self.capture, "captures mail of those who show a key"),
        ];
        all.into_iter()
            .filter_map(|(address, words)| address.map(|address| (address, words)))
    }
}

/// The first line of `serve --json`, and what a person reads in its place.
#[derive(Debug, Serialize)]
pub struct Ready {
    ready: bool,
    version: &'static str,
    pub http: Option<String>,
    pub https: Option<String>,
    pub smtp: MailAddresses,
    pub imap: ReadingAddresses,
    pub pop3: ReadingAddresses,
    dev_ca: Option<String>,
    data: String,
    pid: u32,
    recovered: Counts,
    first_start: Option<First>,
    /// Where the console is.
    console: Option<String>,
    #[serde(skip)]
    page: Built,
    /// The link by which the first owner chooses a password, once.
    welcome: Option<String>,
    #[serde(skip)]
    keys: Keys,
    #[serde(skip)]
    curl: Curl,
    #[serde(skip)]
    host_by_flag: Option<ByFlag>,
}

/// A host that no other command knows of, and the file that would tell them.
#[derive(Debug)]
struct ByFlag {
    host: String,
    file: String,
}

#[derive(Debug, Serialize)]
struct Counts {
    not_sent: usize,
    unknown_resent: usize,
    unknown_held: usize,
}

/// Keys that can send, by what they may cause.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Keys {
    capture: usize,
    hold: usize,
    allow_list: usize,
    live: usize,
}

impl Ready {
    /// Looks at everything that is to be said.
    ///
    /// # Errors
    /// As the engine says.
    pub async fn gather(
        found: &Found,
        engine: &Posthouse,
        addresses: &Addresses,
        (recovered, first, console): (Recovered, Option<First>, ConsoleOpen),
    ) -> Result<Self, Refusal> {
        let dev_ca = addresses
            .dev_ca
            .as_ref()
            .map(|path| path.display().to_string());
        let curl = Curl::to(addresses.http, addresses.https, addresses.dev_ca.as_deref());
        Ok(Self {
            ready: true,
            version: env!("CARGO_PKG_VERSION"),
            http: addresses.http.map(|address| format!("http://{address}")),
            https: addresses.https.map(|address| format!("https://{address}")),
            smtp: addresses.smtp.clone(),
            imap: addresses.imap.clone(),
            pop3: addresses.pop3.clone(),
            data: absolute(found),
            pid: std::process::id(),
            recovered: Counts {
                not_sent: recovered.not_sent,
                unknown_resent: recovered.unknown_resent,
                unknown_held: recovered.unknown_held,
            },
            first_start: first,
            keys: keys(engine).await?,
            console: console.url(&curl),
            page: page_built(),
            welcome: console.welcome(&curl),
            curl,
            dev_ca,
            host_by_flag: found.layers.has_flag("host").then(|| ByFlag {
                host: found.config.server.host.0.clone(),
                file: found.file.display().to_string(),
            }),
        })
    }

    /// Says it on standard output.
    ///
    /// # Errors
    /// As standard output says.
    pub fn tell(&self, out: Out) -> io::Result<()> {
        out.answer(self, |to| self.text(to))
    }

    fn text(&self, to: &mut dyn Write) -> io::Result<()> {
        writeln!(to, "Posthouse {} is ready.\n", self.version)?;
        for (name, address) in [("HTTP", &self.http), ("HTTPS", &self.https)] {
            if let Some(address) = address {
                writeln!(to, "  {name:<5}  {address}")?;
            }
        }
        let mut label = "SMTP";
        for (address, words) in self.smtp.words() {
            let address = address.to_string();
            writeln!(to, "  {label:<5}  {address:<21}  {words}")?;
            label = "";
        }
        for (mut label, reading) in [("IMAP", &self.imap), ("POP3", &self.pop3)] {
            for (address, words) in reading.words() {
                let address = address.to_string();
                writeln!(to, "  {label:<5}  {address:<21}  {words}")?;
                label = "";
            }
        }
        writeln!(to, "  data   {}", self.data)?;
        let link = self.welcome.as_deref();
        if let Some(words) = page(self.page, self.console.as_deref(), link) {
            writeln!(to, "\n{words}")?;
        }
        if let Some(path) = &self.dev_ca {
            let path = quoted(path);
            writeln!(
                to,
                "\nHTTPS has a certificate by this installation's own development CA. Make clients trust it:\n\
                 \n  curl --cacert {path} …\n  NODE_EXTRA_CA_CERTS={path} node …"
            )?;
        }
        if let Some(ByFlag { host, file }) = &self.host_by_flag {
            writeln!(
                to,
                "\nOther commands do not see --host. So that they print the same records, put it into\n\
                 {file}:\n\n  [server]\n  host = \"{host}\""
            )?;
        }
        match &self.first_start {
            Some(first) => self.first(to, first)?,
            None => writeln!(to, "\n{}", self.keys.sentence())?,
        }
        writeln!(to, "\nCtrl-C stops it.")
    }

    fn first(&self, to: &mut dyn Write, first: &First) -> io::Result<()> {
        let program = format!("{} --data {}", program(), quoted(&self.data));
        writeln!(
            to,
            "\nThis is its first start. It made, and shows only now:\n\
             \n  organization        {}\n  organization token  {}  (manages domains and tokens)\
             \n  domain              {}\n  server token        {}  (sends from this domain)",
            first.organization, first.organization_token, first.domain, first.server_token
        )?;
        for key in &first.keys {
            let label = format!("{} key", key.api);
            writeln!(to, "  {label:<18}  {}", key.token)?;
        }
        let call = (SENDING.call)(&first.server_token, &first.domain);
        writeln!(
            to,
            "\nAll of them capture: mail is kept here, and nothing leaves this machine.\n\
             Send a first one:\n\n{}",
            self.curl.line(&call)
        )?;
        writeln!(
            to,
            "\nSee what was captured, what became of it, and what the other keys are for:\n\
             \n  {program} message list\n  {program} email why 1\n  {program} key apis"
        )
    }
}

fn absolute(found: &Found) -> String {
    let folder = found.data.folder();
    let absolute = std::path::absolute(folder);
    absolute.as_deref().unwrap_or(folder).display().to_string()
}

async fn keys(engine: &Posthouse) -> Result<Keys, Refusal> {
    let mut keys = Keys::default();
    for organization in engine
        .organizations(OrganizationId(0), ORGANIZATIONS)
        .await?
    {
        let caller = engine.operator(Some(&organization.name)).await?;
        for key in engine.keys(&caller, None, None).await? {
            if key.may(Scope::Send) {
                match key.mode {
                    Mode::Capture => keys.capture += 1,
                    Mode::Hold => keys.hold += 1,
                    Mode::AllowList => keys.allow_list += 1,
                    Mode::Live => keys.live += 1,
                }
            }
        }
    }
    Ok(keys)
}

impl Keys {
    fn sentence(self) -> String {
        let all = self.capture + self.hold + self.allow_list + self.live;
        let parts: Vec<String> = [
            (self.capture, Mode::Capture),
            (self.hold, Mode::Hold),
            (self.allow_list, Mode::AllowList),
            (self.live, Mode::Live),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, mode)| format!("{count} {mode}"))
        .collect();
        if all == 0 {
            return String::from("No key can send.");
        }
        if self.capture == all {
            return String::from("Nothing leaves this machine: every sending key captures.");
        }
        format!(
            "Mail can leave this machine. Sending keys by mode: {}.",
            parts.join(", ")
        )
    }
}
