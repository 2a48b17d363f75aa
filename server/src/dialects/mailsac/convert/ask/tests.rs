use axum::http::HeaderValue;
use serde_json::json;

use super::*;

fn read(kind: Option<&'static str>, body: &str) -> Result<Value, NoFields> {
    let mut headers = HeaderMap::new();
    if let Some(kind) = kind {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    fields(&headers, body.as_bytes()).map(|Fields(map)| Value::Object(map))
}

#[test]
fn a_body_is_json_a_form_or_nothing() {
    let form = Some("Application/x-www-form-urlencoded; charset=utf-8");
    let json = Some("application/json");
    for (kind, body, expected) in [
        (json, "", Ok(json!({}))),
        (json, " \r\n", Ok(json!({}))),
        (None, "", Ok(json!({}))),
        (None, r#"{"a":1}"#, Ok(json!({"a": 1}))),
        (json, "[]", Err(NoFields)),
        (json, "{", Err(NoFields)),
        (json, "a=b", Err(NoFields)),
        (form, "", Ok(json!({}))),
        (
            form,
            "a=b+c&d=%C3%A9&e",
            Ok(json!({"a": "b c", "d": "é", "e": ""})),
        ),
        (form, "a=1&a=2&a=3", Ok(json!({"a": ["1", "2", "3"]}))),
        (form, "a[]=1", Ok(json!({"a": ["1"]}))),
    ] {
        assert_eq!(read(kind, body), expected, "{kind:?} {body}");
    }
}

#[test]
fn fields_are_read_as_what_they_are() {
    let fields = || {
        let value = json!({"n": null, "e": "", "t": "x", "b": true, "o": 1, "w": "false",
            "l": ["x", "y"], "m": ["x", 1]});
        let Value::Object(map) = value else {
            unreachable!("it is an object")
        };
        Fields(map)
    };
    assert_eq!(fields().text("-"), Ok(None));
    assert_eq!(fields().text("n"), Ok(Some(None)));
    assert_eq!(fields().text("e"), Ok(Some(None)));
    assert_eq!(fields().text("t"), Ok(Some(Some(String::from("x")))));
    assert_eq!(fields().text("b"), Err(Wrong("b")));
    for (name, on) in [
        ("n", false),
        ("e", false),
        ("b", true),
        ("o", true),
        ("w", false),
    ] {
        assert_eq!(fields().switch(name), Ok(Some(on)), "{name}");
    }
    assert_eq!(fields().switch("-"), Ok(None));
    assert_eq!(fields().switch("t"), Err(Wrong("t")));
    let list = |texts: &[&str]| Ok(Some(texts.iter().map(ToString::to_string).collect()));
    assert_eq!(fields().texts("l"), list(&["x", "y"]));
    assert_eq!(fields().texts("t"), list(&["x"]));
    assert_eq!(fields().texts("m"), Err(Wrong("m")));
    assert_eq!(fields().texts("n"), Ok(None));
}

#[test]
fn a_query_says_which_part_of_a_list_is_wanted() {
    let stretch = |text: &str| Query::of(Some(text)).stretch();
    let at = Some(Timestamp(1_598_363_945_430));
    let all = Stretch {
        rows: 20,
        skip: 0,
        since: None,
        until: None,
    };
    for (text, expected) in [
        ("", Ok(all)),
        ("limit=&until=", Ok(all)),
        ("limit=0", Ok(Stretch { rows: 0, ..all })),
        (
            "limit=1001&skip=99999999999",
            Ok(Stretch {
                rows: 1000,
                skip: 10_000,
                ..all
            }),
        ),
        ("limit=1&limit=2", Ok(Stretch { rows: 2, ..all })),
        ("limit=x", Err(Wrong("limit"))),
        ("limit=-1", Err(Wrong("limit"))),
        (
            "until=2020-08-25T13:59:05.430Z",
            Ok(Stretch { until: at, ..all }),
        ),
        (
            "until=2020-08-25T15:59:05.430+02:00",
            Ok(Stretch { until: at, ..all }),
        ),
        ("until=1598363945430", Ok(Stretch { until: at, ..all })),
        (
            "since=1970-01-02",
            Ok(Stretch {
                since: Some(Timestamp(86_400_000)),
                ..all
            }),
        ),
        ("since=soon", Err(Wrong("since"))),
    ] {
        assert_eq!(stretch(text), expected, "{text}");
    }
}
