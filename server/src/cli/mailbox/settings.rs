//! `posthouse mailbox settings`: what a person's mail program has to know.

use std::path::PathBuf;

use clap::Args;
use posthouse::model::client::{ClientPlace, ClientSecurity};
use serde_json::{Value, json};

use super::Table;
use crate::cli::desk::Desk;
use crate::refusal::{Exit, Refusal};
use crate::setup;

#[derive(Debug, Args)]
pub struct Settings {
    /// The mailbox's address
    address: String,
    /// Write a profile for Apple's Mail there too, such as kim.mobileconfig
    #[arg(long, value_name = "FILE")]
    apple: Option<PathBuf>,
}

impl Settings {
    pub async fn run(self, desk: &Desk) -> Result<(), Refusal> {
        let caller = desk.caller().await?;
        let (mailbox, _) = desk.engine.mailbox(&caller, &self.address).await?;
        let address = mailbox.address;
        let host = address.rsplit_once('@').map_or("", |(_, host)| host);
        let places = desk.engine.client_places(host).await?;
        if let Some(file) = &self.apple {
            let absent = || {
                Refusal::new(Exit::Usage, "mail is not both read and sent here")
                    .hint("Set --imap-tls and --smtp-submissions, or see `posthouse config`.")
            };
            let profile = setup::profile(&address, &places).ok_or_else(absent)?;
            let profile = profile.map_err(|words| Refusal::new(Exit::Refused, words))?;
            std::fs::write(file, profile)?;
        }
        let named = [
            ("imap", "IMAP", &places.imap),
            ("pop3", "POP3", &places.pop3),
            ("submission", "SMTP", &places.submission),
        ];
        let mut shape = json!({"address": address, "username": address});
        for (name, _, place) in named {
            shape[name] = place.as_ref().map_or(Value::Null, place_shape);
        }
        shape["apple"] = json!(self.apple.as_ref().map(|file| file.display().to_string()));
        let mut table = Table::new(["PROTOCOL", "SERVER", "PORT", "SECURITY", "USER NAME"]);
        for (_, name, place) in named {
            let Some(place) = place else { continue };
            table.row([
                name.to_owned(),
                place.host.clone(),
                place.port.to_string(),
                security(place.security).to_owned(),
                address.clone(),
            ]);
        }
        Ok(desk.out.answer(&shape, |to| {
            table.write(
                to,
                "Nothing is read or sent here: see `posthouse config`, [imap].",
            )?;
            match &self.apple {
                Some(file) => writeln!(to, "\nFor Apple's Mail: {}", file.display()),
                None => Ok(()),
            }
        })?)
    }
}

fn place_shape(place: &ClientPlace) -> Value {
    let ClientPlace {
        host,
        port,
        security: by,
    } = place;
    json!({"host": host, "port": port, "security": security(*by)})
}

const fn security(security: ClientSecurity) -> &'static str {
    match security {
        ClientSecurity::Tls => "tls",
        ClientSecurity::StartTls => "starttls",
    }
}
