//! Suppression lists from and to CSV files.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use posthouse::ids::{DomainId, SuppressionId};
use posthouse::model::key::Caller;
use posthouse::model::suppression::SuppressionReason;
use posthouse::ops::suppression_csv::{Effect, ImportTerms, Imported};
use serde_json::json;

use super::desk::Desk;
use super::draft::Draft;
use super::out::{Progress, Style};
use super::quote::quoted;
use super::words::one_of;
use crate::refusal::{Exit, Refusal};

/// Put the addresses of a CSV file on the list
///
/// Columns are found by their names in the first line: address (or email), reason (bounce,
/// complaint, unsubscribe or manual), domain, detail, created_at; others are ignored.
/// Without such a line, the first column is the address. A row that is wrong is left out,
/// told with its line, and does not spoil the rest. The same file again changes nothing.
#[derive(Debug, Args)]
pub struct Import {
    /// The file; - is standard input
    file: PathBuf,
    /// For rows that name no domain: only for mail of this one, by host or id
    /// [default: the organization's own list]
    #[arg(long, value_name = "DOMAIN")]
    domain: Option<String>,
    /// For rows that say no reason
    #[arg(long, default_value = "manual", value_parser = one_of(SuppressionReason::ALL, SuppressionReason::as_str))]
    reason: SuppressionReason,
    /// Only say what would be done
    #[arg(long)]
    dry_run: bool,
}

/// Write the list as a CSV file, with reasons
///
/// A cell that a spreadsheet would take for a formula (it begins with = + - or @, as an
/// address may) has a ' before it. Importing takes that away again.
#[derive(Debug, Args)]
pub struct Export {
    /// Only one domain's list, by host or id
    #[arg(long, value_name = "DOMAIN")]
    domain: Option<String>,
    /// Where to; must not be there yet [default: standard output]
    file: Option<PathBuf>,
}

impl Import {
    /// Runs it.
    ///
    /// # Errors
    /// When the file cannot be read to its end, and as the engine says.
    pub async fn run(self, desk: &Desk) -> Result<(), Refusal> {
        let caller = desk.caller().await?;
        let terms = ImportTerms {
            domain: desk.domain_id(&caller, self.domain.as_deref()).await?,
            reason: self.reason,
            effect: if self.dry_run {
                Effect::Rehearsed
            } else {
                Effect::Written
            },
        };
        let progress = Progress::start("Reading …");
        let done = desk
            .engine
            .import_suppressions(&caller, self.open()?, terms, |so_far| {
                let Imported { rows, added, .. } = so_far;
                progress.tell(&format!("{rows} rows, {added} added …"));
            })
            .await;
        drop(progress);
        let done = done?;
        desk.out.answer(&shape(&done, terms.effect), |to| {
            tell(to, &done, terms.effect, &self.file)
        })?;
        match done.stopped {
            None => Ok(()),
            Some(_) => Err(Refusal::said(Exit::Refused)),
        }
    }

    fn open(&self) -> Result<Box<dyn Read + Send>, Refusal> {
        if self.file == Path::new("-") {
            return Ok(Box::new(io::stdin()));
        }
        let unreadable = |error: io::Error| {
            let exit = match error.kind() {
                io::ErrorKind::NotFound => Exit::Missing,
                _ => Exit::Refused,
            };
            Refusal::new(
                exit,
                format!("{} cannot be read: {error}", self.file.display()),
            )
        };
        Ok(Box::new(File::open(&self.file).map_err(unreadable)?))
    }
}

fn shape(done: &Imported, effect: Effect) -> serde_json::Value {
    let faults: Vec<_> = done
        .faults
        .iter()
        .map(|bad| json!({"line": bad.line, "error": bad.fault.to_string()}))
        .collect();
    json!({
        "dry_run": effect == Effect::Rehearsed,
        "rows": done.rows,
        "added": done.added,
        "already": done.already,
        "spared": done.spared,
        "bad": done.bad,
        "faults": faults,
        "stopped": done.stopped.as_ref().map(|stop| json!({"line": stop.line, "error": stop.why})),
    })
}

fn tell(to: &mut dyn Write, done: &Imported, effect: Effect, file: &Path) -> io::Result<()> {
    let would = match effect {
        Effect::Written => "",
        Effect::Rehearsed => "would be ",
    };
    let parts = [
        (done.added, "added"),
        (done.already, "on the list already"),
        (done.spared, "spared, because bounces may not suppress it"),
        (done.bad, "left out"),
    ];
    let parts: Vec<String> = parts
        .iter()
        .enumerate()
        .filter(|(index, (count, _))| *index == 0 || *count > 0)
        .map(|(_, (count, what))| format!("{count} {what}"))
        .collect();
    let rows = match done.rows {
        1 => String::from("1 row"),
        rows => format!("{rows} rows"),
    };
    writeln!(to, "{rows}: {would}{}.", parts.join(", "))?;
    for bad in &done.faults {
        writeln!(to, "  line {}: {}", bad.line, bad.fault)?;
    }
    let more = done.bad - done.faults.len() as u64;
    if more > 0 {
        writeln!(to, "  and {more} more")?;
    }
    if let Some(stop) = &done.stopped {
        writeln!(to, "\nThe rest was not read: {stop}")?;
    }
    if effect == Effect::Rehearsed {
        let file = quoted(&file.display().to_string());
        writeln!(
            to,
            "\nNothing was changed. To do it: posthouse suppression import {file}, with the same options."
        )?;
    }
    Ok(())
}

impl Export {
    /// Runs it.
    ///
    /// # Errors
    /// When the file is there or cannot be written, and as the engine says.
    pub async fn run(self, desk: &Desk) -> Result<(), Refusal> {
        let caller = desk.caller().await?;
        let domain = desk.domain_id(&caller, self.domain.as_deref()).await?;
        let Some(file) = &self.file else {
            return print(desk, &caller, domain).await;
        };
        let draft = Draft::make(file)?;
        let unwritable = |error: io::Error| draft.unwritable(&error);
        let mut to = OpenOptions::new()
            .write(true)
            .open(draft.path())
            .map_err(unwritable)?;
        let progress = Progress::start("Writing …");
        let mut rows = 0;
        let mut after = Some(SuppressionId(0));
        while let Some(from) = after {
            let page = desk.engine.suppressions_csv(&caller, domain, from).await?;
            to.write_all(&page.text).map_err(unwritable)?;
            rows += page.rows;
            after = page.next;
            progress.tell(&format!("{rows} rows …"));
        }
        drop(progress);
        draft.keep()?;
        let shape = json!({"file": file.display().to_string(), "rows": rows});
        Ok(desk.out.answer(&shape, |to| {
            writeln!(
                to,
                "Wrote {rows} suppressed {} to {}.",
                if rows == 1 { "address" } else { "addresses" },
                file.display()
            )
        })?)
    }
}

/// A page at a time, or for a program all in one value.
async fn print(desk: &Desk, caller: &Caller, domain: Option<DomainId>) -> Result<(), Refusal> {
    let mut all = Vec::new();
    let mut rows = 0;
    let mut after = Some(SuppressionId(0));
    while let Some(from) = after {
        let page = desk.engine.suppressions_csv(caller, domain, from).await?;
        rows += page.rows;
        after = page.next;
        all.extend(page.text);
        if desk.out.style() == Style::Text {
            desk.out.bytes(&(), &std::mem::take(&mut all))?;
        }
    }
    let shape = json!({"rows": rows, "csv": String::from_utf8_lossy(&all)});
    Ok(desk.out.bytes(&shape, &all)?)
}
