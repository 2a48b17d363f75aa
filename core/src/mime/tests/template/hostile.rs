//! Templates and values made to do harm: each ends soon, in an error that
//! says what it is, on a small stack.

use std::thread;

use super::*;
use crate::limits;
use crate::mime::template::{Fault, check};

/// Less than half of what a thread has by default, in a build that is not
/// optimised.
const STACK_BYTES: usize = 768 * 1024;

fn on_a_small_stack<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = thread::Builder::new().stack_size(STACK_BYTES).spawn(run);
    thread.unwrap().join().unwrap()
}

fn long_list() -> Map<String, Value> {
    let list = vec![json!(1); 10_000];
    map(json!({"a": list, "text": "x".repeat(100_000), "empty": ""}))
}

fn fault(source: &str) -> String {
    let source = source.to_owned();
    let outcome = on_a_small_stack(move || {
        let checked = check(Part::Html, &source);
        let rendered = render(Part::Html, &source, &long_list());
        match &rendered {
            Err(RenderError::Syntax(fault)) => assert_eq!(checked.as_ref(), Err(fault)),
            _ => assert_eq!(checked, Ok(())),
        }
        rendered
    });
    match outcome {
        Ok(text) => format!("{} bytes", text.len()),
        Err(error) => error.to_string(),
    }
}

fn nested(times: usize, start: &str, inside: &str, end: &str) -> String {
    format!("{}{inside}{}", start.repeat(times), end.repeat(times))
}

#[test]
fn what_takes_too_long_is_stopped() {
    let steps = "takes too many steps";
    let loops = |inside: &str| nested(8, "{{% for b in a %}}", inside, "{{% endfor %}}");
    let cases = [
        loops(""),
        loops("{{ b }}"),
        loops("{{ gone.gone }}"),
        loops("{{{ empty }}}"),
        loops("{{% if text == 'y' %}}x{{% endif %}}"),
        loops("{{% for c in text %}}{{% endfor %}}"),
        loops("{{% if a and text and not a %}}x{{% endif %}}"),
        nested(8, "{{% for b in text %}}", "", "{{% endfor %}}"),
    ];
    for source in cases {
        let said = fault(&source);
        assert!(said.ends_with(steps), "{source}: {said}");
        assert!(said.starts_with("line 1, column "), "{source}: {said}");
    }
}

#[test]
fn the_place_where_it_was_stopped_is_in_the_loop() {
    let source = "a\n{{# b\n#}}\n{{% for x in a %}}\n{{% for y in a %}}{{ y }}\n{{% endfor %}}{{% endfor %}}\n";
    let Err(RenderError::Run(fault)) = render(Part::Text, source, &long_list()) else {
        panic!("it ends")
    };
    assert!((4..=6).contains(&fault.line), "{fault}");
}

#[test]
fn what_gets_too_long_is_stopped() {
    let most = limits::TEMPLATE_OUTPUT_BYTES;
    let filler = "x".repeat(10_000);
    let cases = [
        (
            format!("\n{{{{% for b in a %}}}}\n{filler}{{{{% endfor %}}}}"),
            2,
        ),
        (
            "\n{{% for b in a %}}\n{{ text }}{{% endfor %}}".to_owned(),
            2,
        ),
        (
            "\n\n{{% for b in a %}}{{{ text }}}\n{{% endfor %}}".to_owned(),
            3,
        ),
        ("{{ text }}".repeat(105), 1),
    ];
    for (source, line) in cases {
        let said = fault(&source);
        assert!(
            said.ends_with(&format!("renders to over {most} bytes")),
            "{said}"
        );
        assert!(said.starts_with(&format!("line {line}, column ")), "{said}");
    }
    assert_eq!(fault(&"{{ text }}".repeat(104)), "10400000 bytes");
}

#[test]
fn what_nests_too_deeply_is_refused() {
    let most = limits::TEMPLATE_DEPTH;
    let ifs = |times| nested(times, "{{% if a %}}", "x", "{{% endif %}}");
    let fors = |times| nested(times, "{{% for b in empty %}}", "", "{{% endfor %}}");
    let elifs = |times| {
        format!(
            "{{{{% if a %}}}}{}{{{{% endif %}}}}",
            "{{% elif a %}}".repeat(times)
        )
    };
    let parentheses = |times| format!("{{{{ {} }}}}", nested(times, "(", "a", ")"));
    let path = |times: usize| format!("{{{{ a{} }}}}", ".a".repeat(times));
    assert_eq!(fault(&ifs(most)), "1 bytes");
    assert_eq!(fault(&fors(most)), "0 bytes");
    assert_eq!(fault(&elifs(most - 1)), "0 bytes");
    assert_eq!(fault(&parentheses(most)), fault("{{ a }}"));
    assert_eq!(fault(&path(most - 1)), "0 bytes");
    let far = 1 + "{{% if a %}}".len() * most;
    let blocks = "blocks are nested over 32 deep";
    assert_eq!(
        fault(&ifs(most + 1)),
        format!("line 1, column {far}: {blocks}")
    );
    assert_eq!(
        fault(&ifs(30_000)),
        format!("line 1, column {far}: {blocks}")
    );
    assert!(fault(&fors(25_000)).ends_with(blocks));
    assert!(fault(&elifs(70_000)).ends_with(blocks));
    assert_eq!(
        fault(&parentheses(most + 1)),
        "line 1, column 36: parentheses are nested over 32 deep"
    );
    assert_eq!(
        fault(&path(most)),
        "line 1, column 4: more than 32 names in one path"
    );
    assert_eq!(
        fault(&path(500_000)),
        "line 1, column 4: more than 32 names in one path"
    );
}

