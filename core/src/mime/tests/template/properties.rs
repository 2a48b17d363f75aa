//! What holds for every template and every value.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use super::*;
use crate::mime::template::{Fault, check};

/// Pieces of templates, whole and broken.
const SOUP: &str = "(\\{\\{|\\}\\}|\\{\\{\\{|\\}\\}\\}|\\{\\{%|%\\}\\}|\\{\\{#|#\\}\\}|\\{|\\}| |\n|\r\n|-|\\.|'|\"|\\\\|\\(|\\)|==|<|[0-9]|a|b|x|a\\.b|first-name|loop\\.index|variables__|not |and |or |if |elif |else|endif|for |in |endfor|true|none|set |raw|\\||é|日|🎉|\\PC){0,40}";

/// Templates that have no fault, whatever the values.
const WHOLE: [&str; 14] = [
    "{{ a }}",
    "{{{ a }}}",
    "{{ b.a }}{{ b.b.x }}{{ x.1.a }}",
    "{{ a or b }}{{ a and not b }}",
    "{{ a == 'x' }}{{ 1 < b }}{{ b >= \"\" }}{{ none != x }}{{ true > a }}{{ 'x' <= a < 2.5 }}",
    "{{ none < a }}{{ a > none }}{{ false <= b }}{{ x < 9223372036854775808 }}",
    "{{% if a %}}{{ b }}{{% elif b %}}{{ a }}{{% else %}}{{ x }}{{% endif %}}",
    "{{% if x %}}{{{ x }}}{{% endif %}}",
    "{{- a -}} {{%- if b -%}} {{# x #}} {{% endif %}}",
    "{{ first-name }}{{{ first-name }}}",
    "{{ a.first-name.0 }}{{ 1 }}",
    "{{ loop }}{{ loop.index }}",
    "{{ variables__ }}{{ if }}{{ true }}",
    "{{% for i in list %}}{{ i }}{{ i.a }}{{ loop.index }}{{% for j in i.list %}}{{ j }}{{% endfor %}}{{% endfor %}}",
];

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[<>&\"'a-c{}%#/=]{0,12}".prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inside| {
        prop_oneof![
            vec(inside.clone(), 0..4).prop_map(Value::from),
            btree_map(any_key(), inside, 0..4)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

fn any_key() -> impl Strategy<Value = String> {
    prop_oneof![
        "a|b|x|list|first-name|loop|if|true|0|1|variables__",
        "[<>&\"']{1,3}",
        "\\PC{0,4}",
    ]
}

fn any_variables() -> impl Strategy<Value = Map<String, Value>> {
    let list = vec(any_json(), 0..4);
    (btree_map(any_key(), any_json(), 0..8), list).prop_map(|(entries, list)| {
        let mut map: Map<_, _> = entries.into_iter().collect();
        map.insert("list".to_owned(), Value::from(list));
        map
    })
}

fn is_inside(fault: &Fault, source: &str) -> bool {
    let line = usize::try_from(fault.line).unwrap();
    let column = usize::try_from(fault.column).unwrap();
    let text = source.split('\n').nth(line.wrapping_sub(1));
    text.is_some_and(|text| (1..=text.chars().count() + 1).contains(&column))
}

fn hold(source: &str, variables: &Map<String, Value>) -> Result<(), TestCaseError> {
    for part in PARTS {
        let checked = check(part, source);
        prop_assert_eq!(placeholders(part, source).err(), checked.clone().err());
        let rendered = render(part, source, variables);
        match &rendered {
            Ok(_) => prop_assert_eq!(&checked, &Ok(())),
            Err(RenderError::Run(fault)) => {
                prop_assert_eq!(&checked, &Ok(()));
                prop_assert!(is_inside(fault, source), "{fault}");
            }
            Err(RenderError::Syntax(fault)) => {
                prop_assert_eq!(checked, Err(fault.clone()));
                prop_assert!(is_inside(fault, source), "{fault}");
            }
            Err(RenderError::VariablesDeep | RenderError::VariablesLarge) => {
                prop_assert!(false, "{rendered:?}");
            }
        }
    }
    Ok(())
}

fn unescaped(html: &str) -> String {
    html.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_template_does_harm(source in SOUP, variables in any_variables()) {
        hold(&source, &variables)?;
    }

    #[test]
    fn no_broken_template_does_harm(
        at in 0..WHOLE.len(),
        from in any::<prop::sample::Index>(),
        soup in SOUP,
        variables in any_variables(),
    ) {
        let (start, end) = WHOLE[at].split_at(from.index(WHOLE[at].len()));
        hold(&format!("{start}{soup}{end}"), &variables)?;
    }

    #[test]
    fn whole_templates_render_with_every_value(variables in any_variables()) {
        for source in WHOLE {
            hold(source, &variables)?;
            prop_assert_eq!(check(Part::Html, source), Ok(()));
            if !source.contains("for j") {
                let rendered = render(Part::Html, source, &variables);
                prop_assert!(rendered.is_ok(), "{source} {rendered:?}");
            }
        }
    }

    #[test]
    fn no_value_makes_a_tag(variables in any_variables()) {
        for source in WHOLE.iter().filter(|source| !source.contains("{{{")) {
            if let Ok(html) = render(Part::Html, source, &variables) {
                prop_assert!(!html.contains(['<', '>', '"', '\'']), "{source} {html}");
                let text = render(Part::Text, source, &variables);
                prop_assert_eq!(Ok(unescaped(&html)), text);
            }
        }
    }

    #[test]
    fn a_source_without_two_braces_stays_as_it_is(soup in SOUP, variables in any_variables()) {
        let source = soup.split("{{").collect::<Vec<_>>().join("{-");
        prop_assert!(!source.contains("{{"));
        for part in PARTS {
            prop_assert_eq!(render(part, &source, &variables), Ok(source.clone()));
        }
    }

    #[test]
    fn text_around_a_tag_stays_as_it_is(before in "[^{]{0,20}", value in "\\PC{0,20}", after in "[^{]{0,20}") {
        let source = format!("{before}{{{{ a-b }}}}{after}");
        let variables = map(json!({"a-b": &value}));
        let expected = format!("{before}{value}{after}");
        prop_assert_eq!(render(Part::Text, &source, &variables), Ok(expected));
    }
}
