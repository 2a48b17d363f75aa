//! `posthouse org`: tenants and their people.

use clap::{Args, Subcommand};
use posthouse::ids::OrganizationId;
use posthouse::model::domain::Switch;
use posthouse::model::organization::{
    Direct, EnumStyle, Metering, Organization, Payment, Role, SignatureFormat, Standing,
};
use posthouse::model::usage::{CENTS_A_THOUSAND, FREE_A_MONTH, Usage};
use posthouse::ops::organizations::OrganizationChange;
use serde_json::json;

use super::desk::Desk;
use super::mailbox::{change, sentence_of};
use super::shape;
use super::table::{Table, fields, moment};
use super::words::{Most, most, one_of};
use crate::dialects::MANAGING;
use crate::refusal::Refusal;

/// Organizations: who owns domains, keys and mail
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  posthouse org show
  posthouse org set --direct on       live mail may go to the recipients' own servers
  posthouse org token --name deploy   a new token to manage domains and keys with
  posthouse org set --keep-days 30    mail goes after a month; what is starred stays
  posthouse org set --metering on --payment present --spend-cap 5000")]
pub struct Org {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List all organizations
    List,
    /// Show one organization, how many deliveries stand where, and what it sent this month
    Show,
    /// Show what was sent this month, and what is left for nothing; what capture keys send
    /// stays here and is not counted
    Usage,
    /// Make an organization
    Create {
        /// Its name, unique on this server
        name: String,
    },
    /// Change the organization
    Set(Set),
    /// Make an organization token; it is shown once
    Token {
        /// A name for it
        #[arg(long)]
        name: Option<String>,
    },
    /// People
    #[command(subcommand)]
    User(User),
}

#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
struct Set {
    /// Whether live mail without a relay goes to the recipients' own servers
    #[arg(long, value_parser = one_of(Direct::ALL, Direct::as_str))]
    direct: Option<Direct>,
    /// Whether it may send
    #[arg(long, value_parser = one_of(Standing::ALL, Standing::as_str))]
    standing: Option<Standing>,
    /// Whether mail past the month's allowance and the spend cap is refused
    #[arg(long, value_parser = one_of(Metering::ALL, Metering::as_str))]
    metering: Option<Metering>,
    /// What it pays with, where it is metered
    #[arg(long, value_parser = one_of(Payment::ALL, Payment::as_str))]
    payment: Option<Payment>,
    /// What it may spend in a month, where it is metered
    #[arg(long, value_name = "CENTS|none", value_parser = cap)]
    spend_cap: Option<Cap>,
    /// How enumerations are written where an API leaves a choice
    #[arg(long, value_parser = one_of(EnumStyle::ALL, EnumStyle::as_str))]
    enum_style: Option<EnumStyle>,
    /// How webhooks are signed where an API leaves a choice
    #[arg(long, value_parser = one_of(SignatureFormat::ALL, SignatureFormat::as_str))]
    signature_format: Option<SignatureFormat>,
    /// Whether mail that is captured is starred, so that it stays
    #[arg(long, value_parser = one_of(Switch::ALL, Switch::as_str))]
    capture_private: Option<Switch>,
    /// For how many days each of its mailboxes keeps mail; what is starred stays
    #[arg(long, value_name = "N|none", value_parser = most)]
    keep_days: Option<Most>,
    /// How many messages each of its mailboxes keeps, the newest
    #[arg(long, value_name = "N|none", value_parser = most)]
    keep_messages: Option<Most>,
    /// How many bytes of messages each of its mailboxes keeps, the newest
    #[arg(long, value_name = "N|none", value_parser = most)]
    keep_bytes: Option<Most>,
    /// Its name
    #[arg(long)]
    name: Option<String>,
}

/// What may be spent, if there is a cap.
#[derive(Clone, Copy, Debug)]
struct Cap(Option<u32>);

