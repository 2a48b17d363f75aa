//! `posthouse template`: texts with placeholders that mail is made from.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use posthouse::mime::template::{Part, placeholders};
use posthouse::model::template::{Publication, Template as Row, TemplateText};
use posthouse::ops::templates::TemplateChange;
use serde_json::json;

use super::desk::Desk;
use super::preview::Preview;
use super::shape;
use super::source::Source;
use super::table::{Table, fields, moment};
use super::words::nothing_to_change;
use crate::refusal::{Exit, Refusal};

/// Templates: subjects and bodies with placeholders that mail is made from
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  posthouse template create welcome --subject 'Hello {{ name }}' --html welcome.html --text welcome.txt
  posthouse template preview welcome --var name=Kim
  posthouse template publish welcome        mail is made from it from now on
  posthouse template set welcome --html -   the draft's html, from standard input

A template is named by its name or its UUID. {{ name }} is escaped in html, {{{ name }}} is not;
{{% if a %}} … {{% else %}} … {{% endif %}} and {{% for a in b %}} … {{% endfor %}} are known too.")]
pub struct Template {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the templates
    List,
    /// Show a template's draft, and the placeholders in it
    Show {
        /// Its name or UUID
        template: String,
    },
    /// Make a template, a draft
    Create {
        /// Its name, unique in the organization
        name: String,
        #[command(flatten)]
        parts: Parts,
    },
    /// Change a template's draft; mail is made from what was published until it is published again
    Set(Set),
    /// Make the draft the version that mail is made from
    Publish {
        /// Its name or UUID
        template: String,
    },
    Preview(Preview),
    /// Remove a template with all its versions; mail that was made from it stays as it is
    Remove {
        /// Its name or UUID
        template: String,
    },
}

#[derive(Debug, Args)]
struct Parts {
    /// The subject
    #[arg(long, value_name = "TEXT")]
    subject: Option<String>,
    /// A file with the html; - is standard input
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// A file with the text; - is standard input
    #[arg(long, value_name = "FILE")]
    text: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct Set {
    /// Its name or UUID
    template: String,
    /// Another name
    #[arg(long)]
    name: Option<String>,
    #[command(flatten)]
    parts: Parts,
    /// Take a part away
    #[arg(long, value_name = "PART")]
    without: Vec<Which>,
}

/// A part of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Which {
    /// The subject
    Subject,
    /// The html
    Html,
    /// The text
    Text,
}

impl Template {
    /// Runs it.
    ///
    /// # Errors
    /// As the engine says.
    pub async fn run(self, desk: &Desk) -> Result<(), Refusal> {
        match self.command {
            Command::List => list(desk).await,
            Command::Show { template } => show(desk, &template).await,
            Command::Create { name, parts } => create(desk, &name, &parts).await,
            Command::Set(set) => set.run(desk).await,
            Command::Publish { template } => publish(desk, &template).await,
            Command::Preview(preview) => preview.run(desk).await,
            Command::Remove { template } => remove(desk, &template).await,
        }
    }
}

async fn list(desk: &Desk) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let templates = desk.templates(&caller).await?;
    let shapes: Vec<_> = templates.iter().map(shape::Template::of).collect();
    let mut table = Table::new(["NAME", "STATE", "CHANGED", "UUID"]);
    for one in &templates {
        table.row([
            one.name.clone(),
            state(one),
            moment(one.updated_at),
            one.uuid.to_string(),
        ]);
    }
    let none = "There are no templates. Make one: posthouse template create NAME --subject TEXT --html FILE";
    Ok(desk.out.answer(&shapes, |to| table.write(to, none))?)
}

fn state(template: &Row) -> String {
    match template.publication {
        Publication::Draft => String::from("draft"),
        Publication::Published => format!("published, version {}", template.version),
    }
}

async fn show(desk: &Desk, named: &str) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let template = desk.template(&caller, named).await?;
    let variables = variables_of(&template.draft);
    let shape = shape::TemplateWithVariables {
        template: shape::Template::of(&template),
        variables: variables.clone(),
    };
    Ok(desk.out.answer(&shape, |to| {
        let mut lines = vec![
            ("Template", template.name.clone()),
            ("UUID", template.uuid.to_string()),
            ("State", state(&template)),
            ("Changed", moment(template.updated_at)),
        ];
        if !variables.is_empty() {
            lines.push(("Placeholders", variables.join(", ")));
        }
        fields(to, &lines)?;
        write_parts(to, &template.draft)
    })?)
}