#[test]
fn long_tags_are_refused_and_the_longest_bearable() {
    let most = limits::TEMPLATE_TAG_BYTES;
    let too_long = format!("line 1, column 3: a tag of over {most} bytes");
    let tag = |piece: &str, times: usize| format!("{{{{{}a}}}}", piece.repeat(times));
    for piece in [
        "not ",
        "a or ",
        "a and ",
        "a==1or ",
        "(a)or ",
        "1==",
        "a or not ",
        "1<a<",
        "\n",
    ] {
        let fits = (most - 1) / piece.len();
        let said = fault(&tag(piece, fits));
        assert!(!said.ends_with(&too_long), "{piece}: {said}");
        assert_eq!(
            fault(&tag(piece, 200_000 / piece.len())),
            too_long,
            "{piece}"
        );
    }
    for source in [
        format!("{{{{{}", "(".repeat(1_000_000)),
        format!("{{{{{}", "\"\"".repeat(500_000)),
        format!("{{{{'{}'}}}}", "x".repeat(1_000_000)),
        format!("{{{{{}}}}}", "a".repeat(1_000_000)),
        format!("{{{{{}}}}}", " ".repeat(1_000_000)),
        format!("{{{{{}}}}}", "9".repeat(1_000_000)),
        format!("{{{{% if {} %}}}}", "not ".repeat(200_000)),
        format!("{{{{{{{}}}}}}}", "a ".repeat(200_000)),
    ] {
        assert!(fault(&source).ends_with(&format!("a tag of over {most} bytes")));
    }
}

#[test]
fn large_templates_are_refused_and_the_largest_bearable() {
    let most = limits::TEMPLATE_BYTES;
    let full = |tag: &str| tag.repeat(most / tag.len());
    assert_eq!(fault(&"x".repeat(most)), format!("{most} bytes"));
    let some = |tag: &str| fault(&tag.repeat(5_000));
    assert_eq!(some("{{b}}"), "0 bytes");
    assert_eq!(some("{{{b}}}"), "0 bytes");
    assert_eq!(some("{{##}}"), "0 bytes");
    assert_eq!(some("{{a-b}}\n"), "5000 bytes");
    assert_eq!(some("{{%if b%}}{{%endif%}}"), "0 bytes");
    assert_eq!(some("{{'a'or b}}"), "5000 bytes");
    let names: String = (0..20_000)
        .map(|index| format!("{{{{ n{index} }}}}"))
        .collect();
    let found = placeholders(Part::Html, &names).unwrap();
    assert_eq!(found.len(), 20_000);
    let too_large = format!("line 1, column 1: a template of over {most} bytes");
    assert_eq!(fault(&"x".repeat(most + 1)), too_large);
    for part in PARTS {
        let expected = Fault {
            part,
            line: 1,
            column: 1,
            message: format!("a template of over {most} bytes"),
        };
        assert_eq!(check(part, &"{{a}}".repeat(most)), Err(expected));
    }
    for source in [
        "{{", "{", "{{#", "{{%", "{{'", "{{{", "{{-", "{{a", "}}", "{{\n",
    ] {
        let said = fault(&full(source));
        assert!(
            said.starts_with("line ") || said == format!("{most} bytes"),
            "{source}: {said}"
        );
    }
}

fn deep(levels: usize, wrap: fn(Value) -> Value) -> Value {
    (0..levels).fold(json!("x"), |inside, _| wrap(inside))
}

#[test]
fn deep_values_are_refused() {
    let wraps: [fn(Value) -> Value; 2] = [|inside| json!([inside]), |inside| json!({"a": inside})];
    let most = limits::TEMPLATE_DEPTH;
    for wrap in wraps {
        let rendered = |levels| {
            on_a_small_stack(move || {
                let variables = map(json!({"a": deep(levels, wrap)}));
                render(Part::Text, "{{ a }}", &variables)
            })
        };
        assert_eq!(rendered(most), Ok(deep(most, wrap).to_string()));
        assert_eq!(rendered(most + 1), Err(RenderError::VariablesDeep));
        assert_eq!(rendered(128), Err(RenderError::VariablesDeep));
    }
}

#[test]
fn large_values_are_refused() {
    let most = limits::TEMPLATE_VARIABLES_BYTES;
    let each = limits::TEMPLATE_VALUE_BYTES;
    let rendered = |value: Value| {
        let variables = map(json!({"a": value}));
        render(Part::Text, "{{ gone }}", &variables)
    };
    assert_eq!(
        rendered(json!("x".repeat(most - each - 1))),
        Ok(String::new())
    );
    assert_eq!(
        rendered(json!("x".repeat(most - each))),
        Err(RenderError::VariablesLarge)
    );
    let numbers = most / each - 2;
    assert_eq!(rendered(json!(vec![0; numbers])), Ok(String::new()));
    assert_eq!(
        rendered(json!(vec![0; numbers + 1])),
        Err(RenderError::VariablesLarge)
    );
    let key = "k".repeat(most);
    assert_eq!(
        rendered(json!({ key: 1 })),
        Err(RenderError::VariablesLarge)
    );
}
