//! Where people's mail programs find us, and the records that say so.

/// Where one protocol is spoken, as programs outside are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientPlace {
    /// The host name.
    pub host: String,
    /// The port.
    pub port: u16,
    /// How it is secured.
    pub security: ClientSecurity,
}

/// How a connection of a mail program is secured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientSecurity {
    /// From the start.
    Tls,
    /// After a command.
    StartTls,
}

/// All places of people's mail programs; None: nowhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientPlaces {
    /// Reading, in folders.
    pub imap: Option<ClientPlace>,
    /// Fetching.
    pub pop3: Option<ClientPlace>,
    /// Sending.
    pub submission: Option<ClientPlace>,
    /// Where settings are told to those who ask for them by HTTPS: host and port.
    pub settings: Option<(String, u16)>,
}

/// An SRV record (RFC 2782) for mail programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SrvRecord {
    /// Where, as an absolute name without the last dot.
    pub name: String,
    /// Less is tried first.
    pub priority: u16,
    /// The port; 0 with no target.
    pub port: u16,
    /// The host; None where the service is not there (RFC 6186 section 3.4).
    pub target: Option<String>,
}

impl SrvRecord {
    /// What the record says: priority, weight, port and target.
    #[must_use]
    pub fn value(&self) -> String {
        let target = self.target.as_deref().unwrap_or_default();
        let weight = u8::from(self.target.is_some());
        format!("{} {weight} {} {target}.", self.priority, self.port)
    }
}

impl ClientPlaces {
    /// The records that lead the programs of people at a domain here (RFC 6186, RFC 8314
    /// section 5.1). What is not spoken is said to be absent, so that nobody guesses.
    #[must_use]
    pub fn records(&self, domain: &str) -> Vec<SrvRecord> {
        let services = [
            (&self.imap, "_imap", "_imaps", 0),
            // Programs that speak both are better off with folders.
            (&self.pop3, "_pop3", "_pop3s", 10),
            (&self.submission, "_submission", "_submissions", 0),
        ];
        let mut records = Vec::new();
        for (place, clear, tls, priority) in services {
            for (label, security) in [
                (clear, ClientSecurity::StartTls),
                (tls, ClientSecurity::Tls),
            ] {
                let here = place.as_ref().filter(|place| place.security == security);
                records.push(SrvRecord {
                    name: format!("{label}._tcp.{domain}"),
                    priority: here.map_or(0, |_| priority),
                    port: here.map_or(0, |place| place.port),
                    target: here.map(|place| place.host.clone()),
                });
            }
        }
        if let Some((host, port)) = &self.settings {
            records.push(SrvRecord {
                name: format!("_autodiscover._tcp.{domain}"),
                priority: 0,
                port: *port,
                target: Some(host.clone()),
            });
        }
        records
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spoken_is_found_and_what_is_not_is_absent() {
        let place = |port, security| {
            Some(ClientPlace {
                host: String::from("mail.acme.test"),
                port,
                security,
            })
        };
        let places = ClientPlaces {
            imap: place(993, ClientSecurity::Tls),
            pop3: None,
            submission: place(587, ClientSecurity::StartTls),
            settings: Some((String::from("mail.acme.test"), 443)),
        };
        let lines: Vec<String> = places
            .records("acme.test")
            .iter()
            .map(|record| format!("{} {}", record.name, record.value()))
            .collect();
        assert_eq!(
            lines,
            [
                "_imap._tcp.acme.test 0 0 0 .",
                "_imaps._tcp.acme.test 0 1 993 mail.acme.test.",
                "_pop3._tcp.acme.test 0 0 0 .",
                "_pop3s._tcp.acme.test 0 0 0 .",
                "_submission._tcp.acme.test 0 1 587 mail.acme.test.",
                "_submissions._tcp.acme.test 0 0 0 .",
                "_autodiscover._tcp.acme.test 0 1 443 mail.acme.test.",
            ]
        );
    }
}
