//! The engine inside another program: send an email in capture mode, and read what was kept.
//!
//! `cargo run -p posthouse --example embed`

use posthouse::feed::Change;
use posthouse::ids::{SystemEntropy, random};
use posthouse::model::email::Submission;
use posthouse::model::key::{Mode, Scope};
use posthouse::ops::keys::{Keeping, NewKey};
use posthouse::seal::MasterKey;
use posthouse::{Opening, Ports, Posthouse, Settings};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let database = folder.path().join("mail.db");
    // A real program keeps its master key: what is sealed with it opens with no other.
    let master_key = MasterKey(random(&SystemEntropy));
    let settings = Settings::new("localhost");
    let opening = Opening::new(database, master_key, settings, Ports::system()?);
    let engine = Posthouse::open(opening).await?;
    let (workers, _) = engine.work().await?;

    engine.create_organization("acme").await?;
    let operator = engine.operator(Some("acme")).await?;
    let domain = engine.create_domain(&operator, "acme.test", None).await?;
    let key = NewKey {
        shape: "app",
        token: "made by the program, from full entropy".to_owned(),
        prefix: None,
        keeping: Keeping::HashOnly,
        name: None,
        domain: Some(domain.id),
        scopes: vec![Scope::Send],
        mode: Some(Mode::Capture),
        expires_at: None,
    };
    engine.create_key(&operator, key.clone()).await?;

    let mut changes = engine.feed().subscribe();
    let caller = engine.authenticate("app", &key.token).await?;
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