/// The placeholders of all parts, each once.
fn variables_of(draft: &TemplateText) -> Vec<String> {
    let parts = [
        (Part::Subject, &draft.subject),
        (Part::Html, &draft.html),
        (Part::Text, &draft.text),
    ];
    let mut all: Vec<String> = Vec::new();
    for (part, source) in parts {
        // What is saved was checked.
        let found = source
            .as_deref()
            .map(|source| placeholders(part, source).unwrap_or_default());
        for name in found.unwrap_or_default() {
            if !all.contains(&name) {
                all.push(name);
            }
        }
    }
    all
}

/// Writes the parts of a text, each under its name.
///
/// # Errors
/// As `to` says.
pub fn write_parts(to: &mut dyn Write, text: &TemplateText) -> io::Result<()> {
    let parts = [
        ("Subject", &text.subject),
        ("HTML", &text.html),
        ("Text", &text.text),
    ];
    for (name, part) in parts {
        if let Some(part) = part {
            writeln!(to, "\n--- {name} ---\n{}", part.trim_end())?;
        }
    }
    Ok(())
}

impl Parts {
    /// What was given, read and checked.
    fn read(&self) -> Result<TemplateText, Refusal> {
        let subject = self
            .subject
            .as_ref()
            .map(|text| Source::given("--subject", text.clone()));
        let html = self.html.as_deref().map(Source::read).transpose()?;
        let text = self.text.as_deref().map(Source::read).transpose()?;
        let parts = [
            (Part::Subject, &subject),
            (Part::Html, &html),
            (Part::Text, &text),
        ];
        for (part, source) in parts {
            if let Some(source) = source {
                source.check(part)?;
            }
        }
        Ok(TemplateText {
            subject: subject.map(|source| source.text),
            html: html.map(|source| source.text),
            text: text.map(|source| source.text),
        })
    }
}

async fn create(desk: &Desk, name: &str, parts: &Parts) -> Result<(), Refusal> {
    let draft = parts.read()?;
    let caller = desk.caller().await?;
    let template = desk.engine.create_template(&caller, name, draft).await?;
    tell(desk, &template, "Made")
}

fn tell(desk: &Desk, template: &Row, did: &str) -> Result<(), Refusal> {
    Ok(desk.out.answer(&shape::Template::of(template), |to| {
        let name = super::quote::quoted(&template.name);
        writeln!(to, "{did} template {}: {}.", template.name, state(template))?;
        writeln!(
            to,
            "  posthouse template preview {name} --var NAME=VALUE\n  posthouse template publish {name}"
        )
    })?)
}

impl Set {
    async fn run(self, desk: &Desk) -> Result<(), Refusal> {
        let given = self.parts.read()?;
        let without = |which: Which| self.without.contains(&which);
        let part = |which: Which, text: Option<String>| match text {
            Some(_) if without(which) => Err(Refusal::new(
                Exit::Usage,
                "a part cannot be given and taken away at once",
            )),
            Some(text) => Ok(Some(Some(text))),
            None if without(which) => Ok(Some(None)),
            None => Ok(None),
        };
        let change = TemplateChange {
            subject: part(Which::Subject, given.subject)?,
            html: part(Which::Html, given.html)?,
            text: part(Which::Text, given.text)?,
            name: self.name,
        };
        let nothing = change.name.is_none()
            && change.subject.is_none()
            && change.html.is_none()
            && change.text.is_none();
        if nothing {
            return Err(nothing_to_change("template set"));
        }
        let caller = desk.caller().await?;
        let template = desk.template(&caller, &self.template).await?;
        let engine = &desk.engine;
        let template = engine.set_template(&caller, template.uuid, change).await?;
        tell(desk, &template, "Changed the draft of")
    }
}

async fn publish(desk: &Desk, named: &str) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let template = desk.template(&caller, named).await?;
    let template = desk
        .engine
        .publish_template(&caller, template.uuid)
        .await
        .map_err(|error| match error {
            posthouse::Error::Invalid(_) => {
                Refusal::new(Exit::Refused, "it has neither html nor text")
                    .hint("`posthouse template set NAME --html FILE` gives it some.")
            }
            error => error.into(),
        })?;
    Ok(desk.out.answer(&shape::Template::of(&template), |to| {
        writeln!(
            to,
            "Template {} is published as version {}: mail is made from it from now on.",
            template.name, template.version
        )
    })?)
}

async fn remove(desk: &Desk, named: &str) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let template = desk.template(&caller, named).await?;
    desk.engine.remove_template(&caller, template.uuid).await?;
    let shape = json!({"uuid": template.uuid.to_string(), "name": template.name, "removed": true});
    Ok(desk.out.answer(&shape, |to| {
        writeln!(to, "Template {} is removed.", template.name)
    })?)
}
