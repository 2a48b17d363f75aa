//! Why it did not arrive: over real DNS and SMTP, what the story says to a person and to a
//! program.

use posthouse_tests::far_end::Manner;
use posthouse_tests::world::World;
use serde_json::{Value, json};

const GMAIL: &str = "550-5.7.26 This mail has been blocked because the sender is unauthenticated.\r\n\
     550-5.7.26 Gmail requires all senders to authenticate with either SPF or DKIM.\r\n\
     550 5.7.26  Authentication results: DKIM = did not pass a1-20020 - gsmtp";
const GREY: &str = "451 4.7.1 Greylisted for 300 seconds";

/// A mail to an address, once its recipient is in this state; its id.
fn sent(world: &World, token: &str, address: &str, state: &str) -> String {
    let message = json!({"from": "Shop <hello@acme.test>", "to": address, "subject": "Order 9", "textbody": "Hi"});
    let id = world.server.accepted(token, &message);
    world.email_in_state(id, state);
    id.to_string()
}

/// The JSON of the one recipient.
fn recipient(world: &World, id: &str) -> Value {
    world.site.cli(&["email", "why", id])["recipients"][0].clone()
}

#[track_caller]
fn assert_told(world: &World, id: &str, parts: &[&str]) {
    let words = world.site.say(&["email", "why", id]);
    // A sentence may be broken anywhere.
    let flat: Vec<&str> = words.split_whitespace().collect();
    for part in parts {
        assert!(flat.join(" ").contains(part), "no {part:?} in:\n{words}");
    }
}

#[test]
#[ignore = "real servers: make test"]
fn a_refusal_is_explained_by_its_code_and_by_dns() {
    let world = World::start("");
    world.domain("acme.test");
    world.site.cli(&["org", "set", "--direct", "on"]);
    let _far = world.far_end("far.test", &Manner::plain("127.0.0.2", world.port));
    let live = world.key("acme.test", "live");

    let id = sent(&world, &live, "refused-kim@far.test", "bounced");
    let one = recipient(&world, &id);
    let by = format!("mx.far.test [127.0.0.2]:{}", world.port);
    assert_eq!(one["refusal"]["by"], by);
    assert_eq!(one["refusal"]["stage"], "rcpt");
    assert_eq!(one["refusal"]["force"], "permanent");
    assert_eq!(one["refusal"]["line"], "550 5.1.1 no such person here");
    assert_eq!(one["refusal"]["code"]["code"], "5.1.1");
    assert_eq!(one["refusal"]["code"]["source"], "RFC 3463 section 3.2");
    assert_eq!(one["refusal"]["known"], Value::Null);
    let dns = json!([
        "MX of far.test: 10 mx.far.test",
        "Address of mx.far.test: 127.0.0.2"
    ]);
    assert_eq!(one["attempts"][0]["dns"], dns);
    assert_eq!(one["dns"]["takes"], "mx");
    assert_eq!(one["dns"]["lines"], dns);
    let host =
        json!({"preference": 10, "host": "mx.far.test", "addresses": ["127.0.0.2"], "error": null});
    assert_eq!(one["dns"]["hosts"], json!([host]));
    assert_told(
        &world,
        &id,
        &[
            "refused-kim@far.test BOUNCED",
            "550 5.1.1 no such person here",
            "That means There is no such mailbox",
            "`posthouse suppression remove refused-kim@far.test --domain acme.test`",
            "at RCPT TO (try 1)",
            "DNS now the same",
            "C: RCPT TO:<refused-kim@far.test>",
        ],
    );
}

