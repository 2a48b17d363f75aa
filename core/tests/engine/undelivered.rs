//! Mail that came in and could not be passed on: who is told of it, how, and how often.

use std::sync::atomic::Ordering;
use std::time::Duration;

use posthouse::engine::Settings;
use posthouse::error::{Denied, Error, Missing, Unknown};
use posthouse::ids::{EventId, SuppressionId, numbered_uuid};
use posthouse::model::delivery::State;
use posthouse::model::event::EventKind;
use posthouse::model::key::Mode;
use posthouse::model::mailbox::Message;
use posthouse::model::webhook::{Activity, Webhook};
use posthouse::ops::emails::EmailStanding;
use posthouse::ops::receive::Arrival;
use posthouse::ops::undelivered::SYSTEM_SHAPE;
use posthouse::ops::webhooks::{NewWebhook, Since};
use posthouse::store::EmailFilter;

use crate::delivering::{send, until_state};
use crate::receiving::{MAIL, arrival};
use crate::script::Far;
use crate::world::{Sender, World};

/// Calls until the endpoint is given up.
const TRIES: usize = 3;
/// Longer than the endpoint's waits.
const LATER: Duration = Duration::from_secs(31);

/// A domain whose mail is posted to an endpoint that refuses it.
struct Place {
    world: World,
    sender: Sender,
    endpoint: Webhook,
}

async fn place(mode: Mode, set: impl FnOnce(&mut Settings)) -> Place {
    let world = World::with(set).await;
    let sender = world.sender(mode).await;
    let new = posting(&sender);
    let made = world.engine.create_webhook(&sender.operator, new).await;
    let endpoint = made.unwrap().0;
    refuse(&world);
    Place {
        world,
        sender,
        endpoint,
    }
}

fn posting(sender: &Sender) -> NewWebhook {
    NewWebhook {
        form: "posting".into(),
        domain: Some(sender.domain.id),
        url: "https://hook.test/x".into(),
        kinds: vec![EventKind::Received],
        words: None,
        activity: Activity::On,
    }
}

fn refuse(world: &World) {
    let refusals = std::iter::repeat_n(Ok(500), 200);
    world.script.answers.lock().unwrap().extend(refusals);
}

impl Place {
    async fn receive(&self, arrival: Arrival) {
        self.world.engine.receive(arrival).await.unwrap();
    }

    /// Works until everything that was posted so far was tried once more.
    async fn again(&self, tries: usize) {
        let all = || {
            let (engine, who) = (&self.world.engine, &self.sender.operator);
            engine.webhook_deliveries(who, self.endpoint.id, None, 1000)
        };
        let settled = async || {
            let (webhook, all) = all().await.unwrap();
            let end = self.last_event().await;
            let tried = |one: &posthouse::model::webhook::WebhookDelivery| {
                let done = one.next_at.is_none();
                done || usize::try_from(one.attempts).unwrap() >= tries
            };
            webhook.cursor >= end && all.iter().all(tried)
        };
        self.world.until(settled).await;
        self.world.hand.forward(LATER);
    }

    async fn last_event(&self) -> EventId {
        let engine = &self.world.engine;
        let events = engine.events(&self.sender.operator, EventId(0), 1000).await;
        events.unwrap().0.last().map_or(EventId(0), |last| last.id)
    }

    async fn give_up(&self) {
        for tries in 1..=TRIES {
            self.again(tries).await;
        }
    }

    /// The emails that tell of a failure.
    async fn reports(&self) -> Vec<EmailStanding> {
        let filter = EmailFilter::default();
        let engine = &self.world.engine;
        let all = engine.emails(&self.sender.operator, filter, 100).await;
        let all = all.unwrap().into_iter();
        all.filter(|one| one.email.fields.from.starts_with("Mail Delivery System"))
            .collect()
    }

    /// Works until the one report stands so.
    async fn reported(&self, state: State) -> EmailStanding {
        let [report] = self.reports().await.try_into().unwrap();
        until_state(&self.world, &self.sender, report.email.id, state).await;
        self.reports().await.remove(0)
    }

    async fn messages(&self, address: &str) -> Vec<Message> {
        let engine = &self.world.engine;
        let found = engine.messages(&self.sender.operator, Some(address), None, 10);
        found.await.unwrap()
    }

