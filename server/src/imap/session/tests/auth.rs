//! Who may sign in, and how often they may be wrong.

use super::*;

#[test]
fn without_tls_no_password_is_taken() {
    let mut talk = Talk::new(PlainAuth::Refused);
    let greeting = talk.says("", vec![]);
    assert!(greeting.contains("STARTTLS LOGINDISABLED"), "{greeting}");
    assert!(!greeting.contains("AUTH=PLAIN"), "{greeting}");
    let no = "[PRIVACYREQUIRED] Not without TLS\r\n";
    assert_eq!(
        talk.says("a LOGIN kim secret", vec![]),
        format!("a NO {no}")
    );
    assert_eq!(
        talk.says("b AUTHENTICATE PLAIN", vec![]),
        format!("b NO {no}")
    );
    assert_eq!(
        talk.says("c STARTTLS", vec![]),
        "c OK Begin TLS now\r\n<TLS>"
    );
    talk.session.secured();
    let told = talk.says("d CAPABILITY", vec![]);
    assert!(
        told.contains("AUTH=PLAIN") && !told.contains("STARTTLS"),
        "{told}"
    );
    assert_eq!(
        talk.says("e STARTTLS", vec![]),
        "e BAD There is no such command here\r\n"
    );
    let told = talk.says("f LOGIN kim secret", vec![Answer::Done]);
    assert!(
        told.starts_with("f OK [CAPABILITY IMAP4rev1 IMAP4rev2 "),
        "{told}"
    );
    assert!(!told.contains("AUTH="), "{told}");
}

#[test]
fn three_wrong_passwords_are_the_end() {
    let mut talk = Talk::new(PlainAuth::Allowed);
    talk.says("", vec![]);
    let wrong = || vec![Answer::No(words::wrong_password())];
    let no = "a NO [AUTHENTICATIONFAILED] Name or password is wrong\r\n";
    assert_eq!(talk.says("a LOGIN kim x", wrong()), no);
    assert_eq!(talk.says("a LOGIN kim y", wrong()), no);
    let last = talk.says("a LOGIN kim z", wrong());
    assert_eq!(last, format!("{no}* BYE Too many failed sign-ins\r\n<end>"));
    assert_eq!(talk.session.wants(), Wants::Nothing);
}
