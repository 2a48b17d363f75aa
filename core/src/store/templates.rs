//! Tables `template` and `template_version`.

use rusqlite::{Row, named_params};
use uuid::Uuid;

use super::{Read, Write, row};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::ids::{OrganizationId, TemplateId};
use crate::model::template::{Publication, Template, TemplateText};

const COLUMNS: &str = "id, uuid, organization_id, name, subject, html, text, published, version,
    created_at, updated_at";

fn text(found: &Row<'_>) -> rusqlite::Result<TemplateText> {
    Ok(TemplateText {
        subject: found.get("subject")?,
        html: found.get("html")?,
        text: found.get("text")?,
    })
}

fn template(found: &Row<'_>) -> rusqlite::Result<Template> {
    Ok(Template {
        id: TemplateId(found.get("id")?),
        uuid: row::uuid(found, "uuid")?,
        organization: OrganizationId(found.get("organization_id")?),
        name: found.get("name")?,
        draft: text(found)?,
        publication: if found.get("published")? {
            Publication::Published
        } else {
            Publication::Draft
        },
        version: found.get("version")?,
        created_at: row::time(found, "created_at")?,
        updated_at: row::time(found, "updated_at")?,
    })
}

impl Read<'_> {
    /// An organization's template with this UUID.
    ///
    /// # Errors
    /// As SQLite says; so for every function here.
    pub fn template(&self, of: OrganizationId, uuid: Uuid) -> Result<Option<Template>> {
        self.find(
            &format!("SELECT {COLUMNS} FROM template WHERE uuid = :uuid AND organization_id = :of"),
            named_params! {":uuid": uuid.as_bytes(), ":of": of.0},
            template,
        )
    }

    /// An organization's templates, by id, after `after`.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn templates(
        &self,
        of: OrganizationId,
        after: TemplateId,
        rows: u32,
    ) -> Result<Vec<Template>> {
        self.list(
            &format!(
                "SELECT {COLUMNS} FROM template WHERE organization_id = :of AND id > :after
                 ORDER BY id LIMIT :rows"
            ),
            named_params! {":of": of.0, ":after": after.0, ":rows": rows},
            template,
        )
    }

    /// Whether another of an organization's templates has this name.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn template_named(
        &self,
        of: OrganizationId,
        name: &str,
        but: Option<TemplateId>,
    ) -> Result<bool> {
        let found = self.find(
            "SELECT 1 FROM template WHERE organization_id = :of AND name = :name
             AND id IS NOT :but",
            named_params! {":of": of.0, ":name": name, ":but": but.map(|id| id.0)},
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }

    /// The last published version of a template.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn published(&self, of: TemplateId) -> Result<Option<TemplateText>> {
        self.find(
            "SELECT subject, html, text FROM template_version WHERE template_id = :of
             ORDER BY version DESC LIMIT 1",
            named_params! {":of": of.0},
            text,
        )
    }
}

impl Write<'_> {
    /// Makes a template, a draft.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn add_template(
        &self,
        of: OrganizationId,
        uuid: Uuid,
        (name, draft): (&str, &TemplateText),
        now: Timestamp,
    ) -> Result<TemplateId> {
        self.execute(
            "INSERT INTO template (uuid, organization_id, name, subject, html, text, created_at, updated_at)
             VALUES (:uuid, :of, :name, :subject, :html, :text, :now, :now)",
            named_params! {
                ":uuid": uuid.as_bytes(),
                ":of": of.0,
                ":name": name,
                ":subject": draft.subject,
                ":html": draft.html,
                ":text": draft.text,
                ":now": now.0,
            },
        )?;
        Ok(TemplateId(self.last_id()))
    }

    /// Writes a template's name and draft.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn set_template(
        &self,
        id: TemplateId,
        (name, draft): (&str, &TemplateText),
        now: Timestamp,
    ) -> Result<()> {
        self.execute(
            "UPDATE template SET name = :name, subject = :subject, html = :html, text = :text,
             updated_at = :now WHERE id = :id",
            named_params! {
                ":name": name,
                ":subject": draft.subject,
                ":html": draft.html,
                ":text": draft.text,
                ":now": now.0,
                ":id": id.0,
            },
        )?;
        Ok(())
    }

    /// Makes the draft the next published version.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn publish_template(&self, id: TemplateId, now: Timestamp) -> Result<()> {
        let params = named_params! {":id": id.0, ":now": now.0};
        self.execute(
            "UPDATE template SET version = version + 1, published = 1, updated_at = :now
             WHERE id = :id",
            params,
        )?;
        self.execute(
            "INSERT INTO template_version (template_id, version, subject, html, text, published_at)
             SELECT id, version, subject, html, text, :now FROM template WHERE id = :id",
            params,
        )?;
        Ok(())
    }

    /// Removes a template with its versions.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn remove_template(&self, id: TemplateId) -> Result<()> {
        self.execute(
            "DELETE FROM template WHERE id = :id",
            named_params! {":id": id.0},
        )?;
        Ok(())
    }
}
