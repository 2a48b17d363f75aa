//! The settings: one checked struct, whose comments are the manual.
//!
//! A value comes from a flag of `serve`, else from the environment, else from the file,
//! else it is the default written here.

mod file;
mod layers;
mod manual;
mod values;

pub use layers::{Flags, Layers, Wrong};
pub use manual::{SettingFlags, default_file};
pub use values::{
    Bound, Count, HostName, LinkBase, Listen, LogFilter, LogFormat, MessageBytes, Networks,
    PlainAuth, Port, Rate, Servers, Span, Switch, Value, Where, Zones,
};

use posthouse::engine::{AfterCrash, OnTemporary, ServerError};
use posthouse::model::key::Mode;

/// One setting, as the manual knows it.
#[derive(Debug)]
pub struct Key {
    /// The table of the file.
    pub section: &'static str,
    /// The key in it.
    pub key: &'static str,
    /// Its comment, a line each.
    pub about: &'static [&'static str],
    /// What it is when nobody says anything.
    pub default: &'static str,
    /// How it is written in the file.
    pub written: values::Written,
}

impl Key {
    /// The variable of the environment. The `server` table needs no prefix of its own.
    #[must_use]
    pub fn variable(&self) -> String {
        format!("POSTHOUSE_{}", self.plain().to_uppercase())
    }

    /// The flag of `serve`, without its dashes.
    #[must_use]
    pub fn flag(&self) -> String {
        self.plain().replace('_', "-")
    }

    fn plain(&self) -> String {
        match self.section {
            "server" => self.key.to_owned(),
            section => format!("{section}_{}", self.key),
        }
    }
}