    async fn raw(&self, message: &Message) -> String {
        let engine = &self.world.engine;
        let found = engine.message_raw(&self.sender.operator, message.id).await;
        String::from_utf8(found.unwrap().1).unwrap()
    }
}

/// MAIL from this return path, with more in its header.
fn from(path: Option<&str>, more: &str) -> Arrival {
    Arrival {
        from: path.map(String::from),
        raw: format!("{more}{MAIL}").into_bytes(),
        ..arrival(&["kim@d.test"])
    }
}

#[tokio::test]
async fn the_sender_is_told_what_failed_when_the_last_try_did() {
    let place = place(Mode::Live, |_| {}).await;
    place.receive(arrival(&["Kim+x@d.test"])).await;
    place.again(1).await;
    place.again(2).await;
    assert!(place.reports().await.is_empty());
    place.again(3).await;
    let report = place.reported(State::Delivered).await;
    // The mode is the installation's own, whatever that of other keys is.
    let [told] = place.messages("ann@far.test").await.try_into().unwrap();
    assert!(place.world.script.taken.lock().unwrap().is_empty());
    let organization = place.world.engine.organization(&place.sender.operator);
    let uuid = numbered_uuid(organization.await.unwrap().uuid, 1);
    assert_eq!(report.email.message_id, format!("{uuid}@mailer.h.test"));
    let raw = place.raw(&told).await;
    let boundary = raw.split('"').nth(1).unwrap();
    let [came] = place.messages("kim@d.test").await.try_into().unwrap();
    let came = place.raw(&came).await;
    let (head, _) = came.split_once("\r\n\r\n").unwrap();
    let head = head.to_owned() + "\r\n\r\n";
    let expected = format!(
        "From: Mail Delivery System <postmaster@d.test>\r\nTo: ann@far.test\r\n\
         Subject: Your mail could not be delivered\r\nMessage-ID: <{uuid}@mailer.h.test>\r\n\
         In-Reply-To: <1@far.test>\r\nDate: Tue, 14 Nov 2023 22:14:22 +0000\r\n\
         Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status;\r\n \
         boundary=\"{boundary}\"\r\n\r\n\
         --{boundary}\r\nContent-Type: text/plain; charset=utf-8\r\n\
         Content-Transfer-Encoding: 7bit\r\n\r\n\
         This is h.test. Your mail to kim+x@d.test could not be delivered.\r\n\r\n\
         The recipient's own system did not take it. Times tried: 3.\r\n\r\n\
         The header of your mail is below.\r\n\r\n\
         --{boundary}\r\nContent-Type: message/delivery-status\r\n\
         Content-Transfer-Encoding: 7bit\r\n\r\n\
         Reporting-MTA: dns; h.test\r\nArrival-Date: Tue, 14 Nov 2023 22:13:20 +0000\r\n\r\n\
         Final-Recipient: rfc822; kim+x@d.test\r\nAction: failed\r\nStatus: 5.4.7\r\n\r\n\
         --{boundary}\r\nContent-Type: text/rfc822-headers\r\n\
         Content-Transfer-Encoding: 7bit\r\n\r\n{head}\r\n--{boundary}--\r\n"
    );
    assert_eq!(raw, expected);
}

#[tokio::test]
async fn it_leaves_signed_with_a_null_return_path_and_nobody_is_told_of_its_own_end() {
    let place = place(Mode::Capture, |settings| settings.default_mode = Mode::Live).await;
    place.receive(arrival(&["kim@d.test"])).await;
    place.give_up().await;
    place.reported(State::Delivered).await;
    let taken = place.world.script.taken.lock().unwrap().clone();
    let [(path, to, raw)] = taken.try_into().unwrap();
    assert_eq!((path.as_str(), to.as_str()), ("", "ann@far.test"));
    let raw = String::from_utf8(raw).unwrap();
    assert!(raw.contains("DKIM-Signature: ") && raw.contains("d=d.test"));

    let refused = Far::Rcpt(550, "5.1.1 no such user");
    place.world.script.far.lock().unwrap().push_back(refused);
    place.receive(from(Some("gone@far.test"), "")).await;
    place.give_up().await;
    let [second, _first] = place.reports().await.try_into().unwrap();
    until_state(&place.world, &place.sender, second.email.id, State::Bounced).await;
    assert_eq!(place.reports().await.len(), 2);
    let (engine, who) = (&place.world.engine, &place.sender.operator);
    let domain = Some(place.sender.domain.id);
    let suppressed = engine.suppressions(who, domain, SuppressionId(0), 10).await;
    assert!(suppressed.unwrap().is_empty());
    assert_eq!(engine.bounces(who, 0, 10).await.unwrap().1, 0);
}

