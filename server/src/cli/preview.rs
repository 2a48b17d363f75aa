//! A template with its placeholders filled in.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Map, Value, json};

use super::desk::Desk;
use super::source::{broken, read_json};
use super::template::{Which, write_parts};
use crate::refusal::{Exit, Refusal};

/// Show the draft with its placeholders filled in
#[derive(Debug, Args)]
pub struct Preview {
    /// Its name or UUID
    template: String,
    /// What stands for a placeholder; a dot leads inside, as in customer.name=Kim
    #[arg(long = "var", value_name = "NAME=VALUE", value_parser = variable)]
    variables: Vec<(String, String)>,
    /// A file with a JSON object of such values; - is standard input
    #[arg(long, value_name = "FILE")]
    vars: Option<PathBuf>,
    /// Print this part and nothing else
    #[arg(long, value_name = "PART")]
    only: Option<Which>,
}

fn variable(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err(String::from("expected NAME=VALUE")),
    }
}

impl Preview {
    /// Runs it.
    ///
    /// # Errors
    /// When it cannot be filled in, with the place of what is wrong, and as the engine says.
    pub async fn run(self, desk: &Desk) -> Result<(), Refusal> {
        let variables = self.values()?;
        let caller = desk.caller().await?;
        let template = desk.template(&caller, &self.template).await?;
        let made = desk
            .engine
            .preview_template(&caller, template.uuid, variables.clone())
            .await
            .map_err(|error| match error {
                posthouse::Error::Invalid(_) => {
                    broken(&template.draft, &variables).unwrap_or_else(|| error.into())
                }
                error => error.into(),
            })?;
        let shape = json!({"subject": made.subject, "html": made.html, "text": made.text});
        let only = match self.only {
            None => return Ok(desk.out.answer(&shape, |to| write_parts(to, &made))?),
            Some(Which::Subject) => &made.subject,
            Some(Which::Html) => &made.html,
            Some(Which::Text) => &made.text,
        };
        let only = only.as_deref().ok_or_else(|| {
            Refusal::new(Exit::Missing, "the template has no such part").hint(format!(
                "`posthouse template show {}` shows it.",
                super::quote::quoted(&self.template)
            ))
        })?;
        Ok(desk.out.bytes(&shape, only.as_bytes())?)
    }

    /// The values of the file, and over them those that were given one by one.
    fn values(&self) -> Result<Map<String, Value>, Refusal> {
        let mut values = match &self.vars {
            None => Map::new(),
            Some(file) => read_json(file)?,
        };
        for (path, value) in &self.variables {
            put(&mut values, path, value).ok_or_else(|| {
                Refusal::new(
                    Exit::Usage,
                    format!("{path} leads into a value that is no object"),
                )
            })?;
        }
        Ok(values)
    }
}

/// None when the path leads through something that is no object.
fn put(values: &mut Map<String, Value>, path: &str, value: &str) -> Option<()> {
    match path.split_once('.') {
        None => {
            values.insert(path.to_owned(), value.into());
            Some(())
        }
        Some((first, rest)) => {
            let inner = values.entry(first).or_insert_with(|| Map::new().into());
            put(inner.as_object_mut()?, rest, value)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_leads_inside() {
        let mut values = Map::new();
        for (path, value) in [("name", "Kim"), ("order.id", "9"), ("order.to.city", "Ulm")] {
            assert_eq!(put(&mut values, path, value), Some(()));
        }
        assert_eq!(put(&mut values, "name.first", "K"), None);
        assert_eq!(
            Value::from(values),
            json!({"name": "Kim", "order": {"id": "9", "to": {"city": "Ulm"}}})
        );
        assert_eq!(
            variable("a=b=c"),
            Ok((String::from("a"), String::from("b=c")))
        );
        assert!(variable("=x").is_err() && variable("x").is_err());
    }
}
