//! Sending while the sender waits: what is told, and that nothing is lost or doubled when
//! whoever is told of a refusal sends again.

use std::time::Duration;

use posthouse::engine::{OnTemporary, SendNow};
use posthouse::model::delivery::State;
use posthouse::model::email::Submission;
use posthouse::model::key::Mode;
use posthouse::ops::send::{SentNow, Spoken};

use crate::script::Far;
use crate::world::{Sender, World, email};

const PATIENT: Duration = Duration::from_secs(20);
const HASTY: Duration = Duration::from_millis(100);

async fn world(mode: Mode, patience: Duration, on_temporary: OnTemporary) -> (World, Sender) {
    let world = World::with(|settings| {
        settings.send_now = SendNow {
            patience,
            on_temporary,
        };
    })
    .await;
    let sender = world.sender(mode).await;
    (world, sender)
}

impl World {
    fn far(&self, next: impl IntoIterator<Item = Far>) {
        self.script.far.lock().unwrap().extend(next);
    }

    /// Sends while the background work runs.
    async fn send_now(&self, sender: &Sender, submission: Submission) -> SentNow {
        let (workers, _) = self.engine.work().await.unwrap();
        let sent = self.engine.send_now(&sender.caller, submission).await;
        workers.stop(Duration::ZERO).await;
        sent.unwrap()
    }

    async fn states(&self, sender: &Sender, sent: &SentNow) -> Vec<State> {
        let standing = self.engine.email(&sender.operator, sent.accepted.id).await;
        let deliveries = standing.unwrap().deliveries;
        deliveries.iter().map(|one| one.state).collect()
    }

    fn taken(&self) -> usize {
        self.script.taken.lock().unwrap().len()
    }
}

fn not_now() -> Far {
    Far::Rcpt(451, "4.3.0 try later")
}

fn never() -> Far {
    Far::Rcpt(550, "5.1.1 no such user")
}

fn with_copy() -> Submission {
    Submission {
        cc: Some("lee@far.test".into()),
        ..email("kim@far.test")
    }
}

#[tokio::test]
async fn what_the_first_try_came_to_is_told() {
    let (world, sender) = world(Mode::Live, PATIENT, OnTemporary::Queue).await;
    let sent = world.send_now(&sender, email("kim@far.test")).await;
    assert_eq!(sent.spoken, Spoken::Sent);
    assert_eq!(world.taken(), 1);
    world.far([never()]);
    let sent = world.send_now(&sender, email("gone@far.test")).await;
    let words = String::from("550 5.1.1 no such user");
    assert_eq!(sent.spoken, Spoken::Refused(words));
    assert_eq!(world.states(&sender, &sent).await, [State::Bounced]);
}

#[tokio::test]
async fn what_is_put_off_stays_in_the_queue_and_goes_once() {
    let (world, sender) = world(Mode::Live, PATIENT, OnTemporary::Queue).await;
    world.far([not_now()]);
    let sent = world.send_now(&sender, email("kim@far.test")).await;
    assert_eq!(sent.spoken, Spoken::Queued);
    world.hand.forward(Duration::from_secs(3600));
    world
        .until(async || world.states(&sender, &sent).await == [State::Delivered])
        .await;
    assert_eq!(world.taken(), 1);
}

#[tokio::test]
async fn what_takes_too_long_is_told_to_be_queued() {
    for on_temporary in [OnTemporary::Queue, OnTemporary::Fail] {
        let (world, sender) = world(Mode::Live, HASTY, on_temporary).await;
        world.far([Far::Hang]);
        // Nobody knows whether it will be taken, so that it cannot be taken back.
        let sent = world.send_now(&sender, email("kim@far.test")).await;
        assert_eq!(sent.spoken, Spoken::Queued, "{on_temporary:?}");
    }
}

#[tokio::test]
async fn without_the_background_work_it_waits_in_the_queue_or_is_taken_back() {
    for (on_temporary, spoken, state) in [
        (OnTemporary::Queue, Spoken::Queued, State::Queued),
        (
            OnTemporary::Fail,
            Spoken::Refused(String::from("it could not be sent in time")),
            State::Canceled,
        ),
    ] {
        let (world, sender) = world(Mode::Live, HASTY, on_temporary).await;
        let submission = email("kim@far.test");
        let sent = world.engine.send_now(&sender.caller, submission).await;
        let sent = sent.unwrap();
        assert_eq!(sent.spoken, spoken);
        assert_eq!(world.states(&sender, &sent).await, [state]);
    }
}

#[tokio::test]
async fn what_is_put_off_can_be_taken_back_and_is_never_sent() {
    let (world, sender) = world(Mode::Live, PATIENT, OnTemporary::Fail).await;
    world.far([not_now()]);
    let sent = world.send_now(&sender, email("kim@far.test")).await;
    let words = String::from("451 4.3.0 try later");
    assert_eq!(sent.spoken, Spoken::Refused(words.clone()));
    assert_eq!(world.states(&sender, &sent).await, [State::Canceled]);
    let standing = world.engine.email(&sender.operator, sent.accepted.id).await;
    assert_eq!(standing.unwrap().trouble(world.engine.now()), Some(words));
    world.hand.forward(Duration::from_secs(3600));
    let next = world.send_now(&sender, email("lee@far.test")).await;
    assert_eq!(next.spoken, Spoken::Sent);
    assert_eq!(world.taken(), 1, "only the next one");
}

#[tokio::test]
async fn a_refusal_is_told_only_when_nobody_has_it() {
    for (far, on_temporary, expected) in [
        ([never()].as_slice(), OnTemporary::Queue, Spoken::Sent),
        (&[not_now()], OnTemporary::Queue, Spoken::Queued),
        (&[not_now()], OnTemporary::Fail, Spoken::Queued),
        (&[not_now(), never()], OnTemporary::Queue, Spoken::Queued),
        (
            &[never(), never()],
            OnTemporary::Queue,
            Spoken::Refused(String::from("550 5.1.1 no such user")),
        ),
    ] {
        let (world, sender) = world(Mode::Live, PATIENT, on_temporary).await;
        world.far(far.iter().cloned());
        let sent = world.send_now(&sender, with_copy()).await;
        assert_eq!(sent.spoken, expected, "{far:?} {on_temporary:?}");
    }
}

#[tokio::test]
async fn mail_that_stays_here_is_sent_and_held_mail_waits_for_its_person() {
    for (mode, spoken, state) in [
        (Mode::Capture, Spoken::Sent, State::Delivered),
        (Mode::Hold, Spoken::Queued, State::Held),
    ] {
        let (world, sender) = world(mode, PATIENT, OnTemporary::Fail).await;
        let sent = world.send_now(&sender, email("kim@far.test")).await;
        assert_eq!(sent.spoken, spoken, "{mode}");
        assert_eq!(world.states(&sender, &sent).await, [state], "{mode}");
        assert_eq!(*world.script.opened.lock().unwrap(), 0, "{mode}");
    }
}
