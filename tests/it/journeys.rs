//! People at the console's pages, in Chromium, with the real program and real servers around it.

use posthouse_tests::dns::Knot;
use posthouse_tests::journey::walk;
use posthouse_tests::place;
use posthouse_tests::site::{Serving, Site, Waits, delivering};
use posthouse_tests::surroundings::{Doors, Surroundings};
use serde_json::{Value, json};

/// What a journey at a console begins with.
fn console(server: &Serving, journey: &str) -> Value {
    let page = server.get("/");
    assert!(
        page.body.contains("<script"),
        "the page is not built: make page"
    );
    let pictures = place::workspace().join("target/journeys");
    std::fs::create_dir_all(&pictures).expect("a folder");
    json!({
        "backend": "playwright",
        "url": server.url("/"),
        "welcome": server.said["welcome"],
        "name": "ada",
        "password": "correct horse battery",
        "picture": pictures.join(format!("{journey}.png")),
    })
}

fn with(mut about: Value, more: &Value) -> Value {
    let more = more.as_object().expect("more").clone();
    about.as_object_mut().expect("an object").extend(more);
    about
}

#[test]
#[ignore = "a browser and real servers: make test"]
fn the_first_five_minutes() {
    let site = Site::new();
    let around = Surroundings::around(&site);
    let server = site.serve();
    let doors = Doors {
        http: server.url(""),
        inbound: server.smtp("inbound"),
    };
    let about = json!({"host": "shop.test", "far": "kim@far.test"});
    let about = with(console(&server, "first_minutes"), &about);
    walk("console_minutes", &about, |what, asked| {
        around.answer(&doors, what, asked)
    });
}

#[test]
#[ignore = "a browser: make test"]
fn a_reader_reads_and_an_owner_does_all() {
    let site = Site::new();
    let server = site.serve();
    let about = with(console(&server, "roles"), &json!({"host": "shop.test"}));
    walk("roles", &about, |what, _| panic!("nobody asks for {what}"));
}

#[test]
#[ignore = "a browser: make test"]
fn hostile_mail_and_names_do_nothing() {
    let site = Site::new();
    let dns = Knot::start();
    let waits = &Waits::LONG;
    site.configure(&delivering(dns.address(), 25, waits, ""));
    let server = site.serve();
    let more = json!({
        "smtp": server.smtp("inbound"),
        "to": "kim@example.test",
        "corpus": place::here("cases/corpus"),
    });
    let about = with(console(&server, "hostile"), &more);
    walk("hostile", &about, |what, _| {
        panic!("nobody asks for {what}")
    });
}
