//! What becomes of a due delivery. The key's mode is asked last: it can only keep mail
//! here that would otherwise leave.

use super::delivery::Route;
use super::key::Mode;
use super::organization::Direct;
use crate::ids::RelayId;

/// What is known of a due delivery.
#[derive(Clone, Copy, Debug)]
pub struct Situation {
    /// Whether the recipient is on a suppression list.
    pub suppressed: Suppressed,
    /// The mode of the key it was submitted with.
    pub mode: Mode,
    /// Whether the key's allow list has the recipient.
    pub listed: Listed,
    /// Whether a person has released it.
    pub released: Released,
    /// The organization's default relay.
    pub relay: Option<RelayId>,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// It may leave, but there is no way out yet.
    NoRoute,
}

impl Plan {
    /// The route that the plan amounts to, if mail moves.
    #[must_use]
    pub const fn route(self) -> Option<Route> {
        match self {
            Self::Capture => Some(Route::Capture),
            Self::Relay(_) => Some(Route::Relay),
            Self::Direct => Some(Route::Direct),
            Self::Suppress | Self::Hold | Self::NoRoute => None,
        }
    }
}

/// Decides.
#[must_use]
pub fn plan(situation: &Situation) -> Plan {
    if situation.suppressed == Suppressed::Yes {
        return Plan::Suppress;
    }
    let way_out = match (situation.relay, situation.direct) {
        (Some(relay), _) => Plan::Relay(relay),
        (None, Direct::On) => Plan::Direct,
        (None, Direct::Off) => Plan::NoRoute,
    };
    match (situation.mode, situation.listed, situation.released) {
        (Mode::Capture, ..) | (Mode::AllowList, Listed::No, _) => Plan::Capture,
        (Mode::Hold, _, Released::No) => Plan::Hold,
        (Mode::Hold, _, Released::Yes) | (Mode::AllowList, Listed::Yes, _) | (Mode::Live, ..) => {
            way_out
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RELAY: Option<RelayId> = Some(RelayId(7));

    fn case(mode: Mode, listed: Listed, released: Released, relay: Option<RelayId>) -> Plan {
        plan(&Situation {
            suppressed: Suppressed::No,
            mode,
            listed,
            released,
            relay,
            direct: Direct::Off,
        })
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
            (Mode::Hold, L::No, R::Yes, out),
            (Mode::AllowList, L::No, R::No, Plan::Capture),
            (Mode::AllowList, L::No, R::Yes, Plan::Capture),
            (Mode::AllowList, L::Yes, R::No, out),
            (Mode::Live, L::No, R::No, out),
        ] {
            assert_eq!(
                case(mode, listed, released, RELAY),
                expected,
                "{mode} {listed:?} {released:?}"
            );
        }
    }

    #[test]
    fn suppression_comes_before_every_mode() {
        for &mode in Mode::ALL {
            let situation = Situation {
                suppressed: Suppressed::Yes,
                mode,
                listed: Listed::Yes,
                released: Released::Yes,
                relay: RELAY,
                direct: Direct::On,
            };
            assert_eq!(plan(&situation), Plan::Suppress);
        }
    }

    #[test]
    fn live_mail_without_a_way_out_stays() {
        assert_eq!(
            case(Mode::Live, Listed::No, Released::No, None),
            Plan::NoRoute
        );
    }
}