#[tokio::test]
async fn nobody_is_told_who_did_not_send_it_or_wants_no_answer() {
    let place = place(Mode::Live, |_| {}).await;
    for (name, text) in [
        ("forged.test", "v=spf1 -all"),
        ("_dmarc.strict.test", "v=DMARC1; p=none"),
    ] {
        let mut texts = place.world.script.txt.lock().unwrap();
        texts.insert(name.to_owned(), Ok(vec![text.to_owned()]));
    }
    let id = send(&place.world, &place.sender, "x@far.test").await;
    until_state(&place.world, &place.sender, id, State::Delivered).await;
    let ours = place.world.script.taken.lock().unwrap()[0].0.clone();
    assert!(ours.starts_with("bounces+"));
    for (path, more) in [
        (None, ""),
        (Some("kim@d.test"), ""),
        (Some("Kim+x@d.test"), ""),
        (Some(ours.as_str()), ""),
        (Some("bounces+guess@mailer.h.test"), ""),
        (Some("any@forged.test"), ""),
        (Some("MAILER-DAEMON@far.test"), ""),
        (Some("owner-list@far.test"), ""),
        (Some("list-request@far.test"), ""),
        (
            Some("vacation@far.test"),
            "Auto-Submitted: auto-replied\r\n",
        ),
        (Some("list@far.test"), "List-Id: <list.far.test>\r\n"),
        (Some("bulk@far.test"), "Precedence: bulk\r\n"),
    ] {
        place.receive(from(path, more)).await;
    }
    // One that fails DMARC.
    let strict = MAIL.replace("From: Ann <ann@far.test>", "From: boss@strict.test");
    let mut forged = from(Some("forger@far.test"), "");
    forged.raw = strict.into_bytes();
    place.receive(forged).await;
    // Nobody checks what is kept for a caller, and nothing of it may leave.
    let kept = from(Some("app@far.test"), "");
    let keep = place.world.engine.keep(&place.sender.caller, kept).await;
    keep.unwrap();
    place.receive(from(Some("told@far.test"), "")).await;
    place.give_up().await;
    assert_eq!(place.world.script.posts.lock().unwrap().len(), 15 * TRIES);
    let reports = place.reports().await.into_iter();
    let to: Vec<String> = reports.map(|one| one.email.fields.to).collect();
    assert_eq!(to, ["told@far.test"]);
}

#[tokio::test]
async fn the_sender_is_told_once_however_often_it_is_tried_anew() {
    let place = place(Mode::Capture, |_| {}).await;
    place.receive(arrival(&["kim@d.test"])).await;
    place.give_up().await;
    let replay = async || {
        let (engine, who) = (&place.world.engine, &place.sender.operator);
        let since = Since::Event(EventId(0));
        let replayed = engine.replay_webhook(who, place.endpoint.id, since).await;
        replayed.unwrap();
    };
    assert_eq!(place.reports().await.len(), 1);
    replay().await;
    place.give_up().await;
    assert_eq!(place.reports().await.len(), 1);
    // Nor of what was taken before, or came before there was this endpoint.
    place.world.script.answers.lock().unwrap().clear();
    place.receive(from(Some("bob@far.test"), "")).await;
    place.again(1).await;
    refuse(&place.world);
    replay().await;
    place.give_up().await;
    assert_eq!(place.reports().await.len(), 1);
    let place = other_endpoint(place).await;
    place.give_up().await;
    assert_eq!(place.reports().await.len(), 1);
}

/// The endpoint is removed, and another one made that is told everything.
async fn other_endpoint(place: Place) -> Place {
    let (engine, who) = (&place.world.engine, &place.sender.operator);
    engine.remove_webhook(who, place.endpoint.id).await.unwrap();
    let made = engine.create_webhook(who, posting(&place.sender)).await;
    let endpoint = made.unwrap().0;
    let since = Since::Event(EventId(0));
    let replayed = engine.replay_webhook(who, endpoint.id, since).await;
    replayed.unwrap();
    Place { endpoint, ..place }
}

