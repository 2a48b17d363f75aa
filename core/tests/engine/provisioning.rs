//! Domains and mailboxes that are asked for now and made in the background.

use std::time::Duration;

use posthouse::Error;
use posthouse::error::{Busy, Denied, Field, Missing, Reason};
use posthouse::ids::TaskId;
use posthouse::limits::{SUB_DOMAINS_GAP, TASK_AGE};
use posthouse::model::key::{Caller, Mode, Scope};
use posthouse::model::task::{Outcome, Task, TaskState};
use posthouse::ops::keys::{Keeping, NewKey};
use posthouse::ops::mailboxes::NewMailbox;
use posthouse::ops::provisioning::mailboxes::{NewMailboxes, Progress, Row};

use crate::world::World;

struct Place {
    world: World,
    operator: Caller,
}

impl Place {
    async fn new() -> Self {
        let world = World::new().await;
        let operator = world.sender(Mode::Capture).await.operator;
        Self { world, operator }
    }

    async fn crash(self) -> Self {
        let world = self.world.crash().await;
        Self { world, ..self }
    }

    /// A key with this token, of the first person.
    async fn caller(&self, token: &str) -> Caller {
        let new = NewKey {
            shape: "provisioning",
            token: token.to_owned(),
            prefix: None,
            keeping: Keeping::HashOnly,
            name: None,
            domain: None,
            scopes: vec![Scope::Domains, Scope::Mailboxes],
            mode: None,
            expires_at: None,
        };
        let engine = &self.world.engine;
        let made = engine.create_user_key(&self.operator, new, None).await;
        assert!(made.unwrap().user.is_some());
        engine.authenticate("provisioning", token).await.unwrap()
    }

    async fn ask(&self, caller: &Caller, name: &str, row: Row) -> Result<Task, Error> {
        let new = NewMailboxes {
            host: "d.test".into(),
            name: name.into(),
            row,
            display_name: Some("Kim".into()),
            quota_mib: 5,
            password: None,
        };
        self.world.engine.provision_mailboxes(caller, new).await
    }

    async fn state(&self, caller: &Caller, id: TaskId) -> TaskState {
        self.world.engine.task(caller, id).await.unwrap().state
    }

    /// Works until a task has come to its end.
    async fn done(&self, caller: &Caller, id: TaskId) -> Task {
        let ended = async || {
            let state = self.state(caller, id).await;
            matches!(state, TaskState::Completed | TaskState::Failed)
        };
        self.world.until(ended).await;
        self.world.engine.task(caller, id).await.unwrap()
    }

    async fn addresses(&self, host: &str) -> Vec<(String, Progress)> {
        let engine = &self.world.engine;
        let listed = engine.provisioned_mailboxes(&self.operator, host).await;
        let (_, all) = listed.unwrap();
        all.into_iter()
            .map(|one| (one.address, one.progress))
            .collect()
    }
}

fn outcomes(task: &Task) -> Vec<(&str, Option<Outcome>)> {
    task.items
        .iter()
        .map(|item| (item.wanted.as_str(), item.outcome))
        .collect()
}

#[tokio::test]
async fn each_address_comes_to_its_own_end() {
    let place = Place::new().await;
    let caller = place.caller("a").await;
    let own = NewMailbox {
        address: "kim2@d.test".into(),
        ..NewMailbox::default()
    };
    let engine = &place.world.engine;
    engine.make_mailbox(&place.operator, own).await.unwrap();
    let asked = place.ask(&caller, "Kim", Row::Numbered(3)).await.unwrap();
    assert_eq!(asked.state, TaskState::Pending);
    let task = place.done(&caller, asked.id).await;
    assert_eq!(task.state, TaskState::Completed);
    assert_eq!(
        outcomes(&task),
        [
            ("kim1@d.test", Some(Outcome::Created)),
            ("kim2@d.test", Some(Outcome::Exists)),
            ("kim3@d.test", Some(Outcome::Created)),
        ]
    );
    let (mailbox, _) = engine
        .mailbox(&place.operator, "kim3@d.test")
        .await
        .unwrap();
    assert_eq!(
        (mailbox.name.as_str(), mailbox.quota_bytes),
        ("Kim", Some(5 << 20))
    );
    for (name, why) in [("kim1", Outcome::Exists), ("a b", Outcome::Malformed)] {
        let asked = place.ask(&caller, name, Row::One).await.unwrap();
        let task = place.done(&caller, asked.id).await;
        let wanted = format!("{name}@d.test");
        assert_eq!(task.state, TaskState::Failed);
        assert_eq!(outcomes(&task), [(wanted.as_str(), Some(why))]);
    }
    let listed = place.addresses("d.test").await;
    let failed = (String::from("a b@d.test"), Progress::Failed);
    assert_eq!((listed.len(), &listed[3]), (4, &failed));
}

