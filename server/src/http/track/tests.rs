use axum::http::header::{ALLOW, SET_COOKIE};
use http_body_util::BodyExt;
use posthouse::Settings;

use crate::opening::opening;
use posthouse::ids::{EmailId, SuppressionId};
use posthouse::mime::links::{LinkKey, PublicUrl, Target, Ticket};
use posthouse::model::domain::Switch;
use posthouse::model::email::Submission;
use posthouse::model::event::{Event, EventKind};
use posthouse::model::key::{Caller, Mode, Scope};
use posthouse::ops::domains::DomainChange;
use posthouse::ops::keys::{Keeping, NewKey};
use posthouse::ops::why::Questions;
use posthouse::seal::{MasterKey, Vault};
use tempfile::TempDir;
use tower::ServiceExt;

use super::*;

const TARGET: &str = "https://shop.test/a?b=c&d=%20#e";

/// An engine with one tracked email, behind all routes.
struct House {
    engine: Posthouse,
    operator: Caller,
    email: EmailId,
    ticket: Ticket,
    _folder: TempDir,
}

struct Got {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Got {
    fn header(&self, name: HeaderName) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

fn key() -> LinkKey {
    LinkKey::new(&Vault::new(&MasterKey([7; 32])).derive("links"))
}

fn base() -> PublicUrl {
    PublicUrl::parse("https://mail.test").unwrap()
}

impl House {
    async fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("test.db");
        let opening = opening(path, Settings::new("mail.test"));
        let engine = Posthouse::open(opening).await.unwrap();
        engine.create_organization("one").await.unwrap();
        let operator = engine.operator(None).await.unwrap();
        let domain = engine
            .create_domain(&operator, "shop.test", None)
            .await
            .unwrap();
        let change = DomainChange {
            tracking: Some(Switch::On),
            unsubscribe: Some(Switch::On),
            ..DomainChange::default()
        };
        engine
            .set_domain(&operator, domain.id, change)
            .await
            .unwrap();
        let new = NewKey {
            shape: "test",
            token: "token".to_owned(),
            prefix: None,
            keeping: Keeping::HashOnly,
            name: None,
            domain: Some(domain.id),
            scopes: vec![Scope::Send],
            mode: Some(Mode::Capture),
            expires_at: None,
        };
        engine.create_key(&operator, new).await.unwrap();
        let caller = engine.authenticate("test", "token").await.unwrap();
        let submission = Submission {
            from: Some("a@shop.test".to_owned()),
            to: Some("kim@far.test".to_owned()),
            html: Some(format!("<a href='{TARGET}'>x</a>")),
            ..Submission::default()
        };
        let accepted = engine.send(&caller, submission).await.unwrap();
        Self {
            ticket: Ticket {
                email: accepted.uuid,
                recipient: 0,
            },
            email: accepted.id,
            engine,
            operator,
            _folder: folder,
        }
    }

    async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Got {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(Body::from(body.to_owned())).unwrap();
        let peer = Peer("192.0.2.7:5".parse().unwrap());
        request.extensions_mut().insert(peer);
        let router = crate::http::router(self.engine.clone());
        let (head, body) = router.oneshot(request).await.unwrap().into_parts();
        Got {
            status: head.status.as_u16(),
            headers: head.headers,
            body: body.collect().await.unwrap().to_bytes().to_vec(),
        }
    }

    async fn get(&self, path: &str) -> Got {
        self.ask("GET", path, &[("user-agent", "Reader/1")], "")
            .await
    }

    /// The path of a link made here.
    fn path(url: &str) -> String {
        url.strip_prefix("https://mail.test").unwrap().to_owned()
    }

    fn image(&self) -> String {
        Self::path(&key().open(&base(), &self.ticket))
    }

    fn link(&self) -> String {
        Self::path(&key().click(&base(), &self.ticket, &Target::parse(TARGET).unwrap()))
    }

    fn way_out(&self) -> String {
        Self::path(&key().unsubscribe(&base(), &self.ticket))
    }

