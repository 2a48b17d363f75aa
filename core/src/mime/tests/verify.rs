//! Signatures that others made: those of RFC 6376 and of RFC 8463, and dkimpy's.

use std::net::IpAddr;

use crate::mime::verify::{
    Answer, Answers, Asked, Check, Claim, Finding, Question, Signed, field, trimmed,
};
use crate::model::trace::AuthResult;

const RFC8463: &str = include_str!("origin/rfc8463.eml");
const RFC6376: &str = include_str!("origin/rfc6376.eml");
/// Sealed twice by dkimpy 1.1.8, by list.test and by alumni.test, whose records are beside it.
const ARC_TWICE: &str = include_str!("origin/arc_twice.eml");
const ARC_TWICE_KEYS: &str = include_str!("origin/arc_twice_keys.txt");
const BLANK_END: &str = include_str!("origin/blank_end.eml");
const BLANK_END_SIMPLE: &str = include_str!("origin/blank_end_simple.eml");
const ARC: &str = include_str!("origin/arc.eml");
const KEY: &str = include_str!("origin/key.txt");

const ED25519: &str = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
const RSA: &str = "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB";

const RFC6376_KEY: &str = "v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB";

const PEER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 7));

/// A zone: names with their texts; `name A address` for an address.
type Zone<'a> = &'a [(&'a str, &'a str)];

fn answer(zone: Zone<'_>, question: &Question) -> Answer {
    let all = |name: &str| -> Vec<String> {
        let here = zone.iter().filter(|(host, _)| *host == name);
        here.map(|(_, text)| (*text).to_owned()).collect()
    };
    let some = |found: Vec<String>, make: fn(Vec<String>) -> Answer| match found.as_slice() {
        [] => Answer::Absent,
        [one] if one == "?" => Answer::Unsure,
        _ => make(found),
    };
    match question {
        Question::Texts(name) => some(all(name), Answer::Texts),
        Question::Exchangers(name) => some(all(&format!("MX {name}")), Answer::Exchangers),
        Question::Addresses(name) => some(all(&format!("A {name}")), |found| {
            Answer::Addresses(found.iter().map(|one| one.parse().unwrap()).collect())
        }),
    }
}

fn checked(claim: Claim<'_>, zone: Zone<'_>) -> Finding {
    let trimmed = trimmed(claim.raw);
    let check = Check::new(claim, trimmed.as_deref());
    let mut answers = Answers::default();
    loop {
        match check.with(&answers) {
            Ok(finding) => return finding,
            Err(wanted) => {
                for question in wanted {
                    let answer = answer(zone, &question);
                    answers.add(question, answer);
                }
            }
        }
    }
}

fn claim<'a>(raw: &'a [u8], from: Option<&'a str>) -> Claim<'a> {
    Claim {
        remote: PEER,
        helo: "mx.far.test",
        from,
        host: "h.test",
        raw,
    }
}

fn crlf(text: &str) -> Vec<u8> {
    text.replace('\n', "\r\n").into_bytes()
}

fn of(text: &str, zone: Zone<'_>) -> Finding {
    checked(claim(&crlf(text), Some("ann@far.test")), zone)
}

fn spf(record: &str, more: Zone<'_>) -> AuthResult {
    let zone: Vec<_> = std::iter::once(("far.test", record))
        .chain(more.iter().copied())
        .collect();
    of("From: ann@far.test\n\nHi\n", &zone).verdicts.spf
}

fn signed(result: AuthResult, domain: &str, selector: &str) -> Signed {
    Signed {
        result,
        by: Some((domain.to_owned(), selector.to_owned())),
    }
}

