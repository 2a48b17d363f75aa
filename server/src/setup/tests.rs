use axum::body::Body as Sent;
use axum::http::Request as Asking;
use http_body_util::BodyExt;
use posthouse::Settings;
use posthouse::model::client::{ClientPlace, ClientSecurity};
use tempfile::TempDir;
use tower::ServiceExt;

use super::*;
use crate::opening::opening;

struct House {
    router: Router,
    _folder: TempDir,
}

/// With a domain, where all but POP3 is spoken.
async fn house() -> House {
    let folder = TempDir::new().unwrap();
    let place = |port, security| {
        Some(ClientPlace {
            host: String::from("mail.acme.test"),
            port,
            security,
        })
    };
    let settings = Settings {
        places: ClientPlaces {
            imap: place(993, ClientSecurity::Tls),
            pop3: None,
            submission: place(587, ClientSecurity::StartTls),
            settings: None,
        },
        ..Settings::new("mail.acme.test")
    };
    let engine = Posthouse::open(opening(folder.path().join("posthouse.db"), settings));
    let engine = engine.await.unwrap();
    engine.create_organization("default").await.unwrap();
    let operator = engine.operator(None).await.unwrap();
    engine
        .create_domain(&operator, "acme.test", None)
        .await
        .unwrap();
    House {
        router: crate::http::router(engine),
        _folder: folder,
    }
}

impl House {
    async fn answer(&self, request: Asking<Sent>) -> (u16, String, String) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let kind = response
            .headers()
            .get(CONTENT_TYPE)
            .map(|kind| kind.to_str().unwrap());
        let (status, kind) = (
            response.status().as_u16(),
            kind.unwrap_or_default().to_owned(),
        );
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, kind, String::from_utf8(body.to_vec()).unwrap())
    }

    async fn get(&self, path: &str, host: &str) -> (u16, String, String) {
        let request = Asking::get(path).header("host", host).body(Sent::empty());
        self.answer(request.unwrap()).await
    }

    async fn discover(&self, path: &str, body: &str) -> (u16, String, String) {
        let request = Asking::post(path).body(Sent::from(body.to_owned()));
        self.answer(request.unwrap()).await
    }
}

const CONFIG: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
<clientConfig version=\"1.1\"><emailProvider id=\"acme.test\"><domain>acme.test</domain>\
<displayName>Mail at acme.test</displayName><displayShortName>acme.test</displayShortName>\
<incomingServer type=\"imap\"><hostname>mail.acme.test</hostname><port>993</port>\
<socketType>SSL</socketType><username>%EMAILADDRESS%</username>\
<authentication>password-cleartext</authentication></incomingServer>\
<outgoingServer type=\"smtp\"><hostname>mail.acme.test</hostname><port>587</port>\
<socketType>STARTTLS</socketType><username>%EMAILADDRESS%</username>\
<authentication>password-cleartext</authentication></outgoingServer>\
</emailProvider></clientConfig>\n";

#[tokio::test]
async fn autoconfig_tells_the_settings_of_a_domain() {
    let house = house().await;
    for (path, host) in [
        (
            "/mail/config-v1.1.xml?emailaddress=kim@acme.test",
            "mail.acme.test",
        ),
        (
            "/mail/config-v1.1.xml?emailaddress=Nobody%40ACME.test",
            "mail.acme.test:8443",
        ),
        ("/mail/config-v1.1.xml", "autoconfig.acme.test"),
        (
            "/.well-known/autoconfig/mail/config-v1.1.xml",
            "acme.test:443",
        ),
    ] {
        let (status, kind, body) = house.get(path, host).await;
        assert_eq!((status, kind.as_str()), (200, XML), "{path}");
        let told = body.replace("ACME.test", "acme.test");
        assert_eq!(told, CONFIG, "{path}");
    }
    for (path, host, expected) in [
        (
            "/mail/config-v1.1.xml?emailaddress=kim@other.test",
            "acme.test",
            404,
        ),
        ("/mail/config-v1.1.xml?emailaddress=kim", "acme.test", 400),
        (
            "/mail/config-v1.1.xml?emailaddress=%3Ca%3E@acme.test",
            "acme.test",
            400,
        ),
        ("/mail/config-v1.1.xml", "autoconfig.other.test", 404),
    ] {
        assert_eq!(house.get(path, host).await.0, expected, "{path}");
    }
}

const ASK: &str = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\
<Autodiscover xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006\">\
<Request><EMailAddress>ADDRESS</EMailAddress><AcceptableResponseSchema>http://schemas.microsoft.com/\
exchange/autodiscover/outlook/responseschema/2006a</AcceptableResponseSchema></Request></Autodiscover>";