    /// What the recipient did, once so much is written down: the answer may come before.
    async fn after(&self, count: usize) -> Vec<Event> {
        let mut changes = self.engine.feed().subscribe();
        loop {
            let deeds = self.deeds().await;
            if deeds.len() >= count {
                return deeds;
            }
            let change = tokio::time::timeout(Duration::from_secs(20), changes.recv());
            change.await.expect("it is never written down").unwrap();
        }
    }

    /// What the recipient did, as written down by now.
    async fn deeds(&self) -> Vec<Event> {
        let story = self.engine.why(&self.operator, self.email, Questions::Skip);
        let mut events = story.await.unwrap().recipients.remove(0).events;
        let deeds = [
            EventKind::Opened,
            EventKind::Clicked,
            EventKind::Unsubscribed,
        ];
        events.retain(|event| deeds.contains(&event.kind));
        events
    }

    async fn suppressed(&self) -> usize {
        let list = self
            .engine
            .suppressions(&self.operator, None, SuppressionId(0), 10);
        list.await.unwrap().len()
    }
}

fn assert_private(got: &Got) {
    for (name, value) in [
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("x-robots-tag", "noindex, nofollow"),
    ] {
        assert_eq!(
            got.headers.get(name).map(|value| value.as_bytes()),
            Some(value.as_bytes())
        );
    }
    assert_eq!(got.header(SET_COOKIE), None);
}

fn assert_page(got: &Got, status: u16, text: &str) {
    assert_eq!(got.status, status, "{}", got.text());
    assert_private(got);
    assert_eq!(got.header(CONTENT_TYPE), Some("text/html; charset=utf-8"));
    let policy = "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
    assert_eq!(got.header(CONTENT_SECURITY_POLICY), Some(policy));
    assert_eq!(got.header(LOCATION), None);
    assert!(got.text().contains(text), "{}", got.text());
}

#[tokio::test]
async fn everybody_gets_the_image_and_the_recipients_is_an_opening() {
    let house = House::open().await;
    let image = house.image();
    let forged = image.replace(&image[5..6], if &image[5..6] == "A" { "B" } else { "A" });
    for path in [
        forged.as_str(),
        "/t/o/x.gif",
        "/t/o/x",
        "/t/o/%ff.gif",
        &house.way_out().replace("/u/", "/o/"),
    ] {
        let got = house.get(path).await;
        assert_eq!(
            (got.status, got.body.as_slice()),
            (200, PIXEL_GIF.as_slice()),
            "{path}"
        );
        assert_private(&got);
    }
    assert_eq!(house.deeds().await, [], "of nobody's images");
    let got = house.ask("HEAD", &image, &[], "").await;
    assert_eq!((got.status, got.body.len()), (200, 0));
    assert_eq!(house.deeds().await, [], "of a look at the header");
    let got = house.get(&image).await;
    assert_eq!(
        (got.status, got.header(CONTENT_TYPE)),
        (200, Some("image/gif"))
    );
    assert_eq!(got.body, PIXEL_GIF);
    let [opened] = &house.after(1).await[..] else {
        panic!()
    };
    assert_eq!(opened.kind, EventKind::Opened);
    assert_eq!(opened.facts.ip.as_deref(), Some("192.0.2.7"));
    assert_eq!(opened.facts.user_agent.as_deref(), Some("Reader/1"));
}

#[tokio::test]
async fn a_link_leads_where_it_led_and_nowhere_else() {
    let house = House::open().await;
    let link = house.link();
    let (path, _) = link.split_once('?').unwrap();
    let (image, way_out) = (house.image(), house.way_out());
    for forged in [
        link.replace("shop.test", "evil.test"),
        format!("{link}%2F"),
        path.to_owned(),
        format!("{path}?to=https%3A%2F%2Fevil.test%2F"),
        format!("{path}?to=//evil.test/"),
        format!("{path}?to=javascript%3Aalert(1)"),
        format!(
            "{path}?to=https%3A%2F%2Fevil.test%2F&{}",
            link.split_once('?').unwrap().1
        ),
        link.replace("/t/c/", "/t/c/A"),
        format!("/t/c/x?to={TARGET}"),
        format!(
            "/t/c/{}?to=https%3A%2F%2Fshop.test",
            &image[5..image.len() - 4]
        ),
        format!("/t/c/{}?to=https%3A%2F%2Fshop.test", &way_out[5..]),
    ] {
        assert_page(&house.get(&forged).await, 404, "not one of ours");
    }
    let looked = house.ask("HEAD", &link, &[], "").await;
    assert_eq!(
        (looked.status, looked.header(LOCATION)),
        (302, Some(TARGET))
    );
    assert_eq!(house.deeds().await, []);
    let got = house.get(&format!("{link}&added=by-the-way")).await;
    assert_eq!((got.status, got.header(LOCATION)), (302, Some(TARGET)));
    assert_private(&got);
    let [clicked] = &house.after(1).await[..] else {
        panic!()
    };
    assert_eq!(
        (clicked.kind, clicked.facts.url.as_deref()),
        (EventKind::Clicked, Some(TARGET))
    );
}

#[tokio::test]
async fn a_look_at_the_way_out_changes_nothing() {
    let house = House::open().await;
    let way_out = house.way_out();
    let got = house.get(&way_out).await;
    assert_page(&got, 200, "<p>Do you want no more mail from shop.test?</p>");
    assert!(got.text().contains(
        r#"<form method="post"><button name="List-Unsubscribe" value="One-Click">Unsubscribe</button></form>"#
    ));
    assert_eq!(house.ask("HEAD", &way_out, &[], "").await.status, 200);
    for wrong in [
        "/t/u/x".to_owned(),
        house.image().replace("/o/", "/u/"),
        format!("{way_out}A"),
    ] {
        assert_page(&house.get(&wrong).await, 404, "not one of ours");
        let form = "List-Unsubscribe=One-Click";
        assert_page(
            &house.ask("POST", &wrong, &[], form).await,
            404,
            "not one of ours",
        );
    }
    for form in [
        "",
        "List-Unsubscribe=",
        "List-Unsubscribe=No",
        "One-Click=List-Unsubscribe",
        &"x".repeat(20_000),
    ] {
        let got = house.ask("POST", &way_out, &[], form).await;
        assert_page(&got, 400, "press the button");
    }
    assert_eq!((house.deeds().await, house.suppressed().await), (vec![], 0));
}

#[tokio::test]
async fn one_post_unsubscribes_in_both_forms() {
    let multipart = "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n";
    for (kind, form) in [
        (
            "application/x-www-form-urlencoded",
            "List-Unsubscribe=One-Click",
        ),
        ("multipart/form-data; boundary=b", multipart),
    ] {
        let house = House::open().await;
        for _ in 0..2 {
            let got = house
                .ask("POST", &house.way_out(), &[("content-type", kind)], form)
                .await;
            assert_page(&got, 200, "You will get no more mail from shop.test.");
        }
        assert_eq!(house.suppressed().await, 1);
        let [deed] = &house.after(1).await[..] else {
            panic!()
        };
        assert_eq!(deed.kind, EventKind::Unsubscribed);
    }
}

#[tokio::test]
async fn other_methods_are_refused() {
    let house = House::open().await;
    for (path, allowed) in [
        (house.image(), "GET,HEAD"),
        (house.link(), "GET,HEAD"),
        (house.way_out(), "GET,HEAD,POST"),
    ] {
        let got = house.ask("PUT", &path, &[], "").await;
        assert_page(&got, 405, "cannot be done");
        assert_eq!(got.header(ALLOW), Some(allowed));
    }
    assert_eq!((house.deeds().await, house.suppressed().await), (vec![], 0));
}

#[tokio::test]
async fn without_a_database_links_lead_on_and_unsubscribing_waits() {
    let house = House::open().await;
    house.engine.close().await;
    let got = house.get(&house.link()).await;
    assert_eq!((got.status, got.header(LOCATION)), (302, Some(TARGET)));
    let got = house.get(&house.image()).await;
    assert_eq!(
        (got.status, got.body.as_slice()),
        (200, PIXEL_GIF.as_slice())
    );
    let form = "List-Unsubscribe=One-Click";
    let got = house.ask("POST", &house.way_out(), &[], form).await;
    assert_page(&got, 503, "try again");
    assert_eq!(got.header(RETRY_AFTER), Some("60"));
}
