//! Where mail goes on to: the addresses here that the routing of its homes names.

use super::home::{Home, home};
use crate::error::Result;
use crate::ids::MailboxId;
use crate::limits::FORWARD_HOPS;
use crate::model::address::Address;
use crate::model::content::Content;
use crate::model::trace::Trace;
use crate::store::Read;

/// The homes that mail for `first` goes on to, in order. It ends where a routing holds that
/// it has followed already, after `FORWARD_HOPS`, and at an address that is no longer here.
pub(super) fn onwards(read: &Read<'_>, first: &Home, public_hosts: &[String]) -> Result<Vec<Home>> {
    let mut through: Vec<MailboxId> = Vec::new();
    let mut homes: Vec<Home> = Vec::new();
    while homes.len() < FORWARD_HOPS {
        let last = homes.last().unwrap_or(first);
        let Some(id) = last.routed_by.filter(|id| !through.contains(id)) else {
            break;
        };
        through.push(id);
        let Some(routing) = read.mailbox(id)? else {
            break;
        };
        let to = routing.forward.and_then(|to| Address::parse(&to).ok());
        let Some(to) = to else {
            break;
        };
        let Ok(next) = home(read, &to, public_hosts)? else {
            break;
        };
        homes.push(Home {
            by: Some(last.address.clone()),
            ..next
        });
    }
    Ok(homes)
}

/// How mail came, as one to whom `by` passed it on is told: the envelope's sender is `by`,
/// so that nobody far away hears of what goes wrong from here on. Mail that wants no answer
/// still wants none.
pub(super) fn passed_on(trace: &Trace, by: &str) -> Trace {
    Trace {
        from: trace.from.as_ref().map(|_| by.to_owned()),
        ..trace.clone()
    }
}

/// What mail says, as one to whom `by` passed it on is told. Its bytes stay as they are, and
/// its signatures with them.
pub(super) fn noted(content: &Content, by: &str) -> Content {
    let mut content = content.clone();
    for one in &mut content.from {
        let who = match one.name.as_str() {
            "" => &one.address,
            name => name,
        };
        one.name = format!("{who} via {by}");
    }
    content
}
