//! Whether an email may be sent, in the order in which its door's contract has the checks.

use super::known::{Common, Known};
use super::submission::{Parsed, named, refused, shown};
use crate::clock::Timestamp;
use crate::error::{Busy, Conflict, Denied, Error, Field, Missing, Problem, Reason, Result};
use crate::model::address::Mailbox;
use crate::model::delivery::RecipientField;
use crate::model::domain::{Domain, Switch};
use crate::model::email::{SenderTerms, SuppressedTerms, WayOutTerms};
use crate::model::key::{Key, Mode};
use crate::model::organization::{Direct, Standing};
use crate::model::simulate::script;
use crate::model::usage::UsedUp;

/// An email that may be sent.
pub(super) struct Judged {
    pub(super) parsed: Parsed,
    pub(super) from: Mailbox,
    pub(super) domain: Option<Domain>,
    /// Whether each recipient is left out, because it is suppressed.
    pub(super) skipped: Vec<bool>,
}

impl Judged {
    /// How much is composed, in bytes of content.
    pub(super) fn work_bytes(&self) -> usize {
        let copied = self.domain.as_ref().is_some_and(|domain| {
            domain.tracking == Switch::On || domain.unsubscribe == Switch::On
        });
        let copies = if copied { self.skipped.len() } else { 0 };
        self.parsed.size_bytes() * (1 + copies)
    }
}

pub(super) fn judge(
    standing: Standing,
    key: &Key,
    mut parsed: Parsed,
    known: Known,
    common: &mut Common,
    now: Timestamp,
) -> Result<Judged> {
    stands(standing)?;
    let from = match parsed.terms.sender {
        SenderTerms::KeyDomain => {
            let domain = known
                .domain
                .as_ref()
                .ok_or(Error::Missing(Missing::Domain))?;
            let from = of_key(key, domain, parsed.from.take())?;
            parsed.problems.extend(blocked(&parsed, &known.suppressed));
            sound(&mut parsed)?;
            spend(&parsed, common)?;
            from
        }
        SenderTerms::OwnDomain | SenderTerms::Provider => {
            let from = provided(&mut parsed, common);
            sound(&mut parsed)?;
            spend(&parsed, common)?;
            let from = from.ok_or_else(|| Field::From.error(Reason::Malformed))?;
            of_organization(key, &parsed, known.domain.as_ref(), common)?;
            let blocked = blocked(&parsed, &known.suppressed);
            if !blocked.is_empty() {
                return Err(Error::Invalid(blocked));
            }
            from
        }
    };
    has_room(key, &parsed, common, now)?;
    Ok(Judged {
        from,
        domain: known.domain,
        skipped: known.suppressed,
        parsed,
    })
}

fn stands(standing: Standing) -> Result<()> {
    match standing {
        Standing::Disabled => Err(Error::Denied(Denied::Disabled)),
        Standing::NoPlan => Err(Error::Denied(Denied::NoPlan)),
        Standing::Active => Ok(()),
    }
}

/// The sender, who has to be of the key's own domain.
fn of_key(key: &Key, domain: &Domain, from: Option<Mailbox>) -> Result<Mailbox> {
    // A key that keeps all mail here proves nothing about the domain to anybody, so it does
    // not wait for DNS: that is what lets an application run on a laptop unchanged.
    if key.mode.can_leave() && !domain.dkim_verified {
        return Err(Error::Denied(Denied::NotVerified));
    }
    let from = from.ok_or_else(|| Field::From.error(Reason::Malformed))?;
    if from.address.domain() == domain.host {
        Ok(from)
    } else {
        Err(Error::Denied(Denied::FromDomain))
    }
}

/// Whether the sender's domain is one that this organization may send in the name of.
fn of_organization(
    key: &Key,
    parsed: &Parsed,
    domain: Option<&Domain>,
    common: &Common,
) -> Result<()> {
    let proved = domain.is_some_and(|domain| !key.mode.can_leave() || domain.is_verified());
    let answered_for = match parsed.terms.sender {
        SenderTerms::KeyDomain | SenderTerms::OwnDomain => false,
        // A provider answers for its own customers' senders; nothing leaves of a capture key.
        SenderTerms::Provider => !common.relays.is_empty() || !key.mode.can_leave(),
    };
    if proved || answered_for {
        return Ok(());
    }
    Err(Field::From.error(Reason::Unverified))
}

