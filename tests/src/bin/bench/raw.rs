//! The ceilings: grouped inserts into the store, with nothing around them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use posthouse::Result;
use posthouse::clock::Timestamp;
use posthouse::feed::Feed;
use posthouse::ids::{DomainId, KeyId, OrganizationId, SystemEntropy, new_uuid, random};
use posthouse::model::address::Address;
use posthouse::model::delivery::{Recipient, RecipientField};
use posthouse::model::email::{Automatic, Fields};
use posthouse::model::event::{EventKind, Facts};
use posthouse::model::key::{Mode, Scope};
use posthouse::store::{NewDomain, NewEmail, NewEvent, NewKey, PackedBody, Store, Write};
use tokio::time::Instant;

use crate::{MAIL_BYTES, MEASURE};

const NOW: Timestamp = Timestamp(1_700_000_000_000);

/// What one insert is.
#[derive(Clone, Copy)]
pub enum Insert {
    /// One row of 4 kB.
    Row,
    /// The rows of an accepted message: body, email, delivery, event.
    Message,
}

/// Grouped inserts a second with this many writers, each waiting for its own commit.
pub async fn inserts(insert: Insert, writers: usize) -> f64 {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("raw.db");
    let (store, _) = Store::open(&path, Feed::new(16)).expect("a store");
    store.write(owner).await.expect("an owner of the messages");
    let done = Arc::new(AtomicU64::new(0));
    let start = Instant::now();
    let tasks: Vec<_> = (0..writers)
        .map(|_| {
            let (store, done) = (store.clone(), done.clone());
            tokio::spawn(async move {
                while start.elapsed() < MEASURE {
                    // Random bytes do not compress: 4 kB is written for 4 kB.
                    let raw: [u8; MAIL_BYTES] = random(&SystemEntropy);
                    let body = PackedBody::pack(&raw).expect("a body");
                    let written = match insert {
                        Insert::Row => store.write(move |write| row(write, &body)).await,
                        Insert::Message => store.write(move |write| message(write, &body)).await,
                    };
                    written.expect("a write");
                    done.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("a writer");
    }
    let seconds = start.elapsed().as_secs_f64();
    store.close().await;
    done.load(Ordering::Relaxed) as f64 / seconds
}

fn owner(write: &Write<'_>) -> Result<()> {
    let organization = write.add_organization(new_uuid(NOW, &SystemEntropy), "bench", NOW)?;
    let domain = NewDomain {
        uuid: new_uuid(NOW, &SystemEntropy),
        host: String::from("bench.test"),
        name: None,
        mail_from: None,
        mailbox_limit: None,
        webhook_public: [0; 32],
        webhook_private_sealed: Vec::new(),
        dkim: Vec::new(),
    };
    let domain = write.add_domain(organization, &domain, NOW)?;
    let key = NewKey {
        uuid: new_uuid(NOW, &SystemEntropy),
        organization,
        user: None,
        domain,
        shape: String::from("bench"),
        name: None,
        hash: [0; 32],
        prefix: String::new(),
        token_sealed: None,
        scopes: vec![Scope::Send],
        mode: Mode::Capture,
        expires_at: None,
    };
    write.add_key(&key, NOW).map(drop)
}

fn row(write: &Write<'_>, body: &PackedBody) -> Result<()> {
    write.add_body(body).map(drop)
}

fn message(write: &Write<'_>, body: &PackedBody) -> Result<()> {
    let body = write.add_body(body)?;
    let uuid = uuid::Builder::from_random_bytes(random(&SystemEntropy)).into_uuid();
    let email = NewEmail {
        uuid,
        organization: OrganizationId(1),
        domain: Some(DomainId(1)),
        key: KeyId(1),
        message_id: format!("{uuid}@mailer.bench.test"),
        fields: Fields {
            from: String::from("Shop <hello@bench.test>"),
            to: String::from("kim@customer.test"),
            cc: None,
            bcc: None,
            reply_to: None,
            subject: Some(String::from("Order 9")),
            list_unsubscribe: None,
            tags: None,
        },
        metadata: None,
        send_at: None,
        automatic: Automatic::No,
    };
    let id = write.add_email(&email, body, NOW)?;
    let to = Recipient {
        address: Address::parse("kim@customer.test").expect("an address"),
        field: RecipientField::To,
    };
    write.add_delivery(id, &to, "capture", None, (NOW, NOW))?;
    let event = NewEvent {
        organization: email.organization,
        domain: email.domain,
        email: Some(id),
        delivery: None,
        kind: EventKind::Queued,
        detail: None,
        facts: Facts::default(),
    };
    write.add_event(&event, NOW).map(drop)
}
