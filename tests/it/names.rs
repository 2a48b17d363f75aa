//! Domain verification against a real name server.

use posthouse_tests::dns::BROKEN_ZONE;
use posthouse_tests::world::World;
use serde_json::{Value, json};

/// A domain that says what its records have to be; its token-API object.
fn domain(world: &World, host: &str) -> Value {
    let body = json!({"domain": {"url": host}});
    let made =
        world
            .server
            .organization(&world.organization_token, "POST", "/api/v1/domains", &body);
    assert_eq!(made.status, 200, "{}", made.body);
    made.json()
}

fn verify(world: &World, domain: &Value) -> Value {
    let path = format!("/api/v1/domains/{}/verify", domain["id"]);
    let reply = world
        .server
        .organization(&world.organization_token, "POST", &path, &Value::Null);
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.json()
}

fn text<'a>(domain: &'a Value, key: &str) -> &'a str {
    domain[key].as_str().expect("text")
}

/// A TXT value in strings of at most 255 bytes, cut where `at` says.
fn quoted(value: &str, at: usize) -> String {
    let chunks = value.as_bytes().chunks(at);
    let strings =
        chunks.map(|chunk| format!("\"{}\"", String::from_utf8_lossy(chunk).replace(';', "\\;")));
    strings.collect::<Vec<_>>().join(" ")
}

const NO_DKIM: &str = "No matching DKIM key found";
const NO_CNAME: &str = "No CNAME keys found";

#[test]
#[ignore = "real servers: make test"]
fn dkim_is_found_however_it_is_written() {
    let world = World::start("");
    let foreign = domain(&world, "foreign.test");
    let foreign = text(&foreign, "dkim_string").to_owned();
    // Name, and the records at the DKIM name: {d} is the right value, {f} another's.
    let ways: [(&str, &str, bool); 8] = [
        ("split.test", "{n} TXT {d255}", true),
        ("tiny.test", "{n} TXT {d40}", true),
        (
            "several.test",
            "{n} TXT \"something else\"\n{n} TXT {d255}\n{n} TXT \"v=spf1 -all\"",
            true,
        ),
        (
            "alias.test",
            "{n} CNAME k1.hosted.example.\nk1.hosted.example. CNAME k2.hosted.test.\nk2.hosted.test. TXT {d255}",
            true,
        ),
        ("other.test", "{n} TXT {f}", false),
        ("two.test", "{n} TXT {f}\n{n} TXT {d255}", true),
        ("nothing.test", "unrelated.test. TXT \"x\"", false),
        (
            "loop.test",
            "{n} CNAME l2.loop.test.\nl2.loop.test. CNAME {n}",
            false,
        ),
    ];
    for (host, records, found) in ways {
        let made = domain(&world, host);
        let name = format!("{}._domainkey.{host}.", text(&made, "dkim_selector"));
        let value = text(&made, "dkim_string");
        let records = records
            .replace("{n}", &name)
            .replace("{d255}", &quoted(value, 255))
            .replace("{d40}", &quoted(value, 40))
            .replace("{f}", &quoted(&foreign, 255));
        world.dns.add(&records);
        let answer = verify(&world, &made);
        assert_eq!(answer["dkim_verified"], found, "{host}: {answer}");
        assert_eq!(answer["advanced_verified"], false);
        if host != "loop.test" {
            let dkim = if found { Value::Null } else { json!(NO_DKIM) };
            assert_eq!(answer["errors"]["dkim"], dkim, "{host}");
            assert_eq!(answer["errors"]["advance_verified"], NO_CNAME, "{host}");
        }
    }
}

#[test]
#[ignore = "real servers: make test"]
fn everything_published_is_verified_and_what_goes_is_noticed() {
    let world = World::start("");
    let made = world.domain("acme.test");
    assert_eq!(made["advanced_verified"], true, "{made}");
    let answer = verify(&world, &made);
    assert_eq!(
        (&answer["errors"], &answer["advance_verified"]),
        (&json!({}), &json!(true))
    );
    world.dns.remove("mailer.acme.test. CNAME");
    let answer = verify(&world, &made);
    assert_eq!(
        (&answer["dkim_verified"], &answer["advanced_verified"]),
        (&json!(true), &json!(false))
    );
    let name = format!("{}._domainkey.acme.test. TXT", text(&made, "dkim_selector"));
    world.dns.remove(&name);
    let answer = verify(&world, &made);
    assert_eq!(answer["dkim_verified"], false);
    assert_eq!(answer["errors"]["dkim"], NO_DKIM);
}

#[test]
#[ignore = "real servers: make test"]
fn a_server_failure_is_could_not_tell() {
    let world = World::start("");
    let host = format!("acme.{BROKEN_ZONE}");
    domain(&world, &host);
    let told = world.site.run(&["domain", "verify", &host]);
    let words = format!("{}{}", told.out, told.err).to_lowercase();
    assert!(
        words.contains("could not tell") || words.contains("unsure"),
        "{told:?}"
    );
    assert!(
        !words.contains("not found") && !words.contains("wrong"),
        "{told:?}"
    );
}

#[test]
#[ignore = "real servers: make test"]
fn what_was_verified_stays_so_while_the_name_server_is_silent() {
    let world = World::start("");
    let made = world.domain("acme.test");
    world.dns.pause();
    let answer = verify(&world, &made);
    world.dns.resume();
    assert_eq!(answer["dkim_verified"], true, "{answer}");
    assert_ne!(answer["errors"]["dkim"], NO_DKIM, "{answer}");
}
