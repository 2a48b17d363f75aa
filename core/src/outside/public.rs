//! Which addresses belong to the public internet.
//!
//! From the special-purpose registries of IANA (RFC 6890). What a customer
//! names as the target of a webhook must not lead into the operator's network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Why an address is not public, in words for a person; `None` when it is.
#[must_use]
pub fn not_public(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => not_public_v4(address),
        IpAddr::V6(address) => not_public_v6(address),
    }
}

fn not_public_v4(address: Ipv4Addr) -> Option<&'static str> {
    let reason = match address.octets() {
        [0, ..] => "this network (0.0.0.0/8)",
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => "a private network",
        [100, 64..=127, ..] => "a carrier's shared network (100.64.0.0/10)",
        [127, ..] => "this machine (127.0.0.0/8)",
        [169, 254, ..] => "the local link (169.254.0.0/16)",
        [192, 0, 0, _] => "reserved for protocols (192.0.0.0/24)",
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => "a documentation network",
        // RFC 7526: the old 6to4 relay anycast.
        [192, 88, 99, _] => "a retired relay network (192.88.99.0/24)",
        [198, 18..=19, ..] => "a benchmark network (198.18.0.0/15)",
        [224..=239, ..] => "multicast",
        [255, 255, 255, 255] => "broadcast",
        [240..=255, ..] => "reserved (240.0.0.0/4)",
        _ => return None,
    };
    Some(reason)
}

fn not_public_v6(address: Ipv6Addr) -> Option<&'static str> {
    let s = address.segments();
    // An address that only wraps an IPv4 one is as public as what it wraps.
    if let Some(inner) = wrapped(s) {
        return not_public_v4(inner);
    }
    let reason = match s {
        [0, 0, 0, 0, 0, 0, 0, 0] => "the unspecified address",
        [0, 0, 0, 0, 0, 0, 0, 1] => "this machine (::1)",
        [0xfc00..=0xfdff, ..] => "a private network (fc00::/7)",
        [0xfe80..=0xfebf, ..] => "the local link (fe80::/10)",
        [0xfec0..=0xfeff, ..] => "a retired private network (fec0::/10)",
        [0xff00..=0xffff, ..] => "multicast",
        [0x2001, 0x0db8, ..] | [0x3fff, 0..=0x0fff, ..] => "a documentation network",
        // Teredo, ORCHID, benchmarks: RFC 6890 lists 2001::/23 as not global.
        [0x2001, 0..=0x01ff, ..] => "reserved for protocols (2001::/23)",
        // RFC 4291 section 2.4: only 2000::/3 is given out.
        [0x2000..=0x3fff, ..] => return None,
        _ => "outside of the global range (2000::/3)",
    };
    Some(reason)
}

/// The IPv4 address within a mapped (`::ffff:0:0/96`), compatible (`::/96`), translated
/// (`64:ff9b::/96`, RFC 6052) or 6to4 (`2002::/16`, RFC 3056) one.
fn wrapped(s: [u16; 8]) -> Option<Ipv4Addr> {
    let (high, low) = match s {
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => return None,
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] => (high, low),
        [0x0064, 0xff9b, 0, 0, 0, 0, high, low] => (high, low),
        [0x2002, high, low, ..] => (high, low),
        _ => return None,
    };
    let [a, b] = high.to_be_bytes();
    let [c, d] = low.to_be_bytes();
    Some(Ipv4Addr::new(a, b, c, d))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PUBLIC: &[&str] = &[
        "1.1.1.1",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "192.0.3.0",
        "192.88.98.1",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "198.51.99.1",
        "203.0.112.1",
        "223.255.255.255",
        "2001:200::1",
        "2001:4860:4860::8888",
        "2606:4700::1111",
        "2a00:1450::1",
        "2003::1",
        "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8",
        "2002:0808:0808::1",
    ];

    const NOT_PUBLIC: &[&str] = &[
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.0.170",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::2",
        "::127.0.0.1",
        "::10.0.0.1",
        "::ffff:0.0.0.0",
        "::ffff:127.0.0.1",
        "::ffff:10.1.2.3",
        "::ffff:169.254.169.254",
        "::ffff:0:127.0.0.1",
        "64:ff9b::10.0.0.1",
        "64:ff9b::127.0.0.1",
        "64:ff9b:1::8.8.8.8",
        "100::1",
        "2001::1",
        "2001:2::1",
        "2001:10::1",
        "2001:20::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "2002:a00:1::",
        "2002:c0a8:101::1",
        "3fff::1",
        "3fff:fff::1",
        "4000::1",
        "5f00::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "febf::1",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
    ];

    #[test]
    fn table() {
        for address in PUBLIC {
            let reason = not_public(address.parse().unwrap());
            assert_eq!(reason, None, "{address}");
        }
        for address in NOT_PUBLIC {
            let reason = not_public(address.parse().unwrap());
            assert!(reason.is_some(), "{address}");
        }
    }
}
