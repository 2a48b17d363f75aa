//! A site that can deliver: a name server, a domain with its records, a far end.

use std::net::SocketAddr;

use serde_json::Value;

use crate::dns::Knot;
use crate::far_end::{FarEnd, Manner};
use crate::place;
use crate::site::{self, Serving, Site, Waits};

/// Everything that a delivery needs.
pub struct World {
    /// The data folder and configuration.
    pub site: Site,
    /// The server.
    pub server: Serving,
    /// The name server.
    pub dns: Knot,
    /// The organization's token.
    pub organization_token: String,
    /// The port that direct deliveries go to, on every address.
    pub port: u16,
}

impl World {
    /// A server that asks a knot of its own, with `more` in its configuration (inside
    /// `[sending]`; further tables may follow).
    pub fn start(more: &str) -> Self {
        Self::waiting(&Waits::SHORT, more)
    }

    /// The same, and mail that was put off waits that long.
    pub fn waiting(waits: &Waits, more: &str) -> Self {
        let dns = Knot::start();
        let port = place::free_port("127.0.0.1");
        let site = Site::new();
        site.configure(&site::delivering(dns.address(), port, waits, more));
        let server = site.serve();
        let organization_token = server.first("organization_token");
        Self {
            site,
            server,
            dns,
            organization_token,
            port,
        }
    }

    /// Where its names come from.
    pub fn names(&self) -> SocketAddr {
        self.dns.address()
    }

    /// Makes a domain, publishes what it says should be published, and has it verified.
    ///
    /// # Panics
    /// When it is not verified then.
    pub fn domain(&self, host: &str) -> Value {
        self.site.cli(&["domain", "create", host]);
        self.dns.add(&self.site.say(&["domain", "records", host]));
        let verified = self.site.cli(&["domain", "verify", host]);
        let domains = self.server.organization(
            &self.organization_token,
            "GET",
            "/api/v1/domains",
            &Value::Null,
        );
        let domains = domains.json();
        let mut found = domains
            .as_array()
            .expect("a list")
            .iter()
            .filter(|one| one["url"] == host);
        let domain = found.next().expect("the new domain").clone();
        assert_eq!(domain["dkim_verified"], true, "{verified}");
        domain
    }

    /// A key for a domain; its token.
    ///
    /// # Panics
    /// When it is not made.
    pub fn key(&self, domain: &str, mode: &str) -> String {
        let key = self
            .site
            .cli(&["key", "create", "--domain", domain, "--mode", mode]);
        key["token"].as_str().expect("a token").to_owned()
    }

    /// A key of an API whose keys are the organization's, that may do everything; its token.
    ///
    /// # Panics
    /// When it is not made.
    pub fn api_key(&self, api: &str, mode: &str) -> String {
        let name = format!("everything, {mode}");
        let create = ["key", "create", "--api", api, "--mode", mode];
        let named = ["--name", &name, "--scope", "*"];
        let key = self.site.cli(&[&create[..], &named[..]].concat());
        key["token"].as_str().expect("a token").to_owned()
    }

    /// A far end at a loopback address, and the records that lead to it: mail for
    /// `domain` goes there.
    pub fn far_end(&self, domain: &str, manner: &Manner<'_>) -> FarEnd {
        let far = FarEnd::start(manner);
        self.lead(domain, manner.host);
        far
    }

    /// Publishes an MX for `domain` that leads to a loopback address.
    pub fn lead(&self, domain: &str, host: &str) {
        self.dns.add(&format!(
            "{domain}. MX 10 mx.{domain}.\nmx.{domain}. A {host}"
        ));
    }

    /// What the command line says of an email, when its recipient's state is this.
    ///
    /// # Panics
    /// When it does not come to that.
    pub fn email_in_state(&self, id: i64, state: &str) -> Value {
        let id = id.to_string();
        crate::wait::until(&format!("email {id} {state}"), || {
            let shown = self.site.cli(&["email", "show", &id]);
            let deliveries = shown["deliveries"].as_array().cloned().unwrap_or_default();
            let all = deliveries.iter().all(|one| one["state"] == state);
            (all && !deliveries.is_empty()).then_some(shown)
        })
    }
}
