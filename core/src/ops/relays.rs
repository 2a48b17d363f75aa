//! SMTP providers: added, listed, tried.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use super::organizations::checked_name;
use crate::engine::Posthouse;
use crate::error::{Error, Field, Missing, Reason, Result, internal};
use crate::ids::RelayId;
use crate::model::address::{Address, DomainName};
use crate::model::key::Caller;
use crate::model::relay::{Relay, RelayLimits, RelaySecurity, RelaySender};
use crate::outside::smtp::{Conversation, Endpoint, Failure, Kind, Login, Security, Stage};
use crate::outside::tls::TlsFacts;
use crate::store::NewRelay as Row;

/// What relay passwords are sealed for.
const PURPOSE: &str = "relay password";
/// How long a test of a relay may take.
const TEST_DEADLINE: Duration = Duration::from_secs(60);

/// A relay to be made.
#[derive(Clone, Debug)]
pub struct NewRelay {
    /// A person's name for it.
    pub name: String,
    /// Host name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// How it is spoken to.
    pub security: RelaySecurity,
    /// User and password, if it wants them.
    pub login: Option<(String, String)>,
    /// How much it takes.
    pub limits: RelayLimits,
    /// The sender of mail that names none.
    pub sender: Option<RelaySender>,
}

/// What to change of a relay; None leaves it.
#[derive(Clone, Debug, Default)]
pub struct RelayChange {
    /// What it takes in an hour; an inner None lifts the limit.
    pub hourly: Option<Option<u32>>,
    /// What it takes in a day; an inner None lifts the limit.
    pub daily: Option<Option<u32>>,
    /// The sender of mail that names none; an inner None takes it away.
    pub sender: Option<Option<RelaySender>>,
}

/// A relay, and what it took in this hour and this day.
#[derive(Clone, Debug)]
pub struct RelayUse {
    /// The relay.
    pub relay: Relay,
    /// In this hour, where it has a limit.
    pub this_hour: u32,
    /// In this day, where it has a limit.
    pub today: u32,
}

/// What a test of a relay found.
#[derive(Clone, Debug)]
pub struct RelayTest {
    /// What went wrong, if something did.
    pub fault: Option<RelayFault>,
    /// TLS, if it was used.
    pub tls: Option<TlsFacts>,
    /// The conversation, a line each.
    pub transcript: Vec<String>,
}

/// What went wrong with a relay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelayFault {
    /// How far the conversation came.
    pub stage: Stage,
    /// In words, to end a sentence with.
    pub words: String,
}

impl Posthouse {
    /// Adds a relay; the first one becomes the default. From then on mail of live keys can
    /// leave.
    ///
    /// # Errors
    /// `Denied::Scope`; `Invalid` name, host, port or login.
    pub async fn create_relay(&self, caller: &Caller, new: NewRelay) -> Result<Relay> {
        caller.needs_operator()?;
        let of = caller.organization();
        let host = checked_relay_host(&new.host)?;
        if new.port == 0 {
            return Err(Field::Port.error(Reason::Malformed));
        }
        let (user, password) = match new.login {
            None => (None, None),
            Some((user, password)) if !user.is_empty() && !password.is_empty() => (
                Some(user),
                Some(
                    self.vault
                        .seal(PURPOSE, password.as_bytes(), self.entropy())?,
                ),
            ),
            Some(_) => return Err(Field::Login.error(Reason::Absent)),
        };
        let row = Row {
            organization: of,
            name: checked_name(&new.name)?,
            host,
            port: new.port,
            security: new.security,
            user,
            password_sealed: password,
            limits: checked_limits(new.limits)?,
            sender: new.sender.map(checked_sender).transpose()?,
        };
        let now = self.now();
        self.store
            .write(move |write| {
                let id = write
                    .add_relay(&row, now)?
                    .ok_or_else(|| Field::Name.error(Reason::Taken))?;
                write.wake_without_route(of, now)?;
                write.relay(of, id)?.ok_or(Error::Missing(Missing::Relay))
            })
            .await
    }

