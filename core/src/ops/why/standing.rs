//! Where a recipient stands, in sentences: which way its mail went, what came of it, and
//! what to do.

use super::refusal::Refusal;
use crate::clock::Timestamp;
use crate::ids::MessageId;
use crate::model::delivery::{Attempt, Delivery, HeldBecause, Outcome, Route, State};
use crate::model::email::Email;
use crate::model::key::{Key, Mode};
use crate::model::relay::Relay;
use crate::model::suppression::Suppression;

/// All that is known of one recipient, before it is told.
pub(super) struct Facts<'a> {
    pub(super) email: &'a Email,
    /// The host of the sender's domain, if one is known.
    pub(super) host: Option<&'a str>,
    pub(super) key: &'a Key,
    pub(super) delivery: &'a Delivery,
    pub(super) last: Option<&'a Attempt>,
    /// The relay of the last try, if it still exists.
    pub(super) relay: Option<&'a Relay>,
    pub(super) refusal: Option<&'a Refusal>,
    pub(super) message: Option<MessageId>,
    /// Whether the address is suppressed now.
    pub(super) suppressed: Option<&'a Suppression>,
    /// Until when it is tried.
    pub(super) give_up_at: Timestamp,
}

impl Facts<'_> {
    fn said(&self) -> &str {
        let said = self.delivery.last_answer.as_deref();
        said.unwrap_or("nothing was said").trim_end_matches('.')
    }

    fn peer(&self) -> &str {
        let peer = self.last.and_then(|attempt| attempt.peer.as_deref());
        peer.unwrap_or("the next host")
    }

    /// The way that the mail went, or goes.
    pub(super) fn route(&self) -> String {
        let delivery = self.delivery;
        match (self.last, delivery.state) {
            (Some(attempt), _) => match attempt.route {
                Route::Direct => String::from("straight to the recipient's mail server"),
                Route::Relay => match self.relay {
                    Some(relay) => format!(
                        "by the relay {} ({}:{})",
                        relay.name, relay.host, relay.port
                    ),
                    None => String::from("by a relay that was removed since"),
                },
                Route::Local => String::from("a mailbox on this machine"),
                Route::Capture => String::from("kept on this machine"),
                Route::Simulated => {
                    String::from("none: an outcome is played through, as the address asks")
                }
            },
            (None, State::Delivered | State::Complained) => match (delivery.route, self.key.mode) {
                (Some(Route::Local), _) => String::from("a mailbox on this machine"),
                (_, Mode::Capture) => {
                    String::from("kept on this machine: the key's mode is capture")
                }
                (_, Mode::AllowList) => {
                    String::from("kept on this machine: the address is not on the key's allow list")
                }
                (_, Mode::Hold | Mode::Live) => {
                    String::from("kept on this machine: the key's mode was another then")
                }
            },
            (None, State::Held) => String::from("none yet: it waits for a person"),
            (None, State::Suppressed) => String::from("none: the address is suppressed"),
            (None, State::Burned) => String::from("none: a person burned it"),
            (None, State::Canceled) => String::from("none: its sender took it back"),
            (None, State::Queued | State::Sending | State::Deferred | State::Bounced) => {
                String::from("none yet")
            }
        }
    }

    /// Where it stands, in one or two sentences.
    pub(super) fn standing(&self) -> String {
        let delivery = self.delivery;
        match delivery.state {
            State::Queued if delivery.attempts > 0 => {
                format!("It waits to be sent again: {}.", self.said())
            }
            State::Queued => match self.email.send_at {
                Some(at) => format!("It was accepted to be sent at {}.", at.to_the_second()),
                None => String::from("It was accepted and waits for its first try."),
            },
            State::Sending => String::from("It is being sent right now."),
            State::Deferred => self.deferred(),
            State::Held => match delivery.held_because {
                Some(HeldBecause::Unknown) => String::from(
                    "It is held: a crash came after the message was sent and before the answer was seen, \
                     so it may or may not have arrived.",
                ),
                Some(HeldBecause::Mode) | None => String::from(
                    "It is held for a person to decide, because its key's mode is hold.",
                ),
            },
            State::Delivered => match (delivery.route, self.message) {
                (Some(Route::Relay | Route::Direct), _) => {
                    format!("It was taken by {}: {}.", self.peer(), self.said())
                }
                (Some(Route::Local), _) => String::from("It was put into a mailbox here."),
                (Some(Route::Simulated), _) => String::from(
                    "Its outcome was played through, as the address asks; nothing left this machine.",
                ),
                (Some(Route::Capture) | None, Some(id)) => {
                    format!("It was kept here as message {id}; nothing left this machine.")
                }
                (Some(Route::Capture) | None, None) => {
                    String::from("It was kept here; nothing left this machine.")
                }
            },
            State::Bounced => match self.refusal.and_then(|refusal| refusal.by.as_deref()) {
                _ if self.last.and_then(|last| last.outcome) == Some(Outcome::Sent) => {
                    format!(
                        "It was taken by {}, and came back: {}.",
                        self.peer(),
                        self.said()
                    )
                }
                Some(by) if self.last.and_then(|last| last.outcome) == Some(Outcome::Refused) => {
                    format!("It was refused for good by {by}: {}.", self.said())
                }
                None if self.last.and_then(|last| last.outcome) == Some(Outcome::Refused) => {
                    format!("It cannot be delivered: {}.", self.said())
                }
                Some(_) | None => format!("It was given up: {}.", self.said()),
            },
            State::Suppressed => String::from(
                "It was not sent, because the address was on the suppression list when its turn came.",
            ),
            State::Burned => String::from("It was never sent: a person burned it."),
            State::Complained => String::from("It was delivered, and then complained of."),
            State::Canceled => String::from("It was never sent: its sender took it back."),
        }
    }

    fn deferred(&self) -> String {
        let next = self.delivery.next_at.map_or_else(String::new, |at| {
            format!(" The next try is at {}.", at.to_the_second())
        });
        match self.delivery.attempts {
            0 => format!("It was not sent yet: {}.{next}", self.said()),
            1 => format!("It was tried once and put off: {}.{next}", self.said()),
            times => format!(
                "It was tried {times} times and put off: {}.{next}",
                self.said()
            ),
        }
    }

    /// What to do about it, if there is something.
    pub(super) fn next_step(&self) -> Option<String> {
        let email = self.email.id;
        match self.delivery.state {
            State::Queued | State::Sending | State::Burned | State::Canceled => None,
            State::Complained => Some(String::from(match self.suppressed {
                Some(_) => {
                    "Do not write to this recipient again; the address is on the suppression list."
                }
                None => "Do not write to this recipient again.",
            })),
            State::Deferred if self.delivery.attempts == 0 => Some(String::from(
                "It goes out by itself once there is a way out with room. Add a relay (`posthouse relay add`) \
                 or raise a limit (`posthouse relay set`). Where there is no relay, direct delivery is another \
                 way (`posthouse org set --direct on`).",
            )),
            State::Deferred => {
                let until = self.give_up_at.to_the_second();
                let again = format!("It is tried again by itself, until {until}.");
                Some(match self.advice() {
                    Some(advice) => format!("{again} {advice}"),
                    None => format!("Nothing for now. {again}"),
                })
            }
            State::Held => Some(format!(
                "Let it go with `posthouse email release {email}`, or never send it with `posthouse email burn {email}`."
            )),
            State::Delivered => self.after_delivery(),
            State::Bounced => Some(self.after_bounce()),
            State::Suppressed => Some(match self.off_the_list() {
                Some(command) => {
                    format!("If the address is right, {command}, and send it again.")
                }
                None => String::from("It is off the list again: send it again."),
            }),
        }
    }

    fn after_delivery(&self) -> Option<String> {
        let key = self.key.id;
        match (self.delivery.route, self.message) {
            (Some(Route::Relay | Route::Direct), _) => Some(String::from(
                "If it is not in the inbox, look in the spam folder; the next host has it and says so above.",
            )),
            (Some(Route::Capture), Some(id)) => {
                let open = format!("Read it with `posthouse message show {id}`.");
                Some(match self.key.mode {
                    Mode::Capture => format!(
                        "{open} To send for real, make the key live: `posthouse key mode {key} live`."
                    ),
                    Mode::AllowList => format!(
                        "{open} To let mail leave for this address: `posthouse key allow {key} {}`.",
                        self.delivery.address
                    ),
                    Mode::Hold | Mode::Live => open,
                })
            }
            (Some(Route::Capture | Route::Local | Route::Simulated) | None, _) => None,
        }
    }

    fn after_bounce(&self) -> String {
        let advice = self.advice().unwrap_or("Check the address.");
        match self.off_the_list() {
            Some(command) => format!(
                "{advice} The address is on the suppression list now, and nothing is sent to it; \
                 when it is right after all, {command}, and send again."
            ),
            None => format!("{advice} Then send it again."),
        }
    }

    /// What the refusal asks of a person.
    fn advice(&self) -> Option<&str> {
        self.refusal?.next_step.as_deref()
    }

    /// How the address comes off the suppression list that it is on.
    fn off_the_list(&self) -> Option<String> {
        let suppressed = self.suppressed?;
        let domain = match (suppressed.domain, self.host) {
            (Some(_), Some(host)) => format!(" --domain {host}"),
            (None, _) | (_, None) => String::new(),
        };
        Some(format!(
            "take it off with `posthouse suppression remove {}{domain}`",
            suppressed.address
        ))
    }
}