/// RFC 8463 appendix A: one message, both of its signatures.
#[test]
fn the_example_of_rfc_8463_passes() {
    let zone = [
        ("brisbane._domainkey.football.example.com", ED25519),
        ("test._domainkey.football.example.com", RSA),
        ("_dmarc.football.example.com", "v=DMARC1; p=reject"),
    ];
    let finding = of(RFC8463, &zone);
    let domain = "football.example.com";
    assert_eq!(
        finding.signatures,
        [
            signed(AuthResult::Pass, domain, "brisbane"),
            signed(AuthResult::Pass, domain, "test")
        ]
    );
    assert_eq!(finding.verdicts.dkim, AuthResult::Pass);
    assert_eq!(finding.verdicts.dmarc, AuthResult::Pass);
    assert_eq!(finding.author.as_deref(), Some(domain));
}

/// RFC 6376 appendix A.2, with the key of its appendix C. Both sides of it are simple, so a
/// changed blank is a changed message.
#[test]
fn the_example_of_rfc_6376_passes() {
    let zone = [("brisbane._domainkey.example.com", RFC6376_KEY)];
    let dkim = |text: &str| of(text, &zone).signatures;
    let expected = |result| [signed(result, "example.com", "brisbane")];
    assert_eq!(dkim(RFC6376), expected(AuthResult::Pass));
    for (from, to) in [
        ("game. Are", "game.  Are"),
        ("Subject: Is", "Subject:  Is"),
        ("[192.0.2.1]", "[192.0.2.2]"),
    ] {
        assert!(RFC6376.contains(from));
        let changed = RFC6376.replace(from, to);
        assert_eq!(dkim(&changed), expected(AuthResult::Fail), "{from}");
    }
}

#[test]
fn what_was_changed_on_the_way_fails() {
    let zone = [
        ("brisbane._domainkey.football.example.com", ED25519),
        ("test._domainkey.football.example.com", RSA),
        ("_dmarc.football.example.com", "v=DMARC1; p=reject"),
    ];
    for (from, to) in [
        ("Joe.\n", "Jim.\n"),
        ("dinner ready", "dinner  late"),
        ("From: Joe", "From: Jim <j@football.example.com>\nFrom: Joe"),
    ] {
        assert!(RFC8463.contains(from));
        let finding = of(&RFC8463.replace(from, to), &zone);
        assert_eq!(finding.verdicts.dkim, AuthResult::Fail, "{from}");
        assert_eq!(finding.verdicts.dmarc, AuthResult::Fail, "{from}");
        assert_eq!(finding.asked, Asked::Reject, "{from}");
    }
}

#[test]
fn what_dns_does_not_tell_is_unknown_and_what_is_not_there_is_no_signature() {
    let unsure = [
        ("brisbane._domainkey.football.example.com", "?"),
        ("test._domainkey.football.example.com", "?"),
        ("_dmarc.football.example.com", "v=DMARC1; p=reject"),
    ];
    let finding = of(RFC8463, &unsure);
    assert_eq!(finding.verdicts.dkim, AuthResult::TempError);
    assert_eq!(finding.verdicts.dmarc, AuthResult::TempError);
    let finding = of(RFC8463, &[]);
    assert_eq!(finding.verdicts.dkim, AuthResult::PermError);
    assert_eq!(finding.verdicts.dmarc, AuthResult::None);
}

/// dkimpy made these and takes them; mail-auth 0.13.3 alone refuses the first.
#[test]
fn lines_of_blanks_at_the_end_do_not_matter_to_a_relaxed_signature() {
    let zone = [("s1._domainkey.far.test", KEY.trim_end())];
    let dkim = |text: &str| of(text, &zone).verdicts.dkim;
    assert_eq!(dkim(BLANK_END), AuthResult::Pass);
    assert_eq!(dkim(&format!("{BLANK_END} \n\t\n")), AuthResult::Pass);
    assert_eq!(dkim(&format!("{BLANK_END}x\n")), AuthResult::Fail);
    assert_eq!(dkim(BLANK_END_SIMPLE), AuthResult::Pass);
    // They are content where the body is taken as it is.
    let more = format!("{BLANK_END_SIMPLE} \n");
    assert_eq!(dkim(&more), AuthResult::Fail);
}

