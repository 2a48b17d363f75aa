//! Renders templates: `{{ name }}`, `{{ a.b.c }}`, `{{{ raw }}}`, conditions
//! `{{% if a == "b" and not c %}} … {{% elif d %}} … {{% else %}} … {{% endif %}}`,
//! loops `{{% for item in list %}} {{ item.name }} {{ loop.index }} … {{% endfor %}}`
//! and comments `{{# … #}}`. A dash, as in `{{%- if a -%}}`, takes the blanks
//! beside it away. `{{ name or "friend" }}` is an expression too. Two braces
//! as text are written `{{ "{{" }}`; nothing else is special.
//!
//! A name is letters and digits of any script, `_` and `-`; a name of digits
//! behind a dot is an index. What is not known is empty, at any depth. Pure,
//! and bounded in time, depth and memory whatever the template and the values.

mod admitted;
mod engine;
mod expression;
mod gate;
mod name;
mod tag;

use std::collections::HashSet;
use std::fmt;

use minijinja::Template;
use serde_json::{Map, Value};

use self::admitted::{Admitted, Refusal};
use self::engine::{ENGINE, Rendered};
use crate::limits;

/// A part of an email that is rendered on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Subject,
    /// The one where values are escaped.
    Html,
    Text,
}

impl Part {
    /// As it is called in the fields of a template.
    pub fn name(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Html => "html",
            Self::Text => "text",
        }
    }
}

/// What is wrong with a template, and where in it as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub part: Part,
    /// Counted from 1; LF ends a line.
    pub line: u32,
    /// In characters, counted from 1.
    pub column: u32,
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            part: _,
            line,
            column,
            message,
        } = self;
        write!(f, "line {line}, column {column}: {message}")
    }
}

impl std::error::Error for Fault {}

/// Why nothing was rendered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// It is no template; [`check`] says the same.
    #[error("{0}")]
    Syntax(Fault),
    /// It came to nothing with these values, or went past a bound.
    #[error("{0}")]
    Run(Fault),
    #[error("variables are nested over {} deep", limits::TEMPLATE_DEPTH)]
    VariablesDeep,
    #[error("variables of over {} bytes", limits::TEMPLATE_VARIABLES_BYTES)]
    VariablesLarge,
}

/// Checks a template's syntax.
///
/// # Errors
/// The first fault. A template without one can still fail with some values.
pub fn check(part: Part, source: &str) -> Result<(), Fault> {
    let place = Place { part, source };
    let admitted = place.admit()?;
    place.parse(&admitted).map(drop)
}

/// The paths a template looks up, such as `name` or `customer.address.city`,
/// less those that begin at a loop's own variable; in order, each once.
///
/// # Errors
/// As [`check`].
pub fn placeholders(part: Part, source: &str) -> Result<Vec<String>, Fault> {
    let place = Place { part, source };
    let admitted = place.admit()?;
    let undeclared = place.parse(&admitted)?.undeclared_variables(false);
    let outside = |path: &str| {
        let root = path.split('.').next().unwrap_or_default();
        !name::is_variable(root) || undeclared.contains(root)
    };
    let mut known = HashSet::new();
    let first = admitted.paths.iter().filter(|path| known.insert(**path));
    let found = first.filter(|path| outside(path));
    Ok(found.map(|path| (*path).to_owned()).collect())
}

/// Renders one part. In html a value is escaped, except in three braces.
///
/// # Errors
/// See [`RenderError`].
pub fn render(
    part: Part,
    source: &str,
    variables: &Map<String, Value>,
) -> Result<String, RenderError> {
    let place = Place { part, source };
    let admitted = place.admit().map_err(RenderError::Syntax)?;
    let template = place.parse(&admitted).map_err(RenderError::Syntax)?;
    let mut rendered = Rendered::new(&admitted.text);
    let outcome = template.render_captured_to(engine::scope(variables)?, &mut rendered);
    match outcome.map(drop) {
        Ok(()) => Ok(String::from_utf8(rendered.bytes).expect("text was written")),
        Err(_) if rendered.full => {
            let most = limits::TEMPLATE_OUTPUT_BYTES;
            let at = admitted.place(rendered.reached);
            let message = format!("renders to over {most} bytes");
            Err(RenderError::Run(place.fault(at, message)))
        }
        Err(error) => Err(RenderError::Run(place.failed(&error, &admitted))),
    }
}

/// A source, and so where its faults are.
struct Place<'s> {
    part: Part,
    source: &'s str,
}

impl<'s> Place<'s> {
    fn admit(&self) -> Result<Admitted<'s>, Fault> {
        let refused = |refusal: Refusal| self.fault(refusal.at, refusal.message);
        gate::admit(self.source).map_err(refused)
    }

    fn parse<'a>(&self, admitted: &'a Admitted<'_>) -> Result<Template<'a, 'a>, Fault> {
        ENGINE
            .template_from_named_str(self.part.name(), &admitted.text)
            .map_err(|error| self.failed(&error, admitted))
    }

    /// The engine counts lines and columns in 16 bits, so its offsets count
    /// where it has them, and its lines where it has not.
    fn failed(&self, error: &minijinja::Error, admitted: &Admitted<'_>) -> Fault {
        let at = match (error.range(), error.line()) {
            (Some(range), _) => admitted.place(range.start),
            (None, Some(line)) => admitted.place_of_line(line),
            (None, None) => 0,
        };
        let message = match (error.kind(), error.detail()) {
            (minijinja::ErrorKind::OutOfFuel, _) => "takes too many steps".to_owned(),
            (_, Some(detail)) => detail.to_owned(),
            (kind, None) => kind.to_string(),
        };
        self.fault(at, message)
    }

    fn fault(&self, at: usize, message: String) -> Fault {
        let before = &self.source[..at];
        let line = 1 + before.matches('\n').count();
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let column = 1 + before[start..].chars().count();
        // Both are within the source, or it is refused for its size.
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Fault {
            part: self.part,
            line: number(line),
            column: number(column),
            message,
        }
    }
}
