//! The desktop app, on a screen of its own, with real servers around it.

use std::cell::RefCell;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use posthouse_tests::desktop::{Bus, Driver, Home, Screen};
use posthouse_tests::http;
use posthouse_tests::journey::walk;
use posthouse_tests::place;
use posthouse_tests::process::Running;
use posthouse_tests::site::{Ran, Site};
use posthouse_tests::surroundings::{Doors, Surroundings};
use posthouse_tests::wait;
use serde_json::{Value, json};

/// Nothing is asked of the world.
fn alone(what: &str, _: &Value) -> Value {
    panic!("{what} is asked for, which is not here")
}

/// The app starts in this home, and shows these texts.
fn starts(driver: &Driver, home: &Home, sees: &[&str]) {
    let mut about = driver.about(home, "desktop_start", &[]);
    about["sees"] = json!(sees);
    walk("desktop_start", &about, alone);
    home.at_rest();
}

#[test]
#[ignore = "a window and real servers: make test"]
fn the_first_five_minutes_in_the_app() {
    let (screen, home) = (Screen::start(), Home::new());
    let around = Surroundings::about(|toml| home.configure(toml));
    let bus = Bus::start(&home);
    let notices = bus.notices();
    let driver = Driver::of(bus.joined(home.command(Path::new("tauri-driver"), &screen)));
    let mut about = driver.about(&home, "desktop_minutes", &[]);
    about["host"] = json!("shop.test");
    about["far"] = json!("kim@far.test");
    let doors = RefCell::new(None);
    walk("desktop_minutes", &about, |what, asked| {
        if what == "listening" {
            let text = |key: &str| asked[key].as_str().expect("an address").to_owned();
            *doors.borrow_mut() = Some(Doors {
                http: format!("http://{}", text("http")),
                inbound: text("inbound"),
            });
            return Value::Null;
        }
        let doors = doors.borrow();
        around.answer(doors.as_ref().expect("it listens"), what, asked)
    });
    wait::until("a notice of the new mail", || {
        let lines = notices.lines();
        let told = lines.iter().any(|line| line.contains("News from afar"));
        told.then_some(())
    });
}

#[test]
#[ignore = "a window: make test"]
fn the_keys_of_the_menus_work() {
    let (screen, home) = (Screen::start(), Home::new());
    let mut command = home.command(&place::desktop(), &screen);
    let mut app = Running::start(command.arg("--data").arg(home.data()));
    wait::until("the overview", || {
        app.errors().contains("usable ms=").then_some(())
    });
    // Without a window manager the pointer says whose the keys are.
    let mut hand = home.command(Path::new("xdotool"), &screen);
    let pressed = Ran::of(hand.args(["mousemove", "600", "500", "click", "1", "key", "ctrl+q"]));
    assert_eq!(pressed.code, 0, "{pressed:?}");
    let status = wait::until("the end of the app", || app.ended());
    assert!(status.success(), "{status}");
    home.at_rest();
}

const MAIL: &str = "From: Ann <ann@far.test>\r\nTo: kim@shop.test\r\nSubject: Invoice 7\r\n\
    MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n\
    --m\r\nContent-Type: text/html\r\n\r\n<p>Please pay.</p><script>top.pwned=1</script>\
    <img src=x onerror=\"top.pwned=1\"><a href=\"javascript:top.pwned=1\">x</a>\r\n\
    --m\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename=\"prices.csv\"\r\n\r\n\
    a,b\r\n--m--\r\n";

#[test]
#[ignore = "a window: make test"]
fn a_second_start_hands_over_what_it_was_asked() {
    let (screen, home) = (Screen::start(), Home::new());
    let bus = Bus::start(&home);
    let driver = Driver::of(bus.joined(home.command(Path::new("tauri-driver"), &screen)));
    fs::write(home.path().join("a mail.eml"), MAIL).expect("written");
    fs::write(home.path().join("picture.png"), b"\x89PNG\r\n\x1a\n").expect("written");
    let link = "mailto:kim@far.test?to=ann@far.test&subject=Order%209%20%26%20more&body=First%20line%0D%0Asecond";
    let about = driver.about(&home, "desktop_opens", &["mailto:kim@far.test"]);
    walk("desktop_opens", &about, |what, asked| {
        assert_eq!(what, "again");
        let asked = match asked["what"].as_str() {
            // As a file manager writes it; and a name that is relative to where it is.
            Some("mail") => format!("file://{}/a%20mail.eml", home.path().display()),
            Some("picture") => String::from("picture.png"),
            Some("long link") => link.to_owned(),
            Some("link") => String::from("mailto:bo@far.test"),
            other => panic!("{other:?}"),
        };
        let mut command = bus.joined(home.command(&place::desktop(), &screen));
        command.arg("--data").arg(home.data()).arg(asked);
        let ran = Ran::of(command.current_dir(home.path()));
        json!({"status": ran.code})
    });
}