#[tokio::test]
async fn two_endpoints_tell_the_sender_when_both_have_failed() {
    let place = place(Mode::Capture, |_| {}).await;
    let (engine, who) = (&place.world.engine, &place.sender.operator);
    let second = engine.create_webhook(who, posting(&place.sender)).await;
    let second = second.unwrap().0;
    place.receive(arrival(&["kim@d.test"])).await;
    let failed = async |id| {
        let deliveries = engine.webhook_deliveries(who, id, None, 10).await;
        let all = deliveries.unwrap().1;
        !all.is_empty() && all.iter().all(|one| one.next_at.is_none())
    };
    for tries in 1..=TRIES {
        let posted = async || place.world.script.posts.lock().unwrap().len() >= 2 * tries;
        let over =
            async || tries < TRIES || (failed(place.endpoint.id).await && failed(second.id).await);
        place.again(tries).await;
        place
            .world
            .until(async || posted().await && over().await)
            .await;
        place.world.hand.forward(LATER);
    }
    assert_eq!(place.reports().await.len(), 1);
}

#[tokio::test]
async fn a_crash_between_call_and_end_loses_no_report_and_makes_no_second_one() {
    let mut place = place(Mode::Capture, |_| {}).await;
    place.receive(arrival(&["kim@d.test"])).await;
    place.again(1).await;
    place.again(2).await;
    place.world.script.deaf.store(true, Ordering::SeqCst);
    let (workers, _) = place.world.engine.work().await.unwrap();
    let posts = async || place.world.script.posts.lock().unwrap().len();
    place.world.wait(async || posts().await == TRIES).await;
    workers.stop(Duration::ZERO).await;
    assert!(place.reports().await.is_empty());
    place.world.script.deaf.store(false, Ordering::SeqCst);
    place.world = place.world.crash().await;
    place.again(TRIES).await;
    assert_eq!(posts_of(&place), TRIES + 1);
    assert_eq!(place.reports().await.len(), 1);
    place.world = place.world.crash().await;
    place.reported(State::Delivered).await;
    assert_eq!(posts_of(&place), TRIES + 1);
    assert_eq!(place.messages("ann@far.test").await.len(), 1);
}

fn posts_of(place: &Place) -> usize {
    place.world.script.posts.lock().unwrap().len()
}

#[tokio::test]
async fn the_key_of_such_mail_is_nobodys_and_can_be_revoked() {
    let place = place(Mode::Capture, |_| {}).await;
    place.receive(arrival(&["kim@d.test"])).await;
    place.give_up().await;
    let (engine, who) = (&place.world.engine, &place.sender.operator);
    let keys = engine.keys(who, None, Some(SYSTEM_SHAPE)).await.unwrap();
    let [key] = keys.try_into().unwrap();
    assert_eq!((key.domain, key.mode), (None, Mode::Capture));
    // Only its hash is kept, of what nobody has.
    let tokens = engine.key_tokens(who, std::slice::from_ref(&key)).await;
    assert!(tokens.unwrap().is_empty());
    let shown = engine.authenticate(SYSTEM_SHAPE, &key.prefix).await;
    assert!(matches!(shown, Err(Error::Unknown(Unknown::Wrong))));
    engine.revoke_key(who, None, key.id).await.unwrap();
    place.receive(from(Some("bob@far.test"), "")).await;
    place.give_up().await;
    assert_eq!(place.reports().await.len(), 1);
    let keys = engine.keys(who, None, Some(SYSTEM_SHAPE)).await.unwrap();
    assert!(keys.is_empty());
}

#[tokio::test]
async fn an_endpoint_is_of_one_domain_that_is_verified() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let (engine, who) = (&world.engine, &sender.operator);
    let other = engine.create_domain(who, "e.test", None).await.unwrap();
    let of = |domain| NewWebhook {
        domain,
        ..posting(&sender)
    };
    let refused = engine.create_webhook(who, of(None)).await;
    assert!(matches!(refused, Err(Error::Missing(Missing::Domain))));
    let refused = engine.create_webhook(who, of(Some(other.id))).await;
    assert!(matches!(refused, Err(Error::Denied(Denied::NotVerified))));
    let made = engine.create_webhook(who, of(Some(sender.domain.id))).await;
    made.unwrap();
}
