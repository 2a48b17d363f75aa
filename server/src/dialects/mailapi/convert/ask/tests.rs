use axum::http::HeaderValue;
use serde_json::json;

use super::*;

const FORM: &str = "application/x-www-form-urlencoded; charset=utf-8";

fn read(kind: &str, text: &str) -> Result<Value, NoFields> {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_str(kind).unwrap());
    fields(&headers, text.as_bytes()).map(|Fields(fields)| Value::Object(fields))
}

fn of(value: Value) -> Fields {
    match value {
        Value::Object(fields) => Fields(fields),
        _ => panic!("no object"),
    }
}

#[test]
fn a_form_has_brackets() {
    for (text, expected) in [
        ("", json!({})),
        ("a=1&b=2&a=3", json!({"a": "3", "b": "2"})),
        (
            "Params[quota_mb]=1024",
            json!({"Params": {"quota_mb": "1024"}}),
        ),
        (
            "Params%5Bsub_domains%5D%5B%5D=a&Params[sub_domains][]=b",
            json!({"Params": {"sub_domains": ["a", "b"]}}),
        ),
        (
            "Params[sub_domains][0]=a&Params[sub_domains][1]=b",
            json!({"Params": {"sub_domains": ["a", "b"]}}),
        ),
        ("a[b=1", json!({"a": "1"})),
        ("a=1&a[b]=2", json!({"a": {"b": "2"}})),
        ("a[b]=2&a=1", json!({"a": "1"})),
        ("=1", json!({"": "1"})),
        ("a[1][2][3][4][5][6]=x", json!({"a": [[[["x"]]]]})),
        (r#"{"a":{"b":1}}"#, json!({"a": {"b": 1}})),
    ] {
        assert_eq!(read(FORM, text), Ok(expected), "{text}");
    }
}

#[test]
fn everything_else_is_json() {
    for (text, expected) in [
        (" \r\n", Some(json!({}))),
        (r#" {"a":[]} "#, Some(json!({"a": []}))),
        ("a=1", None),
        ("[]", None),
        ("null", None),
        (r#"{"a":1}{"#, None),
        (
            &format!("{{\"a\":{}1{}}}", "[".repeat(200), "]".repeat(200)),
            None,
        ),
    ] {
        assert_eq!(read("application/json", text).ok(), expected, "{text}");
        assert_eq!(read("text/plain", text).ok(), expected, "{text}");
    }
}

#[test]
fn what_is_missing_comes_before_what_is_wrong() {
    let single = |value| new_mailboxes(&of(value), TaskKind::Mailbox).map(drop);
    let bulk = |value| new_mailboxes(&of(value), TaskKind::Mailboxes).map(drop);
    let whole =
        json!({"Email_fullname": "a", "single_bulk": "single", "Domain": "d", "Params": []});
    assert_eq!(single(whole.clone()), Ok(()));
    let without = |name: &str| {
        let mut fields = whole.clone();
        fields["Email_fullname"] = json!(5);
        fields[name] = Value::Null;
        fields
    };
    for name in ["single_bulk", "Domain", "Params"] {
        assert_eq!(single(without(name)), Err(Wrong::Absent(name.into())));
    }
    let with = |name: &str, value: Value| {
        let mut fields = whole.clone();
        fields[name] = value;
        fields
    };
    assert_eq!(
        single(with("Email_fullname", json!(" "))),
        Err(Wrong::Absent("Email_fullname".into()))
    );
    for name in ["Email_fullname", "single_bulk", "Domain"] {
        assert_eq!(
            single(with(name, json!(["a"]))),
            Err(Wrong::NoText(name.into()))
        );
    }
    let selected = Wrong::OtherWord;
    assert_eq!(single(with("single_bulk", json!("Single"))), Err(selected));
    let object = Wrong::NoObject;
    assert_eq!(single(with("Params", json!("x"))), Err(object));
    let inner = with("Params", json!({"display_name": 1}));
    assert_eq!(
        single(inner),
        Err(Wrong::NoText("Params.display_name".into()))
    );
    assert_eq!(
        bulk(whole.clone()),
        Err(Wrong::Absent("Params.count".into()))
    );
}

#[test]
fn numbers_may_be_texts_and_others_are_out_of_range() {
    let asked = |params: Value| {
        let fields = json!({
            "Email_fullname": "a", "single_bulk": "bulk", "Domain": "d", "Params": params,
        });
        let new = new_mailboxes(&of(fields), TaskKind::Mailboxes).unwrap();
        (new.row, new.quota_mib)
    };
    for (params, row, quota) in [
        (json!({"count": 3}), 3, 1024),
        (json!({"count": "25", "quota_mb": "2048"}), 25, 2048),
        (json!({"count": -1, "quota_mb": 1.5}), 0, 0),
        (json!({"count": "many", "quota_mb": null}), 0, 1024),
        (
            json!({"count": u64::MAX, "quota_mb": u64::MAX}),
            0,
            u64::MAX,
        ),
    ] {
        assert_eq!(
            asked(params.clone()),
            (Row::Numbered(row), quota),
            "{params}"
        );
    }
    let limit = |params: Value| {
        let fields = json!({"Domain": "d", "Params": params});
        new_domain(&of(fields)).unwrap().1
    };
    assert_eq!(limit(json!([])), None);
    assert_eq!(limit(json!({"total_mailbox_allowed": "7"})), Some(7));
    assert_eq!(limit(json!({"total_mailbox_allowed": {}})), Some(0));
}

#[test]
fn labels_are_a_list_of_texts() {
    let asked = |labels: Value| {
        let fields = json!({"Domain": "d", "Params": {"sub_domains": labels}});
        new_sub_domains(&of(fields)).map(|(_, labels)| labels)
    };
    assert_eq!(asked(json!(["a", "b"])), Ok(vec!["a".into(), "b".into()]));
    let needed = Err(Wrong::Absent("Params.sub_domains".into()));
    assert_eq!(asked(json!([])), needed);
    assert_eq!(asked(Value::Null), needed);
    let array = Err(Wrong::NoList);
    assert_eq!(asked(json!("a")), array);
    assert_eq!(asked(json!({"a": 1})), array);
    assert_eq!(asked(json!(["a", 5])), Err(Wrong::NoLabel("5".into())));
}

#[test]
fn a_key_that_is_no_text_is_nobodys() {
    let key = |value: Value| of(json!({"key": value})).key().map(str::to_owned);
    assert_eq!(key(json!("k")).as_deref(), Some("k"));
    assert_eq!(key(json!(5)).as_deref(), Some("?"));
    assert_eq!(key(json!("")), None);
    assert_eq!(key(Value::Null), None);
}
