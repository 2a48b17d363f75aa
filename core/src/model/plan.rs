//! What becomes of a due delivery. The key's mode is asked last: it can only keep mail
//! here that would otherwise leave.

use super::delivery::Route;
use super::key::Mode;
use super::organization::Direct;
use super::relay::RelayRoom;
use super::simulate::Script;
use crate::clock::Timestamp;
use crate::ids::RelayId;

/// What is known of a due delivery.
#[derive(Clone, Debug)]
pub struct Situation {
    /// Whether the recipient is on a suppression list.
    pub suppressed: Suppressed,
    /// The mode of the key it was submitted with.
    pub mode: Mode,
    /// Whether the key's allow list has the recipient.
    pub listed: Listed,
    /// Whether a person has released it.
    pub released: Released,
    /// What its address asks to be played through, if it does.
    pub script: Option<Script>,
    /// The organization's relays, in the order in which they are tried.
    pub relays: Vec<RelayRoom>,
    /// The place of the last one tried in this round, if one was.
    pub relay_after: Option<i64>,
    /// Whether the organization may deliver directly.
    pub direct: Direct,
}

/// Whether a recipient is on a suppression list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suppressed {
    /// It is.
    Yes,
    /// It is not.
    No,
}

/// Whether a key's allow list has a recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listed {
    /// It has.
    Yes,
    /// It has not.
    No,
}

/// Whether a person has let a held delivery go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Released {
    /// Somebody has.
    Yes,
    /// Nobody has.
    No,
}

/// What becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plan {
    /// It is not sent.
    Suppress,
    /// It is kept here.
    Capture,
    /// It waits for a person.
    Hold,
    /// It goes to a provider.
    Relay(RelayId),
    /// It goes to the recipient's MX.
    Direct,
    /// Its outcome is played through here.
    Simulate(Script),
    /// It may leave, but every relay is full until then.
    Full(Timestamp),
    /// Every relay with room has put it off: the next round begins after the ordinary wait.
    RoundOver,
    /// It may leave, but there is no way out yet.
    NoRoute,
}

impl Plan {
    /// The route that the plan amounts to, if mail moves.
    #[must_use]
    pub const fn route(&self) -> Option<Route> {
        match self {
            Self::Capture => Some(Route::Capture),
            Self::Relay(_) => Some(Route::Relay),
            Self::Direct => Some(Route::Direct),
            Self::Simulate(_) => Some(Route::Simulated),
            Self::Suppress | Self::Hold | Self::Full(_) | Self::RoundOver | Self::NoRoute => None,
        }
    }
}

/// Decides.
#[must_use]
pub fn plan(situation: &Situation) -> Plan {
    match &situation.script {
        Some(Script::Suppressed) => return Plan::Suppress,
        Some(script) => return Plan::Simulate(script.clone()),
        None => {}
    }
    if situation.suppressed == Suppressed::Yes {
        return Plan::Suppress;
    }
    let way_out = way_out(situation);
    match (situation.mode, situation.listed, situation.released) {
        (Mode::Capture, ..) | (Mode::AllowList, Listed::No, _) => Plan::Capture,
        (Mode::Hold, _, Released::No) => Plan::Hold,
        (Mode::Hold, _, Released::Yes) | (Mode::AllowList, Listed::Yes, _) | (Mode::Live, ..) => {
            way_out
        }
    }
}

/// The next relay of this round that has room, or the recipient's own servers where there is
/// no relay at all. When all are full, it waits for the first that has room again; when only
/// those left in the round are, the round is over.
fn way_out(situation: &Situation) -> Plan {
    let Situation {
        relays,
        relay_after,
        direct,
        ..
    } = situation;
    if relays.is_empty() {
        return match direct {
            Direct::On => Plan::Direct,
            Direct::Off => Plan::NoRoute,
        };
    }
    let mut with_room = relays.iter().filter(|relay| relay.full_until.is_none());
    let left = |relay: &&RelayRoom| relay_after.is_none_or(|after| relay.position > after);
    match (with_room.clone().find(left), with_room.next()) {
        (Some(relay), _) => Plan::Relay(relay.id),
        (None, Some(_)) => Plan::RoundOver,
        (None, None) => {
            let until = relays.iter().filter_map(|relay| relay.full_until).min();
            until.map_or(Plan::NoRoute, Plan::Full)
        }
    }
}

