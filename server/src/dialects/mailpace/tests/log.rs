//! What a request leaves in the log.

use std::io::Write;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use tracing_subscriber::fmt::MakeWriter;

use super::house::{House, request};
use super::{GOOD, JSON, token};

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn one_line_a_request_without_secrets() {
    let house = House::open().await;
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_writer(lines.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let server = token("MailPace-Server-Token", &house.server);
    let length = format!("Content-Length: {}", GOOD.len());
    let path = "/api/v1/send?token=secret";
    house
        .ask(request(
            "POST",
            path,
            &[&server, JSON, &length],
            GOOD.into(),
        ))
        .await;
    house
        .ask(request("GET", "/nowhere", &[], Body::empty()))
        .await;
    drop(guard);

    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(
        !text.contains("secret") && !text.contains(&house.server),
        "{text}"
    );
    let told: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|mut line| line["fields"].take())
        .collect();
    let [send, nowhere] = told.as_slice() else {
        panic!("{text}")
    };
    assert_eq!(send["method"], "POST");
    assert_eq!(send["path"], "/api/v1/send");
    assert_eq!(send["dialect"], "mailpace");
    assert_eq!(send["status"], 200);
    assert_eq!(send["bytes_in"], GOOD.len());
    assert_eq!(send["bytes_out"], r#"{"id":1,"status":"pending"}"#.len());
    assert!(send["ms"].is_u64());
    assert_eq!(send["request"].as_str().unwrap().len(), 16);
    assert_eq!(nowhere["dialect"], "none");
    assert_eq!(nowhere["status"], 404);
    assert_ne!(nowhere["request"], send["request"]);
}
