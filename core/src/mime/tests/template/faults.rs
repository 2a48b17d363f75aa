//! What is refused, and that it is said where.

use super::*;
use crate::mime::template::{Fault, check};

/// A template, and what its fault says.
const FAULTS: [(&str, &str); 40] = [
    ("{{", "line 1, column 1: a tag has no end"),
    ("a\nb {{ name", "line 2, column 3: a tag has no end"),
    ("a\nb {{ name }", "line 2, column 11: unexpected '}'"),
    ("{{ }}", "line 1, column 1: a value is missing"),
    ("{{}}", "line 1, column 1: a value is missing"),
    (
        "{{{ }}}",
        "line 1, column 1: one name is expected in three braces",
    ),
    (
        "{{{ a b }}}",
        "line 1, column 7: one name is expected in three braces",
    ),
    ("{{{ a }}", "line 1, column 7: unexpected '}'"),
    ("{{{{ a }}}}", "line 1, column 4: unexpected '{'"),
    ("{{ a b }}", "line 1, column 6: unexpected `b`"),
    ("é日🎉{{ a\n  b }}", "line 2, column 3: unexpected `b`"),
    (
        "{{ a. }}",
        "line 1, column 4: a dot without a name behind it",
    ),
    (
        "{{ a..b }}",
        "line 1, column 4: a dot without a name behind it",
    ),
    ("{{ .a }}", "line 1, column 4: unexpected '.'"),
    ("{{ a | b }}", "line 1, column 6: unexpected '|'"),
    ("{{ a - b }}", "line 1, column 6: unexpected '-'"),
    ("{{ -a }}", "line 1, column 4: unexpected '-'"),
    ("{{ 'a }}", "line 1, column 4: the text has no closing '"),
    (
        "{{ \"a\\\" }}",
        "line 1, column 4: the text has no closing \"",
    ),
    ("{{ (a }}", "line 1, column 4: `(` has no end"),
    ("{{ a) }}", "line 1, column 5: unexpected `)`"),
    ("{{ a (b) }}", "line 1, column 6: unexpected `(`"),
    (
        "{{ a == b }}",
        "line 1, column 6: one side of a comparison has to be a text, a number, true, false or none",
    ),
    ("{{ a == }}", "line 1, column 6: a value is missing"),
    ("{{ 'a' == }}", "line 1, column 8: a value is missing"),
    ("{{ or 'a' }}", "line 1, column 4: unexpected `or`"),
    ("{{ 1 2 }}", "line 1, column 6: unexpected `2`"),
    ("{{ '\\u12' }}", "line 1, column 1: bad string escape"),
    ("{{# a", "line 1, column 1: a comment has no end"),
    ("{{% %}}", "line 1, column 1: a block tag without a word"),
    (
        "{{% set x %}}",
        "line 1, column 5: unknown word `set`; there are if, elif, else, endif, for and endfor",
    ),
    (
        "{{% if %}}{{% endif %}}",
        "line 1, column 5: a value is missing",
    ),
    (
        "a\n{{% if a %}}\n{{% if b %}}{{% endif %}}",
        "line 2, column 1: `if` has no end",
    ),
    ("{{% endif %}}", "line 1, column 5: unexpected `endif`"),
    (
        "{{% if a %}}{{% endfor %}}",
        "line 1, column 17: unexpected `endfor`",
    ),
    (
        "{{% if a %}}{{% endif a %}}",
        "line 1, column 23: unexpected `a`",
    ),
    ("{{% else %}}", "line 1, column 5: unknown statement else"),
    (
        "{{% if a %}}{{% else %}}\n{{% else %}}{{% endif %}}",
        "line 2, column 5: unknown statement else",
    ),
    ("{{% elif a %}}", "line 1, column 5: unexpected `elif`"),
    ("{{% for a of b %}}", "line 1, column 11: unexpected `of`"),
];

