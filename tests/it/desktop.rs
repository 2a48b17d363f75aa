//! The desktop app, on a screen of its own, with real servers around it.

use std::cell::RefCell;

use posthouse_tests::desktop::{Driver, Home, Screen};
use posthouse_tests::journey::walk;
use posthouse_tests::surroundings::{Doors, Surroundings};
use serde_json::{Value, json};

#[test]
#[ignore = "a window and real servers: make test"]
fn the_first_five_minutes_in_the_app() {
    let (screen, home) = (Screen::start(), Home::new());
    let around = Surroundings::about(|toml| home.configure(toml));
    let driver = Driver::start(&home, &screen);
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
}
