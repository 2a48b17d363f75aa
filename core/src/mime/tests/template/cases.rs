//! What templates render to.

use super::*;

/// A template, and what it renders to as html and as text.
const CASES: [(&str, &str, &str); 73] = [
    // Names.
    ("", "", ""),
    ("Hi {{ name }}!", "Hi Kim!", "Hi Kim!"),
    ("Hi {{name}}!", "Hi Kim!", "Hi Kim!"),
    ("{{\n  name\t}}\n", "Kim\n", "Kim\n"),
    ("{{ a.b.c }}", "deep", "deep"),
    (
        "[{{ gone }}{{ gone.gone.gone }}{{ a.gone.gone }}]",
        "[]",
        "[]",
    ),
    (
        "[{{ name.gone }}{{ null.gone }}{{ zero.gone }}{{ yes.x }}]",
        "[]",
        "[]",
    ),
    ("{{ first-name }} {{ a.unit-price }}", "Ann 3", "Ann 3"),
    ("{{first-name}}{{ zero }}", "Ann0", "Ann0"),
    ("{{ straße }} {{ имя }}", "Ring Анна", "Ring Анна"),
    ("{{ 1 }} {{ 2nd }} {{ 3 }}", "one second ", "one second "),
    (
        "{{ words.1 }} {{ list.1.n }} [{{ words.3 }}{{ words.x }}]",
        "q 2 []",
        "q 2 []",
    ),
    (
        "{{ if }} {{ and }} {{ in }} {{ is }}",
        "IF AND IN IS",
        "IF AND IN IS",
    ),
    (
        "{{ none }} {{ true }} {{ self }} {{ loop }}",
        "NONE TRUE SELF LOOP",
        "NONE TRUE SELF LOOP",
    ),
    (
        "{{ variables__ }} {{ raw }} {{ safe }}",
        "ROOT RAW SAFE",
        "ROOT RAW SAFE",
    ),
    ("{{ Name }}{{ NAME }}", "", ""),
    // Values.
    ("[{{ null }}{{ empty }}]", "[]", "[]"),
    ("{{ yes }} {{ no }}", "true false", "true false"),
    (
        "{{ zero }} {{ minus }} {{ big }}",
        "0 -7 18446744073709551615",
        "0 -7 18446744073709551615",
    ),
    (
        "{{ float }} {{ whole }} {{ tiny }}",
        "1.5 1.0 1e-7",
        "1.5 1.0 1e-7",
    ),
    (
        "{{ words }}",
        "[&quot;p&quot;,&quot;q&quot;,&quot;r&quot;]",
        "[\"p\",\"q\",\"r\"]",
    ),
    (
        "{{ object }}",
        "{&quot;k&quot;:&quot;v&gt;&quot;}",
        "{\"k\":\"v>\"}",
    ),
    ("{{{ object }}}", "{\"k\":\"v>\"}", "{\"k\":\"v>\"}"),
    // Escaping.
    (
        "{{ html }}",
        "&lt;b&gt;&quot;R&amp;D&quot;&lt;/b&gt; &#39;x&#39;",
        "<b>\"R&D\"</b> 'x'",
    ),
    ("{{{ html }}}", "<b>\"R&D\"</b> 'x'", "<b>\"R&D\"</b> 'x'"),
    ("{{{html}}}", "<b>\"R&D\"</b> 'x'", "<b>\"R&D\"</b> 'x'"),
    (
        "{{{ first-name }}}{{{ null }}}{{{ gone }}}{{{zero}}}",
        "Ann0",
        "Ann0",
    ),
    (
        "{{{ tag }}}",
        "{{ name }}{{{ html }}}{{% if %}}",
        "{{ name }}{{{ html }}}{{% if %}}",
    ),
    ("<{{ 'b' }}> {{ '<' }}", "<b> &lt;", "<b> <"),
    // Only the family of two braces is special.
    ("@media{#id{a:b}}", "@media{#id{a:b}}", "@media{#id{a:b}}"),
    (
        "{% if %} {# # #} {name} }} %}} #}} }}}",
        "{% if %} {# # #} {name} }} %}} #}} }}}",
        "{% if %} {# # #} {name} }} %}} #}} }}}",
    ),
    ("a{b:{{ zero }}}", "a{b:0}", "a{b:0}"),
    ("a{{{ zero }}}}b", "a0}b", "a0}b"),
    (
        "{ {{ zero }} } { {{{ zero }}} }",
        "{ 0 } { 0 }",
        "{ 0 } { 0 }",
    ),
    (
        "{% raw %}{{ zero }}{% endraw %}",
        "{% raw %}0{% endraw %}",
        "{% raw %}0{% endraw %}",
    ),
    ("{{ '{{' }} name {{ \"}}\" }}", "{{ name }}", "{{ name }}"),
    (
        "a\r\nb{{ zero }}\r\nc\r\n",
        "a\r\nb0\r\nc\r\n",
        "a\r\nb0\r\nc\r\n",
    ),
    // Expressions.
    (
        "{{ gone or 'friend' }} {{ name or 'friend' }}",
        "friend Kim",
        "friend Kim",
    ),
    ("{{ empty or zero or 'x' }}", "x", "x"),
    ("{{ yes and name }}", "Kim", "Kim"),
    (
        "{{ not gone }} {{ not not name }}",
        "true true",
        "true true",
    ),
    (
        "{{ name == 'Kim' }} {{ 'Kim' != name }}",
        "true false",
        "true false",
    ),
    (
        "{{ zero < 1 }} {{ minus >= -7 }} {{ 1 <= float }} {{ 2.5 > float }}",
        "true true true true",
        "true true true true",
    ),
    (
        "{{ null == none }} {{ gone == none }} {{ yes == true }}",
        "true false true",
        "true false true",
    ),
    ("{{ (gone or yes) and not (no or zero) }}", "true", "true"),
    (
        "{{ 'it\\'s' }} {{ \"a\\\"b\\n\" }}.",
        "it&#39;s a&quot;b\n.",
        "it's a\"b\n.",
    ),
    (
        "{{ list == 'x' }} {{ object == none }} {{ name < 1 }}",
        "false false false",
        "false false false",
    ),
    ("{{ 1 == 1.0 }} {{ whole == 1 }}", "true true", "true true"),
    // Conditions.
    ("{{% if name %}}yes{{% endif %}}", "yes", "yes"),
    ("{{%if gone%}}yes{{%else%}}no{{%endif%}}", "no", "no"),
    (
        "{{% if zero %}}a{{% elif empty %}}b{{% elif name == 'Kim' %}}c{{% else %}}d{{% endif %}}",
        "c",
        "c",
    ),
    (
        "{{% if none_left %}}a{{% endif %}}{{% if words %}}b{{% endif %}}",
        "b",
        "b",
    ),
    (
        "{{% if first-name == 'Ann' and a.b.c %}}a{{% endif %}}",
        "a",
        "a",
    ),
    (
        "{{% if name %}}{{% if gone %}}a{{% else %}}b{{% endif %}}c{{% endif %}}",
        "bc",
        "bc",
    ),
    ("{{% if \"%}}\" %}}a{{% endif %}}", "a", "a"),
    // Loops.
    (
        "{{% for item in list %}}{{ item.n }}:{{ item.s }};{{% endfor %}}",
        "1:x&lt;y;2:z;",
        "1:x<y;2:z;",
    ),
    (
        "{{% for w in words %}}{{ loop.index }}{{ w }}{{% if not loop.last %}},{{% endif %}}{{% endfor %}}",
        "1p,2q,3r",
        "1p,2q,3r",
    ),
    (
        "{{% for w in words %}}{{% for v in words %}}{{ w }}{{ v }} {{% endfor %}}{{% endfor %}}",
        "pp pq pr qp qq qr rp rq rr ",
        "pp pq pr qp qq qr rp rq rr ",
    ),
    (
        "{{% for w in none_left %}}{{ w }}{{% else %}}nothing{{% endfor %}}",
        "nothing",
        "nothing",
    ),
    (
        "[{{% for w in gone.gone %}}{{ w }}{{% endfor %}}{{% for w in null %}}x{{% endfor %}}]",
        "[]",
        "[]",
    ),
    ("{{% for k in object %}}{{ k }}{{% endfor %}}", "k", "k"),
    (
        "{{% for name in words %}}{{ name }}{{% endfor %}}{{ name }}",
        "pqrKim",
        "pqrKim",
    ),
    ("{{% for w in words %}}{{% endfor %}}[{{ w }}]", "[]", "[]"),
    (
        "{{% for item in list %}}{{{ item.s }}}{{% endfor %}}",
        "x<yz",
        "x<yz",
    ),
    ("{{% for x in a.b %}}{{ x }}{{% endfor %}}", "c", "c"),
    (
        "{{% for w in words %}}{{ loop.length }}{{ loop.first }} {{% endfor %}}",
        "3true 3false 3false ",
        "3true 3false 3false ",
    ),
    // Comments.
    ("a{{# {{ name }} {{% if %}} #}}b", "ab", "ab"),
    ("{{##}}{{#-#}}{{# one\ntwo\n#}}a", "a", "a"),
    ("{ {{##}}{ name }}", "{ { name }}", "{ { name }}"),
    // Blanks.
    ("a \n {{- name -}} \n b", "aKimb", "aKimb"),
    (
        "a\n{{%- if yes -%}}\n b \n{{%- endif %}}\nc",
        "ab\nc",
        "ab\nc",
    ),
    ("a \n{{#- x -#}}\n b", "ab", "ab"),
    ("a {{- -7 == minus -}} b", "atrueb", "atrueb"),
];

#[test]
fn templates_render() {
    let variables = variables();
    for (source, html, text) in CASES {
        let rendered = |part| render(part, source, &variables).map_err(|error| error.to_string());
        assert_eq!(rendered(Part::Html).as_deref(), Ok(html), "{source}");
        assert_eq!(rendered(Part::Text).as_deref(), Ok(text), "{source}");
        assert_eq!(rendered(Part::Subject).as_deref(), Ok(text), "{source}");
    }
}
