//! Templates.

use posthouse::model::template as t;
use serde::Serialize;

use super::time;

#[derive(Debug, Serialize)]
pub struct Template {
    pub id: i64,
    pub uuid: String,
    pub name: String,
    pub published: bool,
    pub version: u32,
    pub subject: Option<String>,
    pub html: Option<String>,
    pub text: Option<String>,
    pub created_at: String,
    pub updated_at: String,
}

impl Template {
    pub fn of(from: &t::Template) -> Self {
        let t::TemplateText {
            subject,
            html,
            text,
        } = from.draft.clone();
        Self {
            id: from.id.0,
            uuid: from.uuid.to_string(),
            name: from.name.clone(),
            published: from.publication == t::Publication::Published,
            version: from.version,
            subject,
            html,
            text,
            created_at: time(from.created_at),
            updated_at: time(from.updated_at),
        }
    }
}

#[derive(Debug, Serialize)]
pub struct TemplateWithVariables {
    #[serde(flatten)]
    pub template: Template,
    /// The paths that stand in its placeholders.
    pub variables: Vec<String>,
}