/// Whether another relay of this round could take it after the one at `position` put it off.
#[must_use]
pub fn another(relays: &[RelayRoom], position: i64) -> bool {
    relays
        .iter()
        .any(|relay| relay.position > position && relay.full_until.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(id: i64, full_until: Option<i64>) -> RelayRoom {
        RelayRoom {
            id: RelayId(id),
            position: id,
            full_until: full_until.map(Timestamp),
        }
    }

    fn situation(mode: Mode, relays: Vec<RelayRoom>) -> Situation {
        Situation {
            suppressed: Suppressed::No,
            mode,
            listed: Listed::No,
            released: Released::No,
            script: None,
            relays,
            relay_after: None,
            direct: Direct::Off,
        }
    }

    #[test]
    fn a_mode_only_ever_keeps_mail_here() {
        use Listed as L;
        use Released as R;
        let out = Plan::Relay(RelayId(7));
        for (mode, listed, released, expected) in [
            (Mode::Capture, L::No, R::No, Plan::Capture),
            (Mode::Capture, L::Yes, R::Yes, Plan::Capture),
            (Mode::Hold, L::No, R::No, Plan::Hold),
            (Mode::Hold, L::Yes, R::No, Plan::Hold),
            (Mode::Hold, L::No, R::Yes, out.clone()),
            (Mode::AllowList, L::No, R::No, Plan::Capture),
            (Mode::AllowList, L::No, R::Yes, Plan::Capture),
            (Mode::AllowList, L::Yes, R::No, out.clone()),
            (Mode::Live, L::No, R::No, out),
        ] {
            let is = plan(&Situation {
                listed,
                released,
                ..situation(mode, vec![room(7, None)])
            });
            assert_eq!(is, expected, "{mode} {listed:?} {released:?}");
        }
    }

    #[test]
    fn suppression_and_outcome_addresses_come_before_every_mode() {
        for &mode in Mode::ALL {
            let live = Situation {
                listed: Listed::Yes,
                released: Released::Yes,
                direct: Direct::On,
                ..situation(mode, vec![room(7, None)])
            };
            let suppressed = Situation {
                suppressed: Suppressed::Yes,
                ..live.clone()
            };
            assert_eq!(plan(&suppressed), Plan::Suppress);
            let scripted = |script| Situation {
                script: Some(script),
                ..live.clone()
            };
            assert_eq!(plan(&scripted(Script::Suppressed)), Plan::Suppress);
            assert_eq!(
                plan(&scripted(Script::Complaint)),
                Plan::Simulate(Script::Complaint)
            );
        }
    }

    #[test]
    fn live_mail_without_a_way_out_stays() {
        assert_eq!(plan(&situation(Mode::Live, Vec::new())), Plan::NoRoute);
    }

    #[test]
    fn relays_are_tried_in_order_and_full_ones_left_out() {
        let relay = |id| Plan::Relay(RelayId(id));
        let (one, two) = (room(1, None), room(2, None));
        let (full_one, full_two) = (room(1, Some(500)), room(2, Some(300)));
        for (relays, after, expected) in [
            (vec![one, two], None, relay(1)),
            (vec![one, two], Some(1), relay(2)),
            (vec![full_one, two], None, relay(2)),
            (vec![full_one, full_two], None, Plan::Full(Timestamp(300))),
            (
                vec![full_one, full_two],
                Some(1),
                Plan::Full(Timestamp(300)),
            ),
            // A relay was filled, or removed, while its turn had come.
            (vec![one, full_two], Some(1), Plan::RoundOver),
            (vec![one], Some(1), Plan::RoundOver),
        ] {
            let is = plan(&Situation {
                relay_after: after,
                ..situation(Mode::Live, relays.clone())
            });
            assert_eq!(is, expected, "{relays:?} after {after:?}");
        }
        assert!(another(&[one, two], 1));
        assert!(!another(&[one, full_two], 1));
        assert!(!another(&[one, two], 2));
    }
}
