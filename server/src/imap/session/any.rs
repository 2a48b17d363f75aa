//! What is there at any time: CAPABILITY, NOOP, LOGOUT, ID; and ENABLE, NAMESPACE, STARTTLS.

use imap_codec::imap_types::extensions::enable::CapabilityEnable;

use super::*;
use crate::net::manner::{PlainAuth, StartTls};

/// What is there once somebody is signed in, and before.
const ALWAYS: &str = "IMAP4rev1 IMAP4rev2 LITERAL+ SASL-IR ENABLE ID";
const SIGNED_IN: &str = "IDLE NAMESPACE UIDPLUS MOVE UNSELECT CHILDREN SPECIAL-USE LIST-EXTENDED \
    LIST-STATUS STATUS=SIZE ESEARCH SEARCHRES WITHIN CONDSTORE QRESYNC QUOTA QUOTA=RES-STORAGE";

impl Session {
    pub(super) fn capabilities(&self) -> String {
        match self.stage {
            Stage::Stranger => {
                let mut text = ALWAYS.to_owned();
                if self.offers_tls() {
                    text += " STARTTLS";
                }
                text += match self.takes_passwords() {
                    true => " AUTH=PLAIN",
                    false => " LOGINDISABLED",
                };
                text
            }
            Stage::SignedIn | Stage::Selected(_) | Stage::Over => format!("{ALWAYS} {SIGNED_IN}"),
        }
    }

    fn offers_tls(&self) -> bool {
        self.manner.starttls == StartTls::Offered && !self.secured
    }

    pub(super) fn takes_passwords(&self) -> bool {
        self.secured || self.manner.plain_auth == PlainAuth::Allowed
    }

    pub(super) fn greet(&mut self) {
        let (capabilities, host) = (self.capabilities(), self.manner.host.clone());
        self.say_line(&format!("* OK [CAPABILITY {capabilities}] {host} IMAP"));
    }

    pub(super) fn capability(&mut self, tag: &str) {
        let capabilities = self.capabilities();
        self.say_line(&format!("* CAPABILITY {capabilities}"));
        self.ok(tag, words::DONE);
    }

    pub(super) fn logout(&mut self, tag: &str) {
        self.say_line("* BYE Until next time");
        self.say_line(&format!("{tag} OK {}", words::DONE));
        self.over();
    }

    /// RFC 2971. What the client is called is not kept.
    pub(super) fn id(&mut self, tag: &str) {
        let version = env!("CARGO_PKG_VERSION");
        self.say_line(&format!(
            "* ID (\"name\" \"Posthouse\" \"version\" \"{version}\")"
        ));
        self.ok(tag, words::DONE);
    }

    /// RFC 2342: one's own folders and no others.
    pub(super) fn namespace(&mut self, tag: &str) {
        self.say_line("* NAMESPACE ((\"\" \"/\")) NIL NIL");
        self.ok(tag, words::DONE);
    }

    /// RFC 5161: what is not there is passed over.
    pub(super) fn enable(&mut self, tag: &str, wanted: &[CapabilityEnable<'_>]) {
        let mut enabled = String::new();
        for one in wanted {
            let name = one.to_string().to_ascii_uppercase();
            let name = match name.as_str() {
                "CONDSTORE" => "CONDSTORE",
                "QRESYNC" => "QRESYNC",
                "IMAP4REV2" => "IMAP4rev2",
                _ => continue,
            };
            self.modes.rev2 |= name == "IMAP4rev2";
            self.modes.qresync |= name == "QRESYNC";
            // RFC 7162 section 3.2.3: QRESYNC has CONDSTORE in it.
            self.modes.condstore |= name != "IMAP4rev2";
            enabled.push(' ');
            enabled += name;
        }
        self.say_line(&format!("* ENABLED{enabled}"));
        self.ok(tag, words::DONE);
    }

    pub(super) fn start_tls(&mut self, tag: &str) {
        if !self.offers_tls() {
            return self.mistaken(tag, words::NOT_HERE);
        }
        self.ok(tag, "Begin TLS now");
        self.steps.push_back(Step::StartTls);
    }
}
