//! What is rendered goes into a message as any other text does: it is refused,
//! or it adds no field, no recipient and no part.

use proptest::prelude::*;

use super::*;
use crate::mime::tests::injection::{HOSTILE, check};

/// Where a template's output can go, and what it is rendered as.
const FIELDS: [(&str, Part); 5] = [
    ("subject", Part::Subject),
    ("from", Part::Subject),
    ("to", Part::Subject),
    ("html", Part::Html),
    ("text", Part::Text),
];

const TEMPLATES: [&str; 9] = [
    "{{ a }}",
    "{{{ a }}}",
    "Order {{ a }} for {{ b }}",
    "{{ a }}{{ b }}",
    "{{{ a }}}{{{ b }}}",
    "{{ list }} {{ object }}",
    "{{% for x in list %}}{{ x }}, {{% endfor %}}",
    "{{% if a == 'x' or a %}}{{ a or b }}{{% endif %}}",
    "\u{1f389} {{ object.a }} <{{ b }}>",
];

fn values(a: &str, b: &str) -> Map<String, Value> {
    map(json!({"a": a, "b": b, "list": [a, b, 1], "object": {"a": a, b: 0}}))
}

fn nothing_is_added(source: &str, values: &Map<String, Value>) -> Result<(), TestCaseError> {
    for (field, part) in FIELDS {
        if let Ok(rendered) = render(part, source, values) {
            check(field, &rendered)?;
        }
    }
    Ok(())
}

#[test]
fn line_ends_in_a_value_are_refused_where_a_field_would_end() {
    use crate::mime::compose::{ComposeError, Draft, Reason, compose};
    use crate::mime::tests::{SEED, draft};

    for value in ["a\r\nBcc: x@evil.test", "a\nb", "a\rb", "a\0b", "a\u{85}b"] {
        let subject = render(Part::Subject, "Hi {{ a }}", &values(value, "b")).unwrap();
        assert_eq!(subject, format!("Hi {value}"));
        let draft = Draft {
            subject: Some(subject),
            ..draft()
        };
        let error = ComposeError {
            field: "subject",
            reason: Reason::Control,
        };
        assert_eq!(compose(&draft, SEED), Err(error));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_value_adds_anything(a in HOSTILE, b in "\\PC{0,200}") {
        for source in TEMPLATES {
            nothing_is_added(source, &values(&a, &b))?;
            nothing_is_added(source, &values(&b, &a))?;
        }
    }

    #[test]
    fn no_template_adds_anything(start in HOSTILE, end in HOSTILE, a in HOSTILE, b in HOSTILE) {
        let source = format!("{start}{{{{ a }}}}{{{{{{ b }}}}}}{end}");
        nothing_is_added(&source, &values(&a, &b))?;
    }
}
