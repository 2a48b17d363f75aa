//! Outlook's autodiscovery in its oldest form, plain XML (MS-OXDSCLI section 2.2.4).

use jiff::Timestamp as Moment;
use posthouse::clock::Timestamp;
use posthouse::model::client::{ClientPlace, ClientPlaces, ClientSecurity};
use serde::{Deserialize, Serialize};

const ANSWER: &str = "http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006";
const OUTLOOK: &str =
    "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a";

#[derive(Deserialize)]
struct Asking {
    #[serde(rename = "Request")]
    request: Wanted,
}

#[derive(Deserialize)]
struct Wanted {
    #[serde(rename = "EMailAddress")]
    address: String,
}

/// Whose settings are asked for; None where it cannot be read.
pub(super) fn address(body: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(body).ok()?;
    let asking: Asking = quick_xml::de::from_str(text.trim_start_matches('\u{feff}')).ok()?;
    Some(asking.request.address.trim().to_owned())
}

#[derive(Serialize)]
#[serde(rename = "Autodiscover")]
struct Answer<T> {
    #[serde(rename = "@xmlns")]
    namespace: &'static str,
    #[serde(rename = "Response")]
    response: T,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Found<'a> {
    #[serde(rename = "@xmlns")]
    namespace: &'static str,
    user: User<'a>,
    account: Account<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct User<'a> {
    display_name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Account<'a> {
    account_type: &'static str,
    action: &'static str,
    protocol: Vec<Protocol<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Protocol<'a> {
    r#type: &'static str,
    server: &'a str,
    port: u16,
    login_name: &'a str,
    domain_required: &'static str,
    #[serde(rename = "SPA")]
    secure_password: &'static str,
    /// What `Encryption` says too, for programs that do not know that.
    #[serde(rename = "SSL")]
    ssl: &'static str,
    encryption: &'static str,
    auth_required: &'static str,
}

/// The settings of an address.
pub(super) fn answer(address: &str, places: &ClientPlaces) -> Result<Vec<u8>, String> {
    let ClientPlaces {
        imap,
        pop3,
        submission,
        settings: _,
    } = places;
    let protocol = [("IMAP", imap), ("POP3", pop3), ("SMTP", submission)]
        .into_iter()
        .filter_map(|(kind, place)| Some(protocol(kind, place.as_ref()?, address)))
        .collect();
    written(Found {
        namespace: OUTLOOK,
        user: User {
            display_name: address,
        },
        account: Account {
            account_type: "email",
            action: "settings",
            protocol,
        },
    })
}

fn protocol<'a>(kind: &'static str, place: &'a ClientPlace, address: &'a str) -> Protocol<'a> {
    Protocol {
        r#type: kind,
        server: &place.host,
        port: place.port,
        login_name: address,
        domain_required: "off",
        secure_password: "off",
        ssl: "on",
        encryption: match place.security {
            ClientSecurity::Tls => "SSL",
            ClientSecurity::StartTls => "TLS",
        },
        auth_required: "on",
    }
}

/// Why there are no settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// It cannot be read.
    Request,
    /// There is no mail of its domain here.
    Address,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Refused {
    error: Refusal,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Refusal {
    #[serde(rename = "@Time")]
    time: String,
    #[serde(rename = "@Id")]
    id: &'static str,
    error_code: u16,
    message: &'static str,
    debug_data: (),
}

/// An error as these programs read it, beside status 200.
pub(super) fn refusal(now: Timestamp, wrong: Wrong) -> Result<Vec<u8>, String> {
    let (error_code, message) = match wrong {
        Wrong::Request => (600, "The request could not be read."),
        Wrong::Address => (500, "There is no mail of this address here."),
    };
    let moment = Moment::from_millisecond(now.0).map_err(|error| error.to_string())?;
    written(Refused {
        error: Refusal {
            time: moment.strftime("%H:%M:%S.%3f").to_string(),
            id: "1",
            error_code,
            message,
            debug_data: (),
        },
    })
}

fn written(response: impl Serialize) -> Result<Vec<u8>, String> {
    let answer = Answer {
        namespace: ANSWER,
        response,
    };
    let xml = quick_xml::se::to_string(&answer).map_err(|error| error.to_string())?;
    Ok(format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{xml}\n").into_bytes())
}
