//! What a request leaves in the log.

use std::io::Write;
use std::sync::{Arc, Mutex};

use tracing_subscriber::fmt::MakeWriter;

use super::good;
use super::house::House;

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
async fn one_line_a_request_without_keys() {
    let house = House::open().await;
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(lines.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let path = format!("/emails?key={}", house.key);
    house.call("POST", &path, good().to_string()).await;
    let ask = r#"{"name":"k","scopes":["*"]}"#;
    let made = house.call("POST", "/api-keys", ask).await;
    drop(guard);

    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    let (key, made) = (&house.key[20..], made.text("/fullKey"));
    assert!(!text.contains(key) && !text.contains(&made[20..]), "{text}");
    let told: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .filter(|line| line["fields"]["message"] == "answered")
        .collect();
    assert_eq!(told.len(), 2, "{text}");
    assert_eq!(told[0]["fields"]["dialect"], "mailstack");
    assert_eq!(told[0]["fields"]["path"], "/v1/emails");
    assert_eq!(told[0]["fields"]["status"], 202);
}
