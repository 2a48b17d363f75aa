//! Where this machine listens, and how programs get there.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use posthouse::model::organization::Role;

use super::call::Call;
use super::place::Listener;
use super::trouble::Outcome;
use super::wire::{
    ClientProtocol, ClientSetting, ClientSettings, ListenerKind as Kind, ListenerRow, ListenerSet,
    Nothing, Rows, Security, Switch,
};

const fn security(kind: Kind) -> Security {
    match kind {
        Kind::Http => Security::Plain,
        Kind::Https | Kind::SmtpSubmissions | Kind::Imaps | Kind::Pop3s => Security::Tls,
        Kind::SmtpInbound | Kind::SmtpSubmission | Kind::SmtpCapture | Kind::Imap | Kind::Pop3 => {
            Security::Starttls
        }
    }
}

const fn about(kind: Kind) -> &'static str {
    match kind {
        Kind::Http => "The APIs and this console.",
        Kind::Https => "The APIs and this console, with TLS.",
        Kind::SmtpInbound => "Takes mail for domains of yours.",
        Kind::SmtpSubmission => "Sends mail of those who show a key or a mailbox's password.",
        Kind::SmtpSubmissions => "The same, with TLS from the start.",
        Kind::SmtpCapture => "Captures mail of those who show a key: nothing of it leaves.",
        Kind::Imap => "Shows people their mail.",
        Kind::Imaps => "The same, with TLS from the start.",
        Kind::Pop3 => "Lets people fetch their mail.",
        Kind::Pop3s => "The same, with TLS from the start.",
    }
}

/// An address that a program on this machine can connect to.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        IpAddr::V4(_) | IpAddr::V6(_) => {}
    }
    address
}

/// A line to paste into a shell, that shows that it is there.
fn line(kind: Kind, address: SocketAddr) -> String {
    let at = reachable(address);
    match kind {
        Kind::Http => format!("curl http://{at}/healthz"),
        Kind::Https => format!("curl https://localhost:{}/healthz", at.port()),
        Kind::SmtpInbound => {
            format!("swaks --server {at} --to you@your-domain --from me@example.org")
        }
        Kind::SmtpSubmission | Kind::SmtpCapture => {
            format!(
                "swaks --server {at} --tls --auth-user key --auth-password TOKEN --to you@example.org"
            )
        }
        Kind::SmtpSubmissions => {
            format!(
                "swaks --server {at} --tls-on-connect --auth-user key --auth-password TOKEN --to you@example.org"
            )
        }
        Kind::Imap => format!("curl imap://{at}/INBOX --ssl-reqd --user you@your-domain"),
        Kind::Imaps => format!("curl imaps://{at}/INBOX --user you@your-domain"),
        Kind::Pop3 => format!("curl pop3://{at}/ --ssl-reqd --user you@your-domain"),
        Kind::Pop3s => format!("curl pop3s://{at}/ --user you@your-domain"),
    }
}

fn rows(call: &Call) -> Rows<ListenerRow> {
    let listeners = &call.place.listeners;
    let settable = listeners.settable();
    let row = |one: Listener| ListenerRow {
        kind: one.kind,
        address: one.address.map(|address| address.to_string()),
        security: security(one.kind),
        on: one.address.is_some(),
        about: about(one.kind).to_owned(),
        line: one.address.map(|address| line(one.kind, address)),
        settable,
    };
    Rows {
        rows: listeners.all().into_iter().map(row).collect(),
    }
}

pub async fn list(call: Call, _: Nothing) -> Outcome<Rows<ListenerRow>> {
    call.caller(Role::Reader)?;
    Ok(rows(&call))
}

pub async fn set(call: Call, asked: ListenerSet) -> Outcome<Rows<ListenerRow>> {
    call.caller(Role::Owner)?;
    let to = match asked.on {
        true => Switch::On,
        false => Switch::Off,
    };
    call.place.listeners.set(asked.kind, to).await?;
    Ok(rows(&call))
}

/// What a mail program is told, for whoever is `user`.
pub(super) fn client_settings(call: &Call, user: String) -> ClientSettings {
    let host = call.engine.settings().host.clone();
    let ways = [
        (ClientProtocol::Imap, Kind::Imaps),
        (ClientProtocol::Imap, Kind::Imap),
        (ClientProtocol::Pop3, Kind::Pop3s),
        (ClientProtocol::Pop3, Kind::Pop3),
        (ClientProtocol::Submission, Kind::SmtpSubmissions),
        (ClientProtocol::Submission, Kind::SmtpSubmission),
    ];
    let rows = ways.into_iter().filter_map(|(protocol, kind)| {
        let address = call.place.address(kind)?;
        Some(ClientSetting {
            protocol,
            host: host.clone(),
            port: address.port(),
            security: security(kind),
            user: user.clone(),
        })
    });
    let rows: Vec<ClientSetting> = rows.collect();
    ClientSettings {
        autoconfig_url: (!rows.is_empty()).then(|| told_at("config-v1.1.xml", &user)),
        profile_url: None,
        rows,
        user,
    }
}

/// Where an address's settings are told, on this server.
pub(super) fn told_at(file: &str, address: &str) -> String {
    let address = utf8_percent_encode(address, NON_ALPHANUMERIC);
    format!("/mail/{file}?emailaddress={address}")
}
