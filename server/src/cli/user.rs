//! `posthouse user`: the people who sign in to the console.

use std::io::{self, Write};

use clap::{Args, Subcommand};
use posthouse::model::domain::Switch;
use posthouse::model::organization::Role;
use posthouse::ops::people::inviting::Invitation;
use serde_json::json;

use super::ask::confirm;
use super::desk::Desk;
use super::shape;
use super::table::{Table, moment, moment_or_dash};
use super::words::one_of;
use crate::console::user_path;
use crate::refusal::Refusal;

/// Users: the people who sign in to the console, and what they may do
///
/// Roles: owner (everything), member (everything but people, settings, relays and what lets mail
/// leave), reader (looks). Each is given a link that works once, to choose a password by.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  posthouse user add kim --role member   prints a link for kim
  posthouse user link kim                another one, also when kim forgot the password
  posthouse user role kim owner
  posthouse user remove kim")]
pub struct User {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the people of the organization
    List,
    /// Add a person, and print a link by which they choose a password
    Add {
        /// The name, unique on this server
        name: String,
        /// What they may do
        #[arg(long, value_parser = one_of(Role::ALL, Role::as_str), default_value = "member")]
        role: Role,
    },
    /// Print another link for a person; the password that they have holds until it is used
    Link {
        /// The person's name or id
        name: String,
    },
    /// Let a person do more or less, at once
    Role {
        /// The person's name or id
        name: String,
        /// What they may do
        #[arg(value_parser = one_of(Role::ALL, Role::as_str))]
        role: Role,
    },
    /// Remove a person: nobody is signed in as them any more, and their keys are revoked
    Remove {
        /// The person's name or id
        name: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

impl User {
    /// Runs it.
    ///
    /// # Errors
    /// As the engine says.
    pub async fn run(self, desk: &Desk) -> Result<(), Refusal> {
        let caller = desk.caller().await?;
        let engine = &desk.engine;
        match self.command {
            Command::List => list(desk).await,
            Command::Add { name, role } => {
                let detail = Some(json!({"role": role.as_str()}).to_string());
                let noting = desk.noting(&caller, "user.make", &name, detail);
                let way = noting.engine().invite_user(&caller, &name, role).await?;
                noting.settle().await?;
                link(desk, &way)
            }
            Command::Link { name } => {
                let user = engine.user(&caller, &name).await?;
                let noting = desk.noting(&caller, "user.link", &user.name, None);
                let way = noting.engine().invite_again(&caller, user.id).await?;
                noting.settle().await?;
                link(desk, &way)
            }
            Command::Role { name, role } => {
                let user = engine.user(&caller, &name).await?;
                let detail = Some(json!({"role": role.as_str()}).to_string());
                let noting = desk.noting(&caller, "user.set", &user.name, detail);
                let set = noting.engine().set_user_role(&caller, user.id, role);
                let user = set.await?;
                noting.settle().await?;
                Ok(desk.out.answer(&shape::User::of(&user), |to| {
                    writeln!(to, "{} is {role} now.", user.name)
                })?)
            }
            Command::Remove { name, yes } => {
                let user = engine.user(&caller, &name).await?;
                if !yes {
                    confirm(&format!("Remove {}?", user.name))?;
                }
                let noting = desk.noting(&caller, "user.remove", &user.name, None);
                noting.engine().remove_user(&caller, user.id).await?;
                noting.settle().await?;
                let shape = json!({"removed": user.name});
                Ok(desk
                    .out
                    .answer(&shape, |to| writeln!(to, "Removed {}.", user.name))?)
            }
        }
    }
}

async fn list(desk: &Desk) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let users = desk.engine.users(&caller).await?;
    let shapes: Vec<_> = users.iter().map(shape::User::of).collect();
    let mut table = Table::new(["ID", "NAME", "ROLE", "PASSWORD", "LAST HERE", "MADE"]);
    for user in &users {
        table.row([
            user.id.to_string(),
            user.name.clone(),
            user.role.to_string(),
            match user.password {
                Switch::On => String::from("yes"),
                Switch::Off => String::from("no"),
            },
            moment_or_dash(user.seen_at),
            moment(user.created_at),
        ]);
    }
    let none = "There are no people yet. Add one: posthouse user add NAME --role owner";
    Ok(desk.out.answer(&shapes, |to| table.write(to, none))?)
}

fn link(desk: &Desk, way: &Invitation) -> Result<(), Refusal> {
    let url = format!("{}{}", desk.curl.url(), user_path(&way.token));
    let name = way.user.as_ref().map(|user| user.name.as_str());
    let shape = json!({
        "id": way.user.as_ref().map(|user| user.id.0),
        "name": name,
        "link": url,
        "expires_at": way.expires_at.rfc3339_millis(),
    });
    Ok(desk
        .out
        .answer(&shape, |to| told(to, name.unwrap_or_default(), &url, way))?)
}

fn told(to: &mut dyn Write, name: &str, url: &str, way: &Invitation) -> io::Result<()> {
    writeln!(
        to,
        "{url}\n\nWith this link {name} chooses a password, once, until {}. Give it to nobody else.",
        way.expires_at.to_the_second()
    )
}
