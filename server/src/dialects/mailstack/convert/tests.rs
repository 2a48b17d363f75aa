use posthouse::ids::SystemEntropy;
use posthouse::model::delivery::Route;
use posthouse::model::event::EventKind;
use posthouse::model::fate::Fate;
use posthouse::model::key::Scope;

use super::*;
use crate::http::json::object;

#[test]
fn tokens_have_the_contracts_form() {
    type Make = fn(&dyn posthouse::ids::Entropy) -> posthouse::ops::scoped_keys::Token;
    let kinds: [(&str, &str, Make); 2] = [
        ("ms_live_", LIVE_SHAPE, live_token),
        ("ms_test_", TEST_SHAPE, test_token),
    ];
    for (start, shape, make) in kinds {
        let token = make(&SystemEntropy);
        let rest = token.whole.strip_prefix(start).unwrap();
        let (prefix, secret) = rest.split_once('_').unwrap();
        assert_eq!(prefix, token.prefix);
        assert!(
            prefix.len() == 8
                && prefix
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        );
        assert!(secret.len() == 43, "{secret}");
        assert_eq!(shape_of(&token.whole), Some(shape));
        assert_ne!(make(&SystemEntropy).whole, token.whole);
    }
    assert_eq!(shape_of("ms_dev_x"), None);
    assert_eq!(shape_of("MS_LIVE_x"), None);
}

#[test]
fn every_scope_of_sending_but_one_has_a_word() {
    let words: Vec<_> = Scope::ALL
        .iter()
        .map(|&scope| (scope.as_str(), scope_word(scope)))
        .collect();
    assert_eq!(
        words,
        [
            ("send", Some("emails:send")),
            ("read", Some("emails:read")),
            ("domains", Some("domains:write")),
            ("domains-read", Some("domains:read")),
            ("keys", Some("api-keys:write")),
            ("keys-read", Some("api-keys:read")),
            ("templates", Some("templates:write")),
            ("templates-read", Some("templates:read")),
            ("webhooks", Some("webhooks:write")),
            ("webhooks-read", Some("webhooks:read")),
            ("billing", Some("billing:write")),
            ("billing-read", Some("billing:read")),
            ("suppressions", None),
            ("mail", None),
            ("mailboxes", None),
            ("all", Some("*")),
        ]
    );
}

#[test]
fn what_became_of_mail_has_a_word_and_a_number() {
    let words: Vec<_> = Fate::ALL
        .iter()
        .map(|&fate| (fate.as_str(), status_of(fate)))
        .collect();
    assert_eq!(
        words,
        [
            ("queued", ("Queued", 0)),
            ("scheduled", ("Scheduled", 1)),
            ("sent", ("Sent", 2)),
            ("delivered", ("Delivered", 3)),
            ("complained", ("Complained", 5)),
            ("refused", ("Bounced", 4)),
            ("bounced", ("Bounced", 4)),
            ("failed", ("Failed", 6)),
            ("canceled", ("Canceled", 7)),
        ]
    );
}

#[test]
fn what_happens_has_a_number_in_its_order() {
    let numbers = Happening::ALL.map(|one| (one.number(), one.words().0));
    assert_eq!(
        numbers,
        [
            (0, "Sent"),
            (1, "Delivered"),
            (2, "Bounce"),
            (3, "Complaint"),
            (4, "Open"),
            (5, "Click"),
            (6, "Reject"),
            (7, "DeliveryDelay"),
        ]
    );
    for one in Happening::ALL {
        let route = match one {
            Happening::Sent => Some(Route::Relay),
            _ => Some(Route::Direct),
        };
        assert_eq!(happening(one.kind(), route), Some(one), "the way back");
    }
    assert_eq!(happening(EventKind::Queued, None), None);
}

