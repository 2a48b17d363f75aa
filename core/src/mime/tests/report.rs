use proptest::prelude::*;

use crate::limits::REPORTED_RECIPIENTS;
use crate::mime::report::{Report, report};

fn recipients(raw: &str) -> Vec<String> {
    match report(raw.as_bytes()) {
        Some(Report::Delivery(found)) => found
            .recipients
            .into_iter()
            .map(|one| one.address)
            .collect(),
        Some(Report::Complaint(_)) | None => Vec::new(),
    }
}

fn status_of(fields: &str) -> String {
    format!(
        "Content-Type: multipart/report; boundary=d\n\n--d\n\nnotice\n\
         --d\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.test\n\n{fields}\n--d--\n"
    )
}

#[test]
fn the_address_that_was_sent_to_is_told() {
    for (fields, expected) in [
        (
            "Final-Recipient: rfc822; a@B.Test\nAction: failed",
            "a@b.test",
        ),
        (
            "Final-Recipient: rfc822; a@b.test\nOriginal-Recipient: rfc822;c@d.test\nAction: failed",
            "c@d.test",
        ),
        (
            "Final-Recipient: rfc822; a@b.test\nOriginal-Recipient: rfc822;\nAction: failed",
            "a@b.test",
        ),
        ("Final-Recipient: <a@b.test>\nStatus: 5.0.0", "a@b.test"),
    ] {
        assert_eq!(recipients(&status_of(fields)), [expected], "{fields}");
    }
    for nobody in [
        "Action: failed",
        "Final-Recipient: rfc822; nobody\nAction: failed",
        "Final-Recipient: rfc822; a b@c.test\nAction: failed",
        "Final-Recipient: rfc822; a@b.test",
        "Final-Recipient: rfc822; a@b.test\nStatus: 9.1.1",
        "Final-Recipient: rfc822; a@b.test\nStatus: 550",
    ] {
        assert_eq!(report(status_of(nobody).as_bytes()), None, "{nobody}");
    }
}

#[test]
fn only_some_of_very_many_are_told() {
    let fields = "Final-Recipient: rfc822; a@b.test\nAction: failed\n\n".repeat(10_000);
    assert_eq!(recipients(&status_of(&fields)).len(), REPORTED_RECIPIENTS);
    let notice = "From: mailer-daemon@b.test\n\nundeliverable:\n";
    let odd = format!("{notice}{}", "<a@b.test>: no\n".repeat(100_000));
    assert_eq!(recipients(&odd).len(), REPORTED_RECIPIENTS);
    let list = "a@b.test, ".repeat(10_000);
    let failed = format!("X-Failed-Recipients: {list}\n\n");
    assert_eq!(recipients(&failed).len(), REPORTED_RECIPIENTS);
}

#[test]
fn a_guess_needs_a_machine_and_its_words() {
    let text = "undeliverable\n<a@b.test>: 550 no";
    for (from, subject, text, is_one) in [
        ("mailer-daemon@x.test", "", text, true),
        (
            "MAILER-DAEMON@x.test",
            "Undelivered mail",
            "<a@b.test>: no",
            true,
        ),
        ("kim@x.test", "Undelivered mail", text, false),
        (
            "postmaster@x.test",
            "Hello",
            "<a@b.test>: how are you",
            false,
        ),
        ("postmaster@x.test", "", "undeliverable\nnobody", false),
        (
            "postmaster@x.test",
            "",
            "undeliverable: postmaster@x.test me@x.test",
            false,
        ),
    ] {
        let raw = format!("From: {from}\nTo: me@x.test\nSubject: {subject}\n\n{text}\n");
        assert_eq!(report(raw.as_bytes()).is_some(), is_one, "{raw}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read(raw in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = report(&raw);
    }

    #[test]
    fn any_notice_is_read(text in "(From: mailer-daemon@x.test\n|X-Failed-Recipients: |Final-Recipient: rfc822;|Action: failed\n|Status: |Content-Type: (multipart/report; boundary=d|message/delivery-status|message/feedback-report|text/html)\n|--d\n|\n\n|undeliverable|5\\.1\\.1|<a@b.test>|a@b.test|:|--- Below this line is a copy of the message|Received:|\\PC){0,50}") {
        let _ = report(text.as_bytes());
    }
}
