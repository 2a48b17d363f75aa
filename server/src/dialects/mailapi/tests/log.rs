//! What a request leaves in the log.

use std::io::Write;
use std::sync::{Arc, Mutex};

use tracing_subscriber::fmt::MakeWriter;

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
async fn the_key_is_in_no_line_wherever_it_was_shown() {
    let house = House::with(None).await;
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(lines.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let listed = house.list("/list/domain", "").await;
    let escaped = house.key.replace('a', "%61");
    let path = format!("/get/mailbox/single?key={escaped}&task_id=1");
    house.get(&path).await;
    house
        .ask(
            "POST",
            &format!("/create/domain?key={}", house.key),
            &[],
            "{}",
        )
        .await;
    house.single("john", serde_json::json!({})).await;
    drop(guard);

    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    for secret in [&house.key, &escaped] {
        assert!(!text.contains(secret.as_str()), "{text}");
    }
    let told: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .filter(|line| line["fields"]["message"] == "answered")
        .map(|mut line| line["fields"].take())
        .collect();
    let paths: Vec<_> = told.iter().map(|line| &line["path"]).collect();
    assert_eq!(
        paths,
        [
            "/api/v1/list/domain",
            "/api/v1/get/mailbox/single",
            "/api/v1/create/domain",
            "/api/v1/create/mailbox/single"
        ]
    );
    assert!(told.iter().all(|line| line["dialect"] == "mailapi"));
    assert_eq!(told[0]["bytes_out"], listed.body.len());
}
