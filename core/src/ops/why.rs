//! Why: the whole story of an email, recipient by recipient, in words to act on.

use crate::engine::Posthouse;
use crate::error::{Error, Missing, Result};
use crate::ids::{DeliveryId, EmailId, MessageId};
use crate::model::delivery::{Attempt, Delivery, HeldBecause, Outcome, Route, State};
use crate::model::email::Email;
use crate::model::event::{Event, EventKind};
use crate::model::key::{Caller, Key, Mode};

/// The story of an email.
#[derive(Clone, Debug)]
pub struct Story {
    /// The email.
    pub email: Email,
    /// The key it was submitted with.
    pub key: Key,
    /// Its recipients, in turn.
    pub recipients: Vec<RecipientStory>,
}

/// The story of one recipient.
#[derive(Clone, Debug)]
pub struct RecipientStory {
    /// Where it stands.
    pub delivery: Delivery,
    /// Where that leaves it, in one sentence.
    pub standing: String,
    /// What to do about it, if there is something.
    pub next_step: Option<String>,
    /// What happened, in order.
    pub events: Vec<Event>,
    /// The tries, with their conversations.
    pub attempts: Vec<Attempt>,
    /// The message it was kept as, when it was kept here.
    pub message: Option<MessageId>,
}

impl Posthouse {
    /// Tells the story of one of the caller's emails.
    ///
    /// # Errors
    /// `Denied::Scope`, `Missing::Email`.
    pub async fn why(&self, caller: &Caller, id: EmailId) -> Result<Story> {
        caller.needs_operator()?;
        let of = caller.organization();
        self.store
            .read(move |read| {
                let email = read.email(of, id)?.ok_or(Error::Missing(Missing::Email))?;
                let key = read
                    .key(of, email.key)?
                    .ok_or(Error::Missing(Missing::Key))?;
                let events = read.events_of(id)?;
                let kept = read.messages_of(id)?;
                let recipients = read
                    .deliveries_of(id)?
                    .into_iter()
                    .map(|delivery| {
                        let attempts = read.attempts_of(delivery.id)?;
                        let kept = message_of(&kept, delivery.id);
                        Ok(recipient(delivery, &key, &events, attempts, kept))
                    })
                    .collect::<Result<_>>()?;
                Ok(Story {
                    email,
                    key,
                    recipients,
                })
            })
            .await
    }
}

fn message_of(kept: &[(MessageId, Option<DeliveryId>)], delivery: DeliveryId) -> Option<MessageId> {
    kept.iter()
        .find(|(_, of)| *of == Some(delivery))
        .map(|(id, _)| *id)
}

fn recipient(
    delivery: Delivery,
    key: &Key,
    events: &[Event],
    attempts: Vec<Attempt>,
    message: Option<MessageId>,
) -> RecipientStory {
    let events = events
        .iter()
        .filter(|event| event.delivery == Some(delivery.id) || event.kind == EventKind::Queued)
        .cloned()
        .collect();
    RecipientStory {
        standing: standing(&delivery, attempts.last(), message),
        next_step: next_step(&delivery, key, attempts.last(), message),
        delivery,
        events,
        attempts,
        message,
    }
}

fn said(delivery: &Delivery) -> &str {
    delivery
        .last_answer
        .as_deref()
        .unwrap_or("nothing was said")
}

