use super::super::notification::{FailureReport, failure_report, wants_no_report};
use crate::limits::HEADER_BYTES;
use crate::model::address::Mailbox;

fn report(raw: &[u8], recipient: &str) -> String {
    let report = FailureReport {
        from: Mailbox::parse("Mail Delivery System <postmaster@d.test>").unwrap(),
        to: Mailbox::parse("ann@far.test").unwrap(),
        host: "h.test",
        recipient,
        status: "5.4.7",
        words: "It was tried 5 times.",
        raw,
        arrived_ms: 1_700_000_000_000,
        message_id: "r@h.test",
        date_ms: 1_700_000_600_000,
    };
    String::from_utf8(failure_report(&report, 7).unwrap()).unwrap()
}

#[test]
fn a_report_says_what_failed_to_people_and_to_machines() {
    let raw = b"Subject: Hi\nMessage-ID: <1@far.test>\n\nsecret text\n";
    let expected = concat!(
        "From: Mail Delivery System <postmaster@d.test>\r\nTo: ann@far.test\r\n",
        "Subject: Your mail could not be delivered\r\nMessage-ID: <r@h.test>\r\n",
        "In-Reply-To: <1@far.test>\r\nDate: Tue, 14 Nov 2023 22:23:20 +0000\r\n",
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n",
        "Content-Type: multipart/report; report-type=delivery-status;\r\n",
        " boundary=\"=_0000000000000007_report\"\r\n\r\n",
        "--=_0000000000000007_report\r\n",
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n",
        "This is h.test. Your mail to kim@d.test could not be delivered.\r\n\r\n",
        "It was tried 5 times.\r\n\r\nThe header of your mail is below.\r\n\r\n",
        "--=_0000000000000007_report\r\n",
        "Content-Type: message/delivery-status\r\nContent-Transfer-Encoding: 7bit\r\n\r\n",
        "Reporting-MTA: dns; h.test\r\nArrival-Date: Tue, 14 Nov 2023 22:13:20 +0000\r\n\r\n",
        "Final-Recipient: rfc822; kim@d.test\r\nAction: failed\r\nStatus: 5.4.7\r\n\r\n",
        "--=_0000000000000007_report\r\n",
        "Content-Type: text/rfc822-headers\r\nContent-Transfer-Encoding: 7bit\r\n\r\n",
        "Subject: Hi\r\nMessage-ID: <1@far.test>\r\n\r\n\r\n",
        "--=_0000000000000007_report--\r\n",
    );
    assert_eq!(report(raw, "kim@d.test"), expected);
}

#[test]
fn what_is_not_ascii_is_written_so_that_it_arrives() {
    let report = report("Subject: Grüße\n\n".as_bytes(), "jörg@d.test");
    assert!(report.is_ascii());
    assert!(report.contains("Final-Recipient: utf-8; j\\x{F6}rg@d.test\r\n"));
    assert!(report.contains("Subject: Gr=C3=BC=C3=9Fe"));
}

#[test]
fn long_lines_stay_as_they_are_up_to_what_may_be_sent() {
    for (length, kept) in [(77, true), (998, true), (999, false), (5000, false)] {
        let line = format!("X: {}", "x".repeat(length - 3));
        let report = report(format!("{line}\n\n").as_bytes(), "kim@d.test");
        assert_eq!(
            report.contains(&format!("\r\n{line}\r\n")),
            kept,
            "{length}"
        );
        assert!(report.split("\r\n").all(|line| line.len() <= 998));
        assert_eq!(report.contains("quoted-printable"), !kept);
    }
}

#[test]
fn of_a_header_that_is_too_long_the_first_lines_are_shown() {
    let line = format!("X-Long: {}\r\n", "x".repeat(90));
    let raw = line.repeat(HEADER_BYTES / line.len() + 5) + "\r\nsecret text";
    let report = report(raw.as_bytes(), "kim@d.test");
    assert_eq!(report.matches(&line).count(), HEADER_BYTES / line.len());
    assert!(!report.contains("secret"));
}

#[test]
fn machines_and_lists_get_no_report() {
    for (field, no_report) in [
        ("Subject: x", false),
        ("Auto-Submitted: no", false),
        ("Auto-Submitted: No; really", false),
        ("Auto-Submitted: auto-replied", true),
        ("AUTO-SUBMITTED: auto-generated; x=y", true),
        ("Precedence: Bulk", true),
        ("Precedence: first-class", false),
        ("List-Id: <l.far.test>", true),
        ("X-Auto-Response-Suppress: DR, OOF", true),
    ] {
        let raw = format!("From: a@far.test\r\n{field}\r\n\r\nx");
        assert_eq!(wants_no_report(raw.as_bytes()), no_report, "{field}");
    }
}
