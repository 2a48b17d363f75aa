//! What changes is told, to whoever is signed in.

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt as _;
use serde_json::json;
use tower::ServiceExt as _;

use super::house::{Browser, House};

async fn frame(body: &mut Body) -> String {
    let frame = body.frame().await.expect("it goes on").expect("bytes");
    let bytes = frame.into_data().expect("data");
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test]
async fn a_page_hears_of_kinds_and_no_more() {
    let house = House::open().await;
    let ada = house.owner().await;
    let nobody = house.get(&Browser::default(), "/console/events").await;
    assert_eq!(nobody.refusal().0, 401);
    let cookie = format!("posthouse_session={}", ada.cookie.clone().unwrap());
    let request = Request::get("/console/events").header("cookie", cookie);
    let response = house
        .router
        .clone()
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut body = response.into_body();
    assert_eq!(frame(&mut body).await, ": listening\n\n");
    for _ in 0..2 {
        let email = json!({"from": "hi@shop.test", "to": ["kim@shop.test"], "cc": [], "bcc": [],
            "subject": "Hello", "text": "Hello", "html": null, "test": true});
        house.done(&ada, "email.send", email).await;
    }
    let told = frame(&mut body).await;
    assert!(
        told.contains("data: {\"what\":\"email\",\"id\":null}\n\n"),
        "{told}"
    );
    assert_eq!(told.matches("\"email\"").count(), 1, "{told}");
}