#[tokio::test]
async fn autodiscover_tells_the_settings_of_an_address() {
    let house = house().await;
    for path in [
        "/autodiscover/autodiscover.xml",
        "/Autodiscover/Autodiscover.xml",
    ] {
        let (status, kind, body) = house
            .discover(path, &ASK.replace("ADDRESS", "kim@acme.test"))
            .await;
        assert_eq!((status, kind.as_str()), (200, XML));
        let protocol = |kind: &str, port: u16, encryption: &str| {
            format!(
                "<Protocol><Type>{kind}</Type><Server>mail.acme.test</Server><Port>{port}</Port>\
                 <LoginName>kim@acme.test</LoginName><DomainRequired>off</DomainRequired>\
                 <SPA>off</SPA><SSL>on</SSL><Encryption>{encryption}</Encryption>\
                 <AuthRequired>on</AuthRequired></Protocol>"
            )
        };
        let account = format!(
            "<Account><AccountType>email</AccountType><Action>settings</Action>{}{}</Account>",
            protocol("IMAP", 993, "SSL"),
            protocol("SMTP", 587, "TLS"),
        );
        assert!(body.contains(&account), "{body}");
        assert!(body.contains("<Autodiscover xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006\"><Response xmlns=\""));
    }
    for (body, code) in [
        (ASK.replace("ADDRESS", "kim@other.test"), "500"),
        (ASK.replace("ADDRESS", "kim"), "500"),
        (String::from("<Autodiscover/>"), "600"),
        (String::from("not XML at all"), "600"),
        ("x".repeat(20_000), "600"),
    ] {
        let (status, _, told) = house
            .discover("/autodiscover/autodiscover.xml", &body)
            .await;
        assert_eq!(status, 200);
        assert!(
            told.contains(&format!("<ErrorCode>{code}</ErrorCode>")),
            "{told}"
        );
        assert!(!told.contains("<Account>"));
    }
}

#[tokio::test]
async fn a_profile_sets_an_address_up() {
    let house = house().await;
    let path = "/mail/apple.mobileconfig?emailaddress=kim@acme.test";
    let (status, kind, body) = house.get(path, "mail.acme.test").await;
    assert_eq!(
        (status, kind.as_str()),
        (200, "application/x-apple-aspen-config")
    );
    let profile: plist::Value = plist::from_bytes(body.as_bytes()).unwrap();
    let profile = profile.as_dictionary().unwrap();
    assert_eq!(profile["PayloadType"].as_string(), Some("Configuration"));
    let account = profile["PayloadContent"].as_array().unwrap()[0]
        .as_dictionary()
        .unwrap();
    for (key, expected) in [
        ("PayloadType", "com.apple.mail.managed"),
        ("EmailAccountType", "EmailTypeIMAP"),
        ("EmailAddress", "kim@acme.test"),
        ("IncomingMailServerHostName", "mail.acme.test"),
        ("IncomingMailServerUsername", "kim@acme.test"),
        ("OutgoingMailServerAuthentication", "EmailAuthPassword"),
    ] {
        assert_eq!(account[key].as_string(), Some(expected), "{key}");
    }
    for (key, port) in [("Incoming", 993), ("Outgoing", 587)] {
        let found = &account[&format!("{key}MailServerPortNumber")];
        assert_eq!(found.as_unsigned_integer(), Some(port));
        assert_eq!(
            account[&format!("{key}MailServerUseSSL")].as_boolean(),
            Some(true)
        );
    }
    // Taken again, it is the same profile; another address has another.
    assert_eq!(house.get(path, "mail.acme.test").await.2, body);
    let other = house
        .get("/mail/apple.mobileconfig?emailaddress=lee@acme.test", "x")
        .await
        .2;
    assert!(!other.contains(profile["PayloadUUID"].as_string().unwrap()));
    for (path, expected) in [
        ("/mail/apple.mobileconfig", 400),
        ("/mail/apple.mobileconfig?emailaddress=kim@other.test", 404),
    ] {
        assert_eq!(house.get(path, "x").await.0, expected, "{path}");
    }
}

#[test]
fn a_host_has_no_port() {
    let host = |text: &'static str| {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_static(text));
        super::host(&headers)
    };
    assert_eq!(
        host("autoconfig.acme.test:8443").as_deref(),
        Some("acme.test")
    );
    assert_eq!(host("acme.test").as_deref(), Some("acme.test"));
    assert_eq!(super::host(&HeaderMap::new()), None);
}
