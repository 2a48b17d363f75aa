//! An engine on a temporary database, with a scripted world around it and a clock that
//! stands still until it is told to move.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use posthouse::clock::{Clock, Timestamp};
use posthouse::engine::Settings;
use posthouse::ids::KeyId;
use posthouse::mime::keys::{KeyError, KeyPair, generate_rsa2048};
use posthouse::model::domain::Domain;
use posthouse::model::email::Submission;
use posthouse::model::key::{Caller, Mode, Scope};
use posthouse::model::notice::{
    Afterwards, DomainTerms, Form, Notice, Patience, Retried, Secrecy, Signing,
};
use posthouse::model::received::Received;
use posthouse::ops::keys::{Keeping, NewKey};
use posthouse::seal::MasterKey;
use posthouse::{Opening, Ports, Posthouse};

use crate::script::{Script, Scripted};

/// A clock that a test moves.
pub struct Hand(AtomicI64);

impl Hand {
    pub fn forward(&self, by: Duration) {
        self.0
            .fetch_add(i64::try_from(by.as_millis()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for Hand {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

/// Bodies of one line: event, recipient and id.
struct Plainly {
    name: &'static str,
    retried: Retried,
    afterwards: Afterwards,
}

const GAPS: [Duration; 2] = [Duration::from_secs(10), Duration::from_secs(30)];

/// A form that gives up on a webhook, one that gives up on an event, and one that tells the
/// sender then.
fn forms() -> Vec<Arc<dyn Form>> {
    vec![
        Arc::new(Plainly {
            name: "plain",
            retried: Retried::Passing,
            afterwards: Afterwards::SwitchOff,
        }),
        Arc::new(Plainly {
            name: "steady",
            retried: Retried::Everything,
            afterwards: Afterwards::GoOn,
        }),
        Arc::new(Plainly {
            name: "posting",
            retried: Retried::Everything,
            afterwards: Afterwards::TellSender,
        }),
    ]
}

impl Form for Plainly {
    fn name(&self) -> &'static str {
        self.name
    }

    fn body(&self, notice: &Notice, _: Option<&str>) -> Option<Vec<u8>> {
        let line = format!(
            "{} {} {}",
            notice.event.id,
            notice.event.kind,
            notice.recipient.as_deref().unwrap_or("-")
        );
        Some(line.into_bytes())
    }

    fn received(&self, received: &Received, words: Option<&str>) -> Option<Vec<u8>> {
        let Received {
            event,
            message,
            content,
            fields,
            text,
            files,
            ..
        } = received;
        let files: Vec<String> = files
            .iter()
            .map(|(about, bytes)| {
                let name = about.file_name.as_deref().unwrap_or("-");
                format!("{name}={}", String::from_utf8_lossy(bytes))
            })
            .collect();
        let line = format!(
            "{} {} {} {} {} {:?} {files:?} {}",
            event.id,
            event.kind,
            message.address,
            content.from[0].address,
            fields[0].name,
            text.as_deref().unwrap_or("-"),
            words.unwrap_or("-"),
        );
        (self.name != "plain").then(|| line.into_bytes())
    }

    fn headers(&self, body: &[u8], signing: &Signing<'_>) -> Vec<(String, String)> {
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut headers = Vec::new();
        if let Some(sign) = signing.domain {
            headers.push(("X-Signature".to_owned(), hex(&sign(body))));
        }
        if let Some(sign) = signing.secret {
            headers.push(("X-Mac".to_owned(), hex(&sign(body))));
        }
        headers
    }

    fn patience(&self) -> Patience {
        Patience {
            gaps: &GAPS,
            retried: self.retried,
            afterwards: self.afterwards,
        }
    }

    fn secrecy(&self) -> Secrecy {
        match self.afterwards {
            Afterwards::SwitchOff | Afterwards::TellSender => Secrecy::None,
            Afterwards::GoOn => Secrecy::Prefixed("shh_"),
        }
    }

    fn domain(&self) -> DomainTerms {
        match self.afterwards {
            Afterwards::SwitchOff | Afterwards::GoOn => DomainTerms::Any,
            Afterwards::TellSender => DomainTerms::Verified,
        }
    }
}

/// The engine and everything around it.
pub struct World {
    pub engine: Posthouse,
    pub script: Arc<Script>,
    pub hand: Arc<Hand>,
    pub folder: tempfile::TempDir,
}

pub const START: i64 = 1_700_000_000_000;

impl World {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(set: impl FnOnce(&mut Settings)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let script = Arc::<Script>::default();
        let hand = Arc::new(Hand(AtomicI64::new(START)));
        let mut settings = Settings::new("h.test");
        set(&mut settings);
        let engine = open(&folder, &script, &hand, settings, forms()).await;
        Self {
            engine,
            script,
            hand,
            folder,
        }
    }

    /// Drops the engine without any farewell, as a crash would, and opens it again.
    pub async fn crash(self) -> Self {
        self.reopened(forms()).await
    }

    /// Opens the database again in a program that has these webhook forms.
    pub async fn reopened(self, forms: Vec<Arc<dyn Form>>) -> Self {
        let Self {
            engine,
            script,
            hand,
            folder,
        } = self;
        let settings = engine.settings().clone();
        engine.close().await;
        drop(engine);
        let engine = open(&folder, &script, &hand, settings, forms).await;
        Self {
            engine,
            script,
            hand,
            folder,
        }
    }

    /// An organization with a verified domain `d.test`, a relay, and a key of this mode.
    pub async fn sender(&self, mode: Mode) -> Sender {
        self.engine.create_organization("one").await.unwrap();
        let operator = self.engine.operator(None).await.unwrap();
        let domain = self
            .engine
            .create_domain(&operator, "d.test", None)
            .await
            .unwrap();
        self.publish(&domain);
        self.engine
            .verify_domain(&operator, domain.id)
            .await
            .unwrap();
        let direct = posthouse::ops::organizations::OrganizationChange {
            direct: Some(posthouse::model::organization::Direct::On),
            ..Default::default()
        };
        self.engine
            .set_organization(&operator, direct)
            .await
            .unwrap();
        let key = self.key(&operator, &domain, mode, "token").await;
        let caller = self.engine.authenticate("test", "token").await.unwrap();
        Sender {
            operator,
            domain,
            key,
            caller,
        }
    }

    pub async fn key(&self, operator: &Caller, domain: &Domain, mode: Mode, token: &str) -> KeyId {
        let new = NewKey {
            shape: "test",
            token: token.to_owned(),
            prefix: None,
            keeping: Keeping::HashOnly,
            name: None,
            domain: Some(domain.id),
            scopes: vec![Scope::Send],
            mode: Some(mode),
            expires_at: None,
        };
        self.engine.create_key(operator, new).await.unwrap().id
    }

    pub fn publish(&self, domain: &Domain) {
        let name = format!("{}._domainkey.{}", domain.selector, domain.host);
        self.script
            .txt
            .lock()
            .unwrap()
            .insert(name, Ok(vec![domain.dkim_record.clone()]));
    }

    /// Runs the background work until `done` says so.
    pub async fn until(&self, done: impl AsyncFn() -> bool) {
        let (workers, _) = self.engine.work().await.unwrap();
        self.wait(done).await;
        workers.stop(Duration::from_secs(5)).await;
    }

    /// Waits for `done` while changes come.
    pub async fn wait(&self, done: impl AsyncFn() -> bool) {
        let mut changes = self.engine.feed().subscribe();
        let end = tokio::time::Instant::now() + Duration::from_secs(20);
        while !done().await {
            let change = tokio::time::timeout(Duration::from_millis(50), changes.recv()).await;
            drop(change);
            assert!(tokio::time::Instant::now() < end, "it never came to that");
        }
    }
}

/// One key for every domain of every world: making one takes longer than most tests.
fn same_rsa() -> Result<KeyPair, KeyError> {
    static KEY: LazyLock<KeyPair> = LazyLock::new(|| generate_rsa2048().unwrap());
    Ok(KEY.clone())
}

async fn open(
    folder: &tempfile::TempDir,
    script: &Arc<Script>,
    hand: &Arc<Hand>,
    settings: Settings,
    forms: Vec<Arc<dyn Form>>,
) -> Posthouse {
    let world = Arc::new(Scripted(script.clone()));
    let ports = Ports {
        dns: world.clone(),
        smtp: world.clone(),
        http: world,
    };
    let path = folder.path().join("test.db");
    let mut opening = Opening::new(path, MasterKey([7; 32]), settings, ports);
    opening.clock = hand.clone();
    opening.rsa = same_rsa;
    opening.forms = forms;
    Posthouse::open(opening).await.unwrap()
}

/// Somebody who sends.
pub struct Sender {
    pub operator: Caller,
    pub domain: Domain,
    pub key: KeyId,
    pub caller: Caller,
}

/// A small email to `to`.
pub fn email(to: &str) -> Submission {
    Submission {
        from: Some("Shop <a@d.test>".into()),
        to: Some(to.into()),
        subject: Some("Hi".into()),
        text: Some("text".into()),
        ..Submission::default()
    }
}
