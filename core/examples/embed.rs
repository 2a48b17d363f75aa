//! The engine inside another program: send an email in capture mode, and read what was kept.
//!
//! `cargo run -p posthouse --example embed`

use std::sync::Arc;

use posthouse::feed::Change;
use posthouse::model::email::Submission;
use posthouse::model::key::{Mode, Scope};
use posthouse::ops::keys::{Keeping, NewKey};
use posthouse::outside::bounds::HTTP_TOTAL;
use posthouse::outside::dns::{Patience, Resolver};
use posthouse::outside::http::{HttpClient, Names};
use posthouse::outside::smtp::SmtpClient;
use posthouse::outside::tls::Trust;
use posthouse::seal::MasterKey;
use posthouse::{Opening, Ports, Posthouse, Settings};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let trust = Arc::new(Trust::new(b"")?);
    let ports = Ports {
        dns: Arc::new(Resolver::system(Patience::default())?),
        smtp: Arc::new(SmtpClient::new(trust.clone())),
        http: Arc::new(HttpClient::new(trust, Names::System, HTTP_TOTAL)),
    };
    // A real program keeps its master key: what is sealed with it opens with no other.
    let master_key = MasterKey(posthouse::ids::random(&posthouse::ids::SystemEntropy));
    let engine = Posthouse::open(Opening::new(
        folder.path().join("mail.db"),
        master_key,
        Settings::new("localhost"),
        ports,
    ))
    .await?;
    let (workers, _) = engine.work().await?;

    engine.create_organization("acme").await?;
    let operator = engine.operator(Some("acme")).await?;
    let domain = engine.create_domain(&operator, "acme.test", None).await?;
    let token = "made by the program, from full entropy";
    let key = NewKey {
        shape: "app",
        token: token.to_owned(),
        keeping: Keeping::HashOnly,
        name: None,
        domain: Some(domain.id),
        scopes: vec![Scope::Send],
        mode: Some(Mode::Capture),
    };
    engine.create_key(&operator, key).await?;

    let mut changes = engine.feed().subscribe();
    let caller = engine.authenticate("app", token).await?;
    let submission = Submission {
        from: Some("Shop <shop@acme.test>".to_owned()),
        to: Some("kim@example.org".to_owned()),
        subject: Some("Your order".to_owned()),
        text: Some("It is on its way.".to_owned()),
        ..Submission::default()
    };
    let accepted = engine.send(&caller, submission).await?;
    println!("email {} is on disk", accepted.id);

    let kept = loop {
        if let Change::Message(_, id) = changes.recv().await? {
            break id;
        }
    };
    let (message, summary) = engine.message(&operator, kept).await?;
    println!("{} has mail: {:?}", message.address, summary.text);

    workers.stop(std::time::Duration::from_secs(5)).await;
    engine.close().await;
    Ok(())
}
