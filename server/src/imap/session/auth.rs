//! LOGIN and AUTHENTICATE PLAIN (RFC 4616, RFC 4959).

use std::borrow::Cow;

use imap_codec::imap_types::auth::AuthMechanism;
use imap_codec::imap_types::secret::Secret;

use super::super::limits::WRONG_PASSWORDS;
use super::*;
use crate::net::plain::{self, Plain, PlainFault};

impl Session {
    pub(super) fn login(&mut self, tag: String, name: &[u8], password: &[u8]) {
        if !self.takes_passwords() {
            return self.no(&tag, &words::privacy());
        }
        self.sign_in(tag, name, password);
    }

    pub(super) fn authenticate(
        &mut self,
        tag: String,
        mechanism: &AuthMechanism<'_>,
        initial: Option<Secret<Cow<'_, [u8]>>>,
    ) {
        if *mechanism != AuthMechanism::Plain {
            return self.no(&tag, &words::no_mechanism());
        }
        if !self.takes_passwords() {
            return self.no(&tag, &words::privacy());
        }
        match initial {
            Some(initial) => self.plain(tag, plain::message(initial.declassify())),
            None => {
                self.say_line("+ ");
                let task = Task::Sasl;
                self.doing = Some(Doing { tag, task });
            }
        }
    }

    /// What the client says when it is asked for credentials.
    pub(super) fn credentials(&mut self, tag: String, line: &[u8]) {
        if line == b"*" {
            return self.mistaken(&tag, "Called off");
        }
        self.plain(tag, plain::encoded(line));
    }

    fn plain(&mut self, tag: String, said: Result<Plain, PlainFault>) {
        match said {
            Ok(Plain { user, password }) => {
                self.sign_in(tag, user.as_bytes(), password.as_bytes());
            }
            Err(PlainFault::Base64) => self.mistaken(&tag, "This is no base64"),
            Err(PlainFault::Form) => self.mistaken(&tag, "This is not in PLAIN's form"),
            Err(PlainFault::Other) => {
                let refusal = Refusal::new("AUTHORIZATIONFAILED", "Nobody signs in for others");
                self.no(&tag, &refusal);
            }
        }
    }

    fn sign_in(&mut self, tag: String, name: &[u8], password: &[u8]) {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).ok();
        match (text(name), text(password)) {
            (Some(name), Some(password)) => {
                self.ask(tag, Task::SignIn, Question::SignIn { name, password });
            }
            _ => self.no(&tag, &words::wrong_password()),
        }
    }

    pub(super) fn signed_in(&mut self, tag: &str) {
        self.stage = Stage::SignedIn;
        let capabilities = self.capabilities();
        self.ok(tag, &format!("[CAPABILITY {capabilities}] Signed in"));
    }

    pub(super) fn not_signed_in(&mut self, tag: &str, refusal: &Refusal) {
        self.no(tag, refusal);
        self.wrong_passwords += 1;
        if self.wrong_passwords >= WRONG_PASSWORDS {
            self.bye("Too many failed sign-ins");
        }
    }
}