#[tokio::test]
async fn a_crash_anywhere_makes_nothing_twice_and_loses_nothing() {
    let mut place = Place::new().await;
    let caller = place.caller("a").await;
    let asked = place
        .ask(&caller, "team", Row::Numbered(100))
        .await
        .unwrap();
    let other = place.ask(&caller, "one", Row::One).await.unwrap();
    // Cut off as soon as something of it is done, again and again.
    loop {
        let before = place.world.engine.task(&caller, asked.id).await.unwrap();
        if before.finished_at.is_some() {
            break;
        }
        let (workers, _) = place.world.engine.work().await.unwrap();
        let (engine, done) = (&place.world.engine, open(&before));
        place
            .world
            .wait(async || open(&engine.task(&caller, asked.id).await.unwrap()) < done)
            .await;
        workers.stop(Duration::ZERO).await;
        place = place.crash().await;
        let after = place.world.engine.task(&caller, asked.id).await.unwrap();
        let made = after.items.iter().filter(|item| item.outcome.is_some());
        let kept = made
            .clone()
            .all(|item| item.outcome == Some(Outcome::Created));
        assert!(kept, "{:?}", outcomes(&after));
        let there = place.addresses("d.test").await;
        let active = there.iter().filter(|(_, at)| *at == Progress::Active);
        assert!(active.count() >= made.count());
    }
    place.done(&caller, other.id).await;
    let there = place.addresses("d.test").await;
    let mut expected: Vec<String> = (1..=100).map(|n| format!("team{n}@d.test")).collect();
    expected.push("one@d.test".into());
    let there: Vec<String> = there.into_iter().map(|(address, _)| address).collect();
    assert_eq!(there, expected);
}

fn open(task: &Task) -> usize {
    let open = task.items.iter().filter(|item| item.outcome.is_none());
    open.count()
}

#[tokio::test]
async fn a_domain_has_no_more_mailboxes_than_it_may() {
    let place = Place::new().await;
    let caller = place.caller("a").await;
    let engine = &place.world.engine;
    let made = engine.provision_domain(&caller, "Few.Test", Some(2)).await;
    let made = made.unwrap();
    assert_eq!(
        (made.host.as_str(), made.state),
        ("few.test", TaskState::Completed)
    );
    let new = NewMailboxes {
        host: "few.test".into(),
        name: "a".into(),
        row: Row::Numbered(3),
        display_name: None,
        quota_mib: 1,
        password: Some("correct horse".into()),
    };
    let asked = engine.provision_mailboxes(&caller, new).await.unwrap();
    let task = place.done(&caller, asked.id).await;
    let ends: Vec<_> = outcomes(&task).into_iter().map(|(_, end)| end).collect();
    let (made, full) = (Some(Outcome::Created), Some(Outcome::Full));
    assert_eq!(ends, [made, made, full]);
    let remote = std::net::Ipv4Addr::LOCALHOST.into();
    let owner = engine.sign_in("a2@few.test", "correct horse", remote).await;
    assert_eq!(owner.unwrap().address(), "a2@few.test");
    // By whichever door.
    let more = NewMailbox {
        address: "b@few.test".into(),
        ..NewMailbox::default()
    };
    let more = engine.make_mailbox(&place.operator, more).await;
    assert!(matches!(more, Err(Error::Conflict(_))));
    for limit in [0, 101] {
        let wrong = engine
            .provision_domain(&caller, "x.test", Some(limit))
            .await;
        let expected = Field::Limit.problem(Reason::OutOfRange);
        assert!(matches!(wrong, Err(Error::Invalid(all)) if all == [expected]));
    }
    let taken = engine.provision_domain(&caller, "few.test", None).await;
    let expected = Field::Host.problem(Reason::Taken);
    assert!(matches!(taken, Err(Error::Invalid(all)) if all == [expected]));
}

