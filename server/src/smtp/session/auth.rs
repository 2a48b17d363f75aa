//! AUTH PLAIN and AUTH LOGIN, by RFC 4954.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Answer, Asked, Known, PlainAuth, Question, Role, Session, State};
use crate::net::line::LineFault;
use crate::net::plain::{self, Plain, PlainFault};
use crate::smtp::limits::WRONG_CREDENTIALS;
use crate::smtp::reply::Reply;
use crate::smtp::words;

/// What an AUTH exchange waits for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Exchange {
    Plain,
    LoginUser,
    LoginPassword(String),
}

impl Session {
    pub(super) fn auth(&mut self, mechanism: &str, initial: Option<&str>) {
        if let Some(refusal) = self.no_auth() {
            return self.refuse(refusal);
        }
        let exchange = match mechanism {
            "PLAIN" => Exchange::Plain,
            "LOGIN" => Exchange::LoginUser,
            _ => return self.refuse(words::no_such_mechanism()),
        };
        match (initial, exchange) {
            // RFC 4954 section 4: a single "=" is an empty response.
            (Some("="), exchange) => self.response(exchange, ""),
            (Some(text), exchange) => self.response(exchange, text),
            (None, Exchange::Plain) => self.challenge("", Exchange::Plain),
            (None, exchange) => self.challenge("Username:", exchange),
        }
    }

    /// Why there is no AUTH now.
    fn no_auth(&self) -> Option<Reply> {
        match self.manner.role {
            Role::Inbound => Some(words::not_here()),
            Role::Submission | Role::Capture => {
                if self.helo.is_none() {
                    Some(words::out_of_order("Say EHLO first"))
                } else if self.known == Known::Yes {
                    Some(words::out_of_order("You have authenticated already"))
                } else if self.envelope.is_some() {
                    Some(words::out_of_order("Not within a mail transaction"))
                } else if self.may_show_keys() {
                    None
                } else {
                    Some(words::encryption_needed())
                }
            }
        }
    }

    pub(super) fn may_show_keys(&self) -> bool {
        self.tls.is_some() || self.manner.plain_auth == PlainAuth::Allowed
    }

    fn challenge(&mut self, text: &str, exchange: Exchange) {
        self.say(Reply::new(334, "", STANDARD.encode(text)));
        self.state = State::Auth(exchange);
    }

    /// Takes a line of an exchange.
    pub(super) fn auth_line(&mut self, exchange: Exchange, line: Result<&[u8], LineFault>) {
        match line.map(std::str::from_utf8) {
            Err(LineFault::TooLong) => self.refuse(words::auth_too_long()),
            Err(LineFault::BareEnd) => self.refuse(words::bare_line_end()),
            Ok(Err(_)) => self.refuse(words::no_base64()),
            Ok(Ok("*")) => self.refuse(words::auth_cancelled()),
            Ok(Ok(text)) => self.response(exchange, text),
        }
    }

    fn response(&mut self, exchange: Exchange, text: &str) {
        match exchange {
            Exchange::Plain => match plain::encoded(text.as_bytes()) {
                Ok(Plain { user, password }) => self.credential_of(&user, &password),
                Err(PlainFault::Base64 | PlainFault::Form | PlainFault::Other) => {
                    self.refuse(words::no_base64());
                }
            },
            Exchange::LoginUser => {
                if let Some(user) = self.decoded(text) {
                    self.challenge("Password:", Exchange::LoginPassword(user));
                }
            }
            Exchange::LoginPassword(user) => {
                if let Some(password) = self.decoded(text) {
                    self.credential_of(&user, &password);
                }
            }
        }
    }

    /// A text in base64; what is none is refused.
    fn decoded(&mut self, text: &str) -> Option<String> {
        let decoded = STANDARD.decode(text).ok();
        let decoded = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
        if decoded.is_none() {
            self.refuse(words::no_base64());
        }
        decoded
    }

    fn credential_of(&mut self, user: &str, password: &str) {
        let question = Question::Credential {
            user: user.to_owned(),
            password: password.to_owned(),
        };
        self.ask(question, Asked::Credential);
    }

    pub(super) fn credential(&mut self, answer: Answer) {
        match answer {
            Answer::Yes | Answer::Taken(_) => {
                self.known = Known::Yes;
                self.say(words::authenticated());
            }
            Answer::No(reply) => {
                self.counts.wrong_credentials += 1;
                self.refuse(reply);
                if self.counts.wrong_credentials >= WRONG_CREDENTIALS {
                    self.give_up(true);
                }
            }
        }
    }
}
