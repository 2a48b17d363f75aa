//! `posthouse bounce`: what was told of mail that did not arrive.

use clap::{Args, Subcommand};
use posthouse::limits::PAGE_ROWS;

use super::desk::Desk;
use super::shape;
use super::table::{Table, moment, or_dash, start_of};
use crate::refusal::Refusal;

/// Bounces and complaints, as they were told by mail servers and over APIs
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  posthouse bounce list
  posthouse bounce list --skip 50

What bounced for good is on the list of posthouse suppression list.")]
pub struct Bounce {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List bounces and complaints, newest first
    List {
        /// How many
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=i64::from(PAGE_ROWS)))]
        limit: u32,
        /// Pass over so many
        #[arg(long, value_name = "N", default_value_t = 0)]
        skip: u32,
    },
}

impl Bounce {
    /// Runs it.
    ///
    /// # Errors
    /// As the engine says.
    pub async fn run(self, desk: &Desk) -> Result<(), Refusal> {
        match self.command {
            Command::List { limit, skip } => list(desk, skip, limit).await,
        }
    }
}

async fn list(desk: &Desk, skip: u32, limit: u32) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let (bounces, all) = desk.engine.bounces(&caller, skip, limit).await?;
    let shapes: Vec<_> = bounces.iter().map(shape::Bounce::of).collect();
    let mut table = Table::new(["ID", "TOLD", "ADDRESS", "KIND", "BY", "EMAIL", "DIAGNOSTIC"]);
    for one in &bounces {
        let kind = match &one.subtype {
            Some(subtype) => format!("{} ({subtype})", one.kind),
            None => one.kind.to_string(),
        };
        table.row([
            one.id.to_string(),
            moment(one.created_at),
            one.address.clone(),
            kind,
            one.source.to_string(),
            one.email
                .map_or_else(|| String::from("-"), |email| email.to_string()),
            start_of(&or_dash(one.diagnostic.as_deref())),
        ]);
    }
    let next = u64::from(skip) + bounces.len() as u64;
    Ok(desk.out.answer(&shapes, |to| {
        table.write(to, "Nothing bounced.")?;
        if next < all && !bounces.is_empty() {
            writeln!(to, "\nOlder ones: posthouse bounce list --skip {next}")?;
        }
        Ok(())
    })?)
}
