//! Templates: drafted, published, previewed. A broken one is refused when it is saved.

use serde_json::{Map, Value};
use uuid::Uuid;

use super::organizations::checked_name;
use crate::engine::Posthouse;
use crate::error::{Conflict, Error, Field, Missing, Problem, Reason, Result};
use crate::ids::{TemplateId, new_uuid};
use crate::mime::template::{Part, check, render};
use crate::model::key::{Caller, Scope};
use crate::model::template::{Template, TemplateText};

/// What to change of a template; None leaves it.
#[derive(Clone, Debug, Default)]
pub struct TemplateChange {
    /// The name.
    pub name: Option<String>,
    /// The subject; an inner None takes it away.
    pub subject: Option<Option<String>>,
    /// The html; an inner None takes it away.
    pub html: Option<Option<String>>,
    /// The text; an inner None takes it away.
    pub text: Option<Option<String>>,
}

fn parts(text: &TemplateText) -> [(Part, Field, Option<&String>); 3] {
    [
        (Part::Subject, Field::Subject, text.subject.as_ref()),
        (Part::Html, Field::Html, text.html.as_ref()),
        (Part::Text, Field::Text, text.text.as_ref()),
    ]
}

/// Every part that does not parse, with line and column.
fn checked(text: &TemplateText) -> Result<()> {
    let problems: Vec<Problem> = parts(text)
        .into_iter()
        .filter_map(|(part, field, source)| {
            let fault = check(part, source?).err()?;
            Some(field.problem(Reason::Malformed).of(fault.to_string()))
        })
        .collect();
    if problems.is_empty() {
        return Ok(());
    }
    Err(Error::Invalid(problems))
}

impl Posthouse {
    /// Makes a template, a draft.
    ///
    /// # Errors
    /// `Denied::Scope`; `Invalid` name or part; `Conflict::Taken` name.
    pub async fn create_template(
        &self,
        caller: &Caller,
        name: &str,
        draft: TemplateText,
    ) -> Result<Template> {
        caller.needs(Scope::Templates)?;
        let name = checked_name(name)?;
        checked(&draft)?;
        let of = caller.organization();
        let now = self.now();
        let uuid = new_uuid(now, self.entropy());
        self.store
            .write(move |write| {
                if write.template_named(of, &name, None)? {
                    return Err(Error::Conflict(Conflict::Taken));
                }
                write.add_template(of, uuid, (&name, &draft), now)?;
                found(write, of, uuid)
            })
            .await
    }

    /// The caller's templates after `after`, by id.
    ///
    /// # Errors
    /// `Denied::Scope`.
    pub async fn templates(
        &self,
        caller: &Caller,
        after: TemplateId,
        rows: u32,
    ) -> Result<Vec<Template>> {
        caller.needs(Scope::TemplatesRead)?;
        let of = caller.organization();
        self.store
            .read(move |read| read.templates(of, after, rows))
            .await
    }

    /// One of the caller's templates.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Template`.
    pub async fn template(&self, caller: &Caller, uuid: Uuid) -> Result<Template> {
        caller.needs(Scope::TemplatesRead)?;
        let of = caller.organization();
        self.store.read(move |read| found(read, of, uuid)).await
    }

    /// Changes a template's draft. Mail goes on being made from what was published.
    ///
    /// # Errors
    /// As `create_template`; `Missing::Template`.
    pub async fn set_template(
        &self,
        caller: &Caller,
        uuid: Uuid,
        change: TemplateChange,
    ) -> Result<Template> {
        caller.needs(Scope::Templates)?;
        let name = change.name.as_deref().map(checked_name).transpose()?;
        let of = caller.organization();
        let now = self.now();
        self.store
            .write(move |write| {
                let was = found(write, of, uuid)?;
                let name = name.unwrap_or(was.name);
                let draft = TemplateText {
                    subject: change.subject.unwrap_or(was.draft.subject),
                    html: change.html.unwrap_or(was.draft.html),
                    text: change.text.unwrap_or(was.draft.text),
                };
                checked(&draft)?;
                if write.template_named(of, &name, Some(was.id))? {
                    return Err(Error::Conflict(Conflict::Taken));
                }
                write.set_template(was.id, (&name, &draft), now)?;
                found(write, of, uuid)
            })
            .await
    }

    /// Makes a template's draft its next published version.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Template`; `Invalid` when there is neither html nor text.
    pub async fn publish_template(&self, caller: &Caller, uuid: Uuid) -> Result<Template> {
        caller.needs(Scope::Templates)?;
        let of = caller.organization();
        let now = self.now();
        self.store
            .write(move |write| {
                let template = found(write, of, uuid)?;
                if template.draft.html.is_none() && template.draft.text.is_none() {
                    return Err(Error::Invalid(vec![
                        Field::Html.problem(Reason::Absent),
                        Field::Text.problem(Reason::Absent),
                    ]));
                }
                write.publish_template(template.id, now)?;
                found(write, of, uuid)
            })
            .await
    }

    /// Removes a template with all its versions. Mail that was made from it stays as it is.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Template`.
    pub async fn remove_template(&self, caller: &Caller, uuid: Uuid) -> Result<()> {
        caller.needs(Scope::Templates)?;
        let of = caller.organization();
        self.store
            .write(move |write| {
                let template = found(write, of, uuid)?;
                write.remove_template(template.id)
            })
            .await
    }

    /// A template's draft with its placeholders filled in.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Template`; `Invalid` part when it cannot be rendered.
    pub async fn preview_template(
        &self,
        caller: &Caller,
        uuid: Uuid,
        variables: Map<String, Value>,
    ) -> Result<TemplateText> {
        let template = self.template(caller, uuid).await?;
        tokio::task::spawn_blocking(move || preview(&template.draft, &variables))
            .await
            .map_err(crate::error::internal)?
    }
}

impl Posthouse {
    /// What texts come to with their placeholders filled in; nothing is kept.
    ///
    /// # Errors
    /// `Denied::Scope`; `Invalid` part when it cannot be rendered.
    pub async fn preview_text(
        &self,
        caller: &Caller,
        text: TemplateText,
        variables: Map<String, Value>,
    ) -> Result<TemplateText> {
        caller.needs(Scope::TemplatesRead)?;
        tokio::task::spawn_blocking(move || preview(&text, &variables))
            .await
            .map_err(crate::error::internal)?
    }
}

fn preview(draft: &TemplateText, variables: &Map<String, Value>) -> Result<TemplateText> {
    let mut problems = Vec::new();
    let [subject, html, text] =
        parts(draft).map(
            |(part, field, source)| match render(part, source?, variables) {
                Ok(made) => Some(made),
                Err(error) => {
                    problems.push(field.problem(Reason::Malformed).of(error.to_string()));
                    None
                }
            },
        );
    if problems.is_empty() {
        return Ok(TemplateText {
            subject,
            html,
            text,
        });
    }
    Err(Error::Invalid(problems))
}

fn found(
    read: &crate::store::Read<'_>,
    of: crate::ids::OrganizationId,
    uuid: Uuid,
) -> Result<Template> {
    read.template(of, uuid)?
        .ok_or(Error::Missing(Missing::Template))
}
