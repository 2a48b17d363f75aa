//! Cookies, pages that are not ours, wrong passwords and ways in.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use posthouse::limits::WRONG_PASSWORDS_FROM;
use posthouse::model::organization::Role;
use serde_json::json;

use super::house::{Browser, House, SECRET};
use crate::net::Transport;

fn refused(status: u16, kind: &str, code: &str) -> (u16, String, String) {
    (status, kind.to_owned(), code.to_owned())
}

#[tokio::test]
async fn a_way_in_works_once_and_leads_to_a_session() {
    let house = House::open().await;
    let nobody = Browser::default();
    let shown = house.done(&nobody, "session.show", json!({})).await;
    assert_eq!(shown["user"], json!(null));
    assert_eq!(shown["csrf"], json!(null));
    assert_eq!(
        (&shown["welcome"], &shown["kind"]),
        (&json!(true), &json!("server"))
    );
    let way = house.engine.invite_first_owner().await.unwrap().unwrap();
    let asked = json!({"token": way.token});
    let invited = house.done(&nobody, "session.invitation", asked).await;
    assert_eq!(
        invited,
        json!({"name": null, "role": "owner", "organization": "shop"})
    );
    let input = json!({"token": way.token, "name": "ada", "password": SECRET});
    let got = house.call(&nobody, "session.welcome", input.clone()).await;
    let cookie = got.header("set-cookie").to_owned();
    assert!(
        cookie.ends_with("; Path=/console; HttpOnly; SameSite=Strict; Max-Age=2592000"),
        "{cookie}"
    );
    assert_eq!(got.header("cache-control"), "no-store");
    let ada = house.signed_in(&got);
    assert_eq!(got.json()["user"]["name"], "ada");
    assert_eq!(got.json()["welcome"], false);
    let shown = house.done(&ada, "session.show", json!({})).await;
    assert_eq!(shown["user"]["role"], "owner");
    assert_eq!(shown["organization"]["name"], "shop");
    assert_eq!(shown["csrf"].as_str(), ada.csrf.as_deref());
    let again = house.call(&nobody, "session.welcome", input).await;
    assert_eq!(again.refusal(), refused(404, "missing", "invitation"));
}

#[tokio::test]
async fn a_cookie_goes_by_tls_only_where_it_came_so() {
    let house = House::open().await;
    house.owner().await;
    let body = json!({"name": "ada", "password": SECRET}).to_string();
    for (transport, proxy, secure) in [
        (Transport::Plain, None, false),
        (Transport::Plain, Some("https"), true),
        (Transport::Tls, None, true),
    ] {
        let mut request = Request::post("/console/api/session.sign_in").extension(transport);
        for (name, value) in Browser::default().fields() {
            request = request.header(name, value);
        }
        if let Some(scheme) = proxy {
            request = request.header("x-forwarded-proto", scheme);
        }
        let got = house
            .send(request.body(Body::from(body.clone())).unwrap())
            .await;
        let cookie = got.header("set-cookie");
        assert_eq!(cookie.ends_with("; Secure"), secure, "{cookie}");
    }
}