#[test]
#[ignore = "a window: make test"]
fn without_a_keychain_a_file_has_the_master_key() {
    let (screen, home) = (Screen::start(), Home::new());
    let driver = Driver::start(&home, &screen);
    starts(&driver, &home, &["First steps"]);
    let key = home.data().join("master.key");
    let mode = fs::metadata(&key).expect("a key").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let before = fs::read(&key).expect("a key");
    // Once there is a keychain, the key stays where it is.
    let bus = Bus::start(&home);
    let _keychain = bus.keychain(&home);
    let driver = Driver::of(bus.joined(home.command(Path::new("tauri-driver"), &screen)));
    starts(&driver, &home, &["First steps"]);
    assert_eq!(fs::read(&key).expect("a key"), before);
    assert!(!home.data().join("master.key.name").exists());
    // Without its key the database is not opened, and no other key is made.
    fs::remove_file(&key).expect("removed");
    let refused =
        "This machine's data cannot be opened: the database is there, but its master key is not";
    starts(&driver, &home, &[refused]);
    assert!(!key.exists() && !home.data().join("master.key.name").exists());
}

#[test]
#[ignore = "a window: make test"]
fn a_keychain_has_the_master_key() {
    let (screen, home) = (Screen::start(), Home::new());
    let bus = Bus::start(&home);
    let keychain = bus.keychain(&home);
    let driver = Driver::of(bus.joined(home.command(Path::new("tauri-driver"), &screen)));
    starts(&driver, &home, &["First steps"]);
    let name = home.data().join("master.key.name");
    assert!(name.exists() && !home.data().join("master.key").exists());
    starts(&driver, &home, &["First steps"]);
    // Without the keychain the database stays shut.
    drop(keychain);
    let outside = Driver::start(&home, &screen);
    starts(
        &outside,
        &home,
        &["the master key lies in this machine's keychain as"],
    );
    assert!(!home.data().join("master.key").exists());
}

#[test]
#[ignore = "a window and a real server: make test"]
fn a_server_is_shown_as_this_machine_is() {
    let (screen, home, site) = (Screen::start(), Home::new(), Site::new());
    let around = Surroundings::around(&site);
    let server = site.serve();
    let doors = Doors {
        http: server.url(""),
        inbound: server.smtp("inbound"),
    };
    site.cli(&["domain", "create", "shop.test"]);
    site.cli(&["mailbox", "create", "kim@shop.test"]);
    let welcome = server.said["welcome"].as_str().expect("a link");
    let (_, token) = welcome.split_once("/#/welcome/").expect("a way in");
    let password = "correct horse battery";
    let welcome = json!({"token": token, "name": "ada", "password": password});
    let reply = http::ask(
        http::client()
            .post(server.url("/console/api/session.welcome"))
            .header("x-posthouse-console", "1")
            .json(&welcome),
    );
    assert_eq!(reply.status, 200, "{reply:?}");
    let driver = Driver::start(&home, &screen);
    let mut about = driver.about(&home, "desktop_remote", &[]);
    about["server"] = json!(server.url(""));
    about["name"] = json!("ada");
    about["password"] = json!(password);
    about["mailbox"] = json!("kim@shop.test");
    walk("desktop_remote", &about, |what, asked| {
        around.answer(&doors, what, asked)
    });
    home.at_rest();
    // Neither the password nor a session stays behind.
    for entry in fs::read_dir(home.data()).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy();
        assert!(!name.ends_with(".secret"), "{name}");
        if path.is_file() {
            let text = fs::read(&path).expect("readable");
            let text = String::from_utf8_lossy(&text);
            assert!(!text.contains(password), "{name}");
        }
    }
}
