//! From an address to an open conversation: connect, greet, secure, log in.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::extension::ClientId;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;

use super::super::deadline::Deadline;
use super::super::tls::{TlsFacts, Trust, Verdict, facts};
use super::super::{Future, bounds};
use super::failure::{Failure, Kind, Stage};
use super::record::{Record, Writing};
use super::reply::Reply;
use super::talk::{Offers, Talk};
use super::wire::Wire;
use super::{Conversation, Endpoint, Login, Security, Smtp};

/// SMTP over the network.
#[derive(Debug, Clone)]
pub struct SmtpClient {
    trust: Arc<Trust>,
}

impl SmtpClient {
    /// A client that trusts whom `trust` says.
    #[must_use]
    pub fn new(trust: Arc<Trust>) -> Self {
        Self { trust }
    }
}

impl Smtp for SmtpClient {
    fn open(
        &self,
        endpoint: Endpoint,
        budget: Duration,
    ) -> Future<'_, Result<Box<dyn Conversation>, Failure>> {
        Box::pin(async move {
            let opening = Opening {
                trust: &self.trust,
                endpoint,
                deadline: Deadline::after(budget),
                record: Record::new(),
                tls: None,
            };
            let talk = opening.run().await?;
            Ok(Box::new(talk) as Box<dyn Conversation>)
        })
    }
}

struct Opening<'a> {
    trust: &'a Trust,
    endpoint: Endpoint,
    deadline: Deadline,
    record: Record,
    tls: Option<TlsFacts>,
}

