use proptest::prelude::*;
use uuid::Uuid;

use crate::limits::{PUBLIC_URL_BYTES, TRACKED_URL_BYTES};
use crate::mime::links::{LinkKey, PublicUrl, Target, Ticket};

const TICKET: Ticket = Ticket {
    email: Uuid::from_u128(0x0190_1234_5678_7abc_8def_0011_2233_4455),
    recipient: 258,
};

fn key() -> LinkKey {
    LinkKey::new(&[7; 32])
}

fn base() -> PublicUrl {
    PublicUrl::parse("https://mail.example.com").unwrap()
}

fn target(text: &str) -> Target {
    Target::parse(text).unwrap()
}

/// The token of a URL made at [`base`].
fn token(url: &str) -> &str {
    let rest = url.strip_prefix("https://mail.example.com/t/").unwrap();
    rest[2..].split(['.', '?']).next().unwrap()
}

/// The tags were worked out with Python's hmac.
#[test]
fn a_link_is_exactly_this() {
    let to = target("https://shop.example/a?b=c&d=e%20f#g");
    assert_eq!(
        key().open(&base(), &TICKET),
        "https://mail.example.com/t/o/AZASNFZ4eryN7wARIjNEVQECZPEE-INM-C8_3bR0bFtM3w.gif"
    );
    assert_eq!(
        key().click(&base(), &TICKET, &to),
        "https://mail.example.com/t/c/AZASNFZ4eryN7wARIjNEVQEC5XwtIgBvyJOtwrm_ghw00Q\
         ?to=https%3A%2F%2Fshop.example%2Fa%3Fb%3Dc%26d%3De%2520f%23g"
    );
    assert_eq!(
        key().unsubscribe(&base(), &TICKET),
        "https://mail.example.com/t/u/AZASNFZ4eryN7wARIjNEVQEC43GrlKeuJuf6629cMULKug"
    );
}

#[test]
fn a_token_is_for_one_purpose_one_key_and_one_target() {
    let (here, there) = (
        target("https://shop.example/"),
        target("https://shop.example"),
    );
    let (open, click, unsubscribe) = (
        key().open(&base(), &TICKET),
        key().click(&base(), &TICKET, &here),
        key().unsubscribe(&base(), &TICKET),
    );
    let (open, click, unsubscribe) = (token(&open), token(&click), token(&unsubscribe));
    assert_eq!(key().opened(open), Some(TICKET));
    assert_eq!(key().clicked(click, &here), Some(TICKET));
    assert_eq!(key().unsubscribing(unsubscribe), Some(TICKET));
    for other in [click, unsubscribe] {
        assert_eq!(key().opened(other), None);
    }
    for other in [open, click] {
        assert_eq!(key().unsubscribing(other), None);
    }
    for other in [open, unsubscribe] {
        assert_eq!(key().clicked(other, &here), None);
    }
    assert_eq!(key().clicked(click, &there), None, "not even a slash");
    let foreign = LinkKey::new(&[8; 32]);
    assert_eq!(foreign.opened(open), None);
    assert_eq!(foreign.clicked(click, &here), None);
    assert_eq!(foreign.unsubscribing(unsubscribe), None);
}

#[test]
fn every_changed_byte_of_a_token_is_refused() {
    let to = target("https://shop.example/");
    let url = key().click(&base(), &TICKET, &to);
    let good = token(&url);
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=. \0";
    for at in 0..good.len() {
        for &byte in alphabet {
            let mut changed = good.as_bytes().to_vec();
            if changed[at] == byte {
                continue;
            }
            changed[at] = byte;
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(key().clicked(&changed, &to), None, "{changed}");
        }
    }
    for wrong in [
        "",
        &good[1..],
        &good[..good.len() - 1],
        &good[..24],
        &format!("{good}A"),
        &format!("{good}=="),
        &good.repeat(2),
        &"A".repeat(100_000),
    ] {
        assert_eq!(key().clicked(wrong, &to), None, "{wrong}");
    }
}

#[test]
fn only_the_web_is_a_target() {
    for (text, expected) in [
        ("https://shop.example", Some("https://shop.example")),
        ("HTTPS://Shop.example/A", Some("HTTPS://Shop.example/A")),
        ("http://127.0.0.1:8080/x", Some("http://127.0.0.1:8080/x")),
        ("http://[::1]/", Some("http://[::1]/")),
        (" https://shop.example/\n", Some("https://shop.example/")),
        (
            "https://shop.example/a b",
            Some("https://shop.example/a%20b"),
        ),
        ("https://shop.example/\tab", Some("https://shop.example/ab")),
        (
            "https://bücher.example/ü",
            Some("https://xn--bcher-kva.example/%C3%BC"),
        ),
        (
            "https://shop.example/?a=1&b='\"<>|\\^`{}",
            Some("https://shop.example/?a=1&b='\"<>|\\^`{}"),
        ),
        ("", None),
        ("shop.example", None),
        ("//shop.example/", None),
        ("/t/c/", None),
        ("#top", None),
        ("mailto:kim@shop.example", None),
        ("tel:+49", None),
        ("sms:+49", None),
        ("cid:logo", None),
        ("data:text/html,x", None),
        ("ftp://shop.example/", None),
        ("javascript:alert(1)", None),
        ("java\nscript://shop.example/", None),
        ("https:shop.example", None),
        ("https:/shop.example", None),
        ("https:\\\\shop.example", None),
        ("https://", None),
        ("https://a b/", None),
        ("https://shop.example:99999/", None),
        ("ht\ntps://shop.example/", None),
    ] {
        let found = Target::parse(text);
        assert_eq!(found.as_ref().map(Target::as_str), expected, "{text:?}");
    }
    let long = |bytes: usize| format!("https://shop.example/{}", "a".repeat(bytes - 21));
    assert!(Target::parse(&long(TRACKED_URL_BYTES)).is_some());
    assert!(Target::parse(&long(TRACKED_URL_BYTES + 1)).is_none());
    let wide = format!("https://shop.example/{}", "ü".repeat(1_000));
    assert!(Target::parse(&wide).is_none(), "too long as it is written");
}

