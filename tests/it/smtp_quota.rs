//! A mailbox that is full, as whoever brings mail hears of it.

use posthouse_tests::rows::{change, count};
use posthouse_tests::site::Site;
use posthouse_tests::smtp::Client;

#[test]
fn who_brings_too_much_is_told_as_soon_as_it_is_known() {
    let site = Site::new();
    let server = site.serve();
    let mut client = Client::connect(&server.smtp("inbound"));
    client.answer().expect("a greeting");
    client.ask("EHLO client.test");
    let put = |client: &mut Client, to: &[&str], text: &str| {
        client.ask("MAIL FROM:<>");
        for to in to {
            assert_eq!(client.ask(&format!("RCPT TO:<{to}>")), "250 2.1.5 OK");
        }
        client.ask("DATA");
        client.ask(&format!("Subject: hello\r\n\r\n{text}\r\n."))
    };
    assert!(put(&mut client, &["kim@example.test"], "x").starts_with("250 2.0.0 OK "));
    let left = |bytes: u64| {
        let set = format!("UPDATE mailbox SET quota_bytes = bytes + {bytes}");
        change(&site, &set);
    };
    for (bytes, parameter, answer) in [
        (500, "", "250 2.1.5 OK"),
        (500, " SIZE=500", "250 2.1.5 OK"),
        (500, " SIZE=501", "452 4.2.2 The mailbox is full"),
        (0, "", "452 4.2.2 The mailbox is full"),
        (0, " SIZE=0", "452 4.2.2 The mailbox is full"),
    ] {
        left(bytes);
        client.ask(&format!("MAIL FROM:<>{parameter}"));
        let said = client.ask("RCPT TO:<kim@example.test>");
        assert_eq!(said, answer, "{bytes}{parameter}");
        assert_eq!(client.ask("RCPT TO:<lee@example.test>"), "250 2.1.5 OK");
        client.ask("RSET");
    }
    left(500);
    let refused = "552 5.2.2 too large: more than the mailbox holds";
    let long = "x".repeat(501);
    assert_eq!(put(&mut client, &["kim@example.test"], &long), refused);
    assert_eq!(count(&site, "message"), 1);
    assert_eq!(count(&site, "body"), 1);
    let both = ["kim@example.test", "lee@example.test"];
    assert!(put(&mut client, &both, &long).starts_with("250 2.0.0 OK "));
    assert_eq!(count(&site, "message"), 3);
}
