//! People: invited, signed in, known by their session, and gone; and who changed what.

use std::net::IpAddr;
use std::num::NonZeroU64;
use std::time::Duration;

use posthouse::clock::Timestamp;
use posthouse::engine::Settings;
use posthouse::error::{Busy, Conflict, Denied, Error, Field, Missing, Reason, Unknown};
use posthouse::ids::UserId;
use posthouse::limits::{
    AUDIT_DAYS, INVITATION_AGE, SESSION_IDLE, SESSION_LONGEST, WRONG_PASSWORDS,
    WRONG_PASSWORDS_FROM,
};
use posthouse::model::audit::Note;
use posthouse::model::key::Caller;
use posthouse::model::organization::Role;
use posthouse::model::session::Session;

use crate::world::{START, World};

const SECRET: &str = "correct horse";

fn here() -> IpAddr {
    "192.0.2.7".parse().unwrap()
}

/// A world whose first owner, Ada, is signed in.
async fn scene() -> (World, Session, String) {
    let world = World::new().await;
    world.engine.create_organization("one").await.unwrap();
    let way = world.engine.invite_first_owner().await.unwrap().unwrap();
    let (session, token) = accept(&world, &way.token, Some("ada")).await.unwrap();
    (world, session, token)
}

async fn accept(
    world: &World,
    token: &str,
    name: Option<&str>,
) -> posthouse::Result<(Session, String)> {
    let engine = &world.engine;
    engine.accept_invitation(token, name, SECRET, here()).await
}

async fn operator(world: &World) -> Caller {
    world.engine.operator(None).await.unwrap()
}

#[tokio::test]
async fn the_first_way_in_works_once_and_only_while_nobody_has_a_password() {
    let world = World::new().await;
    let engine = &world.engine;
    assert!(engine.nobody_signs_in().await.unwrap());
    assert!(engine.invite_first_owner().await.unwrap().is_none());
    engine.create_organization("one").await.unwrap();
    let first = engine.invite_first_owner().await.unwrap().unwrap();
    let second = engine.invite_first_owner().await.unwrap().unwrap();
    let gone = accept(&world, &first.token, Some("ada")).await;
    assert!(matches!(gone, Err(Error::Missing(Missing::User))));
    let invited = engine.invitation(&second.token, here()).await.unwrap();
    assert_eq!((invited.name, invited.role), (None, Role::Owner));
    let nameless = accept(&world, &second.token, None).await;
    assert!(
        matches!(nameless, Err(Error::Invalid(all)) if all == [Field::Name.problem(Reason::Absent)])
    );
    let (session, _) = accept(&world, &second.token, Some(" ada ")).await.unwrap();
    assert_eq!(
        (session.user().name.as_str(), session.user().role),
        ("ada", Role::Owner)
    );
    let again = accept(&world, &second.token, Some("eve")).await;
    assert!(matches!(again, Err(Error::Missing(Missing::User))));
    assert!(engine.invite_first_owner().await.unwrap().is_none());
    assert!(!engine.nobody_signs_in().await.unwrap());
}

#[tokio::test]
async fn a_way_in_ends_and_guessing_is_limited() {
    let world = World::new().await;
    let engine = &world.engine;
    engine.create_organization("one").await.unwrap();
    let way = engine.invite_first_owner().await.unwrap().unwrap();
    assert_eq!(way.expires_at, Timestamp(START).plus(INVITATION_AGE));
    world.hand.forward(INVITATION_AGE);
    let late = accept(&world, &way.token, Some("ada")).await;
    assert!(matches!(late, Err(Error::Missing(Missing::User))));
    for _ in 1..WRONG_PASSWORDS_FROM {
        let wrong = engine.invitation("guess", here()).await;
        assert!(matches!(wrong, Err(Error::Missing(Missing::User))));
    }
    let limited = engine.invitation("guess", here()).await;
    assert!(matches!(limited, Err(Error::Busy(Busy::Rate { .. }))));
}

#[tokio::test]
async fn a_session_is_known_by_its_token_until_it_is_left_or_ended() {
    let (world, session, token) = scene().await;
    let engine = &world.engine;
    assert_eq!(engine.session(&token).await.unwrap().user(), session.user());
    for (token, why) in [("", Unknown::Absent), ("other", Unknown::Wrong)] {
        let refused = engine.session(token).await;
        assert!(matches!(refused, Err(Error::Unknown(is)) if is == why));
    }
    // Used now and then, it lasts; but not for ever.
    let step = SESSION_IDLE - Duration::from_secs(1);
    let steps = SESSION_LONGEST.as_secs() / step.as_secs();
    for _ in 0..steps {
        world.hand.forward(step);
        engine.session(&token).await.unwrap();
        // What is noted is written before what is written later.
        engine.ready().await.unwrap();
    }
    world.hand.forward(step);
    let over = engine.session(&token).await;
    assert!(matches!(over, Err(Error::Unknown(Unknown::Expired))));

    let (session, token) = engine.begin_session("ada", SECRET, here()).await.unwrap();
    world.hand.forward(SESSION_IDLE);
    let left = engine.session(&token).await;
    assert!(matches!(left, Err(Error::Unknown(Unknown::Expired))));
    drop(session);
    let (session, token) = engine.begin_session("ada", SECRET, here()).await.unwrap();
    engine.end_session(&session).await.unwrap();
    let ended = engine.session(&token).await;
    assert!(matches!(ended, Err(Error::Unknown(Unknown::Wrong))));
}

