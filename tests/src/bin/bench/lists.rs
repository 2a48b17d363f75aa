//! Lists and reads of kept mail, with a thousand messages stored and with a million.

use std::sync::Arc;
use std::time::Duration;

use posthouse::clock::Timestamp;
use posthouse::feed::Feed;
use posthouse::ids::{MessageId, OrganizationId};
use posthouse::model::content::{Content, Named};
use posthouse::model::key::Caller;
use posthouse::model::mailbox::Folder;
use posthouse::outside::bounds;
use posthouse::outside::dns::{Patience, Resolver};
use posthouse::outside::http::{HttpClient, Names};
use posthouse::outside::smtp::SmtpClient;
use posthouse::outside::tls::Trust;
use posthouse::seal::MasterKey;
use posthouse::store::{NewMessage, PackedBody, Store, Write};
use posthouse::{Opening, Ports, Posthouse, Settings};
use tokio::time::Instant;

use crate::accept;

/// How many messages are stored.
pub const SIZES: [i64; 2] = [1_000, 1_000_000];
/// Half of them lie in one mailbox, the others in as many mailboxes as this.
const MAILBOXES: i64 = 500;
const BIG: &str = "big@box.test";
/// Messages of one list.
const PAGE: u32 = 20;
/// How often each is asked.
const ASKED: usize = 2_000;
/// Messages stored in one write. Thousands would be quadratic: at each statement SQLite walks
/// the journal in memory of the savepoint that a write is.
const STEP: i64 = 250;

/// p50 and p99, in milliseconds.
#[derive(Clone, Copy)]
pub struct Times(pub f64, pub f64);

/// What was measured with so many messages stored.
pub struct Figures {
    pub stored: i64,
    /// The newest messages of one mailbox.
    pub mailbox: Times,
    /// The newest messages of an organization.
    pub all: Times,
    /// One message with its text.
    pub read: Times,
}

/// Measures with `stored` messages.
pub async fn run(stored: i64) -> Figures {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("lists.db");
    let engine = open(&path).await;
    engine
        .create_organization("bench")
        .await
        .expect("an organization");
    let operator = engine.operator(None).await.expect("the operator");
    engine.close().await;
    fill(&path, operator.organization(), stored).await;
    let engine = open(&path).await;
    let ids = newest(&engine, &operator).await;
    let mut figures = Figures {
        stored,
        mailbox: Times(0.0, 0.0),
        all: Times(0.0, 0.0),
        read: Times(0.0, 0.0),
    };
    let mut times = [Vec::new(), Vec::new(), Vec::new()];
    for round in 0..ASKED {
        let start = Instant::now();
        let list = engine.messages(&operator, Some(BIG), None, PAGE).await;
        assert_eq!(list.expect("a list").len(), PAGE as usize);
        times[0].push(start.elapsed());
        let start = Instant::now();
        let list = engine.messages(&operator, None, None, PAGE).await;
        assert_eq!(list.expect("a list").len(), PAGE as usize);
        times[1].push(start.elapsed());
        let start = Instant::now();
        let read = engine.message(&operator, ids[round % ids.len()]).await;
        assert!(read.expect("a message").1.text.is_some());
        times[2].push(start.elapsed());
    }
    let [mailbox, all, read] = times.map(percentiles);
    (figures.mailbox, figures.all, figures.read) = (mailbox, all, read);
    engine.close().await;
    figures
}

fn percentiles(mut times: Vec<Duration>) -> Times {
    times.sort_unstable();
    let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize].as_secs_f64() * 1000.0;
    Times(at(0.5), at(0.99))
}

async fn open(path: &std::path::Path) -> Posthouse {
    let trust = Arc::new(Trust::new(&[]).expect("trust"));
    let ports = Ports {
        dns: Arc::new(Resolver::system(Patience::default()).expect("a resolver")),
        smtp: Arc::new(SmtpClient::new(trust.clone())),
        http: Arc::new(HttpClient::new(trust, Names::System, bounds::HTTP_TOTAL)),
    };
    let settings = Settings::new("bench.test");
    let opening = Opening::new(path.to_owned(), MasterKey([1; 32]), settings, ports);
    Posthouse::open(opening).await.expect("an engine")
}

async fn newest(engine: &Posthouse, operator: &Caller) -> Vec<MessageId> {
    let list = engine.messages(operator, Some(BIG), None, 200).await;
    let list = list.expect("a list");
    list.iter().map(|message| message.id).collect()
}

/// Stores messages as an arrival does, but many in one write and all with one body.
async fn fill(path: &std::path::Path, of: OrganizationId, stored: i64) {
    let (store, _) = Store::open(path, Feed::new(16)).expect("a store");
    let mail = format!(
        "From: Ann <ann@far.test>\r\nTo: {BIG}\r\nSubject: Hello\r\n\r\n{}\r\n",
        accept::text(0, 0)
    );
    let body = PackedBody::pack(mail.as_bytes()).expect("a body");
    let body = store
        .write(move |write| write.add_body(&body))
        .await
        .expect("written");
    let mut from = 0;
    while from < stored {
        let to = stored.min(from + STEP);
        let written = store
            .write(move |write: &Write<'_>| {
                for number in from..to {
                    let address = match number % 2 {
                        0 => BIG.to_owned(),
                        _ => format!("box{}@box.test", number / 2 % MAILBOXES),
                    };
                    let now = Timestamp(1_700_000_000_000 + number);
                    let mailbox = write.mailbox_for(Some((of, None)), &address, now)?;
                    write.use_body(body)?;
                    write.add_message(&mailbox, &message(body, number), now)?;
                }
                Ok(())
            })
            .await;
        written.expect("written");
        from = to;
    }
    store.close().await;
}

fn message(body: posthouse::ids::BodyId, number: i64) -> NewMessage {
    let named = |address: &str, name: &str| Named {
        address: address.to_owned(),
        name: name.to_owned(),
    };
    NewMessage {
        body,
        sent: None,
        place: 0,
        original: None,
        folder: Folder::Inbox,
        filed: None,
        starred_by: None,
        from: String::from("Ann <ann@far.test>"),
        to: Some(BIG.to_owned()),
        subject: Some(format!("Hello {number}")),
        content: Some(Content {
            from: vec![named("ann@far.test", "Ann")],
            to: vec![named(BIG, "")],
            subject: Some(format!("Hello {number}")),
            ..Content::default()
        }),
        trace: None,
    }
}