#[tokio::test]
async fn a_page_that_is_not_ours_changes_nothing() {
    let house = House::open().await;
    let ada = house.owner().await;
    let input = json!({"host": "new.test"});
    let with = |changes: &[(&'static str, Option<&str>)]| {
        let mut fields = ada.fields();
        for (name, value) in changes {
            fields.retain(|(known, _)| known != name);
            fields.extend(value.map(|value| (*name, value.to_owned())));
        }
        fields
    };
    for fields in [
        with(&[("x-posthouse-console", None)]),
        with(&[("x-posthouse-console", Some("0"))]),
        with(&[("sec-fetch-site", Some("cross-site"))]),
        with(&[("sec-fetch-site", Some("same-site"))]),
        with(&[("x-csrf-token", None)]),
        with(&[("x-csrf-token", Some("0000"))]),
        with(&[
            ("sec-fetch-site", None),
            ("origin", Some("https://evil.test")),
        ]),
        with(&[("sec-fetch-site", None), ("origin", Some("null"))]),
    ] {
        let got = house.post("domain.add", &fields, &input).await;
        assert_eq!(
            got.refusal(),
            refused(403, "denied", "forged"),
            "{fields:?}"
        );
    }
    // The page of another session of theirs knows another token.
    let signed = json!({"name": "ada", "password": SECRET});
    let got = house
        .call(&Browser::default(), "session.sign_in", signed)
        .await;
    let other = house.signed_in(&got).csrf;
    assert_ne!(other, ada.csrf);
    let got = house
        .post(
            "domain.add",
            &with(&[("x-csrf-token", other.as_deref())]),
            &input,
        )
        .await;
    assert_eq!(got.refusal(), refused(403, "denied", "forged"));
    let origin = with(&[
        ("sec-fetch-site", None),
        ("origin", Some("http://console.test:8025")),
        ("host", Some("console.test:8025")),
    ]);
    let got = house.post("domain.add", &origin, &input).await;
    assert_eq!(got.status, StatusCode::OK, "{}", got.body);
    // Nobody is signed in by a stranger's page either.
    let mut fields = Browser::default().fields();
    fields[1].1 = String::from("cross-site");
    let signed = json!({"name": "ada", "password": SECRET});
    let got = house.post("session.sign_in", &fields, &signed).await;
    assert_eq!(got.refusal(), refused(403, "denied", "forged"));
}

#[tokio::test]
async fn whoever_is_wrong_too_often_has_to_wait() {
    let house = House::open().await;
    house.owner().await;
    let nobody = Browser::default();
    let wrong = json!({"name": "ada", "password": "wrong horse"});
    let got = house.call(&nobody, "session.sign_in", wrong).await;
    assert_eq!(got.refusal(), refused(401, "unknown", "wrong"));
    assert_eq!(got.header("set-cookie"), "");
    // A wrong way in counts as well, and is told sooner.
    for _ in 1..WRONG_PASSWORDS_FROM {
        let guess = json!({"token": "guess"});
        let got = house.call(&nobody, "session.invitation", guess).await;
        assert_eq!(got.refusal(), refused(404, "missing", "invitation"));
    }
    let right = json!({"name": "ada", "password": SECRET});
    let got = house.call(&nobody, "session.sign_in", right).await;
    assert_eq!(got.refusal(), refused(429, "busy", "rate"));
    let seconds: u64 = got.header("retry-after").parse().unwrap();
    let wait_ms = got.json()["error"]["wait_ms"].as_u64().unwrap();
    assert_eq!(seconds, wait_ms.div_ceil(1_000));
}

#[tokio::test]
async fn signing_out_ends_the_session_everywhere() {
    let house = House::open().await;
    let ada = house.owner().await;
    let kim = house.person("kim", Role::Reader).await;
    let got = house.call(&ada, "session.sign_out", json!({})).await;
    let cookie = got.header("set-cookie");
    assert!(cookie.starts_with("posthouse_session=; ") && cookie.contains("Max-Age=0"));
    assert_eq!(got.json()["user"], json!(null));
    let got = house.call(&ada, "email.list", json!({})).await;
    assert_eq!(got.refusal(), refused(401, "unknown", "revoked"));
    // They are somebody who can sign in again.
    let shown = house.done(&ada, "session.show", json!({})).await;
    assert_eq!(shown["user"], json!(null));
    let signed = json!({"name": "ada", "password": SECRET});
    let got = house.call(&ada, "session.sign_in", signed).await;
    assert_eq!(got.refusal().0, 200);
    house.done(&kim, "email.list", json!({})).await;
    let two = vec![(
        "cookie",
        String::from("posthouse_session=a; posthouse_session=b"),
    )];
    let got = house.post("email.list", &two, &json!({})).await;
    assert_eq!(got.refusal(), refused(401, "unknown", "signed_out"));
}

#[tokio::test]
async fn what_is_asked_wrongly_is_told() {
    let house = House::open().await;
    let ada = house.owner().await;
    let got = house.call(&ada, "email.lost", json!({})).await;
    assert_eq!(got.refusal(), refused(404, "missing", "no_command"));
    assert_eq!(got.json()["error"]["request"].as_str().unwrap().len(), 16);
    let got = house.call(&ada, "email.list", json!({"pages": 1})).await;
    assert_eq!(got.refusal(), refused(422, "invalid", "malformed"));
    let got = house
        .call(&ada, "domain.add", json!({"host": "no domain"}))
        .await;
    let error = &got.json()["error"];
    assert_eq!(
        error["message"],
        "Host must be a domain name such as example.org."
    );
    let beside = json!({"host": "Must be a domain name such as example.org."});
    assert_eq!(error["fields"], beside);
    let got = house.call(&ada, "domain.add", json!({"host": "-"})).await;
    assert_eq!(got.refusal(), refused(422, "invalid", "invalid"));
    assert_eq!(
        got.json()["error"]["fields"],
        json!({"host": "Must be a domain name such as example.org."})
    );
    let got = house
        .call(&ada, "domain.add", json!({"host": "shop.test"}))
        .await;
    assert_eq!(got.refusal(), refused(422, "invalid", "taken"));
    let request = Request::get("/console/api/email.list");
    let got = house.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(got.refusal().0, 405);
}

#[tokio::test]
async fn the_page_is_at_the_root_and_nobodys_path_stays_nobodys() {
    let house = House::open().await;
    let nobody = Browser::default();
    let page = house.get(&nobody, "/").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("<!DOCTYPE html>") || page.body.contains("<!doctype html>"));
    let without = crate::http::router(house.engine.clone());
    for path in [
        "/nobodys",
        "/console",
        "/console/api",
        "/api/nobodys",
        "/v1/nobodys",
    ] {
        use tower::ServiceExt as _;
        let got = house.get(&nobody, path).await;
        let request = Request::get(path).body(Body::empty()).unwrap();
        let plain = without.clone().oneshot(request).await.unwrap();
        assert_eq!(got.status, plain.status(), "{path}");
        assert_ne!(got.status, StatusCode::OK, "{path}");
    }
    let request = Request::get("/").body(Body::empty()).unwrap();
    let plain = {
        use tower::ServiceExt as _;
        without.oneshot(request).await.unwrap()
    };
    assert_eq!(plain.status(), StatusCode::NOT_FOUND);
}
