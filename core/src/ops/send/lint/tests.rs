use serde_json::json;

use super::*;

#[test]
fn words_are_found_whole() {
    for (text, word, expected) in [
        ("our winter sale", "sale", true),
        ("sale!", "sale", true),
        ("wholesale prices", "sale", false),
        ("salesman", "sale", false),
        ("50% off today", "% off", true),
        ("50% offered", "% off", false),
    ] {
        assert_eq!(has_word(text, word), expected, "{text}");
    }
}

#[test]
fn values_are_found_at_any_depth() {
    let json = json!({"a": {"b": [{"c": 1}], "d": null}, "e": ""});
    let Value::Object(variables) = json else {
        unreachable!()
    };
    for (path, expected) in [
        ("a", true),
        ("a.b.0.c", true),
        ("a.b.1.c", false),
        ("a.d", false),
        ("a.x", false),
        ("e", true),
        ("e.x", false),
        ("x", false),
    ] {
        assert_eq!(has_value(&variables, path), expected, "{path}");
    }
}
