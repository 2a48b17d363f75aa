//! The kinds of values that settings have, each parsed once.

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ipnet::IpNet;
use posthouse::engine::{AfterCrash, OnTemporary, ServerError};
use posthouse::limits::MESSAGE_BYTES;
use posthouse::mime::links::PublicUrl;
use posthouse::model::address::DomainName;
use posthouse::model::key::Mode;
use tracing_subscriber::EnvFilter;

/// How a value is written in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// `"text"`.
    Text,
    /// `25`.
    Number,
    /// `true`.
    Switch,
    /// `["a", "b"]`; elsewhere with commas between.
    List,
}

/// A value of a setting.
pub trait Value: Sized {
    /// How it is written in the file.
    const WRITTEN: Written;
    /// What is expected, after "expected".
    const EXPECTED: &'static str;

    /// The value a text stands for. Paths are relative to `base`.
    fn parse(text: &str, base: &Path) -> Option<Self>;
}

macro_rules! values {
    ($($type:ty, $written:ident, $expected:literal, |$text:ident, $base:ident| $parse:expr;)*) => {$(
        impl Value for $type {
            const WRITTEN: Written = Written::$written;
            const EXPECTED: &'static str = $expected;

            fn parse($text: &str, $base: &Path) -> Option<Self> {
                $parse
            }
        }
    )*};
}

/// A host name that EHLO can say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostName(pub String);

/// Where links in mail begin, if it is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkBase(pub Option<PublicUrl>);

/// Where to listen, if at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listen(pub Option<SocketAddr>);

/// A file, if one is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Where(pub Option<PathBuf>);

/// What is logged, in the syntax of `tracing`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogFilter(pub String);

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// A length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span(pub Duration);

/// DNS servers; port 53 unless said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Servers(pub Vec<SocketAddr>);

/// Names of DNS zones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zones(pub Vec<String>);

/// Networks, or single addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Networks(pub Vec<IpNet>);

/// A port, not 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Port(pub u16);

/// Yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Switch(pub bool);

/// When a credential may be shown without TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlainAuth {
    /// Where only this machine listens.
    Loopback,
    /// Everywhere.
    Always,
    /// Nowhere.
    Never,
}

/// How many; not 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count(pub usize);

/// How many a minute, if that is bounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate(pub Option<u32>);

/// How much at most, if that is bounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound(pub Option<NonZeroU64>);

/// The size of a message, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageBytes(pub usize);

