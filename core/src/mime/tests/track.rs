mod any;

use uuid::Uuid;

use crate::mime::links::{LinkKey, PublicUrl, Target, Ticket};
use crate::mime::track::{PIXEL_GIF, Page, rewrite};

const TICKET: Ticket = Ticket {
    email: Uuid::from_u128(7),
    recipient: 1,
};
const CLICK: &str = "https://mail.example.com/t/c/";

fn key() -> LinkKey {
    LinkKey::new(&[7; 32])
}

fn base() -> PublicUrl {
    PublicUrl::parse("https://mail.example.com").unwrap()
}

fn click(target: &str) -> String {
    key().click(&base(), &TICKET, &Target::parse(target).unwrap())
}

fn image() -> String {
    let url = key().open(&base(), &TICKET);
    format!(r#"<img src="{url}" width="1" height="1" alt="" style="border:0">"#)
}

fn rewritten(html: &str) -> String {
    rewrite(html, &base(), None, &key(), &TICKET).unwrap()
}

/// The page as a table has it: `[[URL]]` stands for a followed link, `@@` for the image.
fn expected(page: &str) -> String {
    let mut out = String::new();
    for (index, piece) in page.split("[[").enumerate() {
        match piece.split_once("]]").filter(|_| index > 0) {
            Some((target, rest)) => out.extend([&click(target), rest]),
            None => out.push_str(piece),
        }
    }
    out.replace("@@", &image())
}

#[test]
fn links_of_the_web_are_followed_and_nothing_else_changes() {
    for (html, page) in [
        // Quotes and blanks stay.
        (
            r#"<a href="https://a.example/">x</a>"#,
            r#"<a href="[[https://a.example/]]">x</a>@@"#,
        ),
        (
            r#"<a href='https://a.example/'>x</a>"#,
            r#"<a href='[[https://a.example/]]'>x</a>@@"#,
        ),
        (
            "<a href=https://a.example/>x</a>",
            "<a href=[[https://a.example/]]>x</a>@@",
        ),
        (
            "<A\n  TITLE = t\tHREF  =\n https://a.example\r\n>x</A\n>",
            "<A\n  TITLE = t\tHREF  =\n [[https://a.example]]\r\n>x</A\n>@@",
        ),
        (
            r#"<a href="HTTP://a.example"/>"#,
            r#"<a href="[[HTTP://a.example]]"/>@@"#,
        ),
        (
            r#"<map><area shape=rect href="http://a.example/"></map>"#,
            r#"<map><area shape=rect href="[[http://a.example/]]"></map>@@"#,
        ),
        // Blanks that a browser strips belong to no target.
        (
            "<a href=\" https://a.example/ \n\">x</a>",
            "<a href=\"[[https://a.example/]]\">x</a>@@",
        ),
        // The first of two counts.
        (
            r#"<a href="https://a.example/" href="https://b.example/">x</a>"#,
            r#"<a href="[[https://a.example/]]" href="https://b.example/">x</a>@@"#,
        ),
        (
            r#"<a href="mailto:a@a.example" href="https://b.example/">x</a>"#,
            r#"<a href="mailto:a@a.example" href="https://b.example/">x</a>@@"#,
        ),
        // Several, nested wrongly, in foreign content.
        (
            r#"<a href="https://a.example/"><a href="https://b.example/">x</a></a>"#,
            r#"<a href="[[https://a.example/]]"><a href="[[https://b.example/]]">x</a></a>@@"#,
        ),
        (
            r#"<svg><a href="https://a.example/"><text>x</text></a></svg>"#,
            r#"<svg><a href="[[https://a.example/]]"><text>x</text></a></svg>@@"#,
        ),
        (
            r#"<td><a href="https://a.example/"><p>x<td>y"#,
            r#"<td><a href="[[https://a.example/]]"><p>x<td>y@@"#,
        ),
        // Shown by all but one reader.
        (
            r#"<!--[if !mso]><!--><a href="https://a.example/">x</a><!--<![endif]-->"#,
            r#"<!--[if !mso]><!--><a href="[[https://a.example/]]">x</a><!--<![endif]-->@@"#,
        ),
    ] {
        assert_eq!(rewritten(html), expected(page), "{html}");
    }
}

#[test]
fn entities_are_read_as_attributes_have_them() {
    for (html, page) in [
        (
            r#"<a href="https://a.example/?a=1&amp;b=2">x</a>"#,
            r#"<a href="[[https://a.example/?a=1&b=2]]">x</a>@@"#,
        ),
        (
            r#"<a href="https://a.example/?a=1&b=2&#x26;c&#61;3">x</a>"#,
            r#"<a href="[[https://a.example/?a=1&b=2&c=3]]">x</a>@@"#,
        ),
        (
            r#"<a href="https://a.example/?a=1&copy=2&not=3&lt;">x</a>"#,
            r#"<a href="[[https://a.example/?a=1&copy=2&not=3<]]">x</a>@@"#,
        ),
        (
            r#"<a href="&#104;ttps&colon;//a.example/&quot;&apos;">x</a>"#,
            r#"<a href="[[https://a.example/"']]">x</a>@@"#,
        ),
        (
            r#"<a href="https://a.example/?x=&amp;amp;">x</a>"#,
            r#"<a href="[[https://a.example/?x=&amp;]]">x</a>@@"#,
        ),
    ] {
        assert_eq!(rewritten(html), expected(page), "{html}");
    }
}

#[test]
fn these_links_are_left_alone() {
    for html in [
        r#"<a href="mailto:kim@a.example?subject=https://a.example/">x</a>"#,
        r#"<a href="tel:+4930123">x</a>"#,
        r#"<a href="sms:+4930123">x</a>"#,
        r#"<a href="cid:logo@a.example">x</a>"#,
        r#"<a href="data:text/html,https://a.example/">x</a>"#,
        r#"<a href="javascript:location='https://a.example/'">x</a>"#,
        r#"<a href="ftp://a.example/">x</a>"#,
        r##"<a href="#top">x</a>"##,
        r#"<a href="">x</a>"#,
        "<a href>x</a>",
        "<a>x</a>",
        r#"<a href="/orders/9">x</a>"#,
        r#"<a href="orders/9">x</a>"#,
        r#"<a href="//a.example/">x</a>"#,
        r#"<a href="https:a.example">x</a>"#,
        r#"<a href="https://">x</a>"#,
        r#"<a href="https://a b.example/">x</a>"#,
        // What a template left behind.
        r#"<a href="{{link}}">x</a>"#,
        r#"<a href="https://a.example/{{ name }}">x</a>"#,
        r#"<a href="https://{% if x %}a{% endif %}.example/">x</a>"#,
        r#"<a href="https://a.example/?n=<%= name %>">x</a>"#,
        r#"<a href="https://a.example/${name}">x</a>"#,
        r#"<a href="https://a.example/*|UNIQID|*">x</a>"#,
        r#"<a href="https://a.example/%%name%%">x</a>"#,
        r#"<a href="https://a.example/&#123;&#123;name}}">x</a>"#,
        // To unsubscribe.
        r#"<a href="https://a.example/unsubscribe/9">x</a>"#,
        r#"<a href="https://a.example/?Action=UnSubscribe">x</a>"#,
        r#"<a href="https://a.example/un&#115;ubscribe">x</a>"#,
        r#"<a href="https://a.example/9" rel="nofollow unsubscribe">x</a>"#,
        r#"<a href="https://a.example/9" id=footer-unsubscribe>x</a>"#,
        r#"<a href="https://a.example/9" class="Unsubscribe-Link">x</a>"#,
        r#"<a href="https://a.example/9" title="Unsubscribe">x</a>"#,
        r#"<area href="https://a.example/9" alt="Unsubscribe">"#,
        r#"<a href="https://a.example/9">Unsubscribe</a>"#,
        r#"<a href="https://a.example/9">to <b>UNSUBSCRIBE</b> click</a>"#,
        r#"<a href="https://a.example/9">un<b>sub</b>scribe</a>"#,
        r#"<a href="https://a.example/9">unsubscribe"#,
        // Told to.
        r#"<a data-no-track href="https://a.example/">x</a>"#,
        r#"<a href="https://a.example/" DATA-NO-TRACK=0>x</a>"#,
        // Made here.
        r#"<a href="https://mail.example.com/t/c/x?to=https%3A%2F%2Fa.example">x</a>"#,
        r#"<a href="https://mail.example.com/t/u/x">x</a>"#,
        // No links.
        r#"<link href="https://a.example/a.css"><img src="https://a.example/a.png">"#,
        r#"<base href="https://a.example/"><abbr href="https://a.example/">x</abbr>"#,
        r#"<p data-href="https://a.example/">https://a.example/</p>"#,
        r#"<svg><a xlink:href="https://a.example/">x</a></svg>"#,
        r#"<!-- <a href="https://a.example/">x</a> -->"#,
        r#"<!--[if mso]><v:roundrect href="https://a.example/"><a href="https://a.example/">x</a></v:roundrect><![endif]-->"#,
        r#"<style>a[href="https://a.example/"]{}</style><script>'<a href="https://a.example/">'</script>"#,
        r#"<textarea><a href="https://a.example/">x</a></textarea><title><a href="https://a.example/"></title>"#,
        r#"<a title='<a href="https://a.example/">'>x</a>"#,
        r#"< a href="https://a.example/">x</ a>"#,
    ] {
        assert_eq!(rewritten(html), format!("{html}{}", image()), "{html}");
    }
}

#[test]
fn text_beside_a_link_says_nothing_about_it() {
    let html = r#"unsubscribe <a href="https://a.example/">x</a> unsubscribe <a href="https://b.example/">y</a>"#;
    let page = r#"unsubscribe <a href="[[https://a.example/]]">x</a> unsubscribe <a href="[[https://b.example/]]">y</a>@@"#;
    assert_eq!(rewritten(html), expected(page));
    let far = format!(
        r#"<a href="https://a.example/">{}unsubscribe"#,
        "y".repeat(300)
    );
    let page = format!(
        r#"<a href="[[https://a.example/]]">{}unsubscribe@@"#,
        "y".repeat(300)
    );
    assert_eq!(
        rewritten(&far),
        expected(&page),
        "an unclosed link ends somewhere"
    );
}

#[test]
fn the_senders_own_unsubscribe_url_is_left_alone() {
    let html =
        r#"<a href="https://a.example/u?a=1&amp;b=2">x</a><a href="https://a.example/">y</a>"#;
    let page = r#"<a href="https://a.example/u?a=1&amp;b=2">x</a><a href="[[https://a.example/]]">y</a>@@"#;
    for value in [
        "<https://a.example/u?a=1&b=2>",
        "<mailto:u@a.example>, < https://a.example/u?a=1&b=2 > (comment)",
    ] {
        let out = rewrite(html, &base(), Some(value), &key(), &TICKET).unwrap();
        assert_eq!(out, expected(page), "{value}");
    }
    let both = page.replace(
        "https://a.example/u?a=1&amp;b=2",
        "[[https://a.example/u?a=1&b=2]]",
    );
    for value in [
        "",
        "https://a.example/u?a=1&b=2",
        "<https://a.example/u>",
        "<",
        "<>",
    ] {
        let out = rewrite(html, &base(), Some(value), &key(), &TICKET).unwrap();
        assert_eq!(out, expected(&both), "{value}");
    }
}

#[test]
fn the_image_stands_where_it_is_seen() {
    for (html, page) in [
        ("", "@@"),
        ("x", "x@@"),
        ("<body>x</body>", "<body>x@@</body>"),
        (
            "<html><body>x</BODY ></html>\n",
            "<html><body>x@@</BODY ></html>\n",
        ),
        ("<body><p>x", "<body><p>x@@"),
        ("<body><div></body>y</html>", "<body><div>@@</body>y</html>"),
        (
            "<body>x</body><body>y</body>",
            "<body>x</body><body>y@@</body>",
        ),
        (
            r#"<body>x</body><a href="https://a.example/">y</a>"#,
            r#"<body>x@@</body><a href="[[https://a.example/]]">y</a>"#,
        ),
        (
            "<body><!-- </body> -->x</body>",
            "<body><!-- </body> -->x@@</body>",
        ),
        (
            "<body><p title='</body>'>x</body>",
            "<body><p title='</body>'>x@@</body>",
        ),
        (
            "<body><script>'</body>'</script>x</body>",
            "<body><script>'</body>'</script>x@@</body>",
        ),
        // An end without a beginning.
        ("x</body></html>", "x</body></html>@@"),
        ("x &am", "x &am@@"),
        ("x <", "x <@@"),
        // After the body has ended, whatever ends the page.
        ("<body>x</body><!-- ", "<body>x@@</body><!-- "),
        // Nowhere: an image would be part of what the page ends in.
        ("x <!-- y", "x <!-- y"),
        ("x <!--[if mso]> y", "x <!--[if mso]> y"),
        (
            "x <a href=\"https://a.example/",
            "x <a href=\"https://a.example/",
        ),
        (
            "x <a href=https://a.example/",
            "x <a href=https://a.example/",
        ),
        ("<body>x</body", "<body>x</body"),
        ("x <style>y", "x <style>y"),
        ("x <script>y", "x <script>y"),
        ("x <title>y", "x <title>y"),
        ("x <plaintext>y", "x <plaintext>y"),
        ("x <b", "x <b"),
    ] {
        assert_eq!(rewritten(html), expected(page), "{html}");
    }
}

#[test]
fn rewriting_twice_follows_no_link_twice() {
    let html = r#"<body><a href="https://a.example/">x</a></body>"#;
    let once = rewritten(html);
    assert_eq!(
        rewritten(&once),
        once.replace("</body>", &format!("{}</body>", image()))
    );
}

#[test]
fn one_reading_serves_every_recipient() {
    let base = base();
    let page = Page::read(r#"<a href="https://a.example/">x</a>"#, &base, None).unwrap();
    let other = Ticket {
        recipient: 2,
        ..TICKET
    };
    let (one, two) = (page.write(&key(), &TICKET), page.write(&key(), &other));
    assert_ne!(one, two);
    assert_eq!(one, rewritten(r#"<a href="https://a.example/">x</a>"#));
}

#[test]
fn the_image_is_a_gif_of_one_pixel() {
    assert_eq!(&PIXEL_GIF[..10], b"GIF89a\x01\0\x01\0");
    assert_eq!(PIXEL_GIF.last(), Some(&b';'));
}