/// The sender; where a provider answers for it, what was not said of it, the address or the
/// name, is the provider's.
fn provided(parsed: &mut Parsed, common: &Common) -> Option<Mailbox> {
    let from = parsed.from.take();
    let default = match parsed.terms.sender {
        SenderTerms::KeyDomain | SenderTerms::OwnDomain => None,
        SenderTerms::Provider => common.default_sender(),
    };
    if refused(&parsed.problems, Field::From) {
        return from;
    }
    let bare = match (&from, default) {
        (Some(from), _) => Some(from.clone()),
        (None, Some(default)) => Mailbox::parse(&default.email).ok(),
        (None, None) => None,
    };
    let Some(bare) = bare else {
        parsed.problems.push(Field::From.problem(Reason::Absent));
        return None;
    };
    let asked = parsed.from_name.take().or_else(|| bare.name.clone());
    let Some(name) = asked.or_else(|| default?.name.clone()) else {
        return Some(bare);
    };
    let from = named(&name, &bare);
    match &from {
        Some(from) => parsed.fields.from = from.to_string(),
        None => parsed
            .problems
            .push(Field::From.problem(Reason::Malformed).of(shown(&name))),
    }
    from
}

fn sound(parsed: &mut Parsed) -> Result<()> {
    if parsed.problems.is_empty() {
        return Ok(());
    }
    Err(Error::Invalid(std::mem::take(&mut parsed.problems)))
}

/// The problems of suppressed recipients that the email cannot do without.
fn blocked(parsed: &Parsed, suppressed: &[bool]) -> Vec<Problem> {
    let some_left = suppressed.iter().any(|suppressed| !suppressed);
    let mut problems: Vec<Problem> = Vec::new();
    for (recipient, _) in parsed
        .recipients
        .iter()
        .zip(suppressed)
        .filter(|(_, suppressed)| **suppressed)
    {
        let skipped = match parsed.terms.suppressed {
            SuppressedTerms::Refuse => false,
            SuppressedTerms::Skip => some_left,
            SuppressedTerms::SkipCopies => recipient.field != RecipientField::To,
        };
        if skipped {
            continue;
        }
        let field = match recipient.field {
            RecipientField::To => Field::To,
            RecipientField::Cc => Field::Cc,
            RecipientField::Bcc => Field::Bcc,
        };
        let problem = field.problem(Reason::Blocked);
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    }
    problems
}

/// Counts the email against the month, if it fits.
fn spend(parsed: &Parsed, common: &mut Common) -> Result<()> {
    let Some(usage) = &mut common.usage else {
        return Ok(());
    };
    let more = u64::try_from(parsed.recipients.len()).unwrap_or(u64::MAX);
    match usage.refuses(more) {
        Some(used_up) => Err(Error::Denied(denied(used_up))),
        None => {
            usage.sent += more;
            Ok(())
        }
    }
}

pub(super) const fn denied(used_up: UsedUp) -> Denied {
    match used_up {
        UsedUp::FreeTier => Denied::FreeTier,
        UsedUp::SpendCap => Denied::SpendCap,
    }
}

/// Whether there is a way out at this moment, where the door's contract wants one.
fn has_room(key: &Key, parsed: &Parsed, common: &Common, now: Timestamp) -> Result<()> {
    let stays = parsed
        .recipients
        .iter()
        .all(|recipient| script(&recipient.address.key()).is_some());
    let leaves = match key.mode {
        Mode::Capture | Mode::Hold => false,
        Mode::AllowList | Mode::Live => !stays,
    };
    if parsed.terms.way_out == WayOutTerms::Later || !leaves {
        return Ok(());
    }
    if common.rooms.is_empty() {
        return match common.direct {
            Direct::On => Ok(()),
            Direct::Off => Err(Error::Conflict(Conflict::NoRoute)),
        };
    }
    if common.rooms.iter().any(|room| room.full_until.is_none()) {
        return Ok(());
    }
    let until = common.rooms.iter().filter_map(|room| room.full_until).min();
    let wait_ms = until.map_or(0, |until| {
        u64::try_from(until.since(now).as_millis()).unwrap_or(u64::MAX)
    });
    Err(Error::Busy(Busy::Limit { wait_ms }))
}
