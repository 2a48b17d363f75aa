//! An open conversation over the client library.
//!
//! The library's `tracing` feature stays off: it would write passwords to the log.

use std::fmt::Display;
use std::iter;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Quit, Rset};
use lettre::transport::smtp::{self, response::Response};

use super::super::deadline::{Deadline, Passed};
use super::super::tls::TlsFacts;
use super::super::{Future, bounds};
use super::failure::{Failure, Kind, Stage};
use super::record::{Line, Record, Writing};
use super::reply::Reply;
use super::{Conversation, LineEnds, Octets, Shape};

/// What the server offered in its answer to EHLO.
#[derive(Debug, Default)]
pub(super) struct Offers(Vec<String>);

impl Offers {
    pub fn of(ehlo: Option<&Reply>) -> Self {
        // The first line is the server's name.
        let lines = ehlo.map(|reply| reply.text.lines().skip(1));
        let lines = lines.into_iter().flatten();
        Self(lines.map(str::to_ascii_uppercase).collect())
    }

    /// Whether an extension is offered; `keyword` in capitals.
    pub fn has(&self, keyword: &str) -> bool {
        self.parameter(keyword).is_some()
    }

    /// The largest message in bytes (RFC 1870); none or zero means that no limit is named.
    fn size_max(&self) -> Option<usize> {
        let size: usize = self.parameter("SIZE")?.parse().ok()?;
        (size > 0).then_some(size)
    }

    fn parameter(&self, keyword: &str) -> Option<&str> {
        self.0.iter().find_map(|line| {
            let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
            (word == keyword).then_some(rest.trim())
        })
    }
}

/// Where the conversation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    /// Between transactions, or a refusal to be reset.
    Envelope,
    /// The server waits for the content.
    Content,
    /// Nothing can be said any more.
    Over,
}

pub(super) struct Talk {
    library: AsyncSmtpConnection,
    record: Record,
    offers: Offers,
    deadline: Deadline,
    tls: Option<TlsFacts>,
    turn: Turn,
}

type Said = Result<Result<Response, smtp::Error>, Passed>;

impl Talk {
    pub fn new(
        library: AsyncSmtpConnection,
        record: Record,
        offers: Offers,
        deadline: Deadline,
        tls: Option<TlsFacts>,
    ) -> Self {
        Self {
            library,
            record,
            offers,
            deadline,
            tls,
            turn: Turn::Envelope,
        }
    }

    pub async fn log_in(
        &mut self,
        mechanisms: &[Mechanism],
        credentials: &Credentials,
    ) -> Result<(), Failure> {
        self.record.begin(Writing::Secrets);
        let step = self.library.auth(mechanisms, credentials);
        let said = self.deadline.cap(bounds::SMTP_COMMAND, step).await;
        let reply = self.settle(Stage::Auth, said)?;
        self.expect(Stage::Auth, reply, 235).map(drop)
    }

    async fn say(
        &mut self,
        stage: Stage,
        limit: Duration,
        command: impl Display,
    ) -> Result<Reply, Failure> {
        if self.turn == Turn::Over {
            return Err(self.out_of_turn(stage));
        }
        self.record.begin(Writing::Commands);
        let said = self.deadline.cap(limit, self.library.command(command));
        let said = said.await;
        self.settle(stage, said)
    }

    /// Turns what the library says into a reply or a failure. Text and enhanced code come
    /// from the record: the library's error has them only as one string.
    fn settle(&mut self, stage: Stage, said: Said) -> Result<Reply, Failure> {
        let failure = match said {
            Ok(Ok(response)) => match self.record.reply_with(response.code().into()) {
                Some(reply) => return Ok(reply),
                None => self.record.failure(
                    stage,
                    Kind::Protocol("a reply that was not received".to_owned()),
                ),
            },
            Ok(Err(error)) => self.record.failure_of(stage, &error),
            Err(Passed) => self.record.failure(stage, Kind::Timeout),
        };
        self.turn = match &failure.kind {
            // RFC 5321 section 3.8: after 421 the server closes the connection.
            Kind::Refused(reply) if reply.code == 421 => Turn::Over,
            Kind::Refused(_) => Turn::Envelope,
            _ => Turn::Over,
        };
        Err(failure)
    }