#[test]
fn faults_say_where() {
    for (source, expected) in FAULTS {
        for part in PARTS {
            let fault = check(part, source).unwrap_err();
            assert_eq!(fault.to_string(), expected, "{source}");
            assert_eq!(fault.part, part);
            assert_eq!(placeholders(part, source), Err(fault.clone()));
            let rendered = render(part, source, &variables());
            assert_eq!(rendered, Err(RenderError::Syntax(fault)));
        }
    }
}

/// The engine counts in 16 bits.
#[test]
fn lines_and_columns_are_right_past_65535() {
    let far = 70_000;
    let fault = |line, column| {
        Err(Fault {
            part: Part::Html,
            line,
            column,
            message: "unexpected `b`".to_owned(),
        })
    };
    let source = format!("{}{{{{ a b }}}}", "\n".repeat(far));
    assert_eq!(check(Part::Html, &source), fault(70_001, 6));
    let source = format!("{}{{{{ a b }}}}", "é".repeat(far));
    assert_eq!(check(Part::Html, &source), fault(1, 70_006));
}

#[test]
fn what_fails_with_some_values_says_where() {
    let source = "a\n{{# b\n#}}\n  {{ name }}{{% for x in zero %}}{{% endfor %}}";
    assert_eq!(check(Part::Text, source), Ok(()));
    let error = render(Part::Text, source, &variables()).unwrap_err();
    let RenderError::Run(fault) = error else {
        panic!("{error}")
    };
    assert_eq!(
        fault.to_string(),
        "line 4, column 26: number is not iterable"
    );
}

/// The engine knows these; here they are refused.
#[test]
fn nothing_else_of_the_engine_is_reached() {
    let sources = [
        "{{ x|safe }}",
        "{{ x|raw }}",
        "{{ x|e }}",
        "{{ x() }}",
        "{{ (x)() }}",
        "{{ loop(x) }}",
        "{{ x.y(1) }}",
        "{{ x[0] }}",
        "{{ x[:1] }}",
        "{{ [1] }}",
        "{{ {'a': 1} }}",
        "{{ (1, 2) }}",
        "{{ () }}",
        "{{ x + x }}",
        "{{ x - x }}",
        "{{ x -x }}",
        "{{ x ~ x }}",
        "{{ x * 9 }}",
        "{{ x ** 9 }}",
        "{{ x / 9 }}",
        "{{ x % 9 }}",
        "{{ x in y }}",
        "{{ x is defined }}",
        "{{ x if y }}",
        "{{ x == y }}",
        "{{ 'a' < x < y }}",
        "{{ (x) == y }}",
        "{{ (x or y) == ('z') }}",
        "{{ x, y }}",
        "{{ x = 1 }}",
        "{{+ x }}",
        "{{% set x = 1 %}}",
        "{{% set x %}}{{% endset %}}",
        "{{% with x = 1 %}}{{% endwith %}}",
        "{{% autoescape false %}}{{% endautoescape %}}",
        "{{% filter raw %}}{{% endfilter %}}",
        "{{% raw %}}{{% endraw %}}",
        "{{% do x() %}}",
        "{{% macro x() %}}{{% endmacro %}}",
        "{{% include 'x' %}}",
        "{{% import 'x' as y %}}",
        "{{% extends 'x' %}}",
        "{{% block x %}}{{% endblock %}}",
        "{{% for x in y recursive %}}{{% endfor %}}",
        "{{% for x in y if x %}}{{% endfor %}}",
        "{{% for x, y in z %}}{{% endfor %}}",
        "{{% for x in 'abc' %}}{{% endfor %}}",
        "{{% for x in (y) %}}{{% endfor %}}",
        "{{% for loop in y %}}{{% endfor %}}",
        "{{% for variables__ in y %}}{{% endfor %}}",
        "{{% for a.b in y %}}{{% endfor %}}",
        "{{% for a-b in y %}}{{% endfor %}}",
    ];
    let variables = map(json!({"x": "1", "y": "1"}));
    for source in sources {
        let outcome = render(Part::Html, source, &variables);
        assert!(
            matches!(outcome, Err(RenderError::Syntax(_))),
            "{source}: {outcome:?}"
        );
    }
}
