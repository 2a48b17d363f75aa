//! Who may come in by a line protocol, and how much anybody may do: bounds over all
//! connections.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use posthouse::clock::Timestamp;
use posthouse::model::rate::Bucket;

/// Credentials from one address that are wrong, in [`WRONG_CREDENTIALS_WINDOW`]; then none
/// from there is looked at until it is over.
pub const WRONG_CREDENTIALS_AN_ADDRESS: u32 = 20;
pub const WRONG_CREDENTIALS_WINDOW: Duration = Duration::from_secs(600);
/// How long whoever shows a wrong credential waits for the answer.
pub const WRONG_CREDENTIALS_WAIT: Duration = Duration::from_millis(500);
/// Addresses that something is remembered of; past that the oldest are forgotten.
pub const ADDRESSES_REMEMBERED: usize = 10_000;

/// What the operator decides.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Connections at a time.
    pub connections: usize,
    /// Connections from one address at a time.
    pub connections_an_address: usize,
    /// New connections a minute from one address; None for no bound, here and below.
    pub connections_a_minute: Option<u32>,
    /// Messages a minute from one address.
    pub messages_a_minute: Option<u32>,
    /// Refusals for good a minute to one address.
    pub refusals_a_minute: Option<u32>,
}

/// Why somebody may not come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crowded {
    /// There are too many connections.
    All,
    /// There are too many from this address.
    Address,
    /// They come too fast from this address.
    Fast,
    /// Too much was refused to this address.
    Refused,
}

/// The gate that all listeners share. Kept in memory: a restart forgives.
pub struct Gate {
    bounds: Bounds,
    visitors: Mutex<Visitors>,
}

#[derive(Default)]
struct Visitors {
    open: usize,
    known: HashMap<IpAddr, Visitor>,
}

struct Visitor {
    open: usize,
    wrong_credentials: u32,
    /// When the first of those was.
    wrong_since: Timestamp,
    connections: Bucket,
    messages: Bucket,
    refusals: Bucket,
    seen: Timestamp,
}

impl Visitor {
    fn wrong(&self, now: Timestamp) -> u32 {
        if self.wrong_since < now.minus(WRONG_CREDENTIALS_WINDOW) {
            0
        } else {
            self.wrong_credentials
        }
    }
}

/// A place inside, until it is dropped.
pub struct Place {
    gate: Arc<Gate>,
    address: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.gate.with(|visitors| {
            visitors.open = visitors.open.saturating_sub(1);
            if let Some(visitor) = visitors.known.get_mut(&self.address) {
                visitor.open = visitor.open.saturating_sub(1);
            }
        });
    }
}

