use proptest::prelude::*;

use crate::limits::SHOWN_BYTES;
use crate::mime::page::{clean, dirty, text};

fn html(page: &str) -> Vec<u8> {
    format!("Content-Type: text/html; charset=utf-8\n\n{page}").into_bytes()
}

#[test]
fn nothing_that_acts_is_left() {
    for (page, left) in [
        ("<p>one<script>alert(1)</script> two</p>", "<p>one two</p>"),
        ("<style>p{}</style><b>x</b>", "<b>x</b>"),
        ("<img src=https://a.test/p.gif>x", "x"),
        ("<a href=https://a.test/>text</a>", "text"),
        (
            "<p onclick=x() style='background:url(x)' align=left>x</p>",
            "<p align=\"left\">x</p>",
        ),
        ("<p align='\"><script>'>x</p>", "<p>x</p>"),
        ("<td background=https://a.test/>x</td>", "<td>x</td>"),
        (
            "<form action=x><input name=q><button>go</button></form>",
            "go",
        ),
        ("<iframe src=x><p>y</iframe>z", "z"),
        ("<svg><style><img src=x onerror=alert(1)></style></svg>", ""),
        (
            "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1&gt;\">",
            "<table></table>",
        ),
        (
            "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
            "\"&gt;",
        ),
        ("<textarea><b></textarea>&lt;script&gt;", "&lt;script&gt;"),
        ("<!-- <b> --><![if x]><b>y", "<b>y</b>"),
        ("a < b > c", "a &lt; b &gt; c"),
        (
            "<base href=x><meta http-equiv=refresh content=0><link rel=stylesheet href=x>x",
            "x",
        ),
        (
            "<P>one<P>two<TABLE><TR><TD>a<TD>b<TR><TD>c</TABLE>",
            "<p>one</p><p>two<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table></p>",
        ),
        (
            "<ul><li>a<li>b<ul><li>c</ul><li>d</ul>",
            "<ul><li>a</li><li>b<ul><li>c</li></ul></li><li>d</li></ul>",
        ),
        ("<b><i>x</b>y</i>", "<b><i>x</i></b>y"),
        ("<script", ""),
        ("", ""),
    ] {
        assert_eq!(clean(&html(page)), left, "{page}");
    }
}

#[test]
fn a_page_becomes_text() {
    for (page, expected) in [
        (
            "<title>T</title><h1>Hello  &amp;\n welcome</h1><p>Dear <b>Kim</b>,<br>a line<br><br>more</p>end",
            "Hello & welcome\n\nDear Kim,\na line\n\nmore\n\nend",
        ),
        ("<ul><li>one</li><li>two</ul>x", "* one\n* two\n\nx"),
        (
            "<table><tr><td>a</td><td>b</td></tr><tr><td>c<td>d</table>",
            "a b\nc d",
        ),
        (
            "See <a href='https://a.test/?x&amp;y'>this</a>, <a href=https://b.test/>https://b.test/</a>",
            "See this <https://a.test/?x&y>, https://b.test/",
        ),
        (
            "<a href=https://a.test/><img src=x alt='Our &quot;logo&quot;'></a>",
            "Our \"logo\" <https://a.test/>",
        ),
        (
            "<a href=javascript:x()>x</a><a href=https://a.test/>y<a href=https://b.test/>z",
            "xy <https://a.test/>z",
        ),
        ("<div>one</div><div><div>two</div></div>", "one\ntwo"),
        ("<pre>a\r\n  b</pre>c&nbsp;&euro;", "a\n  b\n\nc \u{20ac}"),
        (
            "one<hr>two<script>x</script><style>y</style>",
            "one\n---\ntwo",
        ),
        ("", ""),
    ] {
        assert_eq!(text(&html(page)), expected, "{page}");
    }
}

#[test]
fn text_is_preferred_unless_it_is_blank() {
    let both = |text: &str| {
        format!(
            "Content-Type: multipart/alternative; boundary=b\n\n--b\n\n{text}\n\
             --b\nContent-Type: text/html\n\n<p>page\n--b--\n"
        )
    };
    assert_eq!(text(both("plain\r\ntwo").as_bytes()), "plain\ntwo");
    assert_eq!(text(both(" \r\n ").as_bytes()), "page");
    assert_eq!(dirty(both("plain").as_bytes()), "<p>page");
    assert_eq!(text(b""), "");
}

#[test]
fn text_becomes_a_page() {
    let expected = "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head><body>\
        <pre style=\"white-space: pre-wrap\">a &lt;b&gt; &amp; c</pre></body></html>\n";
    let raw = b"Subject: x\n\na <b> & c\n";
    assert_eq!(dirty(raw), expected);
    assert_eq!(clean(raw), expected);
}

