//! A call as a line that can be pasted into a shell.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;

use super::desk::Found;
use super::quote::quoted;
use crate::dialects::kind::Call;

/// How curl gets here.
#[derive(Debug)]
pub struct Curl {
    url: String,
    /// The certificate of a development CA, as a word for the shell.
    authority: Option<String>,
}

impl Curl {
    /// To where a server listens. The certificate is only looked at where there is no HTTP.
    #[must_use]
    pub fn to(
        http: Option<SocketAddr>,
        https: Option<SocketAddr>,
        authority: Option<&Path>,
    ) -> Self {
        let url = match (http, https) {
            (Some(http), _) => format!("http://{}", reachable(http)),
            // The certificate is for the name.
            (None, Some(https)) => format!("https://localhost:{}", https.port()),
            (None, None) => String::new(),
        };
        let authority = authority.filter(|_| http.is_none());
        Self {
            url,
            authority: authority.map(|path| quoted(&path.display().to_string())),
        }
    }

    /// To where a server listens that is started with these settings.
    #[must_use]
    pub fn configured(found: &Found) -> Self {
        let server = &found.config.server;
        let authority = found.data.dev_ca();
        let authority = authority.exists().then_some(authority.as_path());
        Self::to(server.http.0, server.https.0, authority)
    }

    /// Where the server is, without a slash behind it.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A line that works as printed, in any POSIX shell.
    #[must_use]
    pub fn line(&self, call: &Call) -> String {
        let authority = self
            .authority
            .as_ref()
            .map_or_else(String::new, |path| format!(" --cacert {path}"));
        let (field, credential) = &call.credential;
        let credential = quoted(&format!("{field}: {credential}"));
        let url = format!("{}{}", self.url, call.path);
        let line = format!("  curl{authority} {url} \\\n    -H {credential}");
        match &call.body {
            None => line,
            Some(body) => format!(
                "{line} \\\n    -H 'Content-Type: application/json' \\\n    -d {}",
                quoted(body)
            ),
        }
    }
}

/// An address that a client on this machine can connect to.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        IpAddr::V4(_) | IpAddr::V6(_) => {}
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(body: Option<&str>) -> Call {
        Call {
            path: "/send",
            credential: ("Authorization", String::from("Bearer x")),
            body: body.map(str::to_owned),
        }
    }

    #[test]
    fn the_line_goes_where_the_server_is() {
        let at = |text: &str| Some(text.parse().unwrap());
        let authority = Path::new("my data/ca.pem");
        let http = Curl::to(at("0.0.0.0:8025"), at("[::]:8443"), Some(authority));
        assert_eq!(
            http.line(&call(None)),
            "  curl http://127.0.0.1:8025/send \\\n    -H 'Authorization: Bearer x'"
        );
        let https = Curl::to(None, at("[::]:8443"), Some(authority));
        assert_eq!(
            https.line(&call(Some(r#"{"it's":1}"#))),
            "  curl --cacert 'my data/ca.pem' https://localhost:8443/send \\\n    \
             -H 'Authorization: Bearer x' \\\n    -H 'Content-Type: application/json' \\\n    \
             -d '{\"it'\\''s\":1}'"
        );
    }
}
