//! Texts with placeholders that mail is made from.

use std::collections::{BTreeMap, BTreeSet};

use posthouse::error::{Error, Field};
use posthouse::ids::{TemplateId, random};
use posthouse::mime::template::{Part, placeholders};
use posthouse::model::organization::Role;
use posthouse::model::template::{Publication, Template, TemplateText};
use posthouse::ops::templates::TemplateChange;

use super::call::Call;
use super::convert::{cleared, limit, number, page, time, uuid};
use super::trouble::Outcome;
use super::wire::{
    ByUuid, Done, Page, Paged, TemplatePreview, TemplatePreviewAsked, TemplateRow, TemplateSave,
    TemplateShown,
};

fn row(from: &Template) -> TemplateRow {
    TemplateRow {
        id: from.uuid.to_string(),
        name: from.name.clone(),
        published: from.publication == Publication::Published,
        version: from.version,
        updated_at: time(from.updated_at),
    }
}

fn shown(from: Template) -> TemplateShown {
    let draft = &from.draft;
    let parts = [
        (Part::Subject, &draft.subject),
        (Part::Html, &draft.html),
        (Part::Text, &draft.text),
    ];
    let names: BTreeSet<String> = parts
        .into_iter()
        .filter_map(|(part, source)| placeholders(part, source.as_deref()?).ok())
        .flatten()
        .collect();
    TemplateShown {
        id: from.uuid.to_string(),
        published: from.publication == Publication::Published,
        version: from.version,
        created_at: time(from.created_at),
        updated_at: time(from.updated_at),
        placeholders: names.into_iter().collect(),
        name: from.name,
        subject: from.draft.subject,
        html: from.draft.html,
        text: from.draft.text,
    }
}

/// By id, the oldest first: `next` is the last id of the page.
pub async fn list(call: Call, asked: Paged) -> Outcome<Page<TemplateRow>> {
    let caller = call.caller(Role::Reader)?;
    let after = number(asked.before.as_deref())?.unwrap_or(0);
    let rows = limit(asked.limit);
    let found = call.engine.templates(caller, TemplateId(after), rows + 1);
    let mut all = found.await?;
    let most = usize::try_from(rows).unwrap_or(usize::MAX);
    let more = all.len() > most;
    all.truncate(most);
    let next = all.last().filter(|_| more).map(|one| one.id);
    Ok(page(all.iter().map(row).collect(), next, None))
}

pub async fn show(call: Call, asked: ByUuid) -> Outcome<TemplateShown> {
    let caller = call.caller(Role::Reader)?;
    let id = uuid("id", &asked.id)?;
    Ok(shown(call.engine.template(caller, id).await?))
}

/// All of it, as it stands in the page: what is null there is no part of it.
pub async fn save(call: Call, asked: TemplateSave) -> Outcome<TemplateShown> {
    let caller = call.caller(Role::Member)?;
    let given = |text| cleared(text).flatten();
    let draft = TemplateText {
        subject: given(asked.subject),
        html: given(asked.html),
        text: given(asked.text),
    };
    let saved = match asked.id {
        None => {
            let made = call.engine.create_template(caller, &asked.name, draft);
            made.await?
        }
        Some(id) => {
            let change = TemplateChange {
                name: Some(asked.name),
                subject: Some(draft.subject),
                html: Some(draft.html),
                text: Some(draft.text),
            };
            let id = uuid("id", &id)?;
            call.engine.set_template(caller, id, change).await?
        }
    };
    Ok(shown(saved))
}

pub async fn publish(call: Call, asked: ByUuid) -> Outcome<TemplateShown> {
    let caller = call.caller(Role::Member)?;
    let id = uuid("id", &asked.id)?;
    Ok(shown(call.engine.publish_template(caller, id).await?))
}

pub async fn remove(call: Call, asked: ByUuid) -> Outcome<Done> {
    let caller = call.caller(Role::Member)?;
    let id = uuid("id", &asked.id)?;
    call.engine.remove_template(caller, id).await?;
    Ok(Done {})
}

pub async fn preview(call: Call, asked: TemplatePreviewAsked) -> Outcome<TemplatePreview> {
    let caller = call.caller(Role::Reader)?;
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    let text = TemplateText {
        subject: given(asked.source.subject),
        html: given(asked.source.html),
        text: given(asked.source.text),
    };
    match call.engine.preview_text(caller, text, asked.data).await {
        Ok(made) => {
            let html_url = made.html.as_ref().map(|html| {
                let token: [u8; 16] = random(call.engine.entropy());
                let token: String = token.iter().map(|byte| format!("{byte:02x}")).collect();
                let url = format!("/console/files/preview/{token}");
                call.previews
                    .keep(caller.organization(), token, html.clone());
                url
            });
            Ok(TemplatePreview {
                subject: made.subject,
                html: made.html,
                html_url,
                text: made.text,
                problems: BTreeMap::new(),
            })
        }
        Err(Error::Invalid(problems)) => {
            let told = problems.into_iter().map(|problem| {
                let part = match problem.field {
                    Field::Subject => "subject",
                    Field::Html => "html",
                    _ => "text",
                };
                let words = problem.detail.unwrap_or_else(|| problem.reason.to_string());
                (part.to_owned(), words)
            });
            Ok(TemplatePreview {
                subject: None,
                html: None,
                html_url: None,
                text: None,
                problems: told.collect(),
            })
        }
        Err(other) => Err(other.into()),
    }
}
