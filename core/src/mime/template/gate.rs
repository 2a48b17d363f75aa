//! What of a template may reach the engine, and in which form.
//!
//! minijinja 3.0.5 has more than mail needs, and not all of it is bounded:
//! `a+a+…`, `a.a.…`, `not not …` and a chain of `elif` overflow its stack,
//! `set` in a loop doubles a text until there is no memory, and `autoescape`
//! switches escaping off. So only what is known here passes: names, texts,
//! numbers, comparisons, `and`, `or`, `not`, parentheses, `if` and `for`. It
//! is written anew for the engine, which still judges how they fit together.

use super::admitted::{Admitted, Refusal};
use super::expression;
use super::name::{RAW, is_variable, lookup};
use super::tag::{self, Kind, Piece, Tag, Trim};
use crate::limits;

/// Admits a template.
///
/// # Errors
/// At the first thing that may not pass.
pub(super) fn admit(source: &str) -> Result<Admitted<'_>, Refusal> {
    let most = limits::TEMPLATE_BYTES;
    if source.len() > most {
        return Err(Refusal::new(0, format!("a template of over {most} bytes")));
    }
    let mut gate = Gate {
        source,
        at: 0,
        depth: 0,
        open: Vec::new(),
        out: Admitted::default(),
    };
    while let Some(found) = source[gate.at..].find("{{") {
        gate.text(gate.at + found);
        gate.tag()?;
    }
    gate.text(source.len());
    match gate.open.last() {
        None => Ok(gate.out),
        Some(open) => Err(Refusal::new(open.at, format!("`{}` has no end", open.word))),
    }
}

/// A block that waits for its end.
struct Open<'s> {
    word: &'s str,
    at: usize,
    /// How deep the engine goes for it: each `elif` is a block within.
    levels: usize,
}

struct Gate<'s> {
    source: &'s str,
    /// How far the source is read.
    at: usize,
    depth: usize,
    open: Vec<Open<'s>>,
    out: Admitted<'s>,
}

impl<'s> Gate<'s> {
    /// Copies ordinary text. It holds no braces that open a tag, and neither
    /// does its end together with a tag's start: the first two count.
    fn text(&mut self, end: usize) {
        self.out.mark(self.at);
        self.out.text.push_str(&self.source[self.at..end]);
        self.at = end;
    }

    fn tag(&mut self) -> Result<(), Refusal> {
        let start = self.at;
        self.out.mark_tag(start);
        let unclosed = |refusal: Refusal| match refusal.at == self.source.len() {
            true => Refusal::new(start, "a tag has no end"),
            false => refusal,
        };
        match self.source.as_bytes().get(start + 2) {
            Some(b'#') => self.comment(),
            Some(b'{') => {
                let tag = tag::read(self.source, start + 3, "}}}").map_err(unclosed)?;
                self.raw(&tag)
            }
            Some(b'%') => {
                let (from, opening) = self.opening("{{%");
                let tag = tag::read(self.source, from, "%}}").map_err(unclosed)?;
                self.block(&tag, opening)
            }
            _ => {
                let (from, opening) = self.opening("{{");
                let tag = tag::read(self.source, from, "}}").map_err(unclosed)?;
                self.value(&tag, opening)
            }
        }
    }

    /// Where the inside of a tag begins, and whether a dash takes the blanks
    /// before it.
    fn opening(&self, braces: &str) -> (usize, Trim) {
        let from = self.at + braces.len();
        match self.source[from..].starts_with('-') {
            true => (from + 1, Trim::Take),
            false => (from, Trim::Keep),
        }
    }

    /// Nothing is left of a comment but its braces, dashes and line ends.
    fn comment(&mut self) -> Result<(), Refusal> {
        let inside = self.at + "{{#".len();
        let found = self.source[inside..].find("#}}");
        let end = found.ok_or_else(|| Refusal::new(self.at, "a comment has no end"))?;
        let comment = &self.source[inside..inside + end];
        let first = comment.strip_prefix('-').map_or("", |_| "-");
        let last = comment.strip_suffix('-').map_or("", |_| "-");
        let lines = "\n".repeat(comment.matches('\n').count());
        let written = format!("{{{{#{first} {lines}{last}#}}}}");
        self.out.text.push_str(&written);
        self.at = inside + end + "#}}".len();
        Ok(())
    }

    /// `{{{ path }}}`.
    fn raw(&mut self, tag: &Tag<'s>) -> Result<(), Refusal> {
        let Some(path) = only_path(&tag.pieces) else {
            let at = tag.pieces.get(1).map_or(self.at, |piece| piece.at);
            return Err(Refusal::new(at, "one name is expected in three braces"));
        };
        self.open_braces("{{", Trim::Keep);
        self.lookup(path);
        self.out.text.push_str(&format!("|{RAW}"));
        self.close_braces("}}", tag);
        Ok(())
    }