#[tokio::test]
async fn wrong_passwords_are_counted_by_person_and_by_where_they_came_from() {
    let (world, ..) = scene().await;
    let engine = &world.engine;
    let from = |last: u8| IpAddr::from([192, 0, 2, last]);
    for count in 0..WRONG_PASSWORDS {
        let at = from(u8::try_from(count).unwrap());
        let wrong = engine.begin_session("ada", "wrong horse", at).await;
        assert!(matches!(wrong, Err(Error::Unknown(Unknown::Wrong))));
    }
    let limited = engine.begin_session("ada", SECRET, from(99)).await;
    assert!(matches!(limited, Err(Error::Busy(Busy::Rate { .. }))));
    world.hand.forward(Duration::from_secs(3_600));
    engine.begin_session("ada", SECRET, from(99)).await.unwrap();
    let nobody = engine.begin_session("eve", SECRET, from(50)).await;
    assert!(matches!(nobody, Err(Error::Unknown(Unknown::Wrong))));
    // A wrong way in counts as well, and is told sooner.
    for _ in 1..WRONG_PASSWORDS_FROM {
        assert!(engine.invitation("guess", from(50)).await.is_err());
    }
    let limited = engine.begin_session("ada", SECRET, from(50)).await;
    assert!(matches!(limited, Err(Error::Busy(Busy::Rate { .. }))));
}

#[tokio::test]
async fn a_role_holds_at_once_and_an_owner_always_stays() {
    let (world, ada, _) = scene().await;
    let engine = &world.engine;
    let caller = ada.caller(Role::Owner).unwrap();
    let way = engine
        .invite_user(caller, "kim", Role::Reader)
        .await
        .unwrap();
    let taken = engine.invite_user(caller, "kim", Role::Owner).await;
    assert!(matches!(taken, Err(Error::Conflict(Conflict::Taken))));
    let kim = way.user.unwrap().id;
    let (session, token) = accept(&world, &way.token, Some("eve")).await.unwrap();
    assert_eq!(session.user().name, "kim");
    for (role, least, may) in [
        (Role::Reader, Role::Reader, true),
        (Role::Reader, Role::Member, false),
        (Role::Member, Role::Member, true),
        (Role::Member, Role::Owner, false),
        (Role::Owner, Role::Owner, true),
    ] {
        engine.set_user_role(caller, kim, role).await.unwrap();
        let session = engine.session(&token).await.unwrap();
        match session.caller(least) {
            Ok(_) => assert!(may, "{role} {least}"),
            Err(Error::Denied(Denied::Scope)) => assert!(!may, "{role} {least}"),
            Err(other) => panic!("{other}"),
        }
    }
    engine
        .set_user_role(caller, kim, Role::Member)
        .await
        .unwrap();
    let last = engine
        .set_user_role(caller, ada.user().id, Role::Member)
        .await;
    assert!(matches!(last, Err(Error::Conflict(Conflict::State))));
    let last = engine.remove_user(caller, ada.user().id).await;
    assert!(matches!(last, Err(Error::Conflict(Conflict::State))));
    engine.remove_user(caller, kim).await.unwrap();
    let gone = engine.session(&token).await;
    assert!(matches!(gone, Err(Error::Unknown(Unknown::Wrong))));
    let gone = engine.begin_session("kim", SECRET, here()).await;
    assert!(matches!(gone, Err(Error::Unknown(Unknown::Wrong))));
    // Somebody else can be called so now.
    engine
        .invite_user(caller, "kim", Role::Reader)
        .await
        .unwrap();
    let nobody = engine.set_user_role(caller, UserId(99), Role::Owner).await;
    assert!(matches!(nobody, Err(Error::Missing(Missing::User))));
}

#[tokio::test]
async fn another_password_ends_the_other_sessions() {
    let (world, ada, token) = scene().await;
    let engine = &world.engine;
    let (_, other) = engine.begin_session("ada", SECRET, here()).await.unwrap();
    let wrong = engine
        .set_own_password(&ada, "wrong horse", "battery staple")
        .await;
    assert!(matches!(wrong, Err(Error::Unknown(Unknown::Wrong))));
    engine
        .set_own_password(&ada, SECRET, "battery staple")
        .await
        .unwrap();
    engine.session(&token).await.unwrap();
    assert!(engine.session(&other).await.is_err());
    assert!(engine.begin_session("ada", SECRET, here()).await.is_err());
    // A way in sets another, and ends them all.
    let caller = operator(&world).await;
    let way = engine.invite_again(&caller, ada.user().id).await.unwrap();
    engine.session(&token).await.unwrap();
    accept(&world, &way.token, None).await.unwrap();
    assert!(engine.session(&token).await.is_err());
}

