//! A copy for each recipient: where a domain's mail tells of opens and clicks, or is given
//! one-click unsubscribing, every recipient's links are their own.

use super::ready::{Making, unfit};
use crate::engine::Links;
use crate::error::Result;
use crate::limits::MESSAGE_BYTES;
use crate::mime::compose::{Draft, OneClick, compose};
use crate::mime::links::Ticket;
use crate::mime::track::Page;
use crate::model::domain::{Domain, Switch};
use crate::store::PackedBody;

/// The copies of an email.
#[derive(Default)]
pub(super) struct Copies {
    /// One a recipient, in their order, None for who is left out; empty when all share the
    /// email as it was submitted.
    pub(super) bodies: Vec<Option<PackedBody>>,
    /// Why something that the domain asks for was not done.
    pub(super) note: Option<String>,
}

impl Copies {
    /// All share one, and this is why.
    fn shared(why: &str) -> Self {
        Self {
            bodies: Vec::new(),
            note: Some(why.to_owned()),
        }
    }
}

/// Makes the copies of `draft`, which composed is `size_bytes` long, for recipients of whom
/// those `skipped` are left out. They take from `room_bytes`.
pub(super) fn copies(
    mut draft: Draft,
    size_bytes: usize,
    skipped: &[bool],
    domain: &Domain,
    making: &Making,
    room_bytes: &mut usize,
) -> Result<Copies> {
    let own_way_out = draft.list_unsubscribe.is_some();
    let offered = domain.unsubscribe == Switch::On && !own_way_out;
    let tracked = domain.tracking == Switch::On && draft.html.is_some();
    if !offered && !tracked {
        return Ok(Copies::default());
    }
    let going = skipped.iter().filter(|skipped| !**skipped).count();
    let Some(left_bytes) = room_bytes.checked_sub(size_bytes.saturating_mul(going)) else {
        return Ok(Copies::shared(
            "sent without tracking: a copy for each recipient takes too much",
        ));
    };
    *room_bytes = left_bytes;
    let Links { base, key } = making.links.as_ref();
    let html = draft.html.take();
    let mut note = None;
    let page = match html.as_deref().filter(|_| tracked) {
        None => None,
        Some(html) => match Page::read(html, base, draft.list_unsubscribe.as_deref()) {
            Ok(page) => Some(page),
            Err(unread) => {
                note = Some(format!("sent without tracking: the html body {unread}"));
                None
            }
        },
    };
    let mut bodies = Vec::with_capacity(skipped.len());
    for (recipient, skipped) in (0..).zip(skipped) {
        if *skipped {
            bodies.push(None);
            continue;
        }
        let ticket = Ticket {
            email: making.uuid,
            recipient,
        };
        draft.html = match &page {
            Some(page) => Some(page.write(key, &ticket)),
            None => html.clone(),
        };
        if offered {
            draft.list_unsubscribe = Some(format!("<{}>", key.unsubscribe(base, &ticket)));
            draft.one_click = OneClick::Offered;
        }
        let raw = compose(&draft, making.seed).map_err(|error| unfit(&error))?;
        if raw.len() > MESSAGE_BYTES {
            return Ok(Copies::shared(
                "sent without tracking: with it the message is too large",
            ));
        }
        bodies.push(Some(PackedBody::pack(&raw)?));
    }
    Ok(Copies { bodies, note })
}