/// dkimpy sealed this.
#[test]
fn a_chain_is_followed_to_its_end() {
    let zone = [("s1._domainkey.far.test", KEY.trim_end())];
    let finding = of(ARC, &zone);
    assert_eq!(finding.verdicts.arc, AuthResult::Pass);
    assert_eq!(finding.verdicts.dkim, AuthResult::Pass);
    let changed = ARC.replace("Hello Kim", "Hello Tim");
    let finding = of(&changed, &zone);
    assert_eq!(finding.verdicts.arc, AuthResult::Fail);
    assert_eq!(
        of("From: a@b.test\n\nHi\n", &[]).verdicts.arc,
        AuthResult::None
    );
}

/// Two sets, and what becomes of them where something is changed, missing or not known.
#[test]
fn each_seal_of_a_chain_counts() {
    let (list, alumni) = ARC_TWICE_KEYS.trim_end().split_once('\n').unwrap();
    let (first, second) = ("s1._domainkey.list.test", "s1._domainkey.alumni.test");
    let arc = |text: &str, zone: Zone<'_>| of(text, zone).verdicts.arc;
    let zone = [(first, list), (second, alumni)];
    assert_eq!(arc(ARC_TWICE, &zone), AuthResult::Pass);
    for (from, to) in [
        ("We begin at seven", "We begin at eight"),
        ("From: Ann", "From: Eve"),
        ("i=2; cv=pass", "i=2; cv=fail"),
        ("i=2; cv=pass", "i=2; cv=none"),
        ("ARC-Seal: i=1; cv=none", "ARC-Seal: i=3; cv=none"),
        ("ARC-Seal: i=1; cv=none", "ARC-Seal: i=1; cv=pass"),
        ("t=1795168860;\n b=avIo", "t=1795168861;\n b=avIo"),
        ("t=1795168800;\n b=BU3s", "t=1795168801;\n b=BU3s"),
        ("ARC-Authentication-Results: i=1;", "X-Was: i=1;"),
        ("i=1; list.test;\n spf=pass", "i=1; list.test;\n spf=fail"),
        ("b=BU3srw", "b=BU3srx"),
        ("b=f74hss", "b=f74hst"),
    ] {
        assert!(ARC_TWICE.contains(from), "{from}");
        let changed = ARC_TWICE.replace(from, to);
        assert_eq!(arc(&changed, &zone), AuthResult::Fail, "{from}");
    }
    let swapped = [(first, alumni), (second, list)];
    assert_eq!(arc(ARC_TWICE, &swapped), AuthResult::Fail);
    for (name, record) in zone {
        assert_eq!(arc(ARC_TWICE, &[(name, record)]), AuthResult::PermError);
        let unsure = [(first, "?"), (second, "?")].map(|(host, text)| match host == name {
            true => (host, record),
            false => (host, text),
        });
        assert_eq!(arc(ARC_TWICE, &unsure), AuthResult::TempError);
    }
}