#[tokio::test]
async fn domains_below_one_once_an_hour_for_a_key_and_a_domain() {
    let mut place = Place::new().await;
    let (a, b) = (place.caller("a").await, place.caller("b").await);
    let below = async |place: &Place, caller: &Caller, host: &str, labels: &[&str]| {
        let labels: Vec<String> = labels.iter().map(|label| (*label).to_owned()).collect();
        let engine = &place.world.engine;
        engine.provision_sub_domains(caller, host, &labels).await
    };
    let many: Vec<String> = (0..11).map(|n| format!("n{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    // What is refused does not count.
    let missing = below(&place, &a, "e.test", &many).await;
    assert!(matches!(missing, Err(Error::Missing(Missing::Domain))));
    let crowd = below(&place, &a, "d.test", &many).await;
    let expected = Field::Name.problem(Reason::TooMany);
    assert!(matches!(crowd, Err(Error::Invalid(all)) if all == [expected]));
    assert!(below(&place, &a, "d.test", &["-"]).await.is_err());

    let first = below(&place, &a, "d.test", &["x", "y", "X"]).await.unwrap();
    let task = place.done(&a, first.id).await;
    let made = Some(Outcome::Created);
    assert_eq!(outcomes(&task), [("x.d.test", made), ("y.d.test", made)]);
    let wait =
        async |place: &Place, caller: &Caller, host: &str| match below(place, caller, host, &["x"])
            .await
        {
            Ok(_) => 0,
            Err(Error::Busy(Busy::Rate { wait_ms })) => wait_ms,
            Err(other) => panic!("{other}"),
        };
    place.world.hand.forward(Duration::from_secs(600));
    assert_eq!(wait(&place, &a, "d.test").await, 3_000_000);
    place = place.crash().await;
    assert_eq!(wait(&place, &a, "d.test").await, 3_000_000);
    assert_eq!(wait(&place, &a, "x.d.test").await, 0);
    assert_eq!(wait(&place, &b, "d.test").await, 0);
    let rest = SUB_DOMAINS_GAP - Duration::from_secs(600);
    place.world.hand.forward(rest);
    // One that is there is left out, and the task is fine.
    let again = below(&place, &a, "d.test", &["x"]).await.unwrap();
    let task = place.done(&a, again.id).await;
    assert_eq!(task.state, TaskState::Completed);
    assert_eq!(outcomes(&task), [("x.d.test", Some(Outcome::Exists))]);
}

#[tokio::test]
async fn a_task_is_its_keys_and_kept_for_a_month() {
    let place = Place::new().await;
    let (a, b) = (place.caller("a").await, place.caller("b").await);
    let asked = place.ask(&a, "kim", Row::One).await.unwrap();
    place.done(&a, asked.id).await;
    let engine = &place.world.engine;
    assert!(engine.task(&place.operator, asked.id).await.is_ok());
    let foreign = engine.task(&b, asked.id).await;
    assert!(matches!(foreign, Err(Error::Missing(Missing::Task))));
    place.world.hand.forward(TASK_AGE);
    let gone = async || engine.task(&a, asked.id).await.is_err();
    assert!(!gone().await);
    place.world.hand.forward(Duration::from_millis(1));
    place.world.until(gone).await;
    // Its number is not used again.
    let next = place.ask(&a, "ann", Row::One).await.unwrap();
    assert_eq!(next.id, TaskId(asked.id.0 + 1));
}

#[tokio::test]
async fn nothing_is_made_at_a_domain_that_is_gone_and_nobody_without_the_scope() {
    let place = Place::new().await;
    let caller = place.caller("a").await;
    let engine = &place.world.engine;
    let asked = place.ask(&caller, "kim", Row::One).await.unwrap();
    let domain = engine.domain_of_host(&caller, "d.test").await.unwrap();
    engine.remove_domain(&caller, domain.uuid).await.unwrap();
    let task = place.done(&caller, asked.id).await;
    assert_eq!(outcomes(&task), [("kim@d.test", Some(Outcome::Gone))]);
    let gone = place.ask(&caller, "kim", Row::One).await;
    assert!(matches!(gone, Err(Error::Missing(Missing::Domain))));
    let sender = engine.authenticate("test", "token").await;
    assert!(sender.is_err(), "its domain is gone");
    for (token, scopes) in [("m", Scope::Mail), ("r", Scope::DomainsRead)] {
        let new = NewKey {
            shape: "provisioning",
            token: token.into(),
            prefix: None,
            keeping: Keeping::HashOnly,
            name: None,
            domain: None,
            scopes: vec![scopes],
            mode: None,
            expires_at: None,
        };
        engine.create_key(&place.operator, new).await.unwrap();
        let other = engine.authenticate("provisioning", token).await.unwrap();
        let denied = place.ask(&other, "kim", Row::One).await;
        assert!(matches!(denied, Err(Error::Denied(Denied::Scope))));
        let denied = engine.provision_domain(&other, "e.test", None).await;
        assert!(matches!(denied, Err(Error::Denied(Denied::Scope))));
    }
}

#[tokio::test]
async fn a_domain_is_verified_once_its_record_is_there() {
    let place = Place::new().await;
    let caller = place.caller("a").await;
    let engine = &place.world.engine;
    engine
        .provision_domain(&caller, "e.test", None)
        .await
        .unwrap();
    let domain = async || engine.domain_of_host(&caller, "e.test").await.unwrap();
    let looked = async || {
        let records = engine
            .domain_records(&caller, domain().await.id)
            .await
            .unwrap();
        records.records[0]
            .checked
            .as_ref()
            .map(|checked| checked.at)
    };
    let minute = Duration::from_secs(60);
    for _ in 0..2 {
        place.world.hand.forward(minute);
        let now = engine.now();
        place
            .world
            .until(async || looked().await == Some(now))
            .await;
        assert!(!domain().await.dkim_verified);
    }
    place.world.publish(&domain().await);
    place.world.hand.forward(minute);
    place
        .world
        .until(async || domain().await.dkim_verified)
        .await;
    // From then on it is left alone.
    let last = looked().await;
    place.world.hand.forward(minute);
    let other = place.ask(&caller, "kim", Row::One).await.unwrap();
    place.done(&caller, other.id).await;
    assert_eq!(looked().await, last);
}
