//! The text of a page, for those who do not look at pages.

use lol_html::html_content::Element;

use super::tokens::{Reader, read};
use crate::mime::links::Target;

/// Paragraphs with an empty line between them, a line for each item and row, and the address
/// of each web link behind what it says.
pub(super) fn plain(html: &str) -> String {
    let page: Plain = read(html);
    let mut text = page.out;
    text.truncate(text.trim_end().len());
    text
}

/// What is due before the next word.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    #[default]
    Nothing,
    Blank,
    Line,
    Paragraph,
}

#[derive(Default)]
struct Plain {
    out: String,
    gap: Gap,
    /// How many `pre` are open: in them blanks and line ends count.
    pre: usize,
    link: Option<Link>,
}

/// An open `a` that leads somewhere.
struct Link {
    target: Target,
    /// Where its text begins.
    start: usize,
}

impl Plain {
    fn leave(&mut self, gap: Gap) {
        self.gap = self.gap.max(gap);
    }

    fn fill(&mut self) {
        let gap = std::mem::take(&mut self.gap);
        if self.out.is_empty() {
            return;
        }
        let fills = match gap {
            Gap::Nothing => "",
            Gap::Blank if self.out.ends_with(['\n', ' ']) => "",
            Gap::Blank => " ",
            Gap::Line if self.out.ends_with('\n') => "",
            Gap::Line => "\n",
            Gap::Paragraph if self.out.ends_with("\n\n") => "",
            Gap::Paragraph if self.out.ends_with('\n') => "\n",
            Gap::Paragraph => "\n\n",
        };
        self.out.push_str(fills);
    }

    fn words(&mut self, text: &str) {
        for c in text.chars() {
            if c.is_ascii_whitespace() {
                self.leave(Gap::Blank);
            } else {
                self.fill();
                // A blank that does not break is one.
                self.out.push(if c == '\u{a0}' { ' ' } else { c });
            }
        }
    }

    fn break_line(&mut self) {
        if self.gap > Gap::Blank {
            self.fill();
        }
        self.gap = Gap::Nothing;
        if !self.out.is_empty() {
            self.out.push('\n');
        }
    }

    fn end_link(&mut self) {
        let Some(Link { target, start }) = self.link.take() else {
            return;
        };
        if self.out[start..].trim() != target.as_str() {
            self.leave(Gap::Blank);
            self.fill();
            self.out.extend(["<", target.as_str(), ">"]);
        }
    }
}

impl Reader for Plain {
    fn open(&mut self, element: &Element<'_, '_>) {
        let name = element.tag_name();
        self.leave(gap_around(&name));
        match name.as_str() {
            "br" => self.break_line(),
            "hr" => self.words("---"),
            "li" => {
                self.fill();
                self.out.push_str("* ");
            }
            "pre" => self.pre += 1,
            "img" => {
                let alt = element.get_attribute("alt").unwrap_or_default();
                self.words(&htmlize::unescape_attribute(alt.as_str()));
            }
            "a" => {
                // One within another ends that (HTML 13.2.6.4.7).
                self.end_link();
                let href = element.get_attribute("href").unwrap_or_default();
                let target = Target::parse(&htmlize::unescape_attribute(href.as_str()));
                let start = self.out.len();
                self.link = target.map(|target| Link { target, start });
            }
            _ => {}
        }
        if name == "hr" {
            self.leave(Gap::Line);
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "a" => self.end_link(),
            "pre" => self.pre = self.pre.saturating_sub(1),
            _ => {}
        }
        self.leave(gap_around(name));
    }

    fn text(&mut self, text: &str) {
        let text = htmlize::unescape(text);
        if self.pre == 0 {
            return self.words(&text);
        }
        if !text.is_empty() {
            self.fill();
            self.out.push_str(&text.replace("\r\n", "\n"));
        }
    }
}

fn gap_around(name: &str) -> Gap {
    match name {
        "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "dl" | "table"
        | "blockquote" | "pre" => Gap::Paragraph,
        "address" | "article" | "aside" | "body" | "caption" | "center" | "dd" | "div" | "dt"
        | "figure" | "footer" | "form" | "header" | "hr" | "li" | "main" | "nav" | "option"
        | "section" | "tr" => Gap::Line,
        "td" | "th" => Gap::Blank,
        _ => Gap::Nothing,
    }
}