    /// The caller's relays, in the order in which they are tried.
    ///
    /// # Errors
    /// `Denied::Scope`.
    pub async fn relays(&self, caller: &Caller) -> Result<Vec<RelayUse>> {
        caller.needs_operator()?;
        let of = caller.organization();
        let now = self.now();
        self.store
            .read(move |read| {
                read.relays(of)?
                    .into_iter()
                    .map(|relay| {
                        let (this_hour, today) = read.relay_used(relay.id, now)?;
                        Ok(RelayUse {
                            relay,
                            this_hour,
                            today,
                        })
                    })
                    .collect()
            })
            .await
    }

    /// Changes a relay's limits and sender. What it took counts on.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Relay`; `Invalid` limit or sender.
    pub async fn set_relay(
        &self,
        caller: &Caller,
        id: RelayId,
        change: RelayChange,
    ) -> Result<Relay> {
        caller.needs_operator()?;
        let of = caller.organization();
        let sender = match change.sender {
            Some(Some(sender)) => Some(Some(checked_sender(sender)?)),
            other => other,
        };
        let now = self.now();
        self.store
            .write(move |write| {
                let missing = || Error::Missing(Missing::Relay);
                let relay = write.relay(of, id)?.ok_or_else(missing)?;
                let limits = checked_limits(RelayLimits {
                    hourly: change.hourly.unwrap_or(relay.limits.hourly),
                    daily: change.daily.unwrap_or(relay.limits.daily),
                })?;
                let sender = sender.unwrap_or(relay.sender);
                write.set_relay(id, limits, sender.as_ref())?;
                write.wake_without_route(of, now)?;
                write.relay(of, id)?.ok_or_else(missing)
            })
            .await
    }

    /// Has a relay tried before all others.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Relay`.
    pub async fn set_default_relay(&self, caller: &Caller, id: RelayId) -> Result<Relay> {
        caller.needs_operator()?;
        let of = caller.organization();
        let now = self.now();
        self.store
            .write(move |write| {
                write.relay(of, id)?.ok_or(Error::Missing(Missing::Relay))?;
                let others = write.relays(of)?.into_iter().map(|relay| relay.id);
                let order: Vec<RelayId> = std::iter::once(id)
                    .chain(others.filter(|other| *other != id))
                    .collect();
                write.order_relays(of, &order)?;
                write.wake_without_route(of, now)?;
                write.relay(of, id)?.ok_or(Error::Missing(Missing::Relay))
            })
            .await
    }

    /// Has relays tried in this order; those that are not named come after, as they were.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Relay`.
    pub async fn order_relays(&self, caller: &Caller, named: Vec<RelayId>) -> Result<()> {
        caller.needs_operator()?;
        let of = caller.organization();
        self.store
            .write(move |write| {
                let all: Vec<RelayId> = write
                    .relays(of)?
                    .into_iter()
                    .map(|relay| relay.id)
                    .collect();
                let mut order = Vec::with_capacity(all.len());
                for id in named.into_iter().chain(all.iter().copied()) {
                    if !all.contains(&id) {
                        return Err(Error::Missing(Missing::Relay));
                    }
                    if !order.contains(&id) {
                        order.push(id);
                    }
                }
                write.order_relays(of, &order)
            })
            .await
    }

    /// Removes a relay. Mail that waits for it goes another way, or waits for one.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Relay`.
    pub async fn remove_relay(&self, caller: &Caller, id: RelayId) -> Result<()> {
        caller.needs_operator()?;
        let of = caller.organization();
        self.store
            .write(move |write| {
                if !write.remove_relay(of, id)? {
                    return Err(Error::Missing(Missing::Relay));
                }
                // The next in order becomes the default.
                let order: Vec<RelayId> = write
                    .relays(of)?
                    .into_iter()
                    .map(|relay| relay.id)
                    .collect();
                write.order_relays(of, &order)
            })
            .await
    }