fn cap(text: &str) -> Result<Cap, String> {
    if text == "none" {
        return Ok(Cap(None));
    }
    let cents = text.parse().ok();
    cents.map_or_else(
        || Err(String::from("expected cents, a number from 0 on, or none")),
        |cents| Ok(Cap(Some(cents))),
    )
}

#[derive(Debug, Subcommand)]
enum User {
    /// List the people of the organization
    List,
    /// Add a person
    Add {
        /// The name, unique on this server
        name: String,
        /// What they may do
        #[arg(long, value_parser = one_of(Role::ALL, Role::as_str))]
        role: Role,
    },
}

impl Org {
    /// Runs it.
    ///
    /// # Errors
    /// As the engine says.
    pub async fn run(self, desk: &Desk) -> Result<(), Refusal> {
        match self.command {
            Command::List => list(desk).await,
            Command::Show => show(desk).await,
            Command::Usage => usage(desk).await,
            Command::Create { name } => create(desk, &name).await,
            Command::Set(set) => set.run(desk).await,
            Command::Token { name } => token(desk, name.as_deref()).await,
            Command::User(User::List) => users(desk).await,
            Command::User(User::Add { name, role }) => add_user(desk, &name, role).await,
        }
    }
}

async fn list(desk: &Desk) -> Result<(), Refusal> {
    const ROWS: u32 = 500;
    let mut all = Vec::new();
    let mut after = OrganizationId(0);
    loop {
        let some = desk.engine.organizations(after, ROWS).await?;
        let Some(last) = some.last() else { break };
        after = last.id;
        all.extend(some);
    }
    let shapes: Vec<_> = all.iter().map(shape::Organization::of).collect();
    let mut table = Table::new(["ID", "NAME", "STANDING", "DIRECT", "MADE"]);
    for one in &all {
        table.row([
            one.id.to_string(),
            one.name.clone(),
            one.standing.to_string(),
            one.direct.to_string(),
            moment(one.created_at),
        ]);
    }
    let none = "There is no organization. Make one: posthouse org create NAME";
    Ok(desk.out.answer(&shapes, |to| table.write(to, none))?)
}

async fn show(desk: &Desk) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let organization = desk.engine.organization(&caller).await?;
    let counts = desk.engine.delivery_counts(&caller).await?;
    let usage = desk.engine.usage(&caller).await?;
    let shape = shape::OrganizationCounts {
        organization: shape::Organization::of(&organization),
        deliveries: counts
            .iter()
            .map(|(state, count)| (state.as_str(), *count))
            .collect(),
        usage: shape::Usage::of(&usage),
    };
    let deliveries: Vec<String> = counts
        .iter()
        .map(|(state, count)| format!("{count} {state}"))
        .collect();
    let deliveries = match deliveries.is_empty() {
        true => String::from("none yet"),
        false => deliveries.join(", "),
    };
    let mut lines = settings(&organization);
    lines.push(("Made", moment(organization.created_at)));
    lines.push(("Deliveries", deliveries));
    lines.push(("This month", sentence(&usage)));
    Ok(desk.out.answer(&shape, |to| fields(to, &lines))?)
}

fn settings(of: &Organization) -> Vec<(&'static str, String)> {
    vec![
        ("Organization", of.name.clone()),
        ("Id", of.id.to_string()),
        ("UUID", of.uuid.to_string()),
        ("Standing", of.standing.to_string()),
        ("Direct delivery", of.direct.to_string()),
        ("Metering", of.metering.to_string()),
        ("Payment", of.payment.to_string()),
        (
            "Spend cap",
            of.spend_cap_cents
                .map_or_else(|| String::from("none"), money),
        ),
        ("Enumerations", of.enum_style.to_string()),
        ("Webhook signatures", of.signature_format.to_string()),
        ("Captured mail starred", of.capture_private.to_string()),
        ("Each mailbox keeps", sentence_of(of.keep)),
    ]
}

/// An amount in the currency that prices are in, whichever that is.
fn money(cents: u32) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

