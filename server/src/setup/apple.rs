//! A configuration profile for Apple's mail programs. It is not signed, and they say so.

use posthouse::model::client::{ClientPlace, ClientPlaces};
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Builder;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Profile {
    payload_type: &'static str,
    payload_version: u8,
    payload_identifier: String,
    #[serde(rename = "PayloadUUID")]
    payload_uuid: String,
    payload_display_name: String,
    payload_description: String,
    payload_content: Vec<Account>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Account {
    payload_type: &'static str,
    payload_version: u8,
    payload_identifier: String,
    #[serde(rename = "PayloadUUID")]
    payload_uuid: String,
    payload_display_name: String,
    email_account_description: String,
    email_account_type: &'static str,
    email_address: String,
    incoming_mail_server_authentication: &'static str,
    incoming_mail_server_host_name: String,
    incoming_mail_server_port_number: u16,
    /// At a port of STARTTLS, that is meant.
    #[serde(rename = "IncomingMailServerUseSSL")]
    incoming_mail_server_use_ssl: bool,
    incoming_mail_server_username: String,
    outgoing_mail_server_authentication: &'static str,
    outgoing_mail_server_host_name: String,
    outgoing_mail_server_port_number: u16,
    #[serde(rename = "OutgoingMailServerUseSSL")]
    outgoing_mail_server_use_ssl: bool,
    outgoing_mail_server_username: String,
    outgoing_password_same_as_incoming_password: bool,
}

/// The profile of an address; None where mail is not read here or not sent.
pub(super) fn profile(address: &str, places: &ClientPlaces) -> Option<Result<Vec<u8>, String>> {
    let imap = places.imap.as_ref().map(|place| ("EmailTypeIMAP", place));
    let pop3 = places.pop3.as_ref().map(|place| ("EmailTypePOP", place));
    let (kind, incoming) = imap.or(pop3)?;
    let outgoing = places.submission.as_ref()?;
    let profile = Profile {
        payload_type: "Configuration",
        payload_version: 1,
        payload_identifier: format!("posthouse.{address}"),
        payload_uuid: uuid("profile", address),
        payload_display_name: format!("Mail of {address}"),
        payload_description: format!("Sets up {address} to be read and sent from."),
        payload_content: vec![account(address, kind, incoming, outgoing)],
    };
    let mut out = Vec::new();
    let written = plist::to_writer_xml(&mut out, &profile);
    Some(written.map(|()| out).map_err(|error| error.to_string()))
}

fn account(
    address: &str,
    kind: &'static str,
    incoming: &ClientPlace,
    outgoing: &ClientPlace,
) -> Account {
    const PASSWORD: &str = "EmailAuthPassword";
    Account {
        payload_type: "com.apple.mail.managed",
        payload_version: 1,
        payload_identifier: format!("posthouse.{address}.mail"),
        payload_uuid: uuid("mail", address),
        payload_display_name: address.to_owned(),
        email_account_description: address.to_owned(),
        email_account_type: kind,
        email_address: address.to_owned(),
        incoming_mail_server_authentication: PASSWORD,
        incoming_mail_server_host_name: incoming.host.clone(),
        incoming_mail_server_port_number: incoming.port,
        incoming_mail_server_use_ssl: true,
        incoming_mail_server_username: address.to_owned(),
        outgoing_mail_server_authentication: PASSWORD,
        outgoing_mail_server_host_name: outgoing.host.clone(),
        outgoing_mail_server_port_number: outgoing.port,
        outgoing_mail_server_use_ssl: true,
        outgoing_mail_server_username: address.to_owned(),
        outgoing_password_same_as_incoming_password: true,
    }
}

/// The same for an address each time, so that a profile that is taken again replaces the last.
fn uuid(part: &str, address: &str) -> String {
    let digest: [u8; 32] = Sha256::digest(format!("{part} {address}")).into();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    let uuid = Builder::from_custom_bytes(bytes).into_uuid();
    uuid.hyphenated().to_string().to_uppercase()
}