values! {
    HostName, Text, "a host name such as \"mail.example.com\"", |text, _base| {
        if text == "localhost" {
            return Some(Self(text.to_owned()));
        }
        DomainName::parse(text).ok().map(|name| Self(name.as_str().to_owned()))
    };
    LinkBase, Text, "an http or https URL without a query such as \"https://mail.example.com\", or \"\" for https:// and the host", |text, _base| {
        if text.is_empty() {
            return Some(Self(None));
        }
        PublicUrl::parse(text).map(|url| Self(Some(url)))
    };
    Listen, Text, "an address with a port such as \"127.0.0.1:8025\", or \"\" for none", |text, _base| {
        if text.is_empty() {
            return Some(Self(None));
        }
        text.replacen("localhost:", "127.0.0.1:", 1)
            .parse()
            .ok()
            .map(|address| Self(Some(address)))
    };
    Where, Text, "the path of a file, or \"\" for none", |text, base| {
        if text.contains('\0') {
            return None;
        }
        Some(Self((!text.is_empty()).then(|| base.join(text))))
    };
    LogFilter, Text, "error, warn, info, debug, trace, or a filter such as \"info,posthouse=debug\"", |text, _base| {
        EnvFilter::try_new(text).ok().map(|_| Self(text.to_owned()))
    };
    LogFormat, Text, "\"text\" or \"json\"", |text, _base| match text {
        "text" => Some(Self::Text),
        "json" => Some(Self::Json),
        _ => None,
    };
    Span, Text, "a length of time such as \"30s\", \"15m\", \"4h\" or \"2d\"", |text, _base| {
        span(text).map(Self)
    };
    Servers, List, "addresses of DNS servers such as [\"127.0.0.1:5353\"]", |text, _base| {
        text.split(',')
            .map(str::trim)
            .filter(|one| !one.is_empty())
            .map(|one| {
                one.parse::<SocketAddr>()
                    .ok()
                    .or_else(|| one.parse::<IpAddr>().ok().map(|ip| SocketAddr::new(ip, 53)))
            })
            .collect::<Option<Vec<_>>>()
            .map(Self)
    };
    Zones, List, "names of DNS zones such as [\"dbl.example.com\"]", |text, _base| {
        text.split(',')
            .map(str::trim)
            .filter(|one| !one.is_empty())
            .map(|one| DomainName::parse(one).ok().map(|name| name.as_str().to_owned()))
            .collect::<Option<Vec<_>>>()
            .map(Self)
    };
    Networks, List, "networks such as [\"10.0.0.0/8\", \"192.0.2.7\"]", |text, _base| {
        text.split(',')
            .map(str::trim)
            .filter(|one| !one.is_empty())
            .map(|one| {
                let network = one.parse::<IpNet>().ok();
                network.or_else(|| one.parse::<IpAddr>().ok().map(IpNet::from))
            })
            .collect::<Option<Vec<_>>>()
            .map(Self)
    };
    Port, Number, "a port from 1 to 65535", |text, _base| {
        text.parse().ok().filter(|port| *port != 0).map(Self)
    };
    PlainAuth, Text, "\"loopback\", \"always\" or \"never\"", |text, _base| match text {
        "loopback" => Some(Self::Loopback),
        "always" => Some(Self::Always),
        "never" => Some(Self::Never),
        _ => None,
    };
    Count, Number, "a number above 0", |text, _base| {
        text.parse().ok().filter(|count| *count != 0).map(Self)
    };
    Rate, Number, "a number, 0 for no bound", |text, _base| {
        text.parse().ok().map(|rate: u32| Self((rate != 0).then_some(rate)))
    };
    Bound, Number, "a number, 0 for no bound", |text, _base| {
        text.parse().ok().map(|most| Self(NonZeroU64::new(most)))
    };
    MessageBytes, Number, "a number of bytes from 1000 to 50000000", |text, _base| {
        let bytes = text.parse().ok();
        bytes.filter(|bytes| (1_000..=MESSAGE_BYTES).contains(bytes)).map(Self)
    };
    Switch, Switch, "true or false", |text, _base| match text {
        "true" | "yes" | "on" | "1" => Some(Self(true)),
        "false" | "no" | "off" | "0" => Some(Self(false)),
        _ => None,
    };
    Mode, Text, "capture, hold, allow-list or live", |text, _base| Self::parse(text);
    AfterCrash, Text, "\"resend\" or \"hold\"", |text, _base| match text {
        "resend" => Some(Self::Resend),
        "hold" => Some(Self::Hold),
        _ => None,
    };
    OnTemporary, Text, "\"queue\" or \"fail\"", |text, _base| match text {
        "queue" => Some(Self::Queue),
        "fail" => Some(Self::Fail),
        _ => None,
    };
    ServerError, Text, "\"temporary\" or \"final\"", |text, _base| match text {
        "temporary" => Some(Self::Temporary),
        "final" => Some(Self::Final),
        _ => None,
    };
}

/// Digits and a unit: ms, s, m, h, d. Zero is a length of time, too.
fn span(text: &str) -> Option<Duration> {
    let end = text.find(|c: char| !c.is_ascii_digit())?;
    let count: u64 = text[..end].parse().ok()?;
    let unit_ms = match text[end..].trim() {
        "ms" => 1,
        "s" => 1_000,
        "m" | "min" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    count.checked_mul(unit_ms).map(Duration::from_millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time() {
        let seconds = |text| span(text).map(|span| span.as_secs_f64());
        let cases = [
            ("30s", Some(30.0)),
            ("250ms", Some(0.25)),
            ("15m", Some(900.0)),
            ("4 h", Some(14_400.0)),
            ("2d", Some(172_800.0)),
            ("0s", Some(0.0)),
            ("30", None),
            ("", None),
            ("s", None),
            ("-1s", None),
            ("99999999999999999999s", None),
            ("18446744073709551615d", None),
        ];
        for (text, expected) in cases {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }

    #[test]
    fn dns_servers_have_a_port_of_their_own() {
        let base = Path::new("");
        let parsed = Servers::parse("127.0.0.1:5353, ::1", base).unwrap();
        assert_eq!(
            parsed.0,
            [
                "127.0.0.1:5353".parse().unwrap(),
                "[::1]:53".parse().unwrap()
            ]
        );
        assert_eq!(Servers::parse("ns.example.com", base), None);
        let parsed = Networks::parse("10.0.0.0/8, 192.0.2.7, fd00::/8", base).unwrap();
        let written = parsed.0.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(written, ["10.0.0.0/8", "192.0.2.7/32", "fd00::/8"]);
        for wrong in ["10.0.0.0/33", "proxy.example.com", "10.0.0"] {
            assert_eq!(Networks::parse(wrong, base), None, "{wrong}");
        }
    }
}