fn sentence(usage: &Usage) -> String {
    format!(
        "{} recipients in {}, {} of {FREE_A_MONTH} free ones left",
        usage.sent,
        usage.month.name(),
        usage.free()
    )
}

async fn usage(desk: &Desk) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let usage = desk.engine.usage(&caller).await?;
    let metering = desk.engine.organization(&caller).await?.metering;
    let note = match metering {
        Metering::Off => "It is counted, and nothing follows from it: metering is off.",
        Metering::On => "Past the allowance, and past the spend cap, mail is refused.",
    };
    Ok(desk.out.answer(&shape::Usage::of(&usage), |to| {
        fields(
            to,
            &[
                ("Month", usage.month.name()),
                ("Recipients", usage.sent.to_string()),
                ("Free", format!("{} of {FREE_A_MONTH}", usage.free())),
                ("Billable", usage.billable().to_string()),
                ("Price", format!("{CENTS_A_THOUSAND} cents a thousand")),
                (
                    "Spend cap",
                    usage
                        .spend_cap_cents
                        .map_or_else(|| String::from("none"), money),
                ),
            ],
        )?;
        writeln!(to, "\n{note}")
    })?)
}

async fn create(desk: &Desk, name: &str) -> Result<(), Refusal> {
    let organization = desk.engine.create_organization(name).await?;
    let shape = shape::Organization::of(&organization);
    Ok(desk.out.answer(&shape, |to| {
        writeln!(
            to,
            "Made organization {} with id {}. A token for it: posthouse org token --org {}",
            organization.name,
            organization.id,
            super::quote::quoted(&organization.name)
        )
    })?)
}

impl Set {
    async fn run(self, desk: &Desk) -> Result<(), Refusal> {
        let caller = desk.caller().await?;
        let change = OrganizationChange {
            name: self.name,
            standing: self.standing,
            direct: self.direct,
            metering: self.metering,
            payment: self.payment,
            spend_cap_cents: self.spend_cap.map(|cap| cap.0),
            enum_style: self.enum_style,
            signature_format: self.signature_format,
            capture_private: self.capture_private,
            keep: change(self.keep_days, self.keep_messages, self.keep_bytes),
        };
        let organization = desk.engine.set_organization(&caller, change).await?;
        let shape = shape::Organization::of(&organization);
        let lines = settings(&organization);
        Ok(desk.out.answer(&shape, |to| fields(to, &lines))?)
    }
}

async fn token(desk: &Desk, name: Option<&str>) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let new = MANAGING.new_key((MANAGING.live.token)(desk.engine.entropy()), name);
    let token = new.token.clone();
    let key = desk.engine.create_key(&caller, new).await?;
    let shape = shape::Key::of(&key, Some(token.clone()));
    Ok(desk.out.answer(&shape, |to| {
        writeln!(
            to,
            "{token}\n\nThis is organization token {}. It manages domains and keys, and is not shown again.",
            key.id
        )
    })?)
}

async fn users(desk: &Desk) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let users = desk.engine.users(&caller).await?;
    let shapes: Vec<_> = users.iter().map(shape::User::of).collect();
    let mut table = Table::new(["ID", "NAME", "ROLE", "MADE"]);
    for user in &users {
        table.row([
            user.id.to_string(),
            user.name.clone(),
            user.role.to_string(),
            moment(user.created_at),
        ]);
    }
    let none = "There are no people yet. Add one: posthouse org user add NAME --role owner";
    Ok(desk.out.answer(&shapes, |to| table.write(to, none))?)
}

async fn add_user(desk: &Desk, name: &str, role: Role) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let id = desk.engine.create_user(&caller, name, role).await?;
    let shape = json!({"id": id.0, "name": name.trim(), "role": role.as_str()});
    Ok(desk.out.answer(&shape, |to| {
        writeln!(to, "Added {role} {name} with id {id}.")
    })?)
}
