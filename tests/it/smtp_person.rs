//! A person sends with the password of their mailbox.

use posthouse_tests::site::Site;
use posthouse_tests::smtp::Client;

use super::imap_dialogue::mailbox;

const KIM: &str = "kim@example.test";

/// What is said to a message from this sender, by who shows this password.
fn sent(address: &str, authority: &std::path::Path, password: &str, from: &str) -> String {
    use base64::Engine as _;
    let shown = format!("\0{KIM}\0{password}");
    let shown = base64::engine::general_purpose::STANDARD.encode(shown);
    let mut client = Client::connect(address);
    client.answer();
    client.ask("EHLO laptop.test");
    client.ask("STARTTLS");
    client.handshake(authority);
    client.ask("EHLO laptop.test");
    let signed_in = client.ask(&format!("AUTH PLAIN {shown}"));
    if !signed_in.starts_with("235 ") {
        return signed_in;
    }
    client.ask(&format!("MAIL FROM:<{KIM}>"));
    client.ask("RCPT TO:<lee@customer.example>");
    client.ask("DATA");
    client.ask(&format!(
        "From: {from}\r\nMessage-ID: <own@laptop.test>\r\nX-Own: kept\r\n\r\nHello.\r\n."
    ))
}

#[test]
#[ignore = "runs the binary for long: make test"]
fn a_person_sends_as_themself_and_as_nobody_else() {
    let site = Site::new();
    let server = site.serve();
    let password = mailbox(&site, KIM);
    site.cli(&["mailbox", "set", KIM, "--keep-sent", "on"]);
    let (address, authority) = (server.smtp("submission"), server.smtp_authority());
    let said = |password: &str, from: &str| sent(&address, &authority, password, from);
    let taken = said(&password, "Kim <Kim+work@example.test>");
    assert!(taken.starts_with("250 2.0.0 OK"), "{taken}");
    let refused = said(&password, "boss@example.test");
    let words = "550 5.7.1 From and Sender have to be kim@example.test, which you signed in with";
    assert_eq!(refused, words);
    let wrong = said("not the password", KIM);
    assert!(wrong.starts_with("535 5.7.8 "), "{wrong}");
    site.cli(&["mailbox", "suspend", KIM]);
    let shut = said(&password, KIM);
    assert!(shut.starts_with("535 5.7.13 "), "{shut}");
    site.cli(&["mailbox", "resume", KIM]);
    let listed = site.cli(&["email", "list"]);
    assert_eq!(listed.as_array().map(Vec::len), Some(1), "{listed}");
    let to = site.file("copy").display().to_string();
    site.cli(&["mailbox", "export", KIM, &to, "--format", "mbox"]);
    let copy = std::fs::read_to_string(site.file("copy").join("Sent.mbox")).expect("a copy");
    for kept in [
        "\nX-Own: kept\n",
        "\nMessage-ID: <own@laptop.test>\n",
        "\nStatus: RO\n",
    ] {
        assert!(copy.contains(kept), "{copy}");
    }
}
