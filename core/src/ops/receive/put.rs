//! Into which mailboxes a message goes, and the write that puts it there.

use super::forward::{noted, onwards, passed_on};
use super::pack::Parcel;
use super::reported::{complained, tell};
use super::returned::Returns;
use super::{Home, Taken};
use crate::clock::Timestamp;
use crate::error::{Denied, Error, Missing, Result, TooLarge};
use crate::ids::{BodyId, MessageId};
use crate::mime::report::Report;
use crate::model::domain::DmarcRule;
use crate::model::event::{EventKind, Facts, Incoming};
use crate::model::mailbox::Folder;
use crate::model::trace::AuthResult;
use crate::store::{NewEvent, NewMessage, Write};

/// Which folder of each home it is put into. All recipients get one answer, and nobody's mail
/// is thrown away unsaid: where one of them takes it, the others do too, those that would have
/// refused it as unwanted, and those without room over what they hold. That is one message:
/// a full mailbox is no recipient.
fn placed(parcel: &Parcel, homes: Vec<Home>) -> Result<Vec<(Home, Folder)>> {
    let folder = |home: &Home| parcel.folder(rule(home));
    let refused = homes.iter().any(|home| folder(home).is_none());
    let fits = |home: &Home| home.has_room(parcel.body.size_bytes());
    match homes.iter().find(|home| folder(home).is_some()) {
        None if refused => return Err(Error::Denied(Denied::Policy)),
        None => return Err(Error::Missing(Missing::Mailbox)),
        Some(_) => {}
    }
    if !homes
        .iter()
        .any(|home| folder(home).is_some() && fits(home))
    {
        return Err(Error::TooLarge(TooLarge::Mailbox));
    }
    let each = homes.into_iter().map(|home| {
        let folder = folder(&home).unwrap_or(Folder::Spam);
        (home, folder)
    });
    Ok(each.collect())
}

/// Those of `homes` that it is passed on to: where there is room, and as each wants it.
fn put_on(parcel: &Parcel, homes: Vec<Home>) -> impl Iterator<Item = (Home, Folder)> {
    let fits = homes
        .into_iter()
        .filter(|home| home.has_room(parcel.body.size_bytes()));
    fits.map(|home| {
        let folder = parcel.folder(rule(&home)).unwrap_or(Folder::Spam);
        (home, folder)
    })
}

fn rule(home: &Home) -> DmarcRule {
    home.domain.map_or(DmarcRule::Flag, |domain| domain.dmarc)
}

/// Brings a message to its homes, and on to where they pass it on. A complaint of our mail is
/// also heard.
pub(super) fn bring(
    write: &Write<'_>,
    parcel: &Parcel,
    homes: Vec<Home>,
    (returns, public_hosts): (&Returns, &[String]),
    now: Timestamp,
) -> Result<Taken> {
    if let Some(Report::Complaint(complaint)) = &parcel.report {
        let verdicts = parcel.trace.verdicts;
        let dkim = verdicts.map_or(AuthResult::None, |verdicts| verdicts.dkim);
        let found = returns.complained_of(write, complaint, (&homes, dkim), now)?;
        if let Some(holder) = found {
            tell(write, &holder, complained(complaint), now)?;
        }
    }
    let mut homes = placed(parcel, homes)?;
    // Whom it was sent to comes before whom it is passed on to: one who is both has it from
    // the sender. What is unwanted goes no further.
    let mut others = Vec::new();
    for (home, folder) in &homes {
        if *folder == Folder::Inbox {
            others.extend(onwards(write, home, public_hosts)?);
        }
    }
    homes.extend(put_on(parcel, others));
    put(write, parcel, homes, now)
}

/// Puts a message into each of its homes: one body, shared.
pub(super) fn put(
    write: &Write<'_>,
    parcel: &Parcel,
    homes: Vec<(Home, Folder)>,
    now: Timestamp,
) -> Result<Taken> {
    if homes.is_empty() {
        return Err(Error::Missing(Missing::Mailbox));
    }
    let mut body = None;
    let mut messages: Vec<MessageId> = Vec::new();
    let mut told = Vec::new();
    for (place, (home, folder)) in (0..).zip(homes) {
        let mailbox = match &home.mailbox {
            Some(mailbox) => mailbox.clone(),
            None => {
                let of = home
                    .owner
                    .map(|of| (of, home.domain.map(|domain| domain.id)));
                write.mailbox_for(of, &home.address, now)?
            }
        };
        // Two recipients that fold into one mailbox are one message in it.
        if told.contains(&mailbox.id) {
            continue;
        }
        told.push(mailbox.id);
        let body = body_for(write, parcel, &mut body)?;
        let new = new_message(parcel, &home, folder, body, place);
        let id = write.add_message(&mailbox, &new, now)?;
        messages.push(id);
        if let Some(of) = home.owner {
            let facts = Facts {
                message: Some(Incoming {
                    id,
                    routed_by: home.routed_by,
                }),
                ..Facts::default()
            };
            let event = NewEvent {
                organization: of,
                domain: home.domain.map(|domain| domain.id),
                email: None,
                delivery: None,
                kind: EventKind::Received,
                detail: None,
                facts,
            };
            write.add_event(&event, now)?;
        }
    }
    Ok(Taken {
        id: messages
            .first()
            .map_or_else(String::new, ToString::to_string),
        messages,
    })
}

/// The body, added for the first of its users and counted for each other.
fn body_for(write: &Write<'_>, parcel: &Parcel, made: &mut Option<BodyId>) -> Result<BodyId> {
    match *made {
        Some(body) => {
            write.use_body(body)?;
            Ok(body)
        }
        None => {
            let body = write.add_body(&parcel.body)?;
            *made = Some(body);
            Ok(body)
        }
    }
}

fn new_message(
    parcel: &Parcel,
    home: &Home,
    folder: Folder,
    body: BodyId,
    place: u32,
) -> NewMessage {
    let (content, trace) = match &home.by {
        None => (parcel.content.clone(), parcel.trace.clone()),
        Some(by) => (noted(&parcel.content, by), passed_on(&parcel.trace, by)),
    };
    NewMessage {
        body,
        sent: None,
        place,
        original: home.original.clone(),
        folder,
        filed: None,
        starred_by: parcel.starred_by.clone(),
        from: written(&content.from).unwrap_or_default(),
        to: written(&content.to),
        subject: content.subject.clone(),
        content: Some(content),
        trace: Some(trace),
    }
}

/// Addresses as one reads them.
pub(crate) fn written(list: &[crate::model::content::Named]) -> Option<String> {
    if list.is_empty() {
        return None;
    }
    let each = list.iter().map(|one| match one.name.as_str() {
        "" => one.address.clone(),
        name => format!("{name} <{}>", one.address),
    });
    Some(each.collect::<Vec<_>>().join(", "))
}
