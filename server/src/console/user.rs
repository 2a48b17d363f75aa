//! People.

use posthouse::ids::UserId;
use posthouse::model::domain::Switch;
use posthouse::model::organization::{Role, User};
use posthouse::ops::people::inviting::Invitation;

use super::call::Call;
use super::convert::{time, time_or_none};
use super::trouble::Outcome;
use super::wire::{ById, Done, Nothing, Rows, UserLink, UserMake, UserRow, UserSet};

fn row(user: User) -> UserRow {
    UserRow {
        id: user.id.0,
        name: user.name,
        role: user.role.into(),
        has_password: user.password == Switch::On,
        seen_at: time_or_none(user.seen_at),
        created_at: time(user.created_at),
    }
}

/// The way in, behind the console's address.
#[must_use]
pub fn path(token: &str) -> String {
    format!("/#/welcome/{token}")
}

fn told(way: Invitation) -> UserLink {
    let (id, name) = way
        .user
        .map_or((0, String::new()), |user| (user.id.0, user.name));
    UserLink {
        id,
        name,
        path: path(&way.token),
        expires_at: time(way.expires_at),
    }
}

pub async fn list(call: Call, _: Nothing) -> Outcome<Rows<UserRow>> {
    let users = call.engine.users(call.caller(Role::Owner)?).await?;
    Ok(Rows {
        rows: users.into_iter().map(row).collect(),
    })
}

pub async fn make(call: Call, asked: UserMake) -> Outcome<UserLink> {
    let caller = call.caller(Role::Owner)?;
    let made = call
        .engine
        .invite_user(caller, &asked.name, asked.role.into());
    Ok(told(made.await?))
}

pub async fn set(call: Call, asked: UserSet) -> Outcome<UserRow> {
    let caller = call.caller(Role::Owner)?;
    let set = call
        .engine
        .set_user_role(caller, UserId(asked.id), asked.role.into());
    Ok(row(set.await?))
}

pub async fn link(call: Call, asked: ById) -> Outcome<UserLink> {
    let caller = call.caller(Role::Owner)?;
    let made = call.engine.invite_again(caller, UserId(asked.id));
    Ok(told(made.await?))
}

pub async fn remove(call: Call, asked: ById) -> Outcome<Done> {
    let caller = call.caller(Role::Owner)?;
    call.engine.remove_user(caller, UserId(asked.id)).await?;
    Ok(Done {})
}