/// RFC 7208 sections 4.6.4, 5 and 6.
#[test]
fn spf_says_who_may_send() {
    use AuthResult as R;
    let none: Zone<'_> = &[];
    let cases: &[(&str, Zone<'_>, R)] = &[
        ("v=spf1 ip4:192.0.2.0/24 -all", none, R::Pass),
        ("v=spf1 ip4:198.51.100.0/24 -all", none, R::Fail),
        ("v=spf1 ~all", none, R::SoftFail),
        ("v=spf1 ?all", none, R::Neutral),
        ("v=spf1", none, R::Neutral),
        ("v=spf2 -all", none, R::None),
        ("v=spf1 nonsense:x", none, R::PermError),
        ("v=spf1 a -all", &[("A far.test", "192.0.2.7")], R::Pass),
        ("v=spf1 a -all", &[("A far.test", "192.0.2.8")], R::Fail),
        ("v=spf1 a -all", &[("A far.test", "?")], R::TempError),
        (
            "v=spf1 mx -all",
            &[("MX far.test", "m.far.test"), ("A m.far.test", "192.0.2.7")],
            R::Pass,
        ),
        (
            "v=spf1 include:b.test -all",
            &[("b.test", "v=spf1 ip4:192.0.2.7 -all")],
            R::Pass,
        ),
        (
            "v=spf1 include:b.test -all",
            &[("b.test", "v=spf1 -all")],
            R::Fail,
        ),
        ("v=spf1 include:b.test -all", none, R::PermError),
        (
            "v=spf1 include:b.test -all",
            &[("b.test", "?")],
            R::TempError,
        ),
        (
            "v=spf1 redirect=b.test",
            &[("b.test", "v=spf1 +all")],
            R::Pass,
        ),
        (
            "v=spf1 exists:%{i}.b.test -all",
            &[("A 192.0.2.7.b.test", "127.0.0.2")],
            R::Pass,
        ),
        ("v=spf1 exists:%{i}.b.test -all", none, R::Fail),
        (
            "v=spf1 -exists:%{ir}.b.test. ~all",
            &[("A 7.2.0.192.b.test", "127.0.0.2")],
            R::Fail,
        ),
        ("v=spf1 ptr -all", none, R::Fail),
        ("v=spf1 +all", &[("far.test", "v=spf1 -all")], R::PermError),
        ("v=spf1 include:far.test", none, R::PermError),
    ];
    for (record, zone, expected) in cases {
        assert_eq!(spf(record, zone), *expected, "{record}");
    }
}

#[test]
fn a_null_sender_is_known_by_what_it_called_itself() {
    let raw = crlf("From: a@mx.far.test\n\nHi\n");
    let zone = [
        ("mx.far.test", "v=spf1 ip4:192.0.2.7 -all"),
        ("_dmarc.mx.far.test", "v=DMARC1; p=none"),
    ];
    let claim = claim(&raw, None);
    let finding = checked(claim, &zone);
    assert_eq!(finding.verdicts.spf, AuthResult::Pass);
    assert_eq!(finding.verdicts.dmarc, AuthResult::Pass);
    assert_eq!(
        field(&claim, &finding),
        "Authentication-Results: h.test;\r\n\tspf=pass smtp.helo=mx.far.test;\r\n\tdkim=none;\r\n\
         \tdmarc=pass header.from=mx.far.test;\r\n\tarc=none\r\n"
    );
}

/// RFC 9989 sections 4.7 and 5.3.
#[test]
fn a_domain_asks_for_what_becomes_of_mail_in_its_name() {
    let asked = |record: &str, from: &str| {
        let zone = [("_dmarc.far.test", record)];
        let finding = of(&format!("From: {from}\n\nHi\n"), &zone);
        (finding.verdicts.dmarc, finding.asked)
    };
    use AuthResult as R;
    for (record, from, expected) in [
        ("v=DMARC1; p=reject", "a@far.test", (R::Fail, Asked::Reject)),
        (
            "v=DMARC1; p=quarantine",
            "a@far.test",
            (R::Fail, Asked::Quarantine),
        ),
        ("v=DMARC1; p=none", "a@far.test", (R::Fail, Asked::Nothing)),
        (
            "v=DMARC1; p=reject; sp=none",
            "a@x.far.test",
            (R::Fail, Asked::Nothing),
        ),
        (
            "v=DMARC1; p=reject; t=y",
            "a@far.test",
            (R::Fail, Asked::Quarantine),
        ),
        ("v=spf1 -all", "a@far.test", (R::None, Asked::Nothing)),
        ("?", "a@far.test", (R::TempError, Asked::Nothing)),
    ] {
        assert_eq!(asked(record, from), expected, "{record} {from}");
    }
}

/// What a peer says of itself never becomes more of the field than a host name.
#[test]
fn a_peer_writes_no_results_of_its_own() {
    let raw = crlf("From: a@far.test\n\nHi\n");
    let claim = Claim {
        helo: "x; dkim=pass",
        ..claim(&raw, Some("\"a;b\"@far.test\r\n; spf=pass"))
    };
    let text = field(&claim, &checked(claim, &[]));
    assert!(
        text.starts_with("Authentication-Results: h.test;\r\n\tspf=none;\r\n\tdkim=none;"),
        "{text}"
    );
}