/// Whom an address stands for: one who holds an IPv6 address holds a /64 of them.
fn whom(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let mut segments = address.segments();
            segments[4..].fill(0);
            IpAddr::V6(Ipv6Addr::from(segments))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// Takes one token, where there is a bound.
fn takes(bucket: &mut Bucket, bound: Option<u32>, now: Timestamp) -> bool {
    bound.is_none_or(|bound| bucket.take(bound, now).is_ok())
}

impl Gate {
    /// A gate that nobody has come through.
    #[must_use]
    pub fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            visitors: Mutex::default(),
        }
    }

    /// A place for a connection from `address`.
    pub fn enter(self: &Arc<Self>, address: IpAddr, now: Timestamp) -> Result<Place, Crowded> {
        let address = whom(address);
        self.with(|visitors| {
            if visitors.open >= self.bounds.connections {
                return Err(Crowded::All);
            }
            let visitor = visitors.visitor(address, now);
            if visitor.open >= self.bounds.connections_an_address {
                return Err(Crowded::Address);
            }
            // Looked at, not taken: to come in is nothing that is refused.
            let mut refusals = visitor.refusals;
            if !takes(&mut refusals, self.bounds.refusals_a_minute, now) {
                return Err(Crowded::Refused);
            }
            if !takes(
                &mut visitor.connections,
                self.bounds.connections_a_minute,
                now,
            ) {
                return Err(Crowded::Fast);
            }
            visitor.open += 1;
            visitors.open += 1;
            Ok(())
        })?;
        Ok(Place {
            gate: self.clone(),
            address,
        })
    }

    /// Whether a credential from `address` is looked at.
    pub fn hears(&self, address: IpAddr, now: Timestamp) -> bool {
        self.with(|visitors| {
            visitors.visitor(whom(address), now).wrong(now) < WRONG_CREDENTIALS_AN_ADDRESS
        })
    }

    /// A credential from `address` was wrong.
    pub fn was_wrong(&self, address: IpAddr, now: Timestamp) {
        self.with(|visitors| {
            let visitor = visitors.visitor(whom(address), now);
            let before = visitor.wrong(now);
            if before == 0 {
                visitor.wrong_since = now;
            }
            visitor.wrong_credentials = before + 1;
        });
    }

    /// Whether one more message from `address` may begin.
    pub fn begins(&self, address: IpAddr, now: Timestamp) -> bool {
        self.with(|visitors| {
            let visitor = visitors.visitor(whom(address), now);
            takes(&mut visitor.messages, self.bounds.messages_a_minute, now)
        })
    }

    /// Something was refused for good to `address`.
    pub fn was_refused(&self, address: IpAddr, now: Timestamp) {
        self.with(|visitors| {
            let visitor = visitors.visitor(whom(address), now);
            // Past the bound nothing more is counted: who comes back in a minute comes in.
            takes(&mut visitor.refusals, self.bounds.refusals_a_minute, now);
        });
    }

    fn with<T>(&self, act: impl FnOnce(&mut Visitors) -> T) -> T {
        // Numbers stay numbers, even if somebody panicked while counting.
        act(&mut self.visitors.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Visitors {
    fn visitor(&mut self, address: IpAddr, now: Timestamp) -> &mut Visitor {
        if self.known.len() >= ADDRESSES_REMEMBERED && !self.known.contains_key(&address) {
            self.forget(now);
        }
        let visitor = self.known.entry(address).or_insert_with(|| Visitor {
            open: 0,
            wrong_credentials: 0,
            wrong_since: Timestamp(i64::MIN),
            connections: Bucket::full(),
            messages: Bucket::full(),
            refusals: Bucket::full(),
            seen: now,
        });
        visitor.seen = now;
        visitor
    }

    /// Lets go of half of those who are not here, the longest gone first.
    fn forget(&mut self, now: Timestamp) {
        let mut gone: Vec<Timestamp> = self
            .known
            .values()
            .filter(|visitor| visitor.open == 0)
            .map(|visitor| visitor.seen)
            .collect();
        gone.sort_unstable();
        let until = gone.get(gone.len() / 2).copied().unwrap_or(now);
        self.known
            .retain(|_, visitor| visitor.open > 0 || visitor.seen > until);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    const FREE: Bounds = Bounds {
        connections: 9,
        connections_an_address: 9,
        connections_a_minute: None,
        messages_a_minute: None,
        refusals_a_minute: None,
    };

    fn gate(bounds: Bounds) -> Arc<Gate> {
        Arc::new(Gate::new(bounds))
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn places_are_counted_and_given_back() {
        let gate = gate(Bounds {
            connections: 3,
            connections_an_address: 2,
            ..FREE
        });
        let (one, two) = (ip("192.0.2.1"), ip("192.0.2.2"));
        let first = gate.enter(one, NOW).ok();
        let second = gate.enter(ip("::ffff:192.0.2.1"), NOW).ok();
        assert!(first.is_some() && second.is_some());
        assert_eq!(gate.enter(one, NOW).err(), Some(Crowded::Address));
        let third = gate.enter(two, NOW).ok();
        assert!(third.is_some());
        assert_eq!(gate.enter(ip("192.0.2.3"), NOW).err(), Some(Crowded::All));
        drop(first);
        assert!(gate.enter(one, NOW).is_ok());
    }

    #[test]
    fn a_network_of_one_holder_is_one_address() {
        let gate = gate(Bounds {
            connections_an_address: 1,
            ..FREE
        });
        let _place = gate.enter(ip("2001:db8::1"), NOW).ok();
        let same = gate.enter(ip("2001:db8::ffff:1"), NOW).err();
        assert_eq!(same, Some(Crowded::Address));
        assert!(gate.enter(ip("2001:db8:0:1::1"), NOW).is_ok());
    }

    #[test]
    fn who_guesses_is_not_heard_for_a_while() {
        let gate = gate(FREE);
        let guesser = ip("192.0.2.1");
        for _ in 0..WRONG_CREDENTIALS_AN_ADDRESS {
            assert!(gate.hears(guesser, NOW));
            gate.was_wrong(guesser, NOW);
        }
        assert!(!gate.hears(guesser, NOW));
        assert!(gate.hears(ip("192.0.2.2"), NOW));
        let later = Timestamp(NOW.0 + 600_001);
        assert!(gate.hears(guesser, later));
        gate.was_wrong(guesser, later);
        assert!(gate.hears(guesser, later), "the count began anew");
    }

    #[test]
    fn messages_have_a_rate_where_one_is_set() {
        let bounded = gate(Bounds {
            messages_a_minute: Some(2),
            ..FREE
        });
        let sender = ip("192.0.2.1");
        let begun = [(); 3].map(|()| bounded.begins(sender, NOW));
        assert_eq!(begun, [true, true, false]);
        assert!(bounded.begins(sender, Timestamp(NOW.0 + 30_000)));
        let free = gate(FREE);
        assert!((0..1000).all(|_| free.begins(sender, NOW)));
    }

    #[test]
    fn connections_have_a_rate_where_one_is_set() {
        let bounded = gate(Bounds {
            connections_a_minute: Some(2),
            ..FREE
        });
        let (one, two) = (ip("192.0.2.1"), ip("192.0.2.2"));
        let come = |from, now| bounded.enter(from, now).err();
        let come_thrice = [come(one, NOW), come(one, NOW), come(one, NOW)];
        assert_eq!(come_thrice, [None, None, Some(Crowded::Fast)]);
        assert_eq!(come(two, NOW), None, "who is another");
        assert_eq!(come(one, Timestamp(NOW.0 + 30_000)), None);
        let free = gate(FREE);
        assert!((0..1000).all(|_| free.enter(one, NOW).is_ok()));
    }

    #[test]
    fn who_was_refused_too_much_waits_outside() {
        let bounded = gate(Bounds {
            refusals_a_minute: Some(3),
            ..FREE
        });
        let (one, two) = (ip("192.0.2.1"), ip("192.0.2.2"));
        for _ in 0..3 {
            assert_eq!(bounded.enter(one, NOW).err(), None);
            bounded.was_refused(one, NOW);
        }
        for _ in 0..100 {
            bounded.was_refused(one, NOW);
            assert_eq!(bounded.enter(one, NOW).err(), Some(Crowded::Refused));
        }
        assert_eq!(bounded.enter(two, NOW).err(), None);
        let later = Timestamp(NOW.0 + 20_000);
        assert_eq!(bounded.enter(one, later).err(), None);
    }

    #[test]
    fn strangers_take_no_memory() {
        let gate = gate(FREE);
        let here = ip("192.0.2.1");
        let place = gate.enter(here, NOW).ok();
        for number in 0..30_000_u32 {
            let address = IpAddr::V4((0x0a00_0000 + number).into());
            gate.was_wrong(address, Timestamp(NOW.0 + i64::from(number)));
        }
        let (known, open) = gate.with(|visitors| {
            let open = visitors.known.get(&here).map(|visitor| visitor.open);
            (visitors.known.len(), open)
        });
        assert!(known <= ADDRESSES_REMEMBERED);
        assert_eq!(open, Some(1));
        drop(place);
    }
}