fn with_images(page: &str, image: &str) -> Vec<u8> {
    format!(
        "Content-Type: multipart/related; boundary=r\n\n--r\nContent-Type: text/html\n\n{page}\n\
         --r\nContent-Type: image/png\nContent-ID: <a b%@x.test>\n\n{image}\n\
         --r\nContent-Type: text/html\nContent-ID: <evil@x.test>\n\n<script>\n--r--\n"
    )
    .into_bytes()
}

#[test]
fn images_are_put_into_the_page() {
    for (page, expected) in [
        (
            "<img src=\"cid:a%20b%25@x.test\" onload=x()>",
            "<img src=\"data:image/png;base64,cG5n\" onload=x()>",
        ),
        (
            "<p style='background:url(cid:a%20b%25@x.test)'>",
            "<p style='background:url(data:image/png;base64,cG5n)'>",
        ),
        (
            "<img src=cid:a%20b%25&#64;x.test>",
            "<img src=data:image/png;base64,cG5n>",
        ),
        (
            "<iframe src=\"cid:evil@x.test\">",
            "<iframe src=\"cid:evil@x.test\">",
        ),
        (
            "<img src=\"cid:none@x.test\">",
            "<img src=\"cid:none@x.test\">",
        ),
        ("say cid:a%20b%25@x.test", "say cid:a%20b%25@x.test"),
    ] {
        assert_eq!(dirty(&with_images(page, "png")), expected);
    }
}

#[test]
fn a_page_that_calls_one_image_often_stays_within_bounds() {
    let page = "<img src=\"cid:a%20b%25@x.test\">".repeat(100);
    let shown = dirty(&with_images(&page, &"x".repeat(1024 * 1024)));
    assert!(shown.len() <= SHOWN_BYTES);
    assert!(shown.contains("data:") && shown.contains("cid:"));
}

/// Bounds on what is built: neither depth nor number makes these slow.
#[test]
fn towers_are_read() {
    for page in [
        "<div>",
        "<b><p>",
        "<table>",
        "<a href=https://a.test/>",
        "<li>",
        "&",
        "<!--",
    ] {
        let raw = html(&page.repeat(20_000));
        assert!(clean(&raw).len() < 500_000, "{page}");
        assert!(text(&raw).len() < 1_000_000, "{page}");
    }
}

/// What is written here around a text.
const TEXT_PAGE: &str = "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head><body>\
    <pre style=\"white-space: pre-wrap\">";
/// What runs, loads or asks.
const ACTING: [&str; 24] = [
    "a", "applet", "audio", "base", "body", "button", "embed", "form", "frame", "html", "iframe",
    "img", "input", "link", "math", "meta", "object", "script", "select", "style", "svg",
    "template", "textarea", "video",
];
/// The attributes that have no effect but on looks.
const LOOKS: [&str; 10] = [
    "align", "bgcolor", "border", "colspan", "dir", "height", "lang", "rowspan", "valign", "width",
];

/// Every tag of a cleaned page is one of those that are written here.
pub(super) fn is_harmless(page: &str) -> bool {
    let text = page.strip_prefix(TEXT_PAGE);
    if let Some(text) = text.and_then(|text| text.strip_suffix("</pre></body></html>\n")) {
        return !text.contains(['<', '>']);
    }
    page.split('<').skip(1).all(|tag| {
        let Some((tag, _)) = tag.split_once('>') else {
            return false;
        };
        let tag = tag.strip_prefix('/').unwrap_or(tag);
        let mut words = tag.split(' ');
        let name = words.next().unwrap_or_default();
        name.bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
            && !ACTING.contains(&name)
            && words.all(|word| {
                let looks = |(name, value): (&str, &str)| {
                    LOOKS.contains(&name) && value.starts_with('"') && value.ends_with('"')
                };
                word.split_once('=').is_some_and(looks)
            })
    })
}

proptest! {
    #[test]
    fn any_page_is_cleaned(page in "(<p|<b|<script|<style|<svg|<math|<a href=|<img src=cid:|<td align=|<select|<template|<textarea|<noscript|</p|</b|</script|</style|>| |\"|'|=|/|<!--|-->|<!\\[CDATA\\[|\\]\\]>|&lt;|&#|onclick=x|x|\\PC){0,40}") {
        let raw = html(&page);
        let cleaned = clean(&raw);
        prop_assert!(is_harmless(&cleaned), "{cleaned}");
        let _ = (text(&raw), dirty(&raw));
    }

    #[test]
    fn any_bytes_are_shown(raw in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = (clean(&raw), text(&raw), dirty(&raw));
    }
}