    /// `{{ path }}`, whatever word it is, or `{{ expression }}`.
    fn value(&mut self, tag: &Tag<'s>, opening: Trim) -> Result<(), Refusal> {
        self.open_braces("{{", opening);
        match only_path(&tag.pieces) {
            Some(path) => self.lookup(path),
            None => {
                expression::check(&tag.pieces, self.at)?;
                self.expression(&tag.pieces);
            }
        }
        self.close_braces("}}", tag);
        Ok(())
    }

    fn block(&mut self, tag: &Tag<'s>, opening: Trim) -> Result<(), Refusal> {
        let start = self.at;
        let Some((word, rest)) = tag.pieces.split_first() else {
            return Err(Refusal::new(start, "a block tag without a word"));
        };
        self.open_braces("{{%", opening);
        self.copy(word);
        match word.text {
            "if" | "elif" => {
                expression::check(rest, word.at)?;
                self.expression(rest);
            }
            "for" => self.loop_head(word, rest)?,
            "else" | "endif" | "endfor" => {
                if let Some(piece) = rest.first() {
                    return Err(Refusal::unexpected(piece));
                }
            }
            other => {
                let message = format!(
                    "unknown word `{other}`; there are if, elif, else, endif, for and endfor"
                );
                return Err(Refusal::new(word.at, message));
            }
        }
        self.nest(word, start)?;
        self.close_braces("%}}", tag);
        Ok(())
    }

    /// `for name in path`, behind the first word.
    fn loop_head(&mut self, word: &Piece<'s>, rest: &[Piece<'s>]) -> Result<(), Refusal> {
        let [name, between, path] = rest else {
            return Err(Refusal::new(
                word.at,
                "a loop is written `for name in list`",
            ));
        };
        if !is_variable(name.text) || ["loop", "self"].contains(&name.text) {
            return Err(Refusal::new(name.at, "this cannot name a loop's value"));
        }
        if between.text != "in" {
            return Err(Refusal::unexpected(between));
        }
        if path.kind != Kind::Path {
            return Err(Refusal::unexpected(path));
        }
        self.copy(name);
        self.copy(between);
        self.lookup(path);
        Ok(())
    }

    /// Keeps account of blocks that are open.
    fn nest(&mut self, word: &Piece<'s>, at: usize) -> Result<(), Refusal> {
        match word.text {
            "if" | "for" => {
                self.depth += 1;
                self.open.push(Open {
                    word: word.text,
                    at,
                    levels: 1,
                });
            }
            "elif" => {
                let open = self.open.last_mut().filter(|open| open.word == "if");
                open.ok_or_else(|| Refusal::unexpected(word))?.levels += 1;
                self.depth += 1;
            }
            "endif" => self.end("if", word)?,
            "endfor" => self.end("for", word)?,
            // The engine knows where it may stand.
            _ => {}
        }
        let most = limits::TEMPLATE_DEPTH;
        if self.depth > most {
            let message = format!("blocks are nested over {most} deep");
            return Err(Refusal::new(at, message));
        }
        Ok(())
    }

    fn end(&mut self, begins: &str, word: &Piece<'s>) -> Result<(), Refusal> {
        let open = self.open.pop().filter(|open| open.word == begins);
        self.depth -= open.ok_or_else(|| Refusal::unexpected(word))?.levels;
        Ok(())
    }

    fn expression(&mut self, pieces: &[Piece<'s>]) {
        for piece in pieces {
            match expression::is_lookup(piece) {
                true => self.lookup(piece),
                false => self.copy(piece),
            }
        }
    }

    fn open_braces(&mut self, braces: &str, trim: Trim) {
        self.out.text.push_str(braces);
        if trim == Trim::Take {
            self.out.text.push('-');
        }
    }

    fn close_braces(&mut self, braces: &str, tag: &Tag<'s>) {
        self.gap(tag.close_at);
        self.out.mark(tag.close_at);
        if tag.trim == Trim::Take {
            self.out.text.push('-');
        }
        self.out.text.push_str(braces);
        self.at = tag.end;
    }

    fn copy(&mut self, piece: &Piece<'s>) {
        self.write(piece, piece.text);
    }

    fn lookup(&mut self, path: &Piece<'s>) {
        self.out.paths.push(path.text);
        self.write(path, &lookup(path.text));
    }

    fn write(&mut self, piece: &Piece<'s>, text: &str) {
        self.gap(piece.at);
        self.out.mark(piece.at);
        self.out.text.push_str(text);
        self.at = piece.at + piece.text.len();
    }

    /// A blank, or as many line ends as the source has up to `end`.
    fn gap(&mut self, end: usize) {
        match self.source[self.at..end].matches('\n').count() {
            0 => self.out.text.push(' '),
            lines => self.out.text.push_str(&"\n".repeat(lines)),
        }
    }
}

/// The one path that is all of a tag. `{{ 1 }}` is a look-up too.
fn only_path<'a, 's>(pieces: &'a [Piece<'s>]) -> Option<&'a Piece<'s>> {
    let [piece] = pieces else { return None };
    let path = match piece.kind {
        Kind::Path => true,
        Kind::Number => !piece.text.starts_with('-'),
        Kind::Text | Kind::Comparison | Kind::Open | Kind::Close => false,
    };
    path.then_some(piece)
}
