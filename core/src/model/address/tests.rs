use proptest::prelude::*;

use super::*;

#[test]
fn addresses_that_are_taken() {
    let long_local = "l".repeat(64);
    let cases = [
        ("kim@acme.test", "kim", "acme.test"),
        ("Kim.Lee+tag@ACME.Test", "Kim.Lee+tag", "acme.test"),
        ("!#$%&'*+-/=?^_`{|}~@a.bc", "!#$%&'*+-/=?^_`{|}~", "a.bc"),
        (r#""a b"@acme.test"#, r#""a b""#, "acme.test"),
        (r#""a@b"@acme.test"#, r#""a@b""#, "acme.test"),
        (r#""a\"b\\"@acme.test"#, r#""a\"b\\""#, "acme.test"),
        (r#"""@acme.test"#, r#""""#, "acme.test"),
        ("用户@例子.测试", "用户", "xn--fsqu00a.xn--0zwm56d"),
        ("kim@Bücher.example", "kim", "xn--bcher-kva.example"),
        ("kim@xn--bcher-kva.example", "kim", "xn--bcher-kva.example"),
        (&format!("{long_local}@a.b"), &long_local, "a.b"),
        ("a@1.2.3.x4", "a", "1.2.3.x4"),
    ];
    for (text, local, domain) in cases {
        let address = Address::parse(text).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!((address.local(), address.domain()), (local, domain));
        assert_eq!(address.to_string(), format!("{local}@{domain}"));
    }
}

#[test]
fn addresses_that_are_refused() {
    use AddressError::*;
    let long_local = format!("{}@a.bc", "l".repeat(65));
    let long_whole = format!("{}@{}.test", "l".repeat(64), "d.".repeat(93) + "dddd");
    let huge = "x".repeat(1_000_000);
    let cases = [
        ("", Empty),
        ("kim", MissingAt),
        ("@acme.test", BadLocal),
        ("kim@", BadDomain),
        ("kim@acme", BadDomain),
        ("kim@acme.test.", BadDomain),
        ("kim@.acme.test", BadDomain),
        ("kim@-acme.test", BadDomain),
        ("kim@acme-.test", BadDomain),
        ("kim@a_b.test", BadDomain),
        ("kim@[127.0.0.1]", BadDomain),
        ("kim@127.0.0.1", BadDomain),
        ("kim@xn--zzzzzzz--.test", BadDomain),
        ("kim@acme.test ", BadDomain),
        (" kim@acme.test", BadLocal),
        (".kim@acme.test", BadLocal),
        ("k..m@acme.test", BadLocal),
        ("kim.@acme.test", BadLocal),
        ("k m@acme.test", BadLocal),
        ("k\u{a0}m@acme.test", BadLocal),
        ("a@b@acme.test", BadLocal),
        ("k<m@acme.test", BadLocal),
        ("k,m@acme.test", BadLocal),
        (r#""a"b"@acme.test"#, BadLocal),
        (r#""a\"@acme.test"#, BadLocal),
        (r#""@acme.test"#, BadLocal),
        ("kim\r\n@acme.test", Control),
        ("kim@acme.test\n", Control),
        ("k\0m@acme.test", Control),
        ("\"k\tm\"@acme.test", Control),
        ("k\u{85}m@acme.test", Control),
        (&long_local, TooLong),
        (&long_whole, TooLong),
        (&huge, TooLong),
    ];
    for (text, error) in cases {
        assert_eq!(Address::parse(text), Err(error), "{text:.60?}");
    }
}

#[test]
fn the_key_ignores_case() {
    let key = |text| Address::parse(text).unwrap().key();
    assert_eq!(key("Kim@Acme.test"), key("kIM@acme.TEST"));
    assert_ne!(key("kim@acme.test"), key("kin@acme.test"));
}

#[test]
fn mailboxes_that_are_taken() {
    let cases = [
        ("a@b.cd", None, "a@b.cd"),
        (" <a@b.cd> ", None, "a@b.cd"),
        ("\"\" <a@b.cd>", None, "a@b.cd"),
        ("Kim <a@b.cd>", Some("Kim"), "Kim <a@b.cd>"),
        ("Kim<a@b.cd>", Some("Kim"), "Kim <a@b.cd>"),
        (
            "Kim  Lee <a@b.cd>",
            Some("Kim  Lee"),
            "\"Kim  Lee\" <a@b.cd>",
        ),
        ("Dr. Kim <a@b.cd>", Some("Dr. Kim"), "\"Dr. Kim\" <a@b.cd>"),
        (
            "Kim (EU) <a@b.cd>",
            Some("Kim (EU)"),
            "\"Kim (EU)\" <a@b.cd>",
        ),
        ("O'Brien <a@b.cd>", Some("O'Brien"), "O'Brien <a@b.cd>"),
        ("キム <a@b.cd>", Some("キム"), "キム <a@b.cd>"),
        (
            "\"Lee, Kim\" <a@b.cd>",
            Some("Lee, Kim"),
            "\"Lee, Kim\" <a@b.cd>",
        ),
        (
            r#""a \"b\" \\" <a@b.cd>"#,
            Some(r#"a "b" \"#),
            r#""a \"b\" \\" <a@b.cd>"#,
        ),
        (
            "\"<x@y.z>\" <a@b.cd>",
            Some("<x@y.z>"),
            "\"<x@y.z>\" <a@b.cd>",
        ),
    ];
    for (text, name, shown) in cases {
        let mailbox = Mailbox::parse(text).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(mailbox.name.as_deref(), name, "{text}");
        assert_eq!(mailbox.to_string(), shown);
        assert_eq!(Mailbox::parse(shown), Ok(mailbox));
    }
}

#[test]
fn mailboxes_that_are_refused() {
    use AddressError::*;
    let long_name = format!("{} <a@b.cd>", "n".repeat(999));
    let cases = [
        ("", Empty),
        ("  ", Empty),
        ("<>", Empty),
        ("Kim", MissingAt),
        ("Kim <a@b.cd", BadLocal),
        ("Kim a@b.cd>", Unbalanced),
        ("Kim <a@b.cd> x", BadLocal),
        ("<a@b.cd> <c@d.ef>", BadName),
        ("a@b.cd, c@d.ef", BadLocal),
        ("x, Kim <a@b.cd>", BadName),
        ("\"Kim <a@b.cd>", Unbalanced),
        ("\"Kim\" Lee <a@b.cd>", Unbalanced),
        ("\"Kim\\\" <a@b.cd>", Unbalanced),
        ("Team: a@b.cd;", Group),
        ("Team: Kim <a@b.cd>", Group),
        ("Kim\r\nBcc: <a@b.cd>", Control),
        ("\"Kim\nX\" <a@b.cd>", Control),
        ("Kim\0 <a@b.cd>", Control),
        (&long_name, TooLong),
    ];
    for (text, error) in cases {
        assert_eq!(Mailbox::parse(text), Err(error), "{text:.60?}");
    }
}

#[test]
fn lists() {
    use AddressError::*;
    let texts = |text| {
        parse_list(text).map(|list| list.iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    assert_eq!(texts("a@b.cd").unwrap(), ["a@b.cd"]);
    assert_eq!(
        texts("\"Lee, Kim\" <a@b.cd>,c@d.ef , \"x,y\"@g.hi").unwrap(),
        ["\"Lee, Kim\" <a@b.cd>", "c@d.ef", "\"x,y\"@g.hi"]
    );
    assert_eq!(texts(r#""a\",b" <a@b.cd>, c@d.ef"#).unwrap().len(), 2);
    for (text, error) in [
        ("", Empty),
        ("a@b.cd,", Empty),
        (",a@b.cd", Empty),
        ("a@b.cd,,c@d.ef", Empty),
        ("a@b.cd, nobody", MissingAt),
        ("a@b.cd; c@d.ef", BadLocal),
        ("\"a, b@c.de", Unbalanced),
        ("Team: a@b.cd;", Group),
        ("Team: a@b.cd, c@d.ef;", BadLocal),
    ] {
        assert_eq!(parse_list(text), Err(error), "{text}");
    }
    assert_eq!(
        parse_list(&vec!["a@b.cd"; 1000].join(",")).map(|l| l.len()),
        Ok(1000)
    );
    assert_eq!(parse_list(&vec!["a@b.cd"; 1001].join(",")), Err(TooMany));
}

/// Would take hours were any of it quadratic.
#[test]
fn hostile_lists_take_linear_time() {
    const SIZE: usize = 8 * 1024 * 1024;
    for unit in [
        ",", "\"", "\\\"", "<", ">", "a@", "é", ":", "a@b.cd,", "\"a\" <",
    ] {
        let text = unit.repeat(SIZE / unit.len());
        assert!(parse_list(&text).is_err(), "{unit}");
        assert!(Mailbox::parse(&text).is_err(), "{unit}");
        assert!(DomainName::parse(&text).is_err(), "{unit}");
    }
}

#[test]
fn domain_names() {
    use DomainNameError::*;
    for (text, name) in [
        ("acme.test", "acme.test"),
        ("Mail.ACME.Test", "mail.acme.test"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("a--b.test", "a--b.test"),
        ("1.test", "1.test"),
    ] {
        assert_eq!(DomainName::parse(text).unwrap().as_str(), name);
    }
    let label = format!("{}.test", "l".repeat(64));
    let whole = format!("{}.test", ["l".repeat(63).as_str(); 4].join("."));
    for (text, error) in [
        ("", Empty),
        ("localhost", MissingTopLevel),
        (".", Malformed),
        ("acme.test.", Malformed),
        ("acme..test", Malformed),
        ("-a.test", Malformed),
        ("a_b.test", Malformed),
        ("a b.test", Malformed),
        ("1.2.3.4", Malformed),
        ("[1.2.3.4]", Malformed),
        ("http://acme.test", Malformed),
        ("acme.test/x", Malformed),
        ("acme.test:25", Malformed),
        ("acme.te\0st", Malformed),
        ("xn--\u{e9}.test", Malformed),
        (&label, TooLong),
        (&whole, TooLong),
    ] {
        assert_eq!(DomainName::parse(text), Err(error), "{text}");
    }
}

proptest! {
    #[test]
    fn what_is_parsed_is_what_is_shown(text in "\\PC{0,20}[\"<>@,;:\\\\ a.]{0,12}(a@b\\.cd>?)?") {
        if let Ok(mailbox) = Mailbox::parse(&text) {
            let shown = mailbox.to_string();
            prop_assert!(!shown.chars().any(char::is_control));
            prop_assert_eq!(Mailbox::parse(&shown), Ok(mailbox.clone()));
            prop_assert_eq!(parse_list(&format!("{shown}, {shown}")), Ok(vec![mailbox.clone(), mailbox]));
        }
    }

    #[test]
    fn any_name_is_quoted_so_that_it_stays_a_name(name in "[^\\p{C}]{1,40}") {
        let name = name.trim().to_owned();
        let address = Address::parse("a@b.cd").unwrap();
        let mailbox = Mailbox { name: (!name.is_empty()).then_some(name), address };
        prop_assert_eq!(parse_list(&mailbox.to_string()), Ok(vec![mailbox]));
    }
}