impl Opening<'_> {
    async fn run(mut self) -> Result<Talk, Failure> {
        let hello =
            hello(&self.endpoint.hello).map_err(|kind| self.record.failure(Stage::Hello, kind))?;
        let mut wire = self.connect().await?;
        if self.endpoint.security == Security::Tls {
            wire = self.secure(wire).await?;
        }
        self.greeting(&mut wire).await?;
        match self.endpoint.security {
            Security::Plain | Security::Tls => {}
            Security::Opportunistic | Security::StartTls => wire = self.start_tls(wire).await?,
        }
        wire.replay_greeting();
        self.record.begin(Writing::Commands);
        let opened = AsyncSmtpConnection::connect_with_transport(Box::new(wire), &hello);
        let library = self
            .deadline
            .cap(bounds::SMTP_COMMAND, opened)
            .await
            .map_err(|_| self.record.failure(Stage::Hello, Kind::Timeout))?
            .map_err(|error| self.record.failure_of(Stage::Hello, &error))?;
        let offers = Offers::of(self.record.last_reply().as_ref());
        let login = self.endpoint.login.take();
        let login = login
            .map(|login| self.credentials(login))
            .transpose()
            .map_err(|kind| self.record.failure(Stage::Auth, kind))?;
        let mut talk = Talk::new(library, self.record, offers, self.deadline, self.tls);
        if let Some(login) = login {
            talk.log_in(&[Mechanism::Plain, Mechanism::Login], &login)
                .await?;
        }
        Ok(talk)
    }

    async fn connect(&self) -> Result<Wire, Failure> {
        let Endpoint { host, address, .. } = &self.endpoint;
        self.record
            .note(format!("connecting to {host} at {address}"));
        let connected = TcpStream::connect(address);
        let limit = bounds::SMTP_CONNECT;
        let fail = |kind| self.record.failure(Stage::Connect, kind);
        let connected = self.deadline.cap(limit, connected).await;
        let stream = connected
            .map_err(|_| fail(Kind::Timeout))?
            .map_err(|error| fail(Kind::Network(error.to_string())))?;
        Wire::new(stream, self.record.clone())
            .map_err(|error| fail(Kind::Network(error.to_string())))
    }

    async fn greeting(&self, wire: &mut Wire) -> Result<(), Failure> {
        let reply = self.wait(Stage::Greeting, wire.reply()).await?;
        if reply.code != 220 {
            return Err(self.unexpected(Stage::Greeting, &reply));
        }
        Ok(())
    }

    /// EHLO and STARTTLS. These two are ours and not the library's, because its own upgrade
    /// neither knows our verifier nor looks for bytes behind the reply.
    async fn start_tls(&mut self, mut wire: Wire) -> Result<Wire, Failure> {
        let ehlo = format!("EHLO {}", self.endpoint.hello);
        let reply = self.wait(Stage::Hello, wire.command(&ehlo)).await?;
        if !reply.is_success() {
            return Err(self.unexpected(Stage::Hello, &reply));
        }
        if !Offers::of(Some(&reply)).has("STARTTLS") {
            return match self.endpoint.security {
                Security::StartTls => Err(self.record.failure(
                    Stage::Tls,
                    Kind::Tls("the server does not offer STARTTLS".to_owned()),
                )),
                Security::Plain | Security::Opportunistic | Security::Tls => Ok(wire),
            };
        }
        let reply = self.wait(Stage::Tls, wire.command("STARTTLS")).await?;
        if reply.code != 220 {
            return Err(self.unexpected(Stage::Tls, &reply));
        }
        self.secure(wire).await
    }

    async fn secure(&mut self, wire: Wire) -> Result<Wire, Failure> {
        let record = self.record.clone();
        let fail = |kind| record.failure(Stage::Tls, kind);
        let name = self.server_name().map_err(fail)?;
        let (config, witness) = match self.endpoint.security {
            Security::Opportunistic => {
                let witnessed = self.trust.witnessed();
                let (config, witness) = witnessed.map_err(|reason| fail(Kind::Tls(reason)))?;
                (config, Some(witness))
            }
            Security::Plain | Security::StartTls | Security::Tls => {
                let verified = self.trust.verified();
                (verified.map_err(|reason| fail(Kind::Tls(reason)))?, None)
            }
        };
        let handshake = wire.secure(config, name);
        let wire = self
            .deadline
            .cap(bounds::SMTP_HANDSHAKE, handshake)
            .await
            .map_err(|_| fail(Kind::Timeout))?
            .map_err(fail)?;
        let certificate = witness.map_or(Verdict::Valid, |witness| witness.verdict());
        self.tls = wire.tls().map(|connection| facts(connection, certificate));
        if let Some(tls) = &self.tls {
            record.note(match &tls.certificate {
                Verdict::Valid => format!("{} with {}", tls.version, tls.cipher),
                Verdict::Invalid(reason) => {
                    format!("{} with {}, {reason}", tls.version, tls.cipher)
                }
            });
        }
        Ok(wire)
    }

    /// The name that the certificate is checked against. Where it does not decide, a host
    /// that is no name is no reason to go without TLS.
    fn server_name(&self) -> Result<ServerName<'static>, Kind> {
        let Endpoint { host, address, .. } = &self.endpoint;
        match (ServerName::try_from(host.clone()), self.endpoint.security) {
            (Ok(name), _) => Ok(name),
            (Err(_), Security::Opportunistic) => Ok(ServerName::from(address.ip())),
            (Err(error), Security::Plain | Security::StartTls | Security::Tls) => {
                Err(Kind::Tls(error.to_string()))
            }
        }
    }

    /// A password goes only where nobody else can read it.
    fn credentials(&self, login: Login) -> Result<Credentials, Kind> {
        let safe = match self.tls.as_ref().map(|tls| &tls.certificate) {
            Some(Verdict::Valid) => true,
            Some(Verdict::Invalid(_)) | None => self.endpoint.address.ip().is_loopback(),
        };
        if !safe {
            let reason = "the connection is not safe enough for a password";
            return Err(Kind::Unsendable(reason.to_owned()));
        }
        Ok(Credentials::new(login.user, login.password))
    }

    async fn wait(
        &self,
        stage: Stage,
        step: impl std::future::Future<Output = io::Result<Reply>>,
    ) -> Result<Reply, Failure> {
        let result = self.deadline.cap(bounds::SMTP_COMMAND, step).await;
        let fail = |kind| self.record.failure(stage, kind);
        result.map_err(|_| fail(Kind::Timeout))?.map_err(|error| {
            let fault = self.record.take_fault();
            fail(fault.unwrap_or_else(|| Kind::Network(error.to_string())))
        })
    }

    fn unexpected(&self, stage: Stage, reply: &Reply) -> Failure {
        self.record.failure(stage, Kind::of_unexpected(reply))
    }
}

/// EHLO's argument becomes part of a line: it must not end it.
fn hello(name: &str) -> Result<ClientId, Kind> {
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Kind::Unsendable(format!("EHLO with {name:?}")));
    }
    Ok(ClientId::Domain(name.to_owned()))
}
