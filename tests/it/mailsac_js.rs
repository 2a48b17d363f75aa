//! The vendor's official client for JavaScript, all of its methods against the real binary.

mod messages;

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use posthouse_tests::place;
use serde_json::{Value, json};

use super::mailsac::{WITH_FILE, bring, world};

/// The client, in a program of its own.
struct Client {
    child: Child,
    asks: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    uncalled: BTreeSet<String>,
}

impl Client {
    fn start(base: &str, key: &str) -> Self {
        let mut node = place::node();
        node.args(["mailsac.js", base, key]);
        let piped = node.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = piped.spawn().expect("node starts");
        let asks = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().expect("an output"));
        let mut client = Self {
            child,
            asks,
            answers,
            uncalled: BTreeSet::new(),
        };
        client.uncalled = serde_json::from_value(client.heard()).expect("a list of names");
        client
    }

    fn heard(&mut self) -> Value {
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("a line");
        serde_json::from_str(&line).expect("JSON")
    }

    /// Calls a method; status, type and data of the answer.
    fn answer(&mut self, method: &str, args: &Value) -> (u64, String, Value) {
        self.uncalled.remove(method);
        let mut asks = self.asks.as_ref().expect("it listens");
        writeln!(asks, "{}", json!({"method": method, "args": args})).expect("a line");
        let mut answer = self.heard();
        let status = answer["status"].as_u64().expect("a status");
        let kind = answer["type"].as_str().unwrap_or_default().to_owned();
        (status, kind, answer["data"].take())
    }

    /// Calls a method that has to answer with JSON; the data.
    #[track_caller]
    fn call(&mut self, method: &str, args: &Value) -> Value {
        let (status, kind, data) = self.answer(method, args);
        assert_eq!(
            (status, kind.as_str()),
            (200, "application/json"),
            "{method}: {data}"
        );
        data
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        drop(self.asks.take());
        let ended = self.child.wait();
        if !std::thread::panicking() {
            assert!(ended.expect("it ends").success());
        }
    }
}

/// An address as it is told, with what only the server knows taken from what it said.
fn address(said: &Value, changes: &Value) -> Value {
    let mut whole = json!({
        "owner": "default", "forward": null, "enablews": false, "enabledws": false,
        "webhook": null, "webhookSlack": null, "webhookSlackToFrom": false, "catchAll": false,
        "password": null, "info": "", "implicit": false,
    });
    for key in ["encryptedInbox", "created", "updated"] {
        assert!(said[key].is_string(), "{said}");
        whole[key] = said[key].clone();
    }
    for (key, value) in changes.as_object().expect("changes") {
        whole[key] = value.clone();
    }
    whole
}

fn addresses(client: &mut Client) {
    let free = client.call("addresses.checkAvailability", &json!(["a+b@inbox.test"]));
    assert_eq!(
        free,
        json!({"available": true, "email": "a@inbox.test", "owned": false})
    );
    let made = client.call("addresses.createAddress", &json!(["one@inbox.test"]));
    let one = address(&made, &json!({"_id": "one@inbox.test"}));
    assert_eq!(made, one);
    let data = json!({"info": "hi", "enablews": true, "webhook": "https://hooks.test/"});
    let made = client.call("addresses.createAddress", &json!(["two@inbox.test", data]));
    let mut told = data.clone();
    told["_id"] = json!("two@inbox.test");
    told["enabledws"] = json!(true);
    assert_eq!(made, address(&made, &told));
    let (status, _, said) = client.answer("addresses.createAddress", &json!(["two@inbox.test"]));
    let taken = "Address is already owned by this account";
    assert_eq!((status, &said["message"]), (400, &json!(taken)));
    let bulk = json!([{"addresses": ["one@inbox.test", "three@inbox.test"]}]);
    let made = client.call("addresses.createAddresses", &bulk);
    let three = address(&made[1], &json!({"_id": "three@inbox.test"}));
    assert_eq!(made, json!([one, three]));
    let change = json!(["two@inbox.test", {"forward": "one@inbox.test", "enablews": false}]);
    let changed = client.call("addresses.updateAddress", &change);
    told["forward"] = json!("one@inbox.test");
    told["enablews"] = json!(false);
    told["enabledws"] = json!(false);
    let two = address(&changed, &told);
    assert_eq!(changed, two);
    assert_eq!(
        client.call("addresses.getAddress", &json!(["two@inbox.test"])),
        two
    );
    assert_eq!(
        client.call("addresses.listAddresses", &json!([])),
        json!([one, three, two])
    );
    let gone = client.call("addresses.deleteAddress", &json!(["three@inbox.test"]));
    let said = "Address was released.";
    assert_eq!(gone, json!({"_id": "three@inbox.test", "message": said}));
    let (status, _, said) = client.answer("addresses.getAddress", &json!(["kim"]));
    assert_eq!(
        (status, &said["message"]),
        (400, &json!("Invalid email address"))
    );
}

