//! Subject and bodies: as submitted, or from a template, with placeholders filled in.

use serde_json::{Map, Value};
use uuid::Uuid;

use super::submission::{Parsed, check_header_text, refused};
use crate::error::{Field, Problem, Reason};
use crate::mime::template::{Part, render};
use crate::model::email::SubjectTerms;
use crate::model::template::TemplateText;

/// What content is made from.
pub(super) struct Content {
    /// A template's UUID as it came.
    pub(super) template: Option<String>,
    pub(super) variables: Option<Map<String, Value>>,
    pub(super) subject: Option<String>,
    pub(super) html: Option<String>,
    pub(super) text: Option<String>,
}

/// What was found of the template that an email names.
pub(super) enum Found {
    /// It names none.
    NotNamed,
    /// There is none of this name.
    Missing,
    /// There is only a draft.
    Unpublished,
    /// Its last published version.
    Published(TemplateText),
}

impl Content {
    /// The template named, if what was given can be one's name.
    pub(super) fn template(&self) -> Option<Uuid> {
        Uuid::try_parse(self.template.as_deref()?).ok()
    }

    pub(super) fn size_bytes(&self) -> usize {
        self.html.as_ref().map_or(0, String::len) + self.text.as_ref().map_or(0, String::len)
    }
}

/// Makes the content of `parsed` from `template` and its variables, and checks it.
pub(super) fn fill(parsed: &mut Parsed, template: Found) {
    let mut problems = Vec::new();
    let named = parsed.content.template.is_some();
    match template {
        Found::Published(text) => {
            // What is said with the email wins over what the template says.
            let content = &mut parsed.content;
            content.subject = content.subject.take().or(text.subject);
            content.html = content.html.take().or(text.html);
            content.text = content.text.take().or(text.text);
        }
        Found::Missing => problems.push(Field::Template.problem(Reason::Unknown)),
        Found::Unpublished => problems.push(Field::Template.problem(Reason::Unpublished)),
        Found::NotNamed if named => problems.push(Field::Template.problem(Reason::Unknown)),
        Found::NotNamed => {}
    }
    if problems.is_empty() && (named || parsed.content.variables.is_some()) {
        render_all(&mut parsed.content, &mut problems);
    }
    if problems.is_empty() {
        check(parsed, &mut problems);
    }
    parsed.fields.subject = parsed.content.subject.clone();
    let at = parsed.content_at;
    parsed.problems.splice(at..at, problems);
}

fn render_all(content: &mut Content, problems: &mut Vec<Problem>) {
    let variables = content.variables.take().unwrap_or_default();
    let parts = [
        (Part::Subject, Field::Subject, &mut content.subject),
        (Part::Html, Field::Html, &mut content.html),
        (Part::Text, Field::Text, &mut content.text),
    ];
    for (part, field, slot) in parts {
        let Some(source) = slot.take() else { continue };
        match render(part, &source, &variables) {
            Ok(made) => *slot = Some(made).filter(|made| !made.is_empty()),
            Err(error) => {
                problems.push(field.problem(Reason::Malformed).of(error.to_string()));
            }
        }
    }
}

fn check(parsed: &Parsed, problems: &mut Vec<Problem>) {
    let Parsed { content, terms, .. } = parsed;
    let wire = |field| refused(&parsed.problems, field);
    let whole = parsed.posted.is_some();
    let body_refused = whole || wire(Field::Html) || wire(Field::Text);
    if content.html.is_none() && content.text.is_none() && !body_refused {
        problems.push(Field::Html.problem(Reason::Absent));
        problems.push(Field::Text.problem(Reason::Absent));
    }
    if content.size_bytes() > terms.body_bytes {
        problems.push(Field::Html.problem(Reason::TooLong));
    }
    match (&content.subject, terms.subject) {
        (Some(subject), _) => {
            check_header_text(Field::Subject, subject, terms.subject_characters, problems);
        }
        (None, SubjectTerms::Required) if !wire(Field::Subject) => {
            problems.push(Field::Subject.problem(Reason::Absent));
        }
        (None, SubjectTerms::Required | SubjectTerms::Optional) => {}
    }
}