#[test]
fn a_target_is_read_from_its_query_exactly_or_not_at_all() {
    for (query, expected) in [
        (
            "to=https%3A%2F%2Fa.example%2F%3Fb%3D1%2B2%26c",
            Some("https://a.example/?b=1+2&c"),
        ),
        ("to=https://a.example/", Some("https://a.example/")),
        (
            "to=https%3A%2F%2Fa.example&utm_source=x",
            Some("https://a.example"),
        ),
        (
            "utm=x&to=https%3A%2F%2Fa.example&to=https%3A%2F%2Fevil.example",
            Some("https://a.example"),
        ),
        ("", None),
        ("to", None),
        ("to=", None),
        ("TO=https%3A%2F%2Fa.example", None),
        ("to=%20https%3A%2F%2Fa.example", None),
        ("to=https%3A%2F%2Fa.example%0D%0AX-Evil:%201", None),
        ("to=https%3A%2F%2Fa.example%2F%C3%BC", None),
        ("to=https%3A%2F%2Fa.example%2F%FF", None),
        ("to=%2F%2Fevil.example", None),
        ("to=javascript:alert(1)", None),
    ] {
        let found = Target::of_query(query);
        assert_eq!(found.as_ref().map(Target::as_str), expected, "{query:?}");
    }
}

#[test]
fn a_public_url_is_bare() {
    for (text, expected) in [
        ("https://mail.example.com", Some("https://mail.example.com")),
        (
            "https://mail.example.com/",
            Some("https://mail.example.com"),
        ),
        ("http://localhost:8025", Some("http://localhost:8025")),
        (
            "HTTPS://Mail.Example.com:443",
            Some("https://mail.example.com"),
        ),
        (
            "https://example.com/mail/",
            Some("https://example.com/mail"),
        ),
        ("http://[::1]:80", Some("http://[::1]")),
        ("mail.example.com", None),
        ("ftp://mail.example.com", None),
        ("https://user@mail.example.com", None),
        ("https://:secret@mail.example.com", None),
        ("https://mail.example.com/?a", None),
        ("https://mail.example.com/#a", None),
        ("https://mail.example.com/'", None),
        ("https://mail.example.com/&", None),
        ("https://mail.example.com/ü", None),
        ("", None),
    ] {
        let found = PublicUrl::parse(text);
        assert_eq!(found.as_ref().map(PublicUrl::as_str), expected, "{text:?}");
    }
    let long = format!("https://mail.example.com/{}", "a".repeat(PUBLIC_URL_BYTES));
    assert_eq!(PublicUrl::parse(&long), None);
}

#[test]
fn knows_its_own_links() {
    let base = PublicUrl::parse("https://example.com/mail").unwrap();
    for (text, own) in [
        ("https://example.com/mail/t/c/x?to=y", true),
        ("HTTPS://EXAMPLE.com:443/mail/t/u/x", true),
        ("https://example.com/t/c/x", false),
        ("https://example.com/mail/tea", false),
        ("https://example.com/mail", false),
        ("http://example.com/mail/t/c/x", false),
        ("https://example.com.evil.example/mail/t/c/x", false),
    ] {
        assert_eq!(base.owns(&target(text)), own, "{text}");
    }
}

proptest! {
    #[test]
    fn what_is_made_is_read_back(
        email: u128,
        recipient: u16,
        path in "[!-~]{0,200}",
    ) {
        let ticket = Ticket { email: Uuid::from_u128(email), recipient };
        let Some(to) = Target::parse(&format!("https://shop.example/{path}")) else {
            return Ok(());
        };
        prop_assert_eq!(to.as_str(), format!("https://shop.example/{path}"));
        let url = key().click(&base(), &ticket, &to);
        let query = url.split_once('?').unwrap().1;
        let read = Target::of_query(query).unwrap();
        prop_assert_eq!(&read, &to);
        prop_assert_eq!(key().clicked(token(&url), &read), Some(ticket));
    }

    #[test]
    fn a_target_with_one_byte_changed_is_refused(
        path in "[!-~]{1,60}",
        at: prop::sample::Index,
        byte in b'!'..=b'~',
    ) {
        let good = target(&format!("https://shop.example/{path}"));
        let url = key().click(&base(), &TICKET, &good);
        let mut changed = good.as_str().as_bytes().to_vec();
        let at = at.index(changed.len());
        prop_assume!(changed[at] != byte);
        changed[at] = byte;
        if let Some(forged) = Target::parse(std::str::from_utf8(&changed).unwrap()) {
            prop_assert_eq!(key().clicked(token(&url), &forged), None);
        }
    }

    #[test]
    fn no_text_is_a_token(text in ".{0,80}") {
        prop_assert_eq!(key().opened(&text), None);
        prop_assert_eq!(key().unsubscribing(&text), None);
        let _ = Target::of_query(&text);
        let _ = PublicUrl::parse(&text);
    }
}
