//! Ways out: a relay, or the mail servers of the recipient's domain.

use std::net::{IpAddr, SocketAddr};

use super::attempt::{Outgoing, Work, converse, failed, ours};
use super::pool::{Kept, Pool};
use super::settle::End;
use crate::engine::Posthouse;
use crate::error::Result;
use crate::ids::RelayId;
use crate::limits::{ADDRESSES_TRIED, ATTEMPT_DEADLINE, MX_TRIED};
use crate::model::delivery::{Answer, Outcome};
use crate::model::domain::TlsPolicy;
use crate::outside::dns::{DnsError, Found};
use crate::outside::smtp::{Endpoint, Failure, Security, Stage};

pub(super) async fn by_relay(
    engine: &Posthouse,
    pool: &Pool,
    work: &Work,
    id: RelayId,
    outgoing: &Outgoing,
) -> Result<End> {
    let place = format!("relay {id}");
    if let Some(kept) = reuse(engine, pool, &place).await {
        return converse(engine, pool, work, outgoing, place, kept).await;
    }
    let of = work.due.organization;
    let Some(relay) = engine.store.read(move |read| read.relay(of, id)).await? else {
        return Ok(ours("the relay was removed before the attempt began"));
    };
    match engine.open_relay(&relay, ATTEMPT_DEADLINE).await? {
        Ok((conversation, address)) => {
            let peer = peer(&relay.host, address);
            let kept = Kept {
                conversation,
                peer,
                messages: 0,
                since: engine.now(),
            };
            converse(engine, pool, work, outgoing, place, kept).await
        }
        Err(failure) => {
            let named = format!("{} ({}:{})", relay.name, relay.host, relay.port);
            // A provider that will not talk to us says nothing of the recipient, not even
            // when it says so for good.
            Ok(End {
                outcome: Outcome::Deferred,
                ..failed(failure, Some(named), None, &[])
            })
        }
    }
}

pub(super) async fn by_mx(
    engine: &Posthouse,
    pool: &Pool,
    work: &Work,
    outgoing: &Outgoing,
) -> Result<End> {
    let hosts = match exchangers(engine, work).await {
        Ok(hosts) => hosts,
        Err(end) => return Ok(*end),
    };
    let mut last = ours("no mail server could be reached");
    let mut tried = 0;
    for host in hosts.into_iter().take(MX_TRIED) {
        let found = engine.ports.dns.addresses(&host).await;
        work.seen.addresses(&host, &found);
        let addresses = match found {
            Ok(Found { value, .. }) => value,
            Err(error) => {
                last = ours(format!(
                    "the address of mail server {host} could not be found: {error}"
                ));
                continue;
            }
        };
        for address in addresses {
            if tried == ADDRESSES_TRIED {
                return Ok(last);
            }
            tried += 1;
            match reach(engine, pool, &host, address, outgoing.tls).await {
                Ok((place, kept)) => {
                    return converse(engine, pool, work, outgoing, place, kept).await;
                }
                Err(failure) => {
                    let address = SocketAddr::new(address, engine.settings().direct_port);
                    let end = failed(failure, Some(peer(&host, address)), None, &[]);
                    if end.outcome == Outcome::Refused {
                        return Ok(end);
                    }
                    last = end;
                }
            }
        }
    }
    Ok(last)
}

/// The hosts that take mail for a domain, the preferred first (RFC 5321 section 5.1).
async fn exchangers(engine: &Posthouse, work: &Work) -> std::result::Result<Vec<String>, Box<End>> {
    let domain = work.due.recipient_domain.as_str();
    let refused = |code: &str, text: String| {
        let answer = Answer {
            code: None,
            enhanced: Some(code.to_owned()),
            text,
        };
        Box::new(End {
            outcome: Outcome::Refused,
            answer,
            ..ours("")
        })
    };
    let found = engine.ports.dns.mx(domain).await;
    work.seen.mx(domain, &found);
    match found {
        Ok(Found { value, .. }) => {
            // RFC 7505 section 3: one MX with an empty host means that no mail is taken.
            if value.iter().any(|mx| mx.host.is_empty()) {
                return Err(refused(
                    "5.1.10",
                    format!("{domain} takes no mail (null MX)"),
                ));
            }
            Ok(value.into_iter().map(|mx| mx.host).collect())
        }
        // Without an MX the domain itself is the host.
        Err(DnsError::NoRecords) => {
            let found = engine.ports.dns.addresses(domain).await;
            work.seen.addresses(domain, &found);
            match found {
                Ok(_) => Ok(vec![domain.to_owned()]),
                Err(DnsError::NoRecords | DnsError::NoSuchName) => Err(refused(
                    "5.1.2",
                    format!("{domain} has no mail server: neither MX nor address"),
                )),
                Err(DnsError::Unsure(why)) => Err(Box::new(ours(format!(
                    "the address of {domain} could not be looked up: {why}"
                )))),
            }
        }
        Err(DnsError::NoSuchName) => Err(refused(
            "5.1.2",
            format!("the domain {domain} does not exist"),
        )),
        Err(DnsError::Unsure(why)) => Err(Box::new(ours(format!(
            "the mail servers of {domain} could not be looked up: {why}"
        )))),
    }
}

/// A conversation with a mail server, kept or new. Where TLS is offered and does not work,
/// it is done without (RFC 7435), unless the sending domain asks for TLS.
async fn reach(
    engine: &Posthouse,
    pool: &Pool,
    host: &str,
    address: IpAddr,
    tls: TlsPolicy,
) -> std::result::Result<(String, Kept), Failure> {
    let address = SocketAddr::new(address, engine.settings().direct_port);
    let place = format!("{host} {address} {tls}");
    if let Some(kept) = reuse(engine, pool, &place).await {
        return Ok((place, kept));
    }
    let endpoint = |security| Endpoint {
        host: host.to_owned(),
        address,
        security,
        login: None,
        hello: engine.settings().host.clone(),
    };
    let smtp = &engine.ports.smtp;
    let opened = match tls {
        TlsPolicy::Required => {
            smtp.open(endpoint(Security::StartTls), ATTEMPT_DEADLINE)
                .await
        }
        TlsPolicy::Opportunistic => {
            match smtp
                .open(endpoint(Security::Opportunistic), ATTEMPT_DEADLINE)
                .await
            {
                Err(failure) if failure.stage == Stage::Tls => {
                    smtp.open(endpoint(Security::Plain), ATTEMPT_DEADLINE).await
                }
                opened => opened,
            }
        }
    };
    opened.map(|conversation| {
        let kept = Kept {
            conversation,
            peer: peer(host, address),
            messages: 0,
            since: engine.now(),
        };
        (place, kept)
    })
}

async fn reuse(engine: &Posthouse, pool: &Pool, place: &str) -> Option<Kept> {
    let mut kept = pool.take(place, engine.now())?;
    match kept.conversation.alive(ATTEMPT_DEADLINE).await {
        Ok(()) => Some(kept),
        Err(_) => None,
    }
}

fn peer(host: &str, address: SocketAddr) -> String {
    format!("{host} [{}]:{}", address.ip(), address.port())
}
