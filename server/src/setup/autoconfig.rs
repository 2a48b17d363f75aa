//! Thunderbird's autoconfiguration, format 1.1, which other programs read too.

use posthouse::model::client::{ClientPlace, ClientPlaces, ClientSecurity};
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename = "clientConfig")]
struct Config<'a> {
    #[serde(rename = "@version")]
    version: &'static str,
    #[serde(rename = "emailProvider")]
    provider: Provider<'a>,
}

#[derive(Serialize)]
struct Provider<'a> {
    #[serde(rename = "@id")]
    id: &'a str,
    domain: &'a str,
    #[serde(rename = "displayName")]
    name: String,
    #[serde(rename = "displayShortName")]
    short_name: &'a str,
    #[serde(rename = "incomingServer")]
    incoming: Vec<Server<'a>>,
    #[serde(rename = "outgoingServer")]
    outgoing: Vec<Server<'a>>,
}

#[derive(Serialize)]
struct Server<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    hostname: &'a str,
    port: u16,
    #[serde(rename = "socketType")]
    socket: &'static str,
    username: &'static str,
    authentication: &'static str,
}

/// The settings at a domain, the best first.
pub(super) fn answer(domain: &str, places: &ClientPlaces) -> Result<Vec<u8>, String> {
    let ClientPlaces {
        imap,
        pop3,
        submission,
        settings: _,
    } = places;
    let config = Config {
        version: "1.1",
        provider: Provider {
            id: domain,
            domain,
            name: format!("Mail at {domain}"),
            short_name: domain,
            incoming: [server("imap", imap), server("pop3", pop3)]
                .into_iter()
                .flatten()
                .collect(),
            outgoing: server("smtp", submission).into_iter().collect(),
        },
    };
    let xml = quick_xml::se::to_string(&config).map_err(|error| error.to_string())?;
    Ok(format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{xml}\n").into_bytes())
}

fn server<'a>(kind: &'static str, place: &'a Option<ClientPlace>) -> Option<Server<'a>> {
    let ClientPlace {
        host,
        port,
        security,
    } = place.as_ref()?;
    Some(Server {
        kind,
        hostname: host,
        port: *port,
        socket: match security {
            ClientSecurity::Tls => "SSL",
            ClientSecurity::StartTls => "STARTTLS",
        },
        username: "%EMAILADDRESS%",
        // The password itself, within TLS.
        authentication: "password-cleartext",
    })
}