macro_rules! settings {
    ($(
        $(#[doc = $section_about:literal])*
        $section:ident: $Section:ident {
            $($(#[doc = $about:literal])* $key:ident: $type:ty = $default:literal,)*
        }
    )*) => {
        /// Every setting, checked.
        #[derive(Clone, Debug)]
        pub struct Config {
            $($(#[doc = $section_about])* pub $section: $Section,)*
        }

        $(
            $(#[doc = $section_about])*
            #[derive(Clone, Debug)]
            pub struct $Section {
                $($(#[doc = $about])* pub $key: $type,)*
            }
        )*

        /// Every setting, in the order of the manual.
        pub const KEYS: &[Key] = &[$($(Key {
            section: stringify!($section),
            key: stringify!($key),
            about: &[$($about),*],
            default: $default,
            written: <$type as Value>::WRITTEN,
        },)*)*];

        /// The tables of the file and what they are for, in the order of the manual.
        pub const SECTIONS: &[(&str, &[&str])] = &[
            $((stringify!($section), &[$($section_about),*]),)*
        ];

        impl Config {
            fn read(layers: &Layers) -> Result<Self, Wrong> {
                let mut keys = KEYS.iter();
                // KEYS has them in this very order: the same macro wrote both.
                $($(let $key: $type = layers.value(keys.next())?;)*
                let $section = $Section { $($key),* };)*
                Ok(Self { $($section),* })
            }
        }
    };
}

settings! {
    /// Who we are and where we listen.
    server: Server {
        /// Our own host name, as the world knows it: in EHLO, in Message-IDs, and the
        /// parent of the return path (mailer.HOST).
        host: HostName = "localhost",
        /// Where the links that Posthouse puts into mail begin (opens, clicks, unsubscribe), as
        /// recipients reach this server; "": https:// and the host.
        public_url: LinkBase = "",
        /// Where HTTP is spoken; "" switches it off, port 0 takes any free port.
        http: Listen = "127.0.0.1:8025",
        /// Where HTTPS is spoken; "" switches it off. Without a certificate, one of our
        /// own development CA is made, which no client trusts until it is told to.
        https: Listen = "",
        /// The networks of the reverse proxies before this server, such as ["10.0.0.0/8"]. Where
        /// one of them hands a request over, it is from the last address in X-Forwarded-For (or
        /// Forwarded) that is none of theirs: limits, events and the console go by that. None
        /// unless said; what others claim is never believed.
        trusted_proxies: Networks = "",
        /// The certificate chain of HTTPS, SMTP, IMAP and POP3, a PEM file.
        certificate: Where = "",
        /// The private key of the certificate, a PEM file.
        certificate_key: Where = "",
        /// What is logged: error, warn, info, debug, trace, or a filter such as
        /// "info,posthouse=debug".
        log: LogFilter = "info",
        /// How it is logged: text or json, a line each on standard error.
        log_format: LogFormat = "text",
        /// How long a stop waits for requests and deliveries under way.
        shutdown_grace: Span = "30s",
    }
    /// Where SMTP is spoken. STARTTLS is there, with the certificate of HTTPS, or one by our
    /// own development CA.
    smtp: Smtp {
        /// Where mail for our own recipients comes in, from anybody; "" switches it off, port 0
        /// takes any free port. The world looks for it at port 25.
        inbound: Listen = "127.0.0.1:2525",
        /// Where mail to be sent comes in, from those who show a key as their password; "":
        /// nowhere. Programs look for it at port 587.
        submission: Listen = "127.0.0.1:2587",
        /// The same with TLS from the start; programs look for it at port 465.
        submissions: Listen = "",
        /// Where mail to anybody comes in that is kept and never sent, from those who show a
        /// key as their password; "": nowhere.
        capture: Listen = "127.0.0.1:5587",
        /// Whether a key may be shown to submission without TLS: loopback (where only this
        /// machine can reach it), always or never.
        submission_plain: PlainAuth = "loopback",
        /// The same for capture.
        capture_plain: PlainAuth = "loopback",
        /// The longest message that is captured, in bytes.
        capture_size: MessageBytes = "1048576",
        /// Connections at a time, over all listeners.
        connections: Count = "512",
        /// Connections at a time from one address.
        connections_per_address: Count = "64",
        /// New connections a minute from one address; 0: as many as come.
        connections_per_minute: Rate = "0",
        /// Messages a minute from one address; 0: as many as come.
        messages_per_minute: Rate = "0",
        /// Refusals for good (5xx) a minute to one address; whoever has had more is let in
        /// again when they are fewer. 0: as many as there are reasons for.
        refusals_per_minute: Rate = "300",
    }
    /// Where people read their mail by IMAP.
    imap: Imap {
        /// Where it is spoken, STARTTLS offered; "" switches it off, port 0 takes any free
        /// port. Programs look for it at port 143.
        starttls: Listen = "127.0.0.1:1143",
        /// The same with TLS from the start; programs look for it at port 993.
        tls: Listen = "",
        /// Whether a password may be shown without TLS: loopback (where only this machine can
        /// reach it), always or never.
        plain: PlainAuth = "loopback",
        /// Connections at a time, over both listeners.
        connections: Count = "512",
        /// Connections at a time from one address.
        connections_per_address: Count = "128",
        /// New connections a minute from one address; 0: as many as come.
        connections_per_minute: Rate = "0",
    }
    /// Where mail is fetched by POP3: a person's inbox with their password, an address with a
    /// key of its owner's.
    pop3: Pop3 {
        /// Where it is spoken, STLS offered; "" switches it off, port 0 takes any free port.
        /// Programs look for it at port 110.
        starttls: Listen = "127.0.0.1:1110",
        /// The same with TLS from the start; programs look for it at port 995.
        tls: Listen = "",
        /// Whether a password may be shown without TLS: loopback (where only this machine can
        /// reach it), always or never.
        plain: PlainAuth = "loopback",
        /// Connections at a time, over both listeners.
        connections: Count = "128",
        /// Connections at a time from one address.
        connections_per_address: Count = "32",
        /// New connections a minute from one address; 0: as many as come.
        connections_per_minute: Rate = "0",
    }
    /// The page in a browser that all of this is managed by.
    console: Console {
        /// Whether it is there, at the root of HTTP and HTTPS.
        enabled: Switch = "true",
        /// For how many days it is kept who changed what; 0: for ever.
        audit_keep_days: Bound = "400",
    }
    /// Who is asked for names.
    dns: DnsServers {
        /// DNS servers, such as ["127.0.0.1:5353"], by flag or variable with commas between;
        /// empty: those of the system.
        servers: Servers = "",
        /// The block lists of domains that are asked when somebody wants to know whether a
        /// domain is on one; empty: none. The public ones do not answer public resolvers.
        blocklists: Zones = "dbl.spamhaus.org, multi.surbl.org, multi.uribl.com",
    }
    /// Whom we trust when we send.
    tls: Tls {
        /// A PEM file of further certificate authorities, beside those of the system.
        extra_roots: Where = "",
    }
    /// How mail comes in.
    receiving: Receiving {
        /// Hosts at which anybody's mail is kept for whoever asks, such as ["inbox.example"]:
        /// each address there is a mailbox, nobody's until it is reserved.
        public_hosts: Zones = "",
        /// Whether mail of the mailboxes that are nobody's is read without a key, by whoever
        /// reaches the server. All else needs one.
        anonymous_public_reads: Switch = "false",
        /// For how many days each mailbox that is nobody's keeps mail; 0: for ever. What
        /// somebody starred stays. `posthouse org set --keep-days` says it for an organization's.
        public_keep_days: Bound = "4",
        /// How many messages each of them keeps, the newest; 0: as many as come.
        public_keep_messages: Bound = "0",
        /// How many bytes of messages each of them keeps, the newest; 0: as many as come.
        public_keep_bytes: Bound = "0",
    }
    /// How mail leaves.
    sending: Sending {
        /// The mode of new keys: capture, hold, allow-list or live.
        default_mode: Mode = "capture",
        /// The port of the recipients' own mail servers. Anything but 25 is for tests.
        direct_port: Port = "25",
        /// The wait before the second try; each further wait is three times the last.
        retry_first: Span = "60s",
        /// No wait between two tries is longer.
        retry_longest: Span = "4h",
        /// Mail that could not be delivered for so long bounces.
        give_up_after: Span = "48h",
        /// What becomes of mail when a crash left it unknown whether it was sent: resend
        /// (never lost, perhaps twice, with the same Message-ID) or hold (for a person).
        after_crash: AfterCrash = "resend",
        /// How long a request that sends at once waits for the first try; after that its
        /// mail is in the queue as any other.
        send_now_timeout: Span = "30s",
        /// What becomes of mail that was to be sent at once and was put off: queue (it is
        /// tried again, and the answer says so) or fail (it is taken back and refused).
        send_now_on_temporary: OnTemporary = "queue",
    }
    /// How webhooks are called.
    webhooks: Webhooks {
        /// Whether they may go to private networks and to this machine.
        allow_private: Switch = "false",
        /// Whether they may go by http, without TLS.
        allow_http: Switch = "false",
        /// What a 5xx answer means: temporary (it is tried again) or final (the webhook is
        /// switched off).
        server_error: ServerError = "temporary",
    }
}

impl Config {
    /// Reads and checks all settings.
    ///
    /// # Errors
    /// The first that is wrong, and where it stands.
    pub fn load(layers: &Layers) -> Result<Self, Wrong> {
        let config = Self::read(layers)?;
        config.fits_together()?;
        Ok(config)
    }

    fn fits_together(&self) -> Result<(), Wrong> {
        let server = &self.server;
        match (&server.certificate.0, &server.certificate_key.0) {
            (Some(_), None) => {
                return Err(Wrong::new(
                    "server.certificate is given and server.certificate_key is not",
                ));
            }
            (None, Some(_)) => {
                return Err(Wrong::new(
                    "server.certificate_key is given and server.certificate is not",
                ));
            }
            (Some(_), Some(_)) | (None, None) => {}
        }
        if self.sending.retry_first.0 > self.sending.retry_longest.0 {
            return Err(Wrong::new(
                "sending.retry_first is longer than sending.retry_longest",
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
