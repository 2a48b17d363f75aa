use serde_json::json;

use super::super::super::wire::ask;
use super::*;
use crate::http::json::object;

fn made(json: &str) -> Submission {
    submission(object(json.as_bytes()).unwrap(), Ok(None))
}

fn malformed(submission: &Submission) -> Vec<Field> {
    let fields = submission.refused.iter();
    fields
        .map(|one| {
            assert_eq!(one.reason, Reason::Malformed);
            one.field
        })
        .collect()
}

#[test]
fn every_field_arrives() {
    let made = made(
        r#"{"from":"a","fromName":"b","to":"c","cc":"d","bcc":"e","replyTo":"f","subject":"g",
        "html":"h","text":"i","templateId":"j","variables":{"k":[1,{"l":null}]},"tags":"m, n",
        "sendAt":"2026-06-18T12:00:00+02:00","attachments":[{}]}"#,
    );
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(made.terms, TERMS);
    assert_eq!(made.from, text("a"));
    assert_eq!(made.from_name, text("b"));
    assert_eq!(made.to, text("c"));
    assert_eq!(made.cc, text("d"));
    assert_eq!(made.bcc, text("e"));
    assert_eq!(made.reply_to, text("f"));
    assert_eq!(made.subject, text("g"));
    assert_eq!(made.html, text("h"));
    assert_eq!(made.text, text("i"));
    assert_eq!(made.template, text("j"));
    let variables = json!({"k": [1, {"l": null}]});
    assert_eq!(made.variables.map(Value::Object), Some(variables));
    assert_eq!(made.tags, Some(vec!["m".to_owned(), "n".to_owned()]));
    assert_eq!(
        made.send_at,
        Timestamp::parse_rfc3339("2026-06-18T10:00:00Z")
    );
    assert_eq!(made.refused, []);
}

#[test]
fn wrong_types_are_problems_of_their_fields() {
    use Field as F;
    for (json, fields) in [
        (
            r#"{"fromName":5,"to":{},"cc":true}"#,
            vec![F::From, F::To, F::Cc],
        ),
        (
            r#"{"bcc":[{}],"replyTo":1,"subject":{}}"#,
            vec![F::Bcc, F::ReplyTo, F::Subject],
        ),
        (
            r#"{"html":1,"text":[1],"templateId":1}"#,
            vec![F::Template, F::Html, F::Text],
        ),
        (
            r#"{"variables":"x","sendAt":1,"tags":{}}"#,
            vec![F::Tags, F::Variables, F::SendAt],
        ),
        (r#"{"sendAt":"tomorrow"}"#, vec![F::SendAt]),
        // The engine says what it says of a sender that is no address.
        (r#"{"from":5}"#, vec![]),
    ] {
        assert_eq!(malformed(&made(json)), fields, "{json}");
    }
    assert_eq!(made(r#"{"from":5}"#).from.as_deref(), Some(" "));
}

#[test]
fn addresses_have_commas_or_semicolons_between_them() {
    for (list, expected) in [
        ("a@b.c", "a@b.c"),
        ("a@b.c;d@e.f", "a@b.c, d@e.f"),
        ("a@b.c ; d@e.f,g@h.i", "a@b.c, d@e.f, g@h.i"),
        (r#""x; y, z" <a@b.c>; d@e.f"#, r#""x; y, z" <a@b.c>, d@e.f"#),
        (r#""x\"; y" <a@b.c>"#, r#""x\"; y" <a@b.c>"#),
        ("a@b.c;", "a@b.c"),
        (";;a@b.c,,", "a@b.c"),
        (" ; ", ""),
        ("é;ö", "é, ö"),
    ] {
        let mut refused = Refused::default();
        let given = Given::Value(List::One(list.into()));
        assert_eq!(
            refused.addresses(Field::To, given).as_deref(),
            Some(expected),
            "{list}"
        );
    }
}

#[test]
fn values_are_counted_before_they_are_made() {
    for (json, expected) in [
        ("{}", 2),
        (r#"{"a":"1,2,[3],{4}"}"#, 2),
        (r#"{"a":"\",","b":[1,2,{"c":3}]}"#, 7),
    ] {
        assert_eq!(values(json), expected, "{json}");
    }
    let many = format!(
        r#"{{"to":"x","variables":{{"a":[{}0]}}}}"#,
        "0,".repeat(400_000)
    );
    let made = made(&many);
    assert_eq!(made.refused, [Field::Variables.problem(Reason::TooLong)]);
    assert_eq!(made.variables, None);
}

#[test]
fn idempotency_keys_are_text_and_numbered_in_a_call() {
    let header = |value: &[u8]| {
        let mut headers = HeaderMap::new();
        let value = axum::http::HeaderValue::from_bytes(value).unwrap();
        headers.insert("idempotency-key", value);
        idempotency(&headers)
    };
    assert_eq!(idempotency(&HeaderMap::new()), Ok(None));
    assert_eq!(header(b""), Ok(None));
    assert_eq!(header(b"k"), Ok(Some("k".into())));
    assert!(header(b"\xff").is_err());
    assert_eq!(at(&header(b"k"), 3), Ok(Some("k#3".into())));
    assert_eq!(at(&Ok(None), 3), Ok(None));
    assert!(at(&header(b"\xff"), 0).is_err());
}

#[test]
fn lists_are_kept_only_as_far_as_it_takes_to_refuse_them() {
    let emails = vec!["{}"; 500].join(",");
    let json = format!(r#"{{"emails":[{emails}]}}"#);
    let batch: ask::Batch<'_> = object(json.as_bytes()).unwrap();
    assert!(matches!(batch.emails, Given::Value(ask::Emails(list)) if list.len() == 101));
    let to = vec![r#""a@b.test""#; 500].join(",");
    let made = made(&format!(r#"{{"to":[{to}]}}"#));
    assert_eq!(made.to.unwrap().split(", ").count(), 51);
}