    /// Connects to a relay, greets, secures and logs in, and sends nothing.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Relay`.
    pub async fn test_relay(&self, caller: &Caller, id: RelayId) -> Result<RelayTest> {
        caller.needs_operator()?;
        let of = caller.organization();
        let relay = self
            .store
            .read(move |read| read.relay(of, id)?.ok_or(Error::Missing(Missing::Relay)))
            .await?;
        let lines = |lines: Vec<crate::outside::smtp::Line>| {
            lines.iter().map(ToString::to_string).collect()
        };
        Ok(match self.open_relay(&relay, TEST_DEADLINE).await? {
            Ok((mut conversation, _)) => {
                let tls = conversation.tls();
                conversation.quit().await;
                RelayTest {
                    fault: None,
                    tls,
                    transcript: lines(conversation.transcript()),
                }
            }
            Err(failure) => RelayTest {
                fault: Some(RelayFault {
                    stage: failure.stage,
                    words: format!("{} {}", failure.kind, failure.stage.when()),
                }),
                tls: None,
                transcript: lines(failure.transcript),
            },
        })
    }

    /// Opens a conversation with a relay: the first of its addresses that answers.
    ///
    /// # Errors
    /// As the store says; what the network says is inside.
    pub(crate) async fn open_relay(
        &self,
        relay: &Relay,
        budget: Duration,
    ) -> Result<std::result::Result<(Box<dyn Conversation>, SocketAddr), Failure>> {
        let id = relay.id;
        let sealed = self.store.read(move |read| read.relay_password(id)).await?;
        let password = sealed
            .map(|sealed| self.vault.open(PURPOSE, &sealed))
            .transpose()?;
        let login = match (&relay.user, password) {
            (Some(user), Some(password)) => Some(Login {
                user: user.clone(),
                password: String::from_utf8(password).map_err(internal)?,
            }),
            _ => None,
        };
        let addresses = match self.relay_addresses(&relay.host).await {
            Ok(addresses) => addresses,
            Err(failure) => return Ok(Err(failure)),
        };
        let mut last = failure_of("the relay's name has no address");
        for address in addresses.into_iter().take(crate::limits::ADDRESSES_TRIED) {
            let address = SocketAddr::new(address, relay.port);
            let endpoint = Endpoint {
                host: relay.host.clone(),
                address,
                security: match relay.security {
                    RelaySecurity::Plain => Security::Plain,
                    RelaySecurity::StartTls => Security::StartTls,
                    RelaySecurity::Tls => Security::Tls,
                },
                login: login.clone(),
                hello: self.settings().host.clone(),
            };
            match self.ports.smtp.open(endpoint, budget).await {
                Ok(conversation) => return Ok(Ok((conversation, address))),
                // Only what failed before anybody spoke may go better elsewhere.
                Err(failure) if failure.stage == Stage::Connect => last = failure,
                Err(failure) => return Ok(Err(failure)),
            }
        }
        Ok(Err(last))
    }

    async fn relay_addresses(&self, host: &str) -> std::result::Result<Vec<IpAddr>, Failure> {
        if let Ok(address) = host.parse::<IpAddr>() {
            return Ok(vec![address]);
        }
        if host == "localhost" {
            return Ok(vec![IpAddr::from([127, 0, 0, 1])]);
        }
        self.ports
            .dns
            .addresses(host)
            .await
            .map(|found| found.value)
            .map_err(|error| {
                failure_of(&format!(
                    "the relay's name {host} could not be resolved: {error}"
                ))
            })
    }
}

fn failure_of(words: &str) -> Failure {
    Failure {
        stage: Stage::Connect,
        kind: Kind::Network(words.to_owned()),
        transcript: Vec::new(),
    }
}

fn checked_limits(limits: RelayLimits) -> Result<RelayLimits> {
    if limits.hourly == Some(0) || limits.daily == Some(0) {
        return Err(Field::Limit.error(Reason::Malformed));
    }
    Ok(limits)
}

fn checked_sender(sender: RelaySender) -> Result<RelaySender> {
    let email =
        Address::parse(sender.email.trim()).map_err(|_| Field::Address.error(Reason::Malformed))?;
    Ok(RelaySender {
        email: email.as_str().to_owned(),
        name: sender.name.as_deref().map(checked_name).transpose()?,
    })
}

/// A host name, or an address; `localhost` too, because a relay may run beside us.
fn checked_relay_host(host: &str) -> Result<String> {
    let host = host.trim();
    if host.parse::<IpAddr>().is_ok() || host == "localhost" {
        return Ok(host.to_owned());
    }
    DomainName::parse(host)
        .map(|name| name.as_str().to_owned())
        .map_err(|_| Field::Host.error(Reason::Malformed))
}
