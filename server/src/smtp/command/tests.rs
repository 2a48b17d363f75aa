use super::super::limits::ENVID_BYTES;
use super::*;

fn mail_from(from: &str) -> Command {
    Command::Mail(Mail {
        from: Some(from.to_owned()),
        size_bytes: None,
        charset: Charset::Ascii,
    })
}

#[test]
fn what_is_a_command() {
    let cases = [
        ("EHLO a.test", Command::Ehlo("a.test".into())),
        ("ehlo [IPv6:::1]", Command::Ehlo("[IPv6:::1]".into())),
        ("HeLo my_machine ", Command::Helo("my_machine".into())),
        ("MAIL FROM:<a@b.test>", mail_from("a@b.test")),
        ("mail from: <a@b.test>", mail_from("a@b.test")),
        ("MAIL FROM:<root@localhost>", mail_from("root@localhost")),
        ("MAIL FROM:<a@[192.0.2.1]>", mail_from("a@[192.0.2.1]")),
        (
            "MAIL FROM:<\"a>b c\"@d.test>",
            mail_from("\"a>b c\"@d.test"),
        ),
        (
            "MAIL FROM:<\"a\\\"b\"@d.test>",
            mail_from("\"a\\\"b\"@d.test"),
        ),
        (
            "MAIL FROM:<@x.test,@y.test:a@b.test>",
            mail_from("a@b.test"),
        ),
        (
            "MAIL FROM:<a@b.test> BODY=8bitmime RET=HDRS ENVID=QQ+2B1 AUTH=<>",
            mail_from("a@b.test"),
        ),
        (
            "MAIL FROM:<> size=99999999999999999999 SMTPUTF8",
            Command::Mail(Mail {
                from: None,
                size_bytes: Some(u64::MAX),
                charset: Charset::Utf8,
            }),
        ),
        ("RCPT TO:<Postmaster>", Command::Rcpt("Postmaster".into())),
        (
            "RCPT TO:<ü@b.test> NOTIFY=SUCCESS,delay ORCPT=rfc822;a+40b",
            Command::Rcpt("ü@b.test".into()),
        ),
        (
            "RCPT TO:<a@b.test> ORCPT=utf-8;ü@b.test NOTIFY=NEVER",
            Command::Rcpt("a@b.test".into()),
        ),
    ];
    for (line, command) in cases {
        assert_eq!(parse(line.as_bytes()), Ok(command), "{line}");
    }
}

#[test]
fn what_is_a_command_without_address() {
    let long = format!("NOOP {}", "x".repeat(COMMAND_BYTES - 7));
    let cases = [
        ("DATA ", Command::Data),
        (
            "BDAT 0",
            Command::Bdat(Chunk {
                size_bytes: 0,
                place: Place::Inner,
            }),
        ),
        (
            "bdat 86 last",
            Command::Bdat(Chunk {
                size_bytes: 86,
                place: Place::Last,
            }),
        ),
        ("AUTH plain", Command::Auth("PLAIN".into(), None)),
        (
            "AUTH PLAIN =",
            Command::Auth("PLAIN".into(), Some("=".into())),
        ),
        ("STARTTLS", Command::StartTls),
        ("RSET", Command::Rset),
        ("NOOP whatever", Command::Noop),
        (long.as_str(), Command::Noop),
        ("VRFY kim", Command::Vrfy),
        ("HELP MAIL", Command::Help),
        ("quit", Command::Quit),
    ];
    for (line, command) in cases {
        assert_eq!(parse(line.as_bytes()), Ok(command), "{line}");
    }
}

#[test]
fn what_is_none() {
    let too_long = format!("NOOP {}", "x".repeat(COMMAND_BYTES - 6));
    let long_host = format!("EHLO {}", "x".repeat(HELO_BYTES + 1));
    let cases = [
        ("", Wrong::Unknown),
        ("MAILFROM:<a@b.test>", Wrong::Unknown),
        ("XYZZY", Wrong::Unknown),
        (" NOOP", Wrong::Unknown),
        ("EXPN all", Wrong::NotHere),
        ("POST / HTTP/1.1", Wrong::Http),
        ("Host: a.test", Wrong::Http),
        ("NOOP \u{7}", Wrong::Text),
        ("NOOP \u{9b}", Wrong::Text),
        ("EHLO", Wrong::Form("EHLO host")),
        ("EHLO a b", Wrong::Form("EHLO host")),
        ("EHLO <script>", Wrong::Form("EHLO host")),
        (long_host.as_str(), Wrong::Form("EHLO host")),
        ("DATA now", Wrong::Form("DATA")),
        ("STARTTLS 1", Wrong::Form("STARTTLS")),
        ("QUIT now", Wrong::Form("QUIT")),
        ("BDAT", Wrong::Chunk),
        ("BDAT x", Wrong::Chunk),
        ("BDAT -1", Wrong::Chunk),
        ("BDAT 1 FIRST", Wrong::Chunk),
        ("BDAT 1 LAST LAST", Wrong::Chunk),
        ("AUTH", Wrong::Form("AUTH mechanism [initial-response]")),
        (
            "AUTH PLAIN a b",
            Wrong::Form("AUTH mechanism [initial-response]"),
        ),
        ("VRFY", Wrong::Form("VRFY address")),
        (too_long.as_str(), Wrong::TooLong),
    ];
    for (line, wrong) in cases {
        assert_eq!(parse(line.as_bytes()), Err(wrong), "{line}");
    }
    assert_eq!(parse(b"NOOP \xff"), Err(Wrong::Text));
    let auth = format!("AUTH PLAIN {}", "A".repeat(AUTH_LINE_BYTES));
    assert_eq!(parse(auth.as_bytes()), Err(Wrong::AuthTooLong));
}

