//! `posthouse suppression`: addresses that are not sent to.

use clap::{Args, Subcommand};
use posthouse::ids::SuppressionId;
use posthouse::model::suppression::SuppressionReason;
use serde_json::json;

use super::desk::{Desk, host_of};
use super::shape;
use super::sheet::{Export, Import};
use super::table::{Table, moment, or_dash, start_of};
use super::words::one_of;
use crate::refusal::Refusal;

/// Suppressions: addresses that are not sent to, because they bounced or a person said so
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  posthouse suppression list
  posthouse suppression add kim@acme.test --reason complaint
  posthouse suppression remove kim@acme.test --domain example.test
  posthouse suppression allow kim@acme.test     bounces do not put it on the list again
  posthouse suppression import bounces.csv --reason bounce --dry-run
  posthouse suppression export suppressed.csv

A suppression holds for one domain's mail, or, made without --domain, for all of the organization's.")]
pub struct Suppression {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the addresses that are not sent to
    List {
        /// Only one domain's list, by host or id
        #[arg(long, value_name = "DOMAIN")]
        domain: Option<String>,
    },
    /// Put an address on the list
    Add {
        #[command(flatten)]
        which: Which,
        /// Why
        #[arg(long, default_value = "manual", value_parser = one_of(SuppressionReason::ALL, SuppressionReason::as_str))]
        reason: SuppressionReason,
        /// Why, in words
        #[arg(long)]
        detail: Option<String>,
    },
    /// Take an address off the list
    Remove(Which),
    /// Keep bounces from putting an address on the list; takes it off, if it is on it
    Allow(Which),
    /// Let bounces put an address on the list again
    Disallow(Which),
    /// List the addresses that bounces do not suppress
    Allowed,
    Import(Import),
    Export(Export),
}

#[derive(Debug, Args)]
struct Which {
    /// The address
    address: String,
    /// Only for mail of this domain, by host or id [default: the organization's own list]
    #[arg(long, value_name = "DOMAIN")]
    domain: Option<String>,
}

#[derive(Clone, Copy)]
enum Change {
    Remove,
    Allow,
    Disallow,
}

impl Suppression {
    /// Runs it.
    ///
    /// # Errors
    /// As the engine says.
    pub async fn run(self, desk: &Desk) -> Result<(), Refusal> {
        match self.command {
            Command::List { domain } => list(desk, domain.as_deref()).await,
            Command::Add {
                which,
                reason,
                detail,
            } => which.add(desk, reason, detail.as_deref()).await,
            Command::Remove(which) => which.change(desk, Change::Remove).await,
            Command::Allow(which) => which.change(desk, Change::Allow).await,
            Command::Disallow(which) => which.change(desk, Change::Disallow).await,
            Command::Allowed => allowed(desk).await,
            Command::Import(import) => import.run(desk).await,
            Command::Export(export) => export.run(desk).await,
        }
    }
}

async fn list(desk: &Desk, domain: Option<&str>) -> Result<(), Refusal> {
    const ROWS: u32 = 1000;
    let caller = desk.caller().await?;
    let hosts = desk.hosts(&caller).await?;
    let domain = desk.domain_id(&caller, domain).await?;
    let mut all = Vec::new();
    let mut after = SuppressionId(0);
    loop {
        let some = desk
            .engine
            .suppressions(&caller, domain, after, ROWS)
            .await?;
        let Some(last) = some.last() else { break };
        after = last.id;
        all.extend(some);
    }
    let shapes: Vec<_> = all.iter().map(shape::Suppression::of).collect();
    let mut table = Table::new(["ADDRESS", "DOMAIN", "REASON", "SINCE", "EMAIL", "DETAIL"]);
    for one in &all {
        table.row([
            one.address.clone(),
            host_of(&hosts, one.domain),
            one.reason.to_string(),
            moment(one.created_at),
            one.email
                .map_or_else(|| String::from("-"), |email| email.to_string()),
            start_of(&or_dash(one.detail.as_deref())),
        ]);
    }
    let none = "No address is suppressed.";
    Ok(desk.out.answer(&shapes, |to| table.write(to, none))?)
}

impl Which {
    async fn add(
        self,
        desk: &Desk,
        reason: SuppressionReason,
        detail: Option<&str>,
    ) -> Result<(), Refusal> {
        let caller = desk.caller().await?;
        let domain = desk.domain_id(&caller, self.domain.as_deref()).await?;
        let added = desk
            .engine
            .suppress(&caller, domain, &self.address, (reason, detail))
            .await?;
        let shape = json!({
            "address": self.address,
            "domain_id": domain.map(|id| id.0),
            "reason": reason.as_str(),
            "added": added,
        });
        Ok(desk.out.answer(&shape, |to| {
            let words = if added {
                "is not sent to from now on"
            } else {
                "was on the list already"
            };
            writeln!(to, "{} {words}.", self.address)
        })?)
    }

    async fn change(self, desk: &Desk, change: Change) -> Result<(), Refusal> {
        let caller = desk.caller().await?;
        let domain = desk.domain_id(&caller, self.domain.as_deref()).await?;
        let engine = &desk.engine;
        let (did, words) = match change {
            Change::Remove => {
                engine.unsuppress(&caller, domain, &self.address).await?;
                ("removed", "is sent to again")
            }
            Change::Allow => {
                engine.allow(&caller, domain, &self.address).await?;
                ("allowed", "is sent to, and bounces do not suppress it")
            }
            Change::Disallow => {
                engine.disallow(&caller, domain, &self.address).await?;
                ("disallowed", "can be suppressed by bounces again")
            }
        };
        let shape = json!({
            "address": self.address,
            "domain_id": domain.map(|id| id.0),
            "did": did,
        });
        Ok(desk
            .out
            .answer(&shape, |to| writeln!(to, "{} {words}.", self.address))?)
    }
}

async fn allowed(desk: &Desk) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let hosts = desk.hosts(&caller).await?;
    let allowed = desk.engine.allowed(&caller).await?;
    let shapes: Vec<_> = allowed
        .iter()
        .map(|(address, domain)| json!({"address": address, "domain_id": domain.map(|id| id.0)}))
        .collect();
    let mut table = Table::new(["ADDRESS", "DOMAIN"]);
    for (address, domain) in &allowed {
        table.row([address.clone(), host_of(&hosts, *domain)]);
    }
    let none = "No address is exempt from suppression by bounces.";
    Ok(desk.out.answer(&shapes, |to| table.write(to, none))?)
}