fn note(world: &World, session: &Session, what: &str) -> Note {
    Note {
        organization: session.user().organization,
        user: Some(session.user().id),
        who: session.user().name.clone(),
        what: what.to_owned(),
        target: Some(String::from("d.test")),
        detail: None,
        remote: Some(String::from("192.0.2.7")),
        at: world.engine.now(),
    }
}

async fn told(world: &World, session: &Session) -> Vec<String> {
    let caller = session.caller(Role::Owner).unwrap();
    let all = world.engine.audits(caller, None, 200).await.unwrap();
    all.into_iter().map(|one| one.note.what).collect()
}

#[tokio::test]
async fn a_change_and_its_note_are_one_write() {
    let (world, ada, _) = scene().await;
    let caller = ada.caller(Role::Owner).unwrap();
    let noting = world.engine.noting(note(&world, &ada, "domain.add"));
    let made = noting.engine().create_domain(caller, "d.test", None).await;
    made.unwrap();
    // It is there already, without anything further.
    assert_eq!(told(&world, &ada).await, ["domain.add", "session.welcome"]);
    noting.settle().await.unwrap();
    assert_eq!(told(&world, &ada).await, ["domain.add", "session.welcome"]);

    // What did not happen is not told, and what follows on it is.
    let noting = world.engine.noting(note(&world, &ada, "twice"));
    let taken = noting.engine().create_domain(caller, "d.test", None).await;
    assert!(taken.is_err());
    assert_eq!(told(&world, &ada).await.len(), 2);
    let made = noting.engine().create_domain(caller, "e.test", None).await;
    made.unwrap();
    assert_eq!(told(&world, &ada).await[0], "twice");

    // What writes nothing by itself is told in a write of its own.
    let noting = world.engine.noting(note(&world, &ada, "nothing"));
    noting.settle().await.unwrap();
    let caller = ada.caller(Role::Owner).unwrap();
    let all = world.engine.audits(caller, None, 1).await.unwrap();
    assert_eq!(all[0].note, note(&world, &ada, "nothing"));
    let older = world
        .engine
        .audits(caller, Some(all[0].id), 1)
        .await
        .unwrap();
    assert_eq!(older[0].note.what, "twice");
}

#[tokio::test]
async fn figures_count_each_day_by_itself() {
    let world = World::new().await;
    let sender = world.sender(posthouse::model::key::Mode::Hold).await;
    let send = async |count: usize| {
        for _ in 0..count {
            let email = crate::world::email("kim@x.test");
            world.engine.send(&sender.caller, email).await.unwrap();
        }
    };
    send(2).await;
    world.hand.forward(Duration::from_secs(2 * 24 * 3600));
    send(3).await;
    let engine = &world.engine;
    let figures = engine.figures(&sender.operator, 14).await.unwrap();
    let today = START.div_euclid(86_400_000) + 2;
    assert_eq!(figures.today, today);
    let queued: Vec<(i64, u64)> = figures
        .tallies
        .iter()
        .filter(|one| one.kind.as_str() == "queued")
        .map(|one| (one.day, one.count))
        .collect();
    assert_eq!(queued, [(today - 2, 2), (today, 3)]);
    let (waiting, oldest) = (figures.queue.waiting, figures.queue.oldest_at);
    assert_eq!((waiting, oldest), (5, Some(Timestamp(START))));
    let short = engine.figures(&sender.operator, 2).await.unwrap();
    assert!(short.tallies.iter().all(|one| one.day == today));
}

#[tokio::test]
async fn who_changed_what_is_kept_for_so_many_days() {
    let world = World::with(|settings| settings.audit_keep_days = NonZeroU64::new(2)).await;
    world.engine.create_organization("one").await.unwrap();
    let operator = operator(&world).await;
    let note = async |what: &str| {
        let note = Note {
            organization: operator.organization(),
            user: None,
            who: String::from("ada"),
            what: what.to_owned(),
            target: None,
            detail: None,
            remote: None,
            at: world.engine.now(),
        };
        world.engine.noting(note).settle().await.unwrap();
    };
    note("older").await;
    world.hand.forward(Duration::from_millis(1));
    note("old").await;
    world.hand.forward(Duration::from_secs(2 * 86_400));
    note("new").await;
    let whats = async || -> Vec<String> {
        let rows = world.engine.audits(&operator, None, 9).await.unwrap();
        rows.into_iter().map(|row| row.note.what).collect()
    };
    world.until(async || whats().await.len() < 3).await;
    assert_eq!(whats().await, ["new", "old"]);
    let default = Settings::new("h.test").audit_keep_days;
    assert_eq!(default, NonZeroU64::new(AUDIT_DAYS));
}