fn standing(delivery: &Delivery, last: Option<&Attempt>, message: Option<MessageId>) -> String {
    let peer = last
        .and_then(|attempt| attempt.peer.as_deref())
        .unwrap_or("the next host");
    match delivery.state {
        State::Queued if delivery.attempts > 0 => {
            format!("It waits to be sent again: {}.", said(delivery))
        }
        State::Queued => String::from("It was accepted and waits for its first try."),
        State::Sending => String::from("It is being sent right now."),
        State::Deferred => {
            let next = delivery.next_at.map_or_else(String::new, |at| {
                format!(" The next try is at {}.", at.rfc3339_millis())
            });
            if delivery.attempts == 0 {
                format!("It was not sent yet: {}.{next}", said(delivery))
            } else {
                let times = if delivery.attempts == 1 {
                    String::from("once")
                } else {
                    format!("{} times", delivery.attempts)
                };
                format!(
                    "It was tried {times} and put off: {}.{next}",
                    said(delivery)
                )
            }
        }
        State::Held => match delivery.held_because {
            Some(HeldBecause::Unknown) => String::from(
                "It is held: a crash came after the message was sent and before the answer was seen, \
                 so it may or may not have arrived.",
            ),
            Some(HeldBecause::Mode) | None => {
                String::from("It is held for a person to decide, because its key's mode is hold.")
            }
        },
        State::Delivered => match delivery.route {
            Some(Route::Capture) | None => match message {
                Some(id) => format!("It was kept here as message {id}; nothing left this machine."),
                None => String::from("It was kept here; nothing left this machine."),
            },
            Some(Route::Local) => String::from("It was put into a mailbox here."),
            Some(Route::Simulated) => String::from(
                "Its outcome was played through, as the address asks; nothing left this machine.",
            ),
            Some(Route::Relay | Route::Direct) => {
                format!("It was taken by {peer}: {}.", said(delivery))
            }
        },
        State::Bounced => match last {
            Some(attempt)
                if attempt.outcome == Some(Outcome::Refused) && attempt.peer.is_some() =>
            {
                format!("It was refused for good by {peer}: {}.", said(delivery))
            }
            _ => format!("It was given up: {}.", said(delivery)),
        },
        State::Suppressed => String::from(
            "It was not sent, because the address was on the suppression list when its turn came.",
        ),
        State::Burned => String::from("It was never sent: a person burned it."),
        State::Complained => String::from("It was delivered, and then complained of."),
        State::Canceled => String::from("It was never sent: its sender took it back."),
    }
}

fn next_step(
    delivery: &Delivery,
    key: &Key,
    last: Option<&Attempt>,
    message: Option<MessageId>,
) -> Option<String> {
    let email = delivery.email;
    match delivery.state {
        State::Queued | State::Sending | State::Burned | State::Canceled => None,
        State::Complained => Some(String::from(
            "Do not write to this recipient again; the address is on the suppression list.",
        )),
        State::Deferred if delivery.attempts == 0 => Some(String::from(
            "Add a relay (posthouse relay add) or enable direct delivery (posthouse org set --direct on).",
        )),
        State::Deferred => Some(
            advice(last)
                .unwrap_or("Nothing: it is tried again by itself for up to two days.")
                .to_owned(),
        ),
        State::Held => Some(format!(
            "Let it go with `posthouse email release {email}`, or never send it with `posthouse email burn {email}`."
        )),
        State::Delivered => match (delivery.route, message) {
            (Some(Route::Capture), Some(id)) => {
                let open = format!("Read it with `posthouse message show {id}`.");
                Some(match key.mode {
                    Mode::Capture => format!(
                        "{open} To send for real, make the key live: `posthouse key mode {} live`.",
                        key.id
                    ),
                    Mode::AllowList => format!(
                        "{open} To let mail leave for this address: `posthouse key allow {} {}`.",
                        key.id, delivery.address
                    ),
                    Mode::Hold | Mode::Live => open,
                })
            }
            (Some(Route::Capture | Route::Local | Route::Simulated) | None, _) => None,
            (Some(Route::Relay | Route::Direct), _) => Some(String::from(
                "If it is not in the inbox, look in the spam folder; the next host has it and says so above.",
            )),
        },
        State::Bounced => Some(advice(last).map_or_else(
            || {
                format!(
                    "Check the address. If it is right, take it off the list with \
                     `posthouse suppression remove {} --domain …` and send again.",
                    delivery.address
                )
            },
            str::to_owned,
        )),
        State::Suppressed => Some(format!(
            "If the address is right, `posthouse suppression remove {}` and send again.",
            delivery.address
        )),
    }
}

/// What an enhanced code (RFC 3463) asks of a person.
fn advice(last: Option<&Attempt>) -> Option<&'static str> {
    let code = last?.reply.as_ref()?.enhanced.as_deref()?;
    let (_, detail) = code.split_once('.')?;
    Some(match detail {
        "1.1" => {
            "There is no such mailbox: check the address before the @. It is on the suppression list now."
        }
        "1.2" => "There is no such domain: check the address after the @.",
        "1.10" => {
            "The domain says that it takes no mail at all: ask the recipient for another address."
        }
        "2.1" => "The mailbox is switched off: ask the recipient by another way.",
        "2.2" => "The mailbox is full: the recipient has to make room.",
        "2.3" | "3.4" => {
            "The message is too large for the recipient: send a link in place of the attachment."
        }
        "7.0" | "7.1" => {
            "The receiver refuses us by its policy: check that SPF, DKIM and DMARC pass (posthouse domain verify) \
             and that this machine's address is on no block list."
        }
        "7.26" | "7.23" | "7.20" => {
            "The receiver could not authenticate the mail: publish the missing records (posthouse domain records)."
        }
        _ => return None,
    })
}