#[test]
fn what_is_no_envelope() {
    let long_path = format!("MAIL FROM:<{}@b.test>", "a".repeat(300));
    let long_rcpt = format!("RCPT TO:<a@b.test> {}", " ".repeat(ENVELOPE_LINE_BYTES));
    let long_envid = format!("MAIL FROM:<> ENVID={}", "x".repeat(ENVID_BYTES + 1));
    let mail = Wrong::Form("MAIL FROM:<address> [parameters]");
    let rcpt = Wrong::Form("RCPT TO:<address> [parameters]");
    let cases = [
        ("MAIL a@b.test", mail),
        ("MAIL FROM:a@b.test", mail),
        ("MAIL FROM:<a@b.test", mail),
        ("MAIL FROM:<a@b.test>SIZE=1", mail),
        ("MAIL FROM:<\"a@b.test>", mail),
        ("MAIL TO:<a@b.test>", mail),
        ("MAIL FROM:<a>", Wrong::Sender),
        ("MAIL FROM:<a@>", Wrong::Sender),
        ("MAIL FROM:<@b.test>", Wrong::Sender),
        ("MAIL FROM:<a b@c.test>", Wrong::Sender),
        ("MAIL FROM:<a..b@c.test>", Wrong::Sender),
        ("MAIL FROM:<a@b..test>", Wrong::Sender),
        ("MAIL FROM:<a@[]>", Wrong::Sender),
        ("MAIL FROM:<a@b@c.test>", Wrong::Sender),
        ("MAIL FROM:<\"a\"b@c.test>", Wrong::Sender),
        (long_path.as_str(), Wrong::Sender),
        ("MAIL FROM:<> SIZE=1 SIZE=2", Wrong::Value),
        ("MAIL FROM:<> SIZE", Wrong::Value),
        ("MAIL FROM:<> SIZE=-1", Wrong::Value),
        ("MAIL FROM:<> SIZE=", Wrong::Value),
        ("MAIL FROM:<> SMTPUTF8=yes", Wrong::Value),
        ("MAIL FROM:<> BODY=BINARYMIME", Wrong::Value),
        ("MAIL FROM:<> RET=SOME", Wrong::Value),
        ("MAIL FROM:<> ENVID=a+2", Wrong::Value),
        ("MAIL FROM:<> ENVID=a=b", Wrong::Value),
        (long_envid.as_str(), Wrong::Value),
        ("MAIL FROM:<> X=1", Wrong::Parameter),
        ("MAIL FROM:<> NOTIFY=NEVER", Wrong::Parameter),
        ("RCPT TO:a@b.test", rcpt),
        ("RCPT TO:<>", Wrong::Recipient),
        ("RCPT TO:<kim>", Wrong::Recipient),
        ("RCPT TO:<a@b.test> NOTIFY=NEVER,DELAY", Wrong::Value),
        ("RCPT TO:<a@b.test> NOTIFY=DELAY,DELAY", Wrong::Value),
        ("RCPT TO:<a@b.test> NOTIFY=", Wrong::Value),
        ("RCPT TO:<a@b.test> ORCPT=rfc822", Wrong::Value),
        ("RCPT TO:<a@b.test> ORCPT=rfc822;", Wrong::Value),
        ("RCPT TO:<a@b.test> SIZE=1", Wrong::Parameter),
        (long_rcpt.as_str(), Wrong::TooLong),
    ];
    for (line, wrong) in cases {
        assert_eq!(parse(line.as_bytes()), Err(wrong), "{line}");
    }
}

#[test]
fn a_route_in_a_local_part_is_seen() {
    for routed in [
        "kim%there.test@here.test",
        "there.test!kim@here.test",
        "\"kim@there.test\"@here.test",
        "\"@there.test:kim\"@here.test",
        "=?utf-8?q?kim=40there.test?=@here.test",
    ] {
        assert!(is_routed(routed), "{routed}");
    }
    for plain in [
        "kim@here.test",
        "kim+there.test@here.test",
        "SRS0=hash=tt=there.test=kim@here.test",
        "\"kim there\"@here.test",
        "who?@here.test",
        "a=?b@here.test",
        "postmaster",
    ] {
        assert!(!is_routed(plain), "{plain}");
    }
}
