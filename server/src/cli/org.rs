//! `posthouse org`: tenants and their people.

use clap::{Args, Subcommand};
use posthouse::ids::OrganizationId;
use posthouse::model::organization::{Direct, Role, Standing};
use posthouse::ops::organizations::OrganizationChange;
use serde_json::json;

use super::desk::Desk;
use super::first::organization_key;
use super::shape;
use super::table::{Table, fields, moment};
use super::words::one_of;
use crate::dialects::organization_token;
use crate::refusal::Refusal;

/// Organizations: who owns domains, keys and mail
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  posthouse org show
  posthouse org set --direct on       live mail may go to the recipients' own servers
  posthouse org token --name deploy   a new token to manage domains and keys with")]
pub struct Org {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List all organizations
    List,
    /// Show one organization, and how many deliveries stand where
    Show,
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
    /// Its name
    #[arg(long)]
    name: Option<String>,
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
    let shape = shape::OrganizationCounts {
        organization: shape::Organization::of(&organization),
        deliveries: counts
            .iter()
            .map(|(state, count)| (state.as_str(), *count))
            .collect(),
    };
    let deliveries: Vec<String> = counts
        .iter()
        .map(|(state, count)| format!("{count} {state}"))
        .collect();
    Ok(desk.out.answer(&shape, |to| {
        fields(
            to,
            &[
                ("Organization", organization.name.clone()),
                ("Id", organization.id.to_string()),
                ("Standing", organization.standing.to_string()),
                ("Direct delivery", organization.direct.to_string()),
                ("Made", moment(organization.created_at)),
                (
                    "Deliveries",
                    match deliveries.is_empty() {
                        true => String::from("none yet"),
                        false => deliveries.join(", "),
                    },
                ),
            ],
        )
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
            ..OrganizationChange::default()
        };
        let organization = desk.engine.set_organization(&caller, change).await?;
        let shape = shape::Organization::of(&organization);
        Ok(desk.out.answer(&shape, |to| {
            writeln!(
                to,
                "Organization {}: standing {}, direct delivery {}.",
                organization.name, organization.standing, organization.direct
            )
        })?)
    }
}

async fn token(desk: &Desk, name: Option<&str>) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let token = organization_token(desk.engine.entropy());
    let new = organization_key(token.clone(), name);
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