#[test]
#[ignore = "real servers: make test"]
fn a_known_refusal_is_told_with_its_source() {
    let world = World::start("");
    world.domain("acme.test");
    world.site.cli(&["org", "set", "--direct", "on"]);
    let manner = Manner {
        says: &[("gmail", GMAIL), ("grey", GREY)],
        ..Manner::plain("127.0.0.2", world.port)
    };
    let _far = world.far_end("far.test", &manner);
    let live = world.key("acme.test", "live");

    let id = sent(&world, &live, "gmail@far.test", "bounced");
    let one = recipient(&world, &id);
    assert_eq!(one["refusal"]["known"]["who"], "Gmail");
    let source = &one["refusal"]["known"]["sources"][0];
    assert_eq!(source, "https://support.google.com/a/answer/3726730");
    assert_eq!(
        one["refusal"]["next_step"],
        "Run `posthouse domain verify acme.test`, and publish what `posthouse domain records \
         acme.test` lists."
    );
    assert_told(
        &world,
        &id,
        &[
            "Gmail takes no mail that neither SPF nor DKIM proves",
            "Known from Gmail https://support.google.com/a/answer/3726730",
            "`posthouse domain verify acme.test`",
            "Then send it again.",
        ],
    );

    // It is tried again all the while, so what is asked of a person is not told each time.
    let id = sent(&world, &live, "grey@far.test", "deferred");
    let one = recipient(&world, &id);
    assert_eq!(one["refusal"]["force"], "temporary");
    assert_eq!(one["refusal"]["known"]["who"], "A server that greylists");
    assert_told(
        &world,
        &id,
        &["That means The server does not know us yet and asks us to come back"],
    );
}

#[test]
#[ignore = "real servers: make test"]
fn dns_is_told_as_it_was_and_as_it_is() {
    let world = World::start("");
    world.domain("acme.test");
    world.site.cli(&["org", "set", "--direct", "on"]);
    let live = world.key("acme.test", "live");
    world.dns.add("null.test. MX 0 .");

    let id = sent(&world, &live, "kim@null.test", "bounced");
    let one = recipient(&world, &id);
    assert_eq!(one["refusal"]["by"], Value::Null);
    assert_eq!(one["refusal"]["code"]["code"], "5.1.10");
    assert_eq!(one["dns"]["takes"], "null-mx");
    assert_told(
        &world,
        &id,
        &[
            "null.test takes no mail (null MX)",
            "That means The domain says in DNS that it takes no mail at all",
            "DNS now the same",
        ],
    );

    let id = sent(&world, &live, "kim@gone.test", "bounced");
    assert_eq!(recipient(&world, &id)["dns"]["takes"], "no-domain");
    world.lead("gone.test", "127.0.0.2");
    let one = recipient(&world, &id);
    let then = json!(["MX of gone.test: no such name"]);
    assert_eq!(one["attempts"][0]["dns"], then);
    assert_eq!(one["dns"]["takes"], "mx");
    assert_told(
        &world,
        &id,
        &[
            "It cannot be delivered: 5.1.2 the domain gone.test does not exist.",
            "What to do DNS has a mail server for gone.test now.",
            "DNS then MX of gone.test: no such name",
            "DNS now MX of gone.test: 10 mx.gone.test",
        ],
    );

    // The sending domain's own records, and DNS that is not asked or does not answer.
    let story = world.site.cli(&["email", "why", &id]);
    let verdicts: Vec<&str> = story["records"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|record| record["verdict"].as_str())
        .collect();
    assert_eq!(verdicts, ["match"; 5]);
    let quiet = world.site.cli(&["email", "why", &id, "--no-dns"]);
    assert_eq!(quiet["records"], Value::Null);
    let one = &quiet["recipients"][0];
    assert_eq!(one["dns"], Value::Null);
    assert_eq!(one["dns_not_asked"], "not asked: it was not wanted");
    world.dns.pause();
    assert_eq!(recipient(&world, &id)["dns"]["takes"], "unsure");
    assert_told(&world, &id, &["no reliable answer: time-out"]);
    world.dns.resume();

    let capture = world.key("acme.test", "capture");
    let id = sent(&world, &capture, "lee@gone.test", "delivered");
    assert_told(
        &world,
        &id,
        &[
            "Route kept on this machine: the key's mode is capture",
            "DNS now not asked: nothing left this machine",
        ],
    );
}