fn account(client: &mut Client) {
    let me = client.call("account.user", &json!([]));
    let known = ["_id", "company", "messageLimit", "apiKeyName", "labels"].map(|key| &me[key]);
    let expected = [
        json!("default"),
        json!("default"),
        json!(1_000_000_000),
        json!("first"),
        json!([]),
    ];
    assert_eq!(known, expected.each_ref());
    assert_eq!(me.as_object().map(serde_json::Map::len), Some(31));
    let stats = client.call("account.accountStats", &json!([{}]));
    assert!(stats["inboxBytes"].as_u64() > Some(300), "{stats}");
    let expected = json!({
        "addresses": ["one@inbox.test", "two@inbox.test"], "domains": ["example.test"],
        "starredMessages": 0, "storedMessages": 1, "inboxBytes": stats["inboxBytes"],
        "lastMonthOps": 0, "defaultDomain": "example.test", "nonOwnedInboxes": [],
    });
    assert_eq!(stats, expected);
    let domains = client.call("domains.listDomains", &json!([]));
    let one = &domains[0];
    let text = |key: &str| one[key].as_str().expect("a text");
    assert!(text("verificationTxt").starts_with("mailsac_"), "{one}");
    let expected = json!([{
        "_id": "example.test", "created": text("created"), "updated": text("updated"),
        "enablews": false, "hosted": false, "isDefault": false, "isPrivate": true,
        "lastVerificationErrors": "", "owner": "default",
        "verificationTxt": text("verificationTxt"), "verified": false, "verifiedMx": false,
    }]);
    assert_eq!(domains, expected);
    let found = client.call("domains.getDomain", &json!(["example.test"]));
    let expected = json!({"domain": one, "totalMessages": 1, "catchAllAddress": null});
    assert_eq!(found, expected);
}

fn strangers(client: &mut Client) {
    let good = json!({
        "email": "kim@far.test", "validFormat": true, "isValidFormat": true, "local": "kim",
        "domain": "far.test", "isDisposable": false, "disposableDomains": [],
        "aliases": ["mx.far.test", "192.0.2.9"],
    });
    let none = json!({
        "email": "kim", "validFormat": false, "isValidFormat": false, "local": "",
        "domain": "", "isDisposable": false, "disposableDomains": [], "aliases": [],
    });
    let told = client.call("emailValidation.validateAddress", &json!(["kim@far.test"]));
    assert_eq!(told, good);
    let both = json!([{"emails": ["kim", "kim@far.test"]}]);
    let told = client.call("emailValidation.validateAddressesBulk", &both);
    assert_eq!(told, json!([none, good]));
    assert_eq!(client.call("messageStats.denylist", &json!([])), json!([]));
    let told = client.call("messageStats.checkDenylist", &json!(["192.0.2.7"]));
    assert_eq!(told, json!({"blacklisted": false}));
}

fn figures(client: &mut Client) {
    let today = json!([{}]);
    let told = client.call("messageStats.listTopPublicAddresses", &today);
    let expected = json!([{"_id": "any@inbox.test", "n": 1}, {"_id": "x@drop.test", "n": 1}]);
    assert_eq!(told, expected);
    let told = client.call("messageStats.listTopPublicSenders", &today);
    assert_eq!(told, json!([{"_id": "ann@far.test", "n": 2}]));
    let told = client.call("messageStats.listTopPublicDomains", &today);
    assert_eq!(told, json!([{"_id": "drop.test", "n": 1}]));
}

#[test]
#[ignore = "real clients: make test"]
fn every_method_of_the_official_client_works() {
    let world = world();
    world
        .dns
        .add("far.test. MX 10 mx.far.test.\nmx.far.test. A 192.0.2.9");
    bring(&world.server, &["kim@example.test"], WITH_FILE);
    bring(&world.server, &["any@inbox.test", "x@drop.test"], WITH_FILE);
    let key = world.server.first_key("mailsac");
    let mut client = Client::start(&world.server.url(""), &key);
    assert_eq!(client.uncalled.len(), 45, "{:?}", client.uncalled);
    addresses(&mut client);
    account(&mut client);
    strangers(&mut client);
    figures(&mut client);
    messages::messages(&mut client);
    assert_eq!(client.uncalled, BTreeSet::new());
}