    /// Only the code that the command asks for; the library takes any 2yz and 3yz.
    fn expect(&mut self, stage: Stage, reply: Reply, code: u16) -> Result<Reply, Failure> {
        if reply.code == code {
            return Ok(reply);
        }
        self.turn = Turn::Over;
        Err(self.record.failure(stage, Kind::of_unexpected(&reply)))
    }

    /// Any 2yz: RFC 5321 section 4.2.1 lets a client go by the first digit.
    fn success(&mut self, stage: Stage, reply: Reply) -> Result<Reply, Failure> {
        let code = reply.code;
        let wanted = if reply.is_success() { code } else { 250 };
        self.expect(stage, reply, wanted)
    }

    fn out_of_turn(&self, stage: Stage) -> Failure {
        let reason = "the conversation is not at this step";
        self.record
            .failure(stage, Kind::Protocol(reason.to_owned()))
    }

    fn unsendable(&self, stage: Stage, reason: &str) -> Failure {
        self.record
            .failure(stage, Kind::Unsendable(reason.to_owned()))
    }

    /// The MAIL and RCPT commands, or why there cannot be any.
    fn commands(&self, from: &str, to: &str, shape: Shape) -> Result<(String, String), Failure> {
        if shape.line_ends == LineEnds::Bare {
            return Err(self.unsendable(Stage::Mail, "a line does not end with CRLF"));
        }
        if self
            .offers
            .size_max()
            .is_some_and(|max| shape.size_bytes > max)
        {
            let reason = "the message is larger than the server takes";
            return Err(self.unsendable(Stage::Mail, reason));
        }
        let sender = match from {
            "" => String::new(),
            from => path(from).map_err(|reason| self.unsendable(Stage::Mail, reason))?,
        };
        let recipient = path(to).map_err(|reason| self.unsendable(Stage::Rcpt, reason))?;
        let international = !sender.is_ascii() || !recipient.is_ascii();
        if international && !self.offers.has("SMTPUTF8") {
            let reason = "the server takes no addresses outside of ASCII (SMTPUTF8)";
            return Err(self.unsendable(Stage::Rcpt, reason));
        }
        let mut mail = format!("MAIL FROM:<{sender}>");
        if self.offers.has("SIZE") {
            mail.push_str(&format!(" SIZE={}", shape.size_bytes));
        }
        // Where 8BITMIME is not offered such content is sent all the same: no server is left
        // that clears the eighth bit, and converting would break signatures.
        if shape.octets == Octets::EightBit && self.offers.has("8BITMIME") {
            mail.push_str(" BODY=8BITMIME");
        }
        if international {
            mail.push_str(" SMTPUTF8");
        }
        Ok((format!("{mail}\r\n"), format!("RCPT TO:<{recipient}>\r\n")))
    }

    async fn send_content(&mut self, raw: &[u8]) -> Result<Reply, Failure> {
        if self.turn != Turn::Content {
            return Err(self.out_of_turn(Stage::Content));
        }
        self.turn = Turn::Envelope;
        self.record.begin(Writing::Content);
        self.record.note(format!("<{} bytes>", raw.len()));
        // The library always ends with CRLF . CRLF: the last CRLF of the message is part of
        // that, or a blank line would be added and the message not arrive as signed.
        let body = raw.strip_suffix(b"\r\n").unwrap_or(raw);
        let ended = AtomicBool::new(false);
        let end = iter::from_fn(|| {
            ended.store(true, Ordering::Relaxed);
            None
        });
        let pieces = body.chunks(bounds::SMTP_PIECE_BYTES).chain(end);
        let step = self.library.message_iter(pieces);
        let said = self.deadline.cap(bounds::SMTP_CONTENT, step).await;
        if ended.load(Ordering::Relaxed) {
            let reply = self.settle(Stage::Answer, said)?;
            return self.success(Stage::Answer, reply);
        }
        let mut failure = match self.settle(Stage::Content, said) {
            Err(failure) => failure,
            Ok(reply) => return self.expect(Stage::Content, reply, 0),
        };
        // A server that has enough says so and closes: its last word tells more than that
        // writing failed.
        if matches!(failure.kind, Kind::Network(_)) {
            let last = self.library.read_response();
            let last = self.deadline.cap(bounds::SMTP_FAREWELL, last).await;
            if let Ok(Err(error)) = last
                && let Some(reply) = self.record.refusal(&error)
            {
                failure.kind = Kind::Refused(reply);
                failure.transcript.extend(self.record.take_lines());
            }
        }
        Err(failure)
    }
}

