//! Templates.

use posthouse::Error;
use posthouse::error::{Field, Reason};
use posthouse::model::template::{Publication, Template, TemplateText};
use posthouse::ops::templates::TemplateChange;

use super::super::wire::{answer, ask};
use super::text;
use crate::http::json::{Given, Text};

/// The name and the draft of a template to be made.
///
/// # Errors
/// `Invalid` for a wrong type.
pub(in super::super) fn new_template(
    ask: ask::Template<'_>,
) -> Result<(String, TemplateText), Error> {
    let ask::Template {
        name,
        subject,
        html,
        text: body,
    } = ask;
    let draft = TemplateText {
        subject: filled(text(Field::Subject, subject)?),
        html: filled(text(Field::Html, html)?),
        text: filled(text(Field::Text, body)?),
    };
    Ok((text(Field::Name, name)?.unwrap_or_default(), draft))
}

/// What to change of a template. A `null` takes a part away; there is always a name.
///
/// # Errors
/// `Invalid` for a wrong type.
pub(in super::super) fn template_change(ask: ask::Template<'_>) -> Result<TemplateChange, Error> {
    let ask::Template {
        name,
        subject,
        html,
        text: body,
    } = ask;
    Ok(TemplateChange {
        name: match name {
            Given::Absent => None,
            Given::Null => return Err(Field::Name.error(Reason::Absent)),
            given => text(Field::Name, given)?,
        },
        subject: part(Field::Subject, subject)?,
        html: part(Field::Html, html)?,
        text: part(Field::Text, body)?,
    })
}

fn part(field: Field, given: Text<'_>) -> Result<Option<Option<String>>, Error> {
    match given {
        Given::Absent => Ok(None),
        given => text(field, given).map(filled).map(Some),
    }
}

/// An empty part is none.
fn filled(part: Option<String>) -> Option<String> {
    part.filter(|part| !part.is_empty())
}

pub(in super::super) fn template(template: Template) -> answer::Template {
    let Template {
        id: _,
        uuid,
        organization: _,
        name,
        draft,
        publication,
        version,
        created_at,
        updated_at,
    } = template;
    let TemplateText {
        subject,
        html,
        text,
    } = draft;
    answer::Template {
        id: uuid.to_string(),
        name,
        subject,
        html,
        text,
        status: match publication {
            Publication::Draft => "Draft",
            Publication::Published => "Published",
        },
        version,
        created_at: created_at.rfc3339_seconds(),
        updated_at: updated_at.rfc3339_seconds(),
    }
}

pub(in super::super) fn preview(made: TemplateText) -> answer::Preview {
    let TemplateText {
        subject,
        html,
        text,
    } = made;
    answer::Preview {
        subject,
        html,
        text,
    }
}
