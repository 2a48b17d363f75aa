//! Any page at all, and the bounds.

use proptest::prelude::*;

use super::{CLICK, TICKET, base, image, key, rewritten};
use crate::limits::{TRACKED_LINKS, TRACKED_PARSING_BYTES, TRACKED_URL_BYTES};
use crate::mime::links::Target;
use crate::mime::track::{Unread, rewrite};

#[test]
fn bounds_hold() {
    let many = r#"<a href="https://a.example/">x</a>"#.repeat(TRACKED_LINKS + 5);
    assert_eq!(rewritten(&many).matches(CLICK).count(), TRACKED_LINKS);
    let long = format!(
        r#"<a href="https://a.example/{}">x</a>"#,
        "y".repeat(TRACKED_URL_BYTES)
    );
    assert_eq!(rewritten(&long), format!("{long}{}", image()));
    let attribute = format!("<p title='{}'>x</p>", "y".repeat(3_000_000));
    assert!(rewritten(&attribute) == format!("{attribute}{}", image()));
    let deep = "<div>".repeat(5_000);
    assert!(rewritten(&deep) == format!("{deep}{}", image()));
}

#[test]
fn what_cannot_be_read_for_certain_is_refused() {
    let unread = |html: &str| rewrite(html, &base(), None, &key(), &TICKET).map(|page| page.len());
    assert_eq!(
        unread("<select><xmp><script>'</xmp>'</script></select>"),
        Err(Unread::Ambiguous)
    );
    assert_eq!(unread(&"<div>".repeat(200_000)), Err(Unread::Memory));
    let open = format!("x <a href=\"{}", "y".repeat(TRACKED_PARSING_BYTES));
    assert_eq!(unread(&open), Err(Unread::Memory));
}

/// Takes back what rewriting did, not knowing the page: the image, and every link for its
/// target.
fn undone(page: &str) -> String {
    let page = page.replacen(&image(), "", 1);
    let mut out = String::new();
    let mut pieces = page.split(CLICK);
    out.push_str(pieces.next().unwrap());
    for piece in pieces {
        let link = |c: char| c.is_ascii_alphanumeric() || "-._~?=%".contains(c);
        let end = piece.find(|c| !link(c)).unwrap_or(piece.len());
        let (token, query) = piece[..end].split_once('?').unwrap();
        let target = Target::of_query(query).unwrap();
        assert_eq!(key().clicked(token, &target), Some(TICKET));
        out.push_str(target.as_str());
        out.push_str(&piece[end..]);
    }
    out
}

/// Pieces of pages, well formed and not.
fn soup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-z]{1,6}".prop_map(|path| format!("<a href=\"https://a.example/{path}\">")),
        "[a-z]{1,6}".prop_map(|path| format!("<a class=x href='http://a.example/{path}' id=y>")),
        "[a-z]{1,6}".prop_map(|path| format!("<area href=http://a.example/{path} />")),
        prop::sample::select(vec![
            "</a>",
            "<body>",
            "</body>",
            "</html>",
            "<!--",
            "-->",
            "<!--[if mso]>",
            "<![endif]-->",
            "<svg>",
            "</svg>",
            "<math>",
            "<style>",
            "</style>",
            "<script>",
            "</script>",
            "<title>",
            "</title>",
            "<textarea>",
            "<table>",
            "<td>",
            "<p>",
            "<br/>",
            "<",
            ">",
            "\"",
            "'",
            "=",
            "/",
            "&",
            "&amp;",
            "]]>",
            "<![CDATA[",
            "<?xml ?>",
            "\0",
            "<a href=",
            "<a href='",
            "href",
            "unsubscribe",
            "<noscript>",
            "<template>",
            "<select>",
            "</select>",
            "<img src=x>",
            "\u{feff}",
            "ü",
            "🎉",
            "<!doctype html>",
        ])
        .prop_map(str::to_owned),
        ".{0,10}",
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn only_links_and_the_image_change(html in soup()) {
        if let Ok(out) = rewrite(&html, &base(), None, &key(), &TICKET) {
            prop_assert_eq!(undone(&out), html);
        }
    }

    #[test]
    fn no_page_breaks_it(html in "[\\x00-\\x7f]{0,300}") {
        let _ = rewrite(&html, &base(), Some(&html), &key(), &TICKET);
    }
}