fn asked(json: &str) -> Result<(String, Vec<EventKind>), Error> {
    let json = format!(r#"{{"url":"u",{json}}}"#);
    let ask = object::<ask::Webhook<'_>>(json.as_bytes()).unwrap();
    new_webhook(ask).map(|new| (new.words.unwrap(), new.kinds))
}

#[test]
fn webhooks_keep_the_words_they_were_asked_for_with() {
    const SENT: EventKind = EventKind::Delivered;
    const BOUNCED: EventKind = EventKind::Bounced;
    let both = r#""events":["email.bounced"],"eventTypes":"Sent""#;
    let one = r#""events":["email.bounced"],"eventTypes":null"#;
    let listed = r#""events":["email.bounced","email.sent"]"#;
    for (json, words, kinds) in [
        (
            r#""eventTypes":"Sent,Bounce""#,
            "Sent,Bounce",
            &[SENT, BOUNCED][..],
        ),
        (
            r#""eventTypes":" Sent , Delivered,Sent,""#,
            "Sent,Delivered",
            &[SENT],
        ),
        (r#""eventTypes":["Bounce"]"#, "Bounce", &[BOUNCED]),
        (listed, "email.bounced,email.sent", &[BOUNCED, SENT]),
        (both, "Sent", &[SENT]),
        (one, "email.bounced", &[BOUNCED]),
    ] {
        let (own, own_kinds) = asked(json).unwrap();
        assert_eq!(
            (own.as_str(), own_kinds.as_slice()),
            (words, kinds),
            "{json}"
        );
    }
    let (all, kinds) = asked(r#""eventTypes":"Sent,*""#).unwrap();
    assert_eq!((all.as_str(), kinds.len()), ("*", 7));
}

#[test]
fn webhooks_have_to_say_where_and_what() {
    use Field::{Kinds, Url};
    use Reason::{Absent, Malformed, Unknown};
    for (json, field, reason) in [
        (r#""url":null,"eventTypes":"*""#, Url, Absent),
        (r#""url":" ","eventTypes":"*""#, Url, Absent),
        (r#""url":5,"eventTypes":"*""#, Url, Malformed),
        (r#""enabled":true"#, Kinds, Absent),
        (r#""eventTypes":"""#, Kinds, Absent),
        (r#""eventTypes":[]"#, Kinds, Absent),
        (r#""eventTypes":7"#, Kinds, Malformed),
        (r#""events":[7]"#, Kinds, Malformed),
        (r#""eventTypes":"delivered""#, Kinds, Unknown),
    ] {
        let Err(Error::Invalid(problems)) = asked(json) else {
            panic!("{json} is taken")
        };
        let told = (problems[0].field, problems[0].reason);
        assert_eq!(told, (field, reason), "{json}");
    }
}

#[test]
fn a_query_is_read_as_far_as_it_goes() {
    let query = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        pairs.iter().map(owned).collect()
    };
    for (pairs, expected) in [
        (&[][..], 50),
        (&[("limit", "7")], 7),
        (&[("limit", "7"), ("limit", "8")], 8),
        (&[("limit", "0")], 1),
        (&[("limit", "-3")], 1),
        (&[("limit", "201")], 200),
        (&[("limit", "many")], 50),
        (&[("Limit", "7")], 50),
    ] {
        assert_eq!(rows(&query(pairs)), expected, "{pairs:?}");
    }
    for (value, modes) in [
        ("true", Some(Modes::Capture)),
        ("1", Some(Modes::Capture)),
        ("false", Some(Modes::Others)),
        ("maybe", None),
    ] {
        assert_eq!(filter(&query(&[("test", value)])).modes, modes, "{value}");
    }
}

#[test]
fn a_spend_cap_is_cents_or_none() {
    let cap = |json: &str| spend_cap(object(json.as_bytes()).unwrap()).ok();
    for (json, expected) in [
        (r#"{"monthlySpendCapCents":5000}"#, Some(Some(5000))),
        (r#"{"monthlySpendCapCents":0}"#, Some(Some(0))),
        (r#"{"monthlySpendCapCents":null}"#, Some(None)),
        ("{}", None),
        (r#"{"monthlySpendCapCents":-1}"#, None),
        (r#"{"monthlySpendCapCents":1.5}"#, None),
        (r#"{"monthlySpendCapCents":"5"}"#, None),
        (r#"{"monthlySpendCapCents":4294967296}"#, None),
    ] {
        assert_eq!(cap(json), expected, "{json}");
    }
}

#[test]
fn what_is_no_uuid_is_the_one_that_nothing_has() {
    let known = "8f3a1c2e-0000-7000-8000-000000000001";
    assert_eq!(id(known).to_string(), known);
    assert_eq!(id(&known.to_uppercase()), id(known));
    for text in ["", "x", "1", "8f3a1c2e"] {
        assert!(id(text).is_nil(), "{text}");
    }
}
