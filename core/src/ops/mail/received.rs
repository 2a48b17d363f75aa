//! Mail that came in, whole, for whoever is told of it.

use crate::engine::Posthouse;
use crate::error::Result;
use crate::ids::numbered_uuid;
use crate::mime::content::content;
use crate::mime::headers::fields;
use crate::mime::parts::files;
use crate::mime::read::summary;
use crate::model::event::Event;
use crate::model::received::Received;
use crate::store::{Read, decompress};

/// None when the event is of no mail, or the message was removed meanwhile.
pub(crate) fn received(
    engine: &Posthouse,
    read: &Read<'_>,
    event: &Event,
) -> Result<Option<Received>> {
    let Some(incoming) = event.facts.message else {
        return Ok(None);
    };
    let Some(organization) = read.organization(event.organization)? else {
        return Ok(None);
    };
    let found = read.message(incoming.id)?;
    let Some(message) = found.filter(|one| one.owner == Some(event.organization)) else {
        return Ok(None);
    };
    let Some(packed) = read.body_packed(message.body)? else {
        return Ok(None);
    };
    let raw = decompress(&packed)?;
    let parts = summary(&raw);
    Ok(Some(Received {
        event_uuid: numbered_uuid(organization.uuid, event.id.0),
        event: event.clone(),
        token: engine.message_token(&message),
        alias: read
            .alias_of(&message.address)?
            .map(|local| format!("{local}@{}", engine.alias_host(&message.address))),
        content: message.content.clone().unwrap_or_else(|| content(&raw)),
        fields: fields(&raw),
        text: parts.text,
        html: parts.html,
        files: files(&raw),
        raw,
        message,
        now: engine.now(),
    }))
}