/// An address as it stands between the angle brackets. A domain outside of ASCII is
/// written in its ASCII form, which every server takes.
fn path(address: &str) -> Result<String, &'static str> {
    let (local, domain) = address.rsplit_once('@').ok_or("not an address")?;
    if local.is_empty() || domain.is_empty() {
        return Err("not an address");
    }
    let mut quoted = false;
    let mut escaped = false;
    for character in local.chars() {
        match character {
            _ if character.is_control() => return Err("an address with a control character"),
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ' ' | '<' | '>' if !quoted => return Err("not an address"),
            _ => {}
        }
    }
    let domain = idna::domain_to_ascii(domain).map_err(|_| "not a domain")?;
    let fits = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>');
    if quoted || !domain.bytes().all(fits) {
        return Err("not an address");
    }
    Ok(format!("{local}@{domain}"))
}

impl Conversation for Talk {
    fn envelope<'a>(
        &'a mut self,
        from: &'a str,
        to: &'a str,
        shape: Shape,
    ) -> Future<'a, Result<Reply, Failure>> {
        Box::pin(async move {
            let limit = bounds::SMTP_COMMAND;
            if self.turn != Turn::Envelope {
                return Err(self.out_of_turn(Stage::Mail));
            }
            let (mail, rcpt) = self.commands(from, to, shape)?;
            let reply = self.say(Stage::Mail, limit, mail).await?;
            self.success(Stage::Mail, reply)?;
            let reply = self.say(Stage::Rcpt, limit, rcpt).await?;
            self.success(Stage::Rcpt, reply)?;
            let reply = self.say(Stage::Data, limit, Data).await?;
            let reply = self.expect(Stage::Data, reply, 354)?;
            self.turn = Turn::Content;
            Ok(reply)
        })
    }

    fn content<'a>(&'a mut self, raw: &'a [u8]) -> Future<'a, Result<Reply, Failure>> {
        Box::pin(self.send_content(raw))
    }

    fn reset(&mut self) -> Future<'_, Result<(), Failure>> {
        Box::pin(async move {
            if self.turn != Turn::Envelope {
                return Err(self.out_of_turn(Stage::Hello));
            }
            let reply = self.say(Stage::Hello, bounds::SMTP_COMMAND, Rset).await?;
            self.success(Stage::Hello, reply).map(drop)
        })
    }

    fn alive(&mut self, budget: Duration) -> Future<'_, Result<(), Failure>> {
        Box::pin(async move {
            self.deadline = Deadline::after(budget);
            if self.turn != Turn::Envelope {
                return Err(self.out_of_turn(Stage::Hello));
            }
            let reply = self.say(Stage::Hello, bounds::SMTP_ALIVE, Rset).await?;
            self.success(Stage::Hello, reply).map(drop)
        })
    }

    fn quit(&mut self) -> Future<'_, ()> {
        Box::pin(async move {
            if self.turn == Turn::Envelope {
                // The answer changes nothing, and the transcript has it.
                let _ = self.say(Stage::Hello, bounds::SMTP_FAREWELL, Quit).await;
            }
            self.turn = Turn::Over;
        })
    }

    fn transcript(&mut self) -> Vec<Line> {
        self.record.take_lines()
    }

    fn tls(&self) -> Option<TlsFacts> {
        self.tls.clone()
    }
}
