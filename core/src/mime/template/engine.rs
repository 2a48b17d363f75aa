//! The engine's settings, values in and text out.

use std::borrow::Cow;
use std::io;
use std::sync::{Arc, LazyLock};

use minijinja::value::{Object, Serde, Value, ValueKind};
use minijinja::{AutoEscape, Environment, Output, State, UndefinedBehavior, syntax::SyntaxConfig};
use serde_json::Map;

use super::name::{RAW, ROOT};
use super::{Part, RenderError};
use crate::limits;

/// Made once: it holds nothing of a template or of its values.
pub(super) static ENGINE: LazyLock<Environment<'static>> = LazyLock::new(|| {
    // Empty: no loader, no filters, no functions, no tests.
    let mut engine = Environment::empty();
    let syntax = SyntaxConfig::builder()
        .variable_delimiters("{{", "}}")
        .block_delimiters("{{%", "%}}")
        .comment_delimiters("{{#", "#}}")
        .keep_trailing_newline(true)
        .build();
    engine.set_syntax(syntax.expect("three different delimiters"));
    engine.set_auto_escape_callback(|name| match name == Part::Html.name() {
        true => AutoEscape::Html,
        false => AutoEscape::None,
    });
    engine.set_undefined_behavior(UndefinedBehavior::Chainable);
    engine.set_formatter(format);
    engine.add_filter(RAW, |value: &Value| {
        Value::from_safe_string(shown(value).into_owned())
    });
    engine.set_fuel(Some(limits::TEMPLATE_FUEL));
    engine.set_recursion_limit(2 * limits::TEMPLATE_DEPTH);
    engine.set_debug(false);
    engine
});

fn format(out: &mut Output, state: &mut State, value: &Value) -> Result<(), minijinja::Error> {
    let text = shown(value);
    match state.auto_escape() {
        AutoEscape::Html if !value.is_safe() => write_escaped(out, &text)?,
        _ => out.write_str(&text)?,
    }
    Ok(())
}

/// Fit for text and for quoted attributes.
fn write_escaped(out: &mut Output, mut text: &str) -> std::fmt::Result {
    let special = |one| matches!(one, '&' | '<' | '>' | '"' | '\'');
    while let Some(at) = text.find(special) {
        out.write_str(&text[..at])?;
        out.write_str(match text.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#39;",
        })?;
        text = &text[at + 1..];
    }
    out.write_str(text)
}

/// A value as it is shown: nothing for none, a text as it is, everything else
/// as JSON.
fn shown(value: &Value) -> Cow<'_, str> {
    match value.kind() {
        ValueKind::Undefined | ValueKind::None => Cow::Borrowed(""),
        ValueKind::String => Cow::Borrowed(value.as_str().unwrap_or_default()),
        _ => Cow::Owned(serde_json::to_string(value).unwrap_or_default()),
    }
}

/// The variables as the engine looks them up: each by its name, and all of
/// them by theirs together.
pub(super) fn scope(variables: &Map<String, serde_json::Value>) -> Result<Value, RenderError> {
    let mut left = limits::TEMPLATE_VARIABLES_BYTES;
    for (key, value) in variables {
        spend(&mut left, key.len())?;
        measure(value, limits::TEMPLATE_DEPTH, &mut left)?;
    }
    let all = Value::from(Serde(variables));
    Ok(Value::from_object(Scope { all }))
}

/// What names are looked up in outside of loops.
#[derive(Debug)]
struct Scope {
    all: Value,
}

impl Object for Scope {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match key.as_str() == Some(ROOT) {
            true => Some(self.all.clone()),
            false => self.all.get_item(key).ok(),
        }
    }
}

/// Goes no deeper than is allowed, so it can use the stack.
fn measure(value: &serde_json::Value, depth: usize, left: &mut usize) -> Result<(), RenderError> {
    use serde_json::Value as Json;
    let within = || depth.checked_sub(1).ok_or(RenderError::VariablesDeep);
    spend(left, limits::TEMPLATE_VALUE_BYTES)?;
    match value {
        Json::Null | Json::Bool(_) | Json::Number(_) => Ok(()),
        Json::String(text) => spend(left, text.len()),
        Json::Array(items) => {
            let depth = within()?;
            items.iter().try_for_each(|item| measure(item, depth, left))
        }
        Json::Object(entries) => {
            let depth = within()?;
            entries.iter().try_for_each(|(key, item)| {
                spend(left, key.len())?;
                measure(item, depth, left)
            })
        }
    }
}

fn spend(left: &mut usize, bytes: usize) -> Result<(), RenderError> {
    *left = left.checked_sub(bytes).ok_or(RenderError::VariablesLarge)?;
    Ok(())
}

/// What is rendered, up to a bound.
pub(super) struct Rendered<'a> {
    template: &'a str,
    pub(super) bytes: Vec<u8>,
    /// Where in the template the text begins that was written last.
    pub(super) reached: usize,
    pub(super) full: bool,
}

impl<'a> Rendered<'a> {
    pub(super) fn new(template: &'a str) -> Self {
        Self {
            template,
            bytes: Vec::with_capacity(template.len() + template.len() / 4),
            reached: 0,
            full: false,
        }
    }
}

impl io::Write for Rendered<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // The engine drops the place of an error of ours. But the template's
        // own text comes as slices of it, so that shows how far it came.
        let offset = bytes
            .as_ptr()
            .addr()
            .wrapping_sub(self.template.as_ptr().addr());
        if offset < self.template.len() {
            self.reached = offset;
        }
        if self.bytes.len() + bytes.len() > limits::TEMPLATE_OUTPUT_BYTES {
            self.full = true;
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
