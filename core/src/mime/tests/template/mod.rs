//! Templates: what they render to, what is refused and where, and that
//! nothing in them or in their values does harm.

mod cases;
mod faults;
mod hostile;
mod injection;
mod properties;

use serde_json::{Map, Value, json};

use crate::mime::template::{Part, RenderError, placeholders, render};

const PARTS: [Part; 3] = [Part::Subject, Part::Html, Part::Text];

fn map(value: Value) -> Map<String, Value> {
    let Value::Object(map) = value else {
        panic!("{value} is no object")
    };
    map
}

fn variables() -> Map<String, Value> {
    map(json!({
        "name": "Kim",
        "a": {"b": {"c": "deep"}, "unit-price": 3, "": "no name"},
        "first-name": "Ann",
        "straße": "Ring",
        "имя": "Анна",
        "1": "one",
        "2nd": "second",
        "if": "IF", "and": "AND", "in": "IN", "is": "IS", "none": "NONE", "true": "TRUE",
        "self": "SELF", "loop": "LOOP", "variables__": "ROOT", "raw": "RAW", "safe": "SAFE",
        "html": "<b>\"R&D\"</b> 'x'",
        "tag": "{{ name }}{{{ html }}}{{% if %}}",
        "null": null, "yes": true, "no": false, "zero": 0, "minus": -7, "big": 18446744073709551615_u64,
        "float": 1.5, "whole": 1.0, "tiny": 1e-7, "empty": "", "none_left": [],
        "list": [{"n": 1, "s": "x<y"}, {"n": 2, "s": "z"}],
        "words": ["p", "q", "r"],
        "object": {"k": "v>"},
    }))
}

#[test]
fn placeholders_are_what_is_looked_up_outside() {
    let cases: [(&str, &[&str]); 9] = [
        ("no {braces}", &[]),
        ("{{ b }}{{{ a.b }}}{{ b }}", &["b", "a.b"]),
        (
            "{{ first-name }}{{ a.unit-price }}{{ 1 }}{{ if }}",
            &["first-name", "a.unit-price", "1", "if"],
        ),
        (
            "{{% if a == 'x' and not b %}}{{ c }}{{% elif d %}}{{% endif %}}",
            &["a", "b", "c", "d"],
        ),
        (
            "{{% for x in xs %}}{{ x }}{{ x.y }}{{ z }}{{ loop.index }}{{% endfor %}}",
            &["xs", "z"],
        ),
        (
            "{{% for x in x.list %}}{{ x }}{{% endfor %}}",
            &["x.list", "x"],
        ),
        (
            "{{% for x in xs %}}{{% endfor %}}{{ x }}{{ loop }}",
            &["xs", "x", "loop"],
        ),
        ("{{# {{ a }} #}}{{ 'b' }}{{ true or none or 3 }}", &[]),
        ("{{ true }}{{ variables__ }}", &["true", "variables__"]),
    ];
    for (source, expected) in cases {
        let found = placeholders(Part::Text, source);
        assert_eq!(
            found,
            Ok(expected.iter().map(|&name| name.to_owned()).collect()),
            "{source}"
        );
    }
}

#[test]
fn only_html_is_escaped_and_only_by_two_braces() {
    let variables = map(json!({"x": "<i>", "list": ["<i>"], "s": "<"}));
    let sources = [
        "{{ x }}",
        "{{ x or x }}",
        "{{ (x) }}",
        "{{ x and x }}",
        "{{% for y in list %}}{{ y }}{{% endfor %}}",
        "{{% if x == '<i>' %}}{{ x }}{{% endif %}}",
        "{{% for x in s %}}{{ x }}i&gt;{{% endfor %}}",
    ];
    for source in sources {
        for part in PARTS {
            let expected = match part {
                Part::Html => "&lt;i&gt;",
                Part::Subject | Part::Text => "<i>",
            };
            let source = match part {
                Part::Html => source.to_owned(),
                Part::Subject | Part::Text => source.replace("&gt;", ">"),
            };
            assert_eq!(
                render(part, &source, &variables).as_deref(),
                Ok(expected),
                "{source}"
            );
        }
    }
}
