//! Whom a request is from, where proxies of ours passed it on.
//!
//! Each proxy adds the address that it was called from at the end of `X-Forwarded-For`, or of
//! `Forwarded` (RFC 7239). What stands before that may be the client's own invention: so only
//! what trusted proxies say is believed, from the end on.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::FORWARDED;
use axum::middleware::Next;
use axum::response::Response;
use ipnet::IpNet;

use crate::net::Peer;

const FORWARDED_FOR: &str = "x-forwarded-for";

/// The networks that our proxies are in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies(pub Vec<IpNet>);

impl Proxies {
    fn has(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// Whom a request that `peer` handed over is from. Where both headers stand and do not
    /// agree, one of them is not the proxy's, and it is the proxy itself.
    fn caller(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let peer = peer.to_canonical();
        if !self.has(peer) {
            return peer;
        }
        let by_list = self.first_stranger(peer, listed(headers));
        let by_pairs = self.first_stranger(peer, paired(headers));
        match (by_list, by_pairs) {
            (Some(one), Some(other)) if one != other => peer,
            (Some(one), _) | (None, Some(one)) => one,
            (None, None) => peer,
        }
    }

    /// From the end on, the first that is no proxy; the last proxy before what is no address.
    /// None where nothing is said.
    fn first_stranger(&self, peer: IpAddr, said: Vec<Option<IpAddr>>) -> Option<IpAddr> {
        let mut found = None;
        for address in said.into_iter().rev() {
            let Some(address) = address else {
                return found.or(Some(peer));
            };
            if !self.has(address) {
                return Some(address);
            }
            found = Some(address);
        }
        found
    }
}

/// Each field of this name, each piece between commas.
fn pieces<'a>(headers: &'a HeaderMap, name: &str) -> impl Iterator<Item = &'a str> {
    let all = headers.get_all(name).into_iter();
    // What is no text says nothing, but it is there.
    all.flat_map(|value| value.to_str().unwrap_or("?").split(','))
}

fn listed(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    pieces(headers, FORWARDED_FOR).map(address).collect()
}

fn paired(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    pieces(headers, FORWARDED.as_str())
        .map(|element| {
            let mut pairs = element.split(';').filter_map(|pair| pair.split_once('='));
            let (_, value) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("for"))?;
            address(value)
        })
        .collect()
}

/// An address as proxies write it, with a port or without.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim().trim_matches('"');
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    let alone = bare.unwrap_or(text).parse::<IpAddr>().ok();
    let with_port = || text.parse::<SocketAddr>().ok().map(|both| both.ip());
    alone.or_else(with_port).map(|found| found.to_canonical())
}

/// Has everything behind it know whom a request is from.
pub async fn unwrapped(
    State(proxies): State<Arc<Proxies>>,
    mut request: Request,
    next: Next,
) -> Response {
    if let Some(Peer(peer)) = request.extensions().get::<Peer>().copied() {
        let caller = proxies.caller(peer.ip(), request.headers());
        if caller != peer.ip() {
            request
                .extensions_mut()
                .insert(Peer(SocketAddr::new(caller, 0)));
        }
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    const PROXY: &str = "10.0.0.2";

    /// Whom a request from `peer` with these header fields is from.
    fn caller(peer: &str, fields: &[(&'static str, &'static str)]) -> String {
        let networks = ["10.0.0.0/8", "fd00::/8"];
        let networks = networks.map(|network| network.parse().unwrap());
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(*name, HeaderValue::from_static(value));
        }
        let proxies = Proxies(networks.to_vec());
        proxies.caller(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn only_what_a_proxy_says_is_believed() {
        let list = "x-forwarded-for";
        for (peer, fields, expected) in [
            (PROXY, &[][..], PROXY),
            (PROXY, &[(list, "192.0.2.1")], "192.0.2.1"),
            ("192.0.2.9", &[(list, "192.0.2.1")], "192.0.2.9"),
            ("::ffff:10.0.0.2", &[(list, "192.0.2.1")], "192.0.2.1"),
            // Whatever the client began with stands before what the proxy added.
            (PROXY, &[(list, "10.9.9.9, 192.0.2.1")], "192.0.2.1"),
            (
                PROXY,
                &[(list, "127.0.0.1, 192.0.2.1, 10.1.1.1")],
                "192.0.2.1",
            ),
            (
                PROXY,
                &[(list, "1.1.1.1"), (list, "192.0.2.1")],
                "192.0.2.1",
            ),
            (PROXY, &[(list, "10.1.1.1, 10.1.1.2")], "10.1.1.1"),
            (PROXY, &[(list, "192.0.2.1:4711")], "192.0.2.1"),
            (PROXY, &[(list, "[2001:db8::1]:4711")], "2001:db8::1"),
            (PROXY, &[(list, "2001:db8::1")], "2001:db8::1"),
            (PROXY, &[(list, "192.0.2.1, unknown")], PROXY),
            (PROXY, &[(list, "192.0.2.1, unknown, 10.1.1.1")], "10.1.1.1"),
            (PROXY, &[(list, "")], PROXY),
            (
                PROXY,
                &[("forwarded", "for=192.0.2.1;proto=https;by=10.0.0.2")],
                "192.0.2.1",
            ),
            (
                PROXY,
                &[("forwarded", "For=\"[2001:db8::1]:47\"")],
                "2001:db8::1",
            ),
            (
                PROXY,
                &[("forwarded", "for=1.1.1.1, for=192.0.2.1, for=\"[fd00::1]\"")],
                "192.0.2.1",
            ),
            (PROXY, &[("forwarded", "for=_hidden")], PROXY),
            (PROXY, &[("forwarded", "proto=https")], PROXY),
            (
                PROXY,
                &[(list, "192.0.2.1"), ("forwarded", "for=192.0.2.1")],
                "192.0.2.1",
            ),
            // One of them is the client's.
            (
                PROXY,
                &[(list, "192.0.2.1"), ("forwarded", "for=1.1.1.1")],
                PROXY,
            ),
        ] {
            assert_eq!(caller(peer, fields), expected, "{peer} {fields:?}");
        }
    }

    #[test]
    fn nobody_is_believed_where_no_proxy_is_known() {
        let mut headers = HeaderMap::new();
        headers.insert(FORWARDED_FOR, HeaderValue::from_static("192.0.2.1"));
        let here = "127.0.0.1".parse().unwrap();
        assert_eq!(Proxies::default().caller(here, &headers), here);
    }
}
